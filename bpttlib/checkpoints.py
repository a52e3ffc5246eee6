"""Checkpoints: the whole gradient without keeping every state.

Backward one needs the states in the order opposite to the one in which they come. What is not kept can be read once
more: keep the state before each block of k steps, and go back over the blocks, reading each again when its turn comes.

    forward    h_0 → h_k → h_2k → …                              only these are kept
    backward   read a block again from its first state, sweep over it;
               δ that leaves it on the left comes in from the right of the block before

⌈T/k⌉ states and one block of k are held, fewest for k = √T: 2√T instead of T + 1, for at most twice the steps read.
Sources: Griewank & Walther 2000, "Algorithm 799: revolve"; Chen, Xu, Zhang & Guestrin 2016, "Training deep nets with
sublinear memory cost", for √T; Gruslys et al. 2016, "Memory-efficient backpropagation through time".
"""

from dataclasses import dataclass
from functools import cached_property
from math import isqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_count, unmasked
from .bptt import Gradient, as_finite_gradient
from .cell import Cell, as_cell
from .parameters import Parameters
from .problem import Problem, as_finite_loss, as_flags, as_loss, as_targets, mean_loss
from .sweep import reverse_sweep

__all__ = ["checkpointed_gradient", "states_held", "steps_read"]


def checkpointed_gradient(
    rnn: Cell,
    x: ArrayLike,
    y: ArrayLike,
    block: int | None = None,
    loss: str = "cross_entropy",
    h0: ArrayLike | None = None,
    mask: ArrayLike | None = None,
) -> Gradient:
    """Differentiate L by every parameter, as `gradient` does, while only about 2√T states are held.

        ∂L/∂w = Σ_blocks Σ_{t in block} (what step t adds)        δ_right of a block = δ_left of the next one

    rnn, x, y, loss, h0, mask as in `Problem`; block, how many steps are read again at a time, ⌈√T⌉ if not given.
    x, y and mask are only ever taken a block at a time and never copied whole: each may be a `numpy.memmap`.
    Returns a Gradient with `loss` and `dL_dh0` but without `dL_dh`: those T rows are what is not kept.
    Raises ValueError or TypeError before any work for whatever does not fit, as `gradient` does.

    >>> from bpttlib import RNN
    >>> rnn = RNN([[1.0]], [[0.5]], [[1.0]], phi="identity")
    >>> g = checkpointed_gradient(rnn, [[1.0], [0.0]], [[0.0], [0.0]], block=1, loss="squared")
    >>> g.loss, g.W_hh, g.dL_dh0
    (0.3125, array([[0.25]]), array([[0.3125]]))
    """
    blocks, h_0 = cut(rnn, x, y, block, loss, h0, mask)
    with np.errstate(over="ignore", invalid="ignore"):
        return walk_back(blocks, first_states(blocks, h_0))


