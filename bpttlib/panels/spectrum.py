"""The panel of gradients far back in a large random network."""

from ..experiments.spectrum import run
from ..figures.spectrum import SpectrumPicture
from .base import Panel
from .controls import Choice, Range

__all__ = ["SpectrumPanel"]

CONTROLS = (
    Range("h", "h", "hidden units", 50, 2, 100),
    Range("spectral_radius", "ρ", "scale of W_hh", 0.9, 0.5, 1.5, 0.05),
    Range("size", "s", "size of the input", 0.5, 0.0, 5.0, 0.25),
    Choice("real", "the largest eigenvalue is", True, {"real": True, "a complex pair": False}),
)


class SpectrumPanel(Panel):
    """Real gradients of a random network, linear and tanh, far back."""

    def __init__(self):
        super().__init__(CONTROLS, run, SpectrumPicture, [["h", "spectral_radius"], ["size", "real"]])
