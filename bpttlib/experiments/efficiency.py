"""Three ways to one gradient, counted and by the clock, for growing T."""

from collections.abc import Callable
from functools import cache
from time import perf_counter
from typing import Any

import numpy as np

from ..bptt import gradient
from ..counting import count_products
from ..efficiency import loss_by_loss, one_sweep, path_by_path, scalar_problem
from ..rnn import RNN

__all__ = ["LENGTHS", "TIMED", "WAYS", "as_lists", "counts", "run", "seconds", "times"]

LENGTHS = [m * 10**k for k in range(1, 6) for m in (1, 2, 5)]
WAYS: dict[str, Callable] = {"path by path": path_by_path, "loss by loss": loss_by_loss, "one sweep": one_sweep}
COUNTED = {"path by path": 100, "loss by loss": 200, "one sweep": 2000}  # up to which T
TIMED = {"path by path": 100, "loss by loss": 1000, "one sweep": 100_000}
NETWORK = (10, 100, 1000, 10_000)  # the lengths at which a network is timed


def run() -> dict:
    """The "counts" and the "times" of every way; the times are different at every call."""
    return {"counts": counts(), "times": times()}


@cache
def counts() -> dict[str, dict[int, int]]:
    """For each way: T → how many multiplications it makes.

    >>> counts()["one sweep"][10]
    29
    """
    return {
        name: {T: count_products(way, *scalar_problem(T))[1] for T in LENGTHS if T <= COUNTED[name]}
        for name, way in WAYS.items()
    }


def times() -> dict[str, dict[int, float]]:
    """For each way, and for `gradient` of a network: T → seconds, different at every call."""
    ways = {
        name: {T: seconds(way, *as_lists(scalar_problem(T))) for T in LENGTHS if T <= TIMED[name]}
        for name, way in WAYS.items()
    }
    rnn, rng = RNN.random(d=8, h=16, q=8), np.random.default_rng(0)
    x, y = rng.standard_normal((NETWORK[-1], 8)), rng.integers(8, size=NETWORK[-1])
    return ways | {"16 tanh units": {T: seconds(gradient, rnn, x[:T], y[:T]) for T in NETWORK}}


def as_lists(problem: tuple) -> list:
    """Lists in the place of arrays, for plain numbers multiply faster than entries of an array."""
    return [part.tolist() if isinstance(part, np.ndarray) else part for part in problem]


def seconds(function: Callable, *arguments: Any) -> float:
    """The shortest of two to five calls: as many as fit into a twentieth of a second."""
    found: list[float] = []
    while len(found) < 2 or (len(found) < 5 and sum(found) < 0.05):
        start = perf_counter()
        function(*arguments)
        found.append(perf_counter() - start)
    return min(found)
