"""The variance of the dice for every π at once: what crosses a stretch of edges, squared.

Under `Random(pi)` two paths that share n edges have Cov(Ω, Ω') = π^-n - 1. Of all pairs, those that share at least
the stretch of edges from h_a to h_b add up to the square of

    U_{a,b} = Σ_{i ≤ a} Σ_{t ≥ b} P[t,i]      what crosses it: all losses from b on, felt at all steps up to a,

and those that share just this stretch are a second difference of such squares. Summed over all stretches:

    Var ∂L/∂W_hh = Σ_{n≥1} κ_n(π) S_n      S_n = Σ_{b-a=n} U_{a,b}²      κ_1 = 1/π - 1,   κ_n = (1-π)²/π^n for n > 1

S knows nothing of π, and no term is negative. `moments` finds the same for one π, for every parameter, at any length.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .truncation import Random

__all__ = ["across", "crossings", "running_sum", "variance_of_dice"]


def across(shares: NDArray) -> NDArray:
    """U_{a,b}, what crosses the edges from h_a to h_b, at `U[b-1, a-1]`, (T,T,…) from `path_shares` P (T,T,…).

    >>> across(np.array([[1.0, 0.0], [3.0, 1.0]]))
    array([[4., 5.],
           [3., 4.]])
    """
    return running_sum(running_sum(shares, axis=1)[::-1], axis=0)[::-1]


def crossings(shares: NDArray) -> NDArray:
    """S_n = Σ_{b-a=n} U_{a,b}² for n = 1 … T-1, entry by entry: (T-1,…) from `path_shares` P (T,T,…).

    >>> crossings(np.array([[1.0, 0.0], [3.0, 1.0]]))  # just one path crosses the edge from h_1 to h_2
    array([9.])
    """
    U = across(shares)
    S = np.zeros((len(U) - 1, *U.shape[2:]))
    for b in range(1, len(U)):
        S[:b] += U[b, b - 1 :: -1] ** 2  # the stretches that end at b, of 1, 2 … b edges
    return S


def running_sum(values: NDArray, axis: int) -> NDArray:
    """`numpy.cumsum`, of whole rows at a time: ten times as fast where the last axes are long."""
    total = np.moveaxis(values.copy(), axis, 0)
    for before, here in pairwise(total):
        here += before
    return np.moveaxis(total, 0, axis)


def variance_of_dice(S: NDArray, pi: ArrayLike) -> NDArray:
    """Var = Σ_n κ_n(π) S_n for S (T-1,…) from `crossings`; pi a number, or (n,) for n variances (n,…) at once.

    Raises ValueError unless 0 < pi ≤ 1.

    >>> variance_of_dice(np.array([9.0]), 0.5)
    array(9.)
    """
    pi = np.asarray(Random(pi).pi)[..., None]
    n = np.arange(1, len(S) + 1)
    kappa = np.where(n == 1, 1 / pi - 1, (1 - pi) ** 2 / pi ** n.astype(float))
    return np.tensordot(kappa, S, axes=1)
