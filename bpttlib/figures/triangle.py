"""The text, the arrows of every strategy over it, and the path triangle below, column under character."""

import numpy as np
from matplotlib import colormaps
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.transforms import offset_copy
from numpy.typing import NDArray

from .live import Picture
from .style import COLOUR, DASH, MAGNITUDE, NORMAL, PALE, QUIET, SMALL, A, letters, number, tint, visible

__all__ = ["Strip", "Triangle", "TrianglePicture", "chains"]

LOW, HIGH = -4, 1  # the colour scale: log10 of a path's size over the largest path's


def chains(Omega: NDArray) -> list[tuple[int, int, float]]:
    """The longest chains that Ω keeps: (first step, last step, heaviest weight), none inside another."""
    first = (Omega != 0).argmax(axis=1)
    ends = [t for t in range(len(first)) if t == len(first) - 1 or first[t + 1] > first[t]]
    return [(int(first[t]) + 1, t + 1, float(np.abs(Omega[t]).max())) for t in ends]


def lanes(found: list[tuple[int, int, float]]) -> list[int]:
    """A lane for each chain so that none overlap, as few as possible."""
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
        for y, (Omega, kind, label) in enumerate(rows):
            found = chains(Omega)
            every = max(1, -(-max(lanes(found)) // 8))  # too many lanes to tell apart: draw every n-th chain
            found = found[::-1][::every][::-1]
            label += f"\n(every {ordinal(every)} arrow)" if every > 1 else ""
            lane = np.array(lanes(found))
            crowd = 1 + lane.max()
            height = y + (lane - lane.max() / 2) * min(0.16, 0.62 / crowd)
            first, last, weight = np.array(found).T
            width = (2.2 if crowd == 1 else 1.2) + np.minimum(5, 1.3 * np.log(weight))
            colour = tint(COLOUR[kind], 1.0 if y == chosen else 0.5)
            left, right = first - 0.2, last + 0.4
            pieces = np.stack([right, height, left + 0.15, height], axis=1).reshape(-1, 2, 2)
            self.lines[y].set(segments=pieces, linewidths=width, color=colour, linestyle=DASH[kind])
            self.heads[y].set_data(left, height)
            self.heads[y].set(markersize=9 if crowd < 3 else 4, color=colour)
            self.labels[y].set(text=label, fontweight="bold" if y == chosen else "normal")


class Cells(Artist):
    """A (T,T,4) array of colours as cells from 1 to T, laid on whole pixels: a third of the time of an image."""

    def __init__(self, ax: Axes):
        super().__init__()
        self.colours = np.zeros((0, 0, 4), np.uint8)
        ax.add_artist(self)

    def draw(self, renderer: RendererBase) -> None:
        edges = np.arange(len(self.colours) + 1) + 0.5
        x, y = np.round(self.axes.transData.transform(np.column_stack([edges, edges]))).astype(int).T
        pixels = self.colours.repeat(-np.diff(y), axis=0).repeat(np.diff(x), axis=1)  # y runs downwards
        renderer.draw_image(renderer.new_gc(), x[0], y[-1], pixels[::-1])


class Triangle:
    """Every path as a cell: row t feels, column i acts; colour its size times its weight Ω, grey where Ω = 0."""

    def __init__(self, picture: Picture, ax: Axes):
        self.picture, self.ax = picture, ax
        ax.set_xlabel("W_hh is used at step i (column; its letter is in the strip)")
        ax.set_ylabel("felt by the loss at step t (row)")
        ax.tick_params(length=3)
        self.cells = picture.moving(Cells(ax))
        self.border = picture.moving(LineCollection([], linewidths=2.5))
        ax.add_collection(self.border, autolim=False)
        corner = {"transform": ax.transAxes, "ha": "right", "va": "top"}
        self.count = picture.words(0.96, 0.99, ax, fontsize=NORMAL, linespacing=1.4, **corner)
        self.heaviest = picture.moving(
            ax.text(0, 0, "", fontsize=SMALL, ha="left", va="bottom", bbox={"fc": "white", "ec": "none", "pad": 1.5})
        )
        self.grey, self.bright = map(colour_table, ("Greys", MAGNITUDE))
        self.diagonal: list = []
        self._colour_scale()

    def _colour_scale(self) -> None:
        """A scale in the empty corner."""
        words = "size of a path × its weight\n(largest path = 1); grey: dropped"
        colour_scale(self.ax, (0.60, 0.60, 0.37, 0.045), self.bright, LOW, HIGH, words)

    def set_text(self, text: str, T: int, h0_is_zero: bool) -> None:
        """Stand the characters along the diagonal and scale the axes to T steps."""
        for old in self.diagonal:
            old.remove()
        look = {"family": letters(), "ha": "left", "va": "center", "fontsize": SMALL, "color": QUIET}
        beside = offset_copy(self.ax.transData, self.picture.figure, x=5, units="points")
        self.diagonal = [
            self.ax.text(t + 0.5, t, visible(c), transform=beside, **look) for t, c in enumerate(text[:T], start=1)
        ]
        if h0_is_zero:
            note = "nothing here: h₀ = 0, so W_hh does nothing at step 1"
            upright = {"rotation": 90, "ha": "center", "va": "bottom", "fontsize": SMALL, "color": QUIET}
            self.diagonal.append(self.ax.text(1, T + 0.3, note, **upright))
        ticks = [1, *range(5, T + 1, 5)]
        self.ax.set(xlim=(0.4, T + 1.5), ylim=(T + 0.5, 0.5), xticks=ticks, yticks=ticks)

    def set(self, norms: NDArray, Omega: NDArray, chosen: str, remark: str = "") -> None:
        """Colour the cells and draw a border round what Ω keeps."""
        kept = Omega != 0
        with np.errstate(divide="ignore"):
            size = np.log10(norms / norms.max())
            level = np.clip((size + np.log10(np.abs(Omega)) - LOW) / (HIGH - LOW), 0, 1)
        faint = np.clip(0.07 + 0.20 * (size - LOW) / -LOW, 0.07, 0.27)
        cells = np.where(kept[..., None], look_up(self.bright, level), look_up(self.grey, faint))
        cells[norms == 0] = 0  # transparent: above the diagonal, and where nothing flows
        self.cells.colours = cells.astype(np.uint8)
        self.border.set(segments=borders(kept), color=COLOUR[chosen], linestyle=DASH[chosen])
        heavy = np.abs(Omega).max()
        self.count.set_text(f"{paths_kept(Omega)}\n{remark}".strip())
        t, i = np.unravel_index(np.abs(Omega).argmax(), Omega.shape)
        self.heaviest.set(text=f"×{number(heavy)}" if heavy > 1 else "", position=(i + 0.65, t + 1.35))


def ordinal(n: int) -> str:
    return {2: "2nd", 3: "3rd"}.get(n, f"{n}th")


def paths_kept(Omega: NDArray) -> str:
    """How many of the T(T+1)/2 paths have a weight other than 0."""
    return f"{np.count_nonzero(Omega)} of {len(Omega) * (len(Omega) + 1) // 2} paths kept"


def borders(kept: NDArray) -> list[NDArray]:
    """The line pieces between cells that are kept and cells that are not, in steps from 1 on."""
    padded = np.pad(kept, 1).astype(int)
    t, i = np.nonzero(np.diff(padded, axis=0)[:, 1:-1])
    flat = np.stack([np.stack([i + 0.5, t + 0.5], -1), np.stack([i + 1.5, t + 0.5], -1)], axis=1)
    t, i = np.nonzero(np.diff(padded, axis=1)[1:-1])
    steep = np.stack([np.stack([i + 0.5, t + 0.5], -1), np.stack([i + 0.5, t + 1.5], -1)], axis=1)
    return list(np.concatenate([flat, steep]))


def colour_table(name: str) -> NDArray:
    """A colour map as (256,4) bytes."""
    return (colormaps[name](np.linspace(0, 1, 256)) * 255).astype(np.uint8)


def look_up(table: NDArray, level: NDArray) -> NDArray:
    """The colours of levels between 0 and 1."""
    return table[(np.nan_to_num(level) * 255).astype(int)]


def colour_scale(ax: Axes, place: tuple, table: NDArray, low: int, high: int, words: str) -> None:
    """A small scale inside the axes, from 10^low to 10^high."""
    scale = ax.inset_axes(place)
    scale.imshow(table[None, :, :], aspect="auto", extent=(low, high, 0, 1))
    ticks = range(low, high + 1)
    scale.set(yticks=[], xticks=ticks, xticklabels=[f"$10^{{{n}}}$" if n else "1" for n in ticks])
    scale.set_title(words, fontsize=SMALL, color=QUIET, loc="left")


def path_cells(exists: NDArray, row: int, chosen: list[int]) -> NDArray:
    """Colours for a small triangle: paths pale, those felt at step `row` tinted, the chosen ones of them vermillion."""
    colours = np.zeros((*exists.shape, 4))
    colours[exists] = to_rgba(PALE)
    colours[row - 1, exists[row - 1]] = to_rgba(tint(A, 0.35))
    colours[row - 1, np.array(chosen, int) - 1] = to_rgba(A)
    return np.round(255 * colours).astype(np.uint8)


class TrianglePicture(Picture):
    """One strategy over the text, and its triangle: the small picture of the opening page."""

    inches = (8.2, 6.0)

    def build(self) -> None:
        self.strip = Strip(self, self.axes(1.65, 4.95, 6.45, 1.0), rows=1)
        self.triangle = Triangle(self, self.axes(1.65, 0.55, 6.45, 4.35))

    def show(self, text: str, norms: NDArray, Omega: NDArray, name: str, label: str, error: float) -> str:
        T = len(norms)
        if not self.still((text, T)):
            self.strip.set_text(text, T)
            self.triangle.set_text(text, T, h0_is_zero=not norms[:, 0].any())
        self.strip.set([(Omega, name, label)], chosen=0)
        self.triangle.set(norms, Omega, name, f"the gradient is off by {error:.0%}")
        return f"{label}: {paths_kept(Omega)}, the gradient of W_hh is off by {error:.0%}."
