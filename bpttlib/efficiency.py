"""What one sweep saves: three ways to the same gradient of a scalar RNN.

    h_t = w_h h_{t-1} + w_x x_t      l_t = ½ h_t²      L = 1/T Σ_t l_t      so that  ∂L/∂h_t = h_t/T directly

and for i ≤ t the path from step i to the loss at step t is worth (h_t/T) w_h^{t-i} to everything used at step i.
All three take w_h, `direct` (T,), the h_t/T; h (T+1,), with h[0] = h_0; x (T,); and return (∂L/∂w_h, ∂L/∂w_x),
summed over the steps from `first` on where there is such an argument.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_count
from .recurrence import path_products, solve

__all__ = ["carried_paths", "loss_by_loss", "one_sweep", "path_by_path", "scalar_problem", "walk_back"]


def path_by_path(w_h: Any, direct: ArrayLike, h: ArrayLike, x: ArrayLike, first: int = 1) -> tuple:
    """Walk every path from its loss back to step i, for w_h and once more for w_x; only the steps i ≥ first."""
    T = len(direct)
    dL_dw_h = dL_dw_x = 0
    for i in range(T, first - 1, -1):
        for t in range(i, T + 1):
            dL_dw_h = dL_dw_h + walk_back(w_h, direct[t - 1], t - i) * h[i - 1]
            dL_dw_x = dL_dw_x + walk_back(w_h, direct[t - 1], t - i) * x[i - 1]
    return dL_dw_h, dL_dw_x


def walk_back(w_h: Any, carried: Any, steps: int) -> Any:
    for _ in range(steps):
        carried = w_h * carried
    return carried


def loss_by_loss(w_h: Any, direct: ArrayLike, h: ArrayLike, x: ArrayLike) -> tuple:
    """Let every loss walk back once, and use what it carries at each step it comes through."""
    dL_dw_h = dL_dw_x = 0
    for t in range(len(direct), 0, -1):
        carried = direct[t - 1]
        for i in range(t, 0, -1):
            if i < t:
                carried = w_h * carried
            dL_dw_h = dL_dw_h + carried * h[i - 1]
            dL_dw_x = dL_dw_x + carried * x[i - 1]
    return dL_dw_h, dL_dw_x


def one_sweep(w_h: Any, direct: ArrayLike, h: ArrayLike, x: ArrayLike, first: int = 1) -> tuple:
    """Add up all losses on the way back: δ_t = h_t/T + w_h δ_{t+1}, used for w_h and w_x; only the steps ≥ first."""
    T, delta = len(direct), direct[-1]
    dL_dw_h = dL_dw_x = 0
    for t in range(T, first - 1, -1):
        if t < T:
            delta = direct[t - 1] + w_h * delta
        dL_dw_h = dL_dw_h + delta * h[t - 1]
        dL_dw_x = dL_dw_x + delta * x[t - 1]
    return dL_dw_h, dL_dw_x


def scalar_problem(
    T: int, w_h: float = 0.8, w_x: float = 1.0, h_0: float = 0.5
) -> tuple[float, NDArray, NDArray, NDArray]:
    """(w_h, direct, h, x) for T steps, on inputs that repeat after ten steps; T a whole number from 1 on."""
    x = np.resize([0.3, 0.6, 0.2, 0.5, 0.4, 0.7, 0.1, 0.6, 0.3, 0.5], as_count("T", T))
    h = np.empty(T + 1)
    h[0] = h_0
    for t in range(T):
        h[t + 1] = w_h * h[t] + w_x * x[t]
    return w_h, h[1:] / T, h, x


def carried_paths(w_h: float, direct: NDArray) -> tuple[NDArray, NDArray]:
    """What each path carries, and what the sweep collects of it.

        path[t, i] = (h_t/T) w_h^{t-i} for i ≤ t, else 0        δ_i = Σ_t path[t, i] = h_i/T + w_h δ_{i+1}

    Returns the paths (T,T), `paths[t-1, i-1]`, and δ (T,), `delta[i-1]`: the column sums, run as the recurrence.
    """
    c = np.full(len(direct), w_h)
    return direct[:, None] * path_products(c), solve(direct[::-1], c)[::-1]
