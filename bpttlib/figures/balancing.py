"""Influence balancing: what a loss sees that looks back only so far, and where descent takes θ."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from .live import Picture
from .numbers import decimals, raised
from .style import BEYOND, COLOUR, DASH, INK, RANDOM, SMALL

__all__ = ["BOTTOM", "REACH", "TOP", "BalancingPicture"]

REACH = 21.0  # of the scale of the derivative; bars end at it with an arrow
BOTTOM, TOP = 1e-9, 1e12  # of the scale of the loss; curves end at both
WIDTH = {"full": 5, "window": 2.5, "segments": 3, "random": 2}
KEYS = {"full": 5.3, "segments": 6.15, "window": 7.4, "random": 8.55}  # in inches
DICE = 162  # where on the scale of m their bar stands

WORDS = {
    "kinds": {"full": "full", "segments": "segments", "window": "window", "random": "random"},
    "named": "{kind} {sees}",
    "sees dice": "{mean} ± {sd}",
    "no rate": "never",
    "lost": "lost",
    "some lost": "lost in {n} of {runs} runs",
    "between": "{low} … {high} in {runs} runs",
    "all": "{low} in all {runs} runs",
    "below": "under 10⁻⁹",
    "reached": "The gradient, seen by looking back m steps",
    "m": "m  steps looked back",
    "ms": ("1", "50", "100", "dice"),
    "wrong": "the wrong sign: θ runs away",
    "right": "the right sign",
    "losses": "The loss while θ learns, first step {alpha:g}",
    "update": "update n",
    "sizes": ("10⁻⁹", "10⁻⁶", "0.001", "1", "1000", "10⁶", "10⁹", "10¹²"),
    "sentence": (
        "The gradient is {full}. At τ = {tau} window sees {window}, segments {segments}; dice with π = {pi} {random}. "
        "A constant step is safe below: full {safe[full]}, window {safe[window]}, segments {safe[segments]}, random "
        "{safe[random]}. Loss at step size {alpha:g}: full {ends[full]}, window {ends[window]}, "
        "segments {ends[segments]}, random {ends[random]}."
    ),
}


class BalancingPicture(Picture):
    """Left what looking back m steps shows, and what each strategy makes of it; right the loss in training."""

    inches = (9.6, 4.4)

    def build(self) -> None:
        self.place = {"transform": self.figure.dpi_scale_trans}
        self._reached(self.axes(0.6, 0.5, 3.95, 3.5))
        self._losses(self.axes(5.3, 0.5, 3.95, 3.15))
        self._keys()

    def _reached(self, ax: Axes) -> None:
        """What the window sees is the curve, what segments see its mean from 1 to τ; each name beside its mark."""
        ax.set(xlim=(0, 172), ylim=(-REACH, REACH), yticks=[-20, -10, -6, 0, 10, 20])
        ax.set_xticks([1, 50, 100, DICE], WORDS["ms"])
        ax.set_xlabel(WORDS["m"], labelpad=1)
        ax.set_yticklabels(["−20", "−10", "−6", "0", "10", "20"])
        ax.set_title(WORDS["reached"], fontweight="bold", pad=5.5)
        ax.axhspan(0, REACH, color=BEYOND, lw=0, zorder=0)
        ax.text(DICE - 5, 18, WORDS["wrong"], ha="right", va="center", fontsize=SMALL)
        ax.text(3, -18, WORDS["right"], va="center", fontsize=SMALL)
        ax.plot([0, DICE], [-6, -6], color=COLOUR["full"], lw=WIDTH["full"], solid_capstyle="butt", zorder=1)
        ax.text(3, -8, WORDS["kinds"]["full"], va="center", fontweight="bold")
        ax.text(36, 13, WORDS["kinds"]["window"], va="center", fontweight="bold")
        look = {"color": COLOUR["window"], "ls": DASH["window"], "lw": WIDTH["window"]}
        self.curve = self.moving(ax.plot([], [], **look)[0])
        self.mean = self.moving(ax.plot([], [], color=COLOUR["segments"], lw=1)[0])
        self.block = self.moving(ax.plot([], [], color=COLOUR["segments"], lw=5, solid_capstyle="butt")[0])
        dot = {"color": COLOUR["window"], "mec": INK, "ms": 10, "clip_on": False}
        self.window, self.cut = (self.moving(ax.plot([], [], marker, **dot)[0]) for marker in "os")
        bar = {"color": RANDOM, "lw": 2, "ms": 9, "mew": 2, "clip_on": False}
        self.spread = self.moving(ax.plot([], [], **bar)[0])
        self.ends = [self.moving(ax.plot([], [], "_", **bar)[0]) for _ in range(2)]
        self.moving(ax.plot([DICE], [-6], "o", color=RANDOM, mec=INK, ms=8)[0])
        self.names = {
            "segments": self.words(DICE - 5, 0, ax, ha="right", va="bottom", fontweight="bold"),
            "random": self.words(DICE - 5, -13.5, ax, ha="right", va="center", fontweight="bold"),
        }

    def _keys(self) -> None:
        """The four lines of the right plot, over it."""
        for kind, x in KEYS.items():
            look = {"color": COLOUR[kind], "ls": DASH[kind], "lw": WIDTH[kind], "solid_capstyle": "butt"}
            self.figure.add_artist(Line2D([x, x + 0.32], [3.83] * 2, **look, **self.place))
            self.figure.text(x + 0.4, 3.83, WORDS["kinds"][kind], va="center", fontsize=SMALL, **self.place)

    def _losses(self, ax: Axes) -> None:
        ax.set(xlim=(-50, 3000), ylim=(BOTTOM, TOP), yscale="log", xticks=[0, 1000, 2000, 3000])
        ax.set_yticks(10.0 ** np.arange(-9, 13, 3), WORDS["sizes"])
        ax.minorticks_off()
        ax.set_xlabel(WORDS["update"], labelpad=1)
        self.title = self.words(5.3, 4.076, self.figure, fontweight="bold", **self.place)
        look = {"colors": COLOUR["random"], "linewidths": 1}
        self.full = self.moving(ax.plot([], [], color=COLOUR["full"], lw=WIDTH["full"])[0])
        self.runs = self.moving(ax.add_collection(LineCollection([], **look), autolim=False))
        self.lines = {
            kind: self.moving(ax.plot([], [], color=COLOUR[kind], ls=DASH[kind], lw=WIDTH[kind])[0])
            for kind in ("segments", "window")
        } | {"full": self.full}

    def show(
        self,
        reached: NDArray,
        seen: dict[str, tuple[float, float]],
        rate: dict[str, float],
        losses: dict[str, NDArray],
        updates: NDArray,
        tau: int,
        pi: float,
        alpha: float,
    ) -> str:
        self._seen(reached, seen, tau)
        self._training(losses, updates, alpha)
        sees = {kind: said(*one) for kind, one in seen.items()}
        ends = {kind: fate(one) for kind, one in losses.items()}
        safe = {kind: raised(one) if one else WORDS["no rate"] for kind, one in rate.items()}
        for kind, name in self.names.items():
            name.set_text(WORDS["named"].format(kind=WORDS["kinds"][kind], sees=sees[kind]))
        return WORDS["sentence"].format(**sees, tau=tau, pi=chance(pi), safe=safe, alpha=alpha, ends=ends)

    def _seen(self, reached: NDArray, seen: dict[str, tuple[float, float]], tau: int) -> None:
        """The window stands on the curve, segments at its mean from 1 to τ, the dice beside it."""
        self.curve.set_data(np.arange(1, len(reached) + 1), reached)
        self.window.set_data([tau], [seen["window"][0]])
        self.cut.set_data([tau], [seen["segments"][0]])
        self.mean.set_data([tau, DICE - 5], [seen["segments"][0]] * 2)
        self.block.set_data([0.3, max(tau, 3)], [seen["segments"][0]] * 2)
        height = round(seen["segments"][0], 2)  # the same words stand at the same place
        beside, side = (1.6, "bottom") if height >= 0 else (-1.2, "top")  # in the field of its sign
        self.names["segments"].set(y=height + beside, va=side)
        mean, sd = seen["random"]
        ends = np.clip([mean - sd, mean + sd], -REACH + 1, REACH - 1)
        self.spread.set_data([DICE] * 2, ends)
        for end, y, wanted, arrow in zip(self.ends, ends, (mean - sd, mean + sd), "v^", strict=True):
            end.set_data([DICE], [y])
            end.set_marker("_" if y == wanted else arrow)

    def _training(self, losses: dict[str, NDArray], updates: NDArray, alpha: float) -> None:
        for kind, line in self.lines.items():
            line.set_data(updates, within(losses[kind]))
        self.runs.set_segments([np.stack([updates, run], axis=1) for run in within(losses["random"]).T])
        self.title.set_text(WORDS["losses"].format(alpha=alpha))


def within(losses: NDArray) -> NDArray:
    """What an axis can hold: a little beyond both of its ends."""
    return np.clip(losses, BOTTOM / 1e3, TOP * 1e3)


def said(mean: float, sd: float) -> str:
    """What is seen: −6.00, +0.58, −6 ± 54."""
    sign = "+" if round(mean, 2) > 0 else ""
    if not sd:
        return sign + decimals(mean, 2)
    return WORDS["sees dice"].format(mean=sign + decimals(mean, 0), sd=raised(sd))


def chance(pi: float) -> str:
    """15/16 and the like; else as a number."""
    lasts = round(1 / (1 - pi)) if pi < 1 else 0
    return f"{lasts - 1}/{lasts}" if lasts and abs(1 / (1 - pi) - lasts) < 1e-9 else f"{pi:g}"


def fate(losses: NDArray) -> str:
    """The last loss of a curve, or the lowest and highest of several; lost where it is infinite."""
    last = np.sort(np.atleast_1d(losses[-1]))
    lost = int(np.isinf(last).sum())
    if lost == len(last):
        return WORDS["lost"]
    if lost:
        return WORDS["some lost"].format(n=lost, runs=len(last))
    if len(last) == 1:
        return small(last[0])
    low, high = small(last[0]), small(last[-1])
    return WORDS["all" if low == high else "between"].format(low=low, high=high, runs=len(last))


def small(loss: float) -> str:
    """What is below the scale is not told apart."""
    return raised(loss) if loss >= BOTTOM else WORDS["below"]
