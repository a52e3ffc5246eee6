"""Counts and times of the ways to a gradient, for growing T on doubly logarithmic axes."""

import numpy as np
from matplotlib.axes import Axes

from .live import Picture
from .numbers import grouped
from .style import FULL, INK, QUIET, SMALL, C

__all__ = ["EfficiencyPicture"]

LOOK = {
    "path by path": {"color": QUIET, "marker": "^", "ls": (0, (1, 1))},
    "loss by loss": {"color": QUIET, "marker": "s", "ls": (0, (3, 1.5))},
    "one sweep": {"color": FULL, "marker": "o", "ls": "-"},
    "16 tanh units": {"color": C, "marker": "D", "ls": "-"},
}

WORDS = {
    "steps": "steps T",
    "counts": "multiplications, counted",
    "times": "time, measured here",
    "units": ("1 µs", "1 ms", "1 s"),
    "slope": "slope {}",
    "grown": "{way} × {factor:.0f}",
    "said": "Multiplications from T = 10 to T = 100: {grown}. The times are measured anew in every run.",
}
WAYS = {
    "path by path": "path by path",
    "loss by loss": "loss by loss",
    "one sweep": "one sweep",
    "16 tanh units": "one sweep, 16 tanh units",
}


class EfficiencyPicture(Picture):
    """Left how many multiplications, right how long they took on this machine; in the corner the slopes to compare."""

    inches = (9.6, 4.0)

    def build(self) -> None:
        self.left, self.right = self.axes(0.85, 0.60, 3.75, 2.70), self.axes(5.60, 0.60, 3.75, 2.70)
        self.prepare(self.left, "counts", (7, 2e4), (10, 1e6))
        self.left.set_yticks(*named(6))
        self.prepare(self.right, "times", (7, 2e5), (3e-7, 10))
        self.right.set_yticks([1e-6, 1e-3, 1], WORDS["units"])
        self.slopes(self.left, 1e3, 15)
        self.slopes(self.right, 4e3, 5e-7)
        self.curves = {
            name: [self.moving(ax.plot([], [], ms=6, lw=1.5, label=WAYS[name], **look)[0]) for ax in self.figure.axes]
            for name, look in LOOK.items()
        }
        self.figure.legend(handles=[timed for _, timed in self.curves.values()], loc="upper center", ncols=len(LOOK))

    def prepare(self, ax: Axes, title: str, xlim: tuple, ylim: tuple) -> None:
        ax.set(xscale="log", yscale="log", xlabel=WORDS["steps"])
        ax.set_xticks(*named(int(np.log10(xlim[1]))))
        ax.set(xlim=xlim, ylim=ylim)
        ax.minorticks_off()
        ax.set_title(WORDS[title], fontweight="bold")

    def slopes(self, ax: Axes, T: float, height: float) -> None:
        """A fan of strokes that start together, to hold against the curves."""
        for slope, times in ((3, 6), (2, 6), (1, 6)):
            ax.plot([T, times * T], [height, height * times**slope], color=INK, lw=1)
            words = WORDS["slope"].format(slope)
            ax.text(1.15 * times * T, height * times**slope, words, va="center", fontsize=SMALL)

    def show(self, counts: dict[str, dict[int, int]], times: dict[str, dict[int, float]]) -> str:
        for side, found in enumerate((counts, times)):
            for name, values in found.items():
                self.curves[name][side].set_data(list(values), list(values.values()))
        grown = {name: values[100] / values[10] for name, values in counts.items()}
        told = [WORDS["grown"].format(way=WAYS[name], factor=factor) for name, factor in grown.items()]
        return WORDS["said"].format(grown=", ".join(told))


def named(last: int) -> tuple[list[int], list[str]]:
    """The powers of ten from 10 to 10^last, and how they are written."""
    powers = [10**k for k in range(1, last + 1)]
    return powers, [grouped(power) for power in powers]
