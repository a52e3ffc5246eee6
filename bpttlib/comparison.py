"""What each strategy loses and costs: its error, bias, spread, products and memory, for ∂L/∂W_hh."""

from dataclasses import dataclass
from functools import lru_cache
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_array, as_count
from .bptt import differentiate
from .crossings import crossings, running_sum, variance_of_dice
from .moments import moments_of
from .paths import shares_of, with_W_hh
from .problem import Problem
from .truncation import Full, Random, Seed, Segments, Strategy, Window, as_strategy

__all__ = [
    "Comparison",
    "Tradeoff",
    "choose_tau",
    "compare",
    "pi_for_paths_per_loss",
    "tail_share",
    "trade_off",
]

NOTHING = "∂L/∂W_hh is 0, so nothing can be measured against it"


@dataclass(frozen=True)
class Comparison:
    """One strategy beside the full gradient g of W_hh; norms are Frobenius, relative to ‖g‖.

    error ‖ĝ-g‖/‖g‖ and cosine ⟨ĝ,g⟩/‖ĝ‖‖g‖ of this throw; bias ‖E ĝ-g‖/‖g‖ and spread √(Σ Var ĝ)/‖g‖ over
    all throws, exact; jacobian_products of this throw; reach: steps in its longest chain, both ends.
    """

    strategy: Strategy
    error: float
    cosine: float
    bias: float
    spread: float
    jacobian_products: int
    reach: int


def compare(problem: Problem, strategies: list[Strategy], seed: Seed = None) -> list[Comparison]:
    """Put every strategy beside the full gradient of W_hh; the same int seed, the same throw.

    Raises TypeError for what is no list of strategies or a network without W_hh, ValueError where g is 0 and nothing
    can be relative to it.

    >>> from bpttlib import RNN
    >>> rnn = RNN([[1.0]], [[0.5]], [[1.0]], phi="identity")
    >>> problem = Problem(rnn, [[1.0], [0.0], [0.0]], [[0.0], [0.0], [0.0]], loss="squared")
    >>> for seen in compare(problem, [Full(), Segments(2)]):
    ...     print(f"{seen.strategy} is off by {seen.bias:.3f}, reach {seen.reach}")
    Full() is off by 0.000, reach 3
    Segments(tau=2) is off by 0.167, reach 2
    """
    if not isinstance(strategies, (list, tuple)):
        raise TypeError(f"strategies must be a list, got {strategies!r}")
    for strategy in strategies:
        as_strategy(strategy)
    g = differentiate(with_W_hh(problem), Full())
    if not g.W_hh.any():
        raise ValueError(NOTHING)
    return [against(g.W_hh, problem, strategy, seed) for strategy in strategies]


def against(g: NDArray, problem: Problem, strategy: Strategy, seed: Seed) -> Comparison:
    """One strategy beside the full gradient g of W_hh; its dice are thrown once, for all that is counted."""
    thrown, size = strategy.thrown(problem.T, problem.B, seed), np.linalg.norm(g)
    seen = differentiate(problem, thrown).W_hh
    error = np.linalg.norm(seen - g) / size
    bias, spread = error, 0.0
    if strategy.dice:
        exact = moments_of(problem, strategy)
        bias = np.linalg.norm(exact.mean.W_hh - g) / size
        spread = np.sqrt(exact.variance.W_hh.sum()) / size
    cosine = (seen * g).sum() / (np.linalg.norm(seen) * size or 1)
    *_, t, i = np.nonzero(thrown.path_weights(problem.T))  # a batch axis may come first
    return Comparison(
        strategy, error, cosine, bias, spread, thrown.jacobian_products(problem.T), int((t - i).max()) + 1
    )


def pi_for_paths_per_loss(wanted: ArrayLike, T: int) -> float | NDArray:
    """The π whose dice keep so many paths per loss over T steps, by bisection: Σ_k (1 - k/T) π^k = wanted.

    wanted  a number or (n,). Raises ValueError unless 1 < wanted ≤ (T+1)/2.

    >>> pi = pi_for_paths_per_loss(2.0, T=5)
    >>> round(pi, 3), round(Random(pi).paths_per_loss(5), 3)
    (0.684, 2.0)
    """
    kept = np.asarray(wanted)[..., None]
    if not ((1 < kept) & (kept <= (as_count("T", T) + 1) / 2)).all():
        raise ValueError(f"the paths per loss must lie in (1, {(T + 1) / 2:g}] for T = {T}, got {wanted!r}")
    share, lag = 1 - np.arange(T) / T, np.arange(T)
    low, high = np.zeros(kept.shape), np.ones(kept.shape)
    for _ in range(60):
        pi = (low + high) / 2
        too_few = (share * pi**lag).sum(axis=-1, keepdims=True) < kept
        low, high = np.where(too_few, pi, low), np.where(too_few, high, pi)
    return high[..., 0] if np.ndim(wanted) else high.item()


