"""The law c² < π: how the variance of the randomized recurrence grows, and where it stays bounded."""

import numpy as np
from numpy.typing import NDArray

from .live import Picture
from .numbers import raised
from .style import BEYOND, FULL, INK, LARGE, NORMAL, QUIET, RANDOM, SMALL

__all__ = ["VariancePicture"]

WORDS = {
    "title": "For b = 1 the variance of $z_t$ {fate}",
    "step": "step t",
    "variance": "Var $z_t$",
    "variances": ["0.01", "1", "100", "10⁴", "10⁶", "10⁸", "10¹⁰"],
    "recursive": r"$z_t = b + \xi_t\, c\, z_{t-1}$   (the dice cut)",
    "literal": r"$z_t = b + \xi_t\, c\, a_{t-1}$   (as printed in the book)",
    "limit": "limit",
    "end": "{last} at t = {T}",
    "over": "{last} at t = {T} ↑",
    "plane": "where it stays bounded",
    "c": "c  (how strongly the past acts)",
    "pi": "π  (chance to go on)",
    "no dice": "π = 1: no dice, Var = 0",
    "bounded": "bounded:\nc² < π",
    "unbounded": "grows\nwithout\nend",
    "border": "π = c²",
    "<": "stays bounded",
    "=": "in the end grows by equal amounts",
    ">": "grows without end",
    "nothing": "is 0",
    "why nothing": "is 0: nothing is cut, or nothing carried on",
    "with limit": ", with the limit {limit}",
    "sentence": "c² = {c2:.2f} {relation} π = {pi:.2f}: Var z_t {fate}; at t = {T} it is {last}.",
}
FLOOR, ROOF = 1e-2, 1e10  # the scale; curves end at the roof


class VariancePicture(Picture):
    """Left Var z_t over t for both readings of z_t; right the map of c and π with the curve π = c²."""

    inches = (9.6, 4.2)

    def build(self) -> None:
        self.over_t(self.axes(0.75, 0.55, 5.15, 2.75))
        self.over_plane(self.axes(6.75, 0.55, 2.7, 3.22))

    def over_t(self, ax) -> None:
        ax.set(xlim=(0, 102), ylim=(FLOOR, ROOF), yscale="log", xlabel=WORDS["step"], ylabel=WORDS["variance"])
        ax.set_yticks(10.0 ** np.arange(-2, 11, 2), WORDS["variances"])
        ax.minorticks_off()
        (limit,) = ax.plot([0, 100], [1, 1], color=INK, lw=1.2, ls=(0, (1, 2)))
        (literal,) = ax.plot([], [], color=RANDOM, lw=2.5, ls=(0, (3, 1.5)))
        (recursive,) = ax.plot([], [], color=RANDOM, lw=3.5)
        self.limit, self.literal, self.recursive = map(self.moving, (limit, literal, recursive))
        names = [WORDS[name] for name in ("recursive", "literal")]
        over = {"loc": "lower left", "bbox_to_anchor": (-0.03, 1.0), "fontsize": LARGE, "labelspacing": 0.2}
        ax.legend([recursive, literal], names, handlelength=2.4, borderpad=0.1, **over)
        self.limit_words = self.moving(ax.text(1, 1, "", va="bottom", fontsize=SMALL))
        self.last = self.moving(ax.text(101, 1, "", ha="right", va="bottom", fontsize=NORMAL))
        self.title = self.words(0, 1.265, ax, fontweight="bold", transform=ax.transAxes)

    def over_plane(self, ax) -> None:
        c = np.linspace(0, 1.2, 200)
        ax.fill_between(c, c**2, 1, where=c <= 1, color=BEYOND, lw=0)
        ax.plot(c[c <= 1], c[c <= 1] ** 2, color=INK, lw=1.5)
        ax.set(xlim=(0, 1.2), ylim=(0, 1.02), xlabel=WORDS["c"], ylabel=WORDS["pi"])
        ax.set_title(WORDS["plane"], fontweight="bold")
        ax.plot([0, 1.2], [1, 1], color=INK, lw=3, clip_on=False)
        ax.text(0.04, 0.955, WORDS["no dice"], fontsize=SMALL, va="top")
        ax.text(0.06, 0.41, WORDS["bounded"], fontsize=NORMAL)
        ax.text(0.88, 0.13, WORDS["unbounded"], fontsize=NORMAL)
        ax.text(0.89, 0.60, WORDS["border"], fontsize=SMALL, color=QUIET)
        self.dot = self.moving(ax.plot([], [], "o", color=RANDOM, mec=FULL, ms=13, clip_on=False)[0])

    def show(self, c: float, pi: float, recursive: NDArray, literal: NDArray, limit: float | None) -> str:
        t, end = np.arange(1, len(recursive) + 1), recursive[-1]
        for line, variance in ((self.recursive, recursive), (self.literal, literal)):
            line.set_data(t, np.where(variance < ROOF, np.maximum(variance, FLOOR / 10), np.nan))
        self.limit.set_ydata([limit if limit else np.nan] * 2)
        self.limit_words.set(text=WORDS["limit"] if limit and FLOOR < limit < ROOF / 10 else "", y=1.2 * (limit or 1))
        self.dot.set_data([c], [pi])
        self._end(end, len(t))
        relation, fate = verdict(c, pi, limit)
        self.title.set_text(WORDS["title"].format(fate=WORDS[fate]))
        return sentence(c, pi, limit, len(t), end)

    def _end(self, end: float, T: int) -> None:
        """The variance at the last step, over the end of the curve or, where that lies too high, above the roof."""
        inside = end < ROOF / 10
        text = WORDS["end" if inside else "over"].format(last=raised(end), T=T)
        place = (101, max(1.4 * end, 1.4 * FLOOR)) if inside else (110, 30 * ROOF)
        self.last.set(text=text, position=place)


def verdict(c: float, pi: float, limit: float | None) -> tuple[str, str]:
    """c² < π, = or >, and the key of the words for what follows."""
    relation = "<=>"[1 + int(np.sign(round(c * c - pi, 9)))]
    return relation, "nothing" if limit == 0 else relation


def sentence(c: float, pi: float, limit: float | None, T: int, last: float) -> str:
    """On which side of the law c² < π this is, and what follows."""
    relation, fate = verdict(c, pi, limit)
    words = WORDS["why nothing" if fate == "nothing" else fate]
    words += WORDS["with limit"].format(limit=raised(limit)) if limit else ""
    return WORDS["sentence"].format(c2=c * c, relation=relation, pi=pi, fate=words, T=T, last=raised(last))
