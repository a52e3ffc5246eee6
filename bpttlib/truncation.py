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

from ._checks import as_count, as_probabilities, as_rng, unmasked
from .recurrence import path_products
from .sweep import reverse_sweep, window_sweep
from .tape import Tape

__all__ = ["EdgeWeights", "Full", "Random", "Segments", "Strategy", "Window"]

Seed = int | np.random.Generator | None


class Strategy:
    """What all strategies share: weights on the edges, the path weights they multiply up to, and what they cost.

    >>> for strategy in (Full(), Segments(5), Window(5)):
    ...     print(
    ...         strategy,
    ...         strategy.jacobian_products(28),
    ...         round(strategy.paths_per_loss(28), 2),
    ...         strategy.states_held(28),
    ...     )
    Full() 27 14.5 29.0
    Segments(tau=5) 22 2.89 6.0
    Window(tau=5) 102 4.64 6.0
    """

    dice = False  # whether one gradient differs from the next

    def edge_weights(self, T: int, seed: Seed = None) -> NDArray:
        """ξ  (T,), or (T,B) if every sequence has its own."""
        raise NotImplementedError

    def path_weights(self, T: int, seed: Seed = None) -> NDArray:
        """Ω  (T,T), lower triangle; (B,T,T) if every sequence has its own ξ."""
        return path_products(self.edge_weights(as_count("T", T), seed).T)

    def thrown(self, T: int, B: int = 1, seed: Seed = None) -> "Strategy":
        """The strategy for T steps of B sequences, its dice thrown once and for all; itself if it has none."""
        return self

    def backward(self, tape: Tape, dL_do: NDArray, seed: Seed = None) -> NDArray:
        """Walk back over a tape: δ (T+1,B,s), of which row t is what this strategy keeps of ∂L/∂h_t."""
        return reverse_sweep(tape, dL_do, self.edge_weights(len(dL_do), seed))

    def jacobian_products(self, T: int, seed: Seed = None) -> int:
        """Count the products J_tᵀδ between the states 1 … T of one gradient: one for each edge kept."""
        xi = self.edge_weights(T, seed)[1:]
        return int(np.count_nonzero(xi.any(axis=tuple(range(1, xi.ndim)))))

    def paths_per_loss(self, T: int) -> float:
        """The mean number of paths kept per loss: Σ_i 1[Ω[t,i] ≠ 0], averaged over t (and over all dice)."""
        return float((self.path_weights(T) != 0).sum(axis=-1).mean())

    def mean_products(self, T: int) -> float:
        """`jacobian_products`, averaged over all dice."""
        return float(self.jacobian_products(T))

    def states_held(self, T: int) -> float:
        """The most states that must be held at once (averaged over all dice), if each chain is walked when it is whole.

        Those of its longest chain, and the one before it, which W_hh multiplies at the first step.
        """
        *_, t, i = np.nonzero(self.path_weights(T))
        return float((t - i).max() + 2)


@dataclass(frozen=True)
class Full(Strategy):
    """Every path counts: Ω = 1, the gradient itself.

    >>> Full().path_weights(3)
    array([[1., 0., 0.],
           [1., 1., 0.],
           [1., 1., 1.]])
    """

    def edge_weights(self, T: int, seed: Seed = None) -> NDArray:
        return np.ones(as_count("T", T))


@dataclass(frozen=True)
class Segments(Strategy):
    """Cut the sequence into blocks of length tau: Ω[t,i] = 1 if t and i lie in the same block.

    The book's figure; `detach()` at block starts; k1 = k2 = tau. The last block may be shorter.
    Raises ValueError or TypeError unless tau is a whole number from 1 on.

    >>> Segments(2).edge_weights(5)
    array([0., 1., 0., 1., 0.])
    """

    tau: int

    def __post_init__(self):
        as_count("tau", self.tau)

    def edge_weights(self, T: int, seed: Seed = None) -> NDArray:
        first_of_block = np.arange(as_count("T", T)) % min(self.tau, T) == 0
        return np.where(first_of_block, 0.0, 1.0)


