"""Where a scan pays: how many times as long the loop takes, over T, for diagonals and for matrices."""

import numpy as np

from ..experiments.scan_times import KINDS, Kind
from .live import Picture
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
    "products": "multiplications,\nscan ÷ loop",
    "kind": ("diagonal of {}", "{0} × {0} matrices"),
    "times": "{:.0f} ×",
    "marks": ("measured once, and kept", "measured just now"),
    "said": "Multiplications of the scan over those of the loop: {each}. What is hollow is measured anew.",
}


def name_of(kind: Kind) -> str:
    return WORDS["kind"][kind.matrix].format(kind.h)


class ScanTimesPicture(Picture):
    """Above the line at 1 the scan is faster; to the right of each curve what c is, and the multiplications."""

    inches = (9.6, 4.0)

    def build(self) -> None:
        ax = self.ax = self.axes(0.75, 0.62, 6.0, 3.0)
        ax.set(xscale="log", yscale="log", xlim=(70, 1.6e6), ylim=(LOWEST, HIGHEST), xlabel=WORDS["steps"])
        ax.minorticks_off()
        ax.set_xticks([10**k for k in range(2, 7)])
        ax.set_yticks([*WORDS["ticks"]], WORDS["ticks"].values())
        ax.set_title(WORDS["title"], fontweight="bold")
        ax.axhspan(LOWEST, 1, color=BEYOND, zorder=0)
        ax.axhline(1, color=INK, lw=1, zorder=1)
        for y, words in ((1.12, WORDS["pays"]), (0.89, WORDS["not"])):
            ax.text(1.5e6, y, words, ha="right", va="bottom" if y > 1 else "top", fontsize=SMALL, color=QUIET)
        ax.text(1.45, 1.0, WORDS["products"], transform=ax.transAxes, ha="right", va="bottom", fontsize=SMALL)
        looks = {"mfc": INK}, {"mfc": "white", "mew": 1.5}
        marks = [ax.plot([], [], "o", color=INK, ms=7, **look)[0] for look in looks]
        ax.legend(marks, WORDS["marks"], loc="lower right")
        self.curves = {kind: self.curve(*look) for kind, look in LOOK.items()}
        self.labels = {kind: self.label(*look) for kind, look in LOOK.items()}

    def label(self, colour: str, marker: str) -> list:
        """The sign of a curve, what c is, and the multiplications."""
        look = {"va": "center", "color": colour, "fontweight": "bold"}
        sign = self.ax.plot([], [], color=colour, marker=marker, ms=7, clip_on=False)[0]
        return [sign, self.ax.text(3e6, 1, "", **look), self.ax.text(1.45, 1, "", ha="right", **look)]

    def curve(self, colour: str, marker: str) -> list:
        kept = self.ax.plot([], [], color=colour, marker=marker, ms=5, lw=2)[0]
        live = self.ax.plot([], [], ls="", color=colour, marker=marker, ms=9, mfc="none", mew=1.5)[0]
        return [self.moving(kept), self.moving(live)]

    def show(self, kept: dict[Kind, dict], live: dict[Kind, dict], products: dict[Kind, float]) -> str:
        ends = {kind: [*kept[kind].values()][-1] for kind in KINDS}
        if not self.still((*products.items(), *ends.items())):
            self.name(products, ends)
        for kind, lines in self.curves.items():
            for line, ratios in zip(lines, (kept[kind], live[kind]), strict=True):
                line.set_data(list(ratios), list(ratios.values()))
        each = ", ".join(f"{name_of(kind)} {products[kind]:.0f}" for kind in KINDS)
        return WORDS["said"].format(each=each)

    def name(self, products: dict[Kind, float], ends: dict[Kind, float]) -> None:
        """A label beside the end of each curve, from the top down, and none over another."""
        y = np.inf
        for kind in sorted(KINDS, key=ends.get, reverse=True):
            y = min(ends[kind], y / APART)
            sign, what, times = self.labels[kind]
            sign.set_data([2.3e6], [y])
            what.set(text=name_of(kind), y=y)
            times.set(text=WORDS["times"].format(products[kind]), x=1.45e8, y=y)
