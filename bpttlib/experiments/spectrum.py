"""Gradients of a large random network, linear and tanh, far back: how big they are, and how alike."""

from functools import lru_cache
from itertools import count

import numpy as np
from numpy.typing import NDArray

from .._checks import as_count, as_positive
from ..longlag import cosines, sent_back, sizes
from ..powers import eigenvalues, largest_singular_value
from ..rnn import RNN

__all__ = ["LAGS", "draw", "run"]

LAGS, ERRORS, WIDTH = 60, 6, 4  # how far back, how many errors, and how many numbers come in and go out


@lru_cache(maxsize=256)
def run(h: int, spectral_radius: float, size: float, real: bool) -> dict:
    """Send six random errors back through a linear and a tanh network that share their weights.

    h units, inputs of standard deviation `size`; `real` says whether the largest eigenvalue is.
    Returns the eigenvalues as "values", "sizes" and "likeness" (mean |cos|) at lags 0 … LAGS for both networks,
    "spectral_radius", "largest_singular_value", the "ratio" of the second |λ| to the first, and "real".
    Raises ValueError as `draw` does.
    """
    rng = np.random.default_rng(0)
    x, errors = size * rng.standard_normal((LAGS + 1, WIDTH)), rng.standard_normal((ERRORS, WIDTH))
    networks = {"linear": draw(h, spectral_radius, real, "identity"), "tanh": draw(h, spectral_radius, real)}
    sent = {name: sent_back(rnn, x, errors) for name, rnn in networks.items()}
    _, values, most = found(h, real)
    return {
        "values": spectral_radius * values,
        "sizes": {name: sizes(D) for name, D in sent.items()},
        "likeness": {name: cosines(D) for name, D in sent.items()},
        "spectral_radius": spectral_radius,
        "largest_singular_value": spectral_radius * most,
        "ratio": abs(values[1] / values[0]),
        "real": real,
    }


def draw(h: int, spectral_radius: float = 0.9, real: bool = True, phi: str = "tanh") -> RNN:
    """Draw random networks, four numbers in and four out, until the largest eigenvalue is real, or one of a pair.

    The same arguments give the same network. Raises ValueError for h < 2 or ρ ≤ 0, TypeError for a `real` that is
    neither True nor False.

    >>> [bool(np.isreal(eigenvalues(draw(5, real=real).W_hh)[0])) for real in (True, False)]
    [True, False]
    """
    as_positive("spectral_radius", spectral_radius)
    if not isinstance(real, (bool, np.bool_)):
        raise TypeError(f"real must be True or False, got {real!r}")
    rnn, _, _ = found(h, real)
    return RNN(rnn.W_hx, spectral_radius * rnn.W_hh, rnn.W_qh, phi=phi)


@lru_cache(maxsize=256)
def found(h: int, real: bool) -> tuple[RNN, NDArray, float]:
    """The first of the networks of seed 0, 1, 2 … with ρ = 1 whose largest eigenvalue is real, or one of a pair.

    With the eigenvalues and the largest singular value of its W_hh: for another ρ all are ρ times as large.
    """
    if as_count("h", h) < 2:
        raise ValueError("h must be at least 2: a 1×1 matrix has no complex pair")
    networks = (RNN.random(WIDTH, h, WIDTH, seed, spectral_radius=1) for seed in count())
    known = ((rnn, eigenvalues(rnn.W_hh)) for rnn in networks)
    rnn, values = next((rnn, values) for rnn, values in known if (values[0].imag == 0) == real)
    return rnn, values, largest_singular_value(rnn.W_hh)
