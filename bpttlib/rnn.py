"""The recurrent network of the course and its forward pass.

With column vectors, as in the book:

    u_t = W_hx x_t + W_hh h_{t-1} + b_h      h_t = φ(u_t)      o_t = W_qh h_t + b_q

In code a batch of B sequences lies in rows, so each product reads transposed:
W_hh h_{t-1} for every sequence at once is `h[t-1] @ W_hh.T`.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from ._checks import as_count, as_positive, as_rng
from .cell import Cell, CellTape, fill_from_input, gathered, gaussian, sent_through
from .parameters import Parameters

__all__ = ["RNN", "Trace"]


PHI = {"tanh": np.tanh, "identity": np.positive}


def tanh_slope(h: NDArray) -> NDArray:
    """1 - h², without a second temporary array: at (T,B,h) that is four times as fast."""
    slope = np.square(h)
    return np.subtract(1, slope, out=slope)


SLOPE = {"tanh": tanh_slope, "identity": np.ones_like}  # φ'(u), written with h = φ(u)


def as_phi(phi: str) -> str:
    """The name of a φ."""
    if not isinstance(phi, str) or phi not in PHI:
        raise ValueError(f"phi must be one of {', '.join(PHI)}, got {phi!r}")
    return phi


@dataclass(frozen=True)
class Trace(CellTape):
    """The tape of an RNN: x (T,B,d), h (T+1,B,h) with h[t] = h_t, o (T,B,q) with o[t-1] = o_t.

        J_t = diag(φ'(u_t)) W_hh,  so  J_tᵀ δ = W_hhᵀ (φ'(u_t) ∘ δ)

    >>> trace = RNN([[1.0]], [[0.5]], [[1.0]]).forward([[0.0], [1.0]])
    >>> trace.h.shape, trace.slopes[1].item()  # φ' = 1 where h = 0
    ((3, 1, 1), 1.0)
    """

    @cached_property
    def slopes(self) -> NDArray:
        """φ'(u_t) as row t, (T+1,B,h): 1 - h_t² for tanh, 1 for the identity; row 0, where no u is, means nothing."""
        return SLOPE[self.net.phi](self.h)

    def carry(self, delta: NDArray, t: int | slice) -> NDArray:
        return sent_through(self.to_u(delta, t), self.net.W_hh)

    def to_u(self, delta: NDArray, t: int | slice) -> NDArray:
        return self.slopes[t] * delta

    def collect(self, dL_do: NDArray, delta: NDArray) -> Parameters:
        """Σ_t Σ_b ∂L/∂u_t v_tᵀ for what each weight multiplies, v = x_t, h_{t-1} or 1, and ∂L/∂o_t h_tᵀ, ∂L/∂o_t."""
        steps = slice(1, None)
        dL_du = self.to_u(delta[..., steps, :, :], steps)
        W_qh, b_q = self.of_readout(dL_do, dL_du.shape[:-3])
        return Parameters(
            W_hx=gathered(dL_du, self.x),
            W_hh=gathered(dL_du, self.h[:-1]),  # h_{t-1}: the first term holds h_0
            W_qh=W_qh,
            b_h=dL_du.sum(axis=(-3, -2)),
            b_q=b_q,
        )


class RNN(Cell):
    """One recurrent layer and a linear read-out.

    W_hx (h,d)  W_hh (h,h)  W_qh (q,h)  b_h (h,)  b_q (q,); biases default to 0.
    phi    "tanh" or "identity", the φ in h_t = φ(u_t).
    dtype  float unless asked: `numpy.float32`, or `complex` for complex-step derivatives.
    Raises ValueError for shapes that do not fit, NaN, infinity or another phi; TypeError for what is no number.
    Source: D2L, "Backpropagation Through Time".

    >>> rnn = RNN(W_hx=[[1.0]], W_hh=[[0.5]], W_qh=[[2.0]], phi="identity")
    >>> rnn.forward([[1.0], [0.0], [0.0]]).o.ravel()
    array([2. , 1. , 0.5])
    """

    options, tape = ("phi",), Trace

    def __init__(
        self,
        W_hx: ArrayLike,
        W_hh: ArrayLike,
        W_qh: ArrayLike,
        b_h: ArrayLike | None = None,
        b_q: ArrayLike | None = None,
        phi: str = "tanh",
        dtype: DTypeLike = float,
    ):
        self.phi = as_phi(phi)
        self._take(W_hx, W_hh, W_qh, dtype, b_h=b_h, b_q=b_q)

    @classmethod
    def random(
        cls,
        d: int,
        h: int,
        q: int,
        seed: int | np.random.Generator = 0,
        spectral_radius: float = 0.9,
        phi: str = "tanh",
        dtype: DTypeLike = float,
    ) -> "RNN":
        """Draw Gaussian weights of variance 1/fan-in and scale W_hh so that max |λ(W_hh)| = spectral_radius.

        The same seed gives the same network up to that scale. Raises ValueError for sizes below 1 or
        a spectral radius that is not positive and finite.

        >>> RNN.random(d=3, h=8, q=2, seed=0)
        RNN(d=3, h=8, q=2, phi='tanh')
        """
        d, h, q = as_count("d", d), as_count("h", h), as_count("q", q)
        as_positive("spectral_radius", spectral_radius)
        W_hx, W_hh, W_qh = gaussian(as_rng(seed), (h, d), (h, h), (q, h))
        W_hh *= spectral_radius / np.abs(np.linalg.eigvals(W_hh)).max()
        return cls(W_hx, W_hh, W_qh, phi=phi, dtype=dtype)

    def _run(self, x: NDArray, h: NDArray) -> tuple[()]:
        fill_from_input(h, x, self.W_hx, self.b_h)
        phi, W_hh_T, product = PHI[self.phi], np.ascontiguousarray(self.W_hh.T), np.empty_like(h[0])
        h_prev = h[0]
        for h_t in h[1:]:
            h_t += np.dot(h_prev, W_hh_T, product)
            h_prev = phi(h_t, h_t)  # in place
        return ()