@dataclass(frozen=True)
class Tradeoff:
    """One kind of strategy at every setting (τ or π): what it costs, and bias and spread of W_hh over ‖g‖.

    paths_per_loss, mean_products and states_held as the methods of a `Strategy` count them.
    """

    setting: NDArray
    paths_per_loss: NDArray
    mean_products: NDArray
    states_held: NDArray
    bias: NDArray
    spread: NDArray

    def rms(self, averaged: int = 1) -> NDArray:
        """RMS error of the mean of n independent gradients: √(bias² + spread²/n). Averaging leaves bias as it is."""
        return np.hypot(self.bias, self.spread / np.sqrt(as_count("averaged", averaged)))

    def within(self, budget: float, cost: str = "paths_per_loss") -> int:
        """The place of the last setting whose `cost` is no more than `budget`; the first if all cost more."""
        return max(0, int(np.searchsorted(getattr(self, cost), budget + 1e-9, side="right")) - 1)


def trade_off(problem: Problem, pis: ArrayLike) -> dict[str, Tradeoff]:
    """Bias and spread of ∂L/∂W_hh against the cost, exact, for every τ and for each π of `pis`.

    All from the shares of the paths, which take T²h² numbers: for short texts.
    Returns {"segments": …, "window": …, "random": …}. Errors as in `compare`.
    """
    if np.ndim(pis) != 1:
        raise TypeError(f"pis must be a sequence of numbers, got {pis!r}")
    if len(pis) == 0:
        raise ValueError(f"pis must hold at least one number, got {pis!r}")
    taus, pis, T = tuple(range(1, problem.T + 1)), tuple(sorted(pis)), problem.T
    settings = {"segments": (Segments, taus), "window": (Window, taus), "random": (Random, pis)}
    counts = {name: costs(*one, T) for name, one in settings.items()}
    P = shares_of(problem)
    size = np.linalg.norm(P.sum(axis=(0, 1)))
    if not size:
        raise ValueError(NOTHING)
    spread = np.sqrt(variance_of_dice(crossings(P).sum(axis=(1, 2)), pis)) / size
    rows = running_sum(P, axis=1)
    errors = {name: (biases(rows, first_steps(*settings[name], T)), np.zeros(T)) for name in ("segments", "window")}
    errors["random"] = np.zeros(len(pis)), spread  # E Ω = 1
    return {name: Tradeoff(np.array(settings[name][1]), *counts[name], *errors[name]) for name in settings}


def biases(rows: NDArray, first: NDArray) -> NDArray:
    """‖ĝ-g‖/‖g‖ if the loss at step t feels the steps from first[n,t] on, (n,); rows[t,a] = Σ_{i≤a} P[t,i]."""
    t, a = np.arange(len(rows)), first - 1
    left_out = [rows[t[some], one[some]].sum(axis=0) for one in a for some in [one >= 0]]
    return np.linalg.norm(left_out, axis=(1, 2)) / np.linalg.norm(rows[:, -1].sum(axis=0))


@lru_cache(maxsize=64)
def first_steps(kind: type[Strategy], taus: tuple[int, ...], T: int) -> NDArray:
    """The first step that the loss at each step feels, from 0, for every τ: (n,T)."""
    return np.array([kind(tau).path_weights(T).argmax(axis=-1) for tau in taus])


@lru_cache(maxsize=64)
def costs(kind: type[Strategy], settings: tuple[float, ...], T: int) -> tuple[NDArray, NDArray, NDArray]:
    """Paths per loss, products and states held at every setting: they know nothing of the network."""
    strategies = [kind(setting) for setting in settings]
    counts = np.array([(s.paths_per_loss(T), s.mean_products(T), s.states_held(T)) for s in strategies]).T
    counts.setflags(write=False)
    return tuple(counts)


def tail_share(by_lag: ArrayLike) -> NDArray:
    """What share a window of τ = 0 … T leaves out: Σ_{k≥τ} n_k / Σ_k n_k, (T+1,).

    by_lag  (T,), n_k ≥ 0 at lag k, such as a row mean of `lag_norms`. Raises ValueError if all are 0.

    >>> tail_share([4, 2, 1, 1])
    array([1.   , 0.5  , 0.25 , 0.125, 0.   ])
    """
    n = as_array("by_lag", by_lag, ("T",))
    if (n < 0).any() or not n.any():
        raise ValueError("by_lag must hold numbers from 0 on, not all of them 0")
    return np.append(n[::-1].cumsum()[::-1], 0) / n.sum()


def choose_tau(by_lag: ArrayLike, tolerance: float) -> int:
    """The shortest window that leaves out no more than `tolerance` of what is felt: `tail_share` ≤ tolerance.

    Raises ValueError unless 0 ≤ tolerance < 1. Source: the idea of Aicher, Foti & Fox 2019, without their
    extrapolation beyond T.

    >>> choose_tau([4, 2, 1, 1], tolerance=0.3)
    2
    """
    if not isinstance(tolerance, Real):
        raise TypeError(f"tolerance must be a number, got {tolerance!r}")
    if not 0 <= tolerance < 1:
        raise ValueError(f"tolerance must lie in [0, 1), got {tolerance!r}")
    return int(np.argmax(tail_share(by_lag) <= tolerance))
