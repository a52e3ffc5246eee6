"""Clipping at work: what is left of one gradient, and of the training it belongs to."""

from collections.abc import Callable
from functools import lru_cache, partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._checks import as_count, as_positive
from ..bptt import gradient
from ..clipping import clip_by_norm, clip_by_value, degrees_between
from ..rnn import RNN
from .tasks import recall

__all__ = ["LOST", "descend", "run"]

LOST = 1e12  # a loss from which there is no way back
STEPS, RATE = 40, 0.05


@lru_cache(maxsize=64)
def run(theta: float, spectral_radius: float) -> dict:
    """Clip the first gradient of a linear network on `recall`, and train it, unclipped and clipped both ways.

    Returns "g" (the two largest entries of the first gradient, before and after), its "norm", the "losses" of the
    training, "theta", how far clipping by value has "turned" the gradient, in degrees, and what a "silent" network
    loses that always answers 0. Raises ValueError for θ ≤ 0 or ρ ≤ 0.
    """
    rnn, (x, y) = RNN.random(1, 4, 1, spectral_radius=spectral_radius, phi="identity"), recall()
    ways = {
        "unclipped": lambda g: g,
        "by norm": partial(clip_by_norm, theta=theta),
        "by value": partial(clip_by_value, theta=theta),
    }
    g = gradient(rnn, x, y, loss="squared").flat()
    clipped = {name: clip(g) for name, clip in ways.items()}
    largest = np.argsort(-np.abs(g))[:2]
    return {
        "g": {name: found[largest] for name, found in clipped.items()},
        "norm": float(np.linalg.norm(g)),
        "losses": {name: descend(rnn, x, y, STEPS, RATE, clip) for name, clip in ways.items()},
        "theta": theta,
        "turned": degrees_between(clipped["by norm"], clipped["by value"]),
        "silent": float((y**2).mean() / 2),
    }


def descend(
    rnn: RNN, x: ArrayLike, y: ArrayLike, steps: int, rate: float, clip: Callable[[NDArray], NDArray] | None = None
) -> NDArray:
    """Train by gradient descent on the squared loss, w ← w - rate · clip(g).

    Returns the loss before every step and after the last one, (steps+1,). Once it is above LOST there is no way
    back: from there on it is infinity. Raises ValueError as `gradient` does, and for a rate that is not positive.

    >>> rnn = RNN.random(1, 4, 1, spectral_radius=1.2, phi="identity")
    >>> [float(descend(rnn, *recall(), 40, 0.05, clip)[-1]) < 0.5 for clip in (None, partial(clip_by_norm, theta=1))]
    [False, True]
    """
    as_positive("rate", rate)
    losses = np.full(as_count("steps", steps) + 1, np.inf)
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(steps + 1):
            g = gradient(rnn, x, y, loss="squared")
            if not g.loss < LOST:
                break
            losses[step] = g.loss
            shorter = g if clip is None else g.like(clip(g.flat()))
            rnn = rnn.with_parameters(rnn.parameters - rate * shorter)
    return losses
