"""Short texts as outlines, so that many that move are one artist."""

from functools import cache

from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.path import Path
from matplotlib.textpath import TextPath

from .style import INK, NORMAL, style

__all__ = ["Labels"]


@cache
def glyphs(text: str, size: float) -> Path:
    """The outline of a text in inches, its middle at 0."""
    with style():
        path = TextPath((0, 0), text, size)
    points = path.vertices / 72
    return Path(points - (points.min(axis=0) + points.max(axis=0)) / 2, path.codes)


class Labels(PathCollection):
    """Texts in the middle of their places, drawn all at once; the axes count in inches."""

    def __init__(self, ax: Axes, colour: str = INK):
        look = {"facecolors": colour, "linewidths": 0, "offsets": [(0, 0)], "offset_transform": ax.transData}
        super().__init__([], transform=ax.figure.dpi_scale_trans, **look)
        ax.add_collection(self, autolim=False)
        self.texts: list[str] = []

    def put(self, labels: list[tuple]) -> None:
        """Set every (text, place) or (text, place, size)."""
        self.texts = [text for text, *_ in labels]
        self.set_paths([glyphs(text, *(size or (NORMAL,))) for text, _, *size in labels])
        self.set_offsets([place for _, place, *_ in labels])
