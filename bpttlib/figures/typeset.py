"""Short formulas at places of the axes, each set in type once and then laid on the picture as it is."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgb
from matplotlib.font_manager import FontProperties
from matplotlib.mathtext import MathTextParser, RasterParse
from numpy.typing import NDArray

from .style import NORMAL

__all__ = ["Label", "Typeset", "parsed", "side_by_side"]

Label = tuple[float, float, tuple[tuple[str, str], ...]]  # x, y of its middle, and runs of (formula, colour)
PARSER = MathTextParser("agg")


class Typeset(Artist):
    """Formulas in one or several colours, each in the middle of its place: a tenth of the time of so many texts."""

    def __init__(self, ax: Axes, size: float = NORMAL):
        super().__init__()
        self.labels: Sequence[Label] = []
        self.size = size
        ax.add_artist(self)

    def draw(self, renderer: RendererBase) -> None:
        for x, y, runs in self.labels:
            pixels = in_type(runs, self.size, renderer.dpi)
            middle, (height, width) = self.axes.transData.transform((x, y)), pixels.shape[:2]
            left, bottom = np.round(middle - (width / 2, height / 2)).astype(int)
            renderer.draw_image(renderer.new_gc(), left, bottom, pixels[::-1])


@lru_cache(maxsize=512)
def in_type(runs: tuple[tuple[str, str], ...], size: float, dpi: float) -> NDArray:
    """Runs of (formula, colour) side by side, kept."""
    return side_by_side(runs, size, dpi)


def side_by_side(runs: Sequence[tuple[str, str]], size: float, dpi: float, gaps: Sequence[int] = ()) -> NDArray:
    """Runs of (formula, colour) on one base line, as (height, width, 4) bytes; `gaps`, the pixels before each."""
    drawn = [parsed(formula, size, dpi) for formula, _ in runs]
    inked = [np.asarray(one.image) for one in drawn]
    above = [over_the_base_line(len(ink), one.depth) for ink, one in zip(inked, drawn, strict=True)]
    below = [len(ink) - up for ink, up in zip(inked, above, strict=True)]
    high, low = max(above), max(below)
    columns = []
    for ink, up, down, gap, (_, colour) in zip(inked, above, below, gaps or [0] * len(runs), runs, strict=True):
        column = np.empty((high + low, gap + ink.shape[1], 4), np.uint8)
        column[..., :3] = np.round(255 * np.array(to_rgb(colour)))
        column[..., 3] = np.pad(ink, ((high - up, low - down), (gap, 0)))
        columns.append(column)
    return np.hstack(columns)


def over_the_base_line(rows: int, depth: float) -> int:
    """How many rows of pixels; matplotlib adds one below and one above, and more where no letter goes deep."""
    return round(rows + max(depth - 2, 0) - max(depth, 0) - depth + 1)


@lru_cache(maxsize=256)
def parsed(formula: str, size: float, dpi: float) -> RasterParse:
    """One formula set in type; matplotlib remembers fewer."""
    return PARSER.parse(f"${formula}$", dpi, FontProperties(size=size))
