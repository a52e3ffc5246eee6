"""What each path carries: used at step i, felt by the loss at step t."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .cell import Cell, as_cell
from .problem import Problem
from .sweep import by_lag
from .tape import Tape, rows

__all__ = ["lag_norms", "lag_shares", "path_norms", "path_shares", "shares_of"]


def path_shares(
    rnn: Cell,
    x: ArrayLike,
    y: ArrayLike,
    loss: str = "cross_entropy",
    h0: ArrayLike | None = None,
    mask: ArrayLike | None = None,
) -> NDArray:
    """Each path's share of ∂L/∂W_hh: used at step i, felt by the loss at step t.

        P[t, i] = Σ_b  φ'(u_i)∘(J_{i+1}ᵀ … J_tᵀ W_qhᵀ ∂L/∂o_t)  h_{i-1}ᵀ        ∂L/∂W_hh = Σ_t Σ_{i≤t} Ω[t,i] P[t,i]

    Returns P (T,T,h,h), `P[t-1, i-1]`, 0 for i > t. It takes T²h² numbers: for short texts. Errors as in `gradient`,
    and TypeError for a network without W_hh, as in all here but `lag_norms`.
    The equation is the RNN's; for a cell with gates a share has the rows of all of them, as W_hh has.

    >>> from bpttlib import RNN
    >>> rnn = RNN([[1.0]], [[0.5]], [[1.0]], phi="identity")
    >>> path_shares(rnn, [[1.0], [0.0]], [[0.0], [0.0]], loss="squared", h0=[1.0])[..., 0, 0]
    array([[0.75  , 0.    ],
           [0.1875, 0.5625]])
    """
    return shares_of(Problem(rnn, x, y, loss, h0, mask))


def shares_of(problem: Problem) -> NDArray:
    """`path_shares` of a problem that has been checked."""
    tape, _, dL_do = with_W_hh(problem).unrolled()
    P = np.zeros((len(dL_do), len(dL_do), *problem.net.W_hh.shape))
    for i, t, share in shares(tape, dL_do):
        P[t, i] = share
    return P


def path_norms(
    rnn: Cell,
    x: ArrayLike,
    y: ArrayLike,
    loss: str = "cross_entropy",
    h0: ArrayLike | None = None,
    mask: ArrayLike | None = None,
) -> NDArray:
    """How big is each path's share of ∂L/∂W_hh: N[t, i] = ‖P[t, i]‖_F of `path_shares`, never held all at once.

    Returns N (T,T), lower triangle, `N[t-1, i-1]`. With h_0 = 0 the first column is 0: at step 1
    W_hh multiplies h_0. Errors as in `gradient`.

    >>> from bpttlib import RNN
    >>> rnn = RNN([[1.0]], [[0.5]], [[1.0]], phi="identity")
    >>> path_norms(rnn, [[1.0], [0.0]], [[0.0], [0.0]], loss="squared")
    array([[0.  , 0.  ],
           [0.  , 0.25]])
    """
    tape, _, dL_do = with_W_hh(Problem(rnn, x, y, loss, h0, mask)).unrolled()
    N = np.zeros((len(dL_do), len(dL_do)))
    for i, t, share in shares(tape, dL_do):
        N[t, i] = np.sqrt((share**2).sum(axis=(1, 2)))
    return N


def with_W_hh(problem: Problem) -> Problem:
    """The problem, if its network has the matrix of which the shares are taken."""
    if "W_hh" not in as_cell("rnn", problem.net).names:
        raise TypeError(f"shares are those of ∂L/∂W_hh, and {problem.net!r:.60} has no W_hh")
    return problem


def shares(tape: Tape, dL_do: NDArray) -> Iterator[tuple[NDArray, NDArray, NDArray]]:
    """For each lag k: the places of the steps i (T-k,) and of the losses i + k, and the shares (T-k,m,s)."""
    for k, D in enumerate(by_lag(tape, dL_do)):
        steps = slice(1, len(D))
        i = np.arange(len(D) - 1)
        yield i, i + k, tape.to_W_hh(D[1:], steps).transpose(0, 2, 1) @ tape.hidden[: len(D) - 1]


def lag_shares(
    rnn: Cell,
    x: ArrayLike,
    y: ArrayLike,
    loss: str = "cross_entropy",
    h0: ArrayLike | None = None,
    mask: ArrayLike | None = None,
) -> NDArray:
    """What all paths of one lag together add to ∂L/∂W_hh: S[k] = Σ_i P[i+k, i] of `path_shares`.

        ∂L/∂W_hh = Σ_k S[k]

    Returns S (T,h,h), k = 0 … T-1. Errors as in `gradient`.

    >>> from bpttlib import RNN
    >>> rnn = RNN([[1.0]], [[0.5]], [[1.0]], phi="identity")
    >>> lag_shares(rnn, [[1.0], [0.0]], [[0.0], [0.0]], loss="squared", h0=[1.0])[..., 0, 0]
    array([1.3125, 0.1875])
    """
    tape, _, dL_do = with_W_hh(Problem(rnn, x, y, loss, h0, mask)).unrolled()
    S = np.zeros((len(dL_do), *rnn.W_hh.shape))
    for S_k, D in zip(S, by_lag(tape, dL_do), strict=False):
        steps = slice(1, len(D))
        S_k[:] = rows(tape.to_W_hh(D[1:], steps)).T @ rows(tape.hidden[: len(D) - 1])
    return S


def lag_norms(
    rnn: Cell,
    x: ArrayLike,
    y: ArrayLike,
    loss: str = "cross_entropy",
    h0: ArrayLike | None = None,
    mask: ArrayLike | None = None,
) -> NDArray:
    """How strongly is each loss felt k steps back: G[k, s] = ‖∂L_s/∂h_{s-k}‖ over the batch.

    L_s = 1/(T·B) Σ_b l(o_s, y_s) is the loss at step s; of an LSTM h is here the state, (h, c).
    Returns G (T,T), `G[k, s-1]`, 0 where s-k < 1. Errors as in `gradient`.
    Source: Aicher, Foti & Fox 2019, "Adaptively truncating BPTT".

    >>> from bpttlib import RNN
    >>> rnn = RNN([[1.0]], [[0.5]], [[1.0]], phi="identity")
    >>> lag_norms(rnn, [[1.0], [0.0]], [[0.0], [0.0]], loss="squared")
    array([[0.5  , 0.25 ],
           [0.   , 0.125]])
    """
    tape, _, dL_do = Problem(rnn, x, y, loss, h0, mask).unrolled()
    T = len(dL_do)
    G = np.zeros((T, T))
    for k, D in zip(range(T), by_lag(tape, dL_do), strict=False):
        G[k, k:] = np.sqrt((D[1:] ** 2).sum(axis=(1, 2)))
    return G


def mean_by_lag(G: NDArray) -> NDArray:
    """n_k, the mean of `lag_norms` over the T-k losses that reach back k steps, (T,).

    >>> mean_by_lag(np.array([[0.5, 0.25], [0.0, 0.125]]))
    array([0.375, 0.125])
    """
    return G.sum(axis=1) / np.arange(len(G), 0, -1)
