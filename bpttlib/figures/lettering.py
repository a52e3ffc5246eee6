"""Plain lines of text, set by Pillow: in a third of matplotlib's time, and text is most of what a picture takes."""

from functools import cache, lru_cache

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.mathtext import MathTextParser
from matplotlib.text import Text
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from PIL.ImageFont import FreeTypeFont

__all__ = ["Canvas"]

UPRIGHT = 90  # degrees
REMEMBERED = 500  # formulas


class Renderer(RendererAgg):
    """matplotlib's own, and left to it are formulas, slanted lines and letters that the font does not have."""

    def __init__(self, width: float, height: float, dpi: float):
        super().__init__(width, height, dpi)
        self.mathtext_parser = formulas()

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: bool = False,
        mtext: Text | None = None,
    ) -> None:
        font = font_of(s, prop, self.dpi)
        if ismath or font is None or angle not in (0, UPRIGHT):
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)
            return
        colour = to_rgba(gc.get_rgb(), gc.get_alpha() if gc.get_forced_alpha() else None)
        pixels, left, below = inked(s, font, colour)
        if angle == UPRIGHT:
            pixels, left, below = np.rot90(pixels), below - len(pixels), -left
        self.draw_image(gc, round(x) + left, round(self.height - y) - below, pixels[::-1])

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: bool) -> tuple[float, float, float]:
        font = font_of(s, prop, self.dpi)
        if ismath or font is None:
            return super().get_text_width_height_descent(s, prop, ismath)
        _, top, right, bottom = box(s, font)
        return right, bottom - top, bottom


class Canvas(FigureCanvasAgg):
    """A canvas with this renderer."""

    def get_renderer(self) -> Renderer:
        if not hasattr(self, "renderer"):
            self.renderer = Renderer(*self.get_width_height(), self.figure.dpi)
        return self.renderer


class Formulas:
    """A parser that takes each formula apart once, whichever picture asks; matplotlib's does so for every picture."""

    def __init__(self, parser: MathTextParser):
        self._parse = lru_cache(REMEMBERED)(parser.parse)

    def parse(self, formula: str, dpi: float, prop: FontProperties, **how: bool) -> tuple:
        return self._parse(formula, dpi, prop.copy(), **how)  # a copy: the text may change its own


@cache
def formulas() -> Formulas:
    return Formulas(RendererAgg(1, 1, 72).mathtext_parser)


def inked(line: str, font: FreeTypeFont, colour: tuple[float, ...]) -> tuple[NDArray, int, int]:
    """A line of text as (height, width, 4) bytes; how far right of its start, and below its base line, they begin."""
    left, top, right, bottom = box(line, font)
    ink = Image.new("L", (right - left, bottom - top))
    ImageDraw.Draw(ink).text((-left, -top), line, 255, font, anchor="ls")
    pixels = np.empty((*ink.size[::-1], 4), np.uint8)
    pixels[...] = np.round(255 * np.array(colour))
    pixels[..., 3] = np.round(colour[3] * np.asarray(ink))
    return pixels, left, bottom


@lru_cache(maxsize=512)
def box(line: str, font: FreeTypeFont) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a line in whole pixels, from where its base line begins and downward."""
    return font.getbbox(line, anchor="ls")


def font_of(line: str, prop: FontProperties, dpi: float) -> FreeTypeFont | None:
    """The font that is asked for, if it has something to draw for every letter of a line that can be seen."""
    pixels = prop.get_size_in_points() * dpi / 72
    font, has = typeface(tuple(prop.get_family()), prop.get_style(), prop.get_weight(), pixels)
    return font if line.strip() and has.issuperset(line) else None


@cache
def typeface(family: tuple[str, ...], style: str, weight: str | int, pixels: float) -> tuple[FreeTypeFont, frozenset]:
    """A font of so many pixels to the em, and the letters it has."""
    file = findfont(FontProperties(family=list(family), style=style, weight=weight))
    return ImageFont.truetype(file, pixels), frozenset(map(chr, get_font(file).get_charmap()))
