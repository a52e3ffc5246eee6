"""Clipping: arrows before and after, and what it does to training."""

import numpy as np
from matplotlib.collections import PolyCollection
from numpy.typing import NDArray

from .arrows import arrows
from .live import Picture
from .numbers import number
from .style import GREY, INK, NORMAL, PALE, QUIET, SMALL, A

__all__ = ["ClippingPicture"]

REACH = 3.0
TOP = 1e4
WIDTH = {"unclipped": 0.12, "by norm": 0.09, "by value": 0.09}  # of the arrows: what is clipped lies over what is not

WORDS = {
    "largest": "largest entry of g",
    "second": "second largest entry",
    "step": "training step",
    "loss": "loss",
    "silent": "always answering 0",
    "norm": "‖g‖ = {}",
    "same": "three curves, one line: θ is never reached",
    "lost": "unclipped: lost at step {}",
    "ends": "unclipped ends at {}",
    "turned": "by value turns it by {:.0f}°, by norm not at all",
    "short": "shorter than θ: neither changes it",
    "said": "‖g‖ = {norm}, θ = {theta:g}; {way}. Training: {fate}; loss at the end {ends}.",
}
WAYS = {"unclipped": "unclipped", "by norm": "by norm", "by value": "by value"}


class ClippingPicture(Picture):
    """Left the two largest entries of a gradient with the limits θ; right the loss over training, three ways."""

    inches = (11.6, 4.4)

    def build(self) -> None:
        self.plane(self.axes(0.75, 0.6, 3.4, 3.4))
        self.training(self.axes(5.4, 0.6, 5.9, 2.95))

    def plane(self, ax) -> None:
        ax.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH), xticks=range(-3, 4), yticks=range(-3, 4))
        ax.set_xlabel(WORDS["largest"], labelpad=1)
        ax.set_ylabel(WORDS["second"], labelpad=0)
        for draw in (ax.axhline, ax.axvline):
            draw(0, color=PALE, lw=1, zorder=0)
        self.circle = self.moving(ax.plot([], [], color=INK, lw=1.2)[0])
        self.box = self.moving(ax.plot([], [], color=QUIET, lw=1.2, ls=(0, (3, 1.5)))[0])
        colours = {"unclipped": A, "by norm": INK, "by value": GREY}
        self.arrow = {name: PolyCollection([], facecolors=c, edgecolors="none") for name, c in colours.items()}
        for name in ("unclipped", "by value", "by norm"):
            self.moving(ax.add_collection(self.arrow[name], autolim=False))
        self.size = self.words(0.0, 1.03, ax, transform=ax.transAxes, fontsize=NORMAL, fontweight="bold")

    def training(self, ax) -> None:
        ax.set(yscale="log", ylim=(0.05, TOP), xlim=(-0.5, 40.5), xlabel=WORDS["step"])
        ax.minorticks_off()
        ax.set_title(WORDS["loss"], fontweight="bold", pad=22)
        self.curve = {
            "unclipped": self.moving(ax.plot([], [], color=A, lw=5)[0]),
            "by value": self.moving(ax.plot([], [], color=GREY, lw=3)[0]),
            "by norm": self.moving(ax.plot([], [], color=INK, lw=1.8, ls=(0, (3, 1.5)))[0]),
        }
        over = {"loc": "lower left", "bbox_to_anchor": (0.03, 1.0), "ncols": 3, "borderaxespad": 0.0}
        self.silent = self.moving(ax.axhline(1, color=QUIET, lw=1.0))
        self.zero = self.moving(ax.text(40.4, 1, WORDS["silent"], color=QUIET, fontsize=SMALL, ha="right", va="bottom"))
        ax.legend(self.curve.values(), [WAYS[name] for name in self.curve], **over)
        self.verdict = self.words(0.98, 0.93, ax, transform=ax.transAxes, ha="right", va="top", fontsize=SMALL)

    def show(
        self, g: dict[str, NDArray], norm: float, losses: dict[str, NDArray], theta: float, turned: float, silent: float
    ) -> str:
        self._limits(theta)
        for name, found in g.items():
            self.arrow[name].set_verts(arrows(found[None], WIDTH[name], 0.35))
        for name, line in self.curve.items():
            line.set_data(np.arange(len(losses[name])), np.minimum(losses[name], 1e12))
        self.silent.set_ydata([silent, silent])
        self.zero.set_y(silent * 1.25)
        self.size.set_text(WORDS["norm"].format(number(norm)))
        found = fate(losses)
        self.verdict.set_text(found)
        way = WORDS["turned"].format(turned) if norm > theta else WORDS["short"]
        ends = ", ".join(f"{WAYS[name]} {number(losses[name][-1])}" for name in ("by norm", "by value"))
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
    return WORDS["lost"].format(lost[0]) if len(lost) else WORDS["ends"].format(number(free[-1]))
