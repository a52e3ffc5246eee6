"""Bias, variance and cost on one figure: who is nearest to the full gradient at equal cost?"""

import math

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from ..comparison import Tradeoff
from .live import Picture
from .numbers import grouped, times_ten
from .style import BEYOND, COLOUR, DASH, FULL, INK, PALE, QUIET, SMALL

__all__ = ["TradeoffPicture"]

KINDS = ["segments", "window", "random"]
MARKER = {"segments": "s", "window": "o", "random": "D"}
AVERAGED = np.geomspace(1, 1e6, 61)
BOTTOM, TOP = 1e-4, 20.0
REACH = {"paths_per_loss": (0.5, 15.7), "mean_products": (-4, 114), "states_held": (1, 31.2)}  # of the axis
WORDS = {
    "segments": "segments",
    "window": "window",
    "random": "random",
    "full": "full",
    "percent": ["0.01 %", "0.1 %", "1 %", "10 %", "100 %", "1000 %"],
    "paths_per_loss": "paths kept per loss (mean)",
    "mean_products": "Jacobian products of one gradient (dice: mean)",
    "states_held": "states held at once (dice: mean)",
    "budget": {
        "paths_per_loss": "at most {n} paths per loss",
        "mean_products": "at most {n} Jacobian products",
        "states_held": "at most {n} states held",
    },
    "setting": {"segments": "τ = {:.0f}", "window": "τ = {:.0f}", "random": "π = {:.3f}"},
    "rms": "error of ∂L/∂W_hh",
    "n": "gradients averaged, n",
    "ns": ["1", "100", "10\N{THIN SPACE}000", "10⁶"],
    "one": "one gradient, {budget}",
    "many": "mean of {n} gradients, {budget}",
    "dear": "pale: over the budget",
    "key": "{kind}, {setting}: {error} off",
    "marked": "the mean of n gradients",
    "passes": "random beats segments {segments},\nthe window {window}",
    "from": "from n = {}",
    "never": "never",
    "on": "window: up to {} →",
    "sentence": "With {budget}, averaging {averaged}, nearest first: {points}.",
}


