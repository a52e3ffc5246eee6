"""A scan: left who meets whom, round by round, right the paths that each step has collected by then."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from .cells import Cells
from .labels import Labels
from .live import Picture
from .style import INK, PALE, QUIET, SMALL, A, B, C, tint

__all__ = ["ScanPicture"]

TOP, SIDE, BOTTOM = 3.72, 3.4, 0.32  # inches: a row of the tree is a row of the triangle
TREE, TRIANGLE = 0.62, 6.0  # where they begin
WIDE, WIDEST = 4.5, 1.35  # the rounds of the tree all together, and one at most
NAMED = 0.6  # a round as narrow as this has room for more than its number
APART = 0.17  # labels above each other

WORDS = {
    "does": {
        "doubling": "Each step collects the paths behind it, in every round up to twice as far",
        "halving": "Each step collects the paths behind it, every second one first, the others last",
    },
    "count": "{done} of {rounds} rounds; a loop takes {steps}",
    "known": "all its paths are collected: $a_t$",
    "path": "path from step $i$ (column) to step $t$ (row)",
    "row": "step $t$",
    "start": "start",
    "round": "round {}",
    "key": {B: "its own $b_t$", C: "new in this round", "before": "collected before", "missing": "not yet"},
    "said": "T = {T} by {order}: {done} of {rounds} rounds, where a loop takes {steps}. {met} of {pairs} pairs have "
    "met, {held} of {paths} paths are collected, {known} of {T} steps hold all of theirs.",
}
BEFORE = tint(C, 0.35)
COLOURS = {"before": BEFORE, "missing": PALE}


class ScanPicture(Picture):
    """Rounds from left to right; row t of the tree goes on as row t of the triangle."""

    inches = (9.6, 4.75)

    def build(self) -> None:
        w, h = self.inches
        ax = self.axes(0, 0, w, h, xlim=(0, w), ylim=(0, h))  # counts in inches
        ax.axis("off")
        self._tree(ax)
        self._triangle(self.axes(TRIANGLE, BOTTOM, SIDE, SIDE))
        self._key(ax)
        self._tell(ax)

    def _tree(self, ax: Axes) -> None:
        def lines(**look) -> LineCollection:
            return self.moving(ax.add_collection(LineCollection([], **look), autolim=False))

        self.rows = lines(colors=PALE, linewidths=1.2)
        self.past = lines(colors=[BEFORE], linewidths=1.5)
        self.along = lines(colors=[tint(INK, 0.35)], linewidths=1.2)
        self.meeting = lines(colors=C, linewidths=2)
        self.dots = {
            name: self.moving(ax.plot([], [], "o", mfc=face, mec=edge, mew=1.2)[0])
            for name, face, edge in (
                ("open before", "white", tint(INK, 0.3)),
                ("known before", tint(A, 0.4), tint(A, 0.4)),
                ("open", "white", INK),
                ("known", A, A),
            )
        }
        self.labels = self.moving(Labels(ax))

    def _triangle(self, ax: Axes) -> None:
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        ax.patch.set_visible(False)  # the key stands behind its empty corner
        self.cells = self.moving(Cells(ax))
        self.grid = self.moving(ax.add_collection(LineCollection([], colors="white", linewidths=1), autolim=False))

    def _key(self, ax: Axes) -> None:
        """What the colours of the cells mean, in the empty corner."""
        for n, (colour, words) in enumerate(WORDS["key"].items()):
            x, y = TRIANGLE + SIDE - 1.5, TOP - 0.2 - 0.27 * n
            ax.add_patch(Rectangle((x, y - 0.07), 0.14, 0.14, fc=COLOURS.get(colour, colour), lw=0))
            ax.text(x + 0.22, y, words, fontsize=SMALL, va="center_baseline")

    def _tell(self, ax: Axes) -> None:
        """What is done, and how far it is; below what dot and cell mean."""
        self.does = self.words(0.12, 4.5, ax, va="center", fontweight="bold")
        self.count = self.words(0.12, 4.23, ax, va="center")
        ax.plot([TREE], [BOTTOM - 0.15], "o", color=A, ms=7)
        ax.text(TREE + 0.13, BOTTOM - 0.2, WORDS["known"], color=A, fontsize=SMALL)
        quiet = {"color": QUIET, "fontsize": SMALL}
        ax.text(TRIANGLE, BOTTOM - 0.2, WORDS["path"], **quiet)
        ax.text(0.12, BOTTOM + SIDE / 2, WORDS["row"], rotation=90, va="center", ha="center", **quiet)

    def show(self, T: int, order: str, met: list[NDArray], first: NDArray, rounds: int, pairs: int) -> str:
        self._draw_tree(met, first, rounds)
        self._colour(first, T)
        told = {"T": T, "order": order, "done": len(met), "rounds": rounds, "steps": T - 1}
        self.does.set_text(WORDS["does"][order])
        self.count.set_text(WORDS["count"].format(**told))
        told |= {"met": sum(map(len, met)), "pairs": pairs, "known": int((first[-1] == 1).sum())}
        told |= {"held": int((np.arange(2, T + 2) - first[-1]).sum()), "paths": T * (T + 1) // 2}
        return WORDS["said"].format(**told)

    def _draw_tree(self, met: list[NDArray], first: NDArray, rounds: int) -> None:
        T = first.shape[1]
        x = TREE + min(WIDEST, WIDE / max(rounds, 1)) * np.arange(rounds + 1)
        y = TOP - (np.arange(T) + 0.5) * SIDE / T
        self._meet(met, x, y)
        self._mark(first == 1, x, y)
        self._label(x, y)

    def _meet(self, met: list[NDArray], x: NDArray, y: NDArray) -> None:
        """Lines from the earlier to the later of each pair, those of the last round full; each row up to its cells."""
        across = [joined(x[n : n + 2], y[pairs.T - 1]) for n, pairs in enumerate(met)]
        now = len(met)
        self.rows.set_segments(joined([x[0], TRIANGLE - 0.08], np.stack([y, y])))
        self.past.set_segments([line for lines in across[:-1] for line in lines])
        self.along.set_segments(joined(x[now - 1 : now + 1], np.stack([y, y])) if met else [])
        self.meeting.set_segments(across[-1] if met else [])

    def _mark(self, known: NDArray, x: NDArray, y: NDArray) -> None:
        """A dot for each step before any round and after each."""
        now = len(known) - 1
        for name, dots in self.dots.items():
            column, row = np.nonzero(known == name.startswith("known"))
            chosen = (column < now) == name.endswith("before")
            dots.set_data(x[column[chosen]], y[row[chosen]])
            dots.set_markersize(np.clip(72 * SIDE / len(y) - 2.5, 4, 10))

    def _label(self, x: NDArray, y: NDArray) -> None:
        """Rounds above, also those to come, and steps at the left; as many as there is room for."""
        every = int(np.ceil(APART * len(y) / SIDE))
        names = [str(n) if n > 1 and x[1] - x[0] < NAMED else WORDS["round"].format(n) for n in range(1, len(x))]
        above = [(word, (place, TOP + 0.13), SMALL) for word, place in zip([WORDS["start"], *names], x, strict=True)]
        self.labels.put([*above, *((str(t), (TREE - 0.28, y[t - 1]), SMALL) for t in range(every, len(y) + 1, every))])

    def _colour(self, first: NDArray, T: int) -> None:
        """Step t holds the paths from first … t; those it did not hold a round before stand out."""
        between = np.arange(1, T) + 0.5
        self.grid.set_segments([line for b in between for line in (((0.5, b), (b, b)), ((b, b), (b, T + 0.5)))])
        i, exists = np.arange(1, T + 1), np.tri(T, dtype=bool)
        now, before = (i >= row[:, None] for row in (first[-1], first[max(len(first) - 2, 0)]))
        colours = np.where(now[..., None], np.where(before[..., None], to_rgba(BEFORE), to_rgba(C)), to_rgba(PALE))
        colours[np.eye(T, dtype=bool)] = to_rgba(B)
        self.cells.put(np.round(255 * colours * exists[..., None]).astype(np.uint8))


def joined(x: ArrayLike, y: NDArray) -> NDArray:
    """Lines from the first x to the second, each from its first y to its second, (2,n) → (n,2,2)."""
    return np.stack([np.broadcast_to(x, y.T.shape), y.T], axis=-1)
