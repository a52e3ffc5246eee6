"""Where a scan pays: how many times as long the loop takes, over T, for diagonals and for matrices."""

import numpy as np
from matplotlib.lines import Line2D

from ..experiments.scan_times import KINDS, Kind
from .live import Picture
from .numbers import grouped
from .style import BEYOND, INK, QUIET, SMALL, C

__all__ = ["ScanTimesPicture"]

LOOK = dict(zip(KINDS, ((C, "o"), (C, "v"), (INK, "s"), (INK, "D")), strict=True))
LOWEST, HIGHEST = 0.06, 12
APART = 1.6  # from one label to the next, as a factor

WORDS = {
    "title": "time of the loop ÷ time of the scan",
    "steps": "steps T",
    "pays": "the scan is faster",
    "not": "the loop is faster",
    "ticks": {0.1: "1/10", 0.3: "1/3", 1: "1", 3: "3", 10: "10"},
    "kind": ("diagonal of {}", "{0} × {0} matrices"),
    "said": "Time of the loop over that of the scan, in the longest text that was measured: {each}.",
    "one": "{name} {ratio:.2g} at T = {T}",
}


def name_of(kind: Kind) -> str:
    return WORDS["kind"][kind.matrix].format(kind.h)


class ScanTimesPicture(Picture):
    """Above the line at 1 the scan is faster; to the right of each curve what c is."""

    inches = (9.6, 4.0)

    def build(self) -> None:
        ax = self.ax = self.axes(0.75, 0.62, 6.8, 3.0)
        ax.set(xscale="log", yscale="log", xlim=(70, 1.6e6), ylim=(LOWEST, HIGHEST), xlabel=WORDS["steps"])
        ax.minorticks_off()
        ax.set_xticks([10**k for k in range(2, 7)])
        ax.set_yticks([*WORDS["ticks"]], WORDS["ticks"].values())
        ax.set_title(WORDS["title"], fontweight="bold")
        ax.axhspan(LOWEST, 1, color=BEYOND, zorder=0)
        ax.axhline(1, color=INK, lw=1, zorder=1)
        for y, words in ((1.12, WORDS["pays"]), (0.89, WORDS["not"])):
            ax.text(1.5e6, y, words, ha="right", va="bottom" if y > 1 else "top", fontsize=SMALL, color=QUIET)
        self.curves = {kind: self.curve(*look) for kind, look in LOOK.items()}
        self.labels = {kind: self.label(*look) for kind, look in LOOK.items()}

    def label(self, colour: str, marker: str) -> list:
        """The sign of a curve, and what c is."""
        sign = self.ax.plot([], [], color=colour, marker=marker, ms=7, clip_on=False)[0]
        return [sign, self.ax.text(2.9e6, 1, "", va="center", color=colour, fontweight="bold")]

    def curve(self, colour: str, marker: str) -> Line2D:
        return self.moving(self.ax.plot([], [], color=colour, marker=marker, ms=5, lw=2)[0])

    def show(self, kept: dict[Kind, dict[int, float]]) -> str:
        ends = {kind: max(kept[kind].items()) for kind in KINDS}
        if not self.still(tuple(ends.items())):
            self.name({kind: ratio for kind, (_, ratio) in ends.items()})
        for kind, line in self.curves.items():
            line.set_data([*kept[kind]], [*kept[kind].values()])
        told = [WORDS["one"].format(name=name_of(kind), ratio=ratio, T=grouped(T)) for kind, (T, ratio) in ends.items()]
        return WORDS["said"].format(each=", ".join(told))

    def name(self, ends: dict[Kind, float]) -> None:
        """A label beside the end of each curve, from the top down, and none over another."""
        y = np.inf
        for kind in sorted(KINDS, key=ends.get, reverse=True):
            y = min(ends[kind], y / APART)
            sign, what = self.labels[kind]
            sign.set_data([2.3e6], [y])
            what.set(text=name_of(kind), y=y)
