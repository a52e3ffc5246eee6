"""Bias against variance at equal cost, on the reading of the title."""

from .reading import title

__all__ = ["run"]


def run(budget: float, averaged: int, spectral_radius: float) -> dict:
    """Bias and spread of every strategy over its paths per loss; which of them cost no more than `budget`."""
    return {"curves": title(spectral_radius).trade_off, "budget": budget, "averaged": averaged}
