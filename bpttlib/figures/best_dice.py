"""The best dice: how often each edge of the text is kept, and what is gained over one π for all."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from .letters import Letters
from .live import Picture
from .style import INK, RANDOM, SMALL, tint

__all__ = ["BestDicePicture"]

WORDS = {
    "pi": "how often each step back is kept, mean {mean:g}; dark: always",
    "percent": "{:.0%}",
    "gain": "spread",
    "key": ("one π for all", "a π for each"),
    "mean": "mean of π",
    "said": "A π for each step back, of mean {mean:g}: {never} of {n} are never cut, the least sure is kept with "
    "{least:.2f}. Spread, one π for all and a π for each: {spreads}.",
    "one": "mean {mean:g} {one:.0%} and {best:.0%}",
}


class BestDicePicture(Picture):
    """Left a bar for the edge into each step, over the text; right the spread before and after, at several means."""

    inches = (9.6, 3.6)

    def build(self) -> None:
        self._edges(self.axes(0.7, 0.7, 5.5, 2.45))
        self._gain(self.axes(7.0, 0.7, 2.4, 2.45))

    def _edges(self, ax: Axes) -> None:
        ax.set(ylim=(0, 1.09), yticks=[0, 0.5, 1], xticks=[])
        self.title = self.words(0, 1.03, ax, transform=ax.transAxes, fontweight="bold")
        self.bars = self.moving(ax.add_collection(LineCollection([], linewidths=7, capstyle="butt"), autolim=False))
        self.line = self.moving(ax.axhline(0, color=INK, lw=1.2, ls=(0, (4, 2))))
        self.letters = self.moving(Letters(ax, -0.11, 12))
        ax.set_ylabel(r"$\pi_t$", rotation=0, labelpad=8)
        self.left = ax

    def _gain(self, ax: Axes) -> None:
        ax.set(yscale="log", ylim=(0.09, 9), xlabel=WORDS["mean"])
        ax.set_yticks([0.1, 0.3, 1, 3], ["10 %", "30 %", "100 %", "300 %"])
        ax.minorticks_off()
        ax.set_title(WORDS["gain"], fontweight="bold")
        self.strokes = self.moving(ax.add_collection(LineCollection([], colors=RANDOM, linewidths=2), autolim=False))
        looks = {"mfc": "white"}, {"mfc": RANDOM}
        self.dots = [self.moving(ax.plot([], [], "o", mec=RANDOM, mew=2, ms=8, **look)[0]) for look in looks]
        ax.legend(self.dots, WORDS["key"], loc="upper right", handletextpad=0.2, borderaxespad=0)
        look = {"ha": "center", "fontsize": SMALL}
        self.numbers = self.words(0, 0, ax, va="bottom", **look), self.words(0, 0, ax, va="top", **look)
        self.right = ax

    def show(self, text: str, pi: NDArray, mean: float, spreads: dict[float, list[float]]) -> str:
        edges, sure = pi[1:], pi[1:] > 1 - 1e-9
        if not self.still((text, tuple(spreads))):
            self._scale(len(text), list(spreads))
        at = np.arange(2, len(pi) + 1) - 0.5  # between the steps that it joins
        self.bars.set_segments([[(x, 0), (x, y)] for x, y in zip(at, edges, strict=True)])
        self.bars.set_colors([RANDOM if one else tint(RANDOM, 0.5) for one in sure])
        self.line.set_ydata([mean, mean])
        self.letters.text = text
        self.title.set_text(WORDS["pi"].format(mean=mean))
        self._gained(spreads, mean)
        told = ", ".join(WORDS["one"].format(mean=m, one=one, best=best) for m, (one, best) in spreads.items())
        return WORDS["said"].format(mean=mean, never=sure.sum(), n=len(edges), least=edges.min(), spreads=told)

    def _gained(self, spreads: dict[float, list[float]], mean: float) -> None:
        """Both spreads at each mean, joined; at the mean that the bars have, as numbers too."""
        both = np.array([*spreads.values()])
        places = np.arange(len(both))
        self.strokes.set_segments([[(x, y) for y in pair] for x, pair in zip(places, both, strict=True)])
        for dots, y in zip(self.dots, both.T, strict=True):
            dots.set_data(places, y)
        for text, y, away in zip(self.numbers, spreads[mean], (1.25, 0.8), strict=True):
            text.set_position((list(spreads).index(mean), away * y))
            text.set_text(WORDS["percent"].format(y))

    def _scale(self, T: int, means: list[float]) -> None:
        self.left.set_xlim(0.4, T + 0.6)
        self.right.set_xlim(-0.5, len(means) - 0.5)
        self.right.set_xticks(range(len(means)), [f"{one:g}" for one in means])
