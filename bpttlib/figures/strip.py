"""The text, and below it the arrows of one strategy: column under character."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from .letters import Letters
from .live import Picture
from .style import COLOUR, SMALL

__all__ = ["Strip", "chains", "label", "lanes"]

WORDS = {
    "full": "full",
    "segments": "segments τ = {tau}",
    "window": "window τ = {tau}",
    "random": "random π = {pi:.2f}",
}


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
    """The characters of the text, and an arrow for every chain: from a loss back to the earliest use it feels."""

    def __init__(self, picture: Picture, ax: Axes, size: float = SMALL):
        self.ax = ax
        self.height = 72 * ax.get_position().height * picture.inches[1]  # points
        ax.set(ylim=(-self.height, 0), xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        self.below = 1.35 * size  # where the arrows begin
        self.letters = picture.moving(Letters(ax, y=-size, size=size))
        self.lines = picture.moving(ax.add_collection(LineCollection([]), autolim=False))
        self.heads = picture.moving(ax.plot([], [], "<", mec="none")[0])

    def set(self, text: str, Omega: NDArray, kind: str, free: int = 0) -> None:
        """The first T characters and so many free columns, and the chains of Ω; lines are as thick as they weigh."""
        T, columns = len(Omega), len(Omega) + free
        if self.letters.text != text[:T]:
            self.ax.set_xlim(0.5, columns + 0.5)
            self.letters.text = text[:T]  # remembered after the limits are set, for setting may be broken off
        found = chains(Omega)
        lane = np.array(lanes(found))
        room = self.height - self.below - 2
        apart = min(9.0, room / (1 + lane.max()))
        height = -self.below - (lane + 0.5) * apart - (room - apart * (1 + lane.max())) / 2
        first, last, weight = np.array(found).T
        left, right = first - 0.35, last + 0.35
        point = columns / (72 * self.ax.get_position().width * self.ax.figure.get_figwidth())  # in columns
        tip = left + 1.2 * min(7, apart) * point
        pieces = np.stack([np.maximum(right, tip), height, tip, height], axis=1).reshape(-1, 2, 2)
        width = min(2.0, 0.45 * apart) + np.minimum(4, 1.2 * np.log(np.maximum(weight, 1)))
        self.lines.set(segments=pieces, linewidths=width, color=COLOUR[kind])
        self.heads.set_data((left + tip) / 2, height)
        self.heads.set(markersize=min(7, apart), color=COLOUR[kind])
