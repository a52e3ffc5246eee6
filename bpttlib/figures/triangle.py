"""One strategy over the text, its triangle, and the gradient that is left: the picture of the opening page."""

import numpy as np
from numpy.typing import NDArray

from .live import Picture
from .paths import Paths, key_of_colours, paths_kept
from .strip import Strip, label
from .style import LARGE, QUIET, SIGNED, SIZES
from .tile import Tile
from .truncation import percent

__all__ = ["TrianglePicture"]

WORDS = {
    "off": "{error} off",
    "gradient": "the gradient of W_hh",
    "estimate": "what is left of it",
    "sentence": "{cut}: {kept} kept, the gradient of W_hh is off by {error}.",
}


class TrianglePicture(Picture):
    """One strategy over the text and its triangle; right, the gradient and what the cut leaves of it."""

    inches = (9.6, 4.55)
    colours = (SIZES, SIGNED)

    def build(self) -> None:
        self.strip = Strip(self, self.axes(0.3, 3.55, 5.9, 0.98), size=16)
        self.paths = Paths(self, self.axes(0.3, 0.25, 5.9, 3.2))
        self.paths.name_axes()
        ax = self.paths.ax
        key_of_colours(ax, (0.62, 0.72, 0.08, 0.045), nothing=True)
        corner = {"transform": ax.transAxes, "ha": "right", "va": "top"}
        self.name = self.words(1.0, 0.99, ax, fontsize=LARGE, fontweight="bold", **corner)
        self.kept = self.words(1.0, 0.90, ax, color=QUIET, **corner)
        on = {"transform": self.figure.dpi_scale_trans}
        self.off = self.words(7.23, 2.05, self.figure, fontsize=28, fontweight="bold", **on)
        bottoms = {"gradient": 2.68, "estimate": 0.15}
        self.tiles = {name: Tile(self, self.axes(7.25, y, 1.6, 1.6), WORDS[name]) for name, y in bottoms.items()}

    def show(
        self,
        text: str,
        norms: NDArray,
        Omega: NDArray,
        gradient: NDArray,
        estimate: NDArray,
        kind: str,
        tau: int,
        error: float,
    ) -> str:
        kept, off = paths_kept(Omega), percent(error)
        self.strip.set(text, Omega, kind)
        self.paths.set(norms, Omega)
        for name, matrix in (("gradient", gradient), ("estimate", estimate)):
            self.tiles[name].set(matrix, np.abs(gradient).max())
        self.name.set_text(label(kind, tau))
        self.kept.set_text(kept)
        self.off.set_text(WORDS["off"].format(error=off))
        return WORDS["sentence"].format(cut=label(kind, tau), kept=kept, error=off)
