"""Lyapunov exponents: what replaces ρ and σ_max where every step has another Jacobian.

    λ_j = lim 1/T log σ_j(J_T … J_1)        σ_1 ≥ σ_2 ≥ … the singular values

A power W^k has eigenvalues; a product of different matrices has growth rates instead. Over k steps back nearly every
gradient shrinks or grows like exp(λ_1 k), and two of them fall into line like exp(-(λ_1-λ_2) k).
"""

import numpy as np
from numpy.typing import NDArray

from ._checks import as_count, as_rng
from .tape import Tape

__all__ = ["exponents", "log_stretches"]


def exponents(tape: Tape, n: int | None = None, skip: int = 0, seed: int | np.random.Generator = 0) -> NDArray:
    """Work out the n largest Lyapunov exponents of a pass, for each of its sequences.

        λ_j = 1/(T - skip) Σ_t log |R_t[j,j]|        Q_{t-1} R_t = J_tᵀ Q_t

    tape  of any cell with a state of size s, from `net.forward`.
    n     how many, from the largest on; all s if not given.
    skip  so many steps at the end only turn Q towards where it belongs, and are not counted.
    seed  of the n random directions Q_T.
    Returns λ (B,n), natural logarithms per step, the largest first; -∞ where a product is singular. A complex pair of
    a constant J gives two that agree in the mean but for terms of order 1/T. For a finite T all depend a little on
    Q_T, and on the states before: begin with an h_0 that has seen some input. Raises ValueError or TypeError for what
    is no tape, n beyond s, or a skip that leaves no step. Source: Benettin, Galgani, Giorgilli & Strelcyn 1980.

    >>> from bpttlib import RNN
    >>> rnn = RNN([[0.0], [0.0]], [[0.5, 3.0], [0.0, 0.25]], [[1.0, 0.0]], phi="identity")
    >>> exponents(rnn.forward(np.zeros((150, 1))), skip=100).round(6) == np.log([[0.5, 0.25]]).round(6)
    array([[ True,  True]])
    """
    T = len(as_tape(tape).h) - 1
    if isinstance(skip, bool) or not isinstance(skip, (int, np.integer)) or not 0 <= skip < T:
        raise ValueError(f"skip must be a whole number from 0 to {T - 1}, one step fewer than the pass, got {skip!r}")
    found = log_stretches(tape, n, seed)[: T - skip].mean(axis=0)
    return -np.sort(-found, axis=-1)


def log_stretches(tape: Tape, n: int | None = None, seed: int | np.random.Generator = 0) -> NDArray:
    """What `exponents` takes the mean of: log |R_t[j,j]|, (T,B,n), row t-1 for step t.

    Arguments and errors as in `exponents`. The sum over the first m of them is the logarithm of how much J_tᵀ swells
    an m-dimensional volume. What rounding cannot tell from 0, beside the largest of its step, counts as 0.

    >>> from bpttlib import RNN
    >>> turn = RNN([[0.0], [0.0]], [[0.0, -2.0], [2.0, 0.0]], [[1.0, 0.0]], phi="identity")
    >>> np.exp(log_stretches(turn.forward(np.zeros((2, 1))))).round(6).tolist()
    [[[2.0, 2.0]], [[2.0, 2.0]]]
    """
    (T, B, s), rng = as_tape(tape).h[1:].shape, as_rng(seed)
    n = s if n is None else as_count("n", n)
    if n > s:
        raise ValueError(f"n must be at most {s}, the size of the state, got {n}")
    Q = np.broadcast_to(np.linalg.qr(rng.standard_normal((n, s)).T)[0], (B, s, n))  # the first of many are the same
    stretch = np.empty((T, B, n))
    for t in range(T, 0, -1):
        Q, R = np.linalg.qr(tape.carry(Q.transpose(2, 0, 1), t).transpose(1, 2, 0))  # a column goes back as a δ (B,s)
        stretch[t - 1] = np.abs(np.diagonal(R, axis1=1, axis2=2))
    return log_or_nothing(stretch)


def as_tape(tape: Tape) -> Tape:
    if not isinstance(tape, Tape):
        raise TypeError(f"tape must be what net.forward(x) of a network with a state returns, got {tape!r:.60}")
    return tape


def log_or_nothing(stretch: NDArray) -> NDArray:
    """log of (…,n), and -∞ for what is only rounding beside the largest."""
    least = stretch.shape[-1] * np.finfo(float).eps * stretch.max(axis=-1, keepdims=True)
    return np.log(stretch, where=stretch > least, out=np.full_like(stretch, -np.inf))
