"""The panel of how long a window must be."""

from ..experiments import lags
from ..figures.lags import LagsPicture
from .base import Panel
from .controls import Range, Steps

__all__ = ["LagsPanel"]

TOLERANCES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5)

CONTROLS = (
    Steps("tolerance", "", "tolerance", 0.1, {f"{100 * share:g} %": share for share in TOLERANCES}),
    Range("spectral_radius", "ρ", "scale of W_hh", 0.9, 0.1, 2.0, 0.05),
)


class LagsPanel(Panel):
    """Set the bias you tolerate, read off the truncation length."""

    def __init__(self):
        super().__init__(CONTROLS, lags.run, LagsPicture)
