"""The spectrum of a large W_hh, and what becomes of gradients on the way back through it."""

import numpy as np
from numpy.typing import NDArray

from .live import Picture
from .style import INK, PALE, SMALL, A, C, tint

__all__ = ["SpectrumPicture"]


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
        ax.set_xlabel("real part", labelpad=1)
        ax.set_ylabel("imaginary part", labelpad=-4)
        ax.set_title("eigenvalues of W_hh, and the unit circle", fontweight="bold", fontsize=11)
        self.all = self.moving(ax.plot([], [], "o", color=C, ms=5, mec="none")[0])
        self.top = self.moving(ax.plot([], [], "o", color=tint(C, 0.9), ms=11, mec="black")[0])

    def sizes(self, ax) -> None:
        ax.set(yscale="log", ylim=(1e-6, 1e6), xlim=(-1, 61), xlabel="lag k  (steps back)")
        ax.set_yticks([1e-6, 1e-4, 1e-2, 1, 1e2, 1e4, 1e6])
        ax.minorticks_off()
        ax.axhline(1, color=PALE, lw=1, zorder=0)
        ax.set_title("size of the gradients, 1 at lag 0", fontweight="bold", fontsize=11, pad=22)
        self.sigma = self.moving(ax.plot([], [], color=C, lw=2, ls=(0, (1, 1.5)))[0])
        self.rho = self.moving(ax.plot([], [], color=C, lw=2, ls=(0, (3, 1.5)))[0])
        self.size = {name: self.moving(ax.plot([], [], **look)[0]) for name, look in self.networks.items()}
        names = ["linear", "tanh", r"$\rho^k$", r"$\sigma_{\max}^k$"]
        over = {"loc": "lower left", "bbox_to_anchor": (-0.03, 0.98), "ncols": 4, "columnspacing": 0.8}
        look = {"handlelength": 1.4, "handletextpad": 0.4, "borderaxespad": 0.0}
        ax.legend([*self.size.values(), self.rho, self.sigma], names, **over, **look)

    def likeness(self, ax) -> None:
        ax.set(ylim=(0, 1.04), xlim=(-1, 61), xlabel="lag k  (steps back)")
        ax.axhline(1, color=PALE, lw=1, zorder=0)
        ax.set_title("mean |cos| between two of them", fontweight="bold", fontsize=11, pad=22)
        self.like = {name: self.moving(ax.plot([], [], **look)[0]) for name, look in self.networks.items()}
        self.note = self.words(0.0, 1.03, ax, transform=ax.transAxes, fontsize=SMALL)

    def show(
        self,
        values: NDArray,
        sizes: dict[str, NDArray],
        likeness: dict[str, NDArray],
        rho: float,
        sigma: float,
        ratio: float,
        real: bool,
    ) -> str:
        top = values[: 1 if real else 2]
        self.all.set_data(values.real, values.imag)
        self.top.set_data(top.real, top.imag)
        k = np.arange(len(sizes["linear"]))
        for name in self.networks:
            self.size[name].set_data(k, np.clip(sizes[name], 1e-12, 1e12))
            self.like[name].set_data(k, likeness[name])
        for line, base in ((self.rho, rho), (self.sigma, sigma)):
            line.set_data(k, np.clip(base**k, 1e-12, 1e12))
        if real:
            kind, text = "real", f"real: next |λ| over the largest: {ratio:.2f}"
        else:
            kind, text = "a complex pair", "a complex pair: no single direction"
        self.note.set_text(text)
        ends = [f"{name} {sizes[name][-1]:.1g} and {likeness[name][-1]:.2f}" for name in self.networks]
        return (
            f"{len(values)} eigenvalues, ρ = {rho:.2f}, σ_max = {sigma:.2f}; the largest is {kind}. "
            f"At lag {k[-1]}, size and |cos|: {', '.join(ends)}."
        )
