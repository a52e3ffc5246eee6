"""The triangle of all paths: row t feels, column i acts."""

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from .cells import Cells, colour_table, look_up
from .live import Picture
from .style import QUIET, SIZES, SMALL

__all__ = ["Paths", "key_of_colours", "paths_kept"]

WORDS = {
    "column": "used at step i",
    "row": "felt by the loss at step t",
    "kept": "{kept} of {all} paths",
    "coloured": "kept",
    "dropped": "thrown away",
    "dark": "dark: large",
    "nothing": "first column: h₀ = 0",
}
LOW, HIGH = -3.0, 0.5  # the colour scale: log10 of a path's size over the largest path's
NOTHING = (240, 240, 240, 255)
FAINT = (0.08, 0.62)  # how grey the smallest and the largest are that are thrown away


class Paths:
    """Every path as a cell: row t feels, column i acts; in colour what Ω keeps, times its weight, grey the rest."""

    def __init__(self, picture: Picture, ax: Axes):
        self.ax = ax
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        self.cells = picture.moving(Cells(ax))
        self.bright, self.grey = map(colour_table, (SIZES, "Greys"))

    def name_axes(self) -> None:
        """What a row is, left of the triangle, and a column, below it."""
        place = {"transform": self.ax.transAxes, "fontsize": SMALL, "color": QUIET}
        self.ax.text(-0.015, 0.5, WORDS["row"], ha="right", va="center", rotation=90, **place)
        self.ax.text(1, -0.02, WORDS["column"], ha="right", va="top", **place)

    def set(self, norms: NDArray, Omega: NDArray, free: int = 0) -> None:
        """Colour the cells; so many columns and rows stay free."""
        self.cells.put(self._colours(norms, Omega), free)

    def _colours(self, norms: NDArray, Omega: NDArray) -> NDArray:
        """(T,T,4): in colour what Ω keeps, grey what it drops, nearly white where nothing flows."""
        with np.errstate(divide="ignore"):
            size = np.log10(norms / norms.max())
            level = np.clip((size + np.log10(np.abs(Omega)) - LOW) / (HIGH - LOW), 0, 1)
        faint = np.interp(size, (LOW, 0), FAINT)
        colours = np.where((Omega != 0)[..., None], look_up(self.bright, level), look_up(self.grey, faint))
        colours[norms == 0] = NOTHING
        return np.where(np.tri(len(norms), dtype=bool)[..., None], colours, 0).astype(np.uint8)


def paths_kept(Omega: NDArray) -> str:
    """How many of the T(T+1)/2 paths have a weight other than 0.

    >>> paths_kept(np.eye(4))
    '4 of 10 paths'
    """
    T = len(Omega)
    return WORDS["kept"].format(kept=np.count_nonzero(Omega), all=T * (T + 1) // 2)


def key_of_colours(ax: Axes, first: tuple[float, float, float, float], nothing: bool = False) -> None:
    """What colour and grey mean, in the empty corner: small to large, kept or thrown away; the first bar's place.

    nothing  whether a third line says what the first column is, if there is room
    """
    level = np.linspace(0, 1, 64)
    kept = look_up(colour_table(SIZES), level * (0 - LOW) / (HIGH - LOW))
    dropped = look_up(colour_table("Greys"), np.interp(level, (0, 1), FAINT))
    x, y, width, height = first
    bars = [(0.0, kept, WORDS["coloured"]), (1.4, dropped, WORDS["dropped"])]
    bars += [(4.1, np.array([NOTHING], np.uint8), WORDS["nothing"])] * nothing
    for down, colours, words in bars:
        scale = ax.inset_axes((x, y - down * height, width, height))
        scale.imshow(colours[None], aspect="auto", extent=(0, 1, 0, 1))
        scale.set(xticks=[], yticks=[])
        scale.spines[:].set_visible(False)
        look = {"fontsize": SMALL, "color": QUIET, "va": "center", "transform": scale.transAxes}
        scale.text(1.15, 0.45, words, ha="left", **look)
    look = {"fontsize": SMALL, "color": QUIET, "va": "center", "transform": ax.transAxes}
    ax.text(x + 1.15 * width, y - 2.35 * height, WORDS["dark"], **look)
