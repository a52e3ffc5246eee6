"""A linear network that explodes, and its truncated gradients with it."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from .live import Picture
from .numbers import raised
from .style import COLOUR, FULL, INK, NORMAL, PALE, QUIET, A

__all__ = ["BOTTOM", "LONGEST", "TOP", "GrowingPicture"]

LONGEST = 50  # steps
BOTTOM, TOP = 0.1, 1e18  # of the scale of the gradients
LOOKS = {"full": (FULL, "o", 8), "five": (COLOUR["segments"], "s", 7), "one": (COLOUR["segments"], "o", 5)}
WORDS = {
    "full": "full: {}",
    "five": "segments τ = 5: {}",
    "one": "segments τ = 1: {}",
    "norms": "Length of the gradient ∂L/∂W_hh, at ρ = {rho:.1f}:",
    "radius": "spectral radius ρ of W_hh",
    "growth": "Why even τ = 1 explodes: its two factors",
    "states": "the state h_t",
    "errors": "the gradient of its own loss at h_t",
    "step": "step t",
    "sizes": ("1", "10³", "10⁶", "10⁹", "10¹²", "10¹⁵", "10¹⁸"),
    "lengths": ("1", "1000", "10⁶", "10⁹"),
    "sentence": (
        "ρ = {rho:.1f}, {T} steps: ‖∂L/∂W_hh‖ is {full} in full, {five} under segments of 5, {one} under segments "
        "of 1; at the last step the state has length {state}."
    ),
}


class GrowingPicture(Picture):
    """Left the length of the gradient over ρ, full and truncated; right the states and errors it is made of."""

    inches = (9.6, 4.3)

    def build(self) -> None:
        self._norms(self.axes(0.65, 0.5, 4.1, 2.55))
        self._growth(self.axes(5.7, 0.5, 3.7, 2.55))

    def _norms(self, ax: Axes) -> None:
        ax.set(xlim=(0.45, 1.55), ylim=(BOTTOM, TOP), yscale="log", xlabel=WORDS["radius"])
        ax.set_yticks(10.0 ** np.arange(0, 19, 3), WORDS["sizes"])
        ax.minorticks_off()
        ax.axvline(1, color=PALE, lw=1.5, zorder=0)
        self.here = self.moving(ax.axvline(1, color=QUIET, lw=1.2, ls=(0, (3, 1.5))))
        self.curves = {
            kind: self.moving(ax.plot([], [], "-", marker=marker, ms=ms, lw=1.5, color=colour, mec=INK, mew=0.6)[0])
            for kind, (colour, marker, ms) in LOOKS.items()
        }
        place = {"transform": self.figure.dpi_scale_trans}
        self.head = self.words(0.1, 4.05, self.figure, fontweight="bold", **place)
        self.values = {}
        for kind, y in {"full": 3.8, "five": 3.56, "one": 3.32}.items():
            colour, marker, ms = LOOKS[kind]
            look = {"color": colour, "mec": INK, "mew": 0.6, "ms": ms, "clip_on": False}
            ax.plot([0.35], [y + 0.06], marker, **look, **place)
            self.values[kind] = self.words(0.6, y, self.figure, fontsize=NORMAL, **place)

    def _growth(self, ax: Axes) -> None:
        ax.set(xlim=(0, LONGEST + 1), ylim=(0.02, 1e10), yscale="log", xlabel=WORDS["step"])
        ax.set_yticks(10.0 ** np.arange(0, 10, 3), WORDS["lengths"])
        ax.minorticks_off()
        self.states = self.moving(ax.plot([], [], color=INK, lw=2.5)[0])
        self.errors = self.moving(ax.plot([], [], color=A, lw=1.8)[0])
        place = {"transform": self.figure.dpi_scale_trans}
        self.figure.text(5.2, 4.05, WORDS["growth"], fontweight="bold", **place)
        for line, words, y in ((self.states, "states", 3.8), (self.errors, "errors", 3.56)):
            self.figure.add_artist(Line2D([5.25, 5.6], [y + 0.05] * 2, color=line.get_color(), lw=2.5, **place))
            self.figure.text(5.7, y, WORDS[words], fontsize=NORMAL, **place)

    def show(
        self,
        radii: NDArray,
        norms: dict[str, NDArray],
        at: dict[str, float],
        states: NDArray,
        errors: NDArray,
        spectral_radius: float,
        T: int,
    ) -> str:
        for kind, curve in self.curves.items():
            curve.set_data(radii, norms[kind])
            self.values[kind].set_text(WORDS[kind].format(raised(at[kind])))
        self.here.set_xdata([spectral_radius] * 2)
        self.head.set_text(WORDS["norms"].format(rho=spectral_radius))
        t = np.arange(1, T + 1)
        self.states.set_data(t, states)
        self.errors.set_data(t, errors)
        told = {kind: raised(norm) for kind, norm in at.items()}
        return WORDS["sentence"].format(rho=spectral_radius, T=T, state=raised(states[-1]), **told)
