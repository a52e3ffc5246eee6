"""Clipping at work: what is left of one gradient, and of the training it belongs to."""

from collections.abc import Callable
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from .._checks import as_positive
from ..clipping import clip_by_norm, clip_by_value, degrees_between

__all__ = ["BEGIN", "LOST", "descend", "held", "run"]

T = 10  # the number comes in at step 1 and is asked for at step T
BEGIN = 0.5  # W_hx before training
STEPS, RATE = 40, 0.02
LOST = 1e12  # a loss from which there is no way back

Clip = Callable[[NDArray], NDArray]


@lru_cache(maxsize=1024)
def run(theta: float, spectral_radius: float) -> dict:
    """Clip the first gradient of a linear unit that is to hold a number, and train it, unclipped and clipped.

    The unit begins with W_hh = ρ. Returns "g" (∂L/∂W_hh and ∂L/∂W_hx, before clipping and after), its "norm", the
    "losses" of the training, "theta", how far clipping by value has "turned" the gradient, in degrees, and what a
    "silent" unit loses that always answers 0. Raises ValueError for θ ≤ 0 or ρ ≤ 0.
    """
    _, g = held(np.array([as_positive("spectral_radius", spectral_radius), BEGIN]))
    ways = {
        "unclipped": None,
        "by norm": partial(clip_by_norm, theta=theta),
        "by value": partial(clip_by_value, theta=theta),
    }
    clipped = {name: clip(g) if clip else g for name, clip in ways.items()}
    return {
        "g": clipped,
        "norm": float(np.linalg.norm(g)),
        "losses": {name: descend(spectral_radius, clip) for name, clip in ways.items()},
        "theta": theta,
        "turned": degrees_between(clipped["by norm"], clipped["by value"]),
        "silent": held(np.zeros(2))[0],
    }


def held(w: NDArray) -> tuple[float, NDArray]:
    """Show a linear unit the number 1 at step 1, then nothing, and ask for it at step T = 10.

        h_t = W_hh h_{t-1} + W_hx x_t        h_T = W_hh^{T-1} W_hx        L = ½ (h_T - 1)²

    w (2,): W_hh and W_hx. Returns L and its gradient by the two, (2,).

    >>> held(np.array([1.0, 0.5]))
    (0.125, array([-2.25, -0.5 ]))
    """
    W_hh, W_hx = w.tolist()
    error = W_hh ** (T - 1) * W_hx - 1
    return error**2 / 2, error * np.array([(T - 1) * W_hh ** (T - 2) * W_hx, W_hh ** (T - 1)])


def descend(spectral_radius: float, clip: Clip | None = None) -> NDArray:
    """Train from W_hh = ρ by gradient descent on L of `held`, w ← w - 0.02 · clip(g).

    Returns the loss before each of 40 steps and after the last, (41,). Once it is above LOST there is no way back:
    from there on it is infinity. Raises ValueError for ρ ≤ 0.

    >>> [float(descend(1.3, clip)[-1]) < 0.001 for clip in (None, partial(clip_by_norm, theta=1))]
    [False, True]
    """
    w, losses = np.array([as_positive("spectral_radius", spectral_radius), BEGIN]), np.full(STEPS + 1, np.inf)
    for step in range(STEPS + 1):
        L, g = held(w)
        if L > LOST:
            break
        losses[step] = L
        w = w - RATE * (clip(g) if clip else g)
    return losses
