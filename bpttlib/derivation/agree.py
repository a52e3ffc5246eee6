"""Whether two expressions are the same, and how surely that is known."""

import cmath
from math import comb, prod

import sympy as sp

from .typed import FUNCTIONS, VALUES

__all__ = ["agreement"]

OPERATIONS_AT_MOST, TERMS_AT_MOST = 800, 2000  # multiplied out up to this size; beyond it may take minutes
EXACTLY, NUMERICALLY = "exactly", "to 9 digits at three places"


def agreement(left: sp.Expr, right: sp.Expr) -> str:
    """Say how the two agree: exactly, if SymPy sees it; else numerically, if they do; "" if not at all.

    SymPy subtracts; if something is left, it names what repeats, and multiplies out from the largest
    parts inwards, until nothing is left or what is left is too large.
    Raises ValueError where SymPy does not see it and there is no value that a float can hold.
    """
    rest, parts = left - right, []
    if rest.count_ops() <= OPERATIONS_AT_MOST:
        parts, (rest,) = sp.cse([rest])
    while rest != 0 and rest.count_ops() <= OPERATIONS_AT_MOST and terms(rest) <= TERMS_AT_MOST:
        rest = sp.expand(rest)
        if rest == 0 or not parts:
            break
        rest = rest.subs(*parts.pop())
    if rest == 0:
        return EXACTLY
    undecided = parts or terms(rest) > 1 or rest.has(*FUNCTIONS.values())
    return NUMERICALLY if undecided and equal_at_three_places(left, right) else ""


def terms(expr: sp.Expr) -> int:
    """How many terms at most there are when the expression is multiplied out."""
    if expr.is_Add:
        return sum(map(terms, expr.args))
    if expr.is_Mul:
        return prod(map(terms, expr.args))
    if expr.is_Pow and expr.exp.is_Integer:
        n = abs(int(expr.exp))
        return comb(terms(expr.base) + n - 1, n)
    return 1


def equal_at_three_places(left: sp.Expr, right: sp.Expr) -> bool:
    """Compare the values at three places without any symmetry, against the size of the terms added."""
    letters = sorted(left.free_symbols | right.free_symbols, key=str)
    added = [*sp.Add.make_args(left), *(-term for term in sp.Add.make_args(right))]
    function = sp.lambdify(letters, added, modules=[VALUES, vars(cmath)], cse=True)
    places = [[(n + shift) / (n + shift + 2) for n in range(len(letters))] for shift in (3, 5, 8)]
    try:
        found = [function(*place) for place in places]
        sizes = [sum(map(abs, values)) for values in found]
        in_range = all(1e-250 < size < 1e250 for size in sizes)
    except (ArithmeticError, ValueError):
        in_range = False
    if not in_range:
        raise ValueError("unrolled, this f leaves the range of numbers: try one that grows or shrinks less")
    return all(abs(sum(values)) <= 1e-9 * size for values, size in zip(found, sizes, strict=True))
