"""Three triangles on one text: what each path carries in an RNN, a GRU and an LSTM, and what their gates alone say."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from ..experiments.gates import AFTER, CELLS, LONGEST
from .cells import Cells, colour_table, look_up
from .live import Picture
from .style import INK, LARGE, PALE, QUIET, SIZES, SMALL, C

__all__ = ["GatesPicture"]

LOW, HIGH = -3.0, 0.5  # the colours: log10 of a path's size over the mean of those through no step
FLOOR, ROOF = 1e-4, 20.0  # of the scale of the curves
NOTHING = (240, 240, 240, 255)
LEFT, APART, WIDE = 0.62, 3.06, 2.8  # inches

WORDS = {
    "row": "felt by the loss at step t",
    "column": "$W_{hh}$ used at step i",
    "after": f"left after {AFTER} steps",
    "lag": "k  steps back",
    "left": "in the triangle",
    "alone": {"RNN": "ρᵏ alone", "GRU": "gates z alone", "LSTM": "gates f alone"},
    "drawn": {"RNN": "ρ = {0}", "GRU": "mean z = {0}", "LSTM": "mean f = {0}"},
    "trained": {"RNN": "ρ {0} → {1}", "GRU": "mean z {0} → {1}", "LSTM": "mean f {0} → {1}"},
    "key": ("0.1 %", "100 %"),
    "sizes": ("1", "10⁻²", "10⁻⁴"),
    "said": "{weights} weights, bias {bias}, ρ = {rho:.1f}. Left after {after} steps: {left}.",
}


class GatesPicture(Picture):
    """Above a triangle for each cell; below what is left k steps back, and what the cell's gates alone would leave."""

    inches = (9.6, 4.85)
    colours = (SIZES,)
    key = (0.62, 0.6, 0.36, 0.045)  # where the scale of the colours lies in the last triangle's empty corner

    def build(self) -> None:
        self.table, place = colour_table(SIZES), {"transform": self.figure.dpi_scale_trans}
        self.triangles, self.numbers, self.gates, self.left, self.alone = {}, {}, {}, {}, {}
        for n, cell in enumerate(CELLS):
            x = LEFT + n * APART
            self.figure.text(x, 4.6, cell, fontsize=LARGE, fontweight="bold", **place)
            self.gates[cell] = self.words(x + WIDE, 4.6, self.figure, ha="right", **place)
            self._triangle(cell, self.axes(x, 2.13, WIDE, 2.4))
            self._curves(cell, self.axes(x, 0.5, WIDE, 1.1))
            self._key(cell, x)

    def _triangle(self, cell: str, ax: Axes) -> None:
        bare(ax)
        self.triangles[cell] = self.moving(Cells(ax))
        corner = {"transform": ax.transAxes, "ha": "right", "va": "top"}
        self.numbers[cell] = self.words(1, 0.98, ax, fontsize=22, fontweight="bold", **corner)
        ax.text(1, 0.82, WORDS["after"], fontsize=SMALL, color=QUIET, **corner)
        if cell == CELLS[0]:
            look = {"transform": ax.transAxes, "fontsize": SMALL, "color": QUIET}
            ax.text(-0.015, 0.5, WORDS["row"], ha="right", va="center", rotation=90, **look)
            ax.text(0, -0.02, WORDS["column"], va="top", **look)
        if cell == CELLS[-1]:
            self._colours(ax)

    def _colours(self, ax: Axes) -> None:
        """What a colour means."""
        scale = ax.inset_axes(self.key)
        scale.imshow(self.levels(np.logspace(LOW, HIGH, 64))[None], aspect="auto", extent=(LOW, HIGH, 0, 1))
        bare(scale)
        scale.axvline(0, color="white", lw=1.5)  # 100 %, and behind it more
        for x, side, words in zip((LOW, 0), ("left", "center"), WORDS["key"], strict=True):
            scale.text(x, -0.4, words, ha=side, va="top", fontsize=SMALL, color=QUIET)

    def _curves(self, cell: str, ax: Axes) -> None:
        ax.set(yscale="log", ylim=(FLOOR, ROOF), xlim=(-0.5, LONGEST - 1), xlabel=WORDS["lag"])
        ax.set_yticks([1, 1e-2, 1e-4], WORDS["sizes"] if cell == CELLS[0] else [""] * 3)
        ax.minorticks_off()
        ax.axhline(1, color=PALE, lw=1, zorder=0)
        ax.axvline(AFTER, color=PALE, lw=1, zorder=0)
        self.alone[cell] = self.moving(ax.plot([], [], color=C, lw=2, ls=(0, (3, 1.5)))[0])
        self.left[cell] = self.moving(ax.plot([], [], "-o", color=INK, lw=1.5, ms=3)[0])

    def _key(self, cell: str, x: float) -> None:
        """What the two curves are, above them."""
        place = {"transform": self.figure.dpi_scale_trans}
        for dx, line, words in ((0.0, self.left, WORDS["left"]), (1.36, self.alone, WORDS["alone"][cell])):
            look = {"color": line[cell].get_color(), "ls": line[cell].get_linestyle(), "lw": 2}
            self.figure.add_artist(Line2D([x + dx, x + dx + 0.22], [1.76, 1.76], **look, **place))
            self.figure.text(x + dx + 0.28, 1.76, words, va="center", fontsize=SMALL, **place)

    def levels(self, paths: NDArray) -> NDArray:
        """The colours of paths, on the one scale of all three."""
        with np.errstate(divide="ignore"):
            return look_up(self.table, np.clip((np.log10(paths) - LOW) / (HIGH - LOW), 0, 1))

    def show(
        self,
        paths: dict[str, NDArray],
        left: dict[str, NDArray],
        alone: dict[str, NDArray],
        gate: dict[str, tuple[float, float]],
        bias: int,
        spectral_radius: float,
        weights: str,
    ) -> str:
        told = {cell: share(left[cell][AFTER]) for cell in CELLS}
        for cell in CELLS:
            self._cells(cell, paths[cell])
            self.numbers[cell].set_text(told[cell])
            self.gates[cell].set_text(WORDS[weights][cell].format(*map(kept, gate[cell])))
            for curves, values in ((self.left, left), (self.alone, alone)):
                curves[cell].set_data(np.arange(len(values[cell])), np.clip(values[cell], FLOOR / 10, 10 * ROOF))
        all_of_them = ", ".join(f"{cell} {one}" for cell, one in told.items())
        return WORDS["said"].format(
            weights=weights.capitalize(), bias=bias, rho=spectral_radius, after=AFTER, left=all_of_them
        )

    def _cells(self, cell: str, paths: NDArray) -> None:
        """Coloured below the diagonal, nearly white where next to nothing flows."""
        colours = self.levels(paths)
        colours[paths < 10**LOW] = NOTHING
        exists = np.tri(len(paths), dtype=bool)
        self.triangles[cell].put(np.where(exists[..., None], colours, 0).astype(np.uint8))


def bare(ax: Axes) -> None:
    """Neither ticks nor a frame."""
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)


def share(x: float) -> str:
    """A share as one says it: 630 %, 63 %, 1.7 %, 0.05 %.

    >>> share(6.3), share(0.626), share(0.0172), share(0.0000004)
    ('630 %', '63 %', '1.7 %', '< 0.01 %')
    """
    if x < 1e-4:
        return "< 0.01 %"
    return f"{100 * x:.0f} %" if x >= 0.0995 else f"{100 * x:.1f} %" if x >= 0.00095 else f"{100 * x:.2f} %"


def kept(gate: float) -> str:
    """A gate or a ρ in two digits, near 1 in three.

    >>> kept(0.731), kept(0.9975), kept(0.9), kept(1.04)
    ('0.73', '0.998', '0.90', '1.04')
    """
    return f"{gate:.3f}" if 0.99 < gate < 1 else f"{gate:.2f}"
