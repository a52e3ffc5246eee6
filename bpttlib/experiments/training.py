"""Four copies of one network learn the same text side by side, each from a gradient of its own.

Runs are kept, with the networks of every tenth update: a slider that goes back trains nothing, and one that goes on
trains only what is new, in pieces that end when their time is up.
"""

import math
from collections import OrderedDict
from functools import lru_cache
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from ..batches import Batch, blocks
from ..generation import write
from ..optimizers import Adam
from ..rnn import RNN
from ..text import PARABLE, Vocabulary
from ..training import Learner
from ..truncation import Full, Random, Segments, Strategy, Window

__all__ = ["EVERY", "LONGEST", "RIVER", "STEPS", "UPDATES", "proceed", "run", "trained"]

UPDATES, EVERY = 300, 10  # of a whole run, and from one network that is kept to the next
HIDDEN, STEPS, CLIP = 32, 28, 1.0
BLOCKS, STREAMS = 3, 4  # blocks of each stream, at least, and how many streams at most
LONGEST = STREAMS * BLOCKS * STEPS + 1
RIVER = " ".join(PARABLE.split())[:LONGEST]
WRITTEN, STRETCH = 56, 5  # characters; as many in a row that stand in the text are no accident
PIECE = 0.1  # seconds
KEPT = 48  # runners, some 0.7 MB each, ten times that where every character is another

Key = tuple[Strategy, int, float, str]  # strategy, seed, rate, text


def run(seed: int, tau: int, pi: float, rate: float, text: str, temperature: float, updates: int) -> dict:
    """Full, segments and window of length τ, and dice of π, after so many updates of Adam; trained where they are not.

    seed  of the network, the same for all, and of the dice
    Each update reads a block of 28 steps, behind the one before, clipped at 1. Of each kind "losses", (updates,),
    each the mean of the pass through the text that ends there; "products", how many Jacobian products were made;
    "written", (56,) characters, and whether each stands in a stretch of 5 or more "taken" from the text. "blind" is
    the loss of who only knows the characters. Raises ValueError for a text of under 29 characters or of one that
    repeats, and for updates other than 0, 10 … 300.

    >>> seen = run(seed=1, tau=5, pi=0.8, rate=0.01, text="the time machine by h g wells", temperature=0.5, updates=50)
    >>> seen["written"]["full"][:29], bool(seen["losses"]["full"][-1] < 0.1)
    ('the time machine by h g wells', True)
    """
    found = runners(seed, tau, pi, rate, as_lesson(text))
    advance(found, as_mark(updates), math.inf)
    return seen(found, text, updates, temperature) | {"tau": tau, "pi": pi}


def trained(seed: int, tau: int, pi: float, rate: float, text: str) -> int:
    """How many updates all four have made with these settings, in tens; nothing is trained."""
    found = (kept.get((one, seed, rate, text)) for one in strategies(tau, pi).values())
    return min(one.trained if one else 0 for one in found)


def proceed(seed: int, tau: int, pi: float, rate: float, text: str, updates: int, seconds: float = PIECE) -> None:
    """Train one piece, up to so many updates or until the time is up.

    Whoever breaks it off loses nothing but the update that was being made. Raises as `run` does.
    """
    advance(runners(seed, tau, pi, rate, as_lesson(text)), as_mark(updates), seconds)


def strategies(tau: int, pi: float) -> dict[str, Strategy]:
    return {"full": Full(), "segments": Segments(tau), "window": Window(tau), "random": Random(pi)}


def runners(seed: int, tau: int, pi: float, rate: float, text: str) -> dict[str, "Runner"]:
    """The four of these settings: each the one that is kept, or one at the start."""
    keys = {kind: (one, seed, rate, text) for kind, one in strategies(tau, pi).items()}
    return {kind: kept.get(key) or Runner(*key) for kind, key in keys.items()}


def advance(found: dict[str, "Runner"], updates: int, seconds: float) -> None:
    """Ten updates of each in turn, until all have made so many or the time is up."""
    end = perf_counter() + seconds
    for mark in range(EVERY, updates + 1, EVERY):
        for one in found.values():
            one.learn(mark, end)
            if one.trained < mark:
                return


