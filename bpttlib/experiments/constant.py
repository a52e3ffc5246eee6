"""The recurrence with constants: a_t over t, what becomes of it, and where it goes."""

import numpy as np

from ..recurrence import Regime, regime, solve

__all__ = ["run"]


def run(size: float, sign: int, b: float, T: int) -> dict:
    """Run a_t = b + c a_{t-1} for T steps, c = size · sign.

    Returns "a" (T,), "b", "c", the "regime", and the "limit" b/(1-c), None if a_t has none.

    >>> run(size=0.5, sign=1, b=1.0, T=3)["a"].tolist()
    [1.0, 1.5, 1.75]
    """
    c = sign * size + 0.0  # never −0
    found = regime(b, c)
    limit = b / (1 - c) if found is Regime.CONVERGES else None
    return {"a": solve(np.full(T, b), np.full(T, c)), "b": b, "c": c, "regime": found, "limit": limit}
