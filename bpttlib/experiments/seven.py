"""Seven ways to one gradient on the reading of the title: what each takes, how far off it is, how soon it is there."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..checkpoints import checkpointed_gradient, steps_read
from ..forward_mode import forward_cost, forward_gradient, rank_one_cost, rank_one_draws, rank_one_moments
from ..moments import moments
from ..numerical import complex_step
from ..rnn import RNN
from ..truncation import Full, Random, Segments, Strategy, Window
from .forward import checkpointed_numbers
from .reading import reading_of_title

__all__ = ["COLUMNS", "DRAWS", "ORDER", "Way", "run"]

READ = reading_of_title(0.9)
T, (D, H) = READ.steps, (READ.rnn.d, READ.rnn.h)
STRATEGIES: dict[str, Strategy] = {
    "full": Full(),
    "segments": Segments(5),
    "window": Window(5),
    "random": Random(0.8),
}
ORDER = ("full", "checkpointed", "forward", "rank one", "segments", "window", "random")
DRAWS = 3000  # of the rank-one estimate
TOGETHER = 500
EXACT = 1e-12


class Way(NamedTuple):
    """products  multiplications for the derivative; numbers  held at once; bias and spread  of W_hh, over ‖g‖;
    update  the step after which there is a gradient to update with; error  standard error of a spread that was sampled.
    """

    products: float
    numbers: float
    bias: float
    spread: float
    update: float
    error: float = 0.0


COLUMNS = ("products", "numbers", "bias", "spread", "update")


@lru_cache(maxsize=1)
def run() -> dict:
    """ "ways" name → Way, and "best" column → the names of those that nobody beats; "T" steps.

    products  without reading forward, which all share, but with what is read again; as `forward_mode.Cost` counts, and
              nothing is sent to h_0 nor carried from it, whose a_0 is 0
    numbers   states and δ, or a_t, or s̃ and θ̃; of the dice on average, and so is their first update
    bias      against the complex step; of rank one on a network of 3 units, over all signs
    spread    exact; of rank one from 3000 draws

    >>> run()["best"]["update"]
    ['forward', 'rank one', 'window']
    """
    ways = exact_ways() | {"rank one": rank_one()} | {name: by_strategy(one) for name, one in STRATEGIES.items()}
    ways = {name: ways[name] for name in ORDER}
    return {"ways": ways, "best": {column: best(ways, column) for column in COLUMNS}, "T": T}


def best(ways: dict[str, Way], column: str) -> list[str]:
    """Who has the least; what is nothing but rounding counts as nothing."""
    lowest = min(getattr(way, column) for way in ways.values())
    return [name for name, way in ways.items() if getattr(way, column) <= lowest + EXACT]


def exact_ways() -> dict[str, Way]:
    """The gradient itself, with checkpoints and on the way forward."""
    again = (steps_read(T) - T) * H * (D + H)
    forward, carried = forward_cost(T, H, D), H * H * H * (D + H + 1)
    kept, ahead = (off(function(READ.rnn, *READ.data).W_hh) for function in (checkpointed_gradient, forward_gradient))
    return {
        "checkpointed": Way(swept(Full()) + again, checkpointed_numbers(T, H), kept, 0.0, T),
        "forward": Way(forward.products - carried, forward.numbers, ahead, 0.0, 1),
    }


def by_strategy(strategy: Strategy) -> Way:
    """Full, segments, window and dice: one sweep, or one for each loss."""
    found = moments(READ.rnn, *READ.data, strategy)
    spread = np.sqrt(found.variance.W_hh.sum()) / np.linalg.norm(judge())
    numbers = (strategy.states_held(T) + 1) * H
    return Way(swept(strategy), numbers, off(found.mean.W_hh), spread, first_update(strategy))


def swept(strategy: Strategy) -> float:
    """Multiplications of a sweep: h and h·m' for each step, h² for each edge, h more if weighed.

    A window sweeps from every loss, over a step as often as one looks back on it.
    """
    edges = strategy.mean_products(T)
    steps = T + edges if isinstance(strategy, Window) else T
    return steps * (H + H * (D + H + 1)) + edges * (H * H + (H if isinstance(strategy, Random) else 0))


def first_update(strategy: Strategy) -> float:
    """When the first block is read, or the first loss has looked back; of dice the mean, Σ_{m<T} π^m."""
    if isinstance(strategy, Random):
        return float((strategy.pi ** np.arange(T)).sum())
    return {Full: T, Window: 1}.get(type(strategy)) or strategy.tau


def rank_one() -> Way:
    cost, errors = rank_one_cost(T, H, D), squared_errors()
    spread = np.sqrt(errors.mean())
    error = errors.std() / np.sqrt(len(errors)) / (2 * spread)
    return Way(cost.products, cost.numbers, bias_of_rank_one(), spread, 1, error)


def squared_errors() -> NDArray:
    """‖ĝ-g‖²/‖g‖² of each draw, (DRAWS,)."""
    draws = (rank_one_draws(READ.rnn, *READ.data, TOGETHER, seed).W_hh for seed in range(DRAWS // TOGETHER))
    return np.concatenate([((one - judge()) ** 2).sum(axis=(1, 2)) for one in draws]) / (judge() ** 2).sum()


def bias_of_rank_one() -> float:
    """Over all signs, for 3 units and the first 5 characters: for 16 units nobody can list them."""
    x, y = (one[:5] for one in READ.data)
    net = RNN.random(D, 3, D, seed=3)
    g = complex_step(net, x, y).W_hh
    return float(np.linalg.norm(rank_one_moments(net, x, y).mean.W_hh - g) / np.linalg.norm(g))


@lru_cache(maxsize=1)
def judge() -> NDArray:
    """∂L/∂W_hh by the complex step."""
    return complex_step(READ.rnn, *READ.data).W_hh


def off(found: NDArray) -> float:
    return float(np.linalg.norm(found - judge()) / np.linalg.norm(judge()))