def seen(found: dict[str, "Runner"], text: str, updates: int, temperature: float) -> dict:
    """What there is to see after so many updates."""
    known = Vocabulary.of(text)
    said = {kind: written(one.nets[updates], known, text, temperature) for kind, one in found.items()}
    return {
        "losses": {kind: one.losses(updates) for kind, one in found.items()},
        "products": {kind: one.products(updates) for kind, one in found.items()},
        "written": said,
        "taken": {kind: taken(one, text) for kind, one in said.items()},
        "blind": math.log(len(known)),
    }


class Runner:
    """A network that learns a text by one strategy, and what it was after every tenth update."""

    def __init__(self, strategy: Strategy, seed: int, rate: float, text: str):
        self.key, self.batches = (strategy, seed, rate, text), lesson(text)
        net = beginner(self.batches[0].x.shape[-1], seed)
        self.learner, self.nets = Learner(net, strategy, Adam(rate), clip=CLIP, seed=seed), {0: net}

    @property
    def trained(self) -> int:
        return max(self.nets)

    def learn(self, updates: int, end: float = math.inf) -> None:
        """Go on until there are so many, or the clock says `end`; where it was broken off it begins again."""
        if self.trained < updates:
            keep(self)
        for n in range(self.learner.updates, updates + 1):
            if n % EVERY == 0:
                self.nets[n] = self.learner.net
            if n == updates or perf_counter() > end:
                return
            self.learner.learn(self.batches[n % len(self.batches)])

    def losses(self, updates: int) -> NDArray:
        return mean_of_last(self.learner.history().losses[:updates], len(self.batches))

    def products(self, updates: int) -> int:
        return int(self.learner.history().products[updates - 1]) if updates else 0


kept: OrderedDict[Key, Runner] = OrderedDict()  # those that have learnt something


def keep(one: Runner) -> None:
    """Keep it as the latest; but the first four stay, with which a panel begins."""
    first = [*kept][:4]
    kept[one.key] = one
    if one.key not in first:
        kept.move_to_end(one.key)
    if len(kept) > KEPT:
        del kept[[*kept][4]]


def mean_of_last(values: NDArray, n: int) -> NDArray:
    """The mean of each value and those before it, n in all or as many as there are.

    >>> mean_of_last(np.array([1.0, 3.0, 5.0]), 2)
    array([1., 2., 4.])
    """
    sums = np.concatenate([[0.0], np.cumsum(values)])
    ends = np.arange(1, len(sums))
    starts = np.maximum(0, ends - n)
    return (sums[ends] - sums[starts]) / (ends - starts)


@lru_cache(maxsize=16)
def lesson(text: str) -> list[Batch]:
    """The blocks of one pass: up to four streams, so many that each has three blocks."""
    streams = min(STREAMS, max(1, (len(text) - 1) // (BLOCKS * STEPS)))
    return blocks(text, Vocabulary.of(text), STEPS, B=streams)


@lru_cache(maxsize=16)
def beginner(size: int, seed: int) -> RNN:
    return RNN.random(size, HIDDEN, size, seed=seed)


@lru_cache(maxsize=256)
def written(net: RNN, vocabulary: Vocabulary, text: str, temperature: float) -> str:
    """What it writes behind the first two characters of the text, the dice always the same."""
    return write(net, vocabulary, text[:2], WRITTEN - 2, temperature, seed=0)


def taken(said: str, text: str) -> NDArray:
    """Which characters stand in a stretch of five or more that stands in the text as well, (len(said),).

    >>> taken("a river of memory", "A river has no memory").astype(int)
    array([0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1])
    """
    found = np.zeros(len(said), bool)
    for n in range(len(said) - STRETCH + 1):
        found[n : n + STRETCH] |= said[n : n + STRETCH] in text
    return found


def as_mark(updates: int) -> int:
    if updates not in range(0, UPDATES + 1, EVERY):
        raise ValueError(f"updates must be one of 0, {EVERY} … {UPDATES}, got {updates!r}")
    return updates


def as_lesson(text: str) -> str:
    """A text from which something can be learnt."""
    if len(text) <= STEPS:
        raise ValueError(f"the text has {len(text)} characters, at least {STEPS + 1} are needed")
    if len(set(text)) == 1:
        raise ValueError(f"of the text all characters are {text[0]!r}, two different ones are needed")
    return text
