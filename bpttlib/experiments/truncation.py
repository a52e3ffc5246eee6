"""The four strategies on one text: their weights, how far from the full gradient they are, and the dice."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..bptt import many_gradients
from ..moments import moments_of
from ..truncation import Full, Random, Segments, Strategy, Window
from .reading import Reading, comparison, reading

__all__ = ["entry", "run", "throws"]


def run(text: str, T: int, spectral_radius: float, strategy: str, tau: int, pi: float, throw: int) -> dict:
    """Compare full, segments and window of length τ, and one throw of the dice of π, on T steps of a text.

    "Omegas" (T,T) and "found", the `Comparison`, of each; "fixed", the largest entry of ∂L/∂W_hh of those without
    dice; "throws" (2000,) of that entry and their exact "sd"; the entries over the full value.
    """
    read = reading(text, T, spectral_radius)
    strategies = {"full": Full(), "segments": Segments(tau), "window": Window(tau), "random": Random(pi)}
    found = {name: comparison(read, one, throw if name == "random" else 0) for name, one in strategies.items()}
    thrown, sd = throws(read, pi, throw)  # after `comparison`, which refuses a gradient of 0
    return {
        "text": text,
        "norms": read.norms,
        "Omegas": {name: one.path_weights(T, throw) for name, one in strategies.items()},
        "chosen": strategy,
        "tau": tau,
        "pi": pi,
        "found": found,
        "throws": thrown,
        "sd": sd,
        "fixed": {name: entry(read, one) for name, one in strategies.items() if name != "random"},
    }


@lru_cache(maxsize=256)
def entry(read: Reading, strategy: Strategy) -> float:
    """The largest entry of ∂L/∂W_hh under a strategy without dice, in units of its full value."""
    return float(read.gradient(strategy).W_hh[read.entry] / read.full.W_hh[read.entry])


@lru_cache(maxsize=64)
def throws(read: Reading, pi: float, seed: int, n: int = 2000) -> tuple[NDArray, float]:
    """The entry of ∂L/∂W_hh under n throws, and its exact standard deviation, in units of its full value."""
    k, j = read.entry
    full, random = read.full.W_hh[k, j], Random(pi)
    thrown = many_gradients(read.rnn, *read.data, random.draws(read.steps, n, seed)).W_hh[:, k, j]
    variance = moments_of(read.problem, random).variance.W_hh[k, j]
    return thrown / full, float(np.sqrt(variance) / abs(full))
