"""One strategy over the text, and its triangle: the small picture of the opening page."""

from numpy.typing import NDArray

from .live import Picture
from .paths import Paths, paths_kept
from .strip import Strip, label

__all__ = ["TrianglePicture"]

WORDS = {
    "off": "the gradient is off by {error:.0%}",
    "sentence": "{cut}: {kept}, the gradient of W_hh is off by {error:.0%}.",
}


class TrianglePicture(Picture):
    """One strategy over the text, and its triangle: the small picture of the opening page."""

    inches = (8.2, 6.0)

    def build(self) -> None:
        self.strip = Strip(self, self.axes(1.65, 4.95, 6.45, 1.0), rows=1)
        self.paths = Paths(self, self.axes(1.65, 0.55, 6.45, 4.35))

    def show(self, text: str, norms: NDArray, Omega: NDArray, kind: str, tau: int, error: float) -> str:
        T, cut = len(norms), label(kind, tau)
        if not self.still((text, T)):
            self.strip.set_text(text, T)
            self.paths.set_text(text, T, h0_is_zero=not norms[:, 0].any())
        self.strip.set([(Omega, kind, cut)], chosen=0)
        self.paths.set(norms, Omega, kind, WORDS["off"].format(error=error))
        return WORDS["sentence"].format(cut=cut, kept=paths_kept(Omega), error=error)
