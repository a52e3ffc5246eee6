"""Checkpoints: the whole gradient without keeping every state.

Backward one needs the states in the order opposite to the one in which they come. What is not kept can be read once
more: keep the state before each block of k steps, and go back over the blocks, reading each again when its turn comes.

    forward    h_0 → h_k → h_2k → …                              only these are kept
    backward   read a block again from its first state, sweep over it;
               δ that leaves it on the left comes in from the right of the block before

T/k states and one block of k are held, fewest for k = √T: 2√T instead of T + 1, for at most twice the steps read.
Sources: Griewank & Walther 2000, "Algorithm 799: revolve"; Chen, Xu, Zhang & Guestrin 2016, "Training deep nets with
sublinear memory cost", for √T; Gruslys et al. 2016, "Memory-efficient backpropagation through time".
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_count
from .bptt import as_finite_gradient
from .cell import Cell, as_cell
from .parameters import Parameters
from .parts import Blocks, as_block, cut
from .problem import Problem, as_finite_loss, as_loss, mean_loss
from .sweep import reverse_sweep

__all__ = ["SummedGradient", "checkpointed_gradient", "gradient_of_blocks", "states_held", "steps_read"]


class SummedGradient(Parameters):
    """∂L/∂ each parameter, as a `Gradient`, with L as `loss` and ∂L/∂h_0 as `dL_dh0` (B,s).

    It has no `dL_dh`: what the steps add is summed up as it comes, and no row of a single step is kept.

    >>> from bpttlib import RNN
    >>> g = checkpointed_gradient(RNN([[1.0]], [[0.5]], [[1.0]]), [[0.0]], [[1.0]], loss="squared")
    >>> g.loss, g.W_hx, hasattr(g, "dL_dh")
    (0.5, array([[0.]]), False)
    """

    def __init__(self, parameters: Parameters, loss: float, dL_dh0: NDArray):
        super().__init__(**parameters)
        self.loss, self.dL_dh0 = loss, dL_dh0


def checkpointed_gradient(
    rnn: Cell,
    x: ArrayLike,
    y: ArrayLike,
    block: int | None = None,
    loss: str = "cross_entropy",
    h0: ArrayLike | None = None,
    mask: ArrayLike | None = None,
) -> SummedGradient:
    """Differentiate L by every parameter, as `gradient` does, while only about 2√T states are held.

        ∂L/∂w = Σ_blocks Σ_{t in block} (what step t adds)        δ_right of a block = δ_left of the next one

    rnn, x, y, loss, h0, mask as in `Problem`; block, how many steps are read again at a time, ⌈√T⌉ if not given.
    x, y and mask are only ever taken a block at a time and never copied whole: each may be a `numpy.memmap`.
    Raises ValueError or TypeError before any work for whatever does not fit, as `gradient` does.

    >>> from bpttlib import RNN
    >>> rnn = RNN([[1.0]], [[0.5]], [[1.0]], phi="identity")
    >>> g = checkpointed_gradient(rnn, [[1.0], [0.0]], [[0.0], [0.0]], block=1, loss="squared")
    >>> g.loss, g.W_hh, g.dL_dh0
    (0.3125, array([[0.25]]), array([[0.3125]]))
    """
    k = None if block is None else as_count("block", block)
    as_cell("rnn", rnn), as_loss(loss)
    try:
        blocks = Blocks(rnn, cut(x, y, mask, k), loss, h0)
        blocks.look()
    except (IndexError, TypeError, ValueError):
        Problem(rnn, x, y, loss, h0, mask)  # the whole says what does not fit
        raise
    return there_and_back(blocks)


def gradient_of_blocks(
    rnn: Cell, blocks: Sequence[tuple], loss: str = "cross_entropy", h0: ArrayLike | None = None
) -> SummedGradient:
    """Do what `checkpointed_gradient` does for blocks that are made, or loaded, when asked for: not even x is held.

    blocks  anything with `len(blocks)` and `blocks[n]`, which is (x, y) or (x, y, mask) of the steps of block n, each
            as in `Problem`; each is asked for whenever it is needed: to be looked at, on the way forward, on the way
            back. At least one loss must count. A generator gives each block once, and the last one last: refused.
    Errors as in `gradient`, with the number of the block.

    >>> from bpttlib import RNN
    >>> rnn = RNN([[1.0]], [[0.5]], [[1.0]], phi="identity")
    >>> gradient_of_blocks(rnn, [([[1.0]], [[0.0]]), ([[0.0]], [[0.0]])], loss="squared").W_hh
    array([[0.25]])
    """
    as_cell("rnn", rnn), as_loss(loss)
    if not (hasattr(blocks, "__len__") and hasattr(blocks, "__getitem__")):
        why = "the way back needs every block again, the last one first"
        raise TypeError(f"blocks must have len(blocks) and blocks[n], for {why}, got {type(blocks).__name__}")
    numbered = Blocks(rnn, blocks, loss, h0)
    numbered.look()
    return there_and_back(numbered)


def states_held(T: int, block: int | None = None) -> int:
    """Count the states held at once: ⌊T/k⌋ first states of blocks, h_0 among them, and k more on the tape of one.

    While a last block of less than k is swept, one first state more is held, and on the tape at least one less.
    block is k, ⌈√T⌉ if not given. Raises ValueError or TypeError unless both are whole numbers from 1 on.

    >>> states_held(10_000), states_held(10_000, block=10), states_held(10_000, block=10_000)
    (200, 1010, 10001)
    """
    T, k = as_block(T, block)
    return T // k + k


def steps_read(T: int, block: int | None = None) -> int:
    """Count the steps read: each block but the last on the way forward, and every block on the way back.

    Arguments and errors as in `states_held`.

    >>> steps_read(10_000), steps_read(10_000, block=10), steps_read(10_000, block=10_000)
    (19900, 19990, 10000)
    """
    T, k = as_block(T, block)
    return (T - 1) // k * k + T


# ---- there and back -----------------------------------------------------------------------------


def there_and_back(blocks: Blocks) -> SummedGradient:
    with np.errstate(over="ignore", invalid="ignore"):
        return walk_back(blocks, first_states(blocks))


def first_states(blocks: Blocks) -> list[NDArray]:
    """Forward: the state before each block; all others are let go."""
    found = [blocks.h_0]
    for n in range(len(blocks.parts) - 1):
        found.append(last_state(blocks, n, found[-1]))
    return found


def last_state(blocks: Blocks, n: int, first: NDArray) -> NDArray:
    """Read block n: its last state, and of the rest nothing."""
    return blocks.net.read(blocks.part(n)[0], first).h[-1].copy()  # a view would keep the whole tape


def walk_back(blocks: Blocks, firsts: list[NDArray]) -> SummedGradient:
    """Backward: the last block first, and what leaves one on the left comes into the one before."""
    total, L, later = 0 * blocks.net.parameters, 0.0, 0.0
    while firsts:
        found, share, later = one_block(blocks, len(firsts) - 1, firsts.pop(), later)
        total, L = total + found, L + share
    return as_finite_gradient(SummedGradient(total, as_finite_loss(L), later), later)


def one_block(blocks: Blocks, n: int, first: NDArray, later: NDArray | float) -> tuple[Parameters, float, NDArray]:
    """Read block n again and sweep over it: its share of the gradient and of L, and δ that leaves it on the left."""
    x, y, mask = blocks.part(n)
    tape = blocks.net.read(x, first)
    share, dL_do = mean_loss(blocks.loss, tape.o, y, mask, blocks.losses)
    delta = reverse_sweep(tape, dL_do, np.ones(len(x)), later)
    return tape.collect(dL_do, delta), share, delta[0].copy()  # and the tape is let go
