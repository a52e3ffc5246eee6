"""Sunspots one year ahead: a small network beside persistence, smoothing and autoregressions, on held-out years."""

from collections.abc import Callable, Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..forecasts import autoregression, persistence, rms, smoothing
from ..optimizers import Adam
from ..rnn import RNN
from ..tasks import series, standardised, sunspots
from ..training import Learner

__all__ = ["HELD_OUT", "SEEDS", "others", "run", "split", "trained"]

HELD_OUT = 1950  # the first year that nobody learns from
SEEDS = range(5)
UNITS, STREAMS, UPDATES = 4, 4, 400
RATE, CLIP = 0.01, 1.0


def run(progress: Callable[[Iterable], Iterable] = iter) -> dict:
    """The forecasts of every held-out year, and how far they are off; five networks, trained at the first call.

    "years" and "numbers" (n,) held out; "forecasts" name → (n,), those of the network of median error under "RNN";
    "errors" name → the roots of the mean square, as many as there are networks of the name.
    """
    years, numbers, first = split()
    forecasts = {name: [one] for name, one in others().items()} | {"RNN": [trained(seed) for seed in progress(SEEDS)]}
    errors = {name: [rms(one - numbers[first:]) for one in some] for name, some in forecasts.items()}
    median = {name: some[int(np.argsort(errors[name])[len(some) // 2])] for name, some in forecasts.items()}
    return {"years": years[first:], "numbers": numbers[first:], "forecasts": median, "errors": errors}


def split() -> tuple[NDArray, NDArray, int]:
    """years (309,), numbers (309,), and how many of them may be learnt from.

    >>> split()[2]
    250
    """
    years, numbers = sunspots()
    return years, numbers, int(np.searchsorted(years, HELD_OUT))


def others() -> dict[str, NDArray]:
    """The forecasts without a network, name → (59,)."""
    _, numbers, first = split()
    return {
        "persistence": persistence(numbers, first),
        "smoothing": smoothing(numbers, first),
        "AR(2)": autoregression(numbers, first, p=2),
        "AR(9)": autoregression(numbers, first, p=9),
    }


@lru_cache(maxsize=64)
def trained(seed: int, updates: int = UPDATES) -> NDArray:
    """Train a network on the years before, and have it forecast the others, (59,).

    It reads all years in one go; whatever it needs to know of the past must be in its state.
    """
    _, numbers, first = split()
    v = standardised(numbers, first)
    learner = Learner(RNN.random(1, UNITS, 1, seed=seed), None, Adam(RATE), CLIP, loss="squared")
    years_before = series(v[:first], B=STREAMS)
    for _ in range(updates):  # not `train`, which ends early on an interrupt: the cache would keep half a training
        learner.learn(years_before)
    said = learner.net.forward(v[:-1, None]).o[first - 1 :, 0, 0]
    return numbers[:first].mean() + numbers[:first].std() * said
