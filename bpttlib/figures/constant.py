"""What a_t = b + c a_{t-1} adds up to when b and c never change, and the terms it is made of."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import TICKLEFT
from matplotlib.text import Text
from numpy.typing import NDArray

from ..recurrence import Regime
from .live import Picture
from .numbers import four_digits
from .style import INK, LARGE, QUIET, SMALL, A, B, C

__all__ = ["ConstantPicture"]

ROOMS = 0.5, 1, 2, 5, 10, 20, 50, 100  # how far the left axis goes: the smallest that holds all, or the last
TICKS = 5  # to a room
SIDES = (0, 1), (-1, 0), (-1, 1)  # of zero that it shows, in rooms
EDGE = 0.06  # of a room that stays free beyond its ends
PAD = 9  # points from an axis to its title: room for a mark at its edge
DECADES = 10  # of the right axis
LOWEST = {False: -8, True: -2}  # where they begin: for terms that shrink with their lag, for terms that grow

WORDS = {
    "step": "step t",
    "recurrence": "$a_t = b + c\\,a_{t-1}$",
    "lag": "lag k = T − i: how many c a term holds",
    "sizes": "size of each term of $a_T$: $|b\\,c^{\\,k}|$",
    "direct": "the direct term b",
    "no terms": "no terms: b = 0",
    "beyond": ", beyond the axis",
    "said": "b = {b}, c = {c}: a_t {verdict}; a_{T} = {last}{beyond}.",
}
VERDICT = {
    Regime.CONVERGES: "converges to b/(1−c) = {limit}",
    Regime.GROWS_LINEARLY: "grows linearly",
    Regime.ALTERNATES: "alternates",
    Regime.EXPLODES: "explodes",
    Regime.STAYS_AT_0: "stays at 0",
}


class ConstantPicture(Picture):
    """Left a_t over t, with its limit; right the size of each term of a_T over its lag, on a log axis."""

    inches = (9.6, 3.9)

    def build(self) -> None:
        self._states(self.axes(0.55, 0.55, 4.45, 2.75, xlabel=WORDS["step"], xlim=(0, 41)))
        self._terms(self.axes(5.7, 0.55, 3.8, 2.75, xlabel=WORDS["lag"], xlim=(-1, 40)))
        self.verdict = self.words(0.55 / 9.6, 3.68 / 3.9, self.figure, fontsize=LARGE, fontweight="bold")

    def _states(self, ax: Axes) -> None:
        self.left = ax
        ax.set_yticks([])
        ax.set_title(WORDS["recurrence"], color=A, pad=PAD)
        self.moving(ax.axhline(0, color=QUIET, lw=0.8))
        self.limit = self.moving(ax.axhline(0, color=INK, lw=1.5, ls=(0, (4, 3))))
        self.a = self.moving(*ax.plot([], [], "o-", color=A, ms=5, lw=1.2))
        self.above = self.moving(*ax.plot([], [], "^", color=A, ms=7, clip_on=False))
        self.below = self.moving(*ax.plot([], [], "v", color=A, ms=7, clip_on=False))
        look = {"color": QUIET, "transform": ax.get_yaxis_transform(), "clip_on": False}
        self.marks = self.moving(*ax.plot([], [], ls="", marker=TICKLEFT, mew=0.8, ms=3.5, **look))
        self.ticks = {sides: self._ticks(ax, *sides) for sides in SIDES}

    def _ticks(self, ax: Axes, low: int, high: int) -> dict[int, Text]:
        """The numbers beside the left axis when it shows these sides: how many of a room's ticks → where it is said."""
        height = high - low + 2 * EDGE
        return {n: self._number(ax, (n / TICKS - low + EDGE) / height) for n in range(TICKS * low, TICKS * high + 1)}

    def _number(self, ax: Axes, y: float) -> Text:
        return self.words(-0.02, y, ax, transform=ax.transAxes, ha="right", va="center", fontsize=SMALL)

    def _terms(self, ax: Axes) -> None:
        places = range(0, DECADES + 1, 2)
        ax.set(ylim=(0, DECADES), yticks=places, yticklabels=[""] * len(places))
        ax.set_title(WORDS["sizes"], pad=PAD)
        self.powers = {place: self._number(ax, place / DECADES) for place in places}
        self.terms = self.moving(*ax.plot([], [], "o-", color=C, lw=1.2, ms=4))
        self.first = self.moving(*ax.plot([], [], "o", color=B, ms=9))
        self.small = self.moving(*ax.plot([], [], "v", color=C, ms=7, clip_on=False))
        self.direct = self.moving(ax.text(0.8, 1, "", color=B, va="center"))

    def show(self, a: NDArray, b: float, c: float, regime: Regime, limit: float | None) -> str:
        seen = [0.0, *a, limit or 0.0]
        reach = max(map(abs, seen)) * (1 - 1e-9)  # a limit of 5 is 5.000000000000001
        room = next((room for room in ROOMS if room >= reach), ROOMS[-1])
        self._set_axis((-int(min(seen) < 0), int(max(seen) > 0 or min(seen) == 0)), room)
        self._set_states(a / room)
        self._set_terms(b, c, len(a))
        self.limit.set(ydata=[(limit or 0) / room] * 2, visible=limit is not None)
        verdict = VERDICT[regime].format(limit=None if limit is None else four_digits(limit))
        self.verdict.set_text(f"$a_t$ {verdict}")
        beyond = WORDS["beyond"] if reach > room else ""
        numbers = {name: four_digits(x) for name, x in (("b", b), ("c", c), ("last", a[-1]))}
        return WORDS["said"].format(**numbers, verdict=verdict, T=len(a), beyond=beyond)

    def _set_axis(self, sides: tuple[int, int], room: float) -> None:
        """The left axis in rooms; its numbers are words, and so nothing is drawn anew."""
        self.left.set_ylim(sides[0] - EDGE, sides[1] + EDGE)
        shown = self.ticks[sides]
        self.marks.set_data(np.zeros(len(shown)), np.array([*shown]) / TICKS)
        for side, ticks in self.ticks.items():
            for n, tick in ticks.items():
                said = four_digits(n / TICKS * room) if side == sides else ""
                tick.set(text=said, visible=side == sides)  # an empty word would blot out a little of the others

    def _set_states(self, a: NDArray) -> None:
        """What leaves the axis is marked at its edge."""
        t, inside = np.arange(1, len(a) + 1), np.abs(a) <= 1 + 1e-9
        self.a.set_data(t[inside], a[inside])
        for artist, out, edge in (
            (self.above, ~inside & (a > 0), 1 + EDGE),
            (self.below, ~inside & (a < 0), -1 - EDGE),
        ):
            artist.set_data(t[out], np.full(out.sum(), edge))

    def _set_terms(self, b: float, c: float, T: int) -> None:
        """Terms of size 0 are not there; those too small for the axis are marked at its edge."""
        size, low = np.abs(b) * np.abs(c) ** np.arange(T), LOWEST[abs(c) > 1]
        lag = np.flatnonzero(size)
        level = np.log10(size[lag]) - low
        self.terms.set_data(lag[level >= 0], level[level >= 0])
        self.small.set_data(lag[level < 0], np.zeros((level < 0).sum()))
        self.first.set_data(lag[:1], level[:1])
        self.direct.set_text(WORDS["direct" if b else "no terms"])
        self.direct.set_y((np.log10(abs(b)) if b else 0) - low + (-0.8 if abs(c) > 1 else 0.6))
        for place, power in self.powers.items():
            power.set_text(f"$10^{{{place + low}}}$" if place + low else "1")
