"""The panel of bias against variance at equal cost."""

from ..experiments import tradeoff
from ..figures.tradeoff import TradeoffPicture
from .base import Panel
from .controls import Range, Steps

__all__ = ["TradeoffPanel"]

CONTROLS = (
    Range("budget", "", "paths per loss", 5.0, 1.5, 14.5, 0.5),
    Steps("averaged", "n", "averaged", 1, [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000]),
    Range("spectral_radius", "ρ", "scale of W_hh", 0.9, 0.1, 2.0, 0.05),
)


class TradeoffPanel(Panel):
    """Who is nearest at equal cost, for one gradient and for the mean of many."""

    def __init__(self):
        super().__init__(CONTROLS, tradeoff.run, TradeoffPicture, [["budget", "averaged"], ["spectral_radius"]])
