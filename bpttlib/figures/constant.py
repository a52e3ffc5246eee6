"""What a_t = b + c a_{t-1} adds up to when b and c never change, and the terms it is made of."""

import numpy as np
from numpy.typing import NDArray

from .live import Picture
from .style import INK, QUIET, SMALL, A, B, C

__all__ = ["ConstantPicture"]

WINDOWS = 12, 45  # how far the left axis goes up and down: the second where the limit would not fit


class ConstantPicture(Picture):
    """Left a_t over t, with its limit; right the size of each term of a_T over its lag, on a log axis."""

    inches = (11.6, 4.2)

    def build(self) -> None:
        self.left = self.axes(0.75, 0.6, 5.2, 3.1, xlabel="step t", xlim=(0, 41))
        self.left.axhline(0, color=QUIET, lw=0.8)
        self.left.set_title("$a_t = b + c\\,a_{t-1}$", color=A)
        self.right = self.axes(6.85, 0.6, 4.6, 3.1, xlabel="lag k = T − i: how many c a term holds", xlim=(-1, 40))
        self.right.set(yscale="log", ylim=(1e-8, 1e8), title="size of the terms of $a_T$: $|b\\,c^{\\,k}|$")
        self.right.axhline(1, color=QUIET, lw=0.8)
        self.limit = self.moving(self.left.axhline(0, color=INK, lw=1.5, ls=(0, (4, 3))))
        (self.a,) = self.left.plot([], [], "o-", color=A, ms=5, lw=1.2)
        (self.above,) = self.left.plot([], [], "^", color=A, ms=7, clip_on=False)
        (self.below,) = self.left.plot([], [], "v", color=A, ms=7, clip_on=False)
        (self.terms,) = self.right.plot([], [], "-", color=C, lw=2.5)
        (self.first,) = self.right.plot([], [], "o", color=B, ms=9)
        for artist in (self.a, self.above, self.below, self.terms, self.first):
            self.moving(artist)
        self.verdict = self.words(5.85 / 11.6, 3.85 / 4.2, self.figure, ha="right", fontsize=14, fontweight="bold")
        place = {"fontsize": SMALL, "linespacing": 1.5}
        self.direct = self.words(0.03, 0.92, self.right, color=B, transform=self.right.transAxes, **place)

    def show(self, a: NDArray, b: float, c: float, regime: str) -> str:
        T, converges = len(a), regime == "converges"
        limit = b / (1 - c) if converges else 0
        window = WINDOWS[abs(limit) > WINDOWS[0] - 1]
        if not self.still(window):
            self.left.set_ylim(-window, window)
        t, lag = np.arange(1, T + 1), np.arange(T)
        inside = np.abs(a) <= window
        self.a.set_data(t[inside], a[inside])
        self.above.set_data(t[a > window], np.full((a > window).sum(), window))
        self.below.set_data(t[a < -window], np.full((a < -window).sum(), -window))
        size = np.abs(b) * np.abs(c) ** lag
        self.terms.set_data(lag[size > 0], size[size > 0])
        self.first.set_data([0] if b else [], [abs(b)] if b else [])
        self.direct.set_text("● the direct term b" if b else "no terms: b = 0")
        self.limit.set(ydata=[limit, limit], visible=converges)
        name = f"converges to b/(1−c) = {limit:.4g}" if converges else regime
        self.verdict.set_text(name)
        leaves = ", beyond the axis" if not inside.all() else ""
        return f"b = {b:g}, c = {c:g}: a_t {name}; a_{T} = {a[-1]:.4g}{leaves}."
