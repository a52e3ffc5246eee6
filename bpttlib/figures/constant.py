"""What a_t = b + c a_{t-1} adds up to when b and c never change, and the terms it is made of."""

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from ..recurrence import Regime
from .live import Picture
from .style import INK, LARGE, NORMAL, QUIET, SMALL, A, B, C

__all__ = ["ConstantPicture"]

ROOMS = 0.5, 1, 2, 5, 10, 20, 50, 100  # how far the left axis goes: the smallest that holds all, or the last
TICKS = 5  # to a room
EDGE = 0.06  # of a room that stays free beyond its ends
DECADES = {False: (-6, 2), True: (-2, 8)}  # of the right axis: terms that shrink with their lag, terms that grow

WORDS = {
    "step": "step t",
    "recurrence": "$a_t = b + c\\,a_{t-1}$",
    "lag": "lag k = T − i: how many c a term holds",
    "sizes": "size of each term of $a_T$: $|b\\,c^{\\,k}|$",
    "direct": "the direct term b",
    "no terms": "no terms: b = 0",
    "beyond": ", beyond the axis",
    "said": "b = {b:g}, c = {c:g}: a_t {verdict}; a_{T} = {last:.4g}{beyond}.",
}
VERDICT = {
    Regime.CONVERGES: "converges to b/(1−c) = {limit:.4g}",
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
        self.verdict = self.words(0.55 / 9.6, 3.62 / 3.9, self.figure, fontsize=LARGE, fontweight="bold")

    def _states(self, ax: Axes) -> None:
        self.left = ax
        ax.set_title(WORDS["recurrence"], color=A)
        ax.axhline(0, color=QUIET, lw=0.8)
        self.limit = self.moving(ax.axhline(0, color=INK, lw=1.5, ls=(0, (4, 3))))
        (self.a,) = ax.plot([], [], "o-", color=A, ms=5, lw=1.2)
        (self.above,) = ax.plot([], [], "^", color=A, ms=7, clip_on=False)
        (self.below,) = ax.plot([], [], "v", color=A, ms=7, clip_on=False)
        for artist in (self.a, self.above, self.below):
            self.moving(artist)
        beside = {"transform": ax.get_yaxis_transform(), "ha": "right", "va": "center", "fontsize": SMALL}
        self.ticks = {n: self.words(-0.02, n / TICKS, ax, **beside) for n in range(-TICKS, TICKS + 1)}

    def _terms(self, ax: Axes) -> None:
        self.right = ax
        ax.set(yscale="log", title=WORDS["sizes"])
        ax.minorticks_off()
        (self.terms,) = ax.plot([], [], "o-", color=C, lw=1.2, ms=4)
        (self.first,) = ax.plot([], [], "o", color=B, ms=9)
        (self.small,) = ax.plot([], [], "v", color=C, ms=7, clip_on=False)
        for artist in (self.terms, self.first, self.small):
            self.moving(artist)
        self.direct = self.moving(ax.text(0.8, 1, "", color=B, fontsize=NORMAL))

    def show(self, a: NDArray, b: float, c: float, regime: Regime, limit: float | None) -> str:
        seen = [0.0, *a, limit or 0.0]
        reach = max(map(abs, seen)) * (1 - 1e-9)  # a limit of 5 is 5.000000000000001
        room = next((room for room in ROOMS if room >= reach), ROOMS[-1])
        sides, grows = (-int(min(seen) < 0), int(max(seen) > 0 or min(seen) == 0)), abs(c) > 1
        if not self.still((sides, grows)):
            self._set_axes(sides, DECADES[grows])
        self._set_states(a / room, sides, room)
        self._set_terms(b, c, len(a))
        self.limit.set(ydata=[(limit or 0) / room] * 2, visible=limit is not None)
        verdict = VERDICT[regime].format(limit=limit)
        self.verdict.set_text(f"$a_t$ {verdict}")
        beyond = WORDS["beyond"] if reach > room else ""
        return WORDS["said"].format(b=b, c=c, verdict=verdict, T=len(a), last=a[-1], beyond=beyond)

    def _set_axes(self, sides: tuple[int, int], decades: tuple[int, int]) -> None:
        """Which sides of zero are shown on the left, in rooms; the numbers beside it are words."""
        low, high = sides
        places = np.arange(low * TICKS, high * TICKS + 1)
        self.left.set_yticks(places / TICKS, labels=[""] * len(places))
        self.left.set_ylim(low - EDGE, high + EDGE)
        self.right.set_ylim(*(10.0**decade for decade in decades))

    def _set_states(self, a: NDArray, sides: tuple[int, int], room: float) -> None:
        """What leaves the axis is marked at its edge."""
        t, inside = np.arange(1, len(a) + 1), np.abs(a) <= 1
        self.a.set_data(t[inside], a[inside])
        for artist, out, edge in ((self.above, a > 1, 1 + EDGE), (self.below, a < -1, -1 - EDGE)):
            artist.set_data(t[out], np.full(out.sum(), edge))
        for n, tick in self.ticks.items():
            shown = sides[0] * TICKS <= n <= sides[1] * TICKS
            tick.set_text(f"{n / TICKS * room:g}".replace("-", "−") if shown else "")

    def _set_terms(self, b: float, c: float, T: int) -> None:
        """Terms of size 0 are not there; those too small for the axis are marked at its edge."""
        lag = np.arange(T)
        size, least = np.abs(b) * np.abs(c) ** lag, self.right.get_ylim()[0]
        small = (size > 0) & (size < least)
        self.terms.set_data(lag[size >= least], size[size >= least])
        self.small.set_data(lag[small], np.full(small.sum(), least))
        self.first.set_data([0] if b else [], [abs(b)] if b else [])
        self.direct.set_text(WORDS["direct" if b else "no terms"])
        self.direct.set(y=(abs(b) or 1) * (0.2 if abs(c) > 1 else 2.2), va="center")
