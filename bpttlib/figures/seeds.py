"""Dice against segments at equal cost: a dot for each seed."""

import numpy as np
from numpy.typing import NDArray

from .bands import MARKER
from .live import Picture
from .numbers import added
from .style import COLOUR, FULL, INK, SMALL

__all__ = ["SeedsPicture"]

KINDS = ["segments", "random"]
BESIDE = {"segments": -0.12, "random": 0.12}  # the middle of its pair
OVER_FULL = 0.045  # where words are clear of the line of the full gradient
WORDS_AT = {"segments": (-0.125, "right"), "random": (0.125, "left")}
WORDS = {
    "title": "How much higher does the training loss end than with the full gradient from the same seed?",
    "full": "full",
    "price": "{products} products an update:\nsegments of {tau}, or dice of π = {pi:.2f}",
    "told": "{median}\nsd {sd:.3f}",
    "names": ["segments", "random"],
    "one": "{products} products: segments {segments}, random {random}",
    "said": "Training loss beside the full gradient, median over seeds (sd): {pairs}.",
    "number": "{0} ({1:.3f})",
}


class SeedsPicture(Picture):
    """For three prices the loss of every seed, under segments and under dice."""

    inches = (9.6, 3.7)

    def build(self) -> None:
        ax = self.ax = self.axes(0.75, 0.6, 8.7, 2.55)
        ax.set(xlim=(-0.5, 2.5), ylim=(-0.05, 0.35), yticks=[0, 0.1, 0.2, 0.3])
        ax.axhline(0, color=FULL, lw=2, zorder=0)
        ax.text(-0.48, 0.006, WORDS["full"], fontsize=SMALL)
        ax.set_title(WORDS["title"], fontweight="bold")
        ax.tick_params(axis="x", length=0)
        ax.spines["bottom"].set_visible(False)
        look = {"ls": "", "ms": 7, "mec": INK, "alpha": 0.8}
        self.dots = {kind: self.moving(ax.plot([], [], MARKER[kind], color=COLOUR[kind], **look)[0]) for kind in KINDS}
        self.medians = self.moving(ax.plot([], [], color=INK, lw=2)[0])
        self.told = {kind: [self.words(0, 0, ax, fontsize=SMALL, va="center") for _ in range(3)] for kind in KINDS}
        ax.legend([self.dots[kind] for kind in KINDS], WORDS["names"], loc="upper right")

    def show(self, above: dict[str, NDArray], products: NDArray, taus: list[int], pis: list[float]) -> str:
        prices = [
            WORDS["price"].format(products=n, tau=tau, pi=pi) for n, tau, pi in zip(products, taus, pis, strict=True)
        ]
        if not self.still(tuple(prices)):
            self.ax.set_xticks(range(len(prices)), prices)
        strokes = []
        for kind, rows in above.items():
            strokes += self._column(kind, rows)
        self.medians.set_data(*np.array(strokes).T)
        pairs = [
            WORDS["one"].format(products=n, **{kind: number(above[kind][row]) for kind in KINDS})
            for row, n in enumerate(products)
        ]
        return WORDS["said"].format(pairs="; ".join(pairs))

    def _column(self, kind: str, rows: NDArray) -> list[tuple[float, float]]:
        """The dots side by side, and the ends of the stroke at their median."""
        across = np.linspace(-0.08, 0.08, rows.shape[1])
        places = np.arange(len(rows))[:, None] + BESIDE[kind]
        self.dots[kind].set_data((places + across).ravel(), rows.ravel())
        strokes, (beside, side) = [], WORDS_AT[kind]
        for text, (x,), row in zip(self.told[kind], places, rows, strict=True):
            median = np.median(row)
            words = WORDS["told"].format(median=added(median), sd=sd(row))
            text.set(text=words, x=x + beside, y=max(median, OVER_FULL), ha=side)
            strokes += [(x - 0.1, median), (x + 0.1, median), (np.nan, np.nan)]
        return strokes


def sd(row: NDArray) -> float:
    """Standard deviation over the seeds; 0 for one alone."""
    return float(row.std(ddof=1)) if len(row) > 1 else 0.0


def number(row: NDArray) -> str:
    return WORDS["number"].format(added(np.median(row)), sd(row))
