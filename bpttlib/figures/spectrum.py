"""The spectrum of a large W_hh, and what becomes of gradients on the way back through it."""

import numpy as np
from numpy.typing import NDArray

from .live import Picture
from .style import INK, PALE, SMALL, A, C, tint

__all__ = ["SpectrumPicture"]

WORDS = {
    "real part": "real part",
    "imaginary part": "imaginary part",
    "eigenvalues": "eigenvalues of W_hh, and the unit circle",
    "lag": "lag k  (steps back)",
    "sizes": "size of the gradients, 1 at lag 0",
    "likeness": "mean |cos| between two of them",
    "curves": ("linear", "tanh", r"$\rho^k$", r"$\sigma_{\max}^k$"),
    "real": "real",
    "ratio": "real: next |λ| over the largest: {:.2f}",
    "pair": "a complex pair",
    "no line": "a complex pair: no single direction",
    "end": "{name} {size:.1g} and {likeness:.2f}",
    "said": "{n} eigenvalues, ρ = {:.2f}, σ_max = {:.2f}; the largest is {kind}. At lag {k}, size and |cos|: {ends}.",
}


class SpectrumPicture(Picture):
    """Left the eigenvalues; middle the size of gradients against the lag; right how alike their directions are."""

    inches = (11.6, 3.95)
    networks = {"linear": {"color": INK, "lw": 4}, "tanh": {"color": A, "lw": 2}}  # both seen where they agree

    def build(self) -> None:
        self.plane(self.axes(0.6, 0.6, 3.0, 3.0))
        self.sizes(self.axes(4.55, 0.6, 3.0, 2.75))
        self.likeness(self.axes(8.35, 0.6, 3.0, 2.75))

    def plane(self, ax) -> None:
        turn = np.linspace(0, 2 * np.pi, 200)
        ax.plot(np.cos(turn), np.sin(turn), color=INK, lw=1.2)
        for draw in (ax.axhline, ax.axvline):
            draw(0, color=PALE, lw=1, zorder=0)
        ax.set(xlim=(-1.6, 1.6), ylim=(-1.6, 1.6), xticks=[-1, 0, 1], yticks=[-1, 0, 1])
        ax.set_xlabel(WORDS["real part"], labelpad=1)
        ax.set_ylabel(WORDS["imaginary part"], labelpad=-4)
        ax.set_title(WORDS["eigenvalues"], fontweight="bold", fontsize=11)
        self.all = self.moving(ax.plot([], [], "o", color=C, ms=5, mec="none")[0])
        self.top = self.moving(ax.plot([], [], "o", color=tint(C, 0.9), ms=11, mec="black")[0])

    def sizes(self, ax) -> None:
        ax.set(yscale="log", ylim=(1e-6, 1e6), xlim=(-1, 61), xlabel=WORDS["lag"])
        ax.set_yticks([1e-6, 1e-4, 1e-2, 1, 1e2, 1e4, 1e6])
        ax.minorticks_off()
        ax.axhline(1, color=PALE, lw=1, zorder=0)
        ax.set_title(WORDS["sizes"], fontweight="bold", fontsize=11, pad=22)
        dotted, dashed = (self.moving(ax.plot([], [], color=C, lw=2, ls=(0, (n, 1.5)))[0]) for n in (1, 3))
        self.bounds = dashed, dotted  # ρ^k and σ_max^k
        self.size = {name: self.moving(ax.plot([], [], **look)[0]) for name, look in self.networks.items()}
        over = {"loc": "lower left", "bbox_to_anchor": (-0.03, 0.98), "ncols": 4, "columnspacing": 0.8}
        look = {"handlelength": 1.4, "handletextpad": 0.4, "borderaxespad": 0.0}
        ax.legend([*self.size.values(), *self.bounds], WORDS["curves"], **over, **look)

    def likeness(self, ax) -> None:
        ax.set(ylim=(0, 1.04), xlim=(-1, 61), xlabel=WORDS["lag"])
        ax.axhline(1, color=PALE, lw=1, zorder=0)
        ax.set_title(WORDS["likeness"], fontweight="bold", fontsize=11, pad=22)
        self.like = {name: self.moving(ax.plot([], [], **look)[0]) for name, look in self.networks.items()}
        self.note = self.words(0.0, 1.03, ax, transform=ax.transAxes, fontsize=SMALL)

    def show(
        self,
        values: NDArray,
        sizes: dict[str, NDArray],
        likeness: dict[str, NDArray],
        spectral_radius: float,
        largest_singular_value: float,
        ratio: float,
        real: bool,
    ) -> str:
        self._eigenvalues(values, 1 if real else 2)
        bases = spectral_radius, largest_singular_value
        self._curves(sizes, likeness, bases)
        self.note.set_text(WORDS["ratio"].format(ratio) if real else WORDS["no line"])
        ends = [WORDS["end"].format(name=n, size=sizes[n][-1], likeness=likeness[n][-1]) for n in self.networks]
        kind, k = WORDS["real" if real else "pair"], len(sizes["linear"]) - 1
        return WORDS["said"].format(*bases, n=len(values), kind=kind, k=k, ends=", ".join(ends))

    def _eigenvalues(self, values: NDArray, largest: int) -> None:
        for artist, some in ((self.all, values), (self.top, values[:largest])):
            artist.set_data(some.real, some.imag)

    def _curves(self, sizes: dict, likeness: dict, bases: tuple[float, float]) -> None:
        k = np.arange(len(sizes["linear"]))
        for name in self.networks:
            self.size[name].set_data(k, np.clip(sizes[name], 1e-12, 1e12))
            self.like[name].set_data(k, likeness[name])
        for line, base in zip(self.bounds, bases, strict=True):
            line.set_data(k, np.clip(base**k, 1e-12, 1e12))
