"""Four triangles on one text: three cells, whose paths are chains, and attention, whose every path is one edge."""

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch
from numpy.typing import NDArray

from ..experiments.gates import AFTER
from .cells import Cells, colour_table
from .gates import GatesPicture, bare, share
from .style import INK, LARGE, QUIET, SIZES, SMALL, A, C

__all__ = ["AttentionPicture"]

NAMES = ("RNN", "GRU", "LSTM", "attention")
LEFT, APART, WIDE = 0.45, 2.31, 2.2  # inches
NODES = 5

WORDS = {
    "row": "felt at step t",
    "column": "used at step i",
    "after": f"left {AFTER} steps back",
    "state": "a state of {n} numbers",
    "pairs": "no state, {pairs} pairs",
    "said": "Trained on one text. Left of a path's size {after} steps back: {left}. The paths of attention, {pairs} "
    "pairs, are single edges.",
}


class AttentionPicture(GatesPicture):
    """Above the triangles, in the colours of the picture of gates; below how their paths run."""

    inches = (9.6, 3.6)
    key = (0.53, 0.6, 0.41, 0.05)

    def build(self) -> None:
        self.table, place = colour_table(SIZES), {"transform": self.figure.dpi_scale_trans}
        self.triangles, self.numbers, self.kept = {}, {}, {}
        for n, name in enumerate(NAMES):
            x = LEFT + n * APART
            self.figure.text(x, 3.35, name, fontsize=LARGE, fontweight="bold", **place)
            self._triangle(name, self.axes(x, 1.25, WIDE, 2.0))
            self._edges(name, self.axes(x, 0.38, WIDE - 0.1, 0.55))
            self.kept[name] = self.words(x, 0.1, self.figure, fontsize=SMALL, color=QUIET, **place)

    def _triangle(self, name: str, ax: Axes) -> None:
        bare(ax)
        self.triangles[name] = self.moving(Cells(ax))
        corner = {"transform": ax.transAxes, "ha": "right", "va": "top"}
        self.numbers[name] = self.words(0.99, 1.0, ax, fontsize=20, fontweight="bold", **corner)
        ax.text(0.99, 0.81, WORDS["after"], fontsize=SMALL, color=QUIET, **corner)
        look = {"transform": ax.transAxes, "fontsize": SMALL, "color": QUIET, "va": "center"}
        if name == NAMES[0]:
            ax.text(-0.02, 0.5, WORDS["row"], ha="right", rotation=90, **look)
            ax.text(0, -0.06, WORDS["column"], **look)
        if name == NAMES[-1]:
            self._colours(ax)

    def _edges(self, name: str, ax: Axes) -> None:
        """Five steps, and how the loss of the last reaches the others: from each to the one before, or at once."""
        ax.set(xlim=(-0.3, NODES - 0.7), ylim=(-0.3, 1))
        bare(ax)
        direct = name == NAMES[-1]
        for i in range(NODES - 1):
            look = {"arrowstyle": "-|>", "mutation_scale": 9, "lw": 1.5, "color": C, "shrinkA": 5, "shrinkB": 5}
            bend = {"connectionstyle": f"arc3,rad={0.13 * (NODES - 2 - i) + 0.001}"} if direct else {}
            ax.add_patch(FancyArrowPatch((NODES - 1 if direct else i + 1, 0), (i, 0), **bend, **look))
        ax.plot(range(NODES), [0] * NODES, "o", color="white", mec=INK, ms=7)
        ax.plot([NODES - 1], [0], "o", color=A, mec=INK, ms=7)

    def show(self, paths: dict[str, NDArray], left: dict[str, float], kept: dict[str, int], pairs: int) -> str:
        for name in NAMES:
            self._cells(name, paths[name])
            self.numbers[name].set_text(share(left[name]))
            words = WORDS["pairs" if name == NAMES[-1] else "state"]
            self.kept[name].set_text(words.format(pairs=pairs, n=kept[name]))
        all_of_them = ", ".join(f"{name} {share(one)}" for name, one in left.items())
        return WORDS["said"].format(after=AFTER, left=all_of_them, pairs=pairs)
