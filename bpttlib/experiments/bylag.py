"""What each lag adds to the gradient of W_hh, and what it comes to."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..paths import lag_shares
from ..rnn import RNN
from .spectrum import draw

__all__ = ["FAR", "T", "reading", "run"]

T = 60
FAR = 20  # lags from here on are called far


@lru_cache(maxsize=64)
def run(spectral_radius: float) -> dict:
    """Split ∂L/∂W_hh of a random tanh network of 50 units by lag.

    Returns the "lengths" ‖S_k‖ of what lag k = 0 … T-1 adds, the length of the "whole" ‖Σ_k S_k‖, and of the "far"
    part ‖Σ_{k ≥ 20} S_k‖. Raises ValueError for ρ ≤ 0.

    >>> seen = run(0.9)
    >>> round(seen["whole"], 2), seen["far"] < 0.001
    (0.55, True)
    """
    S = lag_shares(*reading(spectral_radius))
    return {
        "lengths": np.linalg.norm(S, axis=(1, 2)),
        "whole": float(np.linalg.norm(S.sum(axis=0))),
        "far": float(np.linalg.norm(S[FAR:].sum(axis=0))),
    }


def reading(spectral_radius: float) -> tuple[RNN, NDArray, NDArray]:
    """The network, its input of standard deviation ½, (T,4), and what it should say, at random too, (T,)."""
    rng = np.random.default_rng(0)
    return draw(50, spectral_radius), 0.5 * rng.standard_normal((T, 4)), rng.integers(0, 4, T)
