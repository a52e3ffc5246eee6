"""Backpropagation through time: one reverse sweep for every truncation but the window, which adds lags.

    δ_t = ∂L/∂h_t = W_qhᵀ ∂L/∂o_t + ξ_{t+1} J_{t+1}ᵀ δ_{t+1}        J_t = diag(φ'(u_t)) W_hh

In code `dL_dh[t-1]` is δ_t, because x, y, o and δ start at step 1 while `h[0]` is h_0.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_array
from .rnn import RNN, Trace, rows
from .truncation import Full, Seed, Strategy, Window, as_strategy

__all__ = ["Gradient", "complex_step", "gradient", "lag_norms", "many_gradients", "path_norms", "path_shares"]

PARAMETERS = ("W_hx", "W_hh", "W_qh", "b_h", "b_q")


@dataclass(frozen=True)
class Gradient:
    """∂L/∂ each parameter, in the parameter's shape; `loss` is L; `dL_dh` (T,B,h) holds δ_t, under Full ∂L/∂h_t."""

    W_hx: NDArray
    W_hh: NDArray
    W_qh: NDArray
    b_h: NDArray
    b_q: NDArray
    loss: float | None = None
    dL_dh: NDArray | None = None

    def flat(self) -> NDArray:
        """The five parameters one behind another in one vector."""
        return np.concatenate([getattr(self, name).ravel() for name in PARAMETERS])


# ---- losses: L = 1/(T·B) Σ_t Σ_b l(o_t, y_t) ----------------------------------------------------


def cross_entropy(o: NDArray, y: NDArray) -> tuple[NDArray, NDArray]:
    """l = log Σ exp(o) - o[y] and ∂l/∂o = softmax(o) - onehot(y)."""
    o = o - o.real.max(axis=-1, keepdims=True)
    log_softmax = o - np.log(np.exp(o).sum(axis=-1, keepdims=True))
    onehot = np.eye(o.shape[-1])[y]
    return -(onehot * log_softmax).sum(axis=-1), np.exp(log_softmax) - onehot


def squared(o: NDArray, y: NDArray) -> tuple[NDArray, NDArray]:
    """l = ½‖o - y‖² and ∂l/∂o = o - y."""
    return (o - y) ** 2 / 2, o - y


LOSSES: dict[str, Callable] = {"cross_entropy": cross_entropy, "squared": squared}


def evaluate(rnn: RNN, x: NDArray, y: NDArray, loss: str, h0: NDArray) -> tuple[Trace, complex, NDArray]:
    """The trace, L and ∂L/∂o_t (T,B,q), for arguments that `check` has seen."""
    trace = rnn.unroll(x, h0)
    losses, dl_do = LOSSES[loss](trace.o, y)
    n = x.shape[0] * x.shape[1]
    return trace, losses.sum() / n, dl_do / n


def check(
    rnn: RNN, x: ArrayLike, y: ArrayLike, loss: str, h0: ArrayLike | None
) -> tuple[NDArray, NDArray, str, NDArray]:
    """x (T,B,d), y, loss and h0 (B,h) as `evaluate` wants them, or the error that says what does not fit."""
    if not isinstance(loss, str) or loss not in LOSSES:
        raise ValueError(f"loss must be one of {', '.join(LOSSES)}, got {loss!r}")
    x, h0 = rnn.check_input(x, h0)
    return x, _check_targets(rnn, y, x.shape[:2], loss), loss, h0


def _check_targets(rnn: RNN, y: ArrayLike, TB: tuple[int, int], loss: str) -> NDArray:
    y = np.asarray(y)
    shape = (*TB, rnn.q) if loss == "squared" else TB
    y = y[:, None] if TB[1] == 1 and y.ndim == len(shape) - 1 else y
    if loss == "squared":
        return as_array("y", y, shape)
    if y.dtype.kind not in "iu":
        raise TypeError(f"for cross-entropy y must hold whole numbers, got dtype {y.dtype}")
    if y.shape != shape:
        raise ValueError(f"y must have shape {shape}, got {y.shape}")
    if y.min() < 0 or y.max() >= rnn.q:
        raise ValueError(f"y must lie in 0 … {rnn.q - 1}, got {y.min()} … {y.max()}")
    return y


