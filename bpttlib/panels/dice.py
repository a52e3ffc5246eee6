"""The panel of the dice: one number of a real gradient, thrown again and again."""

from ..experiments import dice
from ..figures.dice import DicePicture
from .base import Panel
from .controls import Dice, Range

__all__ = ["DicePanel"]

CONTROLS = (
    Range("pi", "π", "chance to go on", 0.8, 0.05, 1.0, 0.05),
    Range("spectral_radius", "ρ", "scale of W_hh", 0.9, 0.1, 2.0, 0.05),
    Dice("throw", "throws", 1, 1, 9999),
)


class DicePanel(Panel):
    """2 000 throws of the dice, and what never changes beside them."""

    def __init__(self):
        super().__init__(CONTROLS, dice.run, DicePicture)
