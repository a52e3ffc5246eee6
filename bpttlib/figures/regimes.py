"""The map of all 2×2 matrices: trace and determinant say whether powers die, and whether they fall into line."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ..powers import Motion, Regime
from .live import Picture
from .powers import GREEN, MOTION, named
from .style import INK, NORMAL, SMALL, A, B, C, tint

__all__ = ["RegimesPicture"]

WHOLE = (-3, 3), (-2.6, 2.6)
LENS = (1.2, 2.35), (0.4, 1.2)  # trace and determinant of most of the seven
BESIDE = {  # where the names stand: from the dot to the right and up in points, and which of their ends is there
    "vanishing": (-7, 10, "right"),
    "non-normal": (7, -3, "left"),
    "defective": (7, -3, "left"),
    "rotating": (-7, -8, "right"),
    "identity": (5, -11, "left"),
    "exploding": (8, 1, "left"),
    "reflecting": (-8, 0, "right"),
}
WORDS = {
    "title": "each 2 × 2 matrix is a dot: do its powers die?",
    "lens": "the frame, enlarged",
    "die": "powers die, ρ < 1",
    "grow": "powers grow,\nρ > 1",
    "trace": "trace t",
    "determinant": "determinant d",
    "pairs": "complex pairs:\nrotating",
    "said": "{name}: trace {t:.2f}, determinant {d:.2f}, {regime}",
}


class RegimesPicture(Picture):
    """Left the whole map with its regions, right where six of the seven matrices of the panel lie close together."""

    inches = (9.6, 3.6)

    def build(self) -> None:
        self.whole, self.lens = self.axes(0.75, 0.55, 4.0, 2.65), self.axes(5.5, 0.55, 3.95, 2.65)
        for ax, (across, up) in ((self.whole, WHOLE), (self.lens, LENS)):
            ground(ax)
            ax.set(xlim=across, ylim=up, xlabel=WORDS["trace"])
        self.whole.set(xticks=[-2, 0, 2], yticks=[-2, 0, 2], ylabel=WORDS["determinant"])
        self.lens.set(xticks=[1.5, 2.0], yticks=[0.5, 1.0])
        self.lens.spines[:].set_visible(True)
        self.whole.set_title(WORDS["title"], fontweight="bold")
        self.lens.set_title(WORDS["lens"], fontweight="bold")
        (left, right), (low, high) = LENS
        self.whole.add_patch(Rectangle((left, low), right - left, high - low, fill=False, lw=1))
        self.regions(self.whole)
        self.spots = [
            self.moving(ax.plot([], [], "o", color=C, mec="black", ms=7.5)[0]) for ax in (self.whole, self.lens)
        ]
        beside = {"textcoords": "offset points", "va": "center", "color": GREEN, "fontsize": SMALL}
        self.names = {}
        for name, (x, y, side) in BESIDE.items():
            ax = self.whole if name == "reflecting" else self.lens
            text = ax.annotate(name, (0, 0), (x, y), ha=side, **beside)
            self.names[name] = self.moving(text)

    def regions(self, ax: Axes) -> None:
        middle = {"ha": "center", "va": "center", "fontsize": NORMAL}
        ax.text(0, 1.75, WORDS["pairs"], **middle)
        ax.text(-1.5, -1.9, MOTION[Motion.REFLECTING], **middle)
        ax.text(1.5, -1.9, MOTION[Motion.ALIGNING], **middle)
        ax.text(-0.1, 0.62, WORDS["die"], color=B, **middle)
        ax.text(1.95, -0.75, WORDS["grow"], color="#A04500", **middle)

    def show(self, places: dict[str, tuple[float, float]], regimes: dict[str, Regime]) -> str:
        for spots in self.spots:
            spots.set_data(*zip(*places.values(), strict=True))
        for name, text in self.names.items():
            text.xy = places[name]
        said = WORDS["said"].format
        told = [said(name=name, t=t, d=d, regime=named(regimes[name])) for name, (t, d) in places.items()]
        return "; ".join(told) + "."


def ground(ax: Axes) -> None:
    """Where powers vanish (blue) and explode (orange), and the lines between the motions."""
    across, (low, high) = WHOLE
    trace = np.linspace(*across, 241)
    ax.fill_between(trace, low, high, color=tint(A, 0.15), lw=0)
    ax.fill([-2, 2, 0], [1, 1, -1], color=tint(B, 0.22), lw=0)
    ax.plot(trace, trace**2 / 4, color=INK, lw=1.2)
    ax.plot([0, 0], [low, 0], color=INK, lw=1.2)