# ---- the sweeps ---------------------------------------------------------------------------------


def reverse_sweep(rnn: RNN, trace: Trace, dL_do: NDArray, xi: NDArray) -> tuple[NDArray, NDArray]:
    """Walk once from step T to step 1 with edge weights ξ: O(T).

        ∂L/∂u_t = φ'(u_t)∘δ_t        δ_{t-1} = W_qhᵀ ∂L/∂o_{t-1} + ξ_t W_hhᵀ ∂L/∂u_t

    xi  (T,) or (T,B). Returns dL_dh = δ and dL_du, both (T,B,h).
    """
    dL_dh = (rows(dL_do) @ rnn.W_qh).reshape(trace.slope.shape)  # every loss reaches its own h_t directly
    dL_du, carried = np.empty_like(dL_dh), np.empty_like(dL_dh[0])
    xi = xi.reshape(len(xi), -1, 1)
    kept, plain = xi.any(axis=(1, 2)).tolist(), (xi == 1).all(axis=(1, 2)).tolist()
    np.multiply(trace.slope[-1], dL_dh[-1], dL_du[-1])
    for t in range(len(dL_dh) - 1, 0, -1):
        if kept[t]:  # where ξ is 0, nothing crosses the edge and no product is spent
            np.dot(dL_du[t], rnn.W_hh, carried)
            dL_dh[t - 1] += carried if plain[t] else xi[t] * carried
        np.multiply(trace.slope[t - 1], dL_dh[t - 1], dL_du[t - 1])
    return dL_dh, dL_du


def by_lag(rnn: RNN, trace: Trace, dL_do: NDArray) -> Iterator[NDArray]:
    """Follow all losses back together, one lag k = 0, 1, … T-1 at a time.

        D_0[t] = W_qhᵀ ∂L/∂o_t        D_{k+1}[t] = J_{t-k}ᵀ D_k[t]

    Yields D_k (T-k,B,h): what the losses at steps k+1 … T send to h at steps 1 … T-k.
    """
    D = (rows(dL_do) @ rnn.W_qh).reshape(trace.slope.shape)
    while len(D):
        yield D
        dL_du = D[1:] * trace.slope[1 : len(D)]
        D = (rows(dL_du) @ rnn.W_hh).reshape(dL_du.shape)


def window_sweep(rnn: RNN, trace: Trace, dL_do: NDArray, tau: int) -> tuple[NDArray, NDArray]:
    """Add up the first tau lags: tau-1 products over all steps at once. Returns dL_dh and dL_du (T,B,h)."""
    dL_dh = np.zeros_like(trace.slope)
    for _, D in zip(range(tau), by_lag(rnn, trace, dL_do), strict=False):
        dL_dh[: len(D)] += D
    return dL_dh, trace.slope * dL_dh


def gradient(
    rnn: RNN,
    x: ArrayLike,
    y: ArrayLike,
    strategy: Strategy | None = None,
    loss: str = "cross_entropy",
    h0: ArrayLike | None = None,
    seed: Seed = None,
) -> Gradient:
    """Differentiate L = 1/(T·B) Σ_t Σ_b l(o_t, y_t) by every parameter, truncated as `strategy` says.

        ∂L/∂W_hh = Σ_t φ'(u_t)∘δ_t h_{t-1}ᵀ     ∂L/∂W_qh = Σ_t ∂L/∂o_t h_tᵀ

    x (T,B,d) or (T,d); y whole numbers (T,B) for "cross_entropy", (T,B,q) for "squared"; strategy Full()
    if not given; h0 (B,h) or (h,), 0 if not given; seed only for Random. W_qh and b_q never pass through
    time and are exact under every strategy.
    Returns a Gradient. Raises ValueError or TypeError before any work for whatever does not fit.
    Source: D2L, "Backpropagation Through Time"; Werbos 1990.
    """
    strategy = Full() if strategy is None else strategy
    as_strategy(strategy)
    checked = check(rnn, x, y, loss, h0)
    T, B = checked[0].shape[:2]
    xi = None if isinstance(strategy, Window) else _check_edges(strategy.edge_weights(T, seed), T, B)
    trace, L, dL_do = evaluate(rnn, *checked)
    if isinstance(strategy, Window):
        sweep = window_sweep(rnn, trace, dL_do, strategy.tau)
    else:
        sweep = reverse_sweep(rnn, trace, dL_do, xi)
    return collect(trace, dL_do, *sweep, L.item())


