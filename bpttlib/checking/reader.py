"""What an exercise about memory hands out: states that are counted as long as anybody holds them (page 08)."""

import weakref
from collections.abc import Sequence
from math import tanh
from typing import Any

from .answers import Wrong

__all__ = ["Reader"]


class State(float):
    """A number that can be watched: nobody holds it any more when it is gone."""


class Reader:
    """Reads a scalar recurrence h_t = tanh(w h_{t-1} + x_t) a block at a time, and counts what is read and held.

    x of T numbers, blocks of at most k. Called as read(h, start, stop) with h = h_start it returns the states
    [h_{start+1}, …, h_stop]. Whoever asks for more than k, reads more than twice as many steps as there are, or holds
    more than ⌈T/k⌉ states and two blocks is told so. What is worked out from a state, a copy too, is not counted.

    >>> read = Reader(w=0.5, x=[0.0, 0.0, 0.0], k=2)
    >>> read(1.0, 0, 1) == [tanh(0.5)]
    True
    """

    def __init__(self, w: float, x: Sequence[float], k: int):
        self.w, self.x, self.k = w, x, k

    def __repr__(self) -> str:
        return f"read({len(self.x)} steps, k = {self.k})"

    def __call__(self, h: float, start: int, stop: int) -> list[State]:
        self.allow(start, stop)
        found = []
        for x_t in self.x[start:stop]:
            h = State(tanh(self.w * h + x_t))
            found.append(h)
        self.count(found)
        return found

    def allow(self, start: Any, stop: Any) -> None:
        """Steps of the text, a block of them at most; or Wrong, in words."""
        T = len(self.x)
        if not 0 <= start < stop <= T:
            raise Wrong(f"asks read for steps {start} to {stop}, where there are 0 to {T}")
        if stop - start > self.k:
            raise Wrong(f"reads {stop - start} steps at a time, where a block has {self.k}")

    def count(self, found: list[State]) -> None:
        """Too many, and it is Wrong, in words."""
        # in a field that is new at the first call: what an answer was given may not be changed
        T, notes = len(self.x), vars(self).setdefault("notes", {"read": 0, "held": []})
        notes["read"] += len(found)
        notes["held"] = [one for one in notes["held"] if one() is not None] + [weakref.ref(one) for one in found]
        if notes["read"] > 2 * T:
            raise Wrong(f"reads {notes['read']} steps, where twice {T} are enough")
        enough = -(-T // self.k) + 2 * self.k
        if len(notes["held"]) > enough:
            raise Wrong(f"holds {len(notes['held'])} states at once, where {enough} are more than enough ({self!r})")
