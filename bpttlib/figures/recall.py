"""The lag task: a map of success over lag and block, and the run at one place of it."""

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import NullLocator
from numpy.typing import NDArray

from ..experiments.recall import COINS, LAGS, TAUS, Recalled
from .live import Picture
from .style import COLOUR, GREY, INK, PALE, QUIET, SIZES, SMALL, A

__all__ = ["RecallPicture"]

LEARNT = 0.85  # the share of right answers from which on it is learnt
SMOOTH = 10  # losses of which the curve shows the mean
ROWS = ("read", "asked", "said")

WORDS = {
    "title": "say the coin of ℓ steps ago: % right, state {}",
    "lag": "ℓ  lag",
    "tau": "τ  steps in a block",
    "no path": "above the line no path leads back to the coin",
    "loss": "loss (mean of ten)",
    "updates": "updates",
    "wrong": "orange: wrong",
    "guessing": "guessing",
    "right": "{:.0%} right",
    "paths": "{n} of {tau} losses have a path to their coin",
    "rows": {"read": "read", "asked": "wanted", "said": "said"},
    "learnt": "learnt",
    "learnt without": "learnt without a path",
    "not learnt": "not learnt",
    "said": "Coin of ℓ = {lag}, blocks of τ = {tau}, state {state}: {verdict}; {n} of {tau} losses have a path to "
    "their coin. Of the {paths} places of the map with a path {learnt} are learnt.",
}


def verdict(right: float, n: int) -> str:
    """In a word: learnt or not, where so many losses of a block have a path to their coin."""
    if right < LEARNT:
        return WORDS["not learnt"]
    return WORDS["learnt" if n else "learnt without"]


