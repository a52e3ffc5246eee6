"""A line of LaTeX in the colours of the course, set in type by matplotlib: no MathJax need run."""

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .style import INK, NORMAL
from .typeset import parsed, side_by_side

__all__ = ["rows", "runs", "set_in_type"]

COLOURED = re.compile(r"\{\\color\{(#[0-9A-F]{6})\}")
LEFT, RIGHT = re.compile(r"\\left(?![a-z])"), re.compile(r"\\right(?![a-z])")
LETTER = re.compile(r"^\{(\w)_\{(\w)\}\}$")
SIGN = re.compile(r"^([-+])(?=\s|$)|\s([-+])$")
GAP, AFTER_SIGN, BEFORE_EQUALS = 0.02, 0.05, 0.05  # inches between two runs, and more of them


def runs(latex: str) -> list[tuple[str, str]]:
    r"""Cut LaTeX at its colours: (text, colour) after (text, colour); a pair of parentheses that is cut is a plain one.

    >>> runs(r"{\color{#D55E00}{a_{1}}} = 2")
    [('a_1', '#D55E00'), ('= 2', '#222222')]
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
    text = text.replace(r"\frac", r"\dfrac")  # or its letters would be small
    text = LETTER.sub(r"\1_\2", text)  # as the triangle has it: set in type for both
    return SIGN.sub(lambda sign: rf"\,{sign[1] or sign[2]}\,", text)


def rows(latex: str, width: float, dpi: float) -> list[list[tuple[str, str]]]:
    """The runs of a line in rows of so many inches: broken before a sign, and a long summand between its runs."""
    found: list[list] = [[]]
    for summand in summands(latex):
        for piece in [summand] if wide(summand, dpi) <= width * dpi else [[run] for run in summand]:
            if found[-1] and wide(found[-1] + piece, dpi) > width * dpi:
                found.append([])
            found[-1] += piece
    return found


def set_in_type(row: Sequence[tuple[str, str]], width: float, dpi: float) -> NDArray:
    """A row as (height, width, 4) bytes; smaller if it could not be broken and would be wider."""
    size = NORMAL * min(1.0, 0.98 * width * dpi / wide(row, dpi))
    return side_by_side(row, size, dpi, gaps(row, dpi))


def wide(row: Sequence[tuple[str, str]], dpi: float) -> float:
    """In pixels."""
    return sum(gaps(row, dpi)) + sum(np.shape(parsed(text, NORMAL, dpi).image)[1] for text, _ in row)


def gaps(row: Sequence[tuple[str, str]], dpi: float) -> list[int]:
    """The pixels before each run: more behind a sign, and before an equals sign."""
    more = [
        AFTER_SIGN * left.rstrip("\\,").endswith(("+", "-", "=")) + BEFORE_EQUALS * right.startswith("=")
        for (left, _), (right, _) in pairwise(row)
    ]
    return [0, *(round((GAP + extra) * dpi) for extra in more)]


def summands(latex: str) -> list[list[tuple[str, str]]]:
    """The runs of a line, a new list where one begins with a sign."""
    found: list[list] = [[]]
    for run in runs(latex):
        if run[0].startswith((r"\,+", r"\,-")) and found[-1]:
            found.append([])
        found[-1].append(run)
    return found
