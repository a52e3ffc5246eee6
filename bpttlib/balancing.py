"""Influence balancing: near influences push up, far ones push down, and the far ones win.

n linear units in a row, each keeping half of itself and taking half of the next one's; all are fed one number θ, the
first p of them with a plus, the other n-p with a minus. Only the first is asked: its state should be 1.

    s_{t+1} = A s_t + θ σ        A = ½ on the diagonal and above it        L = ½ (s¹ - 1)²

At rest s = (I-A)⁻¹ σ θ, and (I-A)⁻¹ is 2 on and above the diagonal: s¹ = 2 (p - (n-p)) θ, a derivative of -6 for 10
plus and 13 minus. A minus needs ten steps and more to reach the first unit, so whoever looks back less far sees
pluses only. Source: Tallec & Ollivier 2017, "Unbiasing truncated backpropagation through time".
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_array, as_count, as_positive, as_probabilities, as_rng
from .bptt import gradient
from .rnn import RNN
from .truncation import Random, Seed, Segments, Strategy, as_strategy

__all__ = ["Balance", "largest_rate"]


@dataclass(frozen=True)
class Balance:
    """The network of influence balancing, with so many pluses and, behind them, so many minuses.

    Raises ValueError or TypeError unless both are whole numbers from 1 on and differ: else θ moves nothing at rest.

    >>> from bpttlib import Segments, Window
    >>> balance = Balance()
    >>> balance.derivative, balance.seen(Segments(10)), round(balance.seen(Window(100)), 2)
    (-6.0, 5.5, -6.0)
    """

    plus: int = 10
    minus: int = 13

    def __post_init__(self):
        if as_count("plus", self.plus) == as_count("minus", self.minus):
            raise ValueError(f"plus and minus must differ, got {self.plus} of both: at rest θ would move nothing")

    @property
    def signs(self) -> NDArray:
        """σ (n,)."""
        return np.repeat([1.0, -1.0], [self.plus, self.minus])

    @property
    def steps(self) -> int:
        """400 for 23 units: far more than an influence takes to fade."""
        return 16 * (self.plus + self.minus) + 32

    @property
    def derivative(self) -> float:
        """∂s¹/∂θ at rest: 2 (plus - minus)."""
        return 2.0 * (self.plus - self.minus)

    @property
    def goal(self) -> float:
        """The θ at which s¹ rests at 1."""
        return 1 / self.derivative

    def net(self, theta: float) -> RNN:
        """W_hh = A, W_hx = θ σ for an input that is always 1, and a read-out that sees the first unit."""
        n = self.plus + self.minus
        A = (np.eye(n) + np.eye(n, k=1)) / 2
        return RNN(theta * self.signs[:, None], A, np.eye(1, n), phi="identity")

    def twin(self, theta: float) -> RNN:
        """The same outputs and the same paths, transposed: θ is one entry, W_hx[0, 0], and the signs read out.

        So `moments`, which knows entries and not their sums, can take it.

        >>> x = np.ones((9, 1))
        >>> Balance().net(0.5).forward(x).o[-1], Balance().twin(0.5).forward(x).o[-1]
        (array([[4.5]]), array([[4.5]]))
        """
        net = self.net(theta)
        return RNN(theta * net.W_qh.T, net.W_hh.T, self.signs[None], phi="identity")

    def rest(self, theta: float) -> NDArray:
        """The state at which the network comes to rest, θ (I-A)⁻¹ σ, (n,): twice the signs added up from the end."""
        return 2 * theta * self.signs[::-1].cumsum()[::-1]

    def gradient(
        self,
        theta: float,
        strategy: Strategy,
        steps: int | None = None,
        asked: int = 1,
        wanted: float = 1.0,
        seed: Seed = None,
    ) -> float:
        """∂L/∂θ as a strategy sees it, L the mean of ½ (s¹ - wanted)² over the last `asked` of so many steps at rest.

            ∂L/∂θ = σ · ∂L/∂W_hx

        Raises ValueError unless asked ≤ steps, and what `bpttlib.gradient` raises.

        >>> from bpttlib import Full
        >>> Balance().gradient(0.5, Full())  # (s¹ - 1) · -6 at s¹ = -3
        24.0
        """
        as_strategy(strategy)
        steps = self.steps if steps is None else as_count("steps", steps)
        if as_count("asked", asked) > steps:
            raise ValueError(f"asked must lie in 1 … steps = {steps}, got {asked}")
        net, x, h0 = self.net(theta), np.ones((steps, 1)), self.rest(theta)
        y = net.forward(x, h0).o[:, 0]  # no error, but
        y[-asked:] = wanted
        g = gradient(net, x, y, strategy, loss="squared", h0=h0, seed=seed)
        return float(self.signs @ g.W_hx[:, 0]) * steps / asked

    def seen(self, strategy: Strategy, seed: Seed = None) -> float:
        """∂s¹/∂θ as a strategy sees it: -6 for Full.

        Under Segments it depends on the place of the loss in its block; this is the mean over the block.

        >>> from bpttlib import Segments
        >>> round(Balance().seen(Segments(100)), 2)
        0.58
        """
        asked = strategy.tau if isinstance(strategy, Segments) else 1
        steps = getattr(strategy, "tau", None)  # no loss looks back over more than these
        return self.gradient(1.0, strategy, steps, asked, self.derivative - 1, seed)

    def influence(self) -> NDArray:
        """σ · (Aᵀ)^k e₁, what θ does to s¹ over k = 0, 1 … steps-1 steps, (steps,); together the derivative.

        >>> Balance(plus=2, minus=1).influence()[:5]  # ½ as soon as a quarter of a minus arrives
        array([ 1.    ,  1.    ,  0.5   ,  0.125 , -0.0625])
        """
        y = np.zeros((self.steps, 1))
        y[-1] = -1.0
        net = self.net(0.0)  # at θ = 0 all states are 0: the last error is 1, all others are 0
        return self.steps * gradient(net, np.ones_like(y), y, loss="squared").dL_dh[::-1, 0] @ self.signs

    def mean_and_sd(self, strategy: Strategy) -> tuple[float, float]:
        """Of what a strategy sees, exactly; the dice are listed by how far back the last cut lies.

        Raises ValueError for Random with π ≤ ¼, where the variance has no bound, or one for each edge.

        >>> from bpttlib import Random
        >>> Balance().mean_and_sd(Random(15 / 16))[1].__round__(1)
        54.2
        """
        if not isinstance(as_strategy(strategy), Random):
            return self.seen(strategy), 0.0
        chance, seen = self.chances(strategy.pi), self.seen_by_reach(strategy.pi)
        mean = float(chance @ seen)
        return mean, float(np.sqrt(chance @ (seen - mean) ** 2))

    def chances(self, pi: float) -> NDArray:
        """How likely dice leave a loss just m = 1, 2 … steps terms: π^(m-1) (1-π), and the rest for the last, (steps,).

        >>> Balance().chances(0.5)[:3]
        array([0.5  , 0.25 , 0.125])
        """
        left = shared(pi) ** np.arange(self.steps)
        return np.append(left[:-1] - left[1:], left[-1])

    def seen_by_reach(self, pi: float) -> NDArray:
        """What dice see that leave m = 1, 2 … steps terms: Σ_{k<m} influence_k / π^k, (steps,)."""
        return (self.influence() / shared(pi) ** np.arange(self.steps)).cumsum()

    def throws(self, pi: float, shape: int | tuple[int, ...], seed: Seed = None) -> NDArray:
        """What dice see, thrown anew for each loss: an array of that shape.

        >>> Balance().throws(1.0, 3)
        array([-6., -6., -6.])
        """
        last = np.searchsorted(self.chances(pi).cumsum(), as_rng(seed).random(shape))
        return self.seen_by_reach(pi)[np.minimum(last, self.steps - 1)]

    def train(self, seen: ArrayLike, alpha: float, theta: float = 0.5) -> NDArray:
        """Descend with steps α/√(1+n), each from rest and by what was seen of ∂s¹/∂θ: θ_0, θ_1 …, (N+1,…).

            θ_{n+1} = θ_n - η_n (s¹ - 1) seen_n,   s¹ - 1 = -6 (θ_n - θ*)
            θ_{n+1} - θ* = (θ_n - θ*) (1 + 6 η_n seen_n)        so all of training is one product

        seen (N,) or (N,…) for several runs; infinite from where it leaves the range of numbers. Raises ValueError
        unless α > 0, for NaN and infinity.

        >>> Balance().train([-6.0, -6.0], alpha=1 / 36).round(3)  # the first step arrives
        array([ 0.5  , -0.167, -0.167])
        """
        seen = np.asarray(seen, float)
        seen = as_array("seen", seen, ("N", *("R",) * (seen.ndim - 1)))
        eta = as_positive("alpha", alpha) / np.sqrt(1 + np.arange(len(seen)))
        factors = 1 - self.derivative * (eta * seen.T).T
        away = np.concatenate([np.full((1, *seen.shape[1:]), theta - self.goal), factors])
        with np.errstate(over="ignore", invalid="ignore"):
            return self.goal + np.nan_to_num(np.cumprod(away, axis=0), nan=np.inf, posinf=np.inf, neginf=-np.inf)

    def train_online(self, xi: ArrayLike, alpha: float, theta: float = 0.5) -> NDArray:
        """Descend at every step, as the stream runs on and the states with it: θ_0, θ_1 …, (N+1,…).

            a_t = σ + ξ_t A a_{t-1}        s_t = A s_{t-1} + θ σ        θ ← θ - η_t (s¹_t - 1) a¹_t,  η_t = α/√t

        The recurrence of the gradient, carried forward: a is ∂s/∂θ under these edge weights, and follows θ as slowly
        as s does. xi (N,) or (N,R) for R runs, as from `edge_weights` or `Random(pi).draws`; both begin at rest.
        Raises ValueError unless α > 0, for NaN and infinity.

        >>> Balance().train_online(np.ones(2000), alpha=0.003)[[0, -1]].round(3)
        array([ 0.5  , -0.167])
        """
        xi = np.asarray(xi, float)
        xi = as_array("xi", xi, ("N", *("R",) * (xi.ndim - 1)))
        as_positive("alpha", alpha)
        A, sigma = self.net(0.0).W_hh, self.signs.reshape(-1, *(1,) * (xi.ndim - 1))
        a, s = (self.rest(one).reshape(sigma.shape) for one in (1.0, theta))
        found = [np.full(xi.shape[1:], theta)]
        with np.errstate(over="ignore", invalid="ignore"):
            for t, xi_t in enumerate(xi, start=1):
                a, s = sigma + A @ (xi_t * a), A @ s + found[-1] * sigma
                found.append(found[-1] - alpha / np.sqrt(t) * (s[0] - 1) * a[0])
        return np.array(found)


def shared(pi: float) -> float:
    """One π > ¼ for all edges."""
    pi = as_probabilities("pi", pi)
    if pi.ndim or pi <= 0.25:
        raise ValueError(f"pi must be one number above ¼, the square of the eigenvalue of A, got {pi.tolist()!r}")
    return float(pi)


def largest_rate(derivative: float, mean: float, sd: float) -> float:
    """The step size up to which descent shrinks the mean square of θ - θ*; 0 if it goes the wrong way.

        E (1 - η D ĝ)² = 1 - 2 η D m + η² D² (m² + σ²) < 1   if and only if   η < 2 m / (D (m² + σ²)),   m D > 0

    derivative D, the true one; mean m and sd σ of the one seen. Raises ValueError if D is 0 or sd negative.

    >>> round(largest_rate(-6, -6, 0), 4), round(largest_rate(-6, -6, 54), 5), largest_rate(-6, 5.5, 0)
    (0.0556, 0.00068, 0.0)
    """
    if derivative == 0 or not sd >= 0:
        raise ValueError(f"derivative may not be 0 nor sd negative, got {derivative!r} and {sd!r}")
    return max(0.0, 2 * mean / (derivative * (mean**2 + sd**2))) if mean or sd else 0.0
