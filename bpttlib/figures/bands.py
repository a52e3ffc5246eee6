"""Quartiles over seeds as a band round a median."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from .live import Picture
from .style import INK

__all__ = ["KINDS", "MARKER", "Band"]

KINDS = ["full", "segments", "window", "random"]
MARKER = {"full": "^", "segments": "s", "window": "o", "random": "D"}


class Band:
    """A median as a line and the quartiles round it as a pale band, both to be set together; alpha=0: no band."""

    def __init__(self, picture: Picture, ax: Axes, colour: str, alpha: float = 0.2, **look):
        self.area = picture.moving(PolyCollection([], facecolors=[colour], alpha=alpha, lw=0))
        ax.add_collection(self.area, autolim=False)
        self.line: Line2D = picture.moving(ax.plot([], [], color=colour, mec=INK, **look)[0])

    def set(self, x: ArrayLike, quartiles: NDArray) -> None:
        """x (n,), quartiles (3,n)."""
        low, median, high = quartiles
        self.line.set_data(x, median)
        self.area.set_verts([np.concatenate([np.stack([x, low], axis=1), np.stack([x, high], axis=1)[::-1]])])
