"""The panel of the powers of a 2×2 matrix."""

from ..experiments.powers import LAST, PRESETS, run
from ..figures.powers import PowersPicture
from .base import Panel
from .controls import Choice, Play, Presets, Range, Stepper

__all__ = ["PowersPanel"]

CONTROLS = (
    Range("k", "k", "steps back", 0, 0, LAST),
    Range("first", "λ₁", "eigenvalue", 0.85, -1.5, 1.5, 0.05),
    Range("second", "λ₂", "eigenvalue", 0.6, -1.5, 1.5, 0.05),
    Range("angle", "±θ", "makes λ₁ a pair", 0, 0, 180, 5),
    Range("departure", "n", "non-normality", 0.0, 0.0, 4.0, 0.1),
    Choice("true_length", "arrows", False, {"length 1": False, "true length": True}),
)
EXAMPLES = Presets("start from", {name: preset | {"k": 0} for name, preset in PRESETS.items()})


class PowersPanel(Panel):
    """Play k: a fan of arrows under M, M², M³ …"""

    def __init__(self):
        rows = [
            [("k", Play("k"), Stepper("k"))],
            [(EXAMPLES, "true_length")],
            ["first", "second"],
            ["angle", "departure"],
        ]
        super().__init__(CONTROLS, run, PowersPicture, rows)

    def fit(self, moved: str) -> None:
        """A pair has no second eigenvalue of its own."""
        self.controls["second"].disabled = self.controls["angle"].value > 0
