"""The LSTM: a memory c that is passed on as it is, and three gates that say what goes in, what stays, what is shown.

With column vectors, σ(u) = 1/(1 + exp(-u)), and ∘ entry by entry:

    i_t = σ(W_ix x_t + W_ih h_{t-1} + b_i)    what goes in        g_t = tanh(W_gx x_t + W_gh h_{t-1} + b_g)
    f_t = σ(W_fx x_t + W_fh h_{t-1} + b_f)    what stays          c_t = f_t ∘ c_{t-1} + i_t ∘ g_t
    o_t = σ(W_ox x_t + W_oh h_{t-1} + b_o)    what is shown       h_t = o_t ∘ tanh(c_t)

The state is (h, c), 2h numbers. The four blocks lie below each other in W_hx, W_hh and b_h, in the order i, f, g, o.
As in the books o is two things: here the gate, `tape.gates["o"]`, while `tape.o` is what the read-out says.
Sources: Hochreiter & Schmidhuber 1997, "Long short-term memory"; Gers, Schmidhuber & Cummins 2000, "Learning to
forget", for f; D2L, "Long Short-Term Memory (LSTM)". Order of the blocks as in PyTorch.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from ._checks import as_count, as_finite, as_rng, unmasked
from .cell import EXP, Cell, CellTape, fill_from_input, flat, gaussian, sent_through, to_gate

__all__ = ["LSTM", "LSTMTape"]


@dataclass(frozen=True)
class LSTMTape(CellTape):
    """The tape of an LSTM: x (T,B,d), h (T+1,B,2h) with (h_t, c_t) as row t, o (T,B,q), and the gates.

    δ at (h_t, c_t) comes together at c_t, and from there reaches c_{t-1} and the gates:

        δc = δ_c + δ_h ∘ o ∘ (1 - tanh²c_t)            c_{t-1}: f ∘ δc            h_{t-1}: W_hhᵀ ∂L/∂u_t
        ∂L/∂u_i = i(1-i) ∘ g ∘ δc        ∂L/∂u_f = f(1-f) ∘ c_{t-1} ∘ δc
        ∂L/∂u_g = (1-g²) ∘ i ∘ δc        ∂L/∂u_o = o(1-o) ∘ tanh(c_t) ∘ δ_h

    >>> tape = LSTM.random(d=2, h=3, q=2).forward(np.eye(2))
    >>> tape.h.shape, list(tape.gates), tape.jacobian(1).shape
    ((3, 1, 6), ['i', 'f', 'g', 'o'], (1, 6, 6))
    """

    wide = ("h", "ifog", "tanh_c")

    ifog: NDArray  # (T+1,B,4h)
    tanh_c: NDArray  # (T+1,B,h)

    @property
    def c(self) -> NDArray:
        """c_t as row t, (T+1,B,h)."""
        return self.h[..., self.net.h :]

    @cached_property
    def gates(self) -> dict[str, NDArray]:
        i, f, o, g = np.split(self.ifog, 4, axis=-1)
        return {"i": i, "f": f, "g": g, "o": o}

    @cached_property
    def shown(self) -> NDArray:
        """o ∘ (1 - tanh²c_t), how c_t shows in h_t, (T+1,B,h)."""
        return self.gates["o"] * (1 - self.tanh_c**2)

    @cached_property
    def slopes(self) -> NDArray:
        """(T+1,B,5,h): what δc is multiplied by to reach c_{t-1}, u_i, u_f, u_g, and δ_h to reach u_o."""
        i, f, g, o = (gate[1:] for gate in self.gates.values())
        S = np.zeros((*self.tanh_c.shape[:2], 5, self.net.h), self.tanh_c.dtype)
        S[1:, :, 0] = f
        S[1:, :, 1] = i * (1 - i) * g
        S[1:, :, 2] = f * (1 - f) * self.c[:-1]
        S[1:, :, 3] = (1 - g**2) * i
        S[1:, :, 4] = o * (1 - o) * self.tanh_c[1:]
        return S

    def back(self, delta: NDArray, t: int | slice) -> NDArray:
        """What δ is worth at c_{t-1}, u_i, u_f, u_g and u_o, (…,B,5,h)."""
        S, h = self.slopes[t], self.net.h
        dh = delta[..., :h]
        dc = self.shown[t] * dh
        dc += delta[..., h:]
        found = S * dc[..., None, :]
        np.multiply(S[..., 4, :], dh, found[..., 4, :])
        return found

    def to_u(self, delta: NDArray, t: int | slice) -> NDArray:
        return flat(self.back(delta, t)[..., 1:, :])

    def carry(self, delta: NDArray, t: int | slice) -> NDArray:
        found = self.back(delta, t)
        dL_dh = sent_through(flat(found[..., 1:, :]), self.net.W_hh)
        return np.concatenate([dL_dh, found[..., 0, :]], axis=-1)


class LSTM(Cell):
    """A layer of LSTM units and a linear read-out.

    W_hx (4h,d)  W_hh (4h,h)  W_qh (q,h)  b_h (4h,)  b_q (q,), rows in blocks i, f, g, o; biases default to 0.
    h0 is (B,2h) or (2h,), h first, c second, or a pair (h0, c0), each (B,h) or (h,).
    dtype as in RNN. Raises ValueError for shapes that do not fit, NaN or infinity; TypeError for what is no number.

    >>> keeps = LSTM(np.zeros((4, 1)), np.zeros((4, 1)), [[1.0]], b_h=[-99.0, 99.0, 0.0, 99.0])  # i = 0, f = 1, o = 1
    >>> tape = keeps.forward(np.ones((3, 1)), h0=([0.0], [0.5]))
    >>> tape.c.ravel(), tape.gates["f"][1:].ravel()
    (array([0.5, 0.5, 0.5, 0.5]), array([1., 1., 1.]))
    """

    tape, stacked, states = LSTMTape, 4, 2
    blocks = {
        "W_hx": ("W_ix", "W_fx", "W_gx", "W_ox"),
        "W_hh": ("W_ih", "W_fh", "W_gh", "W_oh"),
        "b_h": ("b_i", "b_f", "b_g", "b_o"),
    }

    def __init__(
        self,
        W_hx: ArrayLike,
        W_hh: ArrayLike,
        W_qh: ArrayLike,
        b_h: ArrayLike | None = None,
        b_q: ArrayLike | None = None,
        dtype: DTypeLike = float,
    ):
        self._take(W_hx, W_hh, W_qh, dtype, b_h=b_h, b_q=b_q)

    @classmethod
    def random(
        cls,
        d: int,
        h: int,
        q: int,
        seed: int | np.random.Generator = 0,
        forget_bias: float = 1.0,
        dtype: DTypeLike = float,
    ) -> "LSTM":
        """Draw Gaussian weights of variance 1/fan-in, d in W_hx, h in the others; b_f = forget_bias, other biases 0.

        A gate that hears nothing keeps σ(b_f) of c at each step: 0.73 for 1, 0.5 for 0. The same seed gives the same
        weights under every bias. Raises ValueError for sizes below 1 or a bias that is not finite.

        >>> LSTM.random(d=3, h=8, q=2, seed=0)
        LSTM(d=3, h=8, q=2)
        """
        d, h, q = as_count("d", d), as_count("h", h), as_count("q", q)
        b_h = np.zeros(4 * h)
        b_h[h : 2 * h] = as_finite("forget_bias", forget_bias)
        return cls(*gaussian(as_rng(seed), (4 * h, d), (4 * h, h), (q, h)), b_h, dtype=dtype)

    def _run(self, x: NDArray, h: NDArray) -> tuple[NDArray, NDArray]:
        units, exp = self.h, EXP[self.dtype.kind]
        u, tanh_c = (np.zeros((*h.shape[:2], n), self.dtype) for n in (4 * units, units))
        fill_from_input(u, x, gates_negated(self.W_hx), gates_negated(self.b_h))
        W_hh_T, product = np.ascontiguousarray(gates_negated(self.W_hh).T), np.empty_like(u[0])
        h, c = h[..., :units], h[..., units:]
        h_prev, c_prev = h[0], c[0]
        views = u, u[..., : 3 * units], *np.split(u, 4, axis=-1), h, c, tanh_c
        for u_t, ifo, i, f, o, g, h_t, c_t, tanh_c_t in zip(*(view[1:] for view in views), strict=True):
            u_t += np.dot(h_prev, W_hh_T, product)
            to_gate(ifo, exp)
            np.tanh(g, g)
            np.multiply(f, c_prev, c_t)
            c_t += i * g
            np.multiply(o, np.tanh(c_t, tanh_c_t), h_t)
            h_prev, c_prev = h_t, c_t
        return u, tanh_c

    def as_input(self, x: ArrayLike, h0: ArrayLike | tuple | None) -> tuple[NDArray, NDArray]:
        return super().as_input(x, together(h0) if isinstance(h0, tuple) else h0)


def gates_negated(W: NDArray) -> NDArray:
    """The blocks i, f, g, o as -i, -f, -o, g: what goes into exp(-u) lies side by side."""
    i, f, g, o = np.split(W, 4)
    return np.concatenate([-i, -f, -o, g])


def together(pair: tuple) -> NDArray:
    """(h0, c0), each (B,h) or (h,), as one array (B,2h) or (2h,)."""
    if len(pair) != 2:
        raise ValueError(f"h0 must be one array or a pair (h0, c0), got a tuple of {len(pair)}")
    h0, c0 = (unmasked(name, one) for name, one in zip(("h0", "c0"), pair, strict=True))
    if h0.shape != c0.shape or h0.ndim not in (1, 2):
        raise ValueError(f"h0 and c0 must both have shape (B, h) or (h,), got {h0.shape} and {c0.shape}")
    return np.concatenate([h0, c0], axis=-1)
