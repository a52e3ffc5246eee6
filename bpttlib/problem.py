"""What one differentiates: a network, the sequences it reads, what it should have said, and a loss.

L = 1/n Σ_t Σ_b m l(o_t, y_t),  n = Σ m;  without a mask m = 1 and n = T·B
"""

import cmath
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_array, overflow, unmasked
from .cell import NETWORKS, Cell, as_cell
from .tape import Tape, rows

__all__ = ["LOSSES", "Problem"]


def cross_entropy(o: NDArray, y: NDArray) -> tuple[NDArray, NDArray]:
    """l = log Σ exp(o) - o[y] and ∂l/∂o = softmax(o) - onehot(y)."""
    o, asked = o - o.real.max(axis=-1, keepdims=True), (np.arange(y.size), y.ravel())
    softmax = np.exp(o)
    total = softmax.sum(axis=-1, keepdims=True)
    softmax /= total
    rows(softmax)[asked] -= 1
    return np.log(total[..., 0]) - rows(o)[asked].reshape(y.shape), softmax


def squared(o: NDArray, y: NDArray) -> tuple[NDArray, NDArray]:
    """l = ½‖o - y‖² and ∂l/∂o = o - y."""
    with np.errstate(over="ignore"):  # a loss beyond the range of numbers is told
        return (o - y) ** 2 / 2, o - y


LOSSES: dict[str, Callable] = {"cross_entropy": cross_entropy, "squared": squared}


@dataclass(frozen=True, eq=False)
class Problem:
    """A network with data and a loss, checked once and then taken by everything that differentiates.

    net   an RNN, LSTM, GRU, Leaky or MinimalGRU
    x     (T,B,d), or (T,d) for a single sequence
    y     whole numbers (T,B) for "cross_entropy", numbers (T,B,q) for "squared"; without B for a single sequence
    loss  "cross_entropy" or "squared"
    h0    (B,h) or (h,), the state before the first step; zeros if not given; for an LSTM 2h numbers or (h0, c0)
    mask  (T,B) of 0 and 1, which losses count, so that padding costs nothing; all if not given, and at least one
    Raises ValueError or TypeError for whatever does not fit, before any work.

    >>> from bpttlib import RNN
    >>> problem = Problem(RNN.random(d=2, h=3, q=4), x=np.eye(2), y=[1, 3])
    >>> problem.x.shape, problem.y.shape, problem.h0.shape
    ((2, 1, 2), (2, 1), (1, 3))
    """

    net: Cell
    x: ArrayLike
    y: ArrayLike
    loss: str = "cross_entropy"
    h0: ArrayLike | None = None
    mask: ArrayLike | None = None

    def __post_init__(self):
        as_loss(self.loss)
        if isinstance(self.net, type) or not (hasattr(self.net, "as_input") and hasattr(self.net, "read")):
            raise TypeError(f"rnn must be a network such as {NETWORKS}, got {self.net!r:.60}")
        x, h0 = self.net.as_input(self.x, self.h0)
        y = as_targets(self.y, x.shape[:2], self.net.q, self.loss)
        mask = None if self.mask is None else as_mask(self.mask, x.shape[:2])
        for name, value in {"x": x, "h0": h0, "y": y, "mask": mask}.items():
            object.__setattr__(self, name, value)

    @property
    def T(self) -> int:
        return self.x.shape[0]

    @property
    def B(self) -> int:
        return self.x.shape[1]

    @property
    def n(self) -> int:
        """How many losses count."""
        return self.T * self.B if self.mask is None else int(self.mask.sum())

    def unrolled(self) -> tuple[Tape, float, NDArray]:
        """`evaluate` for a sweep. Raises TypeError, before any work, for a network that leaves no tape: attention."""
        as_cell("rnn", self.net)
        return self.evaluate()

    def evaluate(self, net: Cell | None = None) -> tuple[Tape, float | complex, NDArray]:
        """The tape, L and ∂L/∂o_t (T,B,q), or those of another network of the same shape."""
        tape = (net or self.net).read(self.x, self.h0)
        L, dL_do = mean_loss(self.loss, tape.o, self.y, self.mask, self.n)
        return tape, as_finite_loss(L), dL_do


def mean_loss(loss: str, o: NDArray, y: NDArray, mask: NDArray | None, n: int) -> tuple[float | complex, NDArray]:
    """1/n Σ_t Σ_b m l(o_t, y_t), and its derivative by o_t (T,B,q)."""
    losses, dl_do = LOSSES[loss](o, y)
    if mask is not None:  # not m·l: what does not count may be infinite
        losses, dl_do = losses[mask], np.where(mask[..., None], dl_do, 0)
    return (losses.sum() / n).item(), dl_do / n


def as_finite_loss(L: float | complex) -> float | complex:
    """L, or the error that says that it left the range of numbers."""
    if not cmath.isfinite(L):
        raise overflow("loss is")
    return L


def as_loss(loss: str) -> str:
    """The name of a loss."""
    if not isinstance(loss, str) or loss not in LOSSES:
        raise ValueError(f"loss must be one of {', '.join(LOSSES)}, got {loss!r}")
    return loss


def as_targets(y: ArrayLike, TB: tuple[int, int], q: int, loss: str) -> NDArray:
    """y as the loss wants it, or the error that says what does not fit."""
    y = unmasked("y", y)
    shape = (*TB, q) if loss == "squared" else TB
    y = y[:, None] if TB[1] == 1 and y.ndim == len(shape) - 1 else y
    if loss == "squared":
        return as_array("y", y, shape)
    if y.dtype.kind not in "iu":
        raise TypeError(f"for cross-entropy y must hold whole numbers, got dtype {y.dtype}")
    if y.shape != shape:
        raise ValueError(f"y must have shape {shape}, got {y.shape}")
    if y.min() < 0 or y.max() >= q:
        raise ValueError(f"y must lie in 0 … {q - 1}, got {y.min()} … {y.max()}")
    return y


def as_mask(mask: ArrayLike, TB: tuple[int, int]) -> NDArray:
    """Which losses count, (T,B) of True and False, or the error that says what does not fit."""
    counts = as_flags(mask, TB)
    if not counts.any():
        raise ValueError("mask must hold at least one 1: no loss counts")
    return counts


def as_flags(mask: ArrayLike, TB: tuple[int, int]) -> NDArray:
    """`as_mask` for some of the steps, of which none need count."""
    mask = unmasked("mask", mask)
    mask = as_array("mask", mask[:, None] if TB[1] == 1 and mask.ndim == 1 else mask, TB)
    counts = mask == 1
    if not (counts | (mask == 0)).all():
        raise ValueError(f"mask must hold 0 and 1, got {mask[~counts & (mask != 0)][0]:g}")
    return counts
