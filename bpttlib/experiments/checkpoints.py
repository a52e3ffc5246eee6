"""What is held at every moment of a gradient: everything, or the checkpoints and one block.

Nothing is assumed: `gradient` and `checkpointed_gradient` run on a network that counts its steps, h_t = t, and that
notes, whenever a step is read or swept, which of the states it has made or was handed are still alive.
"""

import weakref
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .._checks import as_count
from ..bptt import gradient
from ..checkpoints import checkpointed_gradient, states_held
from ..rnn import RNN, Trace

__all__ = ["BACK", "FIRST", "LONGEST", "READ", "TAPE", "Held", "run"]

LONGEST = 64
TAPE, FIRST, READ, BACK = 1, 2, 3, 4  # held on a tape, as a first state; the state just read, just swept


def run(T: int, k: int) -> dict:
    """Both ways on T steps, blocks of k steps; k beyond T is T.

    "everything" and "checkpoints" are `Held`; "k" the length of the blocks; "curve" (T,), the most states held for
    k = 1 … T; "same", whether both gave one gradient. Raises ValueError or TypeError for T outside 1 … 64, or k < 1.

    >>> found = run(T=36, k=6)
    >>> found["everything"].most, found["checkpoints"].most, found["checkpoints"].steps_read
    (37, 12, 66)
    """
    if as_count("T", T) > LONGEST:
        raise ValueError(f"T must lie in 1 … {LONGEST}, got {T}")
    k = min(as_count("k", k), T)
    (everything, whole), (checkpoints, found) = watched(T, None), watched(T, k)
    curve = np.array([states_held(T, one) for one in range(1, T + 1)])
    same = bool(np.allclose(found, whole, rtol=1e-12, atol=0))
    return {"everything": everything, "checkpoints": checkpoints, "k": k, "curve": curve, "same": same}


@dataclass(frozen=True, eq=False)
class Held:
    """What was held, moment by moment: at each a step is read or swept.

    seen  (T+1, moments), 0 where a state is not held, else TAPE, FIRST, READ or BACK; row t is h_t
    """

    seen: NDArray

    @property
    def most(self) -> int:
        """How many states were held at once."""
        return int((self.seen > 0).sum(axis=0).max())

    @property
    def steps_read(self) -> int:
        return int((self.seen == READ).sum())


@lru_cache(maxsize=256)
def watched(T: int, k: int | None) -> tuple[Held, NDArray]:
    """What the gradient of T steps holds, in blocks of k or, if k is None, in one go; and the gradient itself."""
    net, x, y = Counting(T), np.ones((T, 1, 1)), np.zeros((T, 1, 1))
    found = gradient(net, x, y, loss="squared") if k is None else checkpointed_gradient(net, x, y, k, "squared")
    return Held(np.stack(net.witness.seen, axis=1)), found.flat()


class Watched(weakref.ref):
    """States that are looked at without being kept: which they are, and how they are held."""

    how: int
    steps: list[int]
    name: int


class Witness:
    """Knows the states that a network has made and was handed, and which of them are still alive."""

    def __init__(self, T: int):
        self.alive = np.zeros((FIRST + 1, T + 1), np.int8)  # how often each state is there, as TAPE and as FIRST
        self.watched: dict[int, Watched] = {}
        self.seen: list[NDArray] = []

    def watch(self, states: NDArray, how: int) -> None:
        """From now on know whether they are there; which steps they belong to, `holds` says."""
        if id(states) not in self.watched:
            one = self.watched[id(states)] = Watched(states, self.gone)
            one.how, one.steps, one.name = how, [], id(states)

    def holds(self, states: NDArray, t: int) -> None:
        one = self.watched[id(states)]
        if t not in one.steps:
            one.steps.append(t)
            self.alive[one.how, t] += 1

    def gone(self, one: Watched) -> None:
        """Called by Python when nobody holds them any more."""
        self.alive[one.how, one.steps] -= 1
        del self.watched[one.name]

    def note(self, t: int, what: int) -> None:
        """A moment: step t has just been read, or swept."""
        now = np.where(self.alive[FIRST], FIRST, np.where(self.alive[TAPE], TAPE, 0))
        now[t] = what
        self.seen.append(now)


class Counting(RNN):
    """One linear unit, h_t = h_{t-1} + 1, from which a state tells its step; a witness is told of every step."""

    def __init__(self, T: int):
        super().__init__([[1.0]], [[1.0]], [[1.0]], phi="identity")
        self.witness, self.tape = Witness(T), Noted

    def as_input(self, x: NDArray, h0: NDArray | None) -> tuple[NDArray, NDArray]:
        """Nothing to check: what it reads is made here."""
        return x, np.zeros((1, 1)) if h0 is None else h0

    def read(self, x: NDArray, h0: NDArray) -> "Noted":
        self.witness.watch(h0, FIRST)
        self.witness.holds(h0, step(h0))
        return super().read(x, h0)

    def _run(self, x: NDArray, h: NDArray) -> tuple[()]:
        """As an RNN does, but step by step."""
        self.witness.watch(h, TAPE)
        self.witness.holds(h, step(h[0]))
        for n in range(len(x)):
            super()._run(x[n : n + 1], h[n : n + 2])
            self.witness.holds(h, step(h[n + 1]))
            self.witness.note(step(h[n + 1]), READ)
        return ()


class Noted(Trace):
    """The tape of a network that counts: its sweep is seen."""

    def carry(self, delta: NDArray, t: int) -> NDArray:
        self.net.witness.note(step(self.h[t]), BACK)
        return super().carry(delta, t)


def step(state: NDArray) -> int:
    """The step whose state it is, for h_t = t."""
    return int(state.item())
