"""The cells of the triangle that a line speaks of: row n holds the terms of a_n, column i the one that b_i begins.

b_4 + c_4 (b_3 + c_3 b_2 + c_3 c_2 b_1)   is row 4 in two parts: its cell 4, and c_4 times all of row 3
"""

from functools import cache
from typing import NamedTuple

import sympy as sp

from .kernel import written_out
from .step import Step, a, b, c, t

__all__ = ["Spoken", "spoken"]


class Spoken(NamedTuple):
    """What a line speaks of.

    row    the largest index in it; 0 if there is none.
    parts  the cells (first, last) that make up each summand of its right side, from left to right.
    times  True if c_row is written in it: then it speaks of the row above, too.
    """

    row: int
    parts: tuple[tuple[int, int], ...]
    times: bool


@cache
def spoken(line: Step, now: int) -> Spoken:
    """The cells that a line speaks of if t is `now`.

    >>> spoken(Step("", a[t], b[t] + c[t] * a[t - 1], ""), 4)
    Spoken(row=4, parts=((1, 3), (4, 4)), times=True)
    """
    sides = [
        side.subs(t, now) if side.has(t) else side for side in (line.after, line.shown) if isinstance(side, sp.Expr)
    ]
    row = max((n for side in sides for _, n in letters(side)), default=0)
    return Spoken(row, parts_of(sides[0]), row > 1 and any(side.has(c[row]) for side in sides))


def letters(side: sp.Expr) -> list[tuple[sp.IndexedBase, int]]:
    """Every letter with a number that stands in it, its sums and products written out as far as they can be."""
    return [(one.base, int(one.indices[0])) for one in written_out(side).atoms(sp.Indexed) if one.indices[0].is_Integer]


def parts_of(side: sp.Expr) -> tuple[tuple[int, int], ...]:
    """The first and the last b_i of each summand that holds any; a_n stands for b_1 … b_n."""
    found = []
    for summand in sp.Add.make_args(side):
        held = [i for base, n in letters(summand) for i in {a: range(1, n + 1), b: [n]}.get(base, ())]
        found += [(min(held), max(held))] if held else []
    return tuple(sorted(set(found)))
