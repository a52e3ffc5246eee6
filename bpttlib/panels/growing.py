"""The panel of a network that explodes under any truncation."""

from ..experiments.growing import run
from ..figures.growing import LONGEST, GrowingPicture
from .base import Panel
from .controls import Range

__all__ = ["GrowingPanel"]

CONTROLS = (
    Range("spectral_radius", "ρ", "scale of W_hh", 1.3, 0.5, 1.5, 0.1),
    Range("T", "T", "steps", 40, 10, LONGEST, 10),
)


class GrowingPanel(Panel):
    """Drag ρ past 1: a truncated gradient grows as the full one does."""

    def __init__(self):
        super().__init__(CONTROLS, run, GrowingPicture)