@dataclass(frozen=True)
class Window(Strategy):
    """Every loss looks back over tau steps, its own included: Ω[t,i] = 1 if 0 ≤ t-i ≤ tau-1.

    The book's formula (stop at ∂h_{t-tau}/∂w); tau terms and tau-1 Jacobians per loss; k1 = 1, k2 = tau.
    Raises ValueError or TypeError unless tau is a whole number from 1 on.

    >>> Window(2).path_weights(3)
    array([[1., 0., 0.],
           [1., 1., 0.],
           [0., 1., 1.]])
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

    def backward(self, tape: Tape, dL_do: NDArray, seed: Seed = None) -> NDArray:
        return window_sweep(tape, dL_do, self.tau)

    def jacobian_products(self, T: int, seed: Seed = None) -> int:
        """Σ_{k=1}^{tau-1} (T-k): each lag is walked anew, for losses at different distances share nothing."""
        lags = min(self.tau, as_count("T", T)) - 1
        return lags * T - lags * (lags + 1) // 2


@dataclass(frozen=True)
class Random(Strategy):
    """Throw dice at every edge: ξ_j = 1/pi with probability pi, else 0, independently.

    E ξ_j = 1, so E Ω = 1: unbiased. One ξ_j a time step, shared by all losses and all sequences.
    pi  keep-probability, a number or one for each edge (T,). Raises ValueError unless 0 < pi ≤ 1.
    Source: Tallec & Ollivier 2017, "Unbiasing truncated backpropagation through time".

    >>> Random(0.5).edge_weights(6, seed=0)
    array([0., 2., 2., 2., 0., 0.])
    """

    pi: float | ArrayLike
    dice = True

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

    def thrown(self, T: int, B: int = 1, seed: Seed = None) -> "EdgeWeights":
        return EdgeWeights(self.edge_weights(T, seed))

    def paths_per_loss(self, T: int) -> float:
        return float(path_products(self.probabilities(T)).sum() / T)

    def mean_products(self, T: int) -> float:
        return float(self.probabilities(T)[1:].sum())

    def states_held(self, T: int) -> float:
        """1 + the mean length of the longest chain, Σ_{m=0}^{T-1} P(longest > m)."""
        pi = self.probabilities(T)
        start = np.append(1.0, 1 - pi[1:])  # the chance that a chain starts at this step
        chain, m = path_products(pi) * start, np.arange(1, T)
        short = np.ones((T - 1, T + 1))  # P(no chain in the first t steps is longer than m), if one ends there
        for t in range(1, T + 1):
            fits = np.arange(t, 0, -1) <= m[:, None]  # a last chain from step i to t has t-i+1 steps
            short[:, t] = (short[:, :t] * fits) @ chain[t - 1, :t]
        return float(1 + T - short[:, -1].sum())

    def draws(self, T: int, n: int, seed: Seed = None) -> NDArray:
        """n independent throws of ξ, (n,T)."""
        pi = self.probabilities(T)
        return (as_rng(seed).random((as_count("n", n), T)) < pi) / pi

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

    >>> EdgeWeights([1, 1, 0, 1]).path_weights(4)
    array([[1., 0., 0., 0.],
           [1., 1., 0., 0.],
           [0., 0., 1., 0.],
           [0., 0., 1., 1.]])
    """

    xi: ArrayLike

    def __post_init__(self):
        xi = unmasked("xi", self.xi)
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

    def thrown(self, T: int, B: int = 1, seed: Seed = None) -> "EdgeWeights":
        if self.edge_weights(T).shape not in ((T,), (T, B)):
            raise ValueError(f"xi must have shape ({T},) or ({T}, {B}), got {self.xi.shape}")
        return self


def as_strategy(strategy: Strategy) -> Strategy:
    """One of the strategies of this page."""
    if not isinstance(strategy, Strategy) or type(strategy) is Strategy:
        raise TypeError(f"strategy must be Full(), Window(tau), Segments(tau), Random(pi) …, got {strategy!r}")
    return strategy
