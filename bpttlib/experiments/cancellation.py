"""Why a non-normal matrix grows first: a short arrow as the sum of two long ones, of which one shrinks faster."""

import numpy as np
from numpy.typing import NDArray

from .. import powers
from .powers import PRESETS, START, matrix, unit

__all__ = ["LAST", "run"]

LAST = 14  # the largest k


def run() -> dict:
    """Split the arrow that stands out into x = a v₁ + b v₂, and follow both parts and their sum under M = "non-normal".

    In coordinates along v₁ and across it, for k = 0 … LAST: "sides" (LAST+1,2,2), a λ₁ᵏ v₁ and b λ₂ᵏ v₂, and "whole"
    (LAST+1,2), M^k x multiplied out. Then the eigenvalues "values", and "apart", the degrees between the two lines.
    """
    M, x = matrix(**PRESETS["non-normal"]), unit(START)
    values, lines = powers.eigenvalues(M), np.array([powers.dominant(M).vector, powers.second_line(M)])
    turn = np.array([lines[0], [-lines[0, 1], lines[0, 0]]])
    shares = np.linalg.solve(lines.T, x) * values ** np.arange(LAST + 1)[:, None]
    sides = shares[:, :, None] * lines @ turn.T
    apart = np.degrees(np.arcsin(powers.sine(lines[1], lines[0])))
    return {"sides": sides, "whole": multiplied_out(M, x) @ turn.T, "values": values, "apart": float(apart)}


def multiplied_out(M: NDArray, x: NDArray) -> NDArray:
    """M^k x for k = 0 … LAST, (LAST+1,2)."""
    orbit = powers.iterate(M, x, LAST)
    return np.exp(orbit.log_norm)[:, None] * orbit.direction