def _check_edges(xi: NDArray, T: int, B: int) -> NDArray:
    if xi.shape not in ((T,), (T, B)):
        raise ValueError(f"xi must have shape ({T},) or ({T}, {B}), got {xi.shape}")
    return xi


def collect(trace: Trace, dL_do: NDArray, dL_dh: NDArray, dL_du: NDArray, L: float) -> Gradient:
    """Sum over steps and sequences: the shared weights gather a term from each."""
    return Gradient(
        W_hx=_outer(dL_du, trace.x),
        W_hh=_outer(dL_du, trace.h[:-1]),  # h_{t-1}: the first term holds h_0
        W_qh=_outer(dL_do, trace.h[1:]),
        b_h=dL_du.sum(axis=(0, 1)),
        b_q=dL_do.sum(axis=(0, 1)),
        loss=L,
        dL_dh=dL_dh,
    )


def _outer(left: NDArray, right: NDArray) -> NDArray:
    """Σ_t Σ_b left_tb right_tbᵀ as one matrix product."""
    return rows(left).T @ rows(right)


def many_gradients(
    rnn: RNN,
    x: ArrayLike,
    y: ArrayLike,
    xi: ArrayLike,
    loss: str = "cross_entropy",
    h0: ArrayLike | None = None,
) -> Gradient:
    """The whole gradient for n edge weightings at once, all in one sweep.

    xi  (n,T), each row shared by the batch, as from `Random(pi).draws` or `.all_cuts`.
    Returns a Gradient with one more leading axis n (`dL_dh` is (T,n·B,h)). Errors as in `gradient`.
    """
    checked = check(rnn, x, y, loss, h0)
    xi = as_array("xi", xi, ("n", len(checked[0])))
    trace, L, dL_do = evaluate(rnn, *checked)
    n, (T, B, h) = len(xi), trace.h[1:].shape
    tiled = replace(trace, h=np.tile(trace.h, (1, n, 1)))
    dL_dh, dL_du = reverse_sweep(rnn, tiled, np.tile(dL_do, (1, n, 1)), np.repeat(xi.T, B, axis=1))
    left = dL_du.reshape(T, n, B, h).transpose(1, 3, 0, 2).reshape(n, h, T * B)
    W_qh, b_q = _outer(dL_do, trace.h[1:]), dL_do.sum(axis=(0, 1))  # the same in every draw
    return Gradient(
        W_hx=left @ rows(trace.x),
        W_hh=left @ rows(trace.h[:-1]),
        W_qh=np.broadcast_to(W_qh, (n, *W_qh.shape)),
        b_h=left.sum(axis=-1),
        b_q=np.broadcast_to(b_q, (n, *b_q.shape)),
        loss=L.item(),
        dL_dh=dL_dh,
    )


# ---- what each path carries ---------------------------------------------------------------------


def path_shares(
    rnn: RNN, x: ArrayLike, y: ArrayLike, loss: str = "cross_entropy", h0: ArrayLike | None = None
) -> NDArray:
    """Each path's share of ∂L/∂W_hh: used at step i, felt by the loss at step t.

        P[t, i] = Σ_b  φ'(u_i)∘(J_{i+1}ᵀ … J_tᵀ W_qhᵀ ∂L/∂o_t)  h_{i-1}ᵀ        ∂L/∂W_hh = Σ_t Σ_{i≤t} Ω[t,i] P[t,i]

    Returns P (T,T,h,h), `P[t-1, i-1]`, 0 for i > t. It takes T²h² numbers: for short texts. Errors as in `gradient`.
    """
    trace, _, dL_do = evaluate(rnn, *check(rnn, x, y, loss, h0))
    T, _, h = trace.slope.shape
    P = np.zeros((T, T, h, h))
    for i, t, share in _shares(rnn, trace, dL_do):
        P[t, i] = share
    return P


