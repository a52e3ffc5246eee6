"""A fan of arrows under M, M², M³ …, one of them followed closely, and beside it a fan that only turns."""

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from .. import powers

__all__ = ["LAST", "NEAR", "PRESETS", "START", "TURNING", "Followed", "Measured", "matrix", "run"]

LAST = 40  # the largest k
NEAR = 12  # steps before and after k of which the orange arrow shows its place
FAN = np.radians(np.arange(16) * 22.5 + 11.25)
START = np.radians(118.0)  # of the arrow that stands out: 73° from the eigenline
TURNING = {"first": 1.0, "second": 0.0, "angle": 5}  # the pair beside the matrix of the sliders

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


@dataclass(frozen=True)
class Measured:
    """A matrix M: its eigenvalues, the line of the first (or why there is none) and of the second, and its regime."""

    M: NDArray
    values: NDArray
    dominant: powers.Dominant
    second: NDArray | None
    spectral_radius: float
    regime: powers.Regime


@dataclass(frozen=True)
class Followed:
    """One arrow for k = 0 … LAST: its orbit, |sin| of its angle to v₁ and what that comes to, or None.

    `most` is log ‖M^k‖: how much longer any arrow may have become.
    """

    orbit: powers.Orbit
    sines: NDArray | None
    limit: NDArray | None
    most: NDArray


def run(k: int, first: float, second: float, angle: int, departure: float, true_length: bool) -> dict:
    """Apply M to a fan of 16 arrows and to one more, k times, and measure M.

    M is that of `matrix`; `true_length` is passed on. Returns the "matrix" as `Measured`, the "arrow" as `Followed`,
    the "fan" as its orbit at step k, and "turning", the directions (n,17,2) of the fan and the arrow under `TURNING`,
    at k and in up to 12 steps from there.
    """
    measured, arrow, fan = worked_out(first, second, angle, departure)
    at_k = powers.Orbit(fan.direction[k].T, fan.log_norm[k])
    shown = {"k": k, "matrix": measured, "arrow": arrow, "fan": at_k}
    return shown | {"turning": turning()[k : k + 1 + NEAR], "true_length": true_length}


@lru_cache(maxsize=256)
def worked_out(first: float, second: float, angle: int, departure: float) -> tuple[Measured, Followed, powers.Orbit]:
    """What does not depend on k."""
    M = matrix(first, second, angle, departure)
    return measure(M), follow(M), powers.iterate(M, unit(FAN), LAST)


@cache
def turning() -> NDArray:
    """The fan and the arrow under a complex pair of size 1, for every k: (LAST+1,17,2)."""
    return powers.iterate(matrix(**TURNING), unit(np.append(FAN, START)), LAST).direction.swapaxes(1, 2)


def follow(M: NDArray) -> Followed:
    """The arrow that stands out, under the powers of M."""
    x, line = unit(START), powers.dominant(M).vector
    orbit = powers.iterate(M, x, LAST)
    sines = None if line is None else powers.sine(orbit.direction, line)
    return Followed(orbit, sines, powers.asymptote(M, x, LAST), powers.log_power_norms(M, LAST))


def measure(M: NDArray) -> Measured:
    lines = powers.dominant(M), powers.second_line(M)
    return Measured(M, powers.eigenvalues(M), *lines, powers.spectral_radius(M), powers.regime(M))


def unit(angle: NDArray | float) -> NDArray:
    """Vectors of length 1 at these angles, as columns."""
    return np.array([np.cos(angle), np.sin(angle)])
