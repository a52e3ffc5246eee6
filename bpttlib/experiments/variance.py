"""How the variance of the randomized recurrence grows: b = 1, and one c and one π for all steps."""

import numpy as np

from ..moments import scalar_limit, scalar_moments

__all__ = ["STEPS", "run"]

STEPS = 100


def run(c: float, pi: float) -> dict:
    """Var z_t (100,) of z_t = b + ξ_t c z_{t-1} and of the literal reading z_t = b + ξ_t c a_{t-1}, and the limit.

    >>> seen = run(c=0.8, pi=0.7)
    >>> seen["recursive"][:3].round(3).tolist(), round(seen["limit"], 6)
    ([0.0, 0.274, 1.139], 80.0)
    """
    b, c_t = np.ones(STEPS), np.full(STEPS, c)
    recursive, literal = (scalar_moments(b, c_t, pi, recursive=r).variance for r in (True, False))
    return {"c": c, "pi": pi, "recursive": recursive, "literal": literal, "limit": scalar_limit(1.0, c, pi)}
