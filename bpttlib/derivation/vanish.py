"""Whether an expression is zero wherever one looks, though SymPy does not say so: sin(w)**2 + cos(w)**2 - 1."""

import mpmath
import sympy as sp

__all__ = ["vanishes"]

PLACES = (1, -2, 3)
LARGEST = 1e6  # number that a function is asked about: exp(exp(exp(1e6))) fits into no memory


def numbers(digits: int) -> mpmath.MPContext:
    """Numbers of so many digits, complex where they must be, and their functions."""
    context = mpmath.MPContext()
    context.dps = digits
    context.sigmoid = lambda z: (1 + context.tanh(z / 2)) / 2
    return context


FEW, MANY = numbers(40), numbers(80)


def vanishes(expr: sp.Expr) -> bool:
    """Whether it is zero: when multiplied out, or in numbers at three places.

    A value other than zero stays the same with twice the digits; what rounding leaves of a zero does not.
    """
    if sp.expand(expr) == 0:
        return True
    letters = sorted(expr.free_symbols, key=str)
    places = ({letter: sp.Rational(3 * n + 2, 7 * way) for n, letter in enumerate(letters)} for way in PLACES)
    return expr.has(sp.Add) and all(vanishes_at(place, expr) for place in places)


def vanishes_at(place: dict[sp.Symbol, sp.Rational], expr: sp.Expr) -> bool:
    """Whether the value at one place is zero; False if there is none."""
    try:
        few, many = value(expr, place, FEW), value(expr, place, MANY)
    except (ArithmeticError, ValueError):
        return False
    return many == 0 or abs(few - many) > abs(many) / 10**10


def value(expr: sp.Expr, place: dict[sp.Symbol, sp.Rational], to: mpmath.MPContext):
    """The value there, to so many digits."""
    if expr.is_Symbol or expr.is_Rational:
        number = place.get(expr, expr)
        return to.mpf(int(number.p)) / int(number.q)
    if expr.is_Pow:
        return value(expr.base, place, to) ** int(expr.exp)
    parts = [value(part, place, to) for part in expr.args]
    if expr.is_Add or expr.is_Mul:
        return to.fsum(parts) if expr.is_Add else to.fprod(parts)
    if abs(parts[0]) > LARGEST:
        raise OverflowError(f"{expr} is too large")
    return getattr(to, type(expr).__name__)(*parts)
