"""Whether two expressions are the same, and how surely that is known."""

import cmath

import sympy as sp

from .typed import FUNCTIONS, VALUES

__all__ = ["agreement"]

OPERATIONS_AT_MOST = 800  # multiplied out up to this size; beyond it may take minutes
EXACTLY, NUMERICALLY = "exactly", "to 9 digits at three places"


def agreement(left: sp.Expr, right: sp.Expr) -> str:
    """Say how the two agree: exactly, if SymPy sees it; numerically, if they are too large; "" if not at all.

    SymPy subtracts; if something is left, it names what repeats, and multiplies out from the largest
    parts inwards, until nothing is left or what is left is too large.
    Raises ValueError where the two are too large and have no value that a float can hold.
    """
    rest, parts = left - right, []
    if rest != 0 and rest.count_ops() <= OPERATIONS_AT_MOST:
        parts, (rest,) = sp.cse([rest])
        while parts and rest != 0 and rest.count_ops() <= OPERATIONS_AT_MOST:
            rest = sp.expand(rest.subs(*parts.pop()))
    if rest == 0:
        return EXACTLY
    undecided = parts or rest.count_ops() > OPERATIONS_AT_MOST or rest.has(sp.Pow, *FUNCTIONS.values())
    return NUMERICALLY if undecided and equal_at_three_places(left, right) else ""


def equal_at_three_places(left: sp.Expr, right: sp.Expr) -> bool:
    """Compare the values at three places without any symmetry, against the size of the terms added."""
    letters = sorted(left.free_symbols | right.free_symbols, key=str)
    terms = [*sp.Add.make_args(left), *(-term for term in sp.Add.make_args(right))]
    function = sp.lambdify(letters, terms, modules=[VALUES, vars(cmath)], cse=True)
    places = [[(n + shift) / (n + shift + 2) for n in range(len(letters))] for shift in (3, 5, 8)]
    try:
        found = [function(*place) for place in places]
    except (ArithmeticError, ValueError):
        raise ValueError("unrolled, this f leaves the range of numbers: try one that grows less") from None
    return all(abs(sum(values)) <= 1e-9 * sum(map(abs, values)) for values in found)
