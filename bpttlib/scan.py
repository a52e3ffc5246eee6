"""The recurrence a_t = b_t + c_t a_{t-1} all at once: pairs that meet, round by round.

    (c₂, b₂) ∘ (c₁, b₁) = (c₂ c₁, c₂ b₁ + b₂)

A step is a pair (c, b): it makes b + c a of a. Two steps, one after the other, are again such a pair, and it does not
matter which neighbours are put together first (`derivation.pairs` proves it). So pairs far apart can meet in the same
round, each round an operation on whole arrays. The element at t has collected all paths to t when its pair has come
to reach back to step 1: then its b is a_t. Two orders, both for any T:

    doubling  every pair meets the one 1, 2, 4 … before it: the fewest rounds, ⌈log₂T⌉, but about T log₂T pairs meet
    halving   neighbours meet, then neighbours of these, up a tree and down again: fewer than 2T pairs meet, in about
              twice as many rounds

Sources: Kogge & Stone 1973, "A parallel algorithm for the efficient solution of a general class of recurrence
equations" (pairs that meet); Hillis & Steele 1986, "Data parallel algorithms" (doubling); Blelloch 1990, "Prefix sums
and their applications" (a scan with as much work as a loop); Brent & Kung 1982 (that tree, in place).
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_count
from .bptt import Gradient, collected
from .cell import Cell, fill_from_input
from .minimal import MinimalGRU
from .problem import Problem
from .recurrence import _sequences, all_finite
from .rnn import RNN
from .tape import Tape

__all__ = ["collected_from", "meetings", "pairs", "rounds", "scan", "scan_matrices", "scanned_gradient"]


class Round(NamedTuple):
    """Places that meet at the same time: each of `later` with its `earlier`, and what they make stands at the later.

    c_too  False where no later round asks for the product of the c.
    """

    later: slice
    earlier: slice
    c_too: bool


def doubling(T: int) -> Iterator[Round]:
    """Every pair meets the one k before it, k = 1, 2, 4 … < T."""
    k = 1
    while k < T:
        yield Round(slice(k, T), slice(0, T - k), c_too=2 * k < T)
        k *= 2


def halving(T: int) -> Iterator[Round]:
    """Up the tree, 2k = 2, 4 … ≤ T: blocks of k meet in twos. Down: what lies between hears from the block before."""
    k = 1
    while 2 * k <= T:
        yield Round(slice(2 * k - 1, T, 2 * k), slice(k - 1, T - k, 2 * k), c_too=True)
        k *= 2
    while k >= 1:
        if 3 * k <= T:
            yield Round(slice(3 * k - 1, T, 2 * k), slice(2 * k - 1, T - k, 2 * k), c_too=False)
        k //= 2


ORDERS = {"doubling": doubling, "halving": halving}


def as_order(order: str) -> Callable[[int], Iterator[Round]]:
    """The rounds by their name."""
    if not isinstance(order, str) or order not in ORDERS:
        raise ValueError(f"order must be one of {', '.join(ORDERS)}, got {order!r}")
    return ORDERS[order]


def scan(b: ArrayLike, c: ArrayLike, order: str = "doubling") -> NDArray:
    """Compute what `solve` computes, not step by step but round by round.

        a_t = b_t + c_t a_{t-1},   a_0 = 0

    b, c   (..., T) as in `solve`, time last: a diagonal c is h sequences side by side, (h,T). Fractions stay exact.
    order  "doubling" or "halving".
    Returns a  (..., T). Errors as in `solve`, and ValueError for another order, or where c multiplied along a path
    leaves the range of numbers: `solve` never multiplies the c alone, and may still know a_t there.

    >>> scan(b=[1, 1, 1], c=[0.5, 0.5, 0.5])
    array([1.  , 1.5 , 1.75])
    """
    order, (b, c) = as_order(order), _sequences(b, c)
    a = composed(np.moveaxis(b, -1, 0), np.moveaxis(c, -1, 0), order)
    return np.moveaxis(a, 0, -1)


def scan_matrices(b: ArrayLike, c: ArrayLike, order: str = "doubling") -> NDArray:
    """Scan with a whole matrix a step: h³ multiplications for two c that meet, where the loop takes h² a step.

        a_t = b_t + c_t a_{t-1},   a_0 = 0

    b (T,h), c (T,h,h). Returns a (T,h). Fractions, errors and order as in `scan`.

    >>> turn = [[0, -1], [1, 0]]
    >>> scan_matrices(b=[[1, 0], [0, 0], [0, 0]], c=[turn] * 3).tolist()
    [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]]
    """
    order, (b,), (c,) = as_order(order), _sequences(b), _sequences(c)
    if b.ndim != 2 or len(b) == 0 or c.shape != (*b.shape, b.shape[1]):
        raise ValueError(f"b must have shape (T, h) and c (T, h, h), with a step at least, got {b.shape} and {c.shape}")
    return composed(b[..., None], c, order, times=np.matmul)[..., 0]


def composed(b: NDArray, c: NDArray, order: Callable = halving, times: Callable = np.multiply) -> NDArray:
    """Let pairs meet until each has come to reach back to step 1; time first, c may be narrower than b."""
    a, c = b.astype(np.result_type(b, c), order="C"), c.astype(np.result_type(b, c), order="C")
    c[0] = 0  # c_1 meets a_0 = 0
    with np.errstate(over="ignore", invalid="ignore"):
        for later, earlier, c_too in order(len(a)):
            a[later] += times(c[later], a[earlier])
            if c_too:
                c[later] = times(c[later], c[earlier])
    if not all_finite(a):
        raise ValueError("a scan multiplies the c of a path, and here that leaves the range of numbers")
    return a


def meetings(T: int, order: str = "doubling") -> list[NDArray]:
    """List who meets whom: for each round an array (n,2) of steps from 1 to T, the earlier and the later.

    Raises ValueError or TypeError unless T is a whole number from 1 on and order one of the two, as do the next three.

    >>> [one.tolist() for one in meetings(4)]
    [[[1, 2], [2, 3], [3, 4]], [[1, 3], [2, 4]]]
    >>> [one.tolist() for one in meetings(4, "halving")]
    [[[1, 2], [3, 4]], [[2, 4]], [[2, 3]]]
    """
    order, steps = as_order(order), np.arange(1, as_count("T", T) + 1)
    return [np.stack([steps[one.earlier], steps[one.later]], axis=1) for one in order(len(steps))]


def collected_from(T: int, order: str = "doubling") -> NDArray:
    """Tell the first step whose path each element has collected, before any round and after each: (rounds+1, T).

    After round n the element at t holds the paths from steps first[n, t-1] … t, at the end all of them, from 1 on.

    >>> collected_from(4)
    array([[1, 2, 3, 4],
           [1, 1, 2, 3],
           [1, 1, 1, 1]])
    """
    order, first = as_order(order), [np.arange(1, as_count("T", T) + 1)]
    for later, earlier, _ in order(len(first[0])):
        first.append(first[-1].copy())
        first[-1][later] = first[-2][earlier]
    return np.array(first)


def rounds(T: int, order: str = "doubling") -> int:
    """Count the rounds, the depth: ⌈log₂T⌉ by doubling, by halving ⌊log₂T⌋ up and ⌊log₂(2T/3)⌋ down (none for T = 1).

    >>> rounds(10**6), rounds(10**6, "halving")
    (20, 38)
    """
    return sum(1 for _ in as_order(order)(as_count("T", T)))


def pairs(T: int, order: str = "doubling") -> int:
    """Count the pairs that meet, the work: T n - 2ⁿ + 1 by doubling in n rounds, fewer than 2T by halving; a loop T-1.

    >>> pairs(10**6), pairs(10**6, "halving")
    (18951425, 1999973)
    """
    return sum(len(range(T)[one.later]) for one in as_order(order)(as_count("T", T)))


class Scanned(Cell):
    """A network whose step is linear in h with a diagonal c_t, run forward by a scan.

    It says by `steps` what b_t and c_t are, and by `along` the c_t of a tape, (T+1,B,h) or narrower, row t of step t.
    """

    def _run(self, x: NDArray, h: NDArray) -> tuple[NDArray, ...]:
        c, *kept = self.steps(x, h)
        h[1:2] += c[:1] * h[:1]
        h[1:] = composed(h[1:], c)
        return tuple(kept)


class ScannedRNN(Scanned, RNN):
    """b_t = W_hx x_t + b_h, and c_t is always the diagonal of W_hh."""

    def steps(self, x: NDArray, h: NDArray) -> tuple[NDArray]:
        fill_from_input(h, x, self.W_hx, self.b_h)
        return (self.each(len(x)),)

    def each(self, n: int) -> NDArray:
        return np.broadcast_to(np.diagonal(self.W_hh), (n, 1, self.h))

    def along(self, tape: Tape) -> NDArray:
        return self.each(len(tape.h))


class ScannedMinimalGRU(Scanned, MinimalGRU):
    """b_t = (1 - z_t) ∘ n_t and c_t = z_t, other ones at each step."""

    def along(self, tape: Tape) -> NDArray:
        return tape.gates["z"]


def scanned_gradient(
    rnn: RNN | MinimalGRU,
    x: ArrayLike,
    y: ArrayLike,
    loss: str = "cross_entropy",
    h0: ArrayLike | None = None,
    mask: ArrayLike | None = None,
) -> Gradient:
    """Differentiate a network whose step is linear, with a diagonal c_t, by two scans: forward for h, backward for δ.

        h_t = b_t + c_t ∘ h_{t-1}        δ_t = W_qhᵀ ∂L/∂o_t + c_{t+1} ∘ δ_{t+1}

    rnn  a MinimalGRU, c_t = z_t; or an RNN with phi="identity" and a diagonal W_hh, c_t = diag(W_hh): a state-space
         model, of which the gradient of W_hh has all its entries.
    The rest, the result and its errors as in `gradient`. Both scans go by halving. Raises ValueError before any work
    for a network that is not linear or not diagonal, TypeError for another cell, and ValueError where a product of
    the c leaves the range of numbers.
    Source: Martin & Cundy 2018, "Parallelizing linear recurrent neural nets over sequence length".

    >>> rnn = RNN([[1.0]], [[0.5]], [[1.0]], phi="identity")
    >>> g = scanned_gradient(rnn, [[1.0], [0.0]], [[0.0], [0.0]], loss="squared")
    >>> g.loss, g.dL_dh.ravel(), g.W_hh
    (0.3125, array([0.625, 0.25 ]), array([[0.25]]))
    """
    problem = Problem(rnn, x, y, loss, h0, mask)
    net = as_scanned(rnn)
    tape, L, dL_do = problem.evaluate(net)
    with np.errstate(over="ignore", invalid="ignore"):
        backward = tape.inject(dL_do)[::-1]  # δ_T is there first
        delta = composed(backward, np.roll(net.along(tape)[::-1], 1, axis=0))[::-1]  # and c_T meets it at δ_{T-1}
        return collected(tape, dL_do, delta, L)


def as_scanned(rnn: RNN | MinimalGRU) -> Scanned:
    """The same network, run by a scan; or the error that says why it cannot be."""
    if isinstance(rnn, MinimalGRU):
        return ScannedMinimalGRU(**rnn.parameters, dtype=rnn.dtype)
    if not isinstance(rnn, RNN):
        raise TypeError(f"rnn must be a MinimalGRU, or an RNN with phi='identity' and a diagonal W_hh, got {rnn!r:.60}")
    if rnn.phi != "identity":
        raise ValueError(f"a scan needs steps that are linear: phi must be 'identity', got {rnn.phi!r}")
    beside = np.argwhere(rnn.W_hh * (1 - np.eye(rnn.h)))
    if len(beside):
        k, m = beside[0]
        raise ValueError(
            f"W_hh must be diagonal, 0 outside the diagonal, got {rnn.W_hh[k, m]:.4g} in row {k}, column {m}"
        )
    return ScannedRNN(**rnn.parameters, phi=rnn.phi, dtype=rnn.dtype)
