"""All outcomes of two estimates that cost the same: rank one over its signs, and the mean of some throws of dice."""

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from .live import Picture
from .style import FULL, INK, PALE, RANDOM, A, tint

__all__ = ["RankOnePicture"]

EDGES = np.linspace(-0.275, 2.275, 52)  # the full value stands in the middle of a bar
COLOURS = {"rank one": A, "dice": RANDOM}
WORDS = {
    "rank one": "rank one: all {n} throws of the signs (height: how likely)",
    "dice": "dice at no higher cost: all outcomes of the mean of {throws} throws",
    "values": ["0", "½", "1", "1½", "2"],
    "entry": "largest entry of ∂L/∂W_hh ÷ its full value",
    "mean": "mean exactly 1\nsd {sd:.2f}",
    "said": "The largest entry of ∂L/∂W_hh in units of its full value: rank one, all {n} outcomes of {signs} signs, "
    "1 ± {rank_one:.2f}; dice with π = {pi:g}, the mean of {throws} throws for no more products, 1 ± {dice:.2f}.",
}


class RankOnePicture(Picture):
    """Two histograms of probability below each other, the full value as a line through both."""

    inches = (9.6, 3.9)

    def build(self) -> None:
        self.upper, self.lower = self.axes(0.3, 2.3, 7.3, 1.2), self.axes(0.3, 0.62, 7.3, 1.2)
        self.parts = {"rank one": self._row(self.upper, "rank one"), "dice": self._row(self.lower, "dice")}
        self.upper.set_xticklabels([])
        self.lower.set_xlabel(WORDS["entry"])

    def _row(self, ax: Axes, name: str) -> tuple:
        """Bars, a stroke from mean - sd to mean + sd, the mean, and words: what it is, what it comes to."""
        ax.set(xlim=EDGES[[0, -1]], ylim=(0, 1.3), yticks=[])
        ax.set_xticks([0, 0.5, 1, 1.5, 2], WORDS["values"])
        ax.spines["left"].set_visible(False)
        ax.axvline(0, color=PALE, lw=1, zorder=0)
        ax.axvline(1, color=FULL, lw=2, zorder=3)
        bars = self.moving(ax.stairs(np.zeros(51), EDGES, fill=True, color=tint(COLOURS[name], 0.75)))
        sd = self.moving(ax.plot([], [], color=INK, lw=2.5, marker="|", ms=12, mew=2.5)[0])
        mean = self.moving(ax.plot([], [], "v", color=COLOURS[name], mec=INK, ms=11)[0])
        title = self.words(0, 1.06, ax, transform=ax.transAxes, fontweight="bold")
        return bars, sd, mean, title, self.words(1.02, 0.5, ax, transform=ax.transAxes, va="center")

    def show(
        self, outcomes: dict[str, tuple[NDArray, NDArray]], sd: dict[str, float], throws: int, pi: float, signs: int
    ) -> str:
        n = len(outcomes["rank one"][0])
        for name, (bars, stroke, mark, title, told) in self.parts.items():
            values, probability = outcomes[name]
            heights, _ = np.histogram(values, EDGES, weights=probability)
            bars.set_data(heights / heights.max())
            mean = probability @ values
            stroke.set_data([mean - sd[name], mean + sd[name]], [1.15, 1.15])
            mark.set_data([mean], [1.15])
            title.set_text(WORDS[name].format(n=n, throws=throws))
            told.set_text(WORDS["mean"].format(sd=sd[name]))
        return WORDS["said"].format(n=n, signs=signs, pi=pi, throws=throws, rank_one=sd["rank one"], dice=sd["dice"])
