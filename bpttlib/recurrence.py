"""The recurrence a_t = b_t + c_t a_{t-1}: the two ways to compute it.

Every derivative in this course is this recurrence: a_t is the total derivative
of h_t, b_t its immediate derivative, c_t the Jacobian that carries a_{t-1} on.
"""

import cmath
from enum import StrEnum
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import unmasked

__all__ = ["Regime", "closed_form", "path_products", "regime", "solve"]


def solve(b: ArrayLike, c: ArrayLike) -> NDArray:
    """Run the recurrence forward, one multiplication a step.

        a_t = b_t + c_t a_{t-1},   a_0 = 0

    b, c  (..., T), broadcast against each other; time is the last axis, there must be one. c[..., 0] meets
          a_0 = 0 and so never matters. Arrays of `fractions.Fraction` stay exact.
    Returns a  (..., T). Raises ValueError for no time step, shapes that do not fit, NaN or infinity;
    TypeError for what is no number.
    Source: D2L, "Backpropagation Through Time".

    >>> solve(b=[1, 1, 1], c=[0.5, 0.5, 0.5])
    array([1.  , 1.5 , 1.75])
    """
    b, c = _sequences(b, c)
    a = np.empty(b.shape, np.result_type(b, c))
    a[..., 0] = b[..., 0]
    for t in range(1, b.shape[-1]):
        a[..., t] = b[..., t] + c[..., t] * a[..., t - 1]
    return a


def closed_form(b: ArrayLike, c: ArrayLike) -> NDArray:
    """Add up the T(T+1)/2 paths of the triangle, where `solve` takes T-1 steps.

        a_t = b_t + Σ_{i=1}^{t-1} ( Π_{j=i+1}^{t} c_j ) b_i

    Arguments, result and errors as in `solve`.

    >>> closed_form(b=[1, 1, 1], c=[0.5, 0.5, 0.5])
    array([1.  , 1.5 , 1.75])
    """
    b, c = _sequences(b, c)
    return (path_products(c) @ b[..., None])[..., 0]


def path_products(c: ArrayLike) -> NDArray:
    """Multiply along every path of the triangle.

        P[t, i] = Π_{j=i+1}^{t} c_j  for i ≤ t (the empty product is 1),  0 for i > t

    c  (..., T). Returns P  (..., T, T), row t the step that feels, column i the step that acts.
    Raises ValueError as `solve` does.

    >>> path_products([7.0, 2.0, 3.0])
    array([[1., 0., 0.],
           [2., 1., 0.],
           [6., 3., 1.]])
    """
    (c,) = _sequences(c)
    T = c.shape[-1]
    P = np.zeros((*c.shape, T), dtype=c.dtype)
    for t in range(T):
        P[..., t, :t] = c[..., t, None] * P[..., t - 1, :t]  # at t = 0 both sides are empty
        P[..., t, t] = 1
    return P


class Regime(StrEnum):
    """What a_t = b + c a_{t-1} does."""

    CONVERGES = "converges"
    GROWS_LINEARLY = "grows linearly"
    ALTERNATES = "alternates"
    EXPLODES = "explodes"
    STAYS_AT_0 = "stays at 0"


def regime(b: float, c: float) -> Regime:
    """Name what a_t does if b and c never change.

        a_t = b (1 + c + … + c^{t-1}) = b (1 - c^t) / (1 - c),   and b t for c = 1

    It converges to b/(1-c) for |c| < 1, grows linearly for c = 1, alternates between b and 0 for c = -1,
    explodes for |c| > 1, and stays at 0 for b = 0.
    Raises TypeError unless b and c are real numbers, ValueError for NaN or infinity.

    >>> str(regime(1, -0.5))
    'converges'
    """
    if not (isinstance(b, Real) and isinstance(c, Real)):
        raise TypeError(f"b and c must be real numbers, got {b!r} and {c!r}")
    _sequences([b], [c])
    if b == 0:
        return Regime.STAYS_AT_0
    if abs(c) == 1:
        return Regime.GROWS_LINEARLY if c == 1 else Regime.ALTERNATES
    return Regime.CONVERGES if abs(c) < 1 else Regime.EXPLODES


def _sequences(*arrays: ArrayLike) -> list[NDArray]:
    """Sequences of one shape, time last; floats, or objects if one of them holds exact numbers."""
    arrays = [unmasked("a sequence", a) for a in arrays]
    if any(a.dtype.kind not in "biufcO" for a in arrays):
        raise TypeError(f"a sequence must hold numbers, got dtype {[str(a.dtype) for a in arrays]}")
    exact = any(a.dtype.kind == "O" for a in arrays)
    arrays = [a.astype(object if exact else np.result_type(a, float)) for a in arrays]
    for a in arrays:
        if a.ndim == 0 or a.shape[-1] == 0:
            raise ValueError(f"a sequence needs at least one time step on its last axis, got shape {a.shape}")
        if not all_finite(a):
            raise ValueError("a sequence may not hold NaN or infinity")
    try:
        return np.broadcast_arrays(*arrays) if len(arrays) > 1 else arrays
    except ValueError:
        raise ValueError(f"the shapes of b and c do not fit: {[a.shape for a in arrays]}") from None


def all_finite(a: NDArray) -> bool:
    """Whether all entries are finite, of objects as far as they can say; raises TypeError for what is no number."""
    return all(map(entry_is_finite, a.flat)) if a.dtype.kind == "O" else bool(np.isfinite(a).all())


def entry_is_finite(entry: Any) -> bool:
    """Whether an object is finite, as far as it can say; raises TypeError for one with which nobody can calculate."""
    if isinstance(entry, (str, bytes, list, tuple, dict, set)) or not hasattr(entry, "__add__"):
        raise TypeError(f"a sequence must hold numbers, got {entry!r:.40}")
    try:
        return cmath.isfinite(entry)
    except OverflowError:  # a long fraction
        return True
    except (TypeError, ValueError):  # a letter
        return True
