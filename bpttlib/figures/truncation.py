"""The heart of the course in one picture: arrows, triangle, distances from the truth, and the dice."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from ..comparison import Comparison
from .live import Picture
from .style import COLOUR, DASH, INK, NORMAL, PALE, QUIET, RANDOM, SMALL, number
from .triangle import Strip, Triangle, paths_kept

__all__ = ["Distances", "Histogram", "TruncationPicture"]

NAMES = ["full", "segments", "window", "random"]


class Distances:
    """For each strategy its bias, its spread and the error of this throw, on one scale that shows 0 too."""

    top = 1e3
    shapes = {"bias": ("s", 9), "spread": ("D", 9), "error": ("o", 17)}

    def __init__(self, picture: Picture, ax: Axes):
        self.picture, self.ax = picture, ax
        self._scale()
        self.marks = {
            (kind, name): (self._mark(kind, COLOUR[name]), y)
            for kind in self.shapes
            for y, name in enumerate(NAMES)
            if kind != "error" or name == "random"  # without dice the error of a throw is the bias
        }
        place = {"transform": ax.get_yaxis_transform(), "fontsize": SMALL, "va": "center"}
        for y, name in enumerate(NAMES):
            ax.text(0.0, y - 0.42, name, fontweight="bold", **place)
        self.numbers = []
        for x, heading in ((0.56, "cosine"), (0.80, "products"), (1.0, "reach")):
            ax.text(x, -0.78, heading, ha="right", color=QUIET, **place)
            self.numbers.append([picture.words(x, y - 0.42, ax, ha="right", **place) for y in range(4)])
        self.beyond = picture.words(0.97, 3.3, ax, ha="right", **place)

    def _scale(self) -> None:
        """The standing parts: a scale that begins at 0, and the key."""
        self.ax.set_xscale("symlog", linthresh=1e-3, linscale=0.6)
        self.ax.set(xlim=(-2e-4, self.top), ylim=(3.5, -0.62), yticks=[])
        self.ax.set_xticks([0, 1e-2, 1, 1e2], ["0", "1 %", "100 %", "10 000 %"])
        self.ax.set_xlabel("distance from the full gradient of W_hh, relative")
        self.ax.minorticks_off()
        self.ax.spines["left"].set_visible(False)
        self.ax.axvline(0, color=QUIET, lw=1)
        self.ax.axvline(1, color=PALE, lw=1, zorder=0)
        for y in range(4):
            self.ax.axhline(y, color=PALE, lw=1, zorder=0)
        keys = [self.ax.plot([], [], m, color=INK, mfc=INK if m != "o" else "none", ms=8)[0] for m in "sDo"]
        corner = {"loc": "lower left", "bbox_to_anchor": (-0.04, 1.045)}
        names = ["bias", "spread (sd)", "error of this throw"]
        self.ax.legend(keys, names, ncols=3, handletextpad=0.1, columnspacing=0.8, **corner)

    def _mark(self, kind: str, colour: str) -> Line2D:
        shape, size = self.shapes[kind]
        fill = "none" if kind == "error" else colour
        return self.picture.moving(self.ax.plot([], [], shape, ms=size, mec=colour, mew=2, mfc=fill, clip_on=False)[0])

    def set(self, found: dict[str, Comparison]) -> None:
        for (kind, name), (mark, y) in self.marks.items():
            mark.set_data([min(getattr(found[name], kind), self.top)], [y])
        spread = found["random"].spread
        self.beyond.set_text(f"spread beyond the scale: {100 * spread:.1g} % →" if spread > self.top else "")
        cosine, products, reach = self.numbers
        for y, name in enumerate(NAMES):
            cosine[y].set_text(f"{found[name].cosine:.2f}")
            products[y].set_text(str(found[name].jacobian_products))
            reach[y].set_text(str(found[name].reach))


class Histogram:
    """One entry of the gradient under many throws, in units of its full value."""

    edges = np.linspace(-1.55, 3.55, 52)  # the full value stands in the middle of a bar

    def __init__(self, picture: Picture, ax: Axes):
        self.ax = ax
        ax.set(xlim=(self.edges[0], self.edges[-1]), ylim=(0, 1), yticks=[], xticks=[-1, 0, 1, 2, 3])
        ax.spines["left"].set_visible(False)
        ax.set_xticklabels(["−1 ×", "0", "full value", "2 ×", "3 ×"])
        self.bars = picture.moving(ax.stairs(np.zeros(51), self.edges, fill=True, color=RANDOM, alpha=0.75))
        looks = {"window": (3, 0.66), "segments": (3, 0.74), "full": (2, 0.82)}  # width and height: each tops the last
        self.lines = {
            name: picture.moving(ax.axvline(1, color=COLOUR[name], ls=DASH[name], lw=width, ymax=height))
            for name, (width, height) in looks.items()
        }
        self.mean = picture.moving(ax.plot([], [], "v", color=RANDOM, mec=INK, ms=11, clip_on=False)[0])
        self.sd = picture.moving(ax.plot([], [], "-|", color=RANDOM, lw=3, ms=12, mew=3, clip_on=False)[0])
        corner = {"transform": ax.transAxes, "ha": "right", "va": "top", "linespacing": 1.3}
        self.outside = picture.words(1.0, 0.84, ax, fontsize=SMALL, **corner)
        handles = [*self.lines.values(), self.mean, self.sd]
        names = [*self.lines, "mean of throws", "exact ± sd"]
        corner = {"loc": "lower left", "bbox_to_anchor": (-0.04, 0.98), "handlelength": 1.4, "columnspacing": 0.9}
        order = [2, 3, 1, 4, 0]  # matplotlib fills columns first
        keys = [ax.plot([], [])[0] for _ in order]
        for key, n in zip(keys, order, strict=True):
            key.update_from(handles[n])
            key.set(animated=False, markersize=8)
        ax.legend(keys, [names[n] for n in order], ncols=3, labelspacing=0.25, **corner)

    def set(self, values: NDArray, sd: float, fixed: dict[str, float]) -> None:
        """values: the throws; sd: exact; fixed: the values of the other strategies; all over the full value."""
        low, high = self.edges[[0, -1]]
        counts, _ = np.histogram(np.clip(values, low, high - 1e-9), self.edges)
        self.bars.set_data(0.78 * counts / counts.max())
        for name, line in self.lines.items():
            line.set_xdata([fixed[name]] * 2)
        self.mean.set_data([np.clip(values.mean(), low, high)], [0.86])
        self.sd.set_data(np.clip([1 - sd, 1 + sd], low, high), [0.95, 0.95])
        share = np.mean((values < low) | (values > high))
        text = f"{share:.1%} lie outside,\nup to {number(np.abs(values).max())} ×"
        self.outside.set_text(text if share else "")


class TruncationPicture(Picture):
    """The four strategies on one text: strip and triangle left, distances and dice right."""

    inches = (12.0, 7.2)

    def build(self) -> None:
        self.strip = Strip(self, self.axes(1.65, 5.05, 6.2, 2.1), rows=len(NAMES))
        self.triangle = Triangle(self, self.axes(1.65, 0.55, 6.2, 4.4))
        self.distances = Distances(self, self.axes(8.2, 3.9, 3.65, 2.45))
        self.histogram = Histogram(self, self.axes(8.2, 0.55, 3.65, 1.85))
        title = {"fontsize": NORMAL, "fontweight": "bold", "transform": self.figure.dpi_scale_trans}
        self.figure.text(8.15, 6.95, "How far from the full gradient?", **title)
        self.throws = self.words(8.15, 2.98, self.figure, **title)

    def show(
        self,
        text: str,
        norms: NDArray,
        Omegas: dict[str, NDArray],
        labels: dict[str, str],
        chosen: str,
        found: dict[str, Comparison],
        throws: NDArray,
        sd: float,
        fixed: dict[str, float],
    ) -> str:
        T = len(norms)
        if not self.still((text, T)):
            self.strip.set_text(text, T)
            self.triangle.set_text(text, T, h0_is_zero=not norms[:, 0].any())
        self.strip.set([(Omegas[n], n, labels[n]) for n in NAMES], NAMES.index(chosen))
        self.triangle.set(norms, Omegas[chosen], chosen)
        self.distances.set(found)
        self.histogram.set(throws, sd, fixed)
        self.throws.set_text(f"Largest entry of ∂L/∂W_hh, {len(throws)} throws")
        c = found[chosen]
        this = f", error of this throw {c.error:.0%}" if chosen == "random" else ""
        return (
            f"{labels[chosen]} on “{text[:T]}”: {paths_kept(Omegas[chosen])}; bias {c.bias:.0%}, "
            f"spread {c.spread:.0%}{this}, cosine {c.cosine:.2f}, {c.jacobian_products} Jacobian products."
        )
