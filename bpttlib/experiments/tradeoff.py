"""Bias against variance at equal cost, on the reading of the title."""

from .reading import reading_of_title

__all__ = ["run"]


def run(budget: float, averaged: int, spectral_radius: float) -> dict:
    """Bias and spread of every strategy over its paths per loss; which of them cost no more than `budget`.

    >>> curve = run(budget=5.0, averaged=1, spectral_radius=0.9)["curves"]["window"]
    >>> curve.paths_per_loss.round(2)[:3].tolist(), curve.setting.tolist()[curve.within(5.0)]
    ([1.0, 1.96, 2.89], 5)
    """
    return {"curves": reading_of_title(spectral_radius).trade_off, "budget": budget, "averaged": averaged}
