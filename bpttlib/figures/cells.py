"""Coloured cells: the triangle of paths as pixels, and its colours."""

import numpy as np
from matplotlib import colormaps
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgba
from numpy.typing import NDArray

from .style import PALE, A, tint

__all__ = ["Cells", "colour_table", "look_up", "path_cells"]


class Cells(Artist):
    """A (T,T,4) array of colours as cells from 1 to T, laid on whole pixels: a third of the time of an image."""

    def __init__(self, ax: Axes):
        super().__init__()
        self.colours = np.zeros((0, 0, 4), np.uint8)
        ax.add_artist(self)

    def put(self, colours: NDArray, free: int = 0) -> None:
        """Colour them; the axes are as wide and high as there are cells, and free ones at the right and at the top."""
        T = len(colours)
        if len(self.colours) != T:
            self.colours = colours[:0]  # until the axes fit, for whoever is interrupted has no cells that fit either
            self.axes.set(xlim=(0.5, T + free + 0.5), ylim=(T + 0.5, 0.5 - free))
        self.colours = colours

    def draw(self, renderer: RendererBase) -> None:
        edges = np.arange(len(self.colours) + 1) + 0.5
        x, y = np.round(self.axes.transData.transform(np.column_stack([edges, edges]))).astype(int).T
        pixels = self.colours.repeat(-np.diff(y), axis=0).repeat(np.diff(x), axis=1)  # y runs downwards
        renderer.draw_image(renderer.new_gc(), x[0], y[-1], pixels[::-1])


def colour_table(name: str) -> NDArray:
    """A colour map as (256,4) bytes."""
    return (colormaps[name](np.linspace(0, 1, 256)) * 255).astype(np.uint8)


def look_up(table: NDArray, level: NDArray) -> NDArray:
    """The colours of levels between 0 and 1."""
    return table[(np.nan_to_num(level) * 255).astype(int)]


def path_cells(exists: NDArray, row: int, chosen: list[int]) -> NDArray:
    """Colours for a small triangle: paths pale, those felt at step `row` tinted, the chosen ones of them vermillion."""
    colours = np.zeros((*exists.shape, 4))
    colours[exists] = to_rgba(PALE)
    colours[row - 1, exists[row - 1]] = to_rgba(tint(A, 0.35))
    colours[row - 1, np.array(chosen, int) - 1] = to_rgba(A)
    return np.round(255 * colours).astype(np.uint8)
