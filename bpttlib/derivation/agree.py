"""Whether two expressions are the same, and how surely that is known."""

import cmath
from math import comb, prod

import sympy as sp

from .budget import OutOfReach, ask
from .typed import FUNCTIONS, VALUES

__all__ = ["agreement"]

OPERATIONS_AT_MOST = 800  # multiplied out up to this size; beyond it may take minutes
TERMS_AT_MOST, SYMBOLS_AT_MOST = 2000, 30_000  # and if it has no more of them then
MULTIPLY_OUT = dict.fromkeys(("basic", "log", "power_base", "power_exp"), False)  # no other way to expand is of use
EXACTLY, NUMERICALLY = "exactly", "to 9 digits at three places"


def agreement(left: sp.Expr, right: sp.Expr) -> str:
    """Say how the two agree: exactly, if SymPy sees it; else numerically, if they do; "" if not at all.

    SymPy subtracts; if something is left, it names what repeats, and multiplies out from the largest
    parts inwards, until nothing is left or what is left is too large.
    Raises OutOfReach where SymPy does not see it and there is no value that a float can hold, and where the budget
    of time is spent.
    """
    ask()
    rest, parts = left - right, []
    if rest.count_ops() <= OPERATIONS_AT_MOST:
        parts, (rest,) = sp.cse([rest])
    while rest != 0 and is_small(rest):
        rest = sp.expand(rest, **MULTIPLY_OUT)
        ask()
        if rest == 0 or not parts:
            break
        rest = rest.xreplace(dict([parts.pop()]))
        ask()
    if rest == 0:
        return EXACTLY
    undecided = parts or size(rest)[0] > 1 or rest.has(*FUNCTIONS.values())
    return NUMERICALLY if undecided and equal_at_three_places(left, right) else ""


def is_small(expr: sp.Expr) -> bool:
    """Whether it can be multiplied out in a second."""
    if expr.count_ops() > OPERATIONS_AT_MOST:
        return False
    terms, symbols = size(expr)
    return terms <= TERMS_AT_MOST and symbols <= SYMBOLS_AT_MOST


def size(expr: sp.Expr) -> tuple[int, int]:
    """How many terms at most there are when the expression is multiplied out, and how many symbols in them."""
    inner = [size(part) for part in expr.args]
    if expr.is_Add:
        return sum(terms for terms, _ in inner), sum(symbols for _, symbols in inner)
    if expr.is_Mul:
        return in_all(prod(terms for terms, _ in inner), inner)
    if expr.is_Pow and expr.exp.is_Integer:
        n = abs(int(expr.exp))
        return in_all(comb(inner[0][0] + n - 1, n), inner[:1] * n)
    return 1, 1 + sum(symbols for _, symbols in inner)


def in_all(terms: int, factors: list[tuple[int, int]]) -> tuple[int, int]:
    """So many terms, and the symbols in them: in each as many as in a term of every factor."""
    return terms, terms * sum(-(-symbols // terms) for terms, symbols in factors)


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
        raise OutOfReach("unrolled, this f leaves the range of numbers: try one that grows or shrinks less")
    return all(abs(sum(values)) <= 1e-9 * size for values, size in zip(found, sizes, strict=True))
