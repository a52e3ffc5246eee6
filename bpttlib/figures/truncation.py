"""The heart of the course in one picture: four strategies in four columns, and how far each is from the gradient."""

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from .live import Picture
from .numbers import times_ten
from .paths import Paths, key_of_colours, paths_kept
from .strip import Strip, label
from .style import COLOUR, INK, PALE, QUIET, SIGNED, SIZES, SMALL, A, tint
from .tile import Tile, scale_of_signs

__all__ = ["Column", "Distances", "TruncationPicture"]

KINDS = ["full", "segments", "window", "random"]
FIXED = ["segments", "window"]
WORDS = {
    "fallen": "last throw: {}",
    "off": "{} off",
    "the gradient": "the gradient",
    "always": "every time",
    "worse": "up from {}",
    "one": "this throw",
    "mean": "mean of {n}",
    "tile": "∂L/∂W_hh",
    "estimate": "its estimate",
    "difference": "its error",
    "axis": "distance from the gradient",
    "lanes": {"segments": "segments", "window": "window", "random": "each throw", "mean": "mean of throws"},
    "beyond": "{n} beyond →,\nup to {most}",
    "sentence": (
        "“{text}”. Off the gradient of W_hh: segments of {tau}, {segments}; window of {tau}, {window}; "
        "dice of π = {pi:.2f}, {random}."
    ),
    "random said": ("{mean} in this throw", "{mean} in the mean of {n} throws, {last} in the last"),
}
LARGEST, END = 1.5, 1.78  # of the axis of distances, and of the room for words behind it
FEW = 11  # steps; with fewer a column and a row stay free, so that the steep stairs end below the words


def percent(error: float) -> str:
    """A relative error as a reader sees it: 35%, 0.3%, 8 · 10⁷%.

    >>> percent(0.347), percent(0.0028), percent(0.0)
    ('35%', '0.3%', '0%')
    """
    if error >= 100:
        return times_ten(f"{100 * error:.0e}") + "%"
    return f"{error:.1%}" if 0.0005 <= error < 0.0095 else f"{error:.0%}"


def is_worse(error: float, before: float | None) -> bool:
    """Whether the error at τ - 1 was smaller, by more than rounding."""
    return before is not None and error > before * (1 + 1e-9)


class Column:
    """One strategy: the text with its arrows, the triangle with what is kept, the gradient that leaves, and its error.

    Stands at `left` in the picture, all in inches.
    """

    width, tile = 2.2, 1.0

    def __init__(self, picture: Picture, left: float, top: float, kind: str):
        self.kind = kind
        self.strip = Strip(picture, picture.axes(left, top - 0.72, self.width, 0.72))
        ax = picture.axes(left, top - 2.43, self.width, 1.68)
        self.paths = Paths(picture, ax)
        corner = {"transform": ax.transAxes, "ha": "right", "va": "top"}
        self.name = picture.words(1.0, 0.99, ax, fontweight="bold", **corner)
        self.kept = picture.words(1.0, 0.86, ax, fontsize=SMALL, color=QUIET, **corner)
        on = {"transform": picture.figure.dpi_scale_trans, "va": "baseline"}
        self.number = picture.words(left, top - 2.8, picture.figure, fontsize=17, fontweight="bold", **on)
        right = left + self.width
        self.remark = picture.words(right, top - 2.8, picture.figure, fontsize=SMALL, ha="right", **on)
        words = ("tile", None) if kind == "full" else ("estimate", "difference")
        places = (left, right - self.tile)
        self.tiles = [
            Tile(picture, picture.axes(x, top - 4.05, self.tile, self.tile), WORDS[word])
            for x, word in zip(places, words, strict=True)
            if word
        ]

    def set(self, text: str, norms: NDArray, Omega: NDArray, name: str, gradients: list[NDArray], largest: float):
        """gradients: what leaves, and its difference from the full gradient."""
        free = int(len(Omega) < FEW)
        self.strip.set(text, Omega, self.kind, free)
        self.paths.set(norms, Omega, free)
        self.name.set_text(name)
        self.kept.set_text(paths_kept(Omega))
        for tile, matrix in zip(self.tiles, gradients, strict=False):
            tile.set(matrix, largest)

    def say(self, error: float, remark: str, loud: bool = False) -> None:
        """The big number and what stands beside it."""
        self.number.set_text(WORDS["off"].format(percent(error)))
        self.remark.set(text=remark, color=A if loud else QUIET, fontweight="bold" if loud else "normal")


