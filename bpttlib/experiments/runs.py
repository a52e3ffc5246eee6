"""One network trained many times on the river: every strategy from the same beginnings, on the same batches, kept."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from time import perf_counter

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._checks import as_count
from ..batches import Batch, streams, windows
from ..optimizers import Adam
from ..problem import Problem
from ..rnn import RNN
from ..text import Vocabulary, river
from ..training import Learner
from ..truncation import Full, Random, Segments, Strategy, Window

__all__ = [
    "SEEDS",
    "STRATEGIES",
    "TAUS",
    "UPDATES",
    "Run",
    "above_full",
    "beginning",
    "every_run",
    "halves",
    "quartiles",
    "trained",
]

T, B, HIDDEN = 28, 8, 32
RATE, CLIP = 0.02, 1.0
UPDATES, SEEDS = 200, 10
EVERY = 20  # updates from one look at the unseen text to the next
TAUS = (2, 5, 10)


def as_dear_as(segments: Segments) -> Random:
    """The dice that make, on average, as many Jacobian products as the segments."""
    return Random(segments.jacobian_products(T) / (T - 1))


STRATEGIES: dict[str, tuple[Strategy, ...]] = {
    "full": (Full(),),
    "segments": (Segments(1), *map(Segments, TAUS)),
    "window": tuple(map(Window, TAUS)),
    "random": tuple(as_dear_as(Segments(tau)) for tau in TAUS),
}


@dataclass(frozen=True, eq=False)
class Run:
    """One training, and what it came to.

    losses    (n,), of each batch before its update
    products  (n,), Jacobian products made after each update
    seconds   that an update takes, the lower quartile of all: the others were disturbed
    training  loss on the whole text it learnt from, at the end
    unseen    loss on the text it never saw, before the first update and after every 20
    """

    net: RNN
    losses: NDArray
    products: NDArray
    seconds: float
    training: float
    unseen: NDArray


@cache
def halves() -> tuple[str, str, Vocabulary]:
    """The text to learn from (three quarters), the text kept unseen, and the characters of both, all small letters."""
    text = river().lower()
    here = 3 * len(text) // 4
    return text[:here], text[here:], Vocabulary.of(text)


def beginning(seed: int) -> RNN:
    """The network before training: 32 tanh units, of its own for each seed."""
    d = len(halves()[2])
    return RNN.random(d, HIDDEN, d, seed=seed)


@cache
def read_in_windows(text: str) -> Batch:
    """A text from its first character on in windows of 28 steps, as long as they last."""
    n = (len(text) - 1) // T
    return streams(text[: n * T + 1], halves()[2], n)


def loss_on(net: RNN, text: str) -> float:
    """Cross-entropy per character over windows of 28 steps."""
    batch = read_in_windows(text)
    return Problem(net, batch.x, batch.y).evaluate()[1]


@cache
def trained(strategy: Strategy, seed: int, updates: int = UPDATES) -> Run:
    """Train once: 8 windows of 28 characters an update, Adam(0.02), clipped at 1; the seed draws weights and batches.

    >>> run = trained(Full(), seed=0, updates=20)
    >>> int(run.products[-1]), run.losses[[0, -1]].round(1)
    (540, array([3.3, 2. ]))
    """
    learnt, kept, _ = halves()
    learner = Learner(beginning(seed), strategy, Adam(RATE), CLIP, seed=seed)
    seconds, unseen = [], [loss_on(learner.net, kept)]
    for n, batch in enumerate(batches(seed, updates), start=1):
        seconds.append(timed(learner, batch))
        if n % EVERY == 0:
            unseen.append(loss_on(learner.net, kept))
    history, net = learner.history(), learner.net
    lowest = float(np.quantile(seconds, 0.25))
    return Run(net, history.losses, history.products, lowest, loss_on(net, learnt), np.array(unseen))


@lru_cache(maxsize=1)
def batches(seed: int, updates: int) -> list[Batch]:
    """What every strategy reads from this seed on, kept until the next."""
    learnt, _, vocabulary = halves()
    return list(islice(windows(learnt, vocabulary, T, B, seed), updates))


def timed(learner: Learner, batch: Batch) -> float:
    """Learn from the batch; how many seconds that took."""
    start = perf_counter()
    learner.learn(batch)
    return perf_counter() - start


def every_run(
    seeds: int = SEEDS, updates: int = UPDATES, progress: Callable[[Iterable], Iterable] | None = None
) -> dict[Strategy, list[Run]]:
    """Each of the strategies → its runs with seeds 0, 1 …; the strategies in turn, so that all share a slow moment.

    progress  any wrapper of an iterable, such as tqdm. What is trained is kept: an interrupt loses a single run.
    Raises ValueError or TypeError unless seeds and updates are whole numbers from 1 on.
    """
    as_count("seeds", seeds), as_count("updates", updates)
    strategies = [strategy for some in STRATEGIES.values() for strategy in some]
    pairs = [(strategy, seed) for seed in range(seeds) for strategy in strategies]
    for strategy, seed in (progress or iter)(pairs):
        trained(strategy, seed, updates)
    batches.cache_clear()  # some 10 MB
    return {strategy: [trained(strategy, seed, updates) for seed in range(seeds)] for strategy in strategies}


def quartiles(values: ArrayLike) -> NDArray:
    """Lower quartile, median and upper quartile over the seeds, (n,…) → (3,…)."""
    return np.quantile(values, [0.25, 0.5, 0.75], axis=0)


def above_full(runs: dict[Strategy, list[Run]], strategy: Strategy) -> NDArray:
    """How much higher the training loss ends than with the full gradient from the same seed, (seeds,)."""
    return np.array([one.training - full.training for one, full in zip(runs[strategy], runs[Full()], strict=True)])
