"""Four copies of one network while they learn: the loss of each over the updates, and what each writes by now."""

from unicodedata import east_asian_width

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.ticker import MultipleLocator
from numpy.typing import NDArray

from ..experiments.training import STRETCH, UPDATES, WRITTEN
from .letters import outline
from .live import Picture
from .numbers import grouped
from .strip import label
from .style import COLOUR, DASH, FULL, GREY, INK, NORMAL, QUIET, SMALL, tint, visible

__all__ = ["TrainingPicture"]

WORDS = {
    "title": "loss: the mean of the last pass through the text",
    "updates": "updates",
    "blind": "guessing blindly: log {characters:.0f} = {blind:.2f}",
    "press": "nothing learnt yet: press ▶",
    "now": "after {} updates",
    "writes": f"what each writes; coloured: {STRETCH} in a row as in the text, and chains of these",
    "loss": "loss",
    "products": "Jacobian products",
    "none": "–",
    "said": "{kind}, {loss:.2f}",
    "sentence": "Loss after {updates} updates: {losses}; guessing blindly, {blind:.2f}.",
    "nothing": "No update yet: all four are the same network; guessing blindly has a loss of {blind:.2f}. Press ▶.",
}
ABOVE = 1.15  # the end of the axis of losses, in losses of guessing blindly
TEXT, LOSS, PRODUCTS = 2.02, 8.02, 9.5  # inches: where the text begins, and where the numbers end
WIDE, HIGH = 0.094, 0.25  # of a character's cell


class Row:
    """One strategy: a piece of its line, its name, what it writes, its loss and what it has cost."""

    def __init__(self, picture: Picture, ax: Axes, y: float, kind: str):
        colour = COLOUR[kind]
        ax.plot([0.12, 0.5], [y, y], color=colour, ls=DASH[kind], lw=3)
        self.kind, self.y = kind, y
        self.name = picture.words(0.6, y, ax, va="center", fontsize=SMALL)
        look = {"facecolors": [tint(colour, 0.18 if colour == FULL else 0.42)], "linewidths": 0}
        self.marks = picture.moving(ax.add_collection(PolyCollection([], **look), autolim=False))
        self.letters = picture.moving(ax.add_patch(PathPatch(Path([(0, 0)]), facecolor=INK, linewidth=0)))
        right = {"ha": "right", "va": "center"}
        self.loss = picture.words(LOSS, y, ax, fontsize=NORMAL, fontweight="bold", **right)
        self.products = picture.words(PRODUCTS, y, ax, fontsize=NORMAL, **right)

    def set(self, name: str, losses: NDArray, products: int, written: str, taken: NDArray) -> None:
        left, right = cells(written)
        self.name.set_text(name)
        self.letters.set_path(letters(written, (left + right) / 2, self.y - 0.055))
        self.marks.set_verts(boxes(left[taken[: len(left)]], right[taken[: len(left)]], self.y))
        self.loss.set_text(f"{losses[-1]:.2f}" if len(losses) else WORDS["none"])
        self.products.set_text(grouped(products))


def cells(text: str) -> tuple[NDArray, NDArray]:
    """Where the cell of each character begins and ends, in inches, as far as the row goes; Chinese takes two.

    >>> [((edge - TEXT) / WIDE).round().astype(int).tolist() for edge in cells("a昔b")]
    [[0, 1, 3], [1, 3, 4]]
    """
    widths = np.array([2 if east_asian_width(character) in "WF" else 1 for character in text])
    ends = widths.cumsum()
    inside = ends <= WRITTEN
    return TEXT + WIDE * (ends - widths)[inside], TEXT + WIDE * ends[inside]


def letters(text: str, middle: NDArray, base: float) -> Path:
    """A text as one outline, each letter in its place, as many as there are places: it is seldom twice the same."""
    paths = [outline(visible(character)) for character in text[: len(middle)]]
    places = [path.vertices * NORMAL / 72 + (x, base) for path, x in zip(paths, middle, strict=True)]
    return Path(np.concatenate(places), np.concatenate([path.codes for path in paths]))


def boxes(left: NDArray, right: NDArray, y: float) -> NDArray:
    """Boxes round height y, (n,4,2)."""
    low, high = np.full_like(left, y - HIGH / 2), np.full_like(left, y + HIGH / 2)
    corners = (left, low), (left, high), (right, high), (right, low)
    return np.stack([np.stack(corner, axis=-1) for corner in corners], axis=1)


