"""What comes after an unbiased estimate: E f(ĝ) is f(E ĝ) only where f is straight. Clipping and Adam are bent.

    clipping   f(ĝ) = ĝ min(1, θ/‖ĝ‖)       the long outcomes of the dice are the ones that are shortened
    Adam       f(ĝ) = m̂ / (√v̂ + ε)         the first step is the sign of ĝ; later √v̂ holds the spread as well

All 2^(T-1) outcomes of the dice are listed, so the bias is exact. Sources: Tallec & Ollivier 2017; Pascanu et al.
2013 for clipping; Kingma & Ba 2015, "Adam: a method for stochastic optimization".
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_array, as_count
from .bptt import many_gradients
from .cell import Cell
from .optimizers import Adam, Memory
from .truncation import Random

__all__ = ["Outcomes", "adam_step", "after_many_steps", "outcomes"]

MOST = 2**15  # orders of outcomes that are listed


@dataclass(frozen=True)
class Outcomes:
    """Every value (N,n) that an estimate can take, and its chance (N,).

    Raises ValueError unless the chances are not negative and together 1.

    >>> thrown = Outcomes(values=[[0.0], [4.0]], chances=[0.5, 0.5])
    >>> thrown.mean, thrown.expect(lambda g: np.minimum(g, 1))  # clipped at 1: the mean, 2, would give 1
    (array([2.]), array([0.5]))
    """

    values: ArrayLike
    chances: ArrayLike

    def __post_init__(self):
        values = as_array("values", self.values, ("N", "n"))
        chances = as_array("chances", self.chances, (len(values),))
        if (chances < 0).any() or not np.isclose(chances.sum(), 1):
            raise ValueError(f"chances may not be negative and must add up to 1, got {chances}")
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "chances", chances)

    @property
    def mean(self) -> NDArray:
        """E ĝ, (n,)."""
        return self.chances @ self.values

    @property
    def variance(self) -> NDArray:
        """Var ĝ, entry by entry, (n,)."""
        return self.chances @ (self.values - self.mean) ** 2

    def expect(self, function: Callable[[NDArray], NDArray]) -> NDArray:
        """E f(ĝ) for a function of one vector (n,)."""
        return self.chances @ np.array([function(g) for g in self.values])

    def bias(self, function: Callable[[NDArray], NDArray]) -> float:
        """How far E f(ĝ) is from f(E ĝ): ‖E f(ĝ) - f(g)‖/‖f(g)‖; 0 where f is straight.

        >>> Outcomes([[0.0], [4.0]], [0.5, 0.5]).bias(np.sign)
        0.5
        """
        wanted = function(self.mean)
        return float(np.linalg.norm(self.expect(function) - wanted) / np.linalg.norm(wanted))

    def adam_bias(self, n: int) -> float:
        """How far Adam's n-th step from n throws at one place is, on average, from that of n times the mean.

        Relative as in `bias`, over every order of outcomes. Raises ValueError for more than 2^15 orders.

        >>> round(Outcomes([[0.0], [4.0]], [0.5, 0.5]).adam_bias(1), 6)  # a first step is a sign: 0 or 1, of the mean 1
        0.5
        """
        N = len(self.values)
        if N ** as_count("n", n) > MOST:
            raise ValueError(f"{N} outcomes come in {N}^{n} orders, too many to list; at most {MOST}")
        order = np.array([*product(range(N), repeat=n)]).T  # (n,N^n)
        wanted = adam_step(np.array([self.mean] * n))
        found = self.chances[order].prod(axis=0) @ adam_step(self.values[order])
        return float(np.linalg.norm(found - wanted) / np.linalg.norm(wanted))


def outcomes(
    rnn: Cell,
    x: ArrayLike,
    y: ArrayLike,
    strategy: Random,
    name: str | None = None,
    loss: str = "cross_entropy",
    h0: ArrayLike | None = None,
) -> Outcomes:
    """List every gradient that the dice can give, T ≤ 16: of the parameter of this name, or of all, as in `flat`.

    Errors as in `gradient`, TypeError for a strategy that is not Random, ValueError for another name.

    >>> from bpttlib import RNN
    >>> rnn = RNN([[1.0]], [[0.5]], [[1.0]], phi="identity")
    >>> found = outcomes(rnn, [[1.0], [0.0]], [[0.0], [0.0]], Random(0.5), "W_hx", loss="squared")
    >>> found.values.ravel(), found.chances  # with the edge, twice as heavy, and without it
    (array([0.75, 0.5 ]), array([0.5, 0.5]))
    """
    if not isinstance(strategy, Random):
        raise TypeError(f"strategy must be Random(pi), got {strategy!r}")
    if name is not None and name not in rnn.parameters:
        raise ValueError(f"name must be one of {', '.join(rnn.parameters)}, got {name!r}")
    xi, chances = strategy.all_cuts(len(x))
    g = many_gradients(rnn, x, y, xi, loss, h0)
    wanted = g.values() if name is None else [g[name]]
    return Outcomes(np.concatenate([entries.reshape(len(xi), -1) for entries in wanted], axis=1), chances)


def adam_step(gradients: ArrayLike, adam: Adam = Adam(1.0)) -> NDArray:  # noqa: B008, it never changes
    """Adam's n-th step after n gradients (n,…), from an empty memory: what is subtracted from the weights, (…).

    The equations stand in `optimizers.Adam`. Raises ValueError for NaN, infinity or no gradient.

    >>> adam_step([[3.0, -0.1, 0.0]]).round(6)  # of one gradient only the signs are left
    array([ 1., -1.,  0.])
    """
    gradients = np.asarray(gradients)
    gradients = as_array("gradients", gradients, ("n", *gradients.shape[1:]))
    memory, zero = Memory(), np.zeros_like(gradients[0])
    for g in gradients:
        w, memory = adam.move(zero, g, memory)
    return zero - w


def after_many_steps(mean: ArrayLike, variance: ArrayLike) -> NDArray:
    """How much shorter the dice make Adam's steps at one place, in the long run: |g| / √(g² + Var ĝ), entry by entry.

    v̂ comes to rest at E ĝ² = g² + Var ĝ as β₂ → 1, m̂ keeps the mean g; without dice the ratio is 1. From `moments`
    for a text of any length. mean and variance (n,); NaN where both are 0. Raises ValueError for another shape.

    >>> after_many_steps([2.0, 2.0], [4.0, 0.0]).round(3)
    array([0.707, 1.   ])
    """
    mean = as_array("mean", mean, ("n",))
    second = mean**2 + as_array("variance", variance, mean.shape)
    return np.divide(np.abs(mean), np.sqrt(second), where=second > 0, out=np.full_like(mean, np.nan))
