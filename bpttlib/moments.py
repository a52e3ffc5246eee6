"""The exact mean and variance of the randomized gradient: no sampling, no listing of outcomes.

Let C_t be the covariance of δ_t under the dice ξ_{t+1} … ξ_T. The next edge multiplies δ by ξ, whose
mean is 1 and whose second moment is 1/π:

    C_{t-1} = J_tᵀ ( C_t/π_t + (1/π_t - 1) E[δ_t] E[δ_t]ᵀ ) J_t

For a scalar this is Var z_t = (c_t²/π_t) Var z_{t-1} + c_t² (1/π_t - 1) a_{t-1}². With constants b, c ≠ 0
and real dice, π < 1, the variance stays bounded as the sequence grows exactly if c² < π. For a
constant J_t it is enough that its spectral radius, squared, is below π; this is necessary only if the losses excite
the dominant direction.
"""

from dataclasses import dataclass
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_probabilities, overflow
from .bptt import collected, differentiate
from .cell import Cell
from .parameters import Parameters
from .problem import Problem
from .recurrence import solve
from .tape import Tape
from .truncation import Full, Strategy, as_strategy

__all__ = ["Moments", "ScalarMoments", "moments", "moments_of", "scalar_limit", "scalar_moments"]


@dataclass(frozen=True)
class Moments:
    """Mean and variance of every entry of the gradient.

    >>> from bpttlib import RNN, Random
    >>> rnn = RNN([[1.0]], [[0.5]], [[1.0]], phi="identity")
    >>> found = moments(rnn, [[1.0], [0.0]], [[0.0], [0.0]], Random(0.5), loss="squared")
    >>> found.mean.W_hx, np.sqrt(found.variance.W_hx)
    (array([[0.625]]), array([[0.125]]))
    """

    mean: Parameters  # of the dice a Gradient
    variance: Parameters


def moments(
    rnn: Cell,
    x: ArrayLike,
    y: ArrayLike,
    strategy: Strategy,
    loss: str = "cross_entropy",
    h0: ArrayLike | None = None,
    mask: ArrayLike | None = None,
) -> Moments:
    """Mean and variance of `gradient(rnn, x, y, strategy)` over the dice, exact for any T.

        G_t = Σ_{s≥t} g_s  gathers an entry's terms g_t = (∂L/∂u_t)_k v_{t,l},  v = h_{t-1} or x_t or 1:
        Var G_t = Var G_{t+1} + Cov(G_{t+1} + G_t, g_t)
        Cov(G_{t+1}, δ_t) = Cov(G_{t+1}, δ_{t+1}) J_{t+1}     (ξ_{t+1} is independent, with mean 1)

    Arguments and errors as in `gradient`; a strategy without dice has variance 0. All sequences share one ξ,
    so with m = d+h+1 it costs O(T·B·h²·(B·h + m·(B+h))); for B = 1 that is O(T·h³·(d+h)). Returns Moments.
    Source: the law of total variance along the sweep; for the estimator Tallec & Ollivier 2017.

    >>> from bpttlib import RNN, Random
    >>> rnn = RNN([[1.0]], [[0.5]], [[1.0]], phi="identity")
    >>> moments(rnn, [[1.0], [0.0]], [[0.0], [0.0]], Random(0.5), loss="squared").variance.W_hx
    array([[0.015625]])
    """
    return moments_of(Problem(rnn, x, y, loss, h0, mask), strategy)


def moments_of(problem: Problem, strategy: Strategy) -> Moments:
    """`moments` of a problem that has been checked."""
    if not as_strategy(strategy).dice:
        mean = differentiate(problem, strategy)
        return Moments(mean, 0 * mean)
    pi = strategy.probabilities(problem.T)
    tape, L, dL_do = problem.unrolled()
    with np.errstate(over="ignore", invalid="ignore"):
        delta = Full().backward(tape, dL_do)
        mean, spread = collected(tape, dL_do, delta, L), variance(tape, delta, pi)
    if not np.isfinite(spread).all():
        raise overflow("variance grows to")
    return Moments(mean, tape.named(spread))


def variance(tape: Tape, mean: NDArray, pi: NDArray) -> NDArray:
    """Var of Σ_t Σ_b (∂L/∂u_t)_k v_tl for every k and l, (m,m'), by one sweep; `mean` is E δ (T+1,B,s)."""
    T, B, s = len(pi), *mean.shape[1:]
    C = np.zeros((B, s, B, s))  # Cov(δ_t, δ_t)
    K = total = 0.0  # Cov(G_{t+1}, δ_t) and Var G_{t+1}
    for t in range(T, 0, -1):
        v = tape.met(t)
        after = K + np.einsum("bl,aibk->klai", v, tape.to_u(C, t))  # Cov(G_t, δ_t)
        total = total + np.einsum("bl,klbk->kl", v, tape.to_u(K + after, t))
        C = C / pi[t - 1] + (1 / pi[t - 1] - 1) * np.einsum("ai,bj->aibj", mean[t], mean[t])
        C = tape.carry(tape.carry(C, t).transpose(2, 3, 0, 1), t)
        K = tape.carry(after, t)
    return total


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
    truncates nothing. b, c (T,), real; pi in (0, 1], a number or (T,). Raises what `solve` raises, and TypeError for
    complex numbers.

    >>> scalar_moments(b=[1, 1, 1], c=[0.5, 0.5, 0.5], pi=0.5).variance
    array([0.    , 0.25  , 0.6875])
    """
    pi = as_probabilities("pi", pi)
    a = solve(b, c)
    if any(isinstance(one, complex) for given in (b, c) for one in np.asarray(given).flat):
        raise TypeError("b and c must hold real numbers, got complex ones")
    if a.ndim != 1 or pi.shape not in ((), a.shape):
        raise ValueError(f"b and c must be single sequences (T,), pi a number or (T,); got {a.shape} and {pi.shape}")
    c2 = np.broadcast_to(np.asarray(c, float), a.shape) ** 2
    fresh = c2 * (1 / pi - 1) * np.append(0, a[:-1]) ** 2
    return ScalarMoments(a, solve(fresh, c2 / pi) if recursive else fresh)


def scalar_limit(b: float, c: float, pi: float) -> float | None:
    """Var z_t as t → ∞ for constant b, c and π; None where it grows without end.

        b²c²(1-π) / ((1-c)²(π-c²))  if c² < π (then |c| < 1 too);  0 if π = 1 or b·c = 0

    >>> round(scalar_limit(1, 0.8, 0.7), 6), scalar_limit(1, 0.8, 0.6)
    (80.0, None)
    """
    as_probabilities("pi", pi)
    if not (isinstance(b, Real) and isinstance(c, Real)):
        raise TypeError(f"b and c must be real numbers, got {b!r} and {c!r}")
    if not (np.isfinite(b) and np.isfinite(c)):
        raise ValueError(f"b and c must be finite, got {b!r} and {c!r}")
    if pi == 1 or b * c == 0:
        return 0.0
    return b**2 * c**2 * (1 - pi) / ((1 - c) ** 2 * (pi - c**2)) if pi - c**2 > 1e-12 else None
