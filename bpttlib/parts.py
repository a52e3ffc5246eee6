"""What one differentiates, in blocks along time: cut from arrays, or made when they are asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isqrt

from numpy.typing import ArrayLike, NDArray

from ._checks import as_count, unmasked
from .cell import Cell
from .problem import as_flags, as_targets

__all__ = ["Blocks", "Cut", "as_block", "cut"]


def as_block(T: int, block: int | None) -> tuple[int, int]:
    """T and the length of a block, at most T."""
    T = as_count("T", T)
    return T, isqrt(T - 1) + 1 if block is None else min(as_count("block", block), T)  # the first is ⌈√T⌉


@dataclass(frozen=True, eq=False)
class Cut:
    """x, y and mask in blocks of k steps, the last perhaps shorter; nothing is copied."""

    x: NDArray
    y: NDArray
    mask: NDArray | None
    k: int

    def __len__(self) -> int:
        return -(-len(self.x) // self.k)

    def __getitem__(self, n: int) -> tuple[NDArray, NDArray, NDArray | None]:
        here = slice(n * self.k, (n + 1) * self.k)
        return self.x[here], self.y[here], None if self.mask is None else self.mask[here]


def cut(x: ArrayLike, y: ArrayLike, mask: ArrayLike | None, k: int | None) -> Cut:
    """The arrays in blocks; the errors need say no more than that something is wrong."""
    x, y, mask = (None if a is None else unmasked(name, a) for name, a in {"x": x, "y": y, "mask": mask}.items())
    if any(a is not None and len(a) != len(x) for a in (y, mask)):
        raise ValueError("x, y and mask must be equally long")
    return Cut(x, y, mask, as_block(len(x), k)[1])


@dataclass(frozen=True, eq=False)
class Blocks:
    """What is differentiated along time: a network, a loss, and parts, each asked for when its turn comes."""

    net: Cell
    parts: Sequence[tuple]
    loss: str
    h0: ArrayLike | None

    @cached_property
    def h_0(self) -> NDArray:
        return self.net.as_input(self.part(0)[0][:1], self.h0)[1]

    def look(self) -> None:
        """Look at every block before any is read: whatever does not fit is found."""
        if not len(self.parts) or not self.losses:
            raise ValueError("blocks must hold at least one block, and one loss must count")

    @cached_property
    def losses(self) -> int:
        """How many of them count."""
        return sum(self.counted(n) for n in range(len(self.parts)))

    def counted(self, n: int) -> int:
        x, _, mask = self.part(n)
        if x.shape[1] != len(self.h_0):
            raise ValueError(f"block {n}: x must hold {len(self.h_0)} sequences, as block 0 does, got {x.shape[1]}")
        return x.shape[0] * x.shape[1] if mask is None else int(mask.sum())

    def part(self, n: int) -> tuple[NDArray, NDArray, NDArray | None]:
        """x, y and mask of block n as the network and the loss want them, or the error that says what is wrong."""
        part = self.parts[n]
        if not isinstance(part, (tuple, list)) or len(part) not in (2, 3):
            raise TypeError(f"block {n} must be (x, y) or (x, y, mask), got {type(part).__name__}")
        try:
            return self.fitting(*part)
        except (TypeError, ValueError) as error:
            raise type(error)(f"block {n}: {error}") from None

    def fitting(self, x: ArrayLike, y: ArrayLike, mask: ArrayLike | None = None) -> tuple:
        x, _ = self.net.as_input(x, None)
        y = as_targets(y, x.shape[:2], self.net.q, self.loss)
        return x, y, None if mask is None else as_flags(mask, x.shape[:2])
