"""Clipping: how long a step may be. It bounds gradients that explode, and does nothing for those that vanish."""

from collections.abc import Callable
from functools import lru_cache, partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_array, as_count, as_positive
from .bptt import gradient
from .rnn import RNN

__all__ = ["clip_by_norm", "clip_by_value", "degrees_between", "descend", "recall", "study"]


def clip_by_norm(g: ArrayLike, theta: float) -> NDArray:
    """Shorten g to length θ if it is longer: g · min(1, θ/‖g‖). The direction stays.

    g (n,), all parameters one behind another. Raises ValueError for θ ≤ 0, NaN or infinity.
    Source: Pascanu et al. 2013.
    """
    g = as_array("g", g, ("n",))
    as_positive("theta", theta)
    scale = np.abs(g).max() or 1.0  # so that no square overflows
    norm = np.linalg.norm(g / scale)
    return g if scale * norm <= theta else g / scale * (theta / norm)


def clip_by_value(g: ArrayLike, theta: float) -> NDArray:
    """Cut every entry of g to [-θ, θ]. The direction changes as soon as one entry is cut and not all alike.

    g (n,). Raises ValueError for θ ≤ 0, NaN or infinity.
    """
    as_positive("theta", theta)
    return np.clip(as_array("g", g, ("n",)), -theta, theta)


def degrees_between(g: NDArray, other: NDArray) -> float:
    """The angle between two vectors (n,); from its half, so that a small one is exact too.

    Raises ValueError if one of them is 0.
    """
    if not (g.any() and other.any()):
        raise ValueError("a vector of length 0 has no direction")
    g, other = g / np.linalg.norm(g), other / np.linalg.norm(other)
    return float(np.degrees(2 * np.arctan2(np.linalg.norm(g - other), np.linalg.norm(g + other))))


def recall(T: int = 30, lag: int = 3, seed: int = 0) -> tuple[NDArray, NDArray]:
    """A task: say at step t what came in at step t - lag. x (T,1) random; y (T,1), 0 in the first `lag` steps."""
    T, lag = as_count("T", T), as_count("lag", lag)
    x = np.random.default_rng(seed).standard_normal((T, 1))
    return x, np.concatenate([np.zeros((lag, 1)), x])[:T]


def descend(
    rnn: RNN, x: ArrayLike, y: ArrayLike, steps: int, rate: float, clip: Callable[[NDArray], NDArray] | None = None
) -> NDArray:
    """Train by gradient descent on the squared loss, w ← w - rate · clip(g).

    Returns the loss before every step and after the last one, (steps+1,). Once it is above 1e12 there is no way
    back: from there on it is infinity. Raises ValueError as `gradient` does, and for a rate that is not positive.
    """
    as_positive("rate", rate)
    losses = np.full(as_count("steps", steps) + 1, np.inf)
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(steps + 1):
            g = gradient(rnn, x, y, loss="squared")
            if not g.loss < 1e12:
                break
            losses[step] = g.loss
            step = -rate * (g if clip is None else g.like(clip(g.flat())))
            rnn = rnn.with_parameters(rnn.parameters + step)
    return losses


@lru_cache(maxsize=64)
def study(theta: float, rho: float, steps: int = 40, rate: float = 0.05) -> dict:
    """Clip the first gradient of a linear network on `recall`, and train it, unclipped and clipped both ways.

    Returns "g" (the two largest entries of the first gradient, before and after), its "norm", the "losses" of the
    training, "theta", how far clipping by value has "turned" the gradient, in degrees, and what a "silent" network
    loses that always answers 0. Raises ValueError for θ ≤ 0 or ρ ≤ 0.
    """
    rnn, (x, y) = RNN.random(1, 4, 1, spectral_radius=rho, phi="identity"), recall()
    g = gradient(rnn, x, y, loss="squared").flat()
    ways = {
        "unclipped": None,
        "by norm": partial(clip_by_norm, theta=theta),
        "by value": partial(clip_by_value, theta=theta),
    }
    after = {name: g if clip is None else clip(g) for name, clip in ways.items()}
    two = np.argsort(-np.abs(g))[:2]
    return {
        "g": {name: found[two] for name, found in after.items()},
        "norm": float(np.linalg.norm(g)),
        "losses": {name: descend(rnn, x, y, steps, rate, clip) for name, clip in ways.items()},
        "theta": theta,
        "turned": degrees_between(after["by norm"], after["by value"]),
        "silent": float((y**2).mean() / 2),
    }
