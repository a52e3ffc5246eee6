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
PIECE = 0.06  # seconds
KEPT = 12  # runs, some 3 MB each, ten times that where every character is another

Key = tuple[int, int, float, float, str]  # seed, tau, pi, rate, text


def run(seed: int, tau: int, pi: float, rate: float, text: str, temperature: float, updates: int) -> dict:
    """Full, segments and window of length τ, and dice of π, after so many updates of Adam; trained where they are not.

    seed  of the network, the same for all, and of the dice
    Each update reads a block of 28 steps, behind the one before, clipped at 1. Of each kind "losses", (updates,),
    each the mean of the pass through the text that ends there; "products", how many Jacobian products were made;
    "written", (56,) characters, and whether each stands in a stretch of 5 or more "taken" from the text. "blind" is
    the loss of who only knows the characters. Raises ValueError for a text of under 29 characters or of one that
    repeats, and for updates other than 0, 10 … 300.

    >>> seen = run(seed=1, tau=5, pi=0.8, rate=0.01, text="the time machine by h g wells", temperature=0.5, updates=50)
    >>> seen["written"]["full"][:29], round(float(seen["losses"]["full"][-1]), 2)
    ('the time machine by h g wells', 0.03)
    """
    as_mark(updates)
    as_lesson(text)
    found = race(seed, tau, pi, rate, text)
    found.proceed(updates)
    return found.seen(updates, temperature) | {"tau": tau, "pi": pi}


def trained(seed: int, tau: int, pi: float, rate: float, text: str) -> int:
    """How many updates of these settings have been made in all four and are kept; nothing is trained."""
    found = kept.get((seed, tau, pi, rate, text))
    return found.trained if found else 0


def proceed(seed: int, tau: int, pi: float, rate: float, text: str, updates: int, seconds: float = PIECE) -> int:
    """Train one piece, up to so many updates: returns how many have been made then.

    Whoever breaks it off loses nothing but the update that was being made. Raises as `run` does.
    """
    as_mark(updates)
    as_lesson(text)
    found = race(seed, tau, pi, rate, text)
    found.proceed(updates, seconds)
    return found.trained


kept: OrderedDict[Key, "Race"] = OrderedDict()  # those that have learnt something, the first and the latest


def race(*key: int | float | str) -> "Race":
    """The race of these settings: the one that is kept, or a new one."""
    return kept.get(key) or Race(*key)


def keep(key: Key, found: "Race") -> None:
    """Keep it as the latest. The first of all stays: it is where a panel begins."""
    kept[key] = found
    if key != next(iter(kept)):
        kept.move_to_end(key)
    while len(kept) > KEPT:
        del kept[list(kept)[1]]


class Race:
    """Four learners that begin as the same network and read the same blocks."""

    def __init__(self, seed: int, tau: int, pi: float, rate: float, text: str):
        self.key = seed, tau, pi, rate, text
        self.text, self.vocabulary, self.batches = text, Vocabulary.of(text), lesson(text)
        net = beginner(len(self.vocabulary), seed)
        strategies = {"full": Full(), "segments": Segments(tau), "window": Window(tau), "random": Random(pi)}
        self.runners = {kind: Runner(net, one, rate, seed, self.batches) for kind, one in strategies.items()}

    @property
    def trained(self) -> int:
        """The updates that all four have made, in tens."""
        return min(max(one.nets) for one in self.runners.values())

    def proceed(self, updates: int, seconds: float = math.inf) -> None:
        """Ten updates of each in turn, until there are so many or the time is up."""
        end = perf_counter() + seconds
        for mark in range(self.trained + EVERY, updates + 1, EVERY):
            keep(self.key, self)
            for one in self.runners.values():
                if perf_counter() > end:
                    return
                one.learn(mark)

    def seen(self, updates: int, temperature: float) -> dict:
        """What there is to see after so many updates, at most as many as have been made."""
        runners = self.runners.items()
        said = {kind: written(one.nets[updates], self.vocabulary, self.text, temperature) for kind, one in runners}
        return {
            "losses": {kind: one.losses(updates) for kind, one in runners},
            "products": {kind: one.products(updates) for kind, one in runners},
            "written": said,
            "taken": {kind: taken(one, self.text) for kind, one in said.items()},
            "blind": math.log(len(self.vocabulary)),
        }


class Runner:
    """One of the four: what it has learnt, and the network that it was after every tenth update."""

    def __init__(self, net: RNN, strategy: Strategy, rate: float, seed: int, batches: list[Batch]):
        self.learner = Learner(net, strategy, Adam(rate), clip=CLIP, seed=seed)
        self.nets, self.batches = {0: net}, batches

    def learn(self, updates: int) -> None:
        """Go on until there are so many; where it was broken off it begins again."""
        for n in range(self.learner.updates, updates + 1):
            if n % EVERY == 0:
                self.nets[n] = self.learner.net
            if n < updates:
                self.learner.learn(self.batches[n % len(self.batches)])

    def losses(self, updates: int) -> NDArray:
        return mean_of_last(self.learner.history().losses[:updates], len(self.batches))

    def products(self, updates: int) -> int:
        return int(self.learner.history().products[updates - 1]) if updates else 0


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
