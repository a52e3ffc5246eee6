"""The panel of influence balancing."""

from ..experiments.balancing import run
from ..figures.balancing import BalancingPicture
from .base import Panel
from .controls import Dice, Range, Steps

__all__ = ["BalancingPanel"]

CHANCES = {f"{n - 1}/{n}": 1 - 1 / n for n in (2, 4, 8, 16, 32, 64, 128)}
SIZES = {f"{alpha:g}": alpha for alpha in (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)}
CONTROLS = (
    Range("tau", "τ", "truncation length", 100, 1, 150),
    Steps("pi", "π", "chance to go on", CHANCES["15/16"], CHANCES),
    Steps("alpha", "α", "first step", 0.001, SIZES),
    Dice("throw", "throw", 1, 1, 99),
)


class BalancingPanel(Panel):
    """Drag the truncation length: who sees the right sign, and who arrives."""

    def __init__(self):
        super().__init__(CONTROLS, run, BalancingPicture)
