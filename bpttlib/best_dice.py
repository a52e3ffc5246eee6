"""The best dice: where to throw them, if so many products are to be made on average.

Two paths that share just the edges from h_m to h_n have Cov(Ω, Ω') = Π 1/π_j - 1 over these edges. With S_mn, the sum
of the inner products of all pairs that do, the variance of all recurrent weights together is

    Var(π) = Σ_{m<n} S_mn (Π_{m<j≤n} 1/π_j - 1)        -π_j ∂Var/∂π_j = Σ_{m<j≤n} S_mn Π 1/π = stake_j

S is worked out once, and then any π_2 … π_T costs T² products. `Random` makes Σ π_j products on average. For a fixed
sum the slopes stake_j / π_j must be the same wherever π_j < 1, and at least as steep where π_j = 1: else a little of π
would be worth more elsewhere. So each π_j is multiplied by a power of its slope, and the sum shared out anew, until
nothing moves. With no pair on more than one edge and the power ½ one round would do: that is the rule by which a sample
is shared out among strata, in proportion to their standard deviations (Neyman 1934).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_probabilities
from .cell import Cell
from .crossings import across
from .problem import Problem
from .recurrence import path_products
from .sweep import by_lag

__all__ = ["best_dice", "recurrent_shares", "shared_out", "shared_stretches", "stakes", "variance_of"]

ENOUGH, MOST = 1e-12, 10_000  # the last change of any π_j; rounds


def best_dice(
    rnn: Cell,
    x: ArrayLike,
    y: ArrayLike,
    mean: float,
    loss: str = "cross_entropy",
    h0: ArrayLike | None = None,
    mask: ArrayLike | None = None,
) -> NDArray:
    """Find the π_t of this mean for which `Random(pi)` has the smallest variance, all recurrent weights together.

    mean  of π_2 … π_T, in (0, 1]: (T-1)·mean Jacobian products are made on average. Other arguments as in `gradient`.
    Returns π (T,) with π_1 = 1, for the edge from h_0 weighs no path. What is returned fulfils the first-order
    conditions; Var is not convex (S may be negative), so that this alone does not prove it the best of all.
    Raises what `gradient` does, ValueError for a mean outside (0, 1], and where nothing crosses an edge: its best π
    would be 0.

    >>> from bpttlib import RNN
    >>> rnn, zeros = RNN([[1.0]], [[0.5]], [[1.0]], phi="identity"), np.zeros((4, 1))
    >>> best_dice(rnn, [[1.0], [0.0], [0.0], [1.0]], zeros, mean=0.5, loss="squared").round(2)
    array([1.  , 0.37, 0.47, 0.66])
    """
    problem, mean = Problem(rnn, x, y, loss, h0, mask), as_mean(mean)
    return best_of(shared_stretches(problem), mean)


def best_of(S: NDArray, mean: float, start: NDArray | None = None) -> NDArray:
    """`best_dice` for S of `shared_stretches`, from these π (T,) or from a constant."""
    total, power = mean * (len(S) - 1), 0.25
    pi = np.full(len(S), mean) if start is None else start
    for _ in range(MOST):
        slopes = slopes_of(S, pi)
        moved = np.append(1.0, shared_out(pi[1:] * slopes**power, total))
        if np.abs(moved - pi)[1:].max(initial=0) < power * ENOUGH:
            return moved
        if variance_of(S, moved) <= variance_of(S, pi) * (1 + ENOUGH):
            pi = moved
        else:
            power /= 2  # too far
    raise ValueError(f"the best dice were not found in {MOST} rounds")


def slopes_of(S: NDArray, pi: NDArray) -> NDArray:
    """-∂Var/∂π_j for each edge but the first, (T-1,), if something crosses every one."""
    at_stake = stakes(S, pi)[1:]
    if not (at_stake > 0).all():
        raise ValueError(f"nothing crosses the edge to step {np.argmin(at_stake) + 2}: its best π would be 0")
    return at_stake / pi[1:]


def as_mean(mean: float) -> float:
    if np.ndim(mean):
        raise ValueError(f"mean must be a single number, got shape {np.shape(mean)}")
    return float(as_probabilities("mean", mean))


def recurrent_shares(problem: Problem) -> NDArray:
    """Each path's share of the gradient of every recurrent weight, laid out in one row: (T,T,n) for n parameters.

    P[t-1, i-1] = Σ_b ∂L_t/∂u_i v_iᵀ,    v_i = x_i, h_{i-1} and 1
    """
    tape, _, dL_do = problem.unrolled()
    T = len(dL_do)
    met = np.array([tape.met(t) for t in range(1, T + 1)])
    P = np.zeros((T, T, problem.net.parameters.flat().size))  # those of the read-out stay 0
    for k, D in zip(range(T), by_lag(tape, dL_do), strict=False):
        shares = tape.to_u(D[1:], slice(1, len(D))).transpose(0, 2, 1) @ met[: T - k]
        for i, share in enumerate(shares):
            P[i + k, i] = tape.named(share).flat()
    return P


def shared_stretches(problem: Problem) -> NDArray:
    """S_mn at `S[n-1, m-1]`, (T,T): what all pairs of paths have in common that share just the edges from h_m to h_n.

    Those that share at least these add up to ‖U_{m,n}‖² (`across`); those that share just these are what is left
    without the ones that share one edge more on the left, or on the right.
    """
    return second_difference((across(recurrent_shares(problem)) ** 2).sum(axis=-1))


def second_difference(at_least: NDArray) -> NDArray:
    """From what shares at least a stretch to what shares just this one, (T,T), below the diagonal."""
    wide = np.pad(np.tril(at_least, -1), ((0, 1), (1, 0)))
    return np.tril(wide[:-1, 1:] - wide[1:, 1:] - wide[:-1, :-1] + wide[1:, :-1], -1)


def variance_of(S: NDArray, pi: NDArray) -> float:
    """Var(π), summed over all recurrent weights, for π (T,): as `moments`, without a sweep.

    >>> variance_of(np.array([[0.0, 0.0], [9.0, 0.0]]), np.array([1.0, 0.5]))
    9.0
    """
    return float((S * (path_products(1 / pi) - 1)).sum())


def stakes(S: NDArray, pi: NDArray) -> NDArray:
    """-π_j ∂Var/∂π_j for each edge: all that runs over it, at the weights of these dice, (T,); the first is 0.

    >>> stakes(np.array([[0.0, 0.0], [9.0, 0.0]]), np.array([1.0, 0.5]))
    array([ 0., 18.])
    """
    weighted = S * path_products(1 / pi)
    return np.append(0.0, np.diag(across(weighted), -1))


def shared_out(stake: NDArray, total: float) -> NDArray:
    """Share out `total` in proportion to the stakes, no share above 1: what is left over goes to the others.

    >>> shared_out(np.array([6.0, 2.0, 1.0]), total=1.75)
    array([1.  , 0.5 , 0.25])
    """
    share, open_ = np.ones(len(stake)), np.ones(len(stake), bool)
    while open_.any():
        share[open_] = stake[open_] * (total - (~open_).sum()) / stake[open_].sum()
        if (share <= 1).all():
            break
        open_ &= share < 1
        share = np.minimum(share, 1.0)
    return share
