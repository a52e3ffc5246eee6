"""The panel of the memory of an LSTM: how much of c is left n steps later."""

from ..experiments.forgetting import LONGEST, run
from ..figures.forgetting import ForgettingPicture
from .base import Panel
from .controls import Range, Steps

__all__ = ["ForgettingPanel"]

CONTROLS = (
    Range("forget_bias", "b", "forget bias", 1.0, -3.0, 6.0, 0.25),
    Steps("scale", "s", "all weights ×", 1.0, (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)),
    Steps("T", "T", "steps", 200, (10, 20, 50, 100, 200, 500, LONGEST)),
)


class ForgettingPanel(Panel):
    """Drag b: the product of the gates falls below a millionth later, but it falls."""

    def __init__(self):
        super().__init__(CONTROLS, run, ForgettingPicture, [["forget_bias", "scale"], ["T"]])
