"""What every network of the course shares: a recurrent layer, a linear read-out, and the tape of a forward pass.

    state_t = f(x_t, state_{t-1})      o_t = W_qh h_t + b_q

A cell says what a step does; reading, checking and gathering the gradients stand here once.
"""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from ._checks import as_array, as_kind, as_sequences, is_finite, overflow, unmasked
from .parameters import Parameters
from .tape import Tape, rows

__all__ = ["Cell", "CellTape", "sigmoid"]

ALL = slice(None)
NETWORKS = "RNN.random(d, h, q), LSTM.random(d, h, q) or GRU.random(d, h, q)"


def sigmoid(u: ArrayLike) -> NDArray:
    """σ(u) = 1/(1 + exp(-u)) = (1 + tanh(u/2))/2: without overflow for any u, and for complex ones as well.

    >>> sigmoid([-1000.0, 0.0, 1.0]).round(3)
    array([0.   , 0.5  , 0.731])
    """
    return (1 + np.tanh(np.asarray(u) / 2)) / 2


def capped_exp(u: NDArray, out: NDArray) -> NDArray:
    """exp(u) as far as numbers go: a complex infinity would be NaN in 1/(1 + exp(u)), where a real one is 0."""
    return np.exp(np.minimum(u, 700), out)


EXP = {"f": np.exp, "c": capped_exp}  # by kind of number


def to_gate(negated: NDArray, exp: Callable) -> None:
    """-u becomes σ(u) = 1/(1 + exp(-u)), in place: beside tanh the quicker way, and a step has little else to do."""
    exp(negated, negated)
    negated += 1
    np.reciprocal(negated, negated)


def mixed(z: NDArray, h_prev: NDArray, n: NDArray, h_t: NDArray) -> NDArray:
    """z ∘ h_{t-1} + (1 - z) ∘ n into h_t, as n + z ∘ (h_{t-1} - n)."""
    np.subtract(h_prev, n, h_t)
    h_t *= z
    h_t += n
    return h_t


def fill_from_input(u: NDArray, x: NDArray, W_hx: NDArray, b_h: NDArray) -> None:
    """W_hx x_t + b_h into u_t, for all steps at once; only W_hh h_{t-1} must wait for h_{t-1}."""
    np.matmul(rows(x), W_hx.T, out=rows(u[1:]))
    u[1:] += b_h


def gaussian(rng: np.random.Generator, *shapes: tuple[int, int]) -> list[NDArray]:
    """Gaussian weights of variance 1/fan-in: what has n columns gathers n things."""
    return [rng.standard_normal(shape) / np.sqrt(shape[1]) for shape in shapes]


@dataclass(frozen=True)
class CellTape(Tape):
    """What the tapes of all cells share: h_t, the first `net.h` numbers of a state, goes to the read-out and to W_hh.

    `copies` counts how often the pass lies side by side, see `Tape.side_by_side`.
    """

    wide: ClassVar[tuple[str, ...]] = ("h",)  # what has a row for each sequence and is asked for by `carry`

    net: "Cell"
    x: NDArray
    h: NDArray
    o: NDArray
    copies: int = field(default=1, kw_only=True)

    @cached_property
    def hidden(self) -> NDArray:
        return self.h[..., : self.net.h]

    def inject(self, dL_do: NDArray) -> NDArray:
        W_qh = self.net.W_qh
        delta = np.zeros((len(self.h), dL_do.shape[1], self.net.s), np.result_type(dL_do, W_qh))
        np.matmul(rows(dL_do), W_qh, out=rows(delta[1:, :, : self.net.h]))
        return np.tile(delta, (1, self.copies, 1)) if self.copies > 1 else delta

    def met(self, t: int) -> NDArray:
        return np.concatenate([self.x[t - 1], self.hidden[t - 1], np.ones((self.x.shape[1], 1))], axis=-1)

    def sort(self, x: Callable, h: Callable, one: Callable) -> dict[str, NDArray]:
        """The recurrent parameters by name: x(rows) is what these rows of u gather from x_t; so h, one.

        Each gathers from all rows, unless a cell says otherwise.
        """
        return {"W_hx": x(ALL), "W_hh": h(ALL), "b_h": one(ALL)}

    def named(self, recurrent: NDArray) -> Parameters:
        d, h = self.net.d, self.net.h
        found = self.sort(lambda u: recurrent[u, :d], lambda u: recurrent[u, d : d + h], lambda u: recurrent[u, d + h])
        return self.in_order(found, np.zeros_like(self.net.W_qh), np.zeros_like(self.net.b_q))

    def collect(self, dL_do: NDArray, delta: NDArray) -> Parameters:
        """Σ_t Σ_b ∂L/∂u_t v_tᵀ for what each weight multiplies, v = x_t, h_{t-1} or 1, and ∂L/∂o_t h_tᵀ, ∂L/∂o_t."""
        steps = slice(1, None)
        dL_du = self.to_u(delta[..., steps, :, :], steps)
        found = self.sort(
            lambda u: gathered(dL_du[..., u], self.x),
            lambda u: gathered(dL_du[..., u], self.hidden[:-1]),  # h_{t-1}: the first term holds h_0
            lambda u: dL_du[..., u].sum(axis=(-3, -2)),
        )
        return self.in_order(found, *self.of_readout(dL_do, dL_du.shape[:-3]))

    def of_readout(self, dL_do: NDArray, many: tuple[int, ...]) -> tuple[NDArray, NDArray]:
        """∂L/∂W_qh = Σ_t Σ_b ∂L/∂o_t h_tᵀ and ∂L/∂b_q = Σ_t Σ_b ∂L/∂o_t, `many` times over: the same under any ξ."""
        found = rows(dL_do).T @ rows(self.hidden[1:]), dL_do.sum(axis=(0, 1))
        return tuple(np.broadcast_to(one, (*many, *one.shape)) for one in found) if many else found

    def in_order(self, found: dict[str, NDArray], W_qh: NDArray, b_q: NDArray) -> Parameters:
        """In the order of the network's parameters."""
        found |= {"W_qh": W_qh, "b_q": b_q}
        return Parameters(**{name: found[name] for name in self.net.names})

    def side_by_side(self, n: int) -> "CellTape":
        wide = {name: np.tile(getattr(self, name), (1, n, 1)) for name in self.wide}
        return replace(self, **wide, copies=n * self.copies)


