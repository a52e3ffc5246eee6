"""Clipping: arrows before and after, and what it does to training."""

import numpy as np
from matplotlib.collections import PolyCollection
from numpy.typing import NDArray

from .arrows import arrows
from .live import Picture
from .numbers import number
from .style import BEYOND, GREY, INK, NORMAL, PALE, QUIET, SMALL, A

__all__ = ["ClippingPicture"]

REACH = 3.3
TOP = 1e3
WIDTH = {"unclipped": 0.14, "by norm": 0.09, "by value": 0.09}  # of the arrows: what is clipped lies over what is not

WORDS = {
    "first": "∂L/∂W_hh",
    "second": "∂L/∂W_hx",
    "circle": "length θ",
    "square": "entries ±θ",
    "step": "training step",
    "loss": "the loss in training",
    "above": "above 1:\npowers\nof ten",
    "silent": "always\nsaying 0",
    "losses": ("0", "0.5", "1", "10", "100", "1000"),
    "norm": "the first gradient: ‖g‖ = {}",
    "same": "three curves, one line: θ is never reached",
    "lost": "unclipped is lost at step {}",
    "ends": "unclipped ends at {}",
    "turned": "by value turns it by {:.0f}°, by norm not at all",
    "short": "shorter than θ: neither changes it",
    "said": "‖g‖ = {norm}, θ = {theta:g}; {way}. Training: {fate}; loss at the end {ends}.",
}
WAYS = {"unclipped": "unclipped", "by norm": "clipped by norm", "by value": "clipped by value"}
THICK = {"unclipped": 6, "by value": 3.5, "by norm": 1.5}  # all seen where they agree
COLOURS = {"unclipped": A, "by norm": INK, "by value": GREY}


class ClippingPicture(Picture):
    """Left a gradient of two entries with the limits θ; right the loss over training, three ways."""

    inches = (9.6, 4.1)

    def build(self) -> None:
        self.plane(self.axes(0.6, 0.52, 2.8, 2.8))
        self.training(self.axes(4.6, 0.52, 4.2, 2.8))
        look = {"loc": "upper center", "ncols": 3, "borderaxespad": 0.2, "columnspacing": 4}
        self.figure.legend(self.curve.values(), [WAYS[name] for name in self.curve], **look)

    def plane(self, ax) -> None:
        ax.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH), xticks=range(-3, 4), yticks=range(-3, 4))
        ax.set_xlabel(WORDS["first"], labelpad=1)
        ax.set_ylabel(WORDS["second"], labelpad=0)
        for draw in (ax.axhline, ax.axvline):
            draw(0, color=PALE, lw=1, zorder=0)
        ax.plot(0, 0, "o", color=A, ms=4)  # what a gradient of almost no length looks like
        self.circle = self.moving(ax.plot([], [], color=INK, lw=1.2)[0])
        self.box = self.moving(ax.plot([], [], color=QUIET, lw=1.2, ls=(0, (3, 1.5)))[0])
        over = {"loc": "lower left", "bbox_to_anchor": (-0.03, 1.0), "ncols": 2, "borderaxespad": 0.0}
        ax.legend([self.circle, self.box], [WORDS["circle"], WORDS["square"]], **over)
        self.arrow = {name: PolyCollection([], facecolors=c, edgecolors="none") for name, c in COLOURS.items()}
        for name in ("unclipped", "by value", "by norm"):
            self.moving(ax.add_collection(self.arrow[name], autolim=False))
        self.size = self.words(0.0, 1.11, ax, transform=ax.transAxes, fontsize=NORMAL, fontweight="bold")

    def training(self, ax) -> None:
        """The loss, linear up to 1 and logarithmic from there."""
        ax.set_yscale("symlog", linthresh=1, linscale=1.8)
        ax.set(ylim=(-0.04, TOP), xlim=(-0.5, 40.5), xlabel=WORDS["step"])
        ax.set_yticks([float(loss) for loss in WORDS["losses"]], WORDS["losses"])
        ax.minorticks_off()
        ax.set_title(WORDS["loss"], fontweight="bold", pad=22)
        ax.axhspan(1, TOP, color=BEYOND, lw=0, zorder=0)
        ax.text(41, 30, WORDS["above"], color=QUIET, fontsize=SMALL, va="center")
        self.silent = self.moving(ax.axhline(1, color=QUIET, lw=1.0))
        self.curve = {n: self.moving(ax.plot([], [], color=COLOURS[n], lw=lw)[0]) for n, lw in THICK.items()}
        self.zero = self.moving(ax.text(41, 1, WORDS["silent"], color=QUIET, fontsize=SMALL, va="center"))
        self.verdict = self.words(0.0, 1.03, ax, transform=ax.transAxes, fontsize=SMALL)

    def show(
        self, g: dict[str, NDArray], norm: float, losses: dict[str, NDArray], theta: float, turned: float, silent: float
    ) -> str:
        self._limits(theta)
        for name, found in g.items():
            self.arrow[name].set_verts(arrows(found[None], WIDTH[name], 0.35))
        for name, line in self.curve.items():
            line.set_data(np.arange(len(losses[name])), np.minimum(losses[name], 1e12))
        self.silent.set_ydata([silent, silent])
        self.zero.set_y(silent)
        self.size.set_text(WORDS["norm"].format(number(norm)))
        found = fate(losses)
        self.verdict.set_text(found)
        way = WORDS["turned"].format(turned) if norm > theta else WORDS["short"]
        ends = ", ".join(f"{name} {end(losses[name])}" for name in ("by norm", "by value"))
        return WORDS["said"].format(norm=number(norm), theta=theta, way=way, fate=found, ends=ends)

    def _limits(self, theta: float) -> None:
        """The circle of all g of length θ, and the square of all whose entries reach it."""
        angle = np.linspace(0, 2 * np.pi, 200)
        self.circle.set_data(theta * np.cos(angle), theta * np.sin(angle))
        self.box.set_data(theta * np.array([-1, 1, 1, -1, -1]), theta * np.array([-1, -1, 1, 1, -1]))


def fate(losses: dict[str, NDArray]) -> str:
    """What training comes to without clipping."""
    free = losses["unclipped"]
    if all(np.array_equal(free, clipped) for clipped in losses.values()):
        return WORDS["same"]
    lost = np.flatnonzero(np.isinf(free))
    return WORDS["lost"].format(lost[0]) if len(lost) else WORDS["ends"].format(end(free))


def end(losses: NDArray) -> str:
    """The loss after the last step; what is below a thousandth is called 0."""
    return number(round(losses[-1], 3))
