"""The GRU: one gate z mixes the old state with a new one, another, r, says how much of the old the new one hears.

With column vectors, σ(u) = 1/(1 + exp(-u)), and ∘ entry by entry:

    r_t = σ(W_rx x_t + W_rh h_{t-1} + b_r)        n_t = tanh(W_nx x_t + b_nx + r_t ∘ (W_nh h_{t-1} + b_n))
    z_t = σ(W_zx x_t + W_zh h_{t-1} + b_z)        h_t = z_t ∘ h_{t-1} + (1 - z_t) ∘ n_t

z = 1 keeps. The three blocks lie below each other in W_hx, W_hh and b_h, in the order r, z, n; b_n stands alone.
The reset comes after the product, as in PyTorch. D2L and Cho et al. have it before, W_nh (r_t ∘ h_{t-1}), and no b_n:
another network, unless b_n = 0 and all r of a step are equal. Both have z = 1 for keeping; other books turn it around.
Sources: Cho et al. 2014, "Learning phrase representations using RNN encoder-decoder …"; D2L, "Gated Recurrent Units".
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from ._checks import as_count, as_finite, as_rng
from .cell import EXP, Cell, fill_from_input, gaussian, mixed, to_gate
from .leaky import MixTape

__all__ = ["GRU", "GRUTape"]


@dataclass(frozen=True)
class GRUTape(MixTape):
    """The tape of a GRU: x (T,B,d), h (T+1,B,h), o (T,B,q), the gates, and m_t = W_nh h_{t-1} + b_n.

    Its u are four blocks: n's part from the input, r, z, and m. W_hx makes the first three, W_hh the last three.

        ∂L/∂u_n = (1-n²) ∘ (1-z) ∘ δ        ∂L/∂u_r = r(1-r) ∘ m ∘ ∂L/∂u_n
        ∂L/∂u_z = z(1-z) ∘ (h_{t-1} - n) ∘ δ        ∂L/∂m = r ∘ ∂L/∂u_n

    >>> tape = GRU.random(d=2, h=3, q=2).forward(np.eye(2))
    >>> tape.h.shape, list(tape.gates), tape.jacobian(1).shape
    ((3, 1, 3), ['r', 'z', 'n'], (1, 3, 3))
    """

    wide = ("h", "rzn", "m")

    rzn: NDArray  # (T+1,B,3h)
    m: NDArray  # (T+1,B,h)

    @cached_property
    def gates(self) -> dict[str, NDArray]:
        return dict(zip("rzn", np.split(self.rzn, 3, axis=-1), strict=True))

    @cached_property
    def slopes(self) -> NDArray:
        """What δ is multiplied by to reach n's input part, r, z, m, and h_{t-1} itself: (T+1,B,5,h)."""
        r, z, n = (gate[1:] for gate in self.gates.values())
        S = np.zeros((*self.m.shape[:2], 5, self.net.h), self.m.dtype)
        to_n = S[1:, :, 0]
        to_n[:] = (1 - n**2) * (1 - z)
        S[1:, :, 1] = r * (1 - r) * self.m[1:] * to_n
        S[1:, :, 2] = z * (1 - z) * (self.h[:-1] - n)
        S[1:, :, 3] = r * to_n
        S[1:, :, 4] = z
        return S

    def sort(self, x: Callable, h: Callable, one: Callable) -> dict[str, NDArray]:
        units = self.net.h
        return {
            "W_hx": np.roll(x(slice(3 * units)), -units, axis=-2),  # n, r, z → r, z, n
            "W_hh": h(slice(units, None)),
            "b_h": np.roll(one(slice(3 * units)), -units, axis=-1),
            "b_n": one(slice(3 * units, None)),
        }


class GRU(Cell):
    """A layer of GRU units and a linear read-out.

    W_hx (3h,d)  W_hh (3h,h)  W_qh (q,h)  b_h (3h,)  b_n (h,)  b_q (q,), rows in blocks r, z, n; biases default to 0.
    dtype as in RNN. Raises ValueError for shapes that do not fit, NaN or infinity; TypeError for what is no number.

    >>> keeps = GRU(np.zeros((3, 1)), np.zeros((3, 1)), [[1.0]], b_h=[0.0, 99.0, 0.0])  # z = 1
    >>> keeps.forward(np.ones((3, 1)), h0=[0.5]).h.ravel()
    array([0.5, 0.5, 0.5, 0.5])
    """

    tape, stacked = GRUTape, 3
    names = ("W_hx", "W_hh", "W_qh", "b_h", "b_n", "b_q")
    blocks = {
        "W_hx": ("W_rx", "W_zx", "W_nx"),
        "W_hh": ("W_rh", "W_zh", "W_nh"),
        "b_h": ("b_r", "b_z", "b_nx"),
    }

    def __init__(
        self,
        W_hx: ArrayLike,
        W_hh: ArrayLike,
        W_qh: ArrayLike,
        b_h: ArrayLike | None = None,
        b_n: ArrayLike | None = None,
        b_q: ArrayLike | None = None,
        dtype: DTypeLike = float,
    ):
        self._take(W_hx, W_hh, W_qh, dtype, b_h=b_h, b_n=b_n, b_q=b_q)

    @classmethod
    def random(
        cls,
        d: int,
        h: int,
        q: int,
        seed: int | np.random.Generator = 0,
        update_bias: float = 0.0,
        dtype: DTypeLike = float,
    ) -> "GRU":
        """Draw Gaussian weights of variance 1/fan-in, d in W_hx, h in the others; b_z = update_bias, other biases 0.

        A gate that hears nothing keeps σ(b_z) of h at each step. The same seed gives the same weights under every
        bias. Raises ValueError for sizes below 1 or a bias that is not finite.

        >>> GRU.random(d=3, h=8, q=2, seed=0)
        GRU(d=3, h=8, q=2)
        """
        d, h, q = as_count("d", d), as_count("h", h), as_count("q", q)
        b_h = np.zeros(3 * h)
        b_h[h : 2 * h] = as_finite("update_bias", update_bias)
        return cls(*gaussian(as_rng(seed), (3 * h, d), (3 * h, h), (q, h)), b_h, dtype=dtype)

    def _run(self, x: NDArray, h: NDArray) -> tuple[NDArray, NDArray]:
        units, exp = self.h, EXP[self.dtype.kind]
        u, m = np.zeros((*h.shape[:2], 3 * units), self.dtype), np.zeros_like(h)
        fill_from_input(u, x, gates_negated(self.W_hx), gates_negated(self.b_h))
        W_hh_T, product = np.ascontiguousarray(gates_negated(self.W_hh).T), np.empty_like(u[0])
        h_prev, of_rz, of_n = h[0], product[:, : 2 * units], product[:, 2 * units :]
        views = u[..., : 2 * units], *np.split(u, 3, axis=-1), m, h
        for rz, r, z, n, m_t, h_t in zip(*(view[1:] for view in views), strict=True):
            np.dot(h_prev, W_hh_T, product)
            rz += of_rz
            to_gate(rz, exp)
            np.add(of_n, self.b_n, m_t)
            n += r * m_t
            np.tanh(n, n)
            h_prev = mixed(z, h_prev, n, h_t)
        return u, m


def gates_negated(W: NDArray) -> NDArray:
    """The blocks r, z, n as -r, -z, n, for exp(-u)."""
    r, z, n = np.split(W, 3)
    return np.concatenate([-r, -z, n])
