"""The sweep at work: column by column the triangle fills from the right, and each column adds up to one δ."""

import numpy as np
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from ..experiments.sweep import STEPS
from ..notation import subscript
from .cells import Cells
from .live import Picture
from .numbers import adding_up, decimals, in_brackets
from .style import LARGE, NORMAL, PALE, QUIET, SMALL, A, B, C, tint

__all__ = ["SweepPicture"]

LEFT, WIDTH, ROW = 0.95, 8.5, 0.25  # inches: where the ten columns stand, and how high a cell is
DIGITS = 3
LOW, HIGH = -2.5, 0.75  # from the palest to the strongest cell, log10
PALEST, STRONGEST = 0.15, 0.65  # tints on which a number can be read
WAITING = (230, 230, 230, 255)

WORDS = {
    "felt": "felt by the loss at step t",
    "column sum": "column\nsum",
    "step": "w is used at step i",
    "direction": "← the sweep runs this way",
    "times w": "× {w}",
    "delta": "size of δᵢ",
    "last": "the part of it that the last loss sends",
    "nothing yet": "nothing yet: step on",
    "this step": "δ{t} = {delta}",
    "own loss": "= {direct} from its own loss",
    "later": "+ {w} · {delta} from step {t}",
    "said": "w = {w}, {walked} of {T} steps walked back: {sum}. "
    "So far {n} of {N} paths; {naive} multiplications path by path, {sweep} in one sweep.",
}


def coloured(paths: NDArray) -> NDArray:
    """(T,T,4): blue what a loss gives to its own step, green what it sends further back; the stronger the larger."""
    with np.errstate(divide="ignore"):
        level = np.clip((np.log10(np.abs(paths)) - LOW) / (HIGH - LOW), 0, 1)
    strength = (PALEST + (STRONGEST - PALEST) * level)[..., None]
    own, later = (1 - strength * (1 - np.array(tint(colour, 1))) for colour in (B, C))
    colours = np.where(np.eye(len(paths), dtype=bool)[..., None], own, later)
    return np.round(255 * np.insert(colours, 3, 1, axis=-1)).astype(np.uint8)


