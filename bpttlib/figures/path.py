"""One term of a_n: its path along the states, and its cell in the triangle below."""

import numpy as np
from matplotlib.collections import LineCollection

from .live import Picture
from .style import INK, LARGE, QUIET, SMALL, B, C, tint
from .triangle import Cells, path_cells

__all__ = ["LONGEST", "PathPicture"]

LONGEST = 8  # steps that can be drawn


class PathPicture(Picture):
    """The path of a term c_n … c_{i+1} b_i of a_n: in blue where it enters, in green how it is passed on."""

    inches = (4.4, 4.5)

    def build(self) -> None:
        self.chain = self.axes(0.55, 3.2, 3.7, 1.25, xlim=(0.5, LONGEST + 0.5), ylim=(-1.0, 0.75))
        self.chain.axis("off")
        self.triangle = self.axes(0.55, 0.5, 3.7, 2.7, xlim=(0.5, LONGEST + 0.5), ylim=(LONGEST + 0.5, 0.5))
        ticks = range(1, LONGEST + 1)
        self.triangle.set(xticks=ticks, yticks=ticks, xlabel="$b_i$ enters at step i", ylabel="felt at step t")
        self.triangle.tick_params(length=0)
        self.cells = self.moving(Cells(self.triangle))
        (self.states,) = self.chain.plot([], [], "o", ms=17, mfc="white", mec=INK, mew=1.2)
        self.moving(self.states)
        self.edges = self.moving(LineCollection([], capstyle="butt"))
        self.chain.add_collection(self.edges, autolim=False)
        (self.entry,) = self.chain.plot([], [], "^", ms=9, color=B)
        self.moving(self.entry)
        middle = {"ha": "center", "va": "center", "fontsize": SMALL}
        self.names = [self.moving(self.chain.text(t, 0, f"$h_{t}$", **middle)) for t in ticks]
        corner = {"transform": self.triangle.transAxes, "fontsize": LARGE, "va": "top"}
        self.factors = self.words(0.90, 0.97, self.triangle, color=C, ha="right", **corner)
        self.start = self.words(0.90, 0.97, self.triangle, color=B, ha="left", **corner)

    def show(self, T: int, row: int, i: int) -> str:
        t = np.arange(1, T + 1)
        self.states.set_data(t, np.zeros(T))
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
        self.cells.colours = path_cells(np.tri(T, dtype=bool), row, [i])
        self.factors.set_text(f"${' '.join(f'c_{j}' for j in range(row, i, -1))}$ " if i < row else "")
        self.start.set_text(f"$b_{i}$")
        through = f", is passed on by {'c' if i == row - 1 else 'each c'} and felt at step {row}" if i < row else ""
        return f"The row of a_{row} is tinted; of its {row} terms one is marked: b_{i} enters at step {i}{through}."
