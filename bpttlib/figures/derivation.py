"""The lines of a derivation, and beside them the terms of a_n as row n of the triangle, and the path of one of them."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection

from ..notation import subscript
from .lines import WIDTH as BESIDE
from .lines import Line, Lines
from .live import WIDEST, Picture
from .style import INK, PALE, QUIET, A, B, C, tint
from .typeset import Typeset

__all__ = ["LONGEST", "DerivationPicture"]

LONGEST = 8  # steps that can be drawn
WRITTEN = 4  # rows whose cells have room for their terms
FEWEST = 3  # columns that there is always room for, so that a single cell does not fill the picture
HALF = 0.32  # half the height of a cell
WIDTH, HEIGHT = 3.7, 2.95  # of the triangle, in inches

WORDS = {
    "enters": "column i: $b_i$ enters at step i",
    "felt": "row t: felt at step t",
    "here": "here t = {t}",
    "row above": "row {above} times c{subscript},",
    "new": "plus one new cell, b{subscript},",
    "row": "is row {row}",
    "one factor": "c",
    "several factors": "each c",
    "terms": "Row {row}, the terms of a_{row}",
    "splitting": ": row {above} times c_{row}, plus one new cell",
    "framed": ". Framed: b_{i} enters at step {i}",
    "passed on": " and is passed on by {factors} to step {row}",
}


class DerivationPicture(Picture):
    """Left the lines; right the states, and how b_i comes to step n; below them the triangle, a row for each a_n."""

    inches = (WIDEST, 4.3)

    def build(self) -> None:
        self.lines = self.moving(Lines(self.figure))
        self.chain = self.axes(BESIDE + 0.65, 3.35, WIDTH, 0.9, ylim=(-0.6, 1.3))
        self.triangle = self.axes(BESIDE + 0.65, 0.35, WIDTH, HEIGHT)
        self._chain(self.chain)
        self._cells(self.triangle)
        self._terms(self.triangle)

    def _chain(self, ax: Axes) -> None:
        ax.axis("off")
        self.edges, self.entry = self._lines(ax, capstyle="butt"), self._heads(ax, color=B, ms=9)
        self.states = self._heads(ax, marker="o", ms=17, mfc="white", mec=INK, mew=1.2)
        self.felt = self._heads(ax, marker="o", ms=17, mfc=tint(A, 0.35), mec=A, mew=2)
        self.names = self.moving(Typeset(ax))

    def _cells(self, ax: Axes) -> None:
        ax.set(xticks=[], yticks=[], xlabel=WORDS["enters"])
        ax.set_ylabel(WORDS["felt"], labelpad=28)
        ax.spines[:].set_visible(False)
        self.cells = self.moving(PolyCollection([], linewidths=1.2))
        ax.add_collection(self.cells, autolim=False)
        self.seams = self._lines(ax, colors=C, linewidths=0.8, linestyles=(0, (3, 3)))
        self.down, self.heads = self._lines(ax, colors=C, linewidths=2), self._heads(ax, color=C, ms=6)
        self.framed = self._lines(ax, colors=A, linewidths=2.5)

    def _terms(self, ax: Axes) -> None:
        self.terms = self.moving(Typeset(ax))
        corner = {"transform": ax.transAxes, "ha": "right", "va": "top"}
        self.here = self.words(1, 0.7, ax, **corner)
        shades = {"row above": C, "new": B, "row": A}.items()
        self.split = {key: self.words(1, 0.97 - 0.09 * n, ax, color=c, **corner) for n, (key, c) in enumerate(shades)}

    def _lines(self, ax: Axes, **look) -> LineCollection:
        lines = self.moving(LineCollection([], **look))
        ax.add_collection(lines, autolim=False)
        return lines

    def _heads(self, ax: Axes, marker: str = "v", **look):
        return self.moving(ax.plot([], [], marker, **look)[0])

    def show(
        self,
        lines: Sequence[Line],
        step: int,
        T: int,
        row: int,
        parts: Sequence[tuple[int, int]],
        times: bool,
        i: int,
        t: int | None,
    ) -> str:
        self.lines.lines, self.lines.current = lines, step
        columns = max(T, FEWEST)
        self.chain.set_xlim(0.5, columns + 0.5)
        self.triangle.set(xlim=(0.5, columns + 0.5), ylim=(columns + 0.5, 0.5))
        self._light(T, row, i, columns)
        self._set_cells(T, row, parts or [(n, n) for n in range(1, row + 1)])
        self._set_down(row, times, columns)
        self.here.set_text(WORDS["here"].format(t=t) if t else "")
        self._write(T, row, columns)
        self.framed.set_segments([frame(row, i)])
        return self._say(row, times, i)

    def _light(self, T: int, row: int, i: int, columns: int) -> None:
        """T states; in green the edges from i to the row, in blue where b_i enters, in vermillion where it is felt."""
        self.states.set_data(np.arange(1, T + 1), np.zeros(T))
        self.felt.set_data([row], [0])
        on = [i < step <= row for step in range(2, T + 1)]
        self.edges.set(
            segments=[*([(step - 1, 0), (step, 0)] for step in range(2, T + 1)), [(i, 1.2), (i, 0.6)]],
            colors=[*(C if lit else tint(QUIET, 0.4) for lit in on), B],
            linewidths=[*(4 if lit else 1.2 for lit in on), 4],
        )
        self.entry.set_data([i], [0.6])
        names = [(step, 0, ((f"h_{step}", INK),)) for step in range(1, T + 1)]
        factors = [(step - 0.5, 0.5, ((f"c_{step}", C),)) for step in range(i + 1, row + 1)]
        self.names.labels = [*names, *factors, (i + 0.22 * columns / WIDTH, 1, ((f"b_{i}", B),))]

    def _set_cells(self, T: int, row: int, parts: Sequence[tuple[int, int]]) -> None:
        """Of the row, what one summand is made of is one bar, blue where b enters; rows still to come are paler."""
        spoken = {i for first, last in parts for i in range(first, last + 1)}
        others = [(n, i) for n in range(1, T + 1) for i in range(1, n + 1) if n != row or i not in spoken]
        bars = [*(box(n, i, i) for n, i in others), *(box(row, *part) for part in parts)]
        plain = [PALE if n <= row else tint(PALE, 0.4) for n, _ in others]
        edges = [B if first == row else C for first, _ in parts]
        fill = [*plain, *(tint(edge, 0.12) for edge in edges)]
        self.cells.set(verts=bars, facecolors=fill, edgecolors=[*plain, *edges])
        seams = [i + 0.5 for first, last in parts for i in range(first, last)]
        self.seams.set_segments([[(x, row - HALF), (x, row + HALF)] for x in seams])

    def _set_down(self, row: int, times: bool, columns: int) -> None:
        """An arrow from each cell of the row above, if the line multiplies by c."""
        under = np.arange(1, row if times else 1)
        end = row - HALF - 0.055 * columns / HEIGHT
        self.down.set_segments([[(i, row - 1 + HALF), (i, end)] for i in under])
        self.heads.set_data(under, np.full(len(under), end))
        for key, words in self.split.items():
            words.set_text(WORDS[key].format(above=row - 1, row=row, subscript=subscript(row)) if times else "")

    def _write(self, T: int, row: int, columns: int) -> None:
        """The terms in their cells, those of the row in colour, the rows above it quiet."""
        left = 0.5 - 0.2 * columns / WIDTH
        sums = [(left, n, ((f"a_{n}", A if n == row else QUIET),)) for n in range(1, T + 1)]
        cells = [(n, i) for n in range(1, row + 1) for i in range(1, n + 1)] if T <= WRITTEN else []
        self.terms.labels = [*sums, *((i, n, term(n, i, n == row)) for n, i in cells)]

    def _say(self, row: int, times: bool, i: int) -> str:
        said = ["terms", *(["splitting"] if times else []), "framed", *(["passed on"] if i < row else [])]
        factors = WORDS["one factor" if i == row - 1 else "several factors"]
        return "".join(WORDS[key] for key in said).format(row=row, above=row - 1, i=i, factors=factors) + "."


def term(n: int, i: int, coloured: bool) -> tuple[tuple[str, str], ...]:
    """c_n … c_{i+1} b_i, its factors green and its b blue, or all of it quiet."""
    passed = ((f"c_{j}", C if coloured else QUIET) for j in range(n, i, -1))
    return (*passed, (f"b_{i}", B if coloured else QUIET))


def box(row: int, first: int, last: int) -> list[tuple[float, float]]:
    """The corners of the cells from first to last of a row."""
    left, right, top, bottom = first - 0.46, last + 0.46, row - HALF, row + HALF
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def frame(row: int, i: int) -> list[tuple[float, float]]:
    """A closed line just within a cell."""
    x, y = np.array([-1, 1, 1, -1, -1]) * 0.41, np.array([-1, -1, 1, 1, -1]) * (HALF - 0.05)
    return [*zip(i + x, row + y, strict=True)]
