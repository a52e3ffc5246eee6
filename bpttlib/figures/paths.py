"""The triangle of all paths: row t feels, column i acts."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.transforms import offset_copy
from numpy.typing import NDArray

from .cells import Cells, colour_scale, colour_table, look_up
from .live import Picture
from .numbers import number
from .style import COLOUR, DASH, MAGNITUDE, NORMAL, QUIET, SMALL, letters, visible

__all__ = ["Paths", "borders", "paths_kept"]

WORDS = {
    "column": "W_hh is used at step i (column; its letter is in the strip)",
    "row": "felt by the loss at step t (row)",
    "scale": "size of a path × its weight\n(largest path = 1); grey: dropped",
    "first column": "nothing here: h₀ = 0, so W_hh does nothing at step 1",
    "kept": "{kept} of {all} paths kept",
    "heaviest": "×{weight}",
}
LOW, HIGH = -4, 1  # the colour scale: log10 of a path's size over the largest path's


class Paths:
    """Every path as a cell: row t feels, column i acts; colour its size times its weight Ω, grey where Ω = 0."""

    def __init__(self, picture: Picture, ax: Axes):
        self.picture, self.ax = picture, ax
        ax.set(xlabel=WORDS["column"], ylabel=WORDS["row"])
        ax.tick_params(length=3)
        self.cells = picture.moving(Cells(ax))
        self.border = picture.moving(LineCollection([], linewidths=2.5))
        ax.add_collection(self.border, autolim=False)
        corner = {"transform": ax.transAxes, "ha": "right", "va": "top"}
        self.count = picture.words(0.96, 0.99, ax, fontsize=NORMAL, linespacing=1.4, **corner)
        self.heaviest = picture.moving(
            ax.text(0, 0, "", fontsize=SMALL, ha="left", va="bottom", bbox={"fc": "white", "ec": "none", "pad": 1.5})
        )
        self.grey, self.bright = map(colour_table, ("Greys", MAGNITUDE))
        self.standing: list = []
        colour_scale(ax, (0.60, 0.60, 0.37, 0.045), self.bright, LOW, HIGH, WORDS["scale"])  # in the empty corner

    def set_text(self, text: str, T: int, h0_is_zero: bool) -> None:
        """Stand the characters along the diagonal and scale the axes to T steps."""
        for old in self.standing:
            old.remove()
        look = {"family": letters(), "ha": "left", "va": "center", "fontsize": SMALL, "color": QUIET}
        beside = offset_copy(self.ax.transData, self.picture.figure, x=5, units="points")
        self.standing = [
            self.ax.text(t + 0.5, t, visible(c), transform=beside, **look) for t, c in enumerate(text[:T], start=1)
        ]
        if h0_is_zero:
            upright = {"rotation": 90, "ha": "center", "va": "bottom", "fontsize": SMALL, "color": QUIET}
            self.standing.append(self.ax.text(1, T + 0.3, WORDS["first column"], **upright))
        ticks = [1, *range(5, T + 1, 5)]
        self.ax.set(xlim=(0.4, T + 1.5), ylim=(T + 0.5, 0.5), xticks=ticks, yticks=ticks)

    def set(self, norms: NDArray, Omega: NDArray, kind: str, remark: str = "") -> None:
        """Colour the cells and draw a border round what Ω keeps."""
        self.cells.colours = self._colours(norms, Omega)
        self.border.set(segments=borders(Omega != 0), color=COLOUR[kind], linestyle=DASH[kind])
        self.count.set_text(f"{paths_kept(Omega)}\n{remark}".strip())
        t, i = np.unravel_index(np.abs(Omega).argmax(), Omega.shape)
        heaviest = np.abs(Omega[t, i])
        weight = WORDS["heaviest"].format(weight=number(heaviest)) if heaviest > 1 else ""
        self.heaviest.set(text=weight, position=(i + 0.65, t + 1.35))

    def _colours(self, norms: NDArray, Omega: NDArray) -> NDArray:
        """(T,T,4): bright what Ω keeps, grey what it drops, transparent where nothing flows."""
        with np.errstate(divide="ignore"):
            size = np.log10(norms / norms.max())
            level = np.clip((size + np.log10(np.abs(Omega)) - LOW) / (HIGH - LOW), 0, 1)
        faint = np.clip(0.07 + 0.20 * (size - LOW) / -LOW, 0.07, 0.27)
        kept = (Omega != 0)[..., None]
        colours = np.where(kept, look_up(self.bright, level), look_up(self.grey, faint))
        colours[norms == 0] = 0  # also above the diagonal
        return colours.astype(np.uint8)


def paths_kept(Omega: NDArray) -> str:
    """How many of the T(T+1)/2 paths have a weight other than 0.

    >>> paths_kept(np.eye(4))
    '4 of 10 paths kept'
    """
    T = len(Omega)
    return WORDS["kept"].format(kept=np.count_nonzero(Omega), all=T * (T + 1) // 2)


def borders(kept: NDArray) -> list[NDArray]:
    """The line pieces between cells that are kept and cells that are not, in steps from 1 on."""
    padded = np.pad(kept, 1).astype(int)
    t, i = np.nonzero(np.diff(padded, axis=0)[:, 1:-1])
    flat = np.stack([np.stack([i + 0.5, t + 0.5], -1), np.stack([i + 1.5, t + 0.5], -1)], axis=1)
    t, i = np.nonzero(np.diff(padded, axis=1)[1:-1])
    steep = np.stack([np.stack([i + 0.5, t + 0.5], -1), np.stack([i + 0.5, t + 1.5], -1)], axis=1)
    return list(np.concatenate([flat, steep]))
