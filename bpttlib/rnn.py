"""The recurrent network of the course and its forward pass.

With column vectors, as in the book:

    u_t = W_hx x_t + W_hh h_{t-1} + b_h      h_t = φ(u_t)      o_t = W_qh h_t + b_q

In code a batch of B sequences lies in rows, so each product reads transposed:
W_hh h_{t-1} for every sequence at once is `h[t-1] @ W_hh.T`.
"""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from ._checks import as_array, as_count, as_positive, as_rng, is_finite, overflow, unmasked
from .parameters import Parameters
from .tape import Tape, rows

__all__ = ["RNN", "Trace"]


PHI = {"tanh": np.tanh, "identity": np.positive}


def tanh_slope(h: NDArray) -> NDArray:
    """1 - h², without a second temporary array: at (T,B,h) that is four times as fast."""
    slope = np.square(h)
    return np.subtract(1, slope, out=slope)


SLOPE = {"tanh": tanh_slope, "identity": np.ones_like}  # φ'(u), written with h = φ(u)


@dataclass(frozen=True)
class Trace(Tape):
    """The tape of an RNN: x (T,B,d), h (T+1,B,h) with h[t] = h_t, o (T,B,q) with o[t-1] = o_t.

        J_t = diag(φ'(u_t)) W_hh,  so  J_tᵀ δ = W_hhᵀ (φ'(u_t) ∘ δ)

    `copies` counts how often it lies side by side, see `Tape.side_by_side`.

    >>> trace = RNN([[1.0]], [[0.5]], [[1.0]]).forward([[0.0], [1.0]])
    >>> trace.h.shape, trace.slopes[1].item()  # φ' = 1 where h = 0
    ((3, 1, 1), 1.0)
    """

    rnn: "RNN"
    x: NDArray
    h: NDArray
    o: NDArray
    copies: int = 1

    @cached_property
    def slopes(self) -> NDArray:
        """φ'(u_t) as row t, (T+1,B,h): 1 - h_t² for tanh, 1 for the identity; row 0, where no u is, means nothing."""
        return SLOPE[self.rnn.phi](self.h)

    def inject(self, dL_do: NDArray) -> NDArray:
        delta = np.zeros((len(self.h), dL_do.shape[1], self.rnn.h), np.result_type(dL_do, self.rnn.W_qh))
        np.matmul(rows(dL_do), self.rnn.W_qh, out=rows(delta[1:]))
        return np.tile(delta, (1, self.copies, 1)) if self.copies > 1 else delta

    def carry(self, delta: NDArray, t: int | slice) -> NDArray:
        dL_du = self.to_u(delta, t)
        if dL_du.ndim == 2:  # one step, as in the sweep: nothing else stands between the two products
            return dL_du.dot(self.rnn.W_hh)
        return rows(dL_du).dot(self.rnn.W_hh).reshape(dL_du.shape)

    def to_u(self, delta: NDArray, t: int | slice) -> NDArray:
        return self.slopes[t] * delta

    def met(self, t: int) -> NDArray:
        return np.concatenate([self.x[t - 1], self.h[t - 1], np.ones((self.x.shape[1], 1))], axis=-1)

    def named(self, recurrent: NDArray) -> Parameters:
        W_hx, W_hh, b_h = np.split(recurrent, [self.rnn.d, self.rnn.d + self.rnn.h], axis=1)
        W_qh, b_q = np.zeros_like(self.rnn.W_qh), np.zeros_like(self.rnn.b_q)
        return Parameters(W_hx=W_hx, W_hh=W_hh, W_qh=W_qh, b_h=b_h[:, 0], b_q=b_q)

    def collect(self, dL_do: NDArray, delta: NDArray) -> Parameters:
        """Σ_t Σ_b ∂L/∂u_t v_tᵀ for what each weight multiplies, v = x_t, h_{t-1} or 1, and ∂L/∂o_t h_tᵀ, ∂L/∂o_t."""
        steps = slice(1, None)
        dL_du = self.to_u(delta[..., steps, :, :], steps)
        many = dL_du.shape[:-3]
        columns = dL_du.reshape(*many, -1, self.rnn.h).swapaxes(-1, -2)  # (…,h,T·B)
        W_qh, b_q = rows(dL_do).T @ rows(self.h[1:]), dL_do.sum(axis=(0, 1))
        return Parameters(
            W_hx=columns @ rows(self.x),
            W_hh=columns @ rows(self.h[:-1]),  # h_{t-1}: the first term holds h_0
            W_qh=np.broadcast_to(W_qh, (*many, *W_qh.shape)) if many else W_qh,  # the same under any ξ
            b_h=dL_du.sum(axis=(-3, -2)),
            b_q=np.broadcast_to(b_q, (*many, *b_q.shape)) if many else b_q,
        )

    def side_by_side(self, n: int) -> "Trace":
        return replace(self, h=np.tile(self.h, (1, n, 1)), copies=n * self.copies)


