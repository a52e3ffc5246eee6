"""A line of LaTeX in the colours of the course, set in type by matplotlib: no MathJax need run."""

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .style import INK, NORMAL
from .typeset import parsed, side_by_side

__all__ = ["rows", "runs", "set_in_type", "wide"]

COLOURED = re.compile(r"\{\\color\{(#[0-9A-F]{6})\}")
LEFT, RIGHT = re.compile(r"\\left(?![a-z])"), re.compile(r"\\right(?![a-z])")
ARGUMENT = re.compile(r"(\\(?:(?!frac|dfrac|sqrt)[a-z]+|operatorname\{\w+\})(?:\^\{\w+\})?)\{(?=\\left\()")
HOLDS = re.compile(r"(?:[-+=]|\\[a-z]+(?:\^\{\w+\})?)$")
PLAIN = re.compile(r"\\(?:left|right)(?=[()])")
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
    """The runs of a line in rows of so many inches: broken before a sign, and a long summand wherever it can be."""
    found: list[list] = [[]]
    for summand in summands(latex):
        whole = wide(summand, dpi) <= width * dpi
        for piece in [summand] if whole else [[one] for run in summand for one in broken(run)]:
            if found[-1] and wide(found[-1] + piece, dpi) > width * dpi:
                found.append([])
            found[-1] += piece
    return found


def broken(run: tuple[str, str]) -> list[tuple[str, str]]:
    r"""A run in pieces: cut at spaces that stand in no braces; a sign stays with what follows it, as a function does.

    >>> broken((r"= h_{1} \sin{\left(w h \right)}", "#222222"))
    [('= h_{1}', '#222222'), ('\\sin (w', '#222222'), ('h)', '#222222')]
    """
    text, colour = run
    text = PLAIN.sub("", without_braces(text)).replace(" )", ")")
    pieces, depth = [""], 0
    for part in re.split(r"(\\left\.|\\right\||[{}]| )", text):
        depth += {"{": 1, r"\left.": 1, "}": -1, r"\right|": -1}.get(part, 0)
        if part == " " and depth == 0 and not HOLDS.search(pieces[-1].rstrip()):
            pieces.append("")
        pieces[-1] += part
    return [(alone(piece.strip()), colour) for piece in pieces if piece.strip()]


def without_braces(text: str) -> str:
    r"""Arguments in parentheses alone: \sin{\left(x \right)} is \sin \left(x \right)."""
    while one := ARGUMENT.search(text):
        end = closing(text, one.end(1))
        text = f"{text[: one.end(1)]} {text[one.end(1) + 1 : end - 1]} {text[end:]}"
    return text


def set_in_type(row: Sequence[tuple[str, str]], width: float, dpi: float) -> NDArray:
    """A row as (height, width, 4) bytes; smaller if it could not be broken and would be wider."""
    full = wide(row, dpi)
    size = NORMAL if full <= width * dpi else NORMAL * 0.98 * width * dpi / full
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
