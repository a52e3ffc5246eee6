"""A line of LaTeX in the colours of the course, drawn by matplotlib: for pictures that are seen without MathJax."""

import re

from matplotlib.figure import Figure
from matplotlib.text import Text

from .style import INK, NORMAL

__all__ = ["put", "runs", "write"]

COLOURED = re.compile(r"\{\\color\{(#[0-9A-F]{6})\}")
LEFT, RIGHT = re.compile(r"\\left(?![a-z])"), re.compile(r"\\right(?![a-z])")
SIGN = re.compile(r"^([-+])(?=\s|$)|\s([-+])$")
GAP, INDENT = 0.02, 0.3  # inches between two runs, and before a row that goes on
ROW = 1.6  # from one row to the next, in sizes


def runs(latex: str) -> list[tuple[str, str]]:
    r"""Cut LaTeX at its colours: (text, colour) after (text, colour); a pair of parentheses that is cut is a plain one.

    >>> runs(r"{\color{#D55E00}{a_{1}}} = 2")
    [('{a_{1}}', '#D55E00'), ('= 2', '#222222')]
    """
    found, rest = [], latex
    while one := COLOURED.search(rest):
        end = closing(rest, one.start())
        found += [(rest[: one.start()], INK), (rest[one.end() : end - 1], one[1])]
        rest = rest[end:]
    found.append((rest, INK))
    return [(alone(text.strip()), colour) for text, colour in found if text.strip()]


def closing(text: str, start: int) -> int:
    """The place behind the brace that closes the one at `start`."""
    depth = 0
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return place + 1
    raise ValueError(f"a brace is not closed in {text!r}")


def alone(text: str) -> str:
    r"""A run as a formula of its own: no \left without its \right, and room around a sign at either end."""
    if len(LEFT.findall(text)) != len(RIGHT.findall(text)):
        text = RIGHT.sub("", LEFT.sub("", text))
    return SIGN.sub(lambda sign: rf"\,{sign[1] or sign[2]}\,", text)


def write(figure: Figure, x: float, latex: str, width: float, size: float = NORMAL) -> list[Text]:
    """Draw a line from x on, at the bottom, and on in further rows where it would be wider; all in inches."""
    place, y, texts = x, 0.0, []
    for summand in summands(latex):
        drawn = [figure.text(0, 0, f"${text}$", color=colour, fontsize=size, va="baseline") for text, colour in summand]
        widths = [text.get_window_extent().width / figure.dpi + GAP for text in drawn]
        if place > x and place + sum(widths) > x + width:
            place, y = x + INDENT, y - ROW * size / 72
        for text, long in zip(drawn, widths, strict=True):
            put(text, place, y)
            place += long
        texts += drawn
    return texts


def summands(latex: str) -> list[list[tuple[str, str]]]:
    """The runs of a line, a new list where one begins with a sign."""
    found: list[list] = [[]]
    for run in runs(latex):
        if run[0].startswith((r"\,+", r"\,-")) and found[-1]:
            found.append([])
        found[-1].append(run)
    return found


def put(text: Text, x: float, y: float) -> None:
    """Place it in inches."""
    w, h = text.figure.get_size_inches()
    text.set_position((x / w, y / h))
