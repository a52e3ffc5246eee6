"""Bias, variance and cost on one figure: who is nearest to the full gradient at equal cost?"""

import numpy as np

from ..comparison import Tradeoff
from .live import Picture
from .style import COLOUR, DASH, INK, NORMAL, PALE, QUIET

__all__ = ["TradeoffPicture"]

KINDS = ["segments", "window", "random"]
AVERAGED = np.unique(np.geomspace(1, 10_000, 41).round().astype(int))
FLOOR = 1e-3
WORDS = {
    "segments": "segments",
    "window": "window",
    "random": "random",
    "percent": ["0.1 %", "1 %", "10 %", "100 %", "1000 %"],
    "paths": "look-back: mean number of paths kept per loss",
    "rms": "RMS error of ∂L/∂W_hh",
    "n": "independent gradients averaged, n",
    "mean": {1: "mean of {n} gradient", 2: "mean of {n} gradients"},
    "at most": {1: "at most {n:g} path per loss", 2: "at most {n:g} paths per loss"},
    "point": {
        "segments": "segments τ = {setting:.3g}: {rms:.1%}",
        "window": "window τ = {setting:.3g}: {rms:.1%}",
        "random": "random π = {setting:.3g}: {rms:.1%}",
    },
    "sentence": "With {at_most}, averaging {averaged}, nearest first: {points}.",
}


class TradeoffPicture(Picture):
    """Left RMS error against the paths per loss; right, at so many, against how many gradients are averaged."""

    inches = (11.6, 4.6)

    def build(self) -> None:
        left, right = self.axes(0.95, 0.70, 5.6, 3.3), self.axes(7.75, 0.70, 3.6, 3.3)
        for ax in (left, right):
            ax.set(yscale="log", ylim=(FLOOR, 30), yticks=[1e-3, 1e-2, 0.1, 1, 10])
            ax.set_yticklabels(WORDS["percent"])
            ax.minorticks_off()
            ax.axhline(1, color=PALE, lw=1, zorder=0)
        left.set(xlim=(0.8, 15), xlabel=WORDS["paths"], ylabel=WORDS["rms"])
        right.set(xscale="log", xlim=(0.9, 11_000), xlabel=WORDS["n"])
        right.minorticks_off()
        self.title = self.words(0, 1.05, left, fontweight="bold", transform=left.transAxes)
        self.title_right = self.words(0, 1.05, right, fontweight="bold", transform=right.transAxes)
        self.cost = self.moving(left.axvline(5, color=QUIET, lw=1.5))
        self.average = self.moving(right.axvline(1, color=QUIET, lw=1.5))
        self.curves, self.flat, self.dots = {}, {}, {}
        marker = {"segments": "s", "window": "o", "random": "D"}
        for kind in KINDS:
            look = {"color": COLOUR[kind], "ls": DASH[kind], "lw": 3}
            self.curves[kind] = self.moving(left.plot([], [], **look)[0])
            self.flat[kind] = self.moving(right.plot([], [], **look)[0])
            points = [ax.plot([], [], marker[kind], color=COLOUR[kind], mec=INK, ms=11)[0] for ax in (left, right)]
            self.dots[kind] = [self.moving(point) for point in points]
        keys = [left.plot([], [], color=COLOUR[k], ls=DASH[k], marker=marker[k], mec=INK, ms=9, lw=3)[0] for k in KINDS]
        left.legend(keys, [WORDS[kind] for kind in KINDS], loc="upper right", fontsize=NORMAL, handlelength=3)

    def show(self, curves: dict[str, Tradeoff], budget: float, averaged: int) -> str:
        for kind, curve in curves.items():
            self._curve(kind, curve, curve.within(budget), averaged)
        self.cost.set_xdata([budget] * 2)
        self.average.set_xdata([averaged] * 2)
        self.title.set_text(WORDS["mean"][1 + (averaged > 1)].format(n=averaged))
        at_most = WORDS["at most"][1 + (budget > 1)].format(n=budget)
        self.title_right.set_text(at_most)
        points = sorted(point(kind, curve, curve.within(budget), averaged) for kind, curve in curves.items())
        return WORDS["sentence"].format(
            at_most=at_most, averaged=averaged, points=", ".join(words for _, words in points)
        )

    def _curve(self, kind: str, curve: Tradeoff, place: int, averaged: int) -> None:
        """Left all settings, right the one at `place` for every n."""
        rms = np.maximum(curve.rms(averaged), FLOOR / 10)
        self.curves[kind].set_data(curve.paths_per_loss, rms)
        self.flat[kind].set_data(AVERAGED, [np.maximum(curve.rms(int(n))[place], FLOOR / 10) for n in AVERAGED])
        for dot, x in zip(self.dots[kind], (curve.paths_per_loss[place], averaged), strict=True):
            dot.set_data([x], [rms[place]])


def point(kind: str, curve: Tradeoff, place: int, averaged: int) -> tuple[float, str]:
    """The RMS error at a place of the curve, and the words for it."""
    rms = curve.rms(averaged)[place]
    return rms, WORDS["point"][kind].format(setting=curve.setting[place], rms=rms)
