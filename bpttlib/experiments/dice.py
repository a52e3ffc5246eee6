"""One number of a real gradient under the dice, thrown 2 000 times, beside the truncations that have none."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..crossings import crossings, variance_of_dice
from ..paths import shares_of
from ..truncation import Full, Random, Segments, Window
from .reading import Reading, reading_of_title

__all__ = ["TAU", "THROWS", "run", "shares_of_entry", "throws"]

TAU, THROWS = 5, 2000


def run(pi: float, throw: int, spectral_radius: float) -> dict:
    """The largest entry of ∂L/∂W_hh on the reading of the title, over its full value.

    "throws" (2000,) of it and their exact standard deviation "sd"; "fixed", its values under the strategies
    without dice, of length "tau".

    >>> seen = run(pi=0.8, throw=1, spectral_radius=0.9)
    >>> seen["throws"].shape, round(seen["sd"], 2), round(seen["fixed"]["segments"], 2)
    ((2000,), 0.24, 0.84)
    """
    P = shares_of_entry(reading_of_title(spectral_radius))
    strategies = {"full": Full(), "segments": Segments(TAU), "window": Window(TAU)}
    return {
        "throws": throws(P, pi, throw, THROWS),
        "sd": float(np.sqrt(variance_of_dice(crossings(P), pi))),
        "fixed": {name: float((one.path_weights(len(P)) * P).sum()) for name, one in strategies.items()},
        "tau": TAU,
        "pi": pi,
    }


@lru_cache(maxsize=64)
def shares_of_entry(read: Reading) -> NDArray:
    """What each path gives to the largest entry of ∂L/∂W_hh, over its full value: (T,T), together 1."""
    P = shares_of(read.problem)[(..., *read.entry)]
    return P / P.sum()


def throws(P: NDArray, pi: float, seed: int, n: int) -> NDArray:
    """Σ Ω[t,i] P[t,i] for n throws of the dice, (n,): each loss feels the steps since the last cut, and no more."""
    T, t = len(P), np.arange(len(P))
    cut = Random(pi).draws(T, n, seed) == 0
    first = np.maximum.accumulate(np.where(cut, t, 0), axis=1)
    heavier = P / pi ** np.tril(t[:, None] - t).astype(float)  # kept with chance π^(t-i), it weighs that much more
    since = heavier[:, ::-1].cumsum(axis=1)[:, ::-1]  # since[t,a] = Σ_{i ≥ a}
    return since[t, first].sum(axis=1)
