"""The lines of a derivation below each other, each set in type once and then laid on the picture as it is."""

from collections.abc import Sequence
from functools import lru_cache
from textwrap import wrap

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from numpy.typing import NDArray

from .formula import rows, set_in_type
from .lettering import font_of, inked
from .style import QUIET, SMALL, A, style

__all__ = ["WIDTH", "Line", "Lines", "block", "placed"]

Line = tuple[str, str, str]  # LaTeX, name, reason

# In inches: of all; from the left to the lines, and to the words beside them.
WIDTH, LEFT, REASON = 5.2, 0.2, 3.25
MARGIN, LEAST, MOST = 0.08, 0.1, 0.5  # above and below all; between two lines
INDENT, BETWEEN = 0.3, 0.04  # of a row that goes on; above each row
ROW, BASE = 0.17, 0.13  # of words, and down to their base line
BAR = 0.05, 0.085  # from the left to the bar beside the current line, and to its end
SHORT, LONG = 24, 50  # letters in a row of words, beside the line and below it


class Lines(Artist):
    """The lines up to the current one, beside which stands a bar; those to come keep their place, old ones leave."""

    def __init__(self, figure: Figure):
        super().__init__()
        self.lines: Sequence[Line] = ()
        self.current = 0
        figure.add_artist(self)

    def draw(self, renderer: RendererBase) -> None:
        dpi, top = renderer.dpi, renderer.height - MARGIN * renderer.dpi
        room, blocks, heights = top - MARGIN * dpi, [], []
        for n, line in enumerate(self.lines):
            if n < self.current or sum(heights) < room:  # what is to come, as far as it has a place
                blocks.append(block(line, dpi))
                heights.append(len(blocks[-1]) + LEAST * dpi)
        first, last = placed(heights, self.current, room)
        spare = min(MOST * dpi, (room - sum(heights[first:last])) / (last - first))
        for n in range(first, self.current):
            pixels = with_bar(blocks[n], dpi) if n == self.current - 1 else blocks[n]
            top -= heights[n] + spare
            bottom = round(top + (heights[n] + spare - len(pixels)) / 2)
            renderer.draw_image(renderer.new_gc(), 0, bottom, pixels[::-1])


def placed(heights: Sequence[float], current: int, room: float) -> tuple[int, int]:
    """Which lines have a place, from … to: the first ones, as long as the current is among them; then those up to it.

    >>> placed([2, 2, 2], current=2, room=5), placed([2, 2, 2], current=3, room=5), placed([2, 9], current=2, room=5)
    ((0, 2), (1, 3), (1, 2))
    """
    last = max((n for n in range(1, len(heights) + 1) if sum(heights[:n]) <= room), default=1)
    if current <= last:
        return 0, last
    return min((n for n in range(current) if sum(heights[n:current]) <= room), default=current - 1), current


@lru_cache(maxsize=64)
def block(line: Line, dpi: float) -> NDArray:
    """A line, and its name and reason to the right, or below if it is long, as (height, width, 4) bytes."""
    latex, name, reason = line
    room = WIDTH - 2 * LEFT - INDENT
    typed = [set_in_type(row, room, dpi) for row in rows(latex, room, dpi)]
    formula = np.vstack([laid(row, LEFT + INDENT * (n > 0), dpi) for n, row in enumerate(typed)])
    if len(typed) > 1 or LEFT + typed[0].shape[1] / dpi > REASON - 0.05:
        first, *more = wrap(reason, LONG, initial_indent=" " * len(name))  # for the name stands before it
        said = [words([(LEFT, name, "bold"), (LEFT, first.strip(), "normal")], dpi)]
        return np.vstack([formula, *said, *(words([(LEFT, row, "normal")], dpi) for row in more)])
    said = [words([(REASON, name, "bold")], dpi)]
    said += [words([(REASON, row, "normal")], dpi) for row in wrap(reason, SHORT)]
    return in_the_middle(formula, np.vstack(said))


def laid(pixels: NDArray, x: float, dpi: float) -> NDArray:
    """A row from x on, with a little room above it."""
    whole = blank(len(pixels) / dpi + BETWEEN, dpi)
    left = round(x * dpi)
    whole[-len(pixels) :, left : left + pixels.shape[1]] = pixels
    return whole


def words(pieces: Sequence[tuple[float, str, str]], dpi: float) -> NDArray:
    """Words in a row, each from its x on or behind those before it, with their weight."""
    strip, place = blank(ROW, dpi), 0
    for x, text, weight in pieces:
        with style():
            font = font_of(text, FontProperties(size=SMALL, weight=weight), dpi)
        ink, left, below = inked(text, font, to_rgba(QUIET))
        place = max(place, round(x * dpi)) + left
        bottom = round(BASE * dpi) + below
        strip[bottom - len(ink) : bottom, place : place + ink.shape[1]] = ink
        place += ink.shape[1] + round(0.1 * dpi)
    return strip


def in_the_middle(*parts: NDArray) -> NDArray:
    """One over the other, each in the middle of the highest."""
    whole = np.zeros_like(max(parts, key=len))
    for part in parts:
        top = (len(whole) - len(part)) // 2
        there = whole[top : top + len(part)]
        np.maximum(there, part, out=there)
    return whole


def with_bar(pixels: NDArray, dpi: float) -> NDArray:
    left, right = (round(x * dpi) for x in BAR)
    marked = pixels.copy()
    marked[:, left:right] = np.round(255 * np.array(to_rgba(A)))
    return marked


def blank(height: float, dpi: float) -> NDArray:
    return np.zeros((round(height * dpi), round(WIDTH * dpi), 4), np.uint8)
