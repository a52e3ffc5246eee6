"""A short arrow as the sum of two long ones that nearly cancel, step by step; and all three lengths."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from numpy.typing import NDArray

from ..experiments.cancellation import LAST
from .arrows import arrows
from .live import Picture
from .style import GREY, NORMAL, PALE, SMALL, A, C, tint

__all__ = ["CancellationPicture"]

ROWS = [0, 1, 2, 4, 10]  # the k that are drawn
WIDE, HIGH = 10.3, 2.25  # half the width of a row, and from one row to the next, in lengths of x
FIRST, SECOND, SUM = tint(C, 0.75), tint(C, 0.4), A
NAMES = ("a λ₁ᵏ v₁", "b λ₂ᵏ v₂", "sum Mᵏx")

WORDS = {
    "title": "x = a v₁ + b v₂: both sides only shrink, yet their sum grows first",
    "factor": "{name}:  × {value:.1f} a step",
    "row": "k = {}",
    "length": "length {:.1f}",
    "lengths": "their lengths",
    "k": "k  (steps back)",
    "said": "The two eigenvectors stand {apart:.0f}° apart. At k = 0 sides of length {first:.1f} and {second:.1f} "
    "nearly cancel, to a sum of length {start:.1f}. The second shrinks faster, so that the sum grows: "
    "to {most:.1f} at k = {peak}.",
}


class CancellationPicture(Picture):
    """Left the two sides and their sum for some k, a row each; right the three lengths over k."""

    inches = (9.6, 3.6)

    def build(self) -> None:
        width, height = 5.2, 3.2
        self.rows(self.axes(0.65, 0.05, width, height), 2 * WIDE * height / width)
        self.lengths(self.axes(7.3, 0.55, 2.15, 2.65))

    def rows(self, ax: Axes, high: float) -> None:
        """A plane as high as that in the same units, k = 0 near its top."""
        ax.set(xlim=(-WIDE, WIDE), ylim=(2.4 - high, 2.4), xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        ax.set_title(WORDS["title"], fontweight="bold", x=-0.11)
        for row, k in enumerate(ROWS):
            ax.text(-WIDE - 0.3, -HIGH * row, WORDS["row"].format(k), ha="right", va="center", fontsize=SMALL)
        self.edges = ax.add_collection(self.moving(LineCollection([], colors=GREY, linewidths=1)), autolim=False)
        looks = ({"facecolors": colour, "edgecolors": "none"} for colour in (FIRST, SECOND, SUM))
        self.drawn = [self.moving(PolyCollection([], **look)) for look in looks]
        for found in self.drawn:
            ax.add_collection(found, autolim=False)
        beside = {"fontsize": NORMAL, "color": A, "va": "center"}
        self.told = [self.words(WIDE + 0.2, -HIGH * row, ax, **beside) for row in range(len(ROWS))]
        places = ((WIDE, "right"), (-WIDE, "left"))
        self.factors = [self.words(x, 1.5, ax, fontsize=SMALL, ha=side) for x, side in places]

    def lengths(self, ax: Axes) -> None:
        ax.set(xlim=(-0.3, LAST), ylim=(0, 10.5), xlabel=WORDS["k"], xticks=ROWS, yticks=[0, 1, 5, 10])
        ax.set_title(WORDS["lengths"], fontweight="bold")
        ax.axhline(1, color=PALE, lw=1, zorder=0)
        looks = {"color": FIRST, "lw": 5}, {"color": SECOND, "lw": 5}, {"color": SUM, "marker": "o", "markevery": ROWS}
        self.curves = [self.moving(ax.plot([], [], **look)[0]) for look in looks]
        ax.legend(self.curves, NAMES, loc="upper right")

    def show(self, sides: NDArray, whole: NDArray, values: NDArray, apart: float) -> str:
        parts = [*sides.swapaxes(0, 1), whole]
        lengths = np.linalg.norm(parts, axis=-1)
        self._rows([part[ROWS] for part in parts])
        for curve, length in zip(self.curves, lengths, strict=True):
            curve.set_data(np.arange(LAST + 1), length)
        for text, k in zip(self.told, ROWS, strict=True):
            text.set_text(WORDS["length"].format(lengths[2, k]))
        for text, name, value in zip(self.factors, NAMES, values, strict=False):
            text.set_text(WORDS["factor"].format(name=name, value=value))
        peak = int(lengths[2].argmax())
        said = dict(zip(("first", "second", "start"), lengths[:, 0], strict=True))
        return WORDS["said"].format(apart=apart, peak=peak, most=lengths[2, peak], **said)

    def _rows(self, tips: list[NDArray]) -> None:
        """The parallelogram of each row: two sides, the edges across from them, and the diagonal."""
        down = np.arange(len(ROWS))[:, None, None] * [0, -HIGH]
        for artist, tip, width in zip(self.drawn, tips, (0.4, 0.4, 0.2), strict=True):
            artist.set_verts(arrows(tip, width, 2.5 * width) + down)
        self.edges.set_segments(np.stack([tips[0], tips[2], tips[1]], axis=1) + down)
