"""A picture that stays alive: what stands still is drawn once, what moves is drawn on every update."""

import base64
import io
from collections import OrderedDict
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from .lettering import Canvas
from .standing import Standing
from .style import MAGNITUDE, palette, style

__all__ = ["SHARP", "WIDEST", "Picture", "beside"]

CSS = 96  # pixels of a page to the inch, so that 10 points here are 10 points there
SHARP = 2  # pixels of the picture to each of the page
WIDEST = 9.6  # inches: what JupyterLab has beside its file browser in a window of 1366 pixels
KEPT = 12  # backgrounds, some 1 MB each
WORDS_KEPT = 400  # some 25 kB each
UNKNOWN = object()  # what stands there while it is being set


class Picture:
    """One matplotlib figure, kept alive and redrawn in part.

    A subclass builds its axes in `build`, hands every artist that moves to `moving`, and sets them from
    arrays in `show`, which returns one sentence that says what can be seen. `still` notes what the
    standing parts (titles, ticks, limits) depend on: their pixels are kept by that key.
    """

    inches = (WIDEST, 4.0)
    colours: tuple[str, ...] = (MAGNITUDE,)  # the colour maps that its PNG has room for

    def __init__(self):
        self._moving: list[Artist] = []
        self._words: dict = {}
        self._palette = Image.new("P", (1, 1))
        self._palette.putpalette(palette(*self.colours))
        self._backgrounds: OrderedDict[Any, Standing] = OrderedDict()
        self._still: Any = None  # what the standing parts are set to
        self._next: Any = None  # and what they are being set to
        self.alt = ""
        with style():
            self.figure = Figure(figsize=self.inches, dpi=SHARP * CSS)
            self.canvas = Canvas(self.figure)
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
        """Whether the standing parts are still those of `key`; if not, they must be set, and are drawn if new."""
        same, self._next = key == self._still, key
        self._still = key if same else UNKNOWN
        return same

    def update(self, **arrays: Any) -> "Picture":
        """Set every artist from arrays."""
        with style():
            self.alt = self.show(**arrays)
        self._still = self._next  # only now, for whoever is interrupted leaves parts unset
        return self

    @property
    def on_page(self) -> tuple[int, int]:
        """Width and height in pixels of the page."""
        width, height = self.canvas.get_width_height()
        return width // SHARP, height // SHARP

    def png(self) -> bytes:
        """The picture as it stands, as PNG at the lowest compression."""
        with style():
            self._stand()
            for artist in sorted(self._moving, key=lambda artist: artist.get_gid() != "words"):
                self._draw(artist)
        pixels = Image.frombytes("RGB", self.canvas.get_width_height(), self.canvas.buffer_rgba(), "raw", "RGBX")
        out = io.BytesIO()
        pixels.quantize(palette=self._palette, dither=Image.Dither.NONE).save(out, "png", compress_level=1)
        return out.getvalue()

    def _stand(self) -> None:
        """The standing parts: their pixels, or drawn if they are new."""
        if self._still in self._backgrounds:
            self._backgrounds.move_to_end(self._still)
            self._backgrounds[self._still].lay_on(self.canvas)
            return
        self.canvas.draw()
        if self._still is UNKNOWN:
            return
        self._backgrounds[self._still] = Standing(self.canvas)
        if len(self._backgrounds) > KEPT:
            self._backgrounds.popitem(last=False)

    def _draw(self, artist: Artist) -> None:
        """Draw a moving artist; words from their kept pixels if they stood there before."""
        if artist.get_gid() != "words":
            self.figure.draw_artist(artist)
            return
        text, look = (artist.key, ()) if hasattr(artist, "key") else words_of(artist)
        if not text:  # nothing to read, and what stands there stays
            return
        key = self._still, id(artist), text, look
        if key in self._words:
            self.canvas.restore_region(self._words[key])
            return
        self.figure.draw_artist(artist)
        if len(self._words) > WORDS_KEPT:
            self._words.clear()
        if self._still is UNKNOWN:  # nothing is kept of a picture whose setting was broken off
            return
        self._words[key] = self.canvas.copy_from_bbox(artist.get_window_extent().padded(3 * SHARP))

    def rest(self) -> None:
        """Keep no pixels, some 7 MB: the next picture draws them anew."""
        self.canvas = Canvas(self.figure)
        for text in self.figure.findobj(Text):
            text._renderer = None  # the last one, with all its pixels, until it is drawn again
        self._backgrounds.clear()
        self._words.clear()

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict, dict]:
        shown = beside(self.png(), self.alt, self.on_page)
        self.rest()  # a notebook keeps for good what a cell has shown
        return shown


def words_of(text: Text) -> tuple[str, tuple]:
    """What stands there, and how it looks."""
    return text.get_text(), (text.get_fontweight(), text.get_color())


def beside(png: bytes, alt: str, size: tuple[int, int]) -> tuple[dict, dict]:
    """A cell's output: the picture at its size on the page, and its text for those who cannot see it."""
    text, (width, height) = base64.b64encode(png).decode(), size
    return {"image/png": text, "text/plain": alt}, {"image/png": {"alt": alt, "width": width, "height": height}}
