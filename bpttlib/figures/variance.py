"""The law c² < π: how the variance of the randomized recurrence grows, and where it stays bounded."""

import numpy as np
from numpy.typing import NDArray

from .live import Picture
from .numbers import number
from .style import FULL, INK, NORMAL, PALE, QUIET, RANDOM, SMALL

__all__ = ["VariancePicture"]

WORDS = {
    "over t": "Var $z_t$ for b = 1",
    "step": "step t",
    "recursive": r"$z_t = b + \xi_t\, c\, z_{t-1}$   (truncates)",
    "literal": r"$z_t = b + \xi_t\, c\, a_{t-1}$   (the book, to the letter)",
    "limit": "limit, where there is one",
    "plane": "where the variance is bounded",
    "c": "c  (how strongly the past acts)",
    "pi": "π  (chance to go on)",
    "no dice": "π = 1: no dice, Var = 0",
    "bounded": "bounded:\nc² < π",
    "unbounded": "grows\nwithout end",
    "border": "π = c²",
    "<": "stays bounded",
    "=": "grows like a straight line",
    ">": "grows without end",
    "nothing": "is 0: nothing is cut, or nothing carried on",
    "with limit": ", with the limit {limit}",
    "sentence": "c² = {c2:.2f} {relation} π = {pi:.2f}: Var z_t {fate}; at t = {T} it is {last}.",
}
ROOF = 1e10  # curves end here, and the legend stands above


class VariancePicture(Picture):
    """Left Var z_t over t for both readings of z_t; right the map of c and π with the curve π = c²."""

    inches = (11.6, 4.4)

    def build(self) -> None:
        self.over_t(self.axes(0.95, 0.65, 6.0, 3.3))
        self.over_plane(self.axes(8.3, 0.65, 3.1, 3.3))

    def over_t(self, ax) -> None:
        ax.set(xlim=(0, 102), ylim=(1e-2, 10 * ROOF**1.3), yscale="log", xlabel=WORDS["step"])
        ax.set_title(WORDS["over t"], fontweight="bold")
        ax.set_yticks([1e-2, 1, 1e2, 1e4, 1e6, 1e8, 1e10])
        ax.minorticks_off()
        (limit,) = ax.plot([0, 100], [1, 1], color=INK, lw=1.2, ls=(0, (1, 2)))
        (literal,) = ax.plot([], [], color=RANDOM, lw=2.5, ls=(0, (3, 1.5)))
        (recursive,) = ax.plot([], [], color=RANDOM, lw=3.5)
        self.limit, self.literal, self.recursive = map(self.moving, (limit, literal, recursive))
        names = [WORDS[name] for name in ("recursive", "literal", "limit")]
        ax.legend([recursive, literal, limit], names, loc="upper left", bbox_to_anchor=(0.0, 1.0), handlelength=2.4)
        self.last = self.moving(ax.text(101, 1, "", ha="right", va="bottom", fontsize=NORMAL))

    def over_plane(self, ax) -> None:
        c = np.linspace(0, 1.2, 200)
        ax.fill_between(c, c**2, 1, where=c <= 1, color=PALE, lw=0)
        ax.plot(c[c <= 1], c[c <= 1] ** 2, color=INK, lw=1.5)
        ax.set(xlim=(0, 1.2), ylim=(0, 1.02), xlabel=WORDS["c"], ylabel=WORDS["pi"])
        ax.set_title(WORDS["plane"], fontweight="bold")
        ax.plot([0, 1.2], [1, 1], color=INK, lw=3, clip_on=False)
        ax.text(0.06, 0.965, WORDS["no dice"], fontsize=SMALL, va="top")
        ax.text(0.06, 0.62, WORDS["bounded"], fontsize=NORMAL)
        ax.text(0.70, 0.16, WORDS["unbounded"], fontsize=NORMAL)
        ax.text(0.87, 0.60, WORDS["border"], fontsize=SMALL, color=QUIET)
        self.dot = self.moving(ax.plot([], [], "o", color=RANDOM, mec=FULL, ms=13, clip_on=False)[0])

    def show(self, c: float, pi: float, recursive: NDArray, literal: NDArray, limit: float | None) -> str:
        t = np.arange(1, len(recursive) + 1)
        low = self.recursive.axes.get_ylim()[0]
        for line, variance in ((self.recursive, recursive), (self.literal, literal)):
            line.set_data(t, np.where(variance < ROOF, np.maximum(variance, low), np.nan))
        self.limit.set_ydata([limit if limit else np.nan] * 2)
        self.dot.set_data([c], [pi])
        end = recursive[-1]
        inside = low < end < ROOF / 10
        self.last.set(text=number(end) if inside else "", y=end * 1.4 if inside else 1)
        return sentence(c, pi, limit, len(t), end)


def sentence(c: float, pi: float, limit: float | None, T: int, last: float) -> str:
    """On which side of the law c² < π this is, and what follows."""
    relation = "<=>"[1 + int(np.sign(round(c * c - pi, 9)))]
    fate = WORDS["nothing" if limit == 0 else relation]
    fate += WORDS["with limit"].format(limit=number(limit)) if limit else ""
    return WORDS["sentence"].format(c2=c * c, relation=relation, pi=pi, fate=fate, T=T, last=number(last))
