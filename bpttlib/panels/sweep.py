"""The panel of the reverse sweep."""

from ..experiments.sweep import STEPS, run
from ..figures.sweep import SweepPicture
from .base import Panel
from .controls import Play, Range, Stepper

__all__ = ["SweepPanel"]

CONTROLS = (
    Range("walked", "n", "steps walked back", 4, 0, STEPS),
    Range("w", "w", "weight of the past", 0.8, -1.2, 1.2, 0.05),
)


class SweepPanel(Panel):
    """Next, back and play along the sweep; drag w to see the paths fade or grow."""

    def __init__(self):
        super().__init__(CONTROLS, run, SweepPicture, [["walked", (Play("walked", 1000), Stepper("walked"))], ["w"]])