def states_held(T: int, block: int | None = None) -> int:
    """Count the states held at once: ⌈T/k⌉ first states of blocks, h_0 among them, and k more on the tape of one.

    block is k, ⌈√T⌉ if not given. Raises ValueError or TypeError unless both are whole numbers from 1 on.

    >>> states_held(10_000), states_held(10_000, block=10), states_held(10_000, block=10_000)
    (200, 1010, 10001)
    """
    T, k = as_block(T, block)
    return -(-T // k) + k


def steps_read(T: int, block: int | None = None) -> int:
    """Count the steps read: each block but the last on the way forward, and every block on the way back.

    Arguments and errors as in `states_held`.

    >>> steps_read(10_000), steps_read(10_000, block=10), steps_read(10_000, block=10_000)
    (19900, 19990, 10000)
    """
    T, k = as_block(T, block)
    return (T - 1) // k * k + T


def as_block(T: int, block: int | None) -> tuple[int, int]:
    """T and the length of a block, at most T."""
    T = as_count("T", T)
    return T, isqrt(T - 1) + 1 if block is None else min(as_count("block", block), T)  # the first is ⌈√T⌉


def first_states(blocks: "Blocks", h_0: NDArray) -> list[NDArray]:
    """Forward: the state before each block; all others are let go."""
    found = [h_0]
    for start in blocks.starts[:-1]:
        x, _, _ = blocks.part(start)
        found.append(blocks.net.read(x, found[-1]).h[-1].copy())  # a view would keep the whole tape
    return found


def walk_back(blocks: "Blocks", firsts: list[NDArray]) -> Gradient:
    """Backward: the last block first, and what leaves one on the left comes into the one before."""
    total, L, later = 0 * blocks.net.parameters, 0.0, 0.0
    for start, first in zip(reversed(blocks.starts), reversed(firsts), strict=True):
        found, share, later = one_block(blocks, start, first, later)
        total, L = total + found, L + share
    found = Gradient(total, as_finite_loss(L), later[None])
    del found.dL_dh
    return as_finite_gradient(found, found.dL_dh0)


def one_block(
    blocks: "Blocks", start: int, first: NDArray, later: NDArray | float
) -> tuple[Parameters, float, NDArray]:
    """Read one block again and sweep over it: its share of the gradient and of L, and δ that leaves it on the left."""
    x, y, mask = blocks.part(start)
    tape = blocks.net.read(x, first)
    share, dL_do = mean_loss(blocks.loss, tape.o, y, mask, blocks.n)
    delta = reverse_sweep(tape, dL_do, np.ones(len(x)), later)
    return tape.collect(dL_do, delta), share, delta[0].copy()  # and the tape is let go


@dataclass(frozen=True, eq=False)
class Blocks:
    """A problem along time in blocks of k steps, the last perhaps shorter; nothing of it is copied but one block."""

    net: Cell
    x: NDArray
    y: NDArray
    loss: str
    mask: NDArray | None
    k: int

    @property
    def starts(self) -> range:
        return range(0, len(self.x), self.k)

    def part(self, start: int) -> tuple[NDArray, NDArray, NDArray | None]:
        """x, y and mask of one block as the network and the loss want them, or the error that says what is wrong."""
        here = slice(start, start + self.k)
        x, _ = self.net.as_input(self.x[here], None)
        y = as_targets(self.y[here], x.shape[:2], self.net.q, self.loss)
        return x, y, None if self.mask is None else as_flags(self.mask[here], x.shape[:2])

    @cached_property
    def n(self) -> int:
        """How many losses count. To say so it looks at every block, and thereby finds whatever does not fit."""
        return sum(self.counted(start) for start in self.starts)

    def counted(self, start: int) -> int:
        x, _, mask = self.part(start)
        return x.shape[0] * x.shape[1] if mask is None else int(mask.sum())


def cut(
    rnn: Cell,
    x: ArrayLike,
    y: ArrayLike,
    block: int | None,
    loss: str,
    h0: ArrayLike | None,
    mask: ArrayLike | None,
) -> tuple[Blocks, NDArray]:
    """The blocks, all looked at before any is read, and h_0. If one does not fit, the whole `Problem` says what."""
    k = None if block is None else as_count("block", block)
    as_cell("rnn", rnn), as_loss(loss)
    try:
        arrays = [None if a is None else unmasked(name, a) for name, a in {"x": x, "y": y, "mask": mask}.items()]
        return fitting(rnn, *arrays, k, loss, h0)
    except (IndexError, TypeError, ValueError):
        Problem(rnn, x, y, loss, h0, mask)
        raise


def fitting(
    rnn: Cell, x: NDArray, y: NDArray, mask: NDArray | None, k: int | None, loss: str, h0: ArrayLike | None
) -> tuple[Blocks, NDArray]:
    """`cut` for arrays; the errors need say no more than that something is wrong."""
    T, k = as_block(len(x), k)
    blocks = Blocks(rnn, x, y, loss, mask, k)
    lengths = {len(a) for a in (x, y, mask) if a is not None}
    if lengths != {T} or not blocks.n:
        raise ValueError("x, y and mask must be equally long, and one loss must count")
    return blocks, rnn.as_input(x[:1], h0)[1]
