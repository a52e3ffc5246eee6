"""The panel of the recurrence with constants."""

from ..experiments.constant import run
from ..figures.constant import ConstantPicture
from .base import Panel
from .controls import Choice, Range

__all__ = ["ConstantPanel"]

CONTROLS = (
    Range("size", "|c|", "how much is kept", 0.8, 0.0, 1.5, 0.05),
    Choice("sign", "", 1, {"c > 0": 1, "c < 0": -1}),
    Range("b", "b", "what is added", 1.0, -2.0, 2.0, 0.25),
    Range("T", "T", "steps", 25, 1, 40),
)


class ConstantPanel(Panel):
    """Drag a constant c across 1 and see a_t converge, grow, explode or alternate."""

    def __init__(self):
        super().__init__(CONTROLS, run, ConstantPicture, [["size", "sign"], ["b", "T"]])
