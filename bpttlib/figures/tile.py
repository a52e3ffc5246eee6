"""A matrix as a tile of signed cells: red above 0, blue below, white at 0."""

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from .cells import Cells, colour_table, look_up
from .live import Picture
from .style import GREY, QUIET, SIGNED, SMALL

__all__ = ["Tile", "scale_of_signs"]

WORDS = ("+", "0", "−")


class Tile:
    """An n × n matrix, one cell an entry; its words stand above."""

    def __init__(self, picture: Picture, ax: Axes, words: str, n: int = 16):
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set(visible=True, color=GREY, linewidth=1)
        ax.set_title(words, fontsize=SMALL, color=QUIET, pad=3)
        self.ax, self.cells = ax, picture.moving(Cells(ax))
        ax.set(xlim=(0.5, n + 0.5), ylim=(n + 0.5, 0.5))
        self.table = colour_table(SIGNED)

    def set(self, matrix: NDArray, largest: float) -> None:
        """Colour the entries; ±`largest` and beyond are the ends of the scale."""
        self.cells.colours = look_up(self.table, np.clip(0.5 + matrix / (2 * largest), 0, 1))


def scale_of_signs(ax: Axes, place: tuple[float, float, float, float]) -> None:
    """The colours of a tile's entries, inside these axes; place in their units."""
    scale = ax.inset_axes(place)
    scale.imshow(colour_table(SIGNED)[::-1, None], aspect="auto", extent=(0, 1, -1, 1))
    scale.set(xticks=[], yticks=[])
    for y, sign in zip((1, 0, -1), WORDS, strict=True):
        scale.text(1.4, y, sign, ha="left", va="center", fontsize=SMALL, color=QUIET)
