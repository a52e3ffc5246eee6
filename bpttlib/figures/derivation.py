"""One term of a_n: its path along the states, and its cell in the triangle below."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from .cells import Cells, path_cells
from .live import Picture
from .style import INK, LARGE, QUIET, SMALL, B, C, tint

__all__ = ["LONGEST", "DerivationPicture"]

LONGEST = 8  # steps that can be drawn

WORDS = {
    "enters": "$b_i$ enters at step i",
    "felt": "felt at step t",
    "one factor": "c",
    "several factors": "each c",
    "passed on": ", is passed on by {factors} and felt at step {row}",
    "said": "The row of a_{row} is tinted; of its {row} terms one is marked: b_{i} enters at step {i}{passed_on}.",
}


class DerivationPicture(Picture):
    """The path of a term c_n … c_{i+1} b_i of a_n: in blue where it enters, in green how it is passed on."""

    inches = (4.4, 4.5)

    def build(self) -> None:
        ends = (0.5, LONGEST + 0.5)
        self._chain(self.axes(0.55, 3.2, 3.7, 1.25, xlim=ends, ylim=(-1.0, 0.75)))
        self._triangle(self.axes(0.55, 0.5, 3.7, 2.7, xlim=ends, ylim=ends[::-1]))

    def _chain(self, ax: Axes) -> None:
        ax.axis("off")
        (self.states,) = ax.plot([], [], "o", ms=17, mfc="white", mec=INK, mew=1.2)
        self.moving(self.states)
        self.edges = self.moving(LineCollection([], capstyle="butt"))
        ax.add_collection(self.edges, autolim=False)
        (self.entry,) = ax.plot([], [], "^", ms=9, color=B)
        self.moving(self.entry)
        middle = {"ha": "center", "va": "center", "fontsize": SMALL}
        self.names = [self.moving(ax.text(t, 0, f"$h_{t}$", **middle)) for t in range(1, LONGEST + 1)]

    def _triangle(self, ax: Axes) -> None:
        ticks = range(1, LONGEST + 1)
        ax.set(xticks=ticks, yticks=ticks, xlabel=WORDS["enters"], ylabel=WORDS["felt"])
        ax.tick_params(length=0)
        self.cells = self.moving(Cells(ax))
        corner = {"transform": ax.transAxes, "fontsize": LARGE, "va": "top"}
        self.factors = self.words(0.90, 0.97, ax, color=C, ha="right", **corner)
        self.start = self.words(0.90, 0.97, ax, color=B, ha="left", **corner)

    def show(self, T: int, row: int, i: int) -> str:
        self._light(T, row, i)
        self.cells.colours = path_cells(np.tri(T, dtype=bool), row, [i])
        self.factors.set_text(f"${' '.join(f'c_{j}' for j in range(row, i, -1))}$ " if i < row else "")
        self.start.set_text(f"$b_{i}$")
        factors = WORDS["one factor" if i == row - 1 else "several factors"]
        passed_on = WORDS["passed on"].format(factors=factors, row=row) if i < row else ""
        return WORDS["said"].format(row=row, i=i, passed_on=passed_on)

    def _light(self, T: int, row: int, i: int) -> None:
        """T states; in green the edges from i to the row, in blue where b_i enters."""
        self.states.set_data(np.arange(1, T + 1), np.zeros(T))
        for step, name in enumerate(self.names, start=1):
            name.set_visible(step <= T)
        hops = [[(step - 0.72, 0), (step - 0.28, 0)] for step in range(2, T + 1)]
        on = [i < step <= row for step in range(2, T + 1)]
        self.edges.set(
            segments=[*hops, [(i, -0.75), (i, -0.4)]],
            colors=[*(C if lit else tint(QUIET, 0.4) for lit in on), B],
            linewidths=[*(4 if lit else 1.2 for lit in on), 4],
        )
        self.entry.set_data([i], [-0.42])
