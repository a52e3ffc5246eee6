"""What the dice do to one number of a real gradient: a histogram of many throws."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Text
from numpy.typing import NDArray

from .live import Picture
from .numbers import grouped, raised
from .style import COLOUR, DASH, INK, PALE, RANDOM, SMALL

__all__ = ["DicePicture"]

EDGES = np.linspace(-1.55, 3.55, 52)  # the full value stands in the middle of a bar
LOOKS = {"full": (2, 0.82), "segments": (3, 0.74), "window": (3, 0.66)}  # width and height: each is seen on the last
WORDS = {
    "title": "One entry of ∂L/∂W_hh, the largest, in {n} throws of the dice",
    "entries": ["−1 ×", "0", "full value", "2 ×", "3 ×"],
    "full": "full",
    "segments": "segments τ = {tau}, always",
    "window": "window τ = {tau}, always",
    "mean": "mean of these throws",
    "exact": "exact mean ± sd",
    "below": "← {share:.1%},\ndown to {far} ×",
    "above": "{share:.1%} →,\nup to {far} ×",
    "sentence": (
        "{n} throws with π = {pi:.2f}: mean {mean} × the full value, exactly 1 ± {exact}; "
        "segments τ = {tau} always {segments} ×, window {window} ×."
    ),
}


class DicePicture(Picture):
    """One entry of the gradient under many throws, in units of its full value; at the right what is marked."""

    inches = (9.6, 3.9)

    def build(self) -> None:
        ax = self.axes(0.25, 0.4, 5.9, 2.95)
        ax.set(xlim=EDGES[[0, -1]], ylim=(0, 1), yticks=[], xticks=[-1, 0, 1, 2, 3], xticklabels=WORDS["entries"])
        ax.spines["left"].set_visible(False)
        ax.axvline(0, color=PALE, lw=1, zorder=0)
        self.title = self.words(0.25, 3.6, self.figure, fontweight="bold", transform=self.figure.dpi_scale_trans)
        self.bars = self.moving(ax.stairs(np.zeros(51), EDGES, fill=True, color=RANDOM, alpha=0.75))
        self.lines = {kind: self._line(ax, kind, *look) for kind, look in LOOKS.items()}
        self.mean = self.moving(ax.plot([], [], "v", color=RANDOM, mec=INK, ms=11, clip_on=False)[0])
        look = {"color": RANDOM, "lw": 3, "ms": 12, "mew": 3, "clip_on": False}
        self.sd = self.moving(ax.plot([], [], **look)[0])
        self.ends = [self.moving(ax.plot([], [], "|", **look)[0]) for _ in range(2)]
        shown = self.lines | {"mean": self.mean, "exact": Line2D([], [], marker="|", **look)}
        names = ("mean", "exact", "full", "segments", "window")
        self.keys = {name: self._key(3.1 - 0.32 * n, shown[name]) for n, name in enumerate(names)}
        at = {"ha": "right", "va": "center", "fontsize": SMALL, "transform": self.figure.dpi_scale_trans}
        self.values = {
            name: self.words(9.45, key.get_position()[1], self.figure, **at) for name, key in self.keys.items()
        }
        side = {"fontsize": SMALL, "transform": ax.transAxes}
        self.below, self.above = self.words(0, 0.2, ax, **side), self.words(1, 0.2, ax, ha="right", **side)

    def _line(self, ax: Axes, kind: str, width: float, height: float) -> Line2D:
        return self.moving(ax.axvline(1, color=COLOUR[kind], ls=DASH[kind], lw=width, ymax=height))

    def _key(self, y: float, shown: Line2D) -> Text:
        """A line or mark at the right, and beside it moving words that say what it is."""
        place = {"transform": self.figure.dpi_scale_trans}
        key = Line2D([], [])
        key.update_from(shown)
        key.set(xdata=[6.4, 6.58, 6.76], ydata=[y] * 3, animated=False, markersize=9, **place)
        key.set(markevery=[1] if shown is self.mean else [0, 2], clip_on=False)
        self.figure.add_artist(key)
        return self.words(6.9, y, self.figure, va="center", fontsize=SMALL, **place)

    def show(self, throws: NDArray, sd: float, fixed: dict[str, float], tau: int, pi: float) -> str:
        counts, _ = np.histogram(throws, EDGES)
        self.bars.set_data(0.78 * counts / max(1, counts.max()))
        for kind, line in self.lines.items():
            line.set_xdata([fixed[kind]] * 2)
        mean = throws.mean()
        self.mean.set_data([np.clip(mean, EDGES[0], EDGES[-1])], [0.86])
        self._spread(sd)
        self._outside(throws)
        told = {"mean": times(mean), "exact": spread(sd), **{kind: times(value) for kind, value in fixed.items()}}
        for name, key in self.keys.items():
            key.set_text(WORDS[name].format(tau=tau))
        for name, text in (told | {"exact": f"1 ± {told['exact']}"}).items():
            self.values[name].set_text(text + " ×")
        self.title.set_text(WORDS["title"].format(n=grouped(len(throws))))
        return WORDS["sentence"].format(n=len(throws), pi=pi, tau=tau, **told)

    def _spread(self, sd: float) -> None:
        """A bar from 1 - sd to 1 + sd; an arrow where it leaves the scale."""
        ends = np.clip([1 - sd, 1 + sd], EDGES[0], EDGES[-1])
        self.sd.set_data(ends, [0.95, 0.95])
        for end, x, wanted, arrow in zip(self.ends, ends, (1 - sd, 1 + sd), "<>", strict=True):
            end.set_data([x], [0.95])
            end.set_marker("|" if x == wanted else arrow)

    def _outside(self, throws: NDArray) -> None:
        """How many lie beyond the scale, and how far off the farthest is on either side."""
        beyond = {"below": throws[throws < EDGES[0]], "above": throws[throws > EDGES[-1]]}
        for name, some in beyond.items():
            far = some[np.abs(some).argmax()] if len(some) else 0.0
            text = WORDS[name].format(share=len(some) / len(throws), far=times(far))
            getattr(self, name).set_text(text if len(some) else "")


def spread(sd: float) -> str:
    """Two digits: 0.24, 0.0032, 19, 2 · 10¹⁴."""
    return f"{sd:.2g}" if sd < 10 else raised(sd)


def times(x: float) -> str:
    """Two decimals, and fewer where the number is large: 0.99, −0.12, 36, 1.3 · 10⁹."""
    return (f"{x:.2f}" if abs(x) < 10 else raised(x)).replace("-", "−")
