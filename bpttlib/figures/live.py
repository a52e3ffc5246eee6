"""A picture that stays alive: what stands still is drawn once, what moves is drawn on every update."""

import base64
import io
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from .style import MAGNITUDE, palette, style

__all__ = ["Picture", "beside"]


class Picture:
    """One matplotlib figure, kept alive and redrawn in part.

    A subclass builds its axes in `build`, hands every artist that moves to `moving`, and sets them from
    arrays in `show`, which returns one sentence that says what can be seen. `still` notes what the
    standing parts (titles, ticks, limits) depend on: they are drawn again only when that changes.
    """

    inches = (11.6, 4.0)
    colours = MAGNITUDE  # the one colour map that its PNG has room for

    def __init__(self):
        self._moving: list[Artist] = []
        self._words: dict = {}
        self._palette = Image.new("P", (1, 1))
        self._palette.putpalette(palette(self.colours))
        self._background = None
        self._still: Any = None
        self.alt = ""
        with style():
            self.figure = Figure(figsize=self.inches, dpi=100)
            self.canvas = FigureCanvasAgg(self.figure)
            self.build()

    def build(self) -> None:
        raise NotImplementedError

    def show(self, **arrays: Any) -> str:
        raise NotImplementedError

    def axes(self, left: float, bottom: float, width: float, height: float, **options: Any) -> Axes:
        """Axes placed in inches, so that nothing moves when a label grows."""
        w, h = self.inches
        return self.figure.add_axes((left / w, bottom / h, width / w, height / h), **options)

    def moving(self, artist: Artist) -> Artist:
        """Draw this artist on every update, over everything that stands still."""
        artist.set_animated(True)
        self._moving.append(artist)
        return artist

    def words(self, x: float, y: float, on: Axes | Figure, **options: Any) -> Text:
        """Moving text that stands on empty ground: its pixels are kept, for to draw them anew costs most."""
        text = self.moving(on.text(x, y, "", **options))
        text.set_gid("words")
        return text

    def still(self, key: Any) -> bool:
        """Whether the standing parts are still those of `key`; if not, they will be drawn again."""
        same = key == self._still
        if not same:
            self._still, self._background = key, None
        return same

    def update(self, **arrays: Any) -> "Picture":
        """Set every artist from arrays."""
        with style():
            self.alt = self.show(**arrays)
        return self

    def png(self) -> bytes:
        """The picture as it stands, as PNG at the lowest compression."""
        with style():
            if self._background is None:
                self.canvas.draw()
                self._background = self.canvas.copy_from_bbox(self.figure.bbox)
                self._words.clear()
            self.canvas.restore_region(self._background)
            for artist in sorted(self._moving, key=lambda artist: artist.get_gid() != "words"):
                self._draw(artist)
        pixels = Image.frombytes("RGB", self.canvas.get_width_height(), self.canvas.buffer_rgba(), "raw", "RGBX")
        out = io.BytesIO()
        pixels.quantize(palette=self._palette, dither=Image.Dither.NONE).save(out, "png", compress_level=1)
        return out.getvalue()

    def _draw(self, artist: Artist) -> None:
        """Draw a moving artist; words from their kept pixels if they stood there before."""
        if artist.get_gid() != "words":
            self.figure.draw_artist(artist)
            return
        key = id(artist), artist.get_text(), artist.get_fontweight()
        if key in self._words:
            self.canvas.restore_region(self._words[key])
            return
        self.figure.draw_artist(artist)
        if len(self._words) > 1000:
            self._words.clear()
        self._words[key] = self.canvas.copy_from_bbox(artist.get_window_extent().padded(3))

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict, dict]:
        return beside(self.png(), self.alt)


def beside(png: bytes, alt: str) -> tuple[dict, dict]:
    """A cell's output: the picture, and its text for those who cannot see it."""
    text = base64.b64encode(png).decode()
    return {"image/png": text, "text/plain": alt}, {"image/png": {"alt": alt}}
