"""A row of letters, one over each column, at one size however narrow the columns are."""

from functools import cache

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D, Bbox

from .style import INK, letters, visible

__all__ = ["Letters"]

NARROWEST = 0.55  # of their size: letters that stand closer would touch
EVERY = 10  # where letters would touch, the number of every tenth step stands there


@cache
def outline(words: str) -> Path:
    """A letter or a number as a path of size 1, its middle at 0."""
    path = TextPath((0, 0), words, size=100, prop=FontProperties(family=letters()))
    ends = path.get_extents().intervalx if len(path.vertices) else (0, 0)
    return Affine2D().translate(-np.mean(ends), 0).scale(0.01).transform_path(path)


class Letters(Artist):
    """The letters of steps 1 … T over columns 1 … T of these axes, at height y; a text standing in its pixels."""

    def __init__(self, ax: Axes, y: float, size: float):
        super().__init__()
        self.y, self.size = y, size
        self.text = ""
        self.set_gid("words")
        ax.add_artist(self)

    @property
    def key(self) -> str:
        return self.text

    def standing(self) -> list[tuple[int, str]]:
        """What stands over which step: its letter, or numbers where the letters have no room."""
        left, right = self.axes.transData.transform([(0, 0), (1, 0)])[:, 0]
        if (right - left) / self._pixels() >= NARROWEST:
            return [(t, visible(character)) for t, character in enumerate(self.text, start=1)]
        return [(t, str(t)) for t in range(1, len(self.text) + 1) if t == 1 or t % EVERY == 0]

    def _pixels(self) -> float:
        return self.size * self.figure.dpi / 72

    def draw(self, renderer: RendererBase) -> None:
        gc = renderer.new_gc()
        gc.set_linewidth(0)
        for t, words in self.standing():
            place = self.axes.transData.transform((t, self.y))
            renderer.draw_path(gc, outline(words), Affine2D().scale(self._pixels()).translate(*place), to_rgba(INK))
        gc.restore()

    def get_window_extent(self, renderer: RendererBase | None = None) -> Bbox:
        """The row of the axes that the letters stand in."""
        box, base = self.axes.bbox, self.axes.transData.transform((0, self.y))[1]
        return Bbox([[box.x0, base - 0.3 * self._pixels()], [box.x1, base + 1.1 * self._pixels()]])
