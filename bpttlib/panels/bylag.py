"""The panel of the gradient of W_hh, lag by lag."""

from ..experiments.bylag import run
from ..figures.bylag import ByLagPicture
from .base import Panel
from .controls import Range

__all__ = ["ByLagPanel"]

CONTROLS = (Range("spectral_radius", "ρ", "scale of W_hh", 0.9, 0.5, 1.4, 0.05),)


class ByLagPanel(Panel):
    """Set ρ: which lags the gradient of W_hh is made of."""

    def __init__(self):
        super().__init__(CONTROLS, run, ByLagPicture)
