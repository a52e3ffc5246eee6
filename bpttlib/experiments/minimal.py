"""Odd or even? Three units count the ones they read, 1 1 1 1 …: a gate in (0, 1), a c of -1, and two tanh units.

What the minimal GRU cannot do, whatever its weights: reading ones, each unit goes to its n along z^t, so that its
read-out is a sum of h such powers and a number, which has at most h zeros. It can change its mind h times.
"""

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..cell import sigmoid
from ..minimal import MinimalGRU
from ..rnn import RNN
from ..scan import scan

__all__ = ["SURE", "flipping_unit", "in_a_row", "longest_right", "parity", "run", "two_tanh_units"]

STEPS, UNITS = 24, 4
SURE = 3.0  # o for odd, and -o for even: σ(3) = 0.95
STEEP = 6.0  # how far the two tanh units are driven


@cache
def run() -> dict:
    """What each says after 1 … 24 ones: "odd", name → σ(o_t), the probability it gives to odd, (T,); the "units".

    >>> {name: in_a_row(p > 0.5) for name, p in run()["odd"].items()}
    {'minimal': 5, 'flipping': 24, 'tanh': 24}
    """
    x = np.ones((STEPS, 1))
    found = {
        "minimal": longest_right(UNITS).forward(x).o.ravel(),
        "flipping": flipping_unit(x.ravel()),
        "tanh": two_tanh_units().forward(x).o.ravel(),
    }
    return {"odd": {name: sigmoid(o) for name, o in found.items()}, "units": UNITS}


def parity(x: ArrayLike) -> NDArray:
    """Whether the number of ones read so far is odd, 1 or 0, (T,…).

    >>> parity([1, 0, 1, 1])
    array([1, 1, 0, 1])
    """
    return np.cumsum(np.asarray(x, int), axis=0) % 2


def in_a_row(says_odd: ArrayLike) -> int:
    """For how many ones from the first on the answer is right, (T,) of True where it is odd.

    >>> in_a_row([True, False, True, True, True])
    3
    """
    right = np.asarray(says_odd) == parity(np.ones(len(says_odd)))
    return int(np.argmin([*right, False]))


def longest_right(h: int) -> MinimalGRU:
    """A minimal GRU of h units, set by hand, that is right after 1 … h+1 ones: no weights hold out longer.

    z_k = k/(h+1) and n = 1 when it reads a one; the read-out solves the h+1 equations o_t = ±3.

    >>> longest_right(2).forward(np.ones((5, 1))).o.ravel().round().tolist()
    [3.0, -3.0, 3.0, 10.0, 16.0]
    """
    z, t = np.arange(1, h + 1) / (h + 1), np.arange(1, h + 2)
    states = np.append(1 - z ** t[:, None], np.ones((h + 1, 1)), axis=1)  # and 1 for b_q
    w = np.linalg.solve(states, SURE * (2 * parity(np.ones(h + 1)) - 1))
    return MinimalGRU(np.append(np.log(z / (1 - z)), np.ones(h))[:, None], w[None, :h], b_q=w[h:])


def flipping_unit(x: ArrayLike) -> NDArray:
    """What one unit says that a one turns around, by a scan: h_t = (1 - 2 x_t) h_{t-1}, h_0 = 1, o_t = -3 h_t; (T,).

    >>> flipping_unit([1, 0, 1, 1]).tolist()
    [3.0, 3.0, -3.0, 3.0]
    """
    c = 1 - 2 * np.asarray(x, float)
    return -SURE * scan(b=c * (np.arange(len(c)) == 0), c=c)  # b_1 = c_1 h_0


def two_tanh_units() -> RNN:
    """Two tanh units, set by hand: "a one, or odd before", and "both". Odd now is the first and not the second.

    >>> two_tanh_units().forward([[1.0], [0.0], [1.0], [1.0]]).o.ravel().round(1).tolist()
    [3.0, 3.0, -3.0, 3.0]
    """
    odd_before = np.array([[0.5, -0.5]])
    W_hh, b_h = STEEP * np.repeat(odd_before, 2, axis=0), -STEEP * np.array([0.5, 1.5])
    return RNN(STEEP * np.ones((2, 1)), W_hh, 2 * SURE * odd_before, b_h, [-SURE])
