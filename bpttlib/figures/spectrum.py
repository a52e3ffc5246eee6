"""The spectrum of a large W_hh, and what becomes of gradients on the way back through it."""

import numpy as np
from numpy.typing import NDArray

from .live import Picture
from .style import INK, PALE, SMALL, A, C, tint

__all__ = ["SpectrumPicture"]

UNITS = 4, 12, 24, 60  # powers of ten to a step of the size axis, which goes from three steps below 1 to one above
TICKS = 1, 0, -1, -2, -3

WORDS = {
    "real part": "real part",
    "imaginary part": "imaginary part",
    "eigenvalues": "eigenvalues of W_hh",
    "lag": "lag k  (steps back)",
    "sizes": "length of the gradients",
    "likeness": "all in one direction?",
    "curves": ("linear network", "tanh network", r"$\rho^k$", r"$\sigma_{\max}^k$"),
    "real": "real",
    "line": "mean |cos|",
    "pair": "a complex pair",
    "no line": "mean |cos|; linear: no single line",
    "end": "{name} {size:.1g} and {likeness:.2f}",
    "gone": "{name} exactly 0",
    "said": "{n} eigenvalues, ρ = {:.2f}, σ_max = {:.2f}; the largest is {kind}, |λ₂/λ₁| = {ratio:.2f}. At lag {k}, "
    "size and |cos|: {ends}.",
}


class SpectrumPicture(Picture):
    """Left the eigenvalues; middle the size of gradients against the lag; right how alike their directions are."""

    inches = (9.6, 3.7)
    networks = {"linear": {"color": INK, "lw": 4}, "tanh": {"color": A, "lw": 2}}  # both seen where they agree

    def build(self) -> None:
        self.plane(self.axes(0.55, 0.52, 2.6, 2.6))
        self.sizes(self.axes(4.05, 0.52, 2.3, 2.6))
        self.likeness(self.axes(7.0, 0.52, 2.4, 2.4))
        over = {"loc": "upper right", "ncols": 4, "borderaxespad": 0.2, "columnspacing": 2}
        self.figure.legend([*self.size.values(), *self.bounds], WORDS["curves"], **over)

    def plane(self, ax) -> None:
        turn = np.linspace(0, 2 * np.pi, 200)
        ax.plot(np.cos(turn), np.sin(turn), color=INK, lw=1.2)
        for draw in (ax.axhline, ax.axvline):
            draw(0, color=PALE, lw=1, zorder=0)
        ax.set(xlim=(-1.6, 1.6), ylim=(-1.6, 1.6), xticks=[-1, 0, 1], yticks=[-1, 0, 1])
        ax.set_xlabel(WORDS["real part"], labelpad=1)
        ax.set_ylabel(WORDS["imaginary part"], labelpad=-4)
        ax.set_title(WORDS["eigenvalues"], fontweight="bold")
        self.all = self.moving(ax.plot([], [], "o", color=C, ms=5, mec="none")[0])
        self.top = self.moving(ax.plot([], [], "o", color=tint(C, 0.9), ms=11, mec="black")[0])

    def sizes(self, ax) -> None:
        """Powers of ten against the lag. The line of 1 stands still; what a step is worth, the moving labels say."""
        ax.set(ylim=(TICKS[-1], TICKS[0]), xlim=(-1, 61), xlabel=WORDS["lag"], yticks=TICKS, yticklabels=[])
        ax.axhline(0, color=PALE, lw=1, zorder=0)
        ax.set_title(WORDS["sizes"], fontweight="bold")
        beside = {"ha": "right", "va": "center", "fontsize": SMALL}
        self.powers = [self.words(-3.5, tick, ax, **beside) for tick in TICKS]
        dotted, dashed = (self.moving(ax.plot([], [], color=C, lw=2, ls=(0, (n, 1.5)))[0]) for n in (1, 3))
        self.bounds = dashed, dotted  # ρ^k and σ_max^k
        self.size = {name: self.moving(ax.plot([], [], **look)[0]) for name, look in self.networks.items()}

    def likeness(self, ax) -> None:
        ax.set(ylim=(0, 1.04), xlim=(-1, 61), xlabel=WORDS["lag"])
        ax.axhline(1, color=PALE, lw=1, zorder=0)
        ax.set_title(WORDS["likeness"], fontweight="bold", pad=20)
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
        self.note.set_text(WORDS["line" if real else "no line"])
        ends = [at_the_end(name, sizes[name][-1], likeness[name][-1]) for name in self.networks]
        kind, k = WORDS["real" if real else "pair"], len(sizes["linear"]) - 1
        return WORDS["said"].format(*bases, n=len(values), kind=kind, ratio=ratio, k=k, ends=", ".join(ends))

    def _eigenvalues(self, values: NDArray, largest: int) -> None:
        for artist, some in ((self.all, values), (self.top, values[:largest])):
            artist.set_data(some.real, some.imag)

    def _curves(self, sizes: dict, likeness: dict, bases: tuple[float, float]) -> None:
        k = np.arange(len(sizes["linear"]))
        powers = {name: powers_of_ten(sizes[name]) for name in self.networks}
        unit = smallest_unit(np.concatenate([*powers.values()]))
        for text, tick in zip(self.powers, TICKS, strict=True):
            text.set_text(f"$10^{{{unit * tick}}}$" if tick else "1")
        for name in self.networks:
            self.size[name].set_data(k, powers[name] / unit)
            self.like[name].set_data(k, likeness[name])
        for line, base in zip(self.bounds, bases, strict=True):
            line.set_data(k, k * np.log10(base) / unit)


def powers_of_ten(sizes: NDArray) -> NDArray:
    """log₁₀; not a number where a size is 0, so that a curve ends there."""
    return np.log10(sizes, where=sizes > 0, out=np.full_like(sizes, np.nan))


def smallest_unit(powers: NDArray) -> int:
    """The first of UNITS at which all these powers of ten are on the axis."""
    low, high = np.nanmin(powers), np.nanmax(powers)
    return next((unit for unit in UNITS if TICKS[-1] * unit <= low and high <= TICKS[0] * unit), UNITS[-1])


def at_the_end(name: str, size: float, likeness: float) -> str:
    """How long and how alike; what is 0 has no direction."""
    return WORDS["end" if size else "gone"].format(name=name, size=size, likeness=likeness)