class SweepPicture(Picture):
    """The triangle of paths, under each column its sum δ, and under that the size of δ."""

    inches = (9.6, 5.25)

    def build(self) -> None:
        self.triangle(self.stand(2.64, STEPS * ROW, ylim=(STEPS + 0.5, 0.5)))
        self.row(self.stand(2.12, 0.46))
        self.step_back(self.stand(1.76, 0.34))
        self.sizes(self.stand(0.52, 0.97))
        self.frame = self.moving(self.cells.axes.add_patch(Rectangle((0, 0), 1, 1, fill=False, ec=A, lw=3)))
        self.frame.set_clip_on(False)  # it holds the column and, below the triangle, its sum

    def stand(self, bottom: float, height: float, **limits):
        """Axes that share the ten columns."""
        return self.axes(LEFT, bottom, WIDTH, height, xlim=(0.5, STEPS + 0.5), **limits)

    def triangle(self, ax) -> None:
        ax.set(ylabel=WORDS["felt"], yticks=range(1, STEPS + 1), xticks=[])
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
        self.cells = self.moving(Cells(ax))
        between = np.arange(1, STEPS) + 0.5
        self.moving(ax.vlines(between, between, STEPS + 0.5, colors="white", linewidths=1))
        self.moving(ax.hlines(between, 0.5, between, colors="white", linewidths=1))
        middle = {"ha": "center", "va": "center_baseline", "fontsize": NORMAL}
        self.numbers = [self.moving(ax.text(0, t, "", **middle)) for t in range(1, STEPS + 1)]
        line = {"transform": ax.transAxes, "fontsize": LARGE, "va": "center"}
        lines = ((0.50, 0.94, A), (0.535, 0.83, B), (0.535, 0.72, C))
        self.sum = [self.words(x, y, ax, color=colour, **line) for x, y, colour in lines]

    def row(self, ax) -> None:
        ax.axis("off")
        ax.set_ylim(0, 1)
        for t in range(1, STEPS + 1):
            ax.add_patch(Rectangle((t - 0.5, 0), 1, 1, fc="white", ec=PALE, lw=1.5, clip_on=False))
            ax.text(t, 0.76, f"δ{subscript(t)}", color=QUIET, fontsize=SMALL, ha="center", va="center")
        ax.text(0.38, 0.5, WORDS["column sum"], ha="right", va="center", fontsize=SMALL)
        place = {"color": A, "ha": "center", "va": "center", "fontsize": NORMAL, "fontweight": "bold"}
        self.deltas = [self.words(t, 0.31, ax, **place) for t in range(1, STEPS + 1)]

    def step_back(self, ax) -> None:
        """From δ of the step before to δ of this one."""
        ax.axis("off")
        ax.set_ylim(0, 1)
        (line,) = ax.plot([], [], color=C, lw=2)
        (head,) = ax.plot([], [], "^", color=C, ms=8)
        words = ax.text(0, 0.3, "", color=C, ha="center", va="top", fontsize=NORMAL)
        self.back, self.head, self.times = map(self.moving, (line, head, words))

    def sizes(self, ax) -> None:
        ax.set(yscale="log", ylim=(0.005, 40), xticks=range(1, STEPS + 1), xlabel=WORDS["step"])
        ax.set_yticks([0.01, 0.1, 1, 10], ["0.01", "0.1", "1", "10"])
        ax.minorticks_off()
        ax.xaxis.set_label_coords(0.5, -0.27)
        place = {"transform": ax.transAxes, "ha": "right", "va": "top", "fontsize": SMALL, "fontweight": "bold"}
        ax.text(1, -0.275, WORDS["direction"], color=A, **place)
        (last,) = ax.plot([], [], "--", color=C)
        (delta,) = ax.plot([], [], "-o", color=A, ms=6)
        self.last, self.delta = map(self.moving, (last, delta))
        over = {"loc": "lower left", "bbox_to_anchor": (-0.005, 0.98), "ncols": 2, "columnspacing": 1.5}
        look = {"labelcolor": "linecolor", "prop": {"size": NORMAL, "weight": "bold"}, "borderaxespad": 0}
        ax.legend([delta, last], [WORDS["delta"], WORDS["last"]], borderpad=0.2, **over, **look)

    def show(self, w: float, walked: int, paths: NDArray, delta: NDArray, multiplications: tuple[int, int]) -> str:
        now = STEPS - walked  # the column that the sweep stands in, counted from 0
        known = np.arange(STEPS) >= now
        sums = [decimals(round(value, DIGITS) + 0.0, DIGITS) for value in delta]
        column = adding_up(paths[now:, now], DIGITS) if walked else []
        self._triangle(paths, known, now, column)
        for text, value, seen in zip(self.deltas, sums, known, strict=True):
            text.set_text(value if seen else "")
        self._step_back(now, w, walked > 1)
        self._sizes(np.abs(delta), np.abs(paths[-1]), known)
        terms = list(filter(None, self._sum(w, now, column, sums)))
        naive, sweep = multiplications
        counted = {"walked": walked, "T": STEPS, "naive": naive, "sweep": sweep} | absorbed(walked)
        return WORDS["said"].format(w=decimals(w, 2), sum=" ".join(terms), **counted)

    def _triangle(self, paths: NDArray, known: NDArray, now: int, column: list[str]) -> None:
        """Colour what has come in; the column of this step shows its numbers."""
        self.cells.colours = np.where(known[:, None], coloured(paths), np.array(WAITING, np.uint8))
        self.cells.colours[np.triu_indices(STEPS, 1)] = 0
        for text, number in zip(self.numbers, [""] * now + column, strict=True):
            text.set(text=number, x=now + 1)
        below = (2.64 - 2.12) / ROW
        self.frame.set(xy=(now + 0.5, now + 0.5), height=STEPS - now + below, visible=now < STEPS)

    def _step_back(self, now: int, w: float, visible: bool) -> None:
        to, start = now + 1, now + 2
        self.back.set_data([start, start, to, to], [0.98, 0.38, 0.38, 0.8])
        self.head.set_data([to], [0.78])
        self.times.set(x=to + 0.5, text=WORDS["times w"].format(w=in_brackets(decimals(w, 2))))
        for artist in (self.back, self.head, self.times):
            artist.set_visible(visible)

    def _sizes(self, delta: NDArray, last: NDArray, known: NDArray) -> None:
        t = np.arange(1, STEPS + 1)
        for line, sizes in ((self.delta, delta), (self.last, last)):
            line.set_data(t[known], np.where(sizes > 0, sizes, np.nan)[known])

    def _sum(self, w: float, now: int, column: list[str], sums: list[str]) -> list[str]:
        """Write δ of this step as the sweep finds it; returns the parts."""
        texts = [WORDS["nothing yet"], "", ""]
        if column:
            texts[0] = WORDS["this step"].format(t=subscript(now + 1), delta=sums[now])
            texts[1] = WORDS["own loss"].format(direct=column[0])
        if len(column) > 1:
            factors = {"w": in_brackets(decimals(w, 2)), "delta": in_brackets(sums[now + 1])}
            texts[2] = WORDS["later"].format(t=now + 2, **factors)
        for words, text in zip(self.sum, texts, strict=True):
            words.set_text(text)
        return texts


def absorbed(walked: int) -> dict[str, int]:
    """How many of the N paths end in the last `walked` columns."""
    return {"n": walked * (walked + 1) // 2, "N": STEPS * (STEPS + 1) // 2}
