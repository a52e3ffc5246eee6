"""What an expression in a, b, c, Σ and Π is worth, by plain loops over exact fractions."""

from fractions import Fraction
from math import prod
from random import Random

import sympy as sp
from reference import recurrence

from bpttlib.derivation.step import i, t

numbers = Random(1)
NUMBERS = {letter: [Fraction(numbers.randint(2, 99), 7) for _ in range(12)] for letter in "bc"}
NUMBERS["a"] = [Fraction(0), *recurrence(NUMBERS["b"][1:], NUMBERS["c"][1:])]
PLACES = [{t: T, i: first} for T in range(1, 7) for first in range(1, T + 3)]


def value(expr, where, letters=NUMBERS):
    """The number that an expression stands for where t, i, j have the given values."""
    if expr.is_Symbol:
        return where[expr]
    if expr.is_Rational:
        return Fraction(expr.p, expr.q)
    if isinstance(expr, sp.Indexed):
        return letters[expr.base.name][int(value(expr.indices[0], where))]
    if isinstance(expr, (sp.Sum, sp.Product)):
        name, low, high = expr.limits[0]
        inside = range(int(value(low, where)), int(value(high, where)) + 1)
        terms = [value(expr.function, {**where, name: n}, letters) for n in inside]
        return sum(terms) if isinstance(expr, sp.Sum) else prod(terms)
    terms = [value(part, where, letters) for part in expr.args]
    if expr.is_Pow:
        return terms[0] ** int(terms[1])
    assert expr.is_Add or expr.is_Mul, expr
    return sum(terms) if expr.is_Add else prod(terms)


def differ(left, right):
    return any(value(left, place) != value(right, place) for place in PLACES if place[i] <= place[t])


def places_of(theorem):
    """Where all that a theorem supposes holds."""
    return [place for place in PLACES if all(holds(one, place) for one in theorem.supposes)]


def holds(supposed, place):
    left, right = value(supposed.lhs, place), value(supposed.rhs, place)
    return left == right if isinstance(supposed, sp.Eq) else left <= right


def is_true(theorem):
    """Whether both sides are the same number wherever what is supposed holds."""
    return all(value(theorem.left, place) == value(theorem.right, place) for place in places_of(theorem))
