"""The text, and over it the arrows of every strategy: column under character."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from .live import Picture
from .numbers import ordinal
from .style import COLOUR, DASH, letters, tint, visible

__all__ = ["Strip", "chains", "label", "lanes"]

WORDS = {
    "full": "full",
    "segments": "segments τ = {tau}",
    "window": "window τ = {tau}",
    "random": "random π = {pi:.2f}",
    "thinned": "\n(every {nth} arrow)",
}
LANES = 8  # more cannot be told apart


def label(kind: str, tau: int | None = None, pi: float | None = None) -> str:
    """A strategy with its setting, as a reader sees it.

    >>> label("window", tau=5), label("random", pi=0.8)
    ('window τ = 5', 'random π = 0.80')
    """
    return WORDS[kind].format(tau=tau, pi=pi)


def chains(Omega: NDArray) -> list[tuple[int, int, float]]:
    """The longest chains that Ω keeps: (first step, last step, heaviest weight), none inside another.

    >>> from bpttlib import Segments
    >>> chains(Segments(2).path_weights(5))
    [(1, 2, 1.0), (3, 4, 1.0), (5, 5, 1.0)]
    """
    first = (Omega != 0).argmax(axis=1)
    ends = [t for t in range(len(first)) if t == len(first) - 1 or first[t + 1] > first[t]]
    return [(int(first[t]) + 1, t + 1, float(np.abs(Omega[t]).max())) for t in ends]


def lanes(found: list[tuple[int, int, float]]) -> list[int]:
    """A lane for each chain so that none overlap, as few as possible.

    >>> lanes([(1, 3, 1.0), (2, 4, 1.0), (4, 5, 1.0)])
    [0, 1, 0]
    """
    ends: list[int] = []
    taken = []
    for first, last, _ in found:
        lane = next((n for n, end in enumerate(ends) if end < first), len(ends))
        ends[lane:] = [last, *ends[lane + 1 :]]
        taken.append(lane)
    return taken


class Strip:
    """The characters of the text and one row of arrows per strategy, from loss back to the earliest use."""

    def __init__(self, picture: Picture, ax: Axes, rows: int):
        self.picture, self.ax = picture, ax
        ax.set(ylim=(rows - 0.4, -1.15), xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        place = {"transform": ax.get_yaxis_transform(), "fontsize": 11, "ha": "right", "va": "center"}
        self.labels = [picture.words(-0.012, y, ax, **place) for y in range(rows)]
        self.lines = [picture.moving(ax.add_collection(LineCollection([]), autolim=False)) for _ in range(rows)]
        self.heads = [picture.moving(ax.plot([], [], "<", mec="none")[0]) for _ in range(rows)]
        self.characters: list = []

    def set_text(self, text: str, T: int) -> None:
        """Stand the first T characters over their columns."""
        for old in self.characters:
            old.remove()
        size = 16 if T <= 30 else 12
        look = {"family": letters(), "ha": "center", "va": "center", "fontsize": size}
        self.characters = [self.ax.text(t, -0.75, visible(c), **look) for t, c in enumerate(text[:T], start=1)]
        self.ax.set_xlim(0.4, T + 1.5)

    def set(self, rows: list[tuple[NDArray, str, str]], chosen: int) -> None:
        """Draw the chains of every (Ω, kind of strategy, label); the chosen row stands out."""
        for y, (Omega, kind, words) in enumerate(rows):
            colour = tint(COLOUR[kind], 1.0 if y == chosen else 0.5)
            every = self._draw(y, chains(Omega), colour, DASH[kind])
            words += WORDS["thinned"].format(nth=ordinal(every)) if every > 1 else ""
            self.labels[y].set(text=words, fontweight="bold" if y == chosen else "normal")

    def _draw(self, y: int, found: list, colour: tuple, dash: str | tuple) -> int:
        """Draw these chains in row y, or every n-th of them, counted from the last; returns n."""
        every = max(1, -(-max(lanes(found)) // LANES))
        found = found[::-1][::every][::-1]
        lane = np.array(lanes(found))
        crowd = 1 + lane.max()
        height = y + (lane - lane.max() / 2) * min(0.16, 0.62 / crowd)
        first, last, weight = np.array(found).T
        left, right = first - 0.2, last + 0.4
        pieces = np.stack([right, height, left + 0.15, height], axis=1).reshape(-1, 2, 2)
        width = (2.2 if crowd == 1 else 1.2) + np.minimum(5, 1.3 * np.log(weight))
        self.lines[y].set(segments=pieces, linewidths=width, color=colour, linestyle=dash)
        self.heads[y].set_data(left, height)
        self.heads[y].set(markersize=9 if crowd < 3 else 4, color=colour)
        return every
