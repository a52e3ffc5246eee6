"""The panel of the law c² < π."""

from ..experiments import variance
from ..figures.variance import VariancePicture
from .base import Panel
from .controls import Range

__all__ = ["VariancePanel"]

CONTROLS = (
    Range("c", "c", "how strongly", 0.8, 0.0, 1.2, 0.01),
    Range("pi", "π", "chance to go on", 0.7, 0.05, 1.0, 0.01),
)


class VariancePanel(Panel):
    """Drag c and π across the law c² < π."""

    def __init__(self):
        super().__init__(CONTROLS, variance.run, VariancePicture)
