"""What a_t = b + c a_{t-1} adds up to when b and c never change, and the terms it is made of."""

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from ..recurrence import Regime
from .live import Picture
from .style import INK, QUIET, SMALL, A, B, C

__all__ = ["ConstantPicture"]

WINDOWS = 12, 45  # how far the left axis goes up and down: the second where the limit would not fit


WORDS = {
    "step": "step t",
    "recurrence": "$a_t = b + c\\,a_{t-1}$",
    "lag": "lag k = T − i: how many c a term holds",
    "sizes": "size of the terms of $a_T$: $|b\\,c^{\\,k}|$",
    "direct": "● the direct term b",
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

    inches = (11.6, 4.2)

    def build(self) -> None:
        self._states(self.axes(0.75, 0.6, 5.2, 3.1, xlabel=WORDS["step"], xlim=(0, 41)))
        self._terms(self.axes(6.85, 0.6, 4.6, 3.1, xlabel=WORDS["lag"], xlim=(-1, 40)))
        self.verdict = self.words(5.85 / 11.6, 3.85 / 4.2, self.figure, ha="right", fontsize=14, fontweight="bold")

    def _states(self, ax: Axes) -> None:
        self.left = ax
        ax.axhline(0, color=QUIET, lw=0.8)
        ax.set_title(WORDS["recurrence"], color=A)
        self.limit = self.moving(ax.axhline(0, color=INK, lw=1.5, ls=(0, (4, 3))))
        (self.a,) = ax.plot([], [], "o-", color=A, ms=5, lw=1.2)
        (self.above,) = ax.plot([], [], "^", color=A, ms=7, clip_on=False)
        (self.below,) = ax.plot([], [], "v", color=A, ms=7, clip_on=False)
        for artist in (self.a, self.above, self.below):
            self.moving(artist)

    def _terms(self, ax: Axes) -> None:
        ax.set(yscale="log", ylim=(1e-8, 1e8), title=WORDS["sizes"])
        ax.axhline(1, color=QUIET, lw=0.8)
        (self.terms,) = ax.plot([], [], "-", color=C, lw=2.5)
        (self.first,) = ax.plot([], [], "o", color=B, ms=9)
        for artist in (self.terms, self.first):
            self.moving(artist)
        place = {"transform": ax.transAxes, "fontsize": SMALL, "linespacing": 1.5}
        self.direct = self.words(0.03, 0.92, ax, color=B, **place)

    def show(self, a: NDArray, b: float, c: float, regime: Regime, limit: float | None) -> str:
        window = WINDOWS[abs(limit or 0) > WINDOWS[0] - 1]
        if not self.still(window):
            self.left.set_ylim(-window, window)
        self._set_states(a, window)
        self._set_terms(b, c, len(a))
        self.limit.set(ydata=[limit or 0] * 2, visible=limit is not None)
        verdict = VERDICT[regime].format(limit=limit)
        self.verdict.set_text(verdict)
        beyond = WORDS["beyond"] if np.abs(a).max() > window else ""
        return WORDS["said"].format(b=b, c=c, verdict=verdict, T=len(a), last=a[-1], beyond=beyond)

    def _set_states(self, a: NDArray, window: float) -> None:
        """What leaves the axis is marked at its edge."""
        t, inside = np.arange(1, len(a) + 1), np.abs(a) <= window
        self.a.set_data(t[inside], a[inside])
        for artist, out, edge in ((self.above, a > window, window), (self.below, a < -window, -window)):
            artist.set_data(t[out], np.full(out.sum(), edge))

    def _set_terms(self, b: float, c: float, T: int) -> None:
        lag = np.arange(T)
        size = np.abs(b) * np.abs(c) ** lag
        self.terms.set_data(lag[size > 0], size[size > 0])
        self.first.set_data([0] if b else [], [abs(b)] if b else [])
        self.direct.set_text(WORDS["direct" if b else "no terms"])