class RNN:
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
        if not isinstance(phi, str) or phi not in PHI:
            raise ValueError(f"phi must be one of {', '.join(PHI)}, got {phi!r}")
        if np.dtype(dtype).kind not in "fc":
            raise ValueError(f"dtype must be a floating-point or complex type, got {dtype!r}")
        self.phi = phi
        self.W_hx = as_array("W_hx", W_hx, ("h", "d"), dtype)
        h, d = self.W_hx.shape
        self.W_hh = as_array("W_hh", W_hh, (h, h), dtype)
        self.W_qh = as_array("W_qh", W_qh, ("q", h), dtype)
        q = self.W_qh.shape[0]
        self.b_h = as_array("b_h", np.zeros(h) if b_h is None else b_h, (h,), dtype)
        self.b_q = as_array("b_q", np.zeros(q) if b_q is None else b_q, (q,), dtype)
        self.d, self.h, self.q, self.dtype = d, h, q, self.W_hh.dtype

    @property
    def parameters(self) -> Parameters:
        """All five by name."""
        return Parameters(W_hx=self.W_hx, W_hh=self.W_hh, W_qh=self.W_qh, b_h=self.b_h, b_q=self.b_q)

    def with_parameters(self, parameters: Mapping[str, ArrayLike]) -> "RNN":
        """The same network with other parameters, in their type: complex ones make it complex."""
        return RNN(**parameters, phi=self.phi, dtype=np.result_type(*parameters.values()))

    def moved_to(self, parameters: Parameters) -> "RNN":
        """`with_parameters` for arrays that are known to fit: not checked, and not copied."""
        net = copy(self)
        vars(net).update(parameters)
        return net

    def __repr__(self) -> str:
        return f"RNN(d={self.d}, h={self.h}, q={self.q}, phi={self.phi!r})"

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
        rng = as_rng(seed)
        W_hx, W_hh, W_qh = (rng.standard_normal(s) / np.sqrt(s[1]) for s in [(h, d), (h, h), (q, h)])
        W_hh *= spectral_radius / np.abs(np.linalg.eigvals(W_hh)).max()
        return cls(W_hx, W_hh, W_qh, phi=phi, dtype=dtype)

    def forward(self, x: ArrayLike, h0: ArrayLike | None = None) -> Trace:
        """Read the sequences from the first step to the last.

        x   (T,B,d), or (T,d) for a single sequence (then B = 1 in the result).
        h0  (B,h) or (h,), the state before the first step; zeros if not given.
        Returns a Trace, which is the tape for every sweep. Raises ValueError for shapes that do not fit, NaN or
        infinity.
        """
        return self.read(*self.as_input(x, h0))

    def read(self, x: NDArray, h0: NDArray) -> Trace:
        """`forward` for input that `as_input` has seen."""
        T, B, _ = x.shape
        h = np.empty((T + 1, B, self.h), self.dtype)
        h[0] = h0
        with np.errstate(over="ignore", invalid="ignore"):
            self._run(x, h)
            o = (rows(h[1:]) @ self.W_qh.T + self.b_q).reshape(T, B, self.q)
            if not is_finite(o):
                raise overflow("states and outputs grow to")
        return Trace(self, x, h, o)

    def _run(self, x: NDArray, h: NDArray) -> None:
        """Fill in h_1 … h_T behind h_0."""
        np.matmul(rows(x), self.W_hx.T, out=rows(h[1:]))  # all steps at once; W_hh h_{t-1} must wait for h_{t-1}
        h[1:] += self.b_h
        phi, W_hh_T, product = PHI[self.phi], np.ascontiguousarray(self.W_hh.T), np.empty_like(h[0])
        h_prev = h[0]
        for h_t in h[1:]:
            h_t += np.dot(h_prev, W_hh_T, product)
            h_prev = phi(h_t, h_t)  # in place

    def as_input(self, x: ArrayLike, h0: ArrayLike | None) -> tuple[NDArray, NDArray]:
        """x as (T,B,d) and h0 as (B,h), or the error that says what does not fit."""
        x = unmasked("x", x)
        x = as_array("x", x, ("T", self.d) if x.ndim == 2 else ("T", "B", self.d), self.dtype)
        x = x[:, None] if x.ndim == 2 else x
        B = x.shape[1]
        h0 = np.zeros(self.h) if h0 is None else unmasked("h0", h0)
        shape = (self.h,) if h0.ndim == 1 else (B, self.h)
        return x, np.broadcast_to(as_array("h0", h0, shape, self.dtype), (B, self.h))
