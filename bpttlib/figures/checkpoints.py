"""What is held, moment by moment: every state, or the checkpoints and one block; and below it how many at most."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from ..experiments.checkpoints import BACK, FIRST, READ, TAPE, Held
from .live import Picture
from .style import INK, LARGE, QUIET, SMALL, A, B

__all__ = ["CheckpointsPicture"]

COLOURS = {FIRST: INK, TAPE: "#BDBDBD", READ: B, BACK: A}
WORDS = {
    "everything": "keep everything",
    "checkpoints": "keep checkpoints",
    "rows": "step t",
    "columns": "work: one step read, or one step back",
    "amounts": ["0", "T", "2T", "3T"],
    "steps": ["0", "T"],
    "key": {
        READ: "step t is read",
        BACK: "δ goes back over step t",
        TAPE: "its state is held",
        FIRST: "held: first state of a block",
    },
    "most": "states at once",
    "read": "{} steps read",
    "curve": "states held at once for each block length k (●: this one)",
    "held": ["0", "T + 1"],
    "lengths": ["k = 1", "k = T"],
    "root": "√T",
    "same": "the same gradient",
    "other": "another gradient",
    "sentence": "T = {T}, blocks of {k}. Everything: {most} states held at once, {read} steps read. "
    "Checkpoints: {few} states held at once, {more} steps read; {same}.",
}


class CheckpointsPicture(Picture):
    """Left and right the same gradient: each column a moment, each row a state; coloured as long as it is held."""

    inches = (9.6, 4.75)

    def build(self) -> None:
        self.maps, self.most, self.read = {}, {}, {}
        for name, x in {"everything": 0.55, "checkpoints": 5.2}.items():
            self.maps[name] = self.map(self.axes(x, 2.3, 4.1, 2.1), WORDS[name])
            self.most[name] = self.at(x + 0.62, 1.4, ha="right", fontsize=30, fontweight="bold")
            self.figure.text(x + 0.72, 1.63, WORDS["most"], **self.inch)
            self.read[name] = self.at(x + 0.72, 1.4, color=QUIET)
        self.key(0.55, 0.87)
        self.said = self.at(9.3, 1.63, ha="right", color=QUIET)
        self.curve(self.axes(5.2, 0.35, 4.1, 0.62))

    def map(self, ax: Axes, title: str) -> "Map":
        ax.set_title(title, fontweight="bold", fontsize=LARGE)
        ax.set(xlim=(0, 3), ylim=(0, 1))
        ax.set_xticks([0, 1, 2, 3], WORDS["amounts"])
        ax.set_yticks([0, 1], WORDS["steps"])
        ax.set_xlabel(WORDS["columns"], labelpad=1)
        ax.set_ylabel(WORDS["rows"], labelpad=-6)
        return Map(self, ax)

    @property
    def inch(self) -> dict:
        return {"transform": self.figure.dpi_scale_trans}

    def at(self, x: float, y: float, **options) -> Artist:
        return self.words(x, y, self.figure, **self.inch, **options)

    def key(self, x: float, y: float) -> None:
        for n, (how, words) in enumerate(WORDS["key"].items()):
            left, bottom = x + 2.0 * (n // 2), y - 0.32 * (n % 2)
            self.figure.add_artist(Rectangle((left, bottom - 0.02), 0.14, 0.14, color=COLOURS[how], **self.inch))
            self.figure.text(left + 0.24, bottom, words, fontsize=SMALL, **self.inch)

    def curve(self, ax: Axes) -> None:
        ax.set_title(WORDS["curve"], fontsize=SMALL, color=QUIET, pad=3)
        ax.set(xlim=(0, 1), ylim=(0, 1.3))
        ax.set_xticks([0, 1], WORDS["lengths"])
        ax.set_yticks([0, 1], WORDS["held"])
        self.line = self.moving(ax.plot([], [], color=INK, lw=1.5)[0])
        self.root = self.moving(ax.axvline(0, color=QUIET, lw=1, ls=(0, (4, 3))))
        below = {"transform": ax.get_xaxis_transform(), "ha": "center", "va": "top", "fontsize": SMALL}
        self.root_words = self.moving(ax.text(0, -0.12, WORDS["root"], **below))
        self.dot = self.moving(ax.plot([], [], "o", ms=9, color=INK, clip_on=False)[0])

    def show(self, everything: Held, checkpoints: Held, k: int, curve: NDArray, same: bool) -> str:
        T = len(curve)
        for name, held in (("everything", everything), ("checkpoints", checkpoints)):
            self.maps[name].seen = held.seen
            self.most[name].set_text(str(held.most))
            self.read[name].set_text(WORDS["read"].format(held.steps_read))
        self.draw_curve(curve, k, checkpoints.most)
        said = WORDS["same" if same else "other"]
        self.said.set_text(said)
        few = {"few": checkpoints.most, "more": checkpoints.steps_read}
        return WORDS["sentence"].format(T=T, k=k, most=everything.most, read=everything.steps_read, same=said, **few)

    def draw_curve(self, curve: NDArray, k: int, most: int) -> None:
        """The frame stands still: from k = 1 to k = T."""
        T = len(curve)
        root = (np.sqrt(T) - 1) / (T - 1)
        self.line.set_data(np.arange(T) / (T - 1), curve / (T + 1))
        self.dot.set_data([(k - 1) / (T - 1)], [most / (T + 1)])
        self.root.set_xdata([root, root])
        self.root_words.set_x(root)


class Map(Artist):
    """A column for each moment, a row for each state, laid on whole pixels."""

    def __init__(self, picture: Picture, ax: Axes):
        super().__init__()
        self.seen = np.zeros((0, 0), int)
        self.table = np.zeros((1 + max(COLOURS), 4), np.uint8)
        for how, colour in COLOURS.items():
            self.table[how] = np.round(255 * np.array(to_rgba(colour)))
        ax.add_artist(self)
        picture.moving(self)

    def draw(self, renderer: RendererBase) -> None:
        rows, columns = self.seen.shape
        x = self.places(0, np.arange(columns + 1) / (rows - 1))
        y = self.places(1, np.arange(rows + 1) / rows)
        pixels = self.table[self.seen].repeat(np.diff(y), axis=0).repeat(np.diff(x), axis=1)
        renderer.draw_image(renderer.new_gc(), x[0], y[0], pixels)

    def places(self, axis: int, shares: NDArray) -> NDArray:
        """The pixels along one axis."""
        points = np.zeros((len(shares), 2))
        points[:, axis] = shares
        return np.round(self.axes.transData.transform(points)[:, axis]).astype(int)
