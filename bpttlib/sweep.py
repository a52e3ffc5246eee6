"""The sweeps: two ways to walk back over a tape. They know no cell.

    δ_t = ∂L/∂h_t = (its own loss) + ξ_{t+1} J_{t+1}ᵀ δ_{t+1}

In code `delta[t]` is δ_t, as `h[t]` is h_t: row 0 belongs to h_0, and what arrives there leaves the block on the left.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .tape import Tape

__all__ = ["by_lag", "reverse_sweep", "window_sweep"]


def reverse_sweep(tape: Tape, dL_do: NDArray, xi: NDArray, later: NDArray | float = 0.0) -> NDArray:
    """Walk once from step T to step 1, with a weight ξ on every edge: O(T).

        δ_{t-1} = (its own loss) + ξ_t J_tᵀ δ_t

    xi (T,) or (T,B), `xi[t-1]` on the edge from h_{t-1} to h_t; later (B,s), what comes in from the right.
    Returns δ (T+1,B,s); δ_0 is ∂L/∂h_0, what leaves on the left.
    """
    delta = tape.inject(dL_do)  # every loss reaches its own state directly
    delta[-1] += later
    row = list(delta)  # row[t] is δ_t; what is added there stands in delta
    for t, xi_t in crossed(xi):
        row[t - 1] += xi_t * tape.carry(row[t], t)
    return delta


def crossed(xi: NDArray) -> list[tuple[int, float | NDArray]]:
    """The edges that are not cut, from the last to the first: t, and ξ_t as a number or, a row a sequence, (B,1)."""
    places = np.flatnonzero(xi.reshape(len(xi), -1).any(axis=1))[::-1]
    weights = xi.tolist() if xi.ndim == 1 else xi[..., None]
    return [(n + 1, weights[n]) for n in places.tolist()]


def by_lag(tape: Tape, dL_do: NDArray) -> Iterator[NDArray]:
    """Follow all losses back together, one lag k = 0, 1, … T at a time.

        D_0[t] = (its own loss)        D_{k+1}[t-1] = J_tᵀ D_k[t]

    Yields D_k (T+1-k,B,s): what the losses at steps k, k+1 … T send k steps back, to h_0, h_1 … h_{T-k}.
    """
    D = tape.inject(dL_do)
    while len(D):
        yield D
        D = tape.carry(D[1:], slice(1, len(D)))


def window_sweep(tape: Tape, dL_do: NDArray, tau: int) -> NDArray:
    """Add up the first tau lags: tau-1 products over all steps at once. Returns δ (T+1,B,s)."""
    lags = by_lag(tape, dL_do)
    delta = next(lags).copy()
    for _, D in zip(range(tau - 1), lags, strict=False):
        delta[: len(D)] += D
    return delta
