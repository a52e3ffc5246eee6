"""Batches: what a network reads between two updates, and whether it goes on from where it was."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_array, as_count, as_rng, unmasked
from .problem import as_mask
from .text import Vocabulary, one_hot

__all__ = ["Batch", "blocks", "streams", "windows"]


@dataclass(frozen=True, eq=False)
class Batch:
    """T steps of B sequences, read between two updates.

    x (T,B,d)   y (T,B) or (T,B,q)   mask (T,B) or None, as in `Problem`; without B for a single sequence
    fresh  True: h_0 = 0; False: h_0 is the state that the batch before handed on, a value without a gradient
    keep   after how many steps the state is handed on, 0 … T; T if not given, so that the next batch goes on behind
    Raises ValueError or TypeError for what does not fit, NaN or infinity.

    >>> Batch(x=np.eye(3), y=[1, 2, 0])
    Batch(T=3, B=1)
    """

    x: ArrayLike
    y: ArrayLike
    mask: ArrayLike | None = None
    fresh: bool = True
    keep: int | None = None

    def __post_init__(self):
        x, y = unmasked("x", self.x), unmasked("y", self.y)
        single = x.ndim == 2
        x = as_array("x", x, ("T", "d") if single else ("T", "B", "d"))
        x, y = (x[:, None], y[:, None] if y.ndim else y) if single else (x, y)
        if y.ndim not in (2, 3) or y.shape[:2] != x.shape[:2]:
            raise ValueError(f"y must have shape {x.shape[:2]} or {(*x.shape[:2], 'q')}, got {y.shape}")
        y = y if y.dtype.kind in "iu" else as_array("y", y, y.shape)
        mask = None if self.mask is None else as_mask(self.mask, x.shape[:2])
        for name, value in {"x": x, "y": y, "mask": mask, "keep": as_kept(self.keep, len(x))}.items():
            object.__setattr__(self, name, value)

    @property
    def T(self) -> int:
        return self.x.shape[0]

    @property
    def B(self) -> int:
        return self.x.shape[1]

    def __repr__(self) -> str:
        return f"Batch(T={self.T}, B={self.B}{'' if self.fresh else ', fresh=False'})"

    def blocks(self, k1: int, k2: int | None = None) -> list["Batch"]:
        """Cut it along time for an update every k1 steps, from the last k1 losses, that reaches back k2 steps.

            block j reads the steps max(0, j·k1 - k2) … j·k1, its losses count behind (j-1)·k1

        k2 ≥ k1, k1 if not given: then the blocks lie end to end. The state is carried on; if k2 > k1 it is handed on
        where the next block begins, and that block reads the steps in between again, with the weights of then.
        Steps at the start that hold no loss that counts are joined to the next block, at the end they are left out.
        Raises ValueError or TypeError unless k1 and k2 are whole numbers and 1 ≤ k1 ≤ k2.
        Source: Williams & Peng 1990, "An efficient gradient-based algorithm …": their BPTT(h; h') has h = k2, h' = k1.

        >>> for block in Batch(np.ones((6, 1)), np.zeros((6, 1))).blocks(k1=2, k2=4):
        ...     print(block, block.mask if block.mask is None else block.mask[:, 0].astype(int), block.keep)
        Batch(T=2, B=1) None 0
        Batch(T=4, B=1, fresh=False) [0 0 1 1] 2
        Batch(T=4, B=1, fresh=False) [0 0 1 1] 4
        """
        k1 = as_count("k1", k1)
        k2 = k1 if k2 is None else as_count("k2", k2)
        if k2 < k1:
            raise ValueError(f"k2 must be at least k1 = {k1}, or steps would be left out, got {k2}")
        ends = self.ends(k1)
        counted = [0, *ends[:-1]]
        starts = [max(0, step - (k2 - k1)) for step in counted]
        return [self.part(*place) for place in zip(starts, counted, ends, [*starts[1:], ends[-1]], strict=True)]

    def ends(self, k1: int) -> list[int]:
        """Where the blocks end, those without a loss that counts left out."""
        last, ends = 0, []
        for end in [*range(k1, self.T, k1), self.T]:
            if self.mask is None or self.mask[last:end].any():
                ends.append(end)
                last = end
        return ends

    def part(self, start: int, counted: int, end: int, onward: int) -> "Batch":
        """The steps start … end, whose losses count from `counted` on, handing on the state at `onward`."""
        mask = None if self.mask is None else self.mask[start:end].copy()
        if counted > start:
            mask = np.ones((end - start, self.B), bool) if mask is None else mask
            mask[: counted - start] = False
        return Batch(self.x[start:end], self.y[start:end], mask, self.fresh and start == counted == 0, onward - start)


def as_kept(keep: int | None, T: int) -> int:
    """How many steps of T."""
    if keep is None:
        return T
    if keep != 0 and as_count("keep", keep) > T:
        raise ValueError(f"keep must lie in 0 … T = {T}, got {keep}")
    return int(keep)


def streams(text: str, vocabulary: Vocabulary, B: int = 1) -> Batch:
    """Cut a text into B parallel streams of equal length, each asked for its next character.

    T = ⌊(len(text)-1)/B⌋; what is left over at the end is dropped. Raises ValueError for a text shorter than B+1.

    >>> streams("banana", Vocabulary.of("banana"), B=2).y.T  # b a | n a: what follows
    array([[0, 2],
           [0, 2]])
    """
    T = (len(text) - 1) // as_count("B", B)
    if T < 1:
        raise ValueError(f"{B} streams need at least {B + 1} characters, the text has {len(text)}")
    numbers = vocabulary.encode(text)
    x, y = (some.reshape(B, T).T for some in (numbers[: T * B], numbers[1 : T * B + 1]))
    return Batch(one_hot(x, len(vocabulary)), y)


def blocks(text: str, vocabulary: Vocabulary, k1: int, k2: int | None = None, B: int = 1) -> list[Batch]:
    """Cut a text into B parallel streams and these into blocks that carry the state, see `Batch.blocks`.

    >>> blocks("banana", Vocabulary.of("banana"), k1=2)
    [Batch(T=2, B=1), Batch(T=2, B=1, fresh=False), Batch(T=1, B=1, fresh=False)]
    """
    return streams(text, vocabulary, B).blocks(k1, k2)


def windows(text: str, vocabulary: Vocabulary, T: int, B: int = 1, seed: int | None = None) -> Iterator[Batch]:
    """Batches without end: each B windows of T steps from anywhere in the text, read from h_0 = 0.

    Raises ValueError, at once, for a text shorter than T+1 or a character not in the vocabulary.

    >>> batches = windows("banana", Vocabulary.of("banana"), T=3, B=2, seed=0)
    >>> next(batches), next(batches).y.shape
    (Batch(T=3, B=2), (3, 2))
    """
    T, B, rng = as_count("T", T), as_count("B", B), as_rng(seed)
    if len(text) < T + 1:
        raise ValueError(f"{T} steps need {T + 1} characters, the text has {len(text)}")
    return drawn(vocabulary.encode(text), len(vocabulary), T, B, rng)


def drawn(numbers: NDArray, size: int, T: int, B: int, rng: np.random.Generator) -> Iterator[Batch]:
    while True:
        here = np.arange(T)[:, None] + rng.integers(len(numbers) - T, size=B)
        yield Batch(one_hot(numbers[here], size), numbers[here + 1])
