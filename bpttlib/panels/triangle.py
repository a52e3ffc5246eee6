"""The panel that opens the course: one fixed truncation of a real gradient."""

from ..experiments import triangle
from ..experiments.reading import STEPS
from ..figures.triangle import TrianglePicture
from .base import Panel
from .controls import Choice, Range

__all__ = ["TrianglePanel"]

CONTROLS = (
    Range("tau", "τ", "truncation length", 5, 1, STEPS),
    Range("spectral_radius", "ρ", "scale of W_hh", 0.9, 0.1, 2.0, 0.05),
    Choice("strategy", "cut into", "segments", ["segments", "window"]),
)


class TrianglePanel(Panel):
    """Which paths a fixed truncation keeps, and how far off the gradient is then."""

    def __init__(self):
        super().__init__(CONTROLS, triangle.run, TrianglePicture, [["tau", "spectral_radius"], ["strategy"]])
