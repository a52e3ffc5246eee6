"""How far back a loss is felt, how long a window must be for it, and what its bias is then."""

import numpy as np
from numpy.typing import NDArray

from ..comparison import choose_tau, tail_share
from .reading import reading_of_title

__all__ = ["decay", "run"]


def run(tolerance: float, spectral_radius: float) -> dict:
    """The norms at each lag on the reading of the title, and the τ that leaves out no more than `tolerance`.

    >>> seen = run(tolerance=0.1, spectral_radius=0.9)
    >>> seen["tau"], round(seen["decay"], 2)
    (8, 0.75)
    """
    read = reading_of_title(spectral_radius)
    by_lag = read.mean_by_lag
    return {
        "lags": read.lags,
        "by_lag": by_lag,
        "decay": decay(by_lag),
        "share": tail_share(by_lag),
        "bias": {kind: read.trade_off[kind].bias for kind in ("window", "segments")},
        "tolerance": tolerance,
        "tau": choose_tau(by_lag, tolerance),
    }


def decay(by_lag: NDArray) -> float:
    """The factor a step of n_k ≈ n_1 · factor^(k-1), by least squares on log n_k over the first half of the lags."""
    fit = slice(1, max(3, len(by_lag) // 2))
    lag = np.arange(len(by_lag))[fit]
    return float(np.exp(np.polyfit(lag, np.log(by_lag[fit]), 1)[0]))
