"""Gradients of a large random network, linear and tanh, far back: how big they are, and how alike."""

from functools import lru_cache

import numpy as np

from .._checks import as_count
from ..longlag import cosines, sent_back, sizes
from ..powers import eigenvalues, largest_singular_value
from ..rnn import RNN

__all__ = ["LAGS", "draw", "run"]

LAGS, ERRORS, WIDTH = 60, 6, 4  # how far back, how many errors, and how many numbers come in and go out


@lru_cache(maxsize=64)
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
    W_hh = networks["tanh"].W_hh
    values = eigenvalues(W_hh)
    return {
        "values": values,
        "sizes": {name: sizes(D) for name, D in sent.items()},
        "likeness": {name: cosines(D) for name, D in sent.items()},
        "spectral_radius": spectral_radius,
        "largest_singular_value": largest_singular_value(W_hh),
        "ratio": abs(values[1] / values[0]),
        "real": real,
    }


def draw(h: int, spectral_radius: float = 0.9, real: bool = True, phi: str = "tanh") -> RNN:
    """Draw random networks, four numbers in and four out, until the largest eigenvalue is real, or one of a pair.

    The same arguments give the same network. Raises ValueError for h < 2.

    >>> [bool(np.isreal(eigenvalues(draw(5, real=real).W_hh)[0])) for real in (True, False)]
    [True, False]
    """
    return RNN.random(WIDTH, h, WIDTH, seed_with(h, real), spectral_radius, phi)


@lru_cache(maxsize=256)
def seed_with(h: int, real: bool) -> int:
    """The first seed 0, 1, 2 … whose W_hh has a real largest eigenvalue, or one of a pair."""
    if as_count("h", h) < 2:
        raise ValueError("h must be at least 2: a 1×1 matrix has no complex pair")
    seed = 0
    while (eigenvalues(RNN.random(WIDTH, h, WIDTH, seed).W_hh)[0].imag == 0) != real:
        seed += 1
    return seed
