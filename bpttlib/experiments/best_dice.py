"""The best dice on the reading of the title: where they cut, what is gained, and for how long it stays true."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..batches import Batch
from ..best_dice import best_of, shared_stretches, variance_of
from ..cell import Cell
from ..optimizers import Adam
from ..problem import Problem
from ..text import TITLE
from ..training import train
from ..truncation import Full
from .reading import reading_of_title

__all__ = ["MEANS", "SHOWN", "left_over", "run"]

MEANS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
SHOWN = 0.8
READ = reading_of_title(0.9)


def run() -> dict:
    """The best π_t of mean 0.8, and √Var/‖g‖ of all recurrent weights for constant and for best dice at several means.

    >>> print(*(f"{one:.2f}" for one in run()["spreads"][0.8]))
    0.62 0.43
    """
    S, size = stretches(READ.rnn), np.linalg.norm(recurrent(READ.full))
    spreads = {mean: [variance_of(S, pi) ** 0.5 / size for pi in (constant(mean), best(mean))] for mean in MEANS}
    return {"text": TITLE[: READ.steps], "pi": best(SHOWN), "mean": SHOWN, "spreads": spreads}


def left_over(updates: int, mean: float = SHOWN) -> tuple[float, float]:
    """Var of the best dice over that of constant ones after so many updates: kept as they were, and found anew.

    The updates are Adam's, step size 0.01, by the full gradient of the same text.

    >>> [round(one, 2) for one in left_over(0)]
    [0.5, 0.5]
    """
    net = READ.rnn
    if updates:
        net = train(net, [Batch(*READ.data)], Full(), Adam(0.01), steps=updates).net
    S = stretches(net)
    return tuple(variance_of(S, pi) / variance_of(S, constant(mean)) for pi in (best(mean), best_of(S, mean)))


@lru_cache(maxsize=4)
def stretches(net: Cell) -> NDArray:
    """`shared_stretches` of a network that reads the title."""
    return shared_stretches(Problem(net, *READ.data))


@lru_cache(maxsize=16)
def best(mean: float) -> NDArray:
    return best_of(stretches(READ.rnn), mean)


def constant(mean: float) -> NDArray:
    return np.full(READ.steps, mean)


def recurrent(g: dict) -> NDArray:
    """All entries of a gradient but those of the read-out, in one row."""
    return np.concatenate([g[name].ravel() for name in ("W_hx", "W_hh", "b_h")])
