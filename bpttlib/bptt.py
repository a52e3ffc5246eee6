"""Backpropagation through time: the gradient of every parameter, whole or truncated by a strategy."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_array, is_finite, overflow
from .cell import Cell
from .parameters import Parameters
from .problem import Problem
from .sweep import reverse_sweep
from .tape import Tape
from .truncation import Full, Seed, Strategy, as_strategy

__all__ = ["Gradient", "differentiate", "gradient", "many_gradients"]


class Gradient(Parameters):
    """∂L/∂ each parameter, in the parameter's shape and by its name.

    loss     L
    dL_dh    (T,B,h), `dL_dh[t-1]` is δ_t: under Full ∂L/∂h_t, under another strategy what it keeps of it
    dL_dh0   (B,h), the same for h_0; the state of an LSTM, and so both, has 2h numbers: h, then c

    >>> from bpttlib import RNN
    >>> g = gradient(RNN([[1.0]], [[0.5]], [[1.0]], phi="identity"), [[1.0]], [[0.0]], loss="squared")
    >>> (-0.1 * g).W_hx, g.dL_dh0
    (array([[-0.1]]), array([[0.5]]))
    """

    def __init__(self, parameters: Parameters, loss: float | NDArray, delta: NDArray):
        super().__init__(**parameters)
        self.loss, self.dL_dh, self.dL_dh0 = loss, delta[..., 1:, :, :], delta[..., 0, :, :]


def gradient(
    rnn: Cell,
    x: ArrayLike,
    y: ArrayLike,
    strategy: Strategy | None = None,
    loss: str = "cross_entropy",
    h0: ArrayLike | None = None,
    seed: Seed = None,
    mask: ArrayLike | None = None,
) -> Gradient:
    """Differentiate L = 1/(T·B) Σ_t Σ_b l(o_t, y_t) by every parameter, truncated as `strategy` says.

        ∂L/∂W_hh = Σ_t φ'(u_t)∘δ_t h_{t-1}ᵀ     ∂L/∂W_qh = Σ_t ∂L/∂o_t h_tᵀ        (for an RNN)

    rnn, x, y, loss, h0, mask as in `Problem`; strategy Full() if not given; seed only for Random. W_qh and b_q never
    pass through time and are exact under every strategy.
    Returns a Gradient. Raises ValueError or TypeError before any work for whatever does not fit.
    Source: Werbos 1990, "Backpropagation through time: what it does and how to do it"; D2L for the letters.

    >>> from bpttlib import RNN
    >>> rnn = RNN([[1.0]], [[0.5]], [[1.0]], phi="identity")
    >>> g = gradient(rnn, [[1.0], [0.0]], [[0.0], [0.0]], loss="squared")  # h_1 = 1, h_2 = ½, L = ½ (½ + ⅛)
    >>> g.loss, g.dL_dh.ravel(), g.W_hh
    (0.3125, array([0.625, 0.25 ]), array([[0.25]]))
    """
    return differentiate(Problem(rnn, x, y, loss, h0, mask), Full() if strategy is None else strategy, seed)


def differentiate(problem: Problem, strategy: Strategy, seed: Seed = None) -> Gradient:
    """`gradient` of a problem that has been checked."""
    thrown = as_strategy(strategy).thrown(problem.T, problem.B, seed)
    return swept(*problem.unrolled(), thrown)


def swept(tape: Tape, L: float, dL_do: NDArray, thrown: Strategy) -> Gradient:
    """The gradient along a tape, by a strategy whose dice are thrown."""
    with np.errstate(over="ignore", invalid="ignore"):
        return collected(tape, dL_do, thrown.backward(tape, dL_do), L)


def collected(tape: Tape, dL_do: NDArray, delta: NDArray, L: float | NDArray) -> Gradient:
    """The gradient that the sweep has found: δ turned into gradients of the parameters."""
    found = Gradient(tape.collect(dL_do, delta), L, delta)
    return as_finite_gradient(found, found.dL_dh0)


def as_finite_gradient(found: Parameters, *beside: NDArray) -> Parameters:
    """The gradient, or the error that says that it, or what was found beside it, left the range of numbers."""
    if not all(map(is_finite, [*found.values(), *beside])):
        raise overflow("gradient grows to")
    return found


def many_gradients(
    rnn: Cell,
    x: ArrayLike,
    y: ArrayLike,
    xi: ArrayLike,
    loss: str = "cross_entropy",
    h0: ArrayLike | None = None,
    mask: ArrayLike | None = None,
) -> Gradient:
    """The whole gradient for n edge weightings at once, all in one sweep.

    xi  (n,T), each row shared by the batch, as from `Random(pi).draws` or `.all_cuts`.
    Returns a Gradient of which every field has one more leading axis n. Errors as in `gradient`.

    >>> from bpttlib import RNN
    >>> rnn = RNN([[1.0]], [[0.5]], [[1.0]], phi="identity")
    >>> many_gradients(rnn, [[1.0], [0.0]], [[0.0], [0.0]], xi=[[1, 1], [1, 0]], loss="squared").dL_dh[..., 0, 0]
    array([[0.625, 0.25 ],
           [0.5  , 0.25 ]])
    """
    problem = Problem(rnn, x, y, loss, h0, mask)
    xi = as_array("xi", xi, ("n", problem.T))
    tape, L, dL_do = problem.unrolled()
    n, B = len(xi), problem.B
    with np.errstate(over="ignore", invalid="ignore"):
        delta = reverse_sweep(tape.side_by_side(n), dL_do, np.repeat(xi.T, B, axis=1))
        delta = delta.reshape(len(delta), n, B, -1).swapaxes(0, 1)  # (n,T+1,B,h)
        return collected(tape, dL_do, delta, np.full(n, L))