class Distances:
    """Every estimate on one linear axis of its distance from the gradient, in a lane of its own; each throw a dot."""

    lanes = ["segments", "window", "random", "mean"]
    shapes = {"segments": "s", "window": "o", "mean": "D"}

    def __init__(self, picture: Picture, ax: Axes):
        self.ax = ax
        ax.set(xlim=(0, END), ylim=(3.6, -0.6), yticks=[])
        ax.set_xticks([0, 0.25, 0.5, 0.75, 1])
        ax.xaxis.set_major_formatter(lambda x, _: f"{x:.0%}")
        ax.tick_params(length=3, pad=2)
        ax.spines["bottom"].set_bounds(0, LARGEST)
        ax.spines["left"].set(linewidth=2, color=COLOUR["full"])
        place = {"transform": ax.get_yaxis_transform(), "fontsize": SMALL, "va": "center", "ha": "right"}
        for y, lane in enumerate(self.lanes):
            ax.plot([0, LARGEST], [y, y], color=PALE, lw=1, zorder=0)
            ax.text(-0.016, y, WORDS["lanes"][lane], **place)
        ax.text(LARGEST / END, 4.35, WORDS["axis"], color=QUIET, **place)
        dots = {"color": tint(COLOUR["random"], 0.75), "mec": "none", "clip_on": False}
        self.throws = picture.moving(ax.plot([], [], "o", ms=3, **dots)[0])
        self.last = picture.moving(ax.plot([], [], "o", ms=6, mfc=COLOUR["random"], mec=INK, mew=1, clip_on=False)[0])
        self.trails = {kind: picture.moving(ax.plot([], [], "-", lw=4, color=A)[0]) for kind in FIXED}
        look = {"ms": 9, "mec": INK, "mew": 1, "clip_on": False}
        self.marks = {
            lane: picture.moving(ax.plot([], [], shape, mfc=COLOUR.get(lane, COLOUR["random"]), **look)[0])
            for lane, shape in self.shapes.items()
        }
        behind = {"fontsize": SMALL, "va": "center", "linespacing": 1.1}
        self.beyond = picture.words(LARGEST + 0.03, 2, ax, **behind)

    def set(self, errors: dict[str, float], shorter: dict[str, float | None], thrown: NDArray) -> None:
        """Where each stands, and the way there from τ - 1 where that was nearer."""
        for kind, trail in self.trails.items():
            worse = is_worse(errors[kind], shorter[kind])
            ends = np.clip([shorter[kind], errors[kind]], 0, LARGEST) if worse else []
            trail.set_data(ends, [self.lanes.index(kind)] * len(ends))
        for lane, mark in self.marks.items():
            error = errors["random" if lane == "mean" else lane]
            mark.set_data([min(error, LARGEST)], [self.lanes.index(lane)])
        inside = thrown <= LARGEST
        scatter = (0.618034 * np.arange(len(thrown))) % 1 - 0.5  # golden steps fill a lane evenly
        self.throws.set_data(thrown[inside], 2 + 0.8 * scatter[inside])
        self.last.set_data([min(thrown[-1], LARGEST)], [2 + 0.8 * scatter[-1]])
        beyond = WORDS["beyond"].format(n=np.count_nonzero(~inside), most=percent(thrown.max()))
        self.beyond.set_text("" if inside.all() else beyond)


class TruncationPicture(Picture):
    """Full, segments, window and random side by side on one text; below, how far each is from the gradient."""

    inches = (9.6, 5.05)
    colours = (SIZES, SIGNED)

    def build(self) -> None:
        top = self.inches[1] - 0.02
        self.columns = {kind: Column(self, 0.24 + 2.37 * n, top, kind) for n, kind in enumerate(KINDS)}
        first = self.columns["full"]
        first.paths.name_axes()
        key_of_colours(first.paths.ax, (0.475, 0.69, 0.1, 0.07))
        scale_of_signs(first.tiles[0].ax, (1.12, 0.1, 0.09, 0.8))
        self.distances = Distances(self, self.axes(1.3, 0.22, 8.2, 0.72))

    def show(
        self,
        text: str,
        norms: NDArray,
        Omegas: dict[str, NDArray],
        gradients: dict[str, NDArray],
        errors: dict[str, float],
        shorter: dict[str, float | None],
        thrown: NDArray,
        tau: int,
        pi: float,
    ) -> str:
        full = gradients["full"]
        for kind, column in self.columns.items():
            both = [gradients[kind], gradients[kind] - full]
            column.set(text, norms, Omegas[kind], label(kind, tau, pi), both, np.abs(full).max())
        fallen = paths_kept(Omegas["random"]).removesuffix(" paths")
        self.columns["random"].kept.set_text(WORDS["fallen"].format(fallen))
        self._say(errors, shorter, len(thrown))
        self.distances.set(errors, shorter, thrown)
        return self._sentence(text[: len(norms)], errors, thrown, tau, pi)

    def _say(self, errors: dict, shorter: dict, n: int) -> None:
        """The big numbers."""
        self.columns["full"].number.set_text(WORDS["the gradient"])
        for kind in FIXED:
            worse = is_worse(errors[kind], shorter[kind])
            remark = WORDS["worse"].format(percent(shorter[kind])) if worse else WORDS["always"]
            self.columns[kind].say(errors[kind], remark, loud=worse)
        remark = WORDS["mean"].format(n=n) if n > 1 else WORDS["one"]
        self.columns["random"].say(errors["random"], remark)

    def _sentence(self, text: str, errors: dict, thrown: NDArray, tau: int, pi: float) -> str:
        numbers = {kind: percent(error) for kind, error in errors.items()}
        said = WORDS["random said"][len(thrown) > 1]
        numbers["random"] = said.format(mean=numbers["random"], n=len(thrown), last=percent(thrown[-1]))
        return WORDS["sentence"].format(text=text, tau=tau, pi=pi, **numbers)
