"""The panel of clipping."""

from ..experiments.clipping import run
from ..figures.clipping import ClippingPicture
from .base import Panel
from .controls import Range

__all__ = ["ClippingPanel"]

CONTROLS = (
    Range("theta", "θ", "limit", 1.0, 0.3, 3.0, 0.1),
    Range("spectral_radius", "ρ", "W_hh at first", 1.3, 0.3, 1.5, 0.05),
)


class ClippingPanel(Panel):
    """Set θ: what is left of a gradient, and of training."""

    def __init__(self):
        super().__init__(CONTROLS, run, ClippingPicture)
