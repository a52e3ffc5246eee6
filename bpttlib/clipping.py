"""Clipping: how long a step may be. It bounds gradients that explode, and does nothing for those that vanish."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_array, as_positive

__all__ = ["clip_by_norm", "clip_by_value", "degrees_between", "length"]


def length(g: NDArray) -> float:
    """‖g‖ of a vector (n,) without NaN and infinity, so that no square overflows and none is lost.

    >>> length(np.array([3.0, 4.0])), length(np.array([3e200, 0.0]))
    (5.0, 3e+200)
    """
    with np.errstate(over="ignore", under="ignore"):
        squares = float(g.dot(g))
    if 1e-280 < squares < np.inf:
        return math.sqrt(squares)
    scale = float(np.abs(g).max()) or 1.0
    return scale * float(np.linalg.norm(g / scale))


def clip_by_norm(g: ArrayLike, theta: float) -> NDArray:
    """Shorten g to length θ if it is longer: g · min(1, θ/‖g‖). The direction stays.

    g (n,), all parameters one behind another. Raises ValueError for θ ≤ 0, NaN or infinity.
    Source: Pascanu et al. 2013.
    """
    g = as_array("g", g, ("n",))
    as_positive("theta", theta)
    return shortened(g, length(g), theta)


def shortened(g: NDArray, norm: float, theta: float) -> NDArray:
    """g·min(1, θ/‖g‖) of a vector whose length is known."""
    return g if norm <= theta else g * (theta / norm)


def clip_by_value(g: ArrayLike, theta: float) -> NDArray:
    """Cut every entry of g to [-θ, θ]. The direction changes as soon as one entry is cut and not all alike.

    g (n,). Raises ValueError for θ ≤ 0, NaN or infinity.
    """
    as_positive("theta", theta)
    return np.clip(as_array("g", g, ("n",)), -theta, theta)


def degrees_between(g: ArrayLike, other: ArrayLike) -> float:
    """The angle between two vectors (n,); from its half, so that a small one is exact too.

    Raises ValueError if one of them is 0, for shapes that do not fit, NaN or infinity.

    >>> degrees_between([1e200, 0], [1e-200, 1e-200])
    45.0
    """
    g = as_array("g", g, ("n",))
    other = as_array("other", other, g.shape)
    if not (g.any() and other.any()):
        raise ValueError("a vector of length 0 has no direction")
    g, other = g / np.abs(g).max(), other / np.abs(other).max()  # so that no square overflows
    g, other = g / np.linalg.norm(g), other / np.linalg.norm(other)
    return float(np.degrees(2 * np.arctan2(np.linalg.norm(g - other), np.linalg.norm(g + other))))
