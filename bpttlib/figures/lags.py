"""How far back is a loss felt, and how long must a window be?"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from .live import Picture
from .style import BEYOND, COLOUR, DASH, GREY, INK, PALE, QUIET, SMALL
from .tradeoff import percent

__all__ = ["LagsPicture", "rung"]

RUNGS = (0.1, 1e-2, 1e-4, 1e-6)  # where the scale of the lags may end
TOP, LOWEST = 5.0, 4e-4
KINDS = ["window", "segments"]
WORDS = {
    "felt": "How strongly is a loss felt k steps back?",
    "each": "one loss: $\\|\\partial L_s/\\partial h_{s-k}\\|$",
    "mean": "mean of all losses, n_k (at lag 0: 1)",
    "beyond": "a window leaves it out",
    "lag": "lag k (steps back)",
    "norms": ["1", "0.1", "0.01", "0.001", "10⁻⁴", "10⁻⁵", "10⁻⁶"],
    "cut": "What does a cut leave out, and how wrong is it then?",
    "tau": "truncation length τ",
    "percent": ["0.1 %", "1 %", "10 %", "100 %"],
    "share": "share that a window leaves out",
    "window": "bias of the window in W_hh",
    "segments": "bias of segments of that length",
    "crosshair": "{tolerance} tolerated → τ = {tau}",
    "sentence": (
        "A loss is felt less by a factor {decay:.2f} a step. Tolerating {tolerance}: τ = {tau} leaves out "
        "{share}. Its true bias in W_hh: {window} as window, {segments} as segments."
    ),
}


class LagsPicture(Picture):
    """Left ‖∂L_s/∂h_{s-k}‖ against the lag k; right what a window leaves out, and what that does."""

    inches = (9.6, 4.7)

    def build(self) -> None:
        self._left(self.axes(0.75, 0.55, 3.8, 2.85))
        self._right(self.axes(5.45, 0.55, 4.0, 2.85))

    def _left(self, ax: Axes) -> None:
        self.left = ax
        ax.set(yscale="log", ylim=(RUNGS[0], TOP), xlabel=WORDS["lag"], xlim=(-0.7, 27.5))
        ax.set_yticks(10.0 ** np.arange(0, -7, -1), WORDS["norms"])
        ax.minorticks_off()
        self.beyond = self.moving(ax.add_patch(Rectangle((0, 0), 28, TOP, color=BEYOND, lw=0, aa=False)))
        self.each = self.moving(ax.add_collection(LineCollection([], colors="#B8B8B8", linewidths=1), autolim=False))
        self.mean = self.moving(ax.plot([], [], "-o", color=INK, ms=4)[0])
        self._title(0.1, WORDS["felt"])
        self._key(0, 0.1, Line2D([], [], color=GREY, lw=1), WORDS["each"])
        self._key(1, 0.1, Line2D([], [], color=INK, marker="o", ms=4), WORDS["mean"])
        self._key(2, 0.1, Line2D([], [], color=PALE, lw=9), WORDS["beyond"])

    def _right(self, ax: Axes) -> None:
        ax.set(yscale="log", ylim=(LOWEST, 1.6), xlim=(0.3, 28.5), xlabel=WORDS["tau"])
        ax.set(yticks=[1e-3, 1e-2, 0.1, 1], yticklabels=WORDS["percent"], xticks=[1, 5, 10, 15, 20, 25])
        ax.minorticks_off()
        ax.axhline(1, color=PALE, lw=1, zorder=0)
        looks = {kind: {"color": COLOUR[kind], "ls": DASH[kind], "lw": 2.5} for kind in KINDS}
        looks = {"share": {"color": QUIET, "lw": 2, "ls": (0, (1, 1))}} | looks
        self.curves = {name: self.moving(ax.plot([], [], **look)[0]) for name, look in looks.items()}
        cross = {"color": INK, "lw": 1.2}
        self.level, self.tau = self.moving(ax.axhline(0.1, **cross)), self.moving(ax.axvline(5, **cross))
        dot = {"marker": "o", "ms": 8, "mec": INK, "ls": "", "clip_on": False}
        self.dots = {name: self.moving(ax.plot([], [], color=look["color"], **dot)[0]) for name, look in looks.items()}
        self.crosshair = self.words(1, 1.8, ax, va="bottom", fontsize=SMALL, fontweight="bold")
        self._title(4.9, WORDS["cut"])
        self.values = {}
        for n, (name, look) in enumerate(looks.items()):
            y = self._key(n, 4.9, Line2D([], [], **dot | look | {"markevery": [1]}), WORDS[name])
            at = {"ha": "right", "va": "center", "fontsize": SMALL, "transform": self.figure.dpi_scale_trans}
            self.values[name] = self.words(9.4, y, self.figure, **at)

    def _title(self, x: float, text: str) -> None:
        self.figure.text(x, 4.47, text, fontweight="bold", transform=self.figure.dpi_scale_trans)

    def _key(self, row: int, x: float, line: Line2D, words: str) -> float:
        """A line and beside it its words; returns their height."""
        y, place = 4.25 - 0.22 * row, {"transform": self.figure.dpi_scale_trans}
        line.set(xdata=x + np.array([0.0, 0.21, 0.42]), ydata=[y] * 3, **place)
        self.figure.add_artist(line)
        self.figure.text(x + 0.55, y, words, va="center", fontsize=SMALL, **place)
        return y

    def show(
        self,
        lags: NDArray,
        by_lag: NDArray,
        decay: float,
        share: NDArray,
        bias: dict[str, NDArray],
        tolerance: float,
        tau: int,
    ) -> str:
        lowest = rung(by_lag)
        if not self.still(lowest):
            self.left.set_ylim(lowest, TOP)
        self._felt(lags, by_lag, lowest, tau)
        at_tau = {"share": share[tau], **{kind: bias[kind][tau - 1] for kind in KINDS}}
        for name, values in {"share": share[1:], **bias}.items():
            self.curves[name].set_data(np.arange(1, len(values) + 1), np.maximum(values, LOWEST / 100))
            self.dots[name].set_data([tau], [max(at_tau[name], LOWEST)])
            self.dots[name].set_marker("v" if at_tau[name] < LOWEST else "o")
            self.values[name].set_text(percent(at_tau[name]))
        self._cross(tolerance, tau)
        told = {name: percent(value) for name, value in at_tau.items()}
        return WORDS["sentence"].format(decay=decay, tolerance=percent(tolerance), tau=tau, **told)

    def _felt(self, lags: NDArray, by_lag: NDArray, lowest: float, tau: int) -> None:
        """A line for each loss, and their mean; the mean at lag 0 is the unit. Lags 0 … τ-1 are kept."""
        k, unit = np.arange(len(lags)), by_lag[0]
        shown = np.maximum(lags / unit, lowest / 10)
        self.each.set_segments([np.stack([k[: s + 1], shown[: s + 1, s]], axis=1) for s in k])
        self.mean.set_data(k, np.maximum(by_lag / unit, lowest / 10))
        self.beyond.set_xy((tau - 0.5, 1.02 * lowest))  # and leaves the axis to be seen

    def _cross(self, tolerance: float, tau: int) -> None:
        """Its words stand over the frame, where no curve runs."""
        self.level.set_ydata([tolerance] * 2)
        self.tau.set_xdata([tau] * 2)
        self.crosshair.set_text(WORDS["crosshair"].format(tolerance=percent(tolerance), tau=tau))
        self.crosshair.set(x=tau, ha="left" if tau <= 14 else "right")


def rung(by_lag: NDArray) -> float:
    """Where the scale ends: the rung below the weakest mean, so that the curves fill the frame."""
    weakest = (by_lag / by_lag[0]).min()
    return next((one for one in RUNGS if one <= weakest), RUNGS[-1])
