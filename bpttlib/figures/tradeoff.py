"""Bias, variance and cost on one figure: who is nearest to the full gradient at equal cost?"""

import numpy as np

from ..comparison import Tradeoff
from .live import Picture
from .style import COLOUR, DASH, INK, NORMAL, PALE, QUIET

__all__ = ["TradeoffPicture"]

KINDS = ["segments", "window", "random"]
AVERAGED = np.unique(np.geomspace(1, 10_000, 41).round().astype(int))
SYMBOL = {"segments": "τ", "window": "τ", "random": "π"}
FLOOR = 1e-3


class TradeoffPicture(Picture):
    """Left RMS error against the mean chain; right, at one chain, against how many gradients are averaged."""

    inches = (11.6, 4.6)

    def build(self) -> None:
        left, right = self.axes(0.95, 0.70, 5.6, 3.3), self.axes(7.75, 0.70, 3.6, 3.3)
        for ax in (left, right):
            ax.set(yscale="log", ylim=(FLOOR, 30), yticks=[1e-3, 1e-2, 0.1, 1, 10])
            ax.set_yticklabels(["0.1 %", "1 %", "10 %", "100 %", "1000 %"])
            ax.minorticks_off()
            ax.axhline(1, color=PALE, lw=1, zorder=0)
        left.set(xlim=(0.8, 15), xlabel="look-back: mean number of paths kept per loss", ylabel="RMS error of ∂L/∂W_hh")
        right.set(xscale="log", xlim=(0.9, 11_000), xlabel="independent gradients averaged, n")
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
        left.legend(keys, KINDS, loc="upper right", fontsize=NORMAL, handlelength=3)

    def show(self, curves: dict[str, Tradeoff], budget: float, averaged: int) -> str:
        told = []
        for kind, curve in curves.items():
            place, rms = curve.within(budget), curve.rms(averaged)
            self.curves[kind].set_data(curve.paths_per_loss, np.maximum(rms, FLOOR / 10))
            self.flat[kind].set_data(AVERAGED, [np.maximum(curve.rms(int(n))[place], FLOOR / 10) for n in AVERAGED])
            for point, x in zip(self.dots[kind], (curve.paths_per_loss[place], averaged), strict=True):
                point.set_data([x], [max(rms[place], FLOOR / 10)])
            told.append((rms[place], f"{kind} {SYMBOL[kind]} = {curve.setting[place]:.3g}"))
        self.cost.set_xdata([budget] * 2)
        self.average.set_xdata([averaged] * 2)
        self.title.set_text(f"mean of {averaged} gradient{'s' if averaged > 1 else ''}")
        at_most = f"at most {budget:g} path{'s' if budget > 1 else ''} per loss"
        self.title_right.set_text(at_most)
        texts = ", ".join(f"{name}: {rms:.1%}" for rms, name in sorted(told))
        return f"With {at_most}, averaging {averaged}, nearest first: {texts}."