class RecallPicture(Picture):
    """Left the map, one place of it framed; right that run: what it was given, how it learnt, and what it says."""

    inches = (9.6, 4.5)
    colours = (SIZES,)

    def build(self) -> None:
        self.map(self.axes(0.6, 0.75, 4.45, 3.4))
        left, place = 5.6, {"transform": self.figure.dpi_scale_trans}
        self.number = self.words(left, 4.14, self.figure, fontsize=17, fontweight="bold", **place)
        self.verdict = self.words(9.55, 4.14, self.figure, ha="right", **place)
        self.paths = self.words(left, 3.8, self.figure, **place)
        self.curve(self.axes(6.0, 1.5, 3.5, 1.8))
        self.strip(self.axes(6.0, 0.1, 3.5, 0.85))

    def map(self, ax: Axes) -> None:
        """Lag across and τ down, the line between with and without a path, and the frame that moves."""
        ax.set(xlabel=WORDS["lag"], ylabel=WORDS["tau"])
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
        self.cells = ax.imshow(np.zeros((len(TAUS), len(LAGS))), SIZES, aspect="auto", vmin=1 / COINS, vmax=1)
        ax.set_xticks(range(len(LAGS)), LAGS)
        ax.set_yticks(range(len(TAUS)), TAUS)
        middle = {"ha": "center", "va": "center", "fontsize": SMALL}
        self.shares = [[ax.text(x, y, "", **middle) for x in range(len(LAGS))] for y in range(len(TAUS))]
        first = [sum(tau <= lag for tau in TAUS) - 0.5 for lag in LAGS]
        edges = np.arange(len(LAGS) + 1) - 0.5
        for colour, width in (("white", 6), (INK, 2.5)):
            ax.plot(np.repeat(edges, 2)[1:-1], np.repeat(first, 2), color=colour, lw=width)
        ax.text(0, -0.195, WORDS["no path"], transform=ax.transAxes, fontsize=SMALL, color=QUIET)
        self.frame = self.moving(ax.add_patch(Rectangle((0, 0), 1, 1, fill=False, ec=A, lw=3.5, clip_on=False)))
        self.ax = ax

    def curve(self, ax: Axes) -> None:
        ax.set(xlim=(0, 150), ylim=(0, 1.05), yticks=[0, 0.5, 1])
        ax.set_title(WORDS["loss"], fontsize=SMALL, pad=4)
        ax.set_xticks([0, 50, 100])
        ax.text(150, -0.065, WORDS["updates"], ha="right", va="top")
        ax.axhline(math.log(COINS), color=GREY, lw=1.5, ls=(0, (4, 2)), zorder=0)
        beside = {"transform": ax.get_yaxis_transform(), "ha": "right", "va": "center"}
        ax.text(-0.02, math.log(COINS), WORDS["guessing"], fontsize=SMALL, color=QUIET, **beside)
        self.losses = self.moving(ax.plot([], [], color=COLOUR["full"])[0])

    def strip(self, ax: Axes) -> None:
        """Three rows of coins, heads full and tails empty; what was answered wrongly is vermillion."""
        ax.set(xlim=(-0.7, 31.7), ylim=(2.6, -0.5))
        ax.xaxis.set_major_locator(NullLocator())
        ax.set_yticks(range(len(ROWS)), [WORDS["rows"][row] for row in ROWS])
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
        look = {"ls": "", "marker": "o", "ms": 5.5, "mew": 1.2}
        heads, tails, wrong = ({"mfc": INK, "mec": INK}, {"mfc": "white", "mec": INK}, {"mfc": A, "mec": A})
        looks = {"heads": heads, "tails": tails, "heads wrong": wrong, "tails wrong": {"mfc": "white", "mec": A}}
        self.coins = {kind: self.moving(ax.plot([], [], **look, **one)[0]) for kind, one in looks.items()}
        ax.axhline(1.5, color=PALE, lw=1, zorder=0)
        ax.text(31.7, -0.65, WORDS["wrong"], ha="right", va="bottom", fontsize=SMALL, color=A)

    def show(
        self,
        success: NDArray,
        one: Recalled,
        lag: int,
        tau: int,
        state: str,
    ) -> str:
        if not self.still((state, success.tobytes())):
            self._map(success, state)
        self.frame.set_xy((LAGS.index(lag) - 0.5, TAUS.index(tau) - 0.5))
        n = max(0, tau - lag)
        told = verdict(one.right, n)
        self.number.set_text(WORDS["right"].format(one.right))
        self.verdict.set_text(told)
        self.paths.set_text(WORDS["paths"].format(n=n, tau=tau))
        smooth = np.convolve(one.losses, np.ones(SMOOTH) / SMOOTH, "valid") if len(one.losses) >= SMOOTH else []
        self.losses.set_data(np.arange(len(smooth)) + SMOOTH, smooth)
        self._strip(one, lag)
        paths = np.less.outer(LAGS, TAUS)
        counts = {"paths": paths.sum(), "learnt": (success[paths] >= LEARNT).sum()}
        return WORDS["said"].format(lag=lag, tau=tau, state=state, verdict=told, n=n, **counts)

    def _map(self, success: NDArray, state: str) -> None:
        self.ax.set_title(WORDS["title"].format(state), fontweight="bold")
        self.cells.set_data(success.T)
        for row, shares in zip(self.shares, success.T, strict=True):
            for text, share in zip(row, shares, strict=True):
                text.set(text=f"{100 * share:.0f}", color="white" if share > 0.72 else INK)

    def _strip(self, one: Recalled, lag: int) -> None:
        """Each coin in its row: what is read, what was read `lag` steps before, and what the network says."""
        rows = np.full((3, len(one.read)), -1)
        rows[0], rows[1, lag:], rows[2, lag:] = one.read, one.read[:-lag], one.answered[lag:]
        wrong = np.zeros(rows.shape, bool)
        wrong[2] = rows[2] != rows[1]
        for name, coins in self.coins.items():
            y, x = np.nonzero((rows == name.startswith("heads")) & (wrong == name.endswith("wrong")))
            coins.set_data(x, y)
