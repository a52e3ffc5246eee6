"""The gradient of W_hh, lag by lag: what each adds, and the sum."""

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.patches import Patch
from numpy.typing import NDArray

from ..experiments.bylag import FAR, T
from .live import Picture
from .style import NORMAL, QUIET, SMALL, A, B, C

__all__ = ["ByLagPicture"]

ROOF = 1.15

WORDS = {
    "each": "the length of what each lag adds to ∂L/∂W_hh",
    "lag": "lag k  (steps from where W_hh is used to the loss)",
    "direct": "lag 0: direct, through no Jacobian",
    "through": "lag k: through k Jacobians",
    "sums": "the length of sums",
    "sum": ["all lags:\n∂L/∂W_hh", f"lags {FAR}\nand more"],
    "bracket": f"lags {FAR} and more",
    "said": (
        "‖∂L/∂W_hh‖ = {whole:.2f}: not near zero. Lag 0 adds {first:.2f}, lag 5 {fifth:.1g}; "
        "lags {far} and more together {rest:.2g}, a share of {share:.1g}."
    ),
}


class ByLagPicture(Picture):
    """Left the length of what each lag adds to ∂L/∂W_hh; right that of the sum, and of the far part of it."""

    inches = (9.6, 3.45)

    def build(self) -> None:
        self.lags(self.axes(0.55, 0.62, 6.2, 2.5))
        self.sums(self.axes(7.35, 0.62, 2.1, 2.5))

    def lags(self, ax) -> None:
        ax.set(xlim=(-1, T), ylim=(0, ROOF), xlabel=WORDS["lag"])
        ax.set_title(WORDS["each"], fontweight="bold")
        self.bars = self.moving(ax.add_collection(PolyCollection([], facecolors=[B, *[C] * (T - 1)]), autolim=False))
        ax.legend([Patch(color=B), Patch(color=C)], [WORDS["direct"], WORDS["through"]], loc="upper right")
        ax.plot([FAR - 0.4, FAR - 0.4, T - 0.6, T - 0.6], [0.20, 0.23, 0.23, 0.20], color=QUIET, lw=1)
        ax.text((FAR + T) / 2, 0.25, WORDS["bracket"], color=QUIET, fontsize=SMALL, ha="center")

    def sums(self, ax) -> None:
        ax.set(xlim=(-0.6, 1.6), ylim=(0, ROOF), yticks=[])
        ax.set_xticks([0, 1], WORDS["sum"])
        ax.tick_params(bottom=False)
        ax.spines["left"].set_visible(False)
        ax.set_title(WORDS["sums"], fontweight="bold")
        self.total = self.moving(ax.add_collection(PolyCollection([], facecolors=[A, C]), autolim=False))
        above = {"ha": "center", "va": "bottom", "fontsize": NORMAL, "fontweight": "bold"}
        self.numbers = [self.moving(ax.text(place, 0, "", **above)) for place in (0, 1)]

    def show(self, lengths: NDArray, whole: float, far: float) -> str:
        sums = np.array([whole, far])
        self.bars.set_verts(bars(lengths, 0.8))
        self.total.set_verts(bars(sums, 0.6))
        for text, length, said in zip(self.numbers, sums, (f"{whole:.2f}", f"{far:.2g}"), strict=True):
            text.set(text=said, y=length + 0.02)
        said = {"whole": whole, "first": lengths[0], "fifth": lengths[5], "rest": far, "share": far / whole}
        return WORDS["said"].format(far=FAR, **said)


def bars(heights: NDArray, width: float) -> NDArray:
    """Upright bars at 0, 1, 2 … as polygons (n,4,2)."""
    left = np.arange(len(heights)) - width / 2
    low = np.zeros_like(heights)
    corners = (left, low), (left, heights), (left + width, heights), (left + width, low)
    return np.stack([np.stack(corner, axis=-1) for corner in corners], axis=1)
