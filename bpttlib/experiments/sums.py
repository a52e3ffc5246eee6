"""The triangle of the smallest network with what every path carries, added up row by row and column by column."""

from ..bptt import differentiate
from ..paths import path_shares
from ..recurrence import solve
from ..truncation import Full
from .smallest import derivatives, problem

__all__ = ["run"]


def run() -> dict:
    """Every path's share of ∂L/∂w, and three ways to their sum that know nothing of paths.

        by_rows[t-1] = (1/T) ∂l_t/∂h_t a_t       by_columns[i-1] = ∂L/∂h_i b_i

    Returns "shares" (T,T), `shares[t-1, i-1]`, "by_rows" and "by_columns" (T,), and "total", the gradient.

    >>> found = run()
    >>> found["by_rows"].round(3), found["by_columns"].round(3), round(found["total"], 3)
    (array([ 0.054,  0.207,  0.203, -0.085]), array([ 0.115,  0.22 ,  0.076, -0.032]), 0.379)
    """
    one, (b, c) = problem(), derivatives()
    tape, _, dL_do = one.evaluate()
    full = differentiate(one, Full())
    return {
        "shares": path_shares(one.net, one.x, one.y, one.loss, one.h0)[..., 0, 0],
        "by_rows": tape.inject(dL_do)[1:].ravel() * solve(b, c),
        "by_columns": full.dL_dh.ravel() * b,
        "total": full.W_hh.item(),
    }
