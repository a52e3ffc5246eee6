"""What each strategy loses and costs: its error, bias, spread, products and memory, for ∂L/∂W_hh."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_array, as_count
from .bptt import gradient
from .moments import moments
from .recurrence import path_products
from .rnn import RNN
from .truncation import EdgeWeights, Full, Random, Seed, Segments, Strategy, Window, as_strategy

__all__ = [
    "Comparison",
    "Tradeoff",
    "choose_tau",
    "compare",
    "mean_chain",
    "pi_for_chain",
    "products",
    "tail_share",
    "trade_off",
]


@dataclass(frozen=True)
class Comparison:
    """One strategy beside the full gradient g of W_hh; norms are Frobenius, relative to ‖g‖.

    error ‖ĝ-g‖/‖g‖ and cosine ⟨ĝ,g⟩/‖ĝ‖‖g‖ of this throw; bias ‖E ĝ-g‖/‖g‖ and spread √(Σ Var ĝ)/‖g‖ over
    all throws, exact; products: Jacobian products of this throw; longest: steps in its longest chain, both ends.
    """

    strategy: Strategy
    error: float
    cosine: float
    bias: float
    spread: float
    products: int
    longest: int


def compare(
    rnn: RNN,
    x: ArrayLike,
    y: ArrayLike,
    strategies: list[Strategy],
    loss: str = "cross_entropy",
    h0: ArrayLike | None = None,
    seed: Seed = None,
) -> list[Comparison]:
    """Put every strategy beside the full gradient of W_hh; the same int seed, the same throw.

    Arguments and errors as in `gradient`; ValueError where g is 0 and nothing can be relative to it.
    """
    if not isinstance(strategies, (list, tuple)):
        raise TypeError(f"strategies must be a list, got {strategies!r}")
    for strategy in strategies:
        as_strategy(strategy)
    g = gradient(rnn, x, y, Full(), loss, h0)
    if not g.W_hh.any():
        raise ValueError("∂L/∂W_hh is 0, so nothing can be measured against it")
    return [_against(g.W_hh, rnn, x, y, strategy, loss, h0, seed) for strategy in strategies]


def _against(g: NDArray, rnn: RNN, x, y, strategy: Strategy, loss: str, h0, seed: Seed) -> Comparison:
    """One strategy beside the full gradient g of W_hh; its dice are thrown once, for all that is counted."""
    T, size = len(rnn.check_input(x, h0)[0]), np.linalg.norm(g)
    throw = EdgeWeights(strategy.edge_weights(T, seed)) if isinstance(strategy, Random) else strategy
    seen = gradient(rnn, x, y, throw, loss, h0).W_hh
    error = np.linalg.norm(seen - g) / size
    bias, spread = error, 0.0
    if isinstance(strategy, Random):
        exact = moments(rnn, x, y, strategy, loss, h0)
        bias = np.linalg.norm(exact.mean.W_hh - g) / size
        spread = np.sqrt(exact.variance.W_hh.sum()) / size
    cosine = (seen * g).sum() / (np.linalg.norm(seen) * size or 1)
    *_, t, i = np.nonzero(throw.path_weights(T))  # a batch axis may come first
    return Comparison(strategy, error, cosine, bias, spread, products(throw, T), int((t - i).max()) + 1)


def products(strategy: Strategy, T: int, seed: Seed = None) -> int:
    """Count the products J_tᵀδ of one gradient: one for each edge kept; a Window walks each lag anew.

    Window(tau): Σ_{k=1}^{tau-1} (T-k), because losses at different distances share nothing.
    """
    if isinstance(as_strategy(strategy), Window):
        lags = min(strategy.tau, as_count("T", T)) - 1
        return lags * T - lags * (lags + 1) // 2
    xi = strategy.edge_weights(T, seed)[1:]
    return int(np.count_nonzero(xi.any(axis=tuple(range(1, xi.ndim)))))


def mean_chain(strategy: Strategy, T: int) -> float:
    """Expected number of paths kept per loss: E Σ_i 1[Ω[t,i] ≠ 0], averaged over t."""
    if isinstance(as_strategy(strategy), Random):
        return path_products(strategy.probabilities(T)).sum() / T
    kept = strategy.path_weights(T) != 0
    return kept.sum(axis=-1).mean()


def pi_for_chain(chain: float, T: int) -> float:
    """The π whose mean chain over T steps has this length, by bisection: Σ_k (1 - k/T) π^k = chain.

    Raises ValueError unless 1 < chain ≤ (T+1)/2.
    """
    if not 1 < chain <= (as_count("T", T) + 1) / 2:
        raise ValueError(f"chain must lie in (1, {(T + 1) / 2:g}] for T = {T}, got {chain!r}")
    share, lag = 1 - np.arange(T) / T, np.arange(T)
    low, high = 0.0, 1.0
    for _ in range(60):
        pi = (low + high) / 2
        low, high = (pi, high) if (share * pi**lag).sum() < chain else (low, pi)
    return high


@dataclass(frozen=True)
class Tradeoff:
    """Points of one kind of strategy: the setting (τ or π), mean chain, relative bias and spread of W_hh."""

    setting: NDArray
    chain: NDArray
    bias: NDArray
    spread: NDArray

    def rms(self, averaged: int = 1) -> NDArray:
        """RMS error of the mean of n independent gradients: √(bias² + spread²/n). Averaging leaves bias as it is."""
        return np.hypot(self.bias, self.spread / np.sqrt(as_count("averaged", averaged)))

    def within(self, budget: float) -> int:
        """The place of the longest mean chain that costs no more than `budget`; the first if all cost more."""
        return max(0, int(np.searchsorted(self.chain, budget + 1e-9)) - 1)


def trade_off(
    rnn: RNN, x: ArrayLike, y: ArrayLike, pis: ArrayLike, loss: str = "cross_entropy", h0: ArrayLike | None = None
) -> dict[str, Tradeoff]:
    """Bias and spread of ∂L/∂W_hh against the mean chain, exact, for every τ and for each π of `pis`.

    Returns {"segments": …, "window": …, "random": …}. Errors as in `compare`.
    """
    T = len(rnn.check_input(x, h0)[0])
    if np.ndim(pis) != 1:
        raise TypeError(f"pis must be a sequence of numbers, got {pis!r}")
    if len(pis) == 0:
        raise ValueError(f"pis must hold at least one number, got {pis!r}")
    pis = np.sort([Random(pi).pi for pi in pis])
    kinds = {"segments": (Segments, range(1, T + 1)), "window": (Window, range(1, T + 1)), "random": (Random, pis)}
    curves = {}
    for name, (kind, settings) in kinds.items():
        strategies = [kind(setting) for setting in settings]
        seen = compare(rnn, x, y, strategies, loss, h0, seed=0)
        chain = np.array([mean_chain(s, T) for s in strategies])
        bias, spread = np.array([(c.bias, c.spread) for c in seen]).T
        curves[name] = Tradeoff(np.array(settings), chain, bias, spread)
    return curves


def tail_share(by_lag: ArrayLike) -> NDArray:
    """What share a window of τ = 0 … T leaves out: Σ_{k≥τ} n_k / Σ_k n_k, (T+1,).

    by_lag  (T,), n_k ≥ 0 at lag k, such as a row mean of `lag_norms`. Raises ValueError if all are 0.
    """
    n = as_array("by_lag", by_lag, ("T",))
    if (n < 0).any() or not n.any():
        raise ValueError("by_lag must hold numbers from 0 on, not all of them 0")
    return np.append(n[::-1].cumsum()[::-1], 0) / n.sum()


def choose_tau(by_lag: ArrayLike, tolerance: float) -> int:
    """The shortest window that leaves out no more than `tolerance` of what is felt: `tail_share` ≤ tolerance.

    Raises ValueError unless 0 ≤ tolerance < 1. Source: the idea of Aicher, Foti & Fox 2019, without their
    extrapolation beyond T.
    """
    if not isinstance(tolerance, (int, float)):
        raise TypeError(f"tolerance must be a number, got {tolerance!r}")
    if not 0 <= tolerance < 1:
        raise ValueError(f"tolerance must lie in [0, 1), got {tolerance!r}")
    return int(np.argmax(tail_share(by_lag) <= tolerance))
