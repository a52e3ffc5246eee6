"""The leaky unit: each unit keeps a fixed share z of itself at every step, and learns which.

    u_t = W_hx x_t + W_hh h_{t-1} + b_h      n_t = φ(u_t)      z = σ(b_z)
    h_t = z ∘ h_{t-1} + (1 - z) ∘ n_t

It is the GRU whose z hears nothing. With W_hx = 1, W_hh = 0 and φ the identity it is exponential smoothing with
α = 1 - z. Source: Jaeger, Lukoševičius, Popovici & Siewert 2007, "Optimization and applications of echo state networks
with leaky-integrator neurons".
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from ._checks import is_number
from .cell import Cell, CellTape, fill_from_input, flat, mixed, sent_through, sigmoid
from .rnn import PHI, RNN, SLOPE, as_phi

__all__ = ["Leaky", "LeakyTape", "MixTape"]


@dataclass(frozen=True)
class MixTape(CellTape):
    """The tape of h_t = z ∘ h_{t-1} + (1 - z) ∘ n_t: δ goes back straight, times z, and through pre-activations u.

    J_tᵀ δ = z ∘ δ + W_hhᵀ (∂L/∂u_t)        ∂L/∂u_t = slope ∘ δ for each block of u
    """

    @property
    def slopes(self) -> NDArray:
        """What δ is multiplied by to reach each of the n blocks of u, and last z: (T+1,B,n+1,h)."""
        raise NotImplementedError

    def to_u(self, delta: NDArray, t: int | slice) -> NDArray:
        return flat(self.slopes[t][..., :-1, :] * delta[..., None, :])

    def to_W_hh(self, delta: NDArray, t: int | slice) -> NDArray:
        return flat(self.slopes[t][..., 1:-1, :] * delta[..., None, :])

    def carry(self, delta: NDArray, t: int | slice) -> NDArray:
        parts = self.slopes[t][..., 1:, :] * delta[..., None, :]
        return sent_through(flat(parts[..., :-1, :]), self.net.W_hh) + parts[..., -1, :]


@dataclass(frozen=True)
class LeakyTape(MixTape):
    """The tape of a leaky layer: x (T,B,d), h (T+1,B,h), o (T,B,q), and what each step proposed, n (T+1,B,h).

    >>> tape = Leaky.random(d=2, h=3, q=2, keep=0.9).forward(np.eye(2))
    >>> tape.gates["z"][1].round(2)
    array([[0.9, 0.9, 0.9]])
    """

    wide = ("h", "n")

    n: NDArray

    @cached_property
    def gates(self) -> dict[str, NDArray]:
        return {"z": np.broadcast_to(self.net.z, self.n.shape), "n": self.n}

    @cached_property
    def slopes(self) -> NDArray:
        """u is (what makes z, u_t): (T+1,B,3,h)."""
        z, S = self.net.z, np.zeros((*self.n.shape[:2], 3, self.net.h), self.n.dtype)
        S[1:, :, 0] = z * (1 - z) * (self.h[:-1] - self.n[1:])
        S[1:, :, 1] = (1 - z) * SLOPE[self.net.phi](self.n[1:])
        S[1:, :, 2] = z
        return S

    def sort(self, x: Callable, h: Callable, one: Callable) -> dict[str, NDArray]:
        of_z, of_n = slice(self.net.h), slice(self.net.h, None)
        return {"W_hx": x(of_n), "W_hh": h(of_n), "b_z": one(of_z), "b_h": one(of_n)}


class Leaky(Cell):
    """A layer of leaky units and a linear read-out.

    W_hx (h,d)  W_hh (h,h)  W_qh (q,h)  b_z (h,)  b_h (h,)  b_q (q,); biases default to 0, and so z to ½.
    phi, dtype and errors as in RNN.

    >>> smoothing = Leaky([[1.0]], [[0.0]], [[1.0]], phi="identity")  # α = ½
    >>> smoothing.forward([[8.0], [0.0], [0.0]]).o.ravel()
    array([4., 2., 1.])
    """

    tape, options = LeakyTape, ("phi",)
    names = ("W_hx", "W_hh", "W_qh", "b_z", "b_h", "b_q")

    def __init__(
        self,
        W_hx: ArrayLike,
        W_hh: ArrayLike,
        W_qh: ArrayLike,
        b_z: ArrayLike | None = None,
        b_h: ArrayLike | None = None,
        b_q: ArrayLike | None = None,
        phi: str = "tanh",
        dtype: DTypeLike = float,
    ):
        self.phi = as_phi(phi)
        self._take(W_hx, W_hh, W_qh, dtype, b_z=b_z, b_h=b_h, b_q=b_q)

    @property
    def z(self) -> NDArray:
        """σ(b_z), the share that each unit keeps, (h,)."""
        return sigmoid(self.b_z)

    @classmethod
    def random(
        cls,
        d: int,
        h: int,
        q: int,
        seed: int | np.random.Generator = 0,
        keep: float = 0.9,
        spectral_radius: float = 0.9,
        phi: str = "tanh",
        dtype: DTypeLike = float,
    ) -> "Leaky":
        """The weights of `RNN.random` with the same seed, and every unit keeps the share z = keep of itself.

        Raises ValueError for sizes below 1, or unless 0 < keep < 1.

        >>> Leaky.random(d=3, h=8, q=2, seed=0)
        Leaky(d=3, h=8, q=2, phi='tanh')
        """
        b_z = np.log(as_keep(keep) / (1 - keep))
        rnn = RNN.random(d, h, q, seed, spectral_radius, phi)
        return cls(rnn.W_hx, rnn.W_hh, rnn.W_qh, np.full(rnn.h, b_z), phi=phi, dtype=dtype)

    def _run(self, x: NDArray, h: NDArray) -> tuple[NDArray]:
        n = np.zeros_like(h)
        fill_from_input(n, x, self.W_hx, self.b_h)
        phi, W_hh_T, z, product = PHI[self.phi], np.ascontiguousarray(self.W_hh.T), self.z, np.empty_like(h[0])
        h_prev = h[0]
        for n_t, h_t in zip(n[1:], h[1:], strict=True):
            n_t += np.dot(h_prev, W_hh_T, product)
            phi(n_t, n_t)
            h_prev = mixed(z, h_prev, n_t, h_t)
        return (n,)


def as_keep(keep: float) -> float:
    """A share between 0 and 1, and neither of them: no b_z is infinite."""
    if not is_number(keep) or not 0 < keep < 1:
        raise ValueError(f"keep must lie between 0 and 1, got {keep!r}")
    return keep
