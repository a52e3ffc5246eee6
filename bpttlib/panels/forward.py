"""The panel of forward mode: what it holds and what it multiplies, as the network grows."""

from ..experiments.forward import WIDTHS, run
from ..figures.forward import ForwardPicture
from .base import Panel
from .controls import Steps

__all__ = ["ForwardPanel"]

CONTROLS = (Steps("h", "h", "units", 16, WIDTHS),)


class ForwardPanel(Panel):
    """Drag h: the flat line of forward mode rises with h², and what it multiplies with h⁴."""

    def __init__(self):
        super().__init__(CONTROLS, run, ForwardPicture)
