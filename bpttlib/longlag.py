"""What losses at the last step send far back: how big it is, and whether it all points the same way.

∂L/∂h_{T-k} = J_{T-k+1}ᵀ … J_Tᵀ W_qhᵀ e        e = ∂L/∂o_T,  J_t = diag(φ'(u_t)) W_hh
"""

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_array, as_count
from .powers import eigenvalues, largest_singular_value
from .rnn import RNN
from .sweep import reverse_sweep

__all__ = ["cosines", "draw", "sent_back", "sizes", "study"]


@lru_cache(maxsize=256)
def seed_with(h: int, real: bool) -> int:
    """The first seed 0, 1, 2 … whose W_hh has a real largest eigenvalue, or one of a pair."""
    if as_count("h", h) < 2:
        raise ValueError("h must be at least 2: a 1×1 matrix has no complex pair")
    seed = 0
    while (eigenvalues(RNN.random(4, h, 4, seed).W_hh)[0].imag == 0) != real:
        seed += 1
    return seed


def draw(h: int, spectral_radius: float = 0.9, real: bool = True, phi: str = "tanh") -> RNN:
    """Draw random networks, four numbers in and four out, until the largest eigenvalue is real, or one of a pair.

    The same arguments give the same network. Raises ValueError for h < 2.
    """
    return RNN.random(4, h, 4, seed_with(h, real), spectral_radius, phi)


def sent_back(rnn: RNN, x: ArrayLike, errors: ArrayLike) -> NDArray:
    """Send m errors at the last step back to every state before it, all along the same trajectory.

        D_0 = W_qhᵀ e        D_{k+1} = W_hhᵀ (φ'(u_{T-k}) ∘ D_k)

    x (T,d), from h_0 = 0; errors (m,q), each a ∂L/∂o_T. Returns D (T,m,h), D[k] = ∂L/∂h_{T-k}.
    Raises ValueError for shapes that do not fit, NaN or infinity.

    >>> rnn = RNN([[1.0]], [[0.5]], [[2.0]], phi="identity")
    >>> sent_back(rnn, np.ones((3, 1)), errors=[[1.0]]).ravel()
    array([2. , 1. , 0.5])
    """
    x, errors = as_array("x", x, ("T", rnn.d)), as_array("errors", errors, ("m", rnn.q))
    T, m = len(x), len(errors)
    dL_do = np.zeros((T, m, rnn.q))
    dL_do[-1] = errors  # m sequences, all of them x, each with an error of its own at the end
    tape = rnn.forward(np.repeat(x[:, None], m, axis=1))
    return reverse_sweep(tape, dL_do, np.ones(T))[:0:-1]


def sizes(D: NDArray) -> NDArray:
    """Mean length of m vectors at every lag over that at lag 0, (K,m,h) → (K,)."""
    length = np.linalg.norm(D, axis=-1).mean(axis=1)
    return length / length[0]


def cosines(D: NDArray) -> NDArray:
    """Mean |cos| over all pairs among m vectors, (K,m,h) → (K,): 1 if they all lie on one line; NaN where one is 0.

    Raises ValueError for fewer than two vectors.
    """
    if D.shape[1] < 2:
        raise ValueError("one vector makes no pair")
    length = np.linalg.norm(D, axis=-1, keepdims=True)
    unit = np.divide(D, length, where=length > 0, out=np.full_like(D, np.nan))
    pairs = np.triu_indices(D.shape[1], 1)
    return np.abs(unit @ unit.transpose(0, 2, 1))[:, *pairs].mean(axis=1)


@lru_cache(maxsize=64)
def study(h: int, rho: float, size: float, real: bool, lags: int = 60) -> dict:
    """Send six random errors back through a linear and a tanh network that share their weights.

    h units, spectral radius ρ, inputs of standard deviation `size`; `real` says whether the largest eigenvalue is.
    Returns the eigenvalues as "values", "sizes" and "likeness" (mean |cos|) at every lag for both networks, "rho",
    "sigma" (σ_max), the "ratio" of the second |λ| to the first, and "real". Raises ValueError as `draw` does.
    """
    rng = np.random.default_rng(0)
    x, errors = size * rng.standard_normal((lags + 1, 4)), rng.standard_normal((6, 4))
    nets = {"linear": draw(h, rho, real, "identity"), "tanh": draw(h, rho, real)}
    sent = {name: sent_back(rnn, x, errors) for name, rnn in nets.items()}
    values = eigenvalues(nets["tanh"].W_hh)
    return {
        "values": values,
        "sizes": {name: sizes(D) for name, D in sent.items()},
        "likeness": {name: cosines(D) for name, D in sent.items()},
        "rho": rho,
        "sigma": largest_singular_value(nets["tanh"].W_hh),
        "ratio": abs(values[1] / values[0]),
        "real": real,
    }
