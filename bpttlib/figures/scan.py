"""A scan: left the pairs that meet, round by round, right the paths that each element has collected by then."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from .cells import Cells
from .labels import Labels
from .live import Picture
from .style import INK, LARGE, PALE, QUIET, SMALL, A, B, C, tint

__all__ = ["ScanPicture"]

TOP, SIDE, BOTTOM = 3.72, 3.4, 0.32  # inches: a row of the tree is a row of the triangle
TREE, TRIANGLE = 0.62, 6.0  # where they begin
WIDE, WIDEST = 4.5, 1.35  # the rounds of the tree all together, and one at most
APART = 0.17  # labels above each other
COUNTED = (0.95, 2.75, 4.75, TRIANGLE + SIDE / 2)  # middles of what is counted
HOLDS = 0.46  # from the dot of an element to what it holds
BESIDE = 0.18  # from the middle of that to either number

WORDS = {
    "counted": ("rounds, the depth", "pairs that met, the work", "a loop: rounds and pairs", "paths collected"),
    "of": "{} of {}",
    "known": "holds all its paths: $a_t$",
    "column": "row: element $t$, column: enters at step $i$",
    "row": "element $t$",
    "start": "start",
    "holding": "holds",
    "to": "…",
    "key": {B: "its own $b_t$", C: "new in this round", "before": "collected before", "missing": "not yet"},
    "said": "T = {T} by {order}, {rounds} rounds: {pairs} pairs have met, {paths} paths are "
    "collected, {known} of {T} elements hold all of theirs. A loop: {steps} of both.",
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
        self._counts(ax)

    def _tree(self, ax: Axes) -> None:
        def lines(**look) -> LineCollection:
            return self.moving(ax.add_collection(LineCollection([], **look), autolim=False))

        self.past = lines(colors=PALE, linewidths=1.2)
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

    def _counts(self, ax: Axes) -> None:
        for x, words in zip(COUNTED, WORDS["counted"], strict=True):
            ax.text(x, 4.47, words, color=QUIET, fontsize=SMALL, ha="center")
        self.counts = self.moving(Labels(ax))
        ax.plot([TREE], [BOTTOM - 0.15], "o", color=A, ms=7)
        ax.text(TREE + 0.13, BOTTOM - 0.2, WORDS["known"], color=A, fontsize=SMALL)
        quiet = {"color": QUIET, "fontsize": SMALL}
        ax.text(TRIANGLE, BOTTOM - 0.2, WORDS["column"], **quiet)
        ax.text(0.12, BOTTOM + SIDE / 2, WORDS["row"], rotation=90, va="center", ha="center", **quiet)

    def show(self, T: int, order: str, met: list[NDArray], first: NDArray, rounds: int, pairs: int) -> str:
        self._draw_tree(met, first, rounds)
        self._colour(first, T)
        counted = counts(met, first[-1], rounds, pairs)
        self.counts.put([(count, (x, 4.22), LARGE) for count, x in zip(counted.values(), COUNTED, strict=True)])
        return WORDS["said"].format(T=T, order=order, known=int((first[-1] == 1).sum()), **counted)

    def _draw_tree(self, met: list[NDArray], first: NDArray, rounds: int) -> None:
        T = first.shape[1]
        x = TREE + min(WIDEST, WIDE / max(rounds, 1)) * np.arange(rounds + 1)
        y = TOP - (np.arange(T) + 0.5) * SIDE / T
        self._meet(met, x, y)
        self._mark(first == 1, x, y)
        self._label(first[-1], len(met), x, y)

    def _meet(self, met: list[NDArray], x: NDArray, y: NDArray) -> None:
        """Lines from the earlier to the later of each pair, and along each row; those of the last round stand out."""
        across = [joined(x[n : n + 2], y[pairs.T - 1]) for n, pairs in enumerate(met)]
        along = [joined(x[n : n + 2], np.stack([y, y])) for n in range(len(met))]
        self.past.set_segments([line for lines in along[:-1] + across[:-1] for line in lines])
        self.along.set_segments(along[-1] if met else [])
        self.meeting.set_segments(across[-1] if met else [])

    def _mark(self, known: NDArray, x: NDArray, y: NDArray) -> None:
        """A dot for each element before any round and after each."""
        now = len(known) - 1
        for name, dots in self.dots.items():
            column, row = np.nonzero(known == name.startswith("known"))
            chosen = (column < now) == name.endswith("before")
            dots.set_data(x[column[chosen]], y[row[chosen]])
            dots.set_markersize(np.clip(72 * SIDE / len(y) - 2.5, 4, 10))

    def _label(self, first: NDArray, now: int, x: NDArray, y: NDArray) -> None:
        """Rounds above, elements at the left and, behind the last round, what they hold; as many as there is room."""
        every = int(np.ceil(APART * len(y) / SIDE))
        heads = [WORDS["start"], *map(str, range(1, now + 1)), WORDS["holding"]]
        places = [*x[: now + 1], x[now] + HOLDS]
        above = [(word, (place, TOP + 0.13), SMALL) for word, place in zip(heads, places, strict=True)]
        rows = range(every, len(y) + 1, every)
        named = [(str(t), (TREE - 0.28, y[t - 1]), SMALL) for t in rows]
        holds = [part for t in rows for part in held(first[t - 1], t, (x[now] + HOLDS, y[t - 1]))]
        self.labels.put([*above, *named, *holds])

    def _colour(self, first: NDArray, T: int) -> None:
        """Element t holds the paths from first … t; those it did not hold a round before stand out."""
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


def counts(met: list[NDArray], first: NDArray, rounds: int, pairs: int) -> dict[str, str]:
    """What has been done so far, and of how much; in the middle the steps of a loop."""
    T = len(first)
    paths = int((np.arange(1, T + 1) - first + 1).sum())
    so_far = {"rounds": (len(met), rounds), "pairs": (sum(map(len, met)), pairs), "paths": (paths, T * (T + 1) // 2)}
    found = {name: WORDS["of"].format(*one) for name, one in so_far.items()}
    return {"rounds": found["rounds"], "pairs": found["pairs"], "steps": str(T - 1), "paths": found["paths"]}


def held(first: int, t: int, place: tuple[float, float]) -> list[tuple]:
    """The steps whose paths an element holds, each number by itself, for a new outline costs most."""
    x, y = place
    before = [(str(first), (x - BESIDE, y), SMALL), (WORDS["to"], (x, y - 0.04), SMALL)] if first < t else []
    return [*before, (str(t), (x + BESIDE, y), SMALL)]