def flat(blocks: NDArray) -> NDArray:
    """(…,n,h) as (…,n·h)."""
    *many, n, h = blocks.shape
    return blocks.reshape(*many, n * h)


def sent_through(dL_du: NDArray, W: NDArray) -> NDArray:
    """Wᵀ ∂L/∂u, (…,B,m) → (…,B,h)."""
    if dL_du.ndim == 2:  # one step, as in the sweep: nothing else stands between the two products
        return dL_du.dot(W)
    return rows(dL_du).dot(W).reshape(*dL_du.shape[:-1], W.shape[1])


def gathered(dL_du: NDArray, v: NDArray) -> NDArray:
    """Σ_t Σ_b ∂L/∂u_t v_tᵀ: (…,T,B,m) and (T,B,n) → (…,m,n)."""
    columns = dL_du.reshape(*dL_du.shape[:-3], -1, dL_du.shape[-1]).swapaxes(-1, -2)  # (…,m,T·B)
    return columns @ rows(v)


class Cell:
    """A recurrent layer and a linear read-out: RNN, LSTM, GRU, Leaky, MinimalGRU, and every function takes each.

    d inputs, h hidden units, q outputs, a state of s numbers (2h for the LSTM, else h).

    >>> from bpttlib import GRU, LSTM
    >>> [(net.s, isinstance(net, Cell)) for net in (LSTM.random(d=3, h=4, q=2), GRU.random(d=3, h=4, q=2))]
    [(8, True), (4, True)]
    """

    names: ClassVar[tuple[str, ...]] = ("W_hx", "W_hh", "W_qh", "b_h", "b_q")
    blocks: ClassVar[Mapping[str, tuple[str, ...]]] = {}  # what the blocks of rows are called, where there are several
    options: ClassVar[tuple[str, ...]] = ()  # what belongs to a network and is no parameter
    stacked: ClassVar[int] = 1  # how many blocks of rows W_hx and W_hh have
    states: ClassVar[int] = 1  # how many vectors of h numbers make a state

    def _take(
        self, W_hx: ArrayLike, W_hh: ArrayLike | None, W_qh: ArrayLike, dtype: DTypeLike, **biases: ArrayLike
    ) -> None:
        """Check the parameters and keep them; a bias that is not given is 0. Not every cell has a W_hh."""
        dtype = as_kind(dtype)
        self.W_hx = as_array("W_hx", W_hx, ("h" if self.stacked == 1 else f"{self.stacked}h", "d"), dtype)
        m, d = self.W_hx.shape
        h = m // self.stacked
        if m % self.stacked:
            raise ValueError(f"W_hx must have shape ({self.stacked}h, d), got {self.W_hx.shape}")
        if "W_hh" in self.names:
            self.W_hh = as_array("W_hh", W_hh, (m, h), dtype)
        self.W_qh = as_array("W_qh", W_qh, ("q", h), dtype)
        q = self.W_qh.shape[0]
        for name, b in biases.items():
            size = {"b_h": m, "b_q": q}.get(name, h)
            setattr(self, name, as_array(name, np.zeros(size) if b is None else b, (size,), dtype))
        self.d, self.h, self.q, self.s, self.dtype = d, h, q, self.states * h, self.W_hx.dtype

    @property
    def parameters(self) -> Parameters:
        """All of them by name."""
        return Parameters(**{name: getattr(self, name) for name in self.names})

    def with_parameters(self, parameters: Mapping[str, ArrayLike]) -> "Cell":
        """The same network with other parameters, in their type: complex ones make it complex."""
        options = {name: getattr(self, name) for name in self.options}
        return type(self)(**parameters, **options, dtype=np.result_type(*parameters.values()))

    def moved_to(self, parameters: Parameters) -> "Cell":
        """`with_parameters` for arrays that are known to fit: not checked, and not copied."""
        net = copy(self)
        vars(net).update(parameters)
        return net

    def by_gate(self, parameters: Mapping[str, NDArray]) -> Parameters:
        """Cut parameters, a gradient or anything of that layout into the blocks of each gate, by their names.

        Axes before theirs, as in `many_gradients`, may be any. Raises ValueError for names or shapes that do not fit.

        >>> from bpttlib import LSTM
        >>> lstm = LSTM.random(d=3, h=4, q=2, forget_bias=1.0)
        >>> blocks = lstm.by_gate(lstm.parameters)
        >>> blocks.W_fx.shape, blocks.W_fh.shape, blocks.b_f
        ((4, 3), (4, 4), array([1., 1., 1., 1.]))
        """
        if not isinstance(parameters, Mapping) or set(parameters) != set(self.names):
            raise ValueError(f"parameters must hold {', '.join(self.names)}, got {parameters!r:.80}")
        found = {}
        for name, array in parameters.items():
            names, shape = self.blocks.get(name, (name,)), getattr(self, name).shape
            if np.shape(array)[-len(shape) :] != shape:
                raise ValueError(f"{name} must have shape {shape}, or more axes before, got {np.shape(array)}")
            found |= zip(names, np.split(array, len(names), axis=-1 if name.startswith("b") else -2), strict=True)
        return Parameters(**found)

    def __repr__(self) -> str:
        options = "".join(f", {name}={getattr(self, name)!r}" for name in self.options)
        return f"{type(self).__name__}(d={self.d}, h={self.h}, q={self.q}{options})"

    def forward(self, x: ArrayLike, h0: ArrayLike | None = None) -> CellTape:
        """Read the sequences from the first step to the last.

        x   (T,B,d), or (T,d) for a single sequence (then B = 1 in the result).
        h0  (B,s) or (s,), the state before the first step; zeros if not given.
        Returns the tape for every sweep. Raises ValueError for shapes that do not fit, NaN or infinity.
        """
        return self.read(*self.as_input(x, h0))

    def read(self, x: NDArray, h0: NDArray) -> CellTape:
        """`forward` for input that `as_input` has seen."""
        T, B, _ = x.shape
        h = np.empty((T + 1, B, self.s), self.dtype)
        h[0] = h0
        with np.errstate(over="ignore", invalid="ignore"):
            kept = self._run(x, h)
            o = (rows(h[1:, :, : self.h]) @ self.W_qh.T + self.b_q).reshape(T, B, self.q)
            if not is_finite(o):
                raise overflow("states and outputs grow to")
        return self.tape(self, x, h, o, *kept)

    def _run(self, x: NDArray, h: NDArray) -> tuple[NDArray, ...]:
        """Fill in the states 1 … T behind state 0; return what else the tape keeps."""
        raise NotImplementedError

    def as_input(self, x: ArrayLike, h0: ArrayLike | None) -> tuple[NDArray, NDArray]:
        """x as (T,B,d) and h0 as (B,s), or the error that says what does not fit."""
        x = as_sequences(x, self.d, self.dtype)
        B = x.shape[1]
        h0 = np.zeros(self.s) if h0 is None else unmasked("h0", h0)
        shape = (self.s,) if h0.ndim == 1 else (B, self.s)
        return x, np.broadcast_to(as_array("h0", h0, shape, self.dtype), (B, self.s))


def as_cell(name: str, net: Cell) -> Cell:
    """A network with a state, for the sweeps go back through it: one of ours, or what knows as much and no more."""
    knows = not isinstance(net, type) and hasattr(net, "read") and hasattr(net, "with_parameters")
    if not knows or getattr(net, "s", None) == 0:
        raise TypeError(f"{name} must be a network such as {NETWORKS}, got {net!r:.60}")
    return net
