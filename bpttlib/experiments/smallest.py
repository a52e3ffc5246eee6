"""The smallest network of page 01: one number per state, four steps, from h_0 = ½."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from ..problem import Problem
from ..rnn import RNN

__all__ = ["STEPS", "derivatives", "problem"]

STEPS = 4


@cache
def problem() -> Problem:
    """h_t = tanh(w_h h_{t-1} + w_x x_t), o_t = w_o h_t, l_t = ½ (o_t - y_t)²; w_h, w_x, w_o = 0.9, 0.5, 2."""
    net = RNN([[0.5]], [[0.9]], [[2.0]])
    return Problem(net, [[1.0], [0.0], [0.0], [-1.0]], [[1.0], [0.5], [0.5], [0.0]], "squared", [0.5])


def derivatives() -> tuple[NDArray, NDArray]:
    """(b, c), each (T,): the immediate derivative of h_t by w and the Jacobian of h_t by h_{t-1}.

    >>> b, c = derivatives()
    >>> b.round(3), c.round(3)
    (array([0.226, 0.489, 0.448, 0.479]), array([0.407, 0.595, 0.692, 0.896]))
    """
    tape, _, _ = problem().evaluate()
    slopes = np.ones_like(tape.h[1:])
    b = tape.to_u(slopes, slice(1, None)) * tape.h[:-1]
    return b.ravel(), tape.carry(slopes, slice(1, None)).ravel()
