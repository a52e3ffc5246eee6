"""The exact mean and variance of the randomized gradient: no sampling, no listing of outcomes.

Let C_t be the covariance of δ_t under the dice ξ_{t+1} … ξ_T. The next edge multiplies δ by ξ, whose
mean is 1 and whose second moment is 1/π:

    C_{t-1} = J_tᵀ ( C_t/π_t + (1/π_t - 1) E[δ_t] E[δ_t]ᵀ ) J_t

For a scalar this is Var z_t = (c_t²/π_t) Var z_{t-1} + c_t² (1/π_t - 1) a_{t-1}². With constants b, c ≠ 0
and real dice, π < 1, the variance stays bounded as the sequence grows exactly if c² < π; for a constant J_t
the condition is that its spectral radius, squared, is below π.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_probabilities
from .bptt import Gradient, check, collect, evaluate, gradient, reverse_sweep
from .recurrence import solve
from .rnn import RNN, Trace
from .truncation import Random, Strategy

__all__ = ["Moments", "ScalarMoments", "moments", "scalar_limit", "scalar_moments"]


@dataclass(frozen=True)
class Moments:
    """Mean and variance of every entry of the gradient, each in the shape of a Gradient."""

    mean: Gradient
    variance: Gradient


def moments(
    rnn: RNN,
    x: ArrayLike,
    y: ArrayLike,
    strategy: Strategy,
    loss: str = "cross_entropy",
    h0: ArrayLike | None = None,
) -> Moments:
    """Mean and variance of `gradient(rnn, x, y, strategy)` over the dice, exact for any T.

        G_t = Σ_{s≥t} g_s  gathers an entry's terms g_t = (φ'(u_t)∘δ_t)_k v_{t,l},  v = h_{t-1} or x_t or 1:
        Var G_t = Var G_{t+1} + 2 Cov(G_{t+1}, g_t) + Var g_t
        Cov(G_{t+1}, δ_t) = Cov(G_{t+1}, δ_{t+1}) J_{t+1}     (ξ_{t+1} is independent, with mean 1)

    Arguments and errors as in `gradient`; a strategy without dice has variance 0. All sequences share one ξ,
    so with m = d+h+1 it costs O(T·B·h²·(B·h + m·(B+h))); for B = 1 that is O(T·h³·(d+h)). Returns Moments.
    Source: the law of total variance along the sweep; for the estimator Tallec & Ollivier 2017.
    """
    if not isinstance(strategy, Random):
        mean = gradient(rnn, x, y, strategy, loss, h0)
        return Moments(mean, _as_gradient(np.zeros((rnn.h, rnn.d + rnn.h + 1)), rnn))
    checked = check(rnn, x, y, loss, h0)
    pi = strategy.probabilities(len(checked[0]))
    trace, L, dL_do = evaluate(rnn, *checked)
    mean = collect(trace, dL_do, *reverse_sweep(rnn, trace, dL_do, np.ones(len(pi))), L.item())
    return Moments(mean, _as_gradient(_variance(rnn, trace, mean.dL_dh, pi), rnn))


def _variance(rnn: RNN, trace: Trace, mean: NDArray, pi: NDArray) -> NDArray:
    """Var of Σ_t Σ_b (φ'(u_t)∘δ_t)_k v_tl for every k and l, (h, d+h+1), by one sweep."""
    T, B, h = mean.shape
    slope, k = trace.slope, np.arange(h)
    J = slope[..., None] * rnn.W_hh  # (T,B,h,h)
    v = np.concatenate([trace.x, trace.h[:-1], np.ones((T, B, 1))], axis=-1).transpose(0, 2, 1)  # (T,m,B)
    m = v.shape[1]
    C = np.zeros((B * h, B * h))  # Cov(δ_t, δ_t)
    K = np.zeros((h, m, B, h))  # Cov(G_t, δ_t): for entry (k,l) with δ_t of every sequence
    variance = np.zeros((h, m))
    for t in range(T - 1, -1, -1):
        w = slope[t].T[:, None]  # (k,1,b)
        by_k = C.reshape(B, h, B * h).transpose(1, 0, 2)  # (k,b,δ): the rows of C that entry k meets
        cov = ((w * v[t]) @ by_k).reshape(K.shape)  # Cov(g_t, δ_t)
        variance += (w * v[t] * (2 * K + cov)[k, :, :, k]).sum(axis=-1)
        K += cov
        if t:
            C = C / pi[t] + (1 / pi[t] - 1) * np.outer(mean[t], mean[t])
            C = _carry(_carry(C, J[t]).T, J[t])
            K = _carry(K, J[t])
    return variance


def _carry(A: NDArray, J: NDArray) -> NDArray:
    """Multiply the trailing δ-axis of A, of length B·h, by J_b (h,h): each sequence by its own."""
    rows = A.reshape(-1, *J.shape[:2]).transpose(1, 0, 2) @ J
    return rows.transpose(1, 0, 2).reshape(A.shape)


def _as_gradient(entries: NDArray, rnn: RNN) -> Gradient:
    """Sort (h, d+h+1) into W_hx, W_hh and b_h; W_qh and b_q are exact, so 0."""
    W_hx, W_hh, b_h = np.split(entries, [rnn.d, rnn.d + rnn.h], axis=1)
    return Gradient(W_hx, W_hh, np.zeros_like(rnn.W_qh), b_h[:, 0], np.zeros_like(rnn.b_q))


# ---- one number instead of a network ------------------------------------------------------------


@dataclass(frozen=True)
class ScalarMoments:
    """Mean and variance of z_t for t = 1 … T, each (T,)."""

    mean: NDArray
    variance: NDArray


def scalar_moments(b: ArrayLike, c: ArrayLike, pi: ArrayLike, recursive: bool = True) -> ScalarMoments:
    """Moments of the randomized recurrence, itself solved by the recurrence.

        z_t = b_t + ξ_t c_t z_{t-1}:  Var z_t = (c_t²/π_t) Var z_{t-1} + c_t² (1/π_t - 1) a_{t-1}²
        z_t = b_t + ξ_t c_t a_{t-1}:  Var z_t = c_t² (1/π_t - 1) a_{t-1}²       (recursive=False)

    The second is the book's formula taken to the letter: unbiased, but it needs the exact a_{t-1} and so
    truncates nothing. b, c (T,); pi in (0, 1], a number or (T,). Raises ValueError as `solve` does.
    """
    pi = as_probabilities("pi", pi)
    a = solve(b, c)
    if a.ndim != 1 or pi.shape not in ((), a.shape):
        raise ValueError(f"b and c must be single sequences (T,), pi a number or (T,); got {a.shape} and {pi.shape}")
    c2 = np.broadcast_to(np.asarray(c, float), a.shape) ** 2
    fresh = c2 * (1 / pi - 1) * np.append(0, a[:-1]) ** 2
    return ScalarMoments(a, solve(fresh, c2 / pi) if recursive else fresh)


def scalar_limit(b: float, c: float, pi: float) -> float | None:
    """Var z_t as t → ∞ for constant b, c and π; None where it grows without end.

    b²c²(1-π) / ((1-c)²(π-c²))  if c² < π (then |c| < 1 too);  0 if π = 1 or b·c = 0
    """
    as_probabilities("pi", pi)
    if not (np.isfinite(b) and np.isfinite(c)):
        raise ValueError(f"b and c must be finite, got {b!r} and {c!r}")
    if pi == 1 or b * c == 0:
        return 0.0
    return b**2 * c**2 * (1 - pi) / ((1 - c) ** 2 * (pi - c**2)) if pi - c**2 > 1e-12 else None
