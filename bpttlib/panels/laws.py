"""The panels of the laws: variance, trade-off, and the length of a window."""

import numpy as np

from ..comparison import choose_tau, tail_share
from ..figures.lags import LagPicture
from ..figures.tradeoff import TradeoffPicture
from ..figures.variance import VariancePicture
from ..moments import scalar_limit, scalar_moments
from ..reading import reading
from ..text import TITLE
from .base import Panel, slider, slider_of

__all__ = ["LagPanel", "TradeoffPanel", "VariancePanel"]

STEPS = len(TITLE) - 1


def variances(c: float, pi: float) -> dict:
    """What `VariancePicture` shows in this state."""
    b, c_t = np.ones(100), np.full(100, c)
    recursive, literal = (scalar_moments(b, c_t, pi, recursive=r).variance for r in (True, False))
    return {"c": c, "pi": pi, "recursive": recursive, "literal": literal, "limit": scalar_limit(1.0, c, pi)}


class VariancePanel(Panel):
    """Drag c and π across the law c² < π."""

    def __init__(self):
        controls = {
            "c": slider("c  how strongly", 0.8, 0.0, 1.2, 0.01),
            "pi": slider("π  chance to go on", 0.7, 0.05, 1.0, 0.01),
        }
        super().__init__(controls, variances, VariancePicture)


def traded(budget: float, averaged: int, rho: float) -> dict:
    """What `TradeoffPicture` shows in this state."""
    return {"curves": reading(TITLE, STEPS, rho).trade_off, "budget": budget, "averaged": averaged}


class TradeoffPanel(Panel):
    """Who is nearest at equal cost, for one gradient and for the mean of many."""

    def __init__(self):
        controls = {
            "budget": slider("paths per loss", 5.0, 1.5, 14.5, 0.5),
            "averaged": slider_of("n  averaged", 1, [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000]),
            "rho": slider("ρ  scale of W_hh", 0.9, 0.1, 2.0, 0.05),
        }
        super().__init__(controls, traded, TradeoffPicture, [["budget", "averaged"], ["rho"]])


def lagged(tolerance: float, rho: float) -> dict:
    """What `LagPicture` shows in this state."""
    read = reading(TITLE, STEPS, rho)
    by_lag = read.mean_by_lag
    return {
        "lags": read.lags,
        "by_lag": by_lag,
        "share": tail_share(by_lag),
        "bias": {kind: read.trade_off[kind].bias for kind in ("window", "segments")},
        "tolerance": tolerance,
        "tau": choose_tau(by_lag, tolerance),
    }


class LagPanel(Panel):
    """Set the bias you tolerate, read off the truncation length."""

    def __init__(self):
        tolerances = [(f"{100 * d:g} %", d) for d in (0.5, 0.3, 0.2, 0.1, 0.05, 0.03, 0.02, 0.01, 0.005, 0.002, 0.001)]
        controls = {
            "tolerance": slider_of("tolerance", 0.1, tolerances),
            "rho": slider("ρ  scale of W_hh", 0.9, 0.1, 2.0, 0.05),
        }
        super().__init__(controls, lagged, LagPicture)