class TrainingPicture(Picture):
    """Above the loss of each strategy over the updates; below, a row each, what it writes by now and what it cost."""

    inches = (9.6, 4.8)

    def build(self) -> None:
        w, h = self.inches
        self.curves(self.axes(0.4, 2.15, 9.0, 2.35))
        ax = self.axes(0, 0, w, h, xlim=(0, w), ylim=(0, h), zorder=-1)
        ax.axis("off")
        for x, words, side in ((TEXT, "writes", "left"), (LOSS, "loss", "right"), (PRODUCTS, "products", "right")):
            ax.text(x, 1.55, WORDS[words], fontsize=SMALL, color=QUIET, ha=side)
        self.now = self.words(0.12, 1.55, ax, fontsize=SMALL, fontweight="bold")
        self.rows = {kind: Row(self, ax, 1.28 - 0.36 * n, kind) for n, kind in enumerate(COLOUR)}

    def curves(self, ax: Axes) -> None:
        self.ax = ax
        ax.set(xlim=(0, UPDATES))
        ax.yaxis.set_major_locator(MultipleLocator(1))
        ax.set_title(WORDS["title"], fontweight="bold")
        ax.set_xticks(range(0, UPDATES + 1, 50))
        look = {"transform": ax.get_xaxis_transform(), "fontsize": SMALL, "ha": "center", "va": "top"}
        ax.text(UPDATES - 25, -0.045, WORDS["updates"], **look)
        self.ground = ax.axhline(0, color=GREY, lw=1.5, ls=(0, (1, 1)))
        self.blind = ax.text(UPDATES, 0, "", fontsize=SMALL, color=QUIET, ha="right", va="bottom")
        self.here = self.moving(ax.axvline(0, color=GREY, lw=1))
        self.lines = {kind: self.line(ax, kind) for kind in ("full", "random", "segments", "window")}
        self.press = self.words(UPDATES / 2, 0.5, ax, transform=ax.get_xaxis_transform(), color=INK, ha="center")

    def line(self, ax: Axes, kind: str) -> tuple:
        """The curve of one strategy, and a dot at its end; the full one is broader, for others may lie on it."""
        lw, ms = (3.5, 9) if kind == "full" else (2, 6)
        curve = self.moving(ax.plot([], [], color=COLOUR[kind], ls=DASH[kind], lw=lw)[0])
        return curve, self.moving(ax.plot([], [], "o", ms=ms, color=COLOUR[kind], clip_on=False)[0])

    def show(
        self,
        losses: dict[str, NDArray],
        products: dict[str, int],
        written: dict[str, str],
        taken: dict[str, NDArray],
        blind: float,
        tau: int,
        pi: float,
    ) -> str:
        updates = len(losses["full"])
        self._ground(blind)
        for kind, (curve, dot) in self.lines.items():
            curve.set_data(np.arange(1, updates + 1), losses[kind])
            dot.set_data([updates] if updates else [], losses[kind][-1:])
        self.here.set_xdata([updates, updates])
        self.press.set_text("" if updates else WORDS["press"])
        self.now.set_text(WORDS["now"].format(updates))
        for kind, row in self.rows.items():
            row.set(label(kind, tau, pi), losses[kind], products[kind], written[kind], taken[kind])
        return self._sentence(losses, updates, blind, tau, pi)

    def _ground(self, blind: float) -> None:
        """The axis of losses, which the number of characters sets."""
        if not self.still(blind):
            self.ax.set_ylim(0, ABOVE * blind)
            self.ground.set_ydata([blind, blind])
            self.blind.set(y=1.02 * blind, text=WORDS["blind"].format(characters=np.exp(blind), blind=blind))

    def _sentence(self, losses: dict[str, NDArray], updates: int, blind: float, tau: int, pi: float) -> str:
        if not updates:
            return WORDS["nothing"].format(blind=blind)
        told = [WORDS["said"].format(kind=label(kind, tau, pi), loss=one[-1]) for kind, one in losses.items()]
        return WORDS["sentence"].format(updates=updates, losses="; ".join(told), blind=blind)
