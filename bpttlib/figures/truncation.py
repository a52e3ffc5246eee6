"""The heart of the course in one picture: arrows, triangle, distances from the truth, and the dice."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from ..comparison import Comparison
from .live import Picture
from .numbers import number
from .paths import Paths, paths_kept
from .strip import Strip, label
from .style import COLOUR, DASH, INK, NORMAL, PALE, QUIET, RANDOM, SMALL

__all__ = ["Distances", "Histogram", "TruncationPicture"]

KINDS = ["full", "segments", "window", "random"]
WORDS = {
    "full": "full",
    "segments": "segments",
    "window": "window",
    "random": "random",
    "distances": "How far from the full gradient?",
    "axis": "distance from the full gradient of W_hh, relative",
    "ticks": ["0", "1 %", "100 %", "10 000 %"],
    "bias": "bias",
    "spread": "spread (sd)",
    "error": "error of this throw",
    "columns": ["cosine", "products", "reach"],
    "beyond": "spread beyond the scale: {percent:.1g} % →",
    "throws": "Largest entry of ∂L/∂W_hh, {n} throws",
    "entries": ["−1 ×", "0", "full value", "2 ×", "3 ×"],
    "mean": "mean of throws",
    "exact": "exact ± sd",
    "outside": "{share:.1%} lie outside,\nup to {most} ×",
    "this throw": ", error of this throw {error:.0%}",
    "sentence": (
        "{label} on “{text}”: {kept}; bias {bias:.0%}, spread {spread:.0%}{this}, cosine {cosine:.2f}, "
        "{products} Jacobian products."
    ),
}


class Distances:
    """For each strategy its bias, its spread and the error of this throw, on one scale that shows 0 too."""

    top = 1e3
    shapes = {"bias": ("s", 9), "spread": ("D", 9), "error": ("o", 17)}

    def __init__(self, picture: Picture, ax: Axes):
        self.picture, self.ax = picture, ax
        self._scale()
        self.marks = {
            (what, kind): (self._mark(what, COLOUR[kind]), y)
            for what in self.shapes
            for y, kind in enumerate(KINDS)
            if what != "error" or kind == "random"  # without dice the error of a throw is the bias
        }
        place = {"transform": ax.get_yaxis_transform(), "fontsize": SMALL, "va": "center"}
        for y, kind in enumerate(KINDS):
            ax.text(0.0, y - 0.42, WORDS[kind], fontweight="bold", **place)
        self.numbers = []
        for x, heading in zip((0.56, 0.80, 1.0), WORDS["columns"], strict=True):
            ax.text(x, -0.78, heading, ha="right", color=QUIET, **place)
            self.numbers.append([picture.words(x, y - 0.42, ax, ha="right", **place) for y in range(4)])
        self.beyond = picture.words(0.97, 3.3, ax, ha="right", **place)

    def _scale(self) -> None:
        """The standing parts: a scale that begins at 0, and the key."""
        self.ax.set_xscale("symlog", linthresh=1e-3, linscale=0.6)
        self.ax.set(xlim=(-2e-4, self.top), ylim=(3.5, -0.62), yticks=[])
        self.ax.set_xticks([0, 1e-2, 1, 1e2], WORDS["ticks"])
        self.ax.set_xlabel(WORDS["axis"])
        self.ax.minorticks_off()
        self.ax.spines["left"].set_visible(False)
        self.ax.axvline(0, color=QUIET, lw=1)
        self.ax.axvline(1, color=PALE, lw=1, zorder=0)
        for y in range(4):
            self.ax.axhline(y, color=PALE, lw=1, zorder=0)
        fill = {"bias": INK, "spread": INK, "error": "none"}
        keys = [self.ax.plot([], [], self.shapes[w][0], color=INK, mfc=fill[w], ms=8)[0] for w in self.shapes]
        corner = {"loc": "lower left", "bbox_to_anchor": (-0.04, 1.045)}
        names = [WORDS[what] for what in self.shapes]
        self.ax.legend(keys, names, ncols=3, handletextpad=0.1, columnspacing=0.8, **corner)

    def _mark(self, what: str, colour: str) -> Line2D:
        shape, size = self.shapes[what]
        fill = "none" if what == "error" else colour
        return self.picture.moving(self.ax.plot([], [], shape, ms=size, mec=colour, mew=2, mfc=fill, clip_on=False)[0])

    def set(self, found: dict[str, Comparison]) -> None:
        """found: the comparison of each kind of strategy with the full gradient."""
        for (what, kind), (mark, y) in self.marks.items():
            mark.set_data([min(getattr(found[kind], what), self.top)], [y])
        spread = found["random"].spread
        self.beyond.set_text(WORDS["beyond"].format(percent=100 * spread) if spread > self.top else "")
        cosine, products, reach = self.numbers
        for y, kind in enumerate(KINDS):
            cosine[y].set_text(f"{found[kind].cosine:.2f}")
            products[y].set_text(str(found[kind].jacobian_products))
            reach[y].set_text(str(found[kind].reach))


class Histogram:
    """One entry of the gradient under many throws, in units of its full value."""

    edges = np.linspace(-1.55, 3.55, 52)  # the full value stands in the middle of a bar

    def __init__(self, picture: Picture, ax: Axes):
        self.ax = ax
        ax.set(xlim=(self.edges[0], self.edges[-1]), ylim=(0, 1), yticks=[], xticks=[-1, 0, 1, 2, 3])
        ax.spines["left"].set_visible(False)
        ax.set_xticklabels(WORDS["entries"])
        self.bars = picture.moving(ax.stairs(np.zeros(51), self.edges, fill=True, color=RANDOM, alpha=0.75))
        looks = {"window": (3, 0.66), "segments": (3, 0.74), "full": (2, 0.82)}  # width and height: each tops the last
        self.lines = {
            kind: picture.moving(ax.axvline(1, color=COLOUR[kind], ls=DASH[kind], lw=width, ymax=height))
            for kind, (width, height) in looks.items()
        }
        self.mean = picture.moving(ax.plot([], [], "v", color=RANDOM, mec=INK, ms=11, clip_on=False)[0])
        self.sd = picture.moving(ax.plot([], [], "-|", color=RANDOM, lw=3, ms=12, mew=3, clip_on=False)[0])
        corner = {"transform": ax.transAxes, "ha": "right", "va": "top", "linespacing": 1.3}
        self.outside = picture.words(1.0, 0.84, ax, fontsize=SMALL, **corner)
        self._key()

    def _key(self) -> None:
        """What each line and mark is."""
        shown = self.lines | {"mean": self.mean, "exact": self.sd}
        keys = {name: self.ax.plot([], [])[0] for name in ("full", "mean", "segments", "exact", "window")}
        for name, key in keys.items():  # matplotlib fills columns first
            key.update_from(shown[name])
            key.set(animated=False, markersize=8)
        corner = {"loc": "lower left", "bbox_to_anchor": (-0.04, 0.98), "handlelength": 1.4, "columnspacing": 0.9}
        self.ax.legend(keys.values(), [WORDS[name] for name in keys], ncols=3, labelspacing=0.25, **corner)

    def set(self, values: NDArray, sd: float, fixed: dict[str, float]) -> None:
        """values: the throws; sd: exact; fixed: the values of the other strategies; all over the full value."""
        low, high = self.edges[[0, -1]]
        counts, _ = np.histogram(np.clip(values, low, high - 1e-9), self.edges)
        self.bars.set_data(0.78 * counts / counts.max())
        for kind, line in self.lines.items():
            line.set_xdata([fixed[kind]] * 2)
        self.mean.set_data([np.clip(values.mean(), low, high)], [0.86])
        self.sd.set_data(np.clip([1 - sd, 1 + sd], low, high), [0.95, 0.95])
        share = np.mean((values < low) | (values > high))
        text = WORDS["outside"].format(share=share, most=number(np.abs(values).max()))
        self.outside.set_text(text if share else "")


class TruncationPicture(Picture):
    """The four strategies on one text: strip and triangle left, distances and dice right."""

    inches = (12.0, 7.2)

    def build(self) -> None:
        self.strip = Strip(self, self.axes(1.65, 5.05, 6.2, 2.1), rows=len(KINDS))
        self.paths = Paths(self, self.axes(1.65, 0.55, 6.2, 4.4))
        self.distances = Distances(self, self.axes(8.2, 3.9, 3.65, 2.45))
        self.histogram = Histogram(self, self.axes(8.2, 0.55, 3.65, 1.85))
        title = {"fontsize": NORMAL, "fontweight": "bold", "transform": self.figure.dpi_scale_trans}
        self.figure.text(8.15, 6.95, WORDS["distances"], **title)
        self.throws = self.words(8.15, 2.98, self.figure, **title)

    def show(
        self,
        text: str,
        norms: NDArray,
        Omegas: dict[str, NDArray],
        chosen: str,
        tau: int,
        pi: float,
        found: dict[str, Comparison],
        throws: NDArray,
        sd: float,
        fixed: dict[str, float],
    ) -> str:
        T, labels = len(norms), {kind: label(kind, tau, pi) for kind in KINDS}
        if not self.still((text, T)):
            self.strip.set_text(text, T)
            self.paths.set_text(text, T, h0_is_zero=not norms[:, 0].any())
        self.strip.set([(Omegas[kind], kind, labels[kind]) for kind in KINDS], KINDS.index(chosen))
        self.paths.set(norms, Omegas[chosen], chosen)
        self.distances.set(found)
        self.histogram.set(throws, sd, fixed)
        self.throws.set_text(WORDS["throws"].format(n=len(throws)))
        return sentence(labels[chosen], text[:T], Omegas[chosen], found[chosen], thrown=chosen == "random")


def sentence(label: str, text: str, Omega: NDArray, found: Comparison, thrown: bool) -> str:
    """What can be seen of the chosen strategy; the error of a throw only where there are dice."""
    return WORDS["sentence"].format(
        label=label,
        text=text,
        kept=paths_kept(Omega),
        bias=found.bias,
        spread=found.spread,
        this=WORDS["this throw"].format(error=found.error) if thrown else "",
        cosine=found.cosine,
        products=found.jacobian_products,
    )
