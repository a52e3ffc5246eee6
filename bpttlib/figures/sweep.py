"""The sweep at work: columns of the triangle are absorbed from the right, one δ at a step."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from ..experiments.sweep import STEPS
from ..notation import subscript
from .cells import Cells, colour_scale, colour_table, look_up
from .live import Picture
from .numbers import decimals, in_brackets, short
from .style import FULL, LARGE, MAGNITUDE, NORMAL, SMALL, A, B, C

__all__ = ["SweepPicture"]

LOW, HIGH = -2, 1  # the colour scale, log10
TABLE = colour_table(MAGNITUDE)
WAITING = (230, 230, 230, 255)
NOTHING = (255, 255, 255, 0)

WORDS = {
    "used": "used at step i",
    "felt": "felt by the loss at step t",
    "scale": "size of a path, and of δ",
    "step": "step t",
    "delta": "|δ|",
    "direct": "from its own loss",
    "last": "from the last loss",
    "multiplications": "multiplications so far",
    "ways": ("path by path", "one sweep"),
    "absorbed": "{n} of {N} paths absorbed",
    "nothing yet": "δ: nothing yet",
    "this step": "δ{t} = {delta}",
    "own loss": "= {direct} from its own loss",
    "later": "+ {w} · {delta} from step {t}",
    "said": "w = {w}: {walked} of {T} steps walked back, {n} of {N} paths, "
    "{naive} multiplications path by path, {sweep} in one sweep. {sum}.",
}


def coloured(values: NDArray) -> NDArray:
    """(…,4) colours for the size of each value."""
    level = (np.log10(np.maximum(np.abs(values), 10.0**LOW)) - LOW) / (HIGH - LOW)
    return look_up(TABLE, np.clip(level, 0, 1))


class Row(Cells):
    """One row of cells under a triangle of T columns."""

    def draw(self, renderer) -> None:
        edges = np.arange(self.colours.shape[1] + 1) + 0.5
        x = np.round(self.axes.transData.transform(np.column_stack([edges, edges]))[:, 0]).astype(int)
        low, high = np.round(self.axes.bbox.extents[[1, 3]]).astype(int)
        pixels = self.colours.repeat(np.diff(x), axis=1).repeat(high - low, axis=0)
        renderer.draw_image(renderer.new_gc(), x[0], low, pixels)


class SweepPicture(Picture):
    """The triangle of paths and δ below it, what came together at this step, and how many products it took."""

    inches = (11.6, 5.6)

    def build(self) -> None:
        self.triangle(self.axes(0.85, 1.62, 5.6, 3.15))
        self.row(self.axes(0.85, 0.62, 5.6, 0.34))
        self.sizes(self.axes(7.55, 2.72, 3.75, 2.05))
        self.counters(self.axes(7.95, 0.62, 2.3, 0.85))
        self.steps()
        line = {"y": 5.28 / 5.6, "on": self.figure, "fontsize": LARGE, "va": "center"}
        self.sum = [self.words(x / 11.6, color=c, **line) for x, c in ((0.85, A), (2.20, B), (5.05, C))]

    def triangle(self, ax) -> None:
        ax.set(xlabel=WORDS["used"], ylabel=WORDS["felt"])
        ax.tick_params(length=3)
        self.cells = self.moving(Cells(ax))
        self.grid = self.lattice(ax)
        self.frame = self.moving(ax.add_patch(Rectangle((0, 0), 1, 1, fill=False, ec=A, lw=3)))
        self.absorbed = self.words(0.97, 0.97, ax, transform=ax.transAxes, ha="right", va="top", fontsize=NORMAL)
        colour_scale(ax, (0.60, 0.66, 0.37, 0.05), TABLE, LOW, HIGH, WORDS["scale"])

    def row(self, ax) -> None:
        ax.set(yticks=[], xticks=[])
        ax.spines[:].set_visible(False)
        ax.set_ylabel("δ", rotation=0, fontsize=LARGE, color=A, va="center", labelpad=16)
        self.deltas = self.moving(Row(ax))
        self.between = self.lattice(ax)

    def lattice(self, ax) -> LineCollection:
        return self.moving(ax.add_collection(LineCollection([], colors="white", linewidths=1), autolim=False))

    def sizes(self, ax) -> None:
        ax.set(yscale="log", ylim=(1e-3, 100), xlabel=WORDS["step"])
        ax.set_yticks([1e-3, 1e-2, 0.1, 1, 10, 100])
        ax.minorticks_off()
        (last,) = ax.plot([], [], "--", color=C, lw=2)
        (direct,) = ax.plot([], [], "s", color=B, ms=5)
        (delta,) = ax.plot([], [], "-o", color=A, ms=7)
        self.last, self.delta, self.direct = map(self.moving, (last, delta, direct))
        names = [WORDS[name] for name in ("delta", "direct", "last")]
        over = {"loc": "lower left", "bbox_to_anchor": (-0.16, 1.01), "ncols": 3, "columnspacing": 1.0}
        ax.legend([delta, direct, last], names, handlelength=1.6, **over)

    def counters(self, ax) -> None:
        ax.set(xlim=(0, 450), ylim=(1.6, -0.6), yticks=[0, 1], yticklabels=WORDS["ways"])
        ax.set_title(WORDS["multiplications"], pad=4)
        ax.tick_params(axis="y", length=0)
        self.bars = [self.moving(ax.barh(y, 0, 0.62, color=colour)[0]) for y, colour in enumerate(("#B8B8B8", FULL))]
        place = {"transform": ax.get_yaxis_transform(), "va": "center", "fontsize": LARGE, "fontweight": "bold"}
        self.totals = [self.words(1.06, y, ax, **place) for y in (0, 1)]

    def show(
        self,
        w: float,
        walked: int,
        paths: NDArray,
        delta: NDArray,
        direct: NDArray,
        multiplications: tuple[int, int],
    ) -> str:
        known = np.arange(1, STEPS + 1) > STEPS - walked
        self._triangle(paths, known, walked)
        self._delta(delta, known)
        self._sizes(np.abs(delta), np.abs(direct), np.abs(paths[-1]), known)
        for count, bar, total in zip(multiplications, self.bars, self.totals, strict=True):
            bar.set_width(count)
            total.set_text(f"{count}")
        terms = list(filter(None, self._sum(w, walked, delta, direct)))
        naive, sweep = multiplications
        counted = {"walked": walked, "T": STEPS, "naive": naive, "sweep": sweep} | absorbed(walked)
        return WORDS["said"].format(w=decimals(w, 2), sum=" ".join(terms), **counted)

    def steps(self) -> None:
        """Ticks, white lines between the cells, and room for a number below each δ."""
        T, limits, ticks = STEPS, (0.5, STEPS + 0.5), range(1, STEPS + 1)
        self.cells.axes.set(xlim=limits, ylim=limits[::-1], xticks=ticks, yticks=ticks)
        self.deltas.axes.set_xlim(limits)
        self.delta.axes.set(xlim=limits, xticks=ticks)
        between = np.arange(1, T) + 0.5
        upright = [[(x, x), (x, T + 0.5)] for x in between]
        self.grid.set_segments(upright + [[(0, y), (y, y)] for y in between])
        self.between.set_segments([[(x, -1), (x, 1)] for x in between])
        place = {"transform": self.deltas.axes.get_xaxis_transform(), "ha": "center", "va": "top", "fontsize": SMALL}
        self.values = [self.words(t, -0.25, self.deltas.axes, **place) for t in ticks]

    def _triangle(self, paths: NDArray, known: NDArray, walked: int) -> None:
        T = len(known)
        colours = np.where(known[None, :, None], coloured(paths), np.uint8(WAITING)).astype(np.uint8)
        colours[np.triu_indices(T, 1)] = NOTHING
        self.cells.colours = colours
        now = T - walked + 1
        self.frame.set(xy=(now - 0.5, now - 0.5), width=1, height=T - now + 1, visible=walked > 0)
        self.absorbed.set_text(WORDS["absorbed"].format(**absorbed(walked)))

    def _delta(self, delta: NDArray, known: NDArray) -> None:
        self.deltas.colours = np.where(known[:, None], coloured(delta), np.uint8(WAITING)).astype(np.uint8)[None]
        for text, value, seen in zip(self.values, delta, known, strict=True):
            text.set_text(short(value) if seen else "")

    def _sizes(self, delta: NDArray, direct: NDArray, last: NDArray, known: NDArray) -> None:
        t = np.arange(1, len(delta) + 1)
        for line, sizes in ((self.delta, delta), (self.direct, direct), (self.last, last)):
            line.set_data(t[known], np.maximum(sizes[known], 1e-4))

    def _sum(self, w: float, walked: int, delta: NDArray, direct: NDArray) -> list[str]:
        """Write δ of this step as the sum that it is; returns its parts."""
        now, texts = STEPS - walked, ["", "", ""]  # now counts from 0
        if not walked:
            texts[0] = WORDS["nothing yet"]
        else:
            texts[0] = WORDS["this step"].format(t=subscript(now + 1), delta=short(delta[now]))
            texts[1] = WORDS["own loss"].format(direct=short(direct[now]))
        if walked > 1:
            factors = {"w": in_brackets(decimals(w, 2)), "delta": in_brackets(short(delta[now + 1]))}
            texts[2] = WORDS["later"].format(t=now + 2, **factors)
        for words, text in zip(self.sum, texts, strict=True):
            words.set_text(text)
        return texts


def absorbed(walked: int) -> dict[str, int]:
    """How many of the N paths end in the last `walked` columns."""
    return {"n": walked * (walked + 1) // 2, "N": STEPS * (STEPS + 1) // 2}
