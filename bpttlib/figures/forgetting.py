"""What is left of an LSTM's memory, n steps later: its gates' product, and what arrives on all paths."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Text
from numpy.typing import NDArray

from .live import Picture
from .numbers import raised
from .style import GREY, INK, PALE, QUIET, A, C

__all__ = ["ForgettingPicture"]

BOTTOM, TOP = -10.0, 5.0  # of the scale, as powers of ten
MILLIONTH = -6.0
LOOKS = {
    "all": {"color": A, "lw": 3.5},
    "gates": {"color": C, "lw": 2.2},
}
WORDS = {
    "title": "How much of the memory c is left, n steps later?",
    "lag": "n  steps later",
    "sizes": ("10⁻⁹", "a millionth", "10⁻³", "1", "1000"),
    "left": "less than a millionth is left",
    "names": {
        "gates": "product of the forget gates",
        "all": "all paths, also through h",
    },
    "length": "after {length} steps",
    "never": "not yet, {left} is left",
    "sentence": "b = {forget_bias:g}, weights × {scale:g}, {T} steps. Less than a millionth is left by the "
    "product of the forget gates: {gates}; on all paths: {all}; with every gate at σ(b) = {gate:.3f}: {constant}.",
}


class ForgettingPicture(Picture):
    """Left two curves over the lag n, on the scale of powers of ten; right what each comes to."""

    inches = (9.6, 4.1)

    def build(self) -> None:
        self._curves(self.axes(1.0, 0.55, 5.0, 3.1))
        self.figure.text(0.1, 3.85, WORDS["title"], fontweight="bold", transform=self.figure.dpi_scale_trans)
        self.said = {kind: self._key(kind, 6.5, y) for kind, y in {"gates": 2.9, "all": 2.15}.items()}
        place = {"transform": self.figure.dpi_scale_trans}
        self.figure.text(6.18, 3.35, WORDS["left"], color=QUIET, **place)

    def _curves(self, ax: Axes) -> None:
        ax.set(ylim=(BOTTOM, TOP), xlabel=WORDS["lag"], yticks=[-9, -6, -3, 0, 3], yticklabels=WORDS["sizes"])
        ax.axhline(0, color=PALE, lw=1.2, zorder=0)
        ax.axhline(MILLIONTH, color=GREY, lw=1.2, zorder=0)
        self.curves = {kind: self.moving(ax.plot([], [], **look)[0]) for kind, look in LOOKS.items()}
        dot = {"marker": "o", "ms": 8, "mec": INK, "mew": 0.8, "ls": "", "clip_on": False}
        self.dots = {kind: self.moving(ax.plot([], [], color=look["color"], **dot)[0]) for kind, look in LOOKS.items()}
        self.ax = ax

    def _key(self, kind: str, x: float, y: float) -> Text:
        """A line, what it is, and below it in bold what it comes to, which is returned."""
        place = {"transform": self.figure.dpi_scale_trans}
        self.figure.add_artist(Line2D([x - 0.32, x - 0.08], [y + 0.06] * 2, **LOOKS[kind], **place))
        self.figure.text(x, y, WORDS["names"][kind], **place)
        return self.words(x, y - 0.28, self.figure, fontweight="bold", **place)

    def show(
        self,
        left: dict[str, NDArray],
        length: dict[str, int | None],
        gate: float,
        forget_bias: float,
        scale: float,
        T: int,
    ) -> str:
        if not self.still(T):
            self.ax.set_xlim(0, T)
        told = {kind: said(one, length[kind], T) for kind, one in left.items()}
        for kind, curve in self.curves.items():
            curve.set_data(np.arange(T + 1), np.clip(left[kind], 2 * BOTTOM, 2 * TOP))
            self.said[kind].set_text(told[kind])
        for kind, dot in self.dots.items():
            crossed = length[kind] is not None
            dot.set_data([length[kind]] if crossed else [], [MILLIONTH] if crossed else [])
        return WORDS["sentence"].format(forget_bias=forget_bias, scale=scale, T=T, gate=gate, **told)


def said(left: NDArray, length: int | None, T: int) -> str:
    """The steps after which less than a millionth is left; if T steps are not enough, what is left then."""
    if length is not None and length <= T:
        return WORDS["length"].format(length=length)
    return WORDS["never"].format(left=raised(10 ** left[-1]))
