"""The minimal GRU: a GRU without W_hh, whose gate and proposal hear only the input, so that a step is linear in h.

    z_t = σ(W_zx x_t + b_z)      n_t = W_nx x_t + b_n      h_t = z_t ∘ h_{t-1} + (1 - z_t) ∘ n_t

z = 1 keeps, as in our GRU; the paper writes z and 1 - z the other way round. This is the recurrence of the course with
b_t = (1 - z_t) ∘ n_t and a diagonal c_t = z_t that are all known before the first step: `scanned_gradient` takes it.
The two blocks lie below each other in W_hx and b_h, in the order z, n.
Source: Feng, Tung, Ahmed, Bengio & Hajimirsadeghi 2024, "Were RNNs all we needed?".
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from ._checks import as_count, as_finite, as_rng
from .cell import EXP, Cell, fill_from_input, gaussian, to_gate
from .leaky import MixTape
from .parameters import Parameters

__all__ = ["MinimalGRU", "MinimalGRUTape"]


@dataclass(frozen=True)
class MinimalGRUTape(MixTape):
    """The tape of a minimal GRU: x (T,B,d), h (T+1,B,h), o (T,B,q), and the gates. What goes back goes straight.

        J_t = diag(z_t)        ∂L/∂u_z = z(1-z) ∘ (h_{t-1} - n) ∘ δ        ∂L/∂u_n = (1-z) ∘ δ

    >>> tape = MinimalGRU.random(d=2, h=3, q=2).forward(np.eye(2))
    >>> np.allclose(tape.jacobian(2)[0], np.diag(tape.gates["z"][2, 0]))
    True
    """

    wide = ("h", "zn")

    zn: NDArray  # (T+1,B,2h)

    @cached_property
    def gates(self) -> dict[str, NDArray]:
        return dict(zip("zn", np.split(self.zn, 2, axis=-1), strict=True))

    @cached_property
    def slopes(self) -> NDArray:
        """u is (what makes z, n): (T+1,B,3,h)."""
        z, n = (gate[1:] for gate in self.gates.values())
        S = np.zeros((*self.h.shape[:2], 3, self.net.h), self.h.dtype)
        S[1:, :, 0] = z * (1 - z) * (self.h[:-1] - n)
        S[1:, :, 1] = 1 - z
        S[1:, :, 2] = z
        return S

    def carry(self, delta: NDArray, t: int | slice) -> NDArray:
        return self.gates["z"][t] * delta

    def met(self, t: int) -> NDArray:
        return np.concatenate([self.x[t - 1], np.ones((self.x.shape[1], 1))], axis=-1)

    def named(self, recurrent: NDArray) -> Parameters:
        found = {"W_hx": recurrent[:, :-1], "b_h": recurrent[:, -1]}
        return self.in_order(found, np.zeros_like(self.net.W_qh), np.zeros_like(self.net.b_q))

    def sort(self, x: Callable, h: Callable, one: Callable) -> dict[str, NDArray]:
        return {"W_hx": x(slice(None)), "b_h": one(slice(None))}


class MinimalGRU(Cell):
    """A layer of minimal GRU units and a linear read-out.

    W_hx (2h,d)  W_qh (q,h)  b_h (2h,)  b_q (q,), rows in blocks z, n; biases default to 0. There is no W_hh.
    dtype and errors as in GRU.

    >>> keeps_half = MinimalGRU([[0.0], [1.0]], [[1.0]])  # z = ½, n = x
    >>> keeps_half.forward([[8.0], [0.0], [0.0]]).o.ravel()
    array([4., 2., 1.])
    """

    tape, stacked = MinimalGRUTape, 2
    names = ("W_hx", "W_qh", "b_h", "b_q")
    blocks = {"W_hx": ("W_zx", "W_nx"), "b_h": ("b_z", "b_n")}

    def __init__(
        self,
        W_hx: ArrayLike,
        W_qh: ArrayLike,
        b_h: ArrayLike | None = None,
        b_q: ArrayLike | None = None,
        dtype: DTypeLike = float,
    ):
        self._take(W_hx, None, W_qh, dtype, b_h=b_h, b_q=b_q)

    @classmethod
    def random(
        cls,
        d: int,
        h: int,
        q: int,
        seed: int | np.random.Generator = 0,
        update_bias: float = 0.0,
        dtype: DTypeLike = float,
    ) -> "MinimalGRU":
        """Draw Gaussian weights of variance 1/fan-in, d in W_hx, h in W_qh; b_z = update_bias, other biases 0.

        As in `GRU.random`: the same seed gives the same weights under every bias, and the errors are those.

        >>> MinimalGRU.random(d=3, h=8, q=2, seed=0)
        MinimalGRU(d=3, h=8, q=2)
        """
        d, h, q = as_count("d", d), as_count("h", h), as_count("q", q)
        b_h = np.append(np.full(h, as_finite("update_bias", update_bias)), np.zeros(h))
        return cls(*gaussian(as_rng(seed), (2 * h, d), (q, h)), b_h, dtype=dtype)

    def steps(self, x: NDArray, h: NDArray) -> tuple[NDArray, NDArray]:
        """All that needs no state: b_t into h_t; returns c_t (T,B,h), and the gates for the tape."""
        zn = np.zeros((*h.shape[:2], 2 * self.h), self.dtype)
        z, n = np.split(zn, 2, axis=-1)
        sign = np.repeat([-1, 1], self.h)  # -u for exp(-u)
        fill_from_input(zn, x, sign[:, None] * self.W_hx, sign * self.b_h)
        to_gate(z[1:], EXP[self.dtype.kind])
        np.multiply(1 - z[1:], n[1:], h[1:])
        return z[1:], zn

    def _run(self, x: NDArray, h: NDArray) -> tuple[NDArray]:
        c, zn = self.steps(x, h)
        h_prev = h[0]
        for c_t, h_t in zip(c, h[1:], strict=True):
            h_t += c_t * h_prev
            h_prev = h_t
        return (zn,)
