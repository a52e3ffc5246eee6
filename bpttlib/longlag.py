"""What losses at the last step send far back: how big it is, and whether it all points the same way.

∂L/∂h_{T-k} = J_{T-k+1}ᵀ … J_Tᵀ W_qhᵀ e        e = ∂L/∂o_T,  J_t = diag(φ'(u_t)) W_hh
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_array
from .cell import Cell, as_cell
from .sweep import reverse_sweep

__all__ = ["cosines", "sent_back", "sizes"]


def sent_back(rnn: Cell, x: ArrayLike, errors: ArrayLike) -> NDArray:
    """Send m errors at the last step back to every state before it, all along the same trajectory.

        D_0 = W_qhᵀ e        D_{k+1} = W_hhᵀ (φ'(u_{T-k}) ∘ D_k)

    x (T,d), from h_0 = 0; errors (m,q), each a ∂L/∂o_T. Returns D (T,m,h), D[k] = ∂L/∂h_{T-k}; of an LSTM (T,m,2h).
    The recurrence is the RNN's, other cells have their own.
    Raises ValueError for shapes that do not fit, NaN or infinity, TypeError for what is no network.

    >>> from bpttlib import RNN
    >>> rnn = RNN([[1.0]], [[0.5]], [[2.0]], phi="identity")
    >>> sent_back(rnn, np.ones((3, 1)), errors=[[1.0]]).ravel()
    array([2. , 1. , 0.5])
    """
    as_cell("rnn", rnn)
    x, errors = as_array("x", x, ("T", rnn.d)), as_array("errors", errors, ("m", rnn.q))
    T, m = len(x), len(errors)
    dL_do = np.zeros((T, m, rnn.q))
    dL_do[-1] = errors  # m sequences, all of them x, each with an error of its own at the end
    tape = rnn.forward(np.repeat(x[:, None], m, axis=1))
    return reverse_sweep(tape, dL_do, np.ones(T))[:0:-1]


def sizes(D: NDArray) -> NDArray:
    """Mean length of m vectors at every lag over that at lag 0, (K,m,h) → (K,)."""
    unit, largest = scaled(D)
    length = (largest / (largest.max() or 1) * np.linalg.norm(unit, axis=-1, keepdims=True)).mean(axis=(1, 2))
    return length / length[0]


def cosines(D: NDArray) -> NDArray:
    """Mean |cos| over all pairs among m vectors, (K,m,h) → (K,): 1 if they all lie on one line; NaN where one is 0.

    Raises ValueError for fewer than two vectors.
    """
    if D.shape[1] < 2:
        raise ValueError("one vector makes no pair")
    D, _ = scaled(D)
    length = np.linalg.norm(D, axis=-1, keepdims=True)
    unit = np.divide(D, length, where=length > 0, out=np.full_like(D, np.nan))
    pairs = np.triu_indices(D.shape[1], 1)
    return np.abs(unit @ unit.transpose(0, 2, 1))[:, *pairs].mean(axis=1)


def scaled(D: NDArray) -> tuple[NDArray, NDArray]:
    """Each vector over its largest entry, and that entry: so no square overflows, and none is lost."""
    largest = np.abs(D).max(axis=-1, keepdims=True)
    return D / np.where(largest > 0, largest, 1), largest
