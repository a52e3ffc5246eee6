"""A fan of arrows under M, M², M³ …, one of them followed closely."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .. import powers

__all__ = ["LAST", "PRESETS", "matrix", "run"]

LAST = 40  # the largest k
FAN = np.radians(np.arange(16) * 22.5 + 11.25)
START = np.radians(118.0)  # of the arrow that stands out: 73° from the eigenline

PRESETS = {
    "vanishing": {"first": 0.85, "second": 0.6, "angle": 0, "departure": 0.0},
    "exploding": {"first": 1.2, "second": 0.85, "angle": 0, "departure": 0.0},
    "rotating": {"first": 1.0, "second": 0.6, "angle": 20, "departure": 0.0},
    "reflecting": {"first": -0.95, "second": 0.7, "angle": 0, "departure": 0.0},
    "defective": {"first": 0.95, "second": 0.95, "angle": 0, "departure": 0.3},
    "non-normal": {"first": 0.9, "second": 0.6, "angle": 0, "departure": 3.0},
    "identity": {"first": 1.0, "second": 1.0, "angle": 0, "departure": 0.0},
}


def matrix(first: float, second: float, angle: float = 0, departure: float = 0.0) -> NDArray:
    """Build the matrix of four sliders: of eigenvalues `first` and `second`, or from an angle > 0 on of a pair.

    The pair is first·e^{±iθ}, θ = angle in degrees, and `second` is not used. Returns M (2,2); raises ValueError
    as `from_eigenvalues` and `from_pair` do.

    >>> matrix(1.0, 0.5).tolist()
    [[0.75, 0.25], [0.25, 0.75]]
    """
    if angle:
        return powers.from_pair(first, angle, departure)
    return powers.from_eigenvalues(first, second, departure)


def run(k: int, first: float, second: float, angle: int, departure: float, true_length: bool) -> dict:
    """Apply M to a fan of 16 arrows and to one more, k times, and measure M.

    M is that of `matrix`; `true_length` is passed on. Returns what `orbits` and `measures` do, the "fan" at step k.
    """
    seen = worked_out(first, second, angle, departure)
    at_k = powers.Orbit(seen["fan"].direction[k], seen["fan"].log_norm[k])
    return seen | {"k": k, "fan": at_k, "true_length": true_length}


@lru_cache(maxsize=64)
def worked_out(first: float, second: float, angle: int, departure: float) -> dict:
    """What does not depend on k."""
    M = matrix(first, second, angle, departure)
    return orbits(M) | measures(M)


def orbits(M: NDArray) -> dict:
    """The "fan" and the "path" of the arrow as orbits, its angle to the eigenline, and what that comes to, or None."""
    x = np.array([np.cos(START), np.sin(START)])
    path, line = powers.iterate(M, x, LAST), powers.dominant(M).vector
    return {
        "fan": powers.iterate(M, np.array([np.cos(FAN), np.sin(FAN)]), LAST),
        "path": path,
        "sines": None if line is None else powers.sine(path.direction, line),
        "limit": powers.asymptote(M, x, LAST),
        "power_log": powers.log_power_norms(M, LAST),
    }


def measures(M: NDArray) -> dict:
    """The eigenvalues of M, the line of the first (or why there is none) and of the second, and its regime."""
    return {
        "M": M,
        "values": powers.eigenvalues(M),
        "dominant": powers.dominant(M),
        "second": powers.second_line(M),
        "spectral_radius": powers.spectral_radius(M),
        "largest_singular_value": powers.largest_singular_value(M),
        "departure": powers.departure(M),
        "regime": powers.regime(M),
    }
