"""Bias against variance at equal cost, on the reading of the title."""

import math

from ..comparison import Tradeoff
from ..truncation import Full
from .reading import STEPS, reading_of_title

__all__ = ["passes", "run"]


def run(cost: str, budget: float, averaged: int, spectral_radius: float) -> dict:
    """What every strategy costs and how far it is off; "place", its last setting within a budget of one cost.

    cost  "paths_per_loss", "mean_products" or "states_held". "passes": the number of gradients averaged from which
    on random is nearer than each of the others; "full": what the full gradient costs.

    >>> seen = run("paths_per_loss", budget=5, averaged=1, spectral_radius=0.9)
    >>> seen["curves"]["window"].setting[seen["place"]["window"]], seen["passes"]
    (np.int64(5), {'segments': 6, 'window': 8})
    """
    curves = reading_of_title(spectral_radius).trade_off
    place = {kind: curve.within(budget, cost) for kind, curve in curves.items()}
    spread = curves["random"].spread[place["random"]]
    return {
        "curves": curves,
        "full": {one: getattr(Full(), one)(STEPS) for one in ("paths_per_loss", "mean_products", "states_held")},
        "cost": cost,
        "budget": budget,
        "averaged": averaged,
        "place": place,
        "passes": {kind: passes(curves[kind], place[kind], spread) for kind in ("segments", "window")},
    }


def passes(curve: Tradeoff, place: int, spread: float) -> float:
    """The smallest n with spread²/n < bias²; infinite where the bias is nothing but rounding."""
    bias = curve.bias[place]
    return math.floor((spread / bias) ** 2) + 1 if bias > 1e-12 else math.inf