class TradeoffPicture(Picture):
    """Above what is marked; left the error against one cost; right of the marked, against how many are averaged."""

    inches = (9.6, 4.6)

    def build(self) -> None:
        self.left, self.right = self.axes(0.9, 0.55, 5.25, 2.75), self.axes(6.4, 0.55, 3.0, 2.75)
        for ax in (self.left, self.right):
            ax.set(yscale="log", ylim=(BOTTOM, TOP), yticks=10.0 ** np.arange(-4, 2))
            ax.axhline(1, color=PALE, lw=1, zorder=0)
        self.left.set(yticklabels=WORDS["percent"], ylabel=WORDS["rms"])
        self.right.set(xscale="log", xlim=(0.8, 1.4e6), xlabel=WORDS["n"], yticklabels=[])
        self.right.set_xticks([1, 1e2, 1e4, 1e6], WORDS["ns"])
        for ax in (self.left, self.right):
            ax.minorticks_off()
        place = {"transform": self.figure.dpi_scale_trans}
        self.title = self.words(0.9, 3.83, self.figure, fontweight="bold", **place)
        self.figure.text(6.4, 3.83, WORDS["marked"], fontweight="bold", **place)
        self.figure.text(0.9, 3.59, WORDS["dear"], fontsize=SMALL, color=QUIET, **place)
        self.passes = self.words(6.4, 3.4, self.figure, fontsize=SMALL, linespacing=1.2, **place)
        looks = {kind: {"color": COLOUR[kind], "ls": DASH[kind]} for kind in KINDS}
        self.curves = {kind: self._curves(kind, look) for kind, look in looks.items()}
        self._places()
        self.flat = {kind: self.moving(self.right.plot([], [], lw=2.5, **look)[0]) for kind, look in looks.items()}
        self.dots = {kind: self._dots(kind) for kind in KINDS}
        self.keys = {kind: self._key(kind, x, 4.35) for kind, x in zip(KINDS, (0.1, 3.2, 6.3), strict=True)}

    def _places(self) -> None:
        """What is too dear, the budget, the number averaged, and the cost of the full gradient."""
        dear = Rectangle((0, 1.02 * BOTTOM), 1, TOP, color=BEYOND, alpha=0.75, lw=0, aa=False)
        self.beyond = self.moving(self.left.add_patch(dear))
        self.cost, self.average = (self.moving(ax.axvline(1, color=QUIET, lw=1.5)) for ax in (self.left, self.right))
        self.full = self.moving(self.left.axvline(1, color=FULL, lw=1.5))
        self.full_words = self.moving(self.left.text(0, 0.8 * TOP, " " + WORDS["full"], va="top", fontsize=SMALL))
        over = {"ha": "right", "fontsize": SMALL, "transform": self.figure.dpi_scale_trans}
        self.on = self.words(6.15, 3.4, self.figure, **over)

    def _curves(self, kind: str, look: dict) -> Line2D:
        """Every setting; what is too dear is laid over it, so that it steps back."""
        points = {} if kind == "random" else {"marker": MARKER[kind], "ms": 3.5}
        return self.moving(self.left.plot([], [], lw=2, **look, **points)[0])

    def _dots(self, kind: str) -> list[Line2D]:
        look = {"color": COLOUR[kind], "mec": INK, "ms": 10, "clip_on": False}
        return [self.moving(ax.plot([], [], MARKER[kind], **look)[0]) for ax in (self.left, self.right)]

    def _key(self, kind: str, x: float, y: float) -> Text:
        """The line and the mark of a kind, and words for the setting that is marked and its error."""
        look = {"color": COLOUR[kind], "ls": DASH[kind], "marker": MARKER[kind], "ms": 8, "mec": INK, "markevery": [1]}
        place = {"transform": self.figure.dpi_scale_trans}
        self.figure.add_artist(Line2D(x + np.array([0, 0.2, 0.4]), [y] * 3, lw=2, **look, **place))
        return self.words(x + 0.5, y, self.figure, va="center", **place)

    def show(
        self,
        curves: dict[str, Tradeoff],
        full: dict[str, float],
        cost: str,
        budget: float,
        averaged: int,
        place: dict[str, int],
        passes: dict[str, float],
    ) -> str:
        if not self.still(cost):
            self._axis(cost, full[cost], curves["window"])
        for kind, curve in curves.items():
            self._curve(kind, curve, place[kind], averaged, cost)
        self.beyond.set(x=budget, width=REACH[cost][1] - budget)
        self.cost.set_xdata([budget] * 2)
        self.average.set_xdata([averaged] * 2)
        bound = WORDS["budget"][cost].format(n=budget)
        mean = WORDS["many" if averaged > 1 else "one"]
        self.title.set_text(mean.format(n=counted(averaged), budget=bound))
        self.passes.set_text(WORDS["passes"].format(**{kind: later(n) for kind, n in passes.items()}))
        points = sorted(self._point(kind, curve, place[kind], averaged) for kind, curve in curves.items())
        told = {"budget": bound, "averaged": counted(averaged)}
        return WORDS["sentence"].format(**told, points=", ".join(words for _, words in points))

    def _point(self, kind: str, curve: Tradeoff, place: int, averaged: int) -> tuple[float, str]:
        """The RMS error of what is marked, and the words for it, which its key says too."""
        rms = curve.rms(averaged)[place]
        setting = WORDS["setting"][kind].format(curve.setting[place])
        self.keys[kind].set_text(WORDS["key"].format(kind=WORDS[kind], setting=setting, error=percent(rms)))
        return rms, f"{WORDS[kind]} {setting}: {percent(rms)}"

    def _axis(self, cost: str, full: float, window: Tradeoff) -> None:
        """What stands still as long as the cost is counted in the same way."""
        low, high = REACH[cost]
        self.left.set(xlim=(low, high), xlabel=WORDS[cost])
        self.full.set_xdata([full] * 2)
        self.full_words.set_x(full)
        most = getattr(window, cost)[-1]
        self.on.set_text(WORDS["on"].format(f"{most:.0f}") if most > high else "")

    def _curve(self, kind: str, curve: Tradeoff, place: int, averaged: int, cost: str) -> None:
        """Left all settings, right the one at `place` for every n."""
        paid, rms = getattr(curve, cost), curve.rms(averaged)
        shown = np.maximum(rms, BOTTOM / 10)
        if kind != "random":
            shown[-1] = np.nan  # full: between the last cut and none there is no setting
        self.curves[kind].set_data(paid, shown)
        by_n = np.hypot(curve.bias[place], curve.spread[place] / np.sqrt(AVERAGED))
        self.flat[kind].set_data(AVERAGED, np.maximum(by_n, BOTTOM / 10))
        for dot, x in zip(self.dots[kind], (paid[place], averaged), strict=True):
            mark(dot, x, rms[place], MARKER[kind])


def mark(dot: Line2D, x: float, y: float, marker: str) -> None:
    """A mark at its place, or an arrow at the edge beyond which it lies."""
    dot.set_data([x], [min(max(y, BOTTOM), TOP)])
    dot.set_marker("v" if y < BOTTOM else "^" if y > TOP else marker)


def later(n: float) -> str:
    """From how many gradients on; never, if the other has no bias."""
    return WORDS["from"].format(counted(n)) if math.isfinite(n) else WORDS["never"]


def counted(n: int) -> str:
    """1, 250, 10 000; from ten million on a power: 4 · 10⁷."""
    return grouped(n) if n < 1e7 else power(n)


def power(x: float) -> str:
    """One digit and a power of ten: 4 · 10⁷."""
    return times_ten(f"{x:.0e}")


def percent(share: float) -> str:
    """Two digits at least: 0.016 %, 5.1 %, 22 %, 19 000 %, 4 · 10⁷ %; what is nothing but rounding is 0."""
    per_cent = 100 * share
    if per_cent < 1e-9:
        return "0 %"
    small = f"{per_cent:.2g}" if per_cent >= 1e-4 else power(per_cent)
    return f"{counted(round(per_cent)) if per_cent >= 9.95 else small} %"