def path_norms(
    rnn: RNN, x: ArrayLike, y: ArrayLike, loss: str = "cross_entropy", h0: ArrayLike | None = None
) -> NDArray:
    """How big is each path's share of ∂L/∂W_hh: N[t, i] = ‖P[t, i]‖_F of `path_shares`, never held all at once.

    Returns N (T,T), lower triangle, `N[t-1, i-1]`. With h_0 = 0 the first column is 0: at step 1
    W_hh multiplies h_0. Errors as in `gradient`.
    """
    trace, _, dL_do = evaluate(rnn, *check(rnn, x, y, loss, h0))
    N = np.zeros((len(trace.x), len(trace.x)))
    for i, t, share in _shares(rnn, trace, dL_do):
        N[t, i] = np.sqrt((share**2).sum(axis=(1, 2)))
    return N


def _shares(rnn: RNN, trace: Trace, dL_do: NDArray) -> Iterator[tuple[NDArray, NDArray, NDArray]]:
    """For each lag k: the steps i (T-k,), the losses t = i + k, and the shares (T-k,h,h)."""
    for k, D in enumerate(by_lag(rnn, trace, dL_do)):
        i = np.arange(len(D))
        dL_du = D * trace.slope[: len(D)]
        yield i, i + k, dL_du.transpose(0, 2, 1) @ trace.h[: len(D)]


def lag_norms(
    rnn: RNN, x: ArrayLike, y: ArrayLike, loss: str = "cross_entropy", h0: ArrayLike | None = None
) -> NDArray:
    """How strongly is each loss felt k steps back: G[k, s] = ‖∂L_s/∂h_{s-k}‖ over the batch.

    L_s = 1/(T·B) Σ_b l(o_s, y_s) is the loss at step s. Returns G (T,T), `G[k, s-1]`, 0 where s-k < 1.
    Errors as in `gradient`. Source: Aicher, Foti & Fox 2019, "Adaptively truncating BPTT".
    """
    trace, _, dL_do = evaluate(rnn, *check(rnn, x, y, loss, h0))
    G = np.zeros((len(trace.x), len(trace.x)))
    for k, D in enumerate(by_lag(rnn, trace, dL_do)):
        G[k, k:] = np.sqrt((D**2).sum(axis=(1, 2)))
    return G


# ---- an independent route -----------------------------------------------------------------------


def complex_step(
    rnn: RNN,
    x: ArrayLike,
    y: ArrayLike,
    loss: str = "cross_entropy",
    h0: ArrayLike | None = None,
) -> Gradient:
    """Differentiate L without any backward pass, one forward pass per parameter entry.

        ∂L/∂w = Im L(w + iε) / ε,   ε = 1e-30: no subtraction, so exact to rounding

    Slow, and so a check. Arguments and errors as in `gradient`.
    Source: Squire & Trapp 1998, "Using complex variables to estimate derivatives of real functions".
    """
    start = {name: getattr(rnn, name) for name in PARAMETERS}
    checked = check(rnn, x, y, loss, h0)
    found = {name: np.empty(w.shape) for name, w in start.items()}
    for name, w in start.items():
        for entry in np.ndindex(w.shape):
            moved = w.astype(complex)
            moved[entry] += 1e-30j
            nudged = RNN(**{**start, name: moved}, phi=rnn.phi, dtype=complex)
            found[name][entry] = evaluate(nudged, *checked)[1].imag / 1e-30
    return Gradient(**found, loss=evaluate(rnn, *checked)[1].item())
