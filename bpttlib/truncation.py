"""The strategies: each is a weight Ω on the same triangle of paths.

A path uses W_hh at step i and is felt by the loss at step t ≥ i. Full, Segments, Random and
EdgeWeights put a weight ξ_j on every edge h_{j-1} → h_j and so weigh a path by the product

    Ω[t, i] = Π_{j=i+1}^{t} ξ_j ;

Window looks at t-i alone and, for 1 < tau < T, is no product of edge weights.
In code `xi[j-1]` is ξ_j, and `Omega[t-1, i-1]` is Ω[t, i]; xi[0], on the edge h_0 → h_1, weighs no path.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_count, as_probabilities
from .recurrence import path_products

__all__ = ["EdgeWeights", "Full", "Random", "Segments", "Strategy", "Window"]

Seed = int | np.random.Generator | None


class Strategy:
    """What all strategies share: edge weights, and the path weights they multiply up to."""

    def edge_weights(self, T: int, seed: Seed = None) -> NDArray:
        """ξ  (T,), or (T,B) if every sequence has its own."""
        raise NotImplementedError

    def path_weights(self, T: int, seed: Seed = None) -> NDArray:
        """Ω  (T,T), lower triangle; (B,T,T) if every sequence has its own ξ."""
        return path_products(self.edge_weights(as_count("T", T), seed).T)


@dataclass(frozen=True)
class Full(Strategy):
    """Every path counts: Ω = 1, the gradient itself."""

    def edge_weights(self, T: int, seed: Seed = None) -> NDArray:
        return np.ones(as_count("T", T))


@dataclass(frozen=True)
class Segments(Strategy):
    """Cut the sequence into blocks of length tau: Ω[t,i] = 1 if t and i lie in the same block.

    The book's figure; `detach()` at block starts; k1 = k2 = tau. The last block may be shorter.
    Raises ValueError or TypeError unless tau is a whole number from 1 on.
    """

    tau: int

    def __post_init__(self):
        as_count("tau", self.tau)

    def edge_weights(self, T: int, seed: Seed = None) -> NDArray:
        first_of_block = np.arange(as_count("T", T)) % self.tau == 0
        return np.where(first_of_block, 0.0, 1.0)


@dataclass(frozen=True)
class Window(Strategy):
    """Every loss looks back over tau steps, its own included: Ω[t,i] = 1 if 0 ≤ t-i ≤ tau-1.

    The book's formula (stop at ∂h_{t-tau}/∂w); tau terms and tau-1 Jacobians per loss; k1 = 1, k2 = tau.
    Raises ValueError or TypeError unless tau is a whole number from 1 on.
    """

    tau: int

    def __post_init__(self):
        as_count("tau", self.tau)

    def path_weights(self, T: int, seed: Seed = None) -> NDArray:
        t, i = np.ogrid[: as_count("T", T), :T]
        return ((0 <= t - i) & (t - i < self.tau)).astype(float)

    def edge_weights(self, T: int, seed: Seed = None) -> NDArray:
        if 1 < self.tau < as_count("T", T):
            raise ValueError(f"a window of {self.tau} in {T} steps depends on t-i: no product of edge weights gives it")
        return np.full(T, 0.0 if self.tau == 1 else 1.0)


@dataclass(frozen=True)
class Random(Strategy):
    """Throw dice at every edge: ξ_j = 1/pi with probability pi, else 0, independently.

    E ξ_j = 1, so E Ω = 1: unbiased. One ξ_j a time step, shared by all losses and all sequences.
    pi  keep-probability, a number or one for each edge (T,). Raises ValueError unless 0 < pi ≤ 1.
    Source: Tallec & Ollivier 2017, "Unbiasing truncated backpropagation through time".
    """

    pi: float | ArrayLike

    def __post_init__(self):
        pi = as_probabilities("pi", self.pi)
        object.__setattr__(self, "pi", tuple(pi.tolist()) if pi.ndim else pi.item())

    def probabilities(self, T: int) -> NDArray:
        """π_j for every edge, (T,)."""
        pi = np.asarray(self.pi)
        if pi.ndim and len(pi) != as_count("T", T):
            raise ValueError(f"pi has {len(pi)} entries, but there are T = {T} edges")
        return np.broadcast_to(pi, (as_count("T", T),))

    def edge_weights(self, T: int, seed: Seed = None) -> NDArray:
        return self.draws(T, 1, seed)[0]

    def draws(self, T: int, n: int, seed: Seed = None) -> NDArray:
        """n independent throws of ξ, (n,T)."""
        pi = self.probabilities(T)
        return (np.random.default_rng(seed).random((as_count("n", n), T)) < pi) / pi

    def all_cuts(self, T: int) -> tuple[NDArray, NDArray]:
        """Every outcome of the dice and its probability: ξ (2^(T-1), T) and p (2^(T-1),); T ≤ 16.

        The edge h_0 → h_1 weighs no path: its ξ is 1.
        """
        pi = self.probabilities(T)
        if T > 16:
            raise ValueError(f"2^(T-1) outcomes are too many to list for T = {T}; T ≤ 16")
        kept = np.array([(True, *rest) for rest in product([True, False], repeat=T - 1)])
        xi = kept / pi
        xi[:, 0] = 1
        return xi, np.where(kept, pi, 1 - pi)[:, 1:].prod(axis=1)


@dataclass(frozen=True, eq=False)
class EdgeWeights(Strategy):
    """Any ξ: (T,), or (T,B) for one of its own in every sequence.

    Raises ValueError for another shape, NaN or infinity.
    """

    xi: ArrayLike

    def __post_init__(self):
        xi = np.array(self.xi)
        if xi.dtype.kind not in "biuf":
            raise TypeError(f"xi must hold real numbers, got dtype {xi.dtype}")
        if xi.ndim not in (1, 2) or xi.size == 0:
            raise ValueError(f"xi must have shape (T,) or (T, B), got {xi.shape}")
        if not np.isfinite(xi).all():
            raise ValueError("xi may not hold NaN or infinity")
        object.__setattr__(self, "xi", xi.astype(float))

    def edge_weights(self, T: int, seed: Seed = None) -> NDArray:
        if len(self.xi) != as_count("T", T):
            raise ValueError(f"xi has {len(self.xi)} entries along time, but T = {T}")
        return self.xi


def as_strategy(strategy: Strategy) -> Strategy:
    """One of the strategies of this page."""
    if not isinstance(strategy, Strategy):
        raise TypeError(f"strategy must be Full(), Window(tau), Segments(tau), Random(pi) …, got {strategy!r}")
    return strategy
