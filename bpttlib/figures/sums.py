"""The triangle with the number of every path, twice: a row adds up to the right, a column downwards."""

import numpy as np
from matplotlib.patches import FancyArrowPatch, Rectangle
from matplotlib.text import Text
from numpy.typing import NDArray

from ..experiments.smallest import STEPS
from .live import Picture
from .numbers import decimals
from .style import INK, NORMAL, PALE, QUIET, A, B, tint

__all__ = ["SumsPicture"]

CELL, GAP = np.array([0.68, 0.38]), np.array([0.24, 0.50])  # inches: a cell, and what lies between it and the sums
LEFT, TOP = {"row": 0.45, "column": 5.15}, 2.48  # where the two triangles begin
CHOSEN = {"row": (3, A), "column": (2, B)}  # which one stands out, in the colour of what its sum is made of
PATHS = [(t, i) for t in range(1, STEPS + 1) for i in range(1, t + 1)]
SUM = STEPS + 1  # the place of the sums: one more column, one more row

WORDS = {
    "row": "by rows: one loss, all the uses it feels",
    "column": "by columns: one use, all the losses that feel it",
    "sum of row": "row {n}: $\\partial l_{n}/\\partial h_{n}\\cdot a_{n}\\,/\\,T$",
    "sum of column": "column {n}: $\\partial L/\\partial h_{n}\\cdot b_{n}$",
    "loss": "$l_{n}$",
    "use": "$i={n}$",
    "total": "= $\\partial L/\\partial w$",
    "said": "The same triangle of {n} numbers twice. Left its rows are added up: {rows}, row {row} marked; right its "
    "columns: {columns}, column {column} marked. Both come to ∂L/∂w = {total}.",
}


def middle(kind: str, t: int, i: int) -> NDArray:
    """The middle of a cell of one of the triangles, in inches."""
    aside = np.array([i == SUM, -(t == SUM)]) * GAP
    return np.array([LEFT[kind], TOP]) + CELL * (i - 0.5, 0.5 - t) + aside


MARKS = {  # from the end of row n, and from under the name of column n, to its sum
    "row": lambda n: (middle("row", n, n) + (0.42, 0), middle("row", n, SUM) - (0.30, 0)),
    "column": lambda n: (middle("column", STEPS, n) - (0, 0.46), middle("column", SUM, n) + (0, 0.14)),
}


class SumsPicture(Picture):
    """Left one row of the triangle and its sum stand out, right one column; both lists of sums come to ∂L/∂w."""

    inches = (9.6, 3.2)

    def build(self) -> None:
        w, h = self.inches
        self.ax = self.axes(0, 0, w, h, xlim=(0, w), ylim=(0, h))
        self.ax.axis("off")
        for kind in CHOSEN:
            self._names(kind)
            self._mark(kind)
        self.shares = {kind: {path: self._cell(kind, *path) for path in PATHS} for kind in CHOSEN}
        self.sums = {kind: [self._sum(kind, n) for n in range(1, SUM)] for kind in CHOSEN}
        self.totals = {kind: self._number(kind, SUM, SUM, INK, fontweight="bold") for kind in CHOSEN}

    def _names(self, kind: str) -> None:
        """What is done; the losses before the rows, the steps of use under the columns, and what the sums come to."""
        n, colour = CHOSEN[kind]
        self.ax.text(LEFT[kind] - 0.25, 3.04, WORDS[kind], fontweight="bold", va="center")
        self.ax.text(LEFT[kind] - 0.25, 2.74, WORDS[f"sum of {kind}"].format(n=n), color=colour, va="center")
        place = {"ha": "center", "va": "center", "color": QUIET}
        for k in range(1, SUM):
            self.ax.text(*middle(kind, k, 1) - (0.50, 0), WORDS["loss"].format(n=k), **place)
            self.ax.text(*middle(kind, STEPS, k) - (0, 0.34), WORDS["use"].format(n=k), **place)
        self.ax.text(*middle(kind, SUM, SUM) + (0.32, 0), WORDS["total"], va="center")

    def _mark(self, kind: str) -> None:
        """An arrow from the chosen row or column to its sum, and the line beyond which the total stands."""
        n, colour = CHOSEN[kind]
        start, end = MARKS[kind](n)
        look = {"arrowstyle": "-|>", "mutation_scale": 14, "lw": 2.2, "color": colour, "shrinkA": 0, "shrinkB": 0}
        self.ax.add_patch(FancyArrowPatch(start, end, **look))
        across = np.array([0.34, 0] if kind == "row" else [0, 0.14])
        between = (middle(kind, SUM, SUM) + middle(kind, *((STEPS, SUM) if kind == "row" else (SUM, STEPS)))) / 2
        self.ax.plot(*np.transpose([between - across, between + across]), color=INK, lw=1)

    def _cell(self, kind: str, t: int, i: int) -> Text:
        n, colour = CHOSEN[kind]
        face = tint(colour, 0.3) if n == (t if kind == "row" else i) else PALE
        self.ax.add_patch(Rectangle(middle(kind, t, i) - CELL / 2, *CELL, facecolor=face, edgecolor="white", lw=2))
        return self._number(kind, t, i, INK)

    def _sum(self, kind: str, n: int) -> Text:
        """The sum of row n stands to the right of it, that of column n under it."""
        chosen, colour = CHOSEN[kind]
        look = {"color": colour, "fontweight": "bold"} if n == chosen else {"color": INK}
        return self._number(kind, *((n, SUM) if kind == "row" else (SUM, n)), **look)

    def _number(self, kind: str, t: int, i: int, color: str, **look: str) -> Text:
        return self.words(*middle(kind, t, i), self.ax, ha="center", va="center", color=color, fontsize=NORMAL, **look)

    def show(self, shares: NDArray, by_rows: NDArray, by_columns: NDArray, total: float) -> str:
        found = {"row": by_rows, "column": by_columns}
        for kind, sums in found.items():
            for (t, i), words in self.shares[kind].items():
                words.set_text(decimals(shares[t - 1, i - 1], 3))
            for value, words in zip(sums, self.sums[kind], strict=True):
                words.set_text(decimals(value, 3))
            self.totals[kind].set_text(decimals(total, 3))
        rows, columns = (", ".join(decimals(value, 3) for value in sums) for sums in found.values())
        chosen = {kind: n for kind, (n, _) in CHOSEN.items()}
        return WORDS["said"].format(n=len(PATHS), rows=rows, columns=columns, total=decimals(total, 3), **chosen)
