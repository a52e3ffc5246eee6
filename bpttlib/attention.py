"""Attention: no recurrence at all. Every step reads every step before it directly, so that each path has length one.

    ask_t = W_ask x_t     key_i = W_key x_i     value_i = W_value x_i        (elsewhere: query, key and value)

    A[t,i] = softmax_{i≤t}( ask_t · key_i / √m )        h_t = Σ_{i≤t} A[t,i] value_i        o_t = W_qh h_t + b_q

There is no state, hence no tape and no sweep: a loss at step t reaches the use at step i through A[t,i] alone. What it
costs instead is a pair for every i ≤ t. One head, one layer; without `positions` a step cannot tell the order of
those before it. Inside, the batch stands first: (B,T,·).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from ._checks import as_array, as_count, as_kind, as_rng, as_sequences, is_finite, overflow
from .cell import gaussian
from .parameters import Parameters
from .problem import Problem

__all__ = ["Attention", "Gradient", "Read", "gradient", "path_norms", "path_shares", "positions"]


@dataclass(frozen=True)
class Read:
    """What a forward pass leaves behind: A (B,T,T), `A[b, t-1, i-1]`, asks and keys (B,T,m), values (B,T,h)."""

    A: NDArray
    ask: NDArray
    key: NDArray
    value: NDArray
    h: NDArray  # (T,B,h), row t-1 is h_t: there is no h_0
    o: NDArray  # (T,B,q)


class Attention:
    """One causal head of attention and a linear read-out.

    W_ask (m,d)  W_key (m,d)  W_value (h,d)  W_qh (q,h)  b_q (q,), 0 if not given. `Problem`, `complex_step` and the
    optimizers take it as they take an RNN; the sweeps do not.
    Raises ValueError for shapes that do not fit, NaN or infinity; TypeError for what is no number.
    Source: Vaswani et al. 2017, "Attention is all you need".

    >>> mean = Attention(W_ask=[[0.0]], W_key=[[0.0]], W_value=[[1.0]], W_qh=[[1.0]])
    >>> mean.forward([[4.0], [2.0], [0.0]]).o.ravel()  # it asks nothing, and so all before count alike
    array([4., 3., 2.])
    """

    s = 0  # how many numbers a state has, by which the sweeps know that there is none

    def __init__(
        self,
        W_ask: ArrayLike,
        W_key: ArrayLike,
        W_value: ArrayLike,
        W_qh: ArrayLike,
        b_q: ArrayLike | None = None,
        dtype: DTypeLike = float,
    ):
        dtype = as_kind(dtype)
        self.W_ask = as_array("W_ask", W_ask, ("m", "d"), dtype)
        self.m, self.d = self.W_ask.shape
        self.W_key = as_array("W_key", W_key, (self.m, self.d), dtype)
        self.W_value = as_array("W_value", W_value, ("h", self.d), dtype)
        self.h = len(self.W_value)
        self.W_qh = as_array("W_qh", W_qh, ("q", self.h), dtype)
        self.q, self.dtype = len(self.W_qh), self.W_qh.dtype
        self.b_q = as_array("b_q", np.zeros(self.q) if b_q is None else b_q, (self.q,), dtype)

    @property
    def parameters(self) -> Parameters:
        """All five by name."""
        return Parameters(W_ask=self.W_ask, W_key=self.W_key, W_value=self.W_value, W_qh=self.W_qh, b_q=self.b_q)

    def with_parameters(self, parameters: Mapping[str, ArrayLike]) -> "Attention":
        """The same layer with other parameters, in their type: complex ones make it complex."""
        return Attention(**parameters, dtype=np.result_type(*parameters.values()))

    def __repr__(self) -> str:
        return f"Attention(d={self.d}, m={self.m}, h={self.h}, q={self.q})"

    @classmethod
    def random(cls, d: int, m: int, h: int, q: int, seed: int | np.random.Generator = 0) -> "Attention":
        """Draw Gaussian weights of variance 1/fan-in. Raises ValueError for sizes below 1.

        >>> Attention.random(d=3, m=2, h=4, q=3)
        Attention(d=3, m=2, h=4, q=3)
        """
        d, m, h, q = as_count("d", d), as_count("m", m), as_count("h", h), as_count("q", q)
        return cls(*gaussian(as_rng(seed), (m, d), (m, d), (h, d), (q, h)))

    def forward(self, x: ArrayLike) -> Read:
        """Read the sequences x (T,B,d), or (T,d) for a single one.

        Raises ValueError for shapes that do not fit, NaN or infinity, also where scores grow to them.
        """
        return self.read(*self.as_input(x, None))

    def read(self, x: NDArray, _: NDArray) -> Read:
        """`forward` for input that `as_input` has seen."""
        x = x.swapaxes(0, 1)
        with np.errstate(over="ignore", invalid="ignore"):
            ask, key, value = (x @ W.T for W in (self.W_ask, self.W_key, self.W_value))
            A = causal_softmax(ask @ key.swapaxes(1, 2) / np.sqrt(self.m))
            h = (A @ value).swapaxes(0, 1)
            o = h @ self.W_qh.T + self.b_q
            if not is_finite(o):
                raise overflow("scores and outputs grow to")
        return Read(A, ask, key, value, h, o)

    def as_input(self, x: ArrayLike, h0: None) -> tuple[NDArray, NDArray]:
        """x as (T,B,d), and (B,0) for the state that there is not."""
        if h0 is not None:
            raise ValueError("attention has no state, so that h0 must be None")
        x = as_sequences(x, self.d, self.dtype)
        return x, np.zeros((x.shape[1], self.s))


def causal_softmax(score: NDArray) -> NDArray:
    """exp(score) over its sum, row by row over i ≤ t, and 0 for what is to come."""
    past = np.tri(score.shape[-1], dtype=bool)
    highest = np.where(past, score.real, -np.inf).max(axis=-1, keepdims=True)
    weights = np.exp(np.where(past, score - highest, -np.inf))
    return weights / weights.sum(axis=-1, keepdims=True)


def positions(T: int, n: int = 4) -> NDArray:
    """A fixed code of the step, to be put beside x: the hands of n clocks that turn once in 4, 8, 16 … steps, (T,2n).

    Without it attention hears what was said before, not when. A shift by k steps turns every hand by a fixed angle,
    and so one W_ask and W_key can look k steps back from everywhere. Raises ValueError for counts below 1.

    >>> positions(3, 1).round(6) + 0
    array([[ 1.,  0.],
           [ 0.,  1.],
           [-1.,  0.]])
    """
    angle = 2 * np.pi * np.arange(as_count("T", T))[:, None] / 2.0 ** (2 + np.arange(as_count("n", n)))
    return np.concatenate([np.cos(angle), np.sin(angle)], axis=1)


class Gradient(Parameters):
    """∂L/∂ each parameter, and `loss`."""

    def __init__(self, parameters: Parameters, loss: float):
        super().__init__(**parameters)
        self.loss = loss


def gradient(
    net: Attention, x: ArrayLike, y: ArrayLike, loss: str = "cross_entropy", mask: ArrayLike | None = None
) -> Gradient:
    """Differentiate L by every parameter: one step back, for there is only one.

        ∂L/∂value_i = Σ_t A[t,i] δ_t        ∂L/∂score[t,i] = A[t,i] δ_t·(value_i - h_t)        δ_t = W_qhᵀ ∂L/∂o_t

    Arguments and errors as in `bpttlib.gradient`, without strategies: there is no walk to be cut short. TypeError for
    a network with a state.

    >>> net = Attention([[0.0]], [[0.0]], [[1.0]], [[1.0]])
    >>> gradient(net, [[4.0], [2.0]], [[4.0], [1.0]], loss="squared").W_value  # ½ (3 - 1) (½·4 + ½·2)
    array([[3.]])
    """
    problem = Problem(as_attention(net), x, y, loss, None, mask)
    read, L, dL_do = problem.evaluate()
    delta, dL_dscore = sent_to_pairs(net, read, dL_do)
    steps = problem.x.swapaxes(0, 1)
    found = Parameters(
        W_ask=over_steps(dL_dscore @ read.key, steps),
        W_key=over_steps(dL_dscore.swapaxes(1, 2) @ read.ask, steps),
        W_value=over_steps(read.A.swapaxes(1, 2) @ delta, steps),
        W_qh=over_steps(dL_do, read.h),
        b_q=dL_do.sum(axis=(0, 1)),
    )
    return Gradient(found, L)


def as_attention(net: Attention) -> Attention:
    """A network without a state: the others have sweeps."""
    if not isinstance(net, Attention):
        raise TypeError(f"net must be Attention, got {net!r:.60}: for a network with a state there is bpttlib.gradient")
    return net


def sent_to_pairs(net: Attention, read: Read, dL_do: NDArray) -> tuple[NDArray, NDArray]:
    """δ_t = ∂L/∂h_t (B,T,h), and ∂L/∂(ask_t · key_i) (B,T,T): the softmax only hears what differs from h_t."""
    delta = (dL_do @ net.W_qh).swapaxes(0, 1)
    dL_dA = delta @ read.value.swapaxes(1, 2)
    mean = (read.A * dL_dA).sum(axis=-1, keepdims=True)
    return delta, read.A * (dL_dA - mean) / np.sqrt(net.m)


def over_steps(left: NDArray, met: NDArray) -> NDArray:
    """Σ left metᵀ over all steps and sequences."""
    return np.einsum("ati,atj->ij", left, met)


def path_shares(
    net: Attention, x: ArrayLike, y: ArrayLike, loss: str = "cross_entropy", mask: ArrayLike | None = None
) -> Parameters:
    """Each pair's share of ∂L/∂W_value and of ∂L/∂W_key: used at step i, felt by the loss at step t.

        P[t,i] = Σ_b A[t,i] δ_t x_iᵀ        ∂L/∂W_value = Σ_t Σ_{i≤t} P[t,i]

    and with ∂L/∂(ask_t·key_i) ask_t x_iᵀ for W_key. No factor of it grows or shrinks with t - i.
    Returns W_value (T,T,h,d) and W_key (T,T,m,d), `[t-1, i-1]`, 0 for i > t: T² matrices, for short texts.
    Errors as in `gradient`.

    >>> net = Attention([[0.0]], [[0.0]], [[1.0]], [[1.0]])
    >>> path_shares(net, [[4.0], [2.0]], [[4.0], [1.0]], loss="squared").W_value[..., 0, 0]
    array([[0., 0.],
           [2., 1.]])
    """
    problem = Problem(as_attention(net), x, y, loss, None, mask)
    read, _, dL_do = problem.evaluate()
    delta, dL_dscore = sent_to_pairs(net, read, dL_do)
    factors = {"W_value": (read.A, delta), "W_key": (dL_dscore, read.ask)}  # a number for each pair, a vector at t
    share = partial(np.einsum, "bti,btm,bid->timd", optimize=True)
    steps = problem.x.swapaxes(0, 1)
    return Parameters(**{name: share(on_pair, at_t, steps) for name, (on_pair, at_t) in factors.items()})


def path_norms(
    net: Attention, x: ArrayLike, y: ArrayLike, loss: str = "cross_entropy", mask: ArrayLike | None = None
) -> NDArray:
    """How big is each pair's share of ∂L/∂W_value: N[t, i] = ‖P[t, i]‖_F of `path_shares`.

    Returns N (T,T), lower triangle, `N[t-1, i-1]`. Errors as in `gradient`.

    >>> net = Attention([[0.0]], [[0.0]], [[1.0]], [[1.0]])
    >>> path_norms(net, [[4.0], [2.0]], [[4.0], [1.0]], loss="squared")
    array([[0., 0.],
           [2., 1.]])
    """
    return np.linalg.norm(path_shares(net, x, y, loss, mask).W_value, axis=(2, 3))
