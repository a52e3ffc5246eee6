"""All outcomes of two estimates of one number: rank one over its signs, and dice that may multiply as much."""

from functools import cache
from itertools import combinations_with_replacement
from math import factorial

import numpy as np
from numpy.typing import NDArray

from ..bptt import differentiate, many_gradients
from ..forward_mode import all_signs, estimates, rank_one_cost, reverse_cost
from ..problem import Problem
from ..rnn import RNN
from ..truncation import Full, Random

__all__ = ["PI", "of_dice", "problem", "run"]

T, UNITS, PI, SEED = 5, 2, 0.8, 7
THROWS = rank_one_cost(T, UNITS, 1).products // reverse_cost(T, UNITS, 1).products  # of dice, for one of rank one


@cache
def problem() -> Problem:
    """Two tanh units that read five numbers, drawn at random, and should say five others."""
    rng = np.random.default_rng(SEED)
    net = RNN.random(1, UNITS, 1, SEED, spectral_radius=0.9)
    return Problem(net, rng.standard_normal((T, 1)), rng.standard_normal((T, 1)), "squared")


@cache
def run() -> dict:
    """The largest entry of ∂L/∂W_hh, over its full value, by rank one and by the mean of some throws of dice.

    Whole reverse sweeps, as many as cost no more products than one estimate of rank one, are thrown ("throws"), with
    keep-probability "pi". "outcomes" name → (values (n,), their probabilities (n,)), all there are; "sd", exact;
    "signs", how many rank one draws.

    >>> found = run()
    >>> {name: len(values) for name, (values, _) in found["outcomes"].items()}, found["throws"]
    ({'rank one': 256, 'dice': 15504}, 5)
    >>> {name: round(sd, 2) for name, sd in found["sd"].items()}
    {'rank one': 0.49, 'dice': 0.09}
    """
    outcomes = {"rank one": of_signs(), "dice": of_dice(THROWS)}
    return {
        "outcomes": outcomes,
        "sd": {name: spread(*found) for name, found in outcomes.items()},
        "throws": THROWS,
        "pi": PI,
        "signs": (T - 1) * UNITS,
    }


def of_signs() -> tuple[NDArray, NDArray]:
    """Every outcome of rank one, all equally likely."""
    tape, found, _ = estimates(problem(), all_signs(T, UNITS))
    values = np.array([in_full(tape.named(one).W_hh) for one in found])
    return values, np.full(len(values), 1 / len(values))


def of_dice(throws: int) -> tuple[NDArray, NDArray]:
    """Every outcome of the mean of so many throws, listed once whatever the order of the throws."""
    now = problem()
    xi, chance = Random(PI).all_cuts(T)
    one = in_full(many_gradients(now.net, now.x, now.y, xi, now.loss).W_hh)
    drawn = np.array([*combinations_with_replacement(range(len(one)), throws)])
    times = (drawn[..., None] == np.arange(len(one))).sum(axis=1)  # how often each cut is among them
    orders = factorial(throws) / np.array([factorial(k) for k in range(throws + 1)])[times].prod(axis=1)
    return one[drawn].mean(axis=1), orders * chance[drawn].prod(axis=1)


def in_full(W_hh: NDArray) -> NDArray:
    """The entry that is largest in the gradient, over its value there."""
    full = differentiate(problem(), Full()).W_hh
    entry = np.unravel_index(np.abs(full).argmax(), full.shape)
    return W_hh[(..., *entry)] / full[entry]


def spread(values: NDArray, probability: NDArray) -> float:
    return float(np.sqrt(probability @ (values - probability @ values) ** 2))
