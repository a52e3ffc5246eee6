"""Read a learner's f(x, h, w) without ever evaluating it as Python."""

import ast
import cmath
import operator
import re
import warnings
from collections.abc import Callable

import sympy as sp

from .vanish import vanishes

__all__ = ["FUNCTIONS", "SYMBOLS", "VALUES", "h", "parse_f", "u", "w", "x"]

x, h, w, u = sp.symbols("x h w u")
SYMBOLS = {"x": x, "h": h, "w": w, "u": u}


def plain(name: str, slope: Callable) -> type[sp.Function]:
    """A function that SymPy leaves as it stands and differentiates by this slope of (z, f(z))."""
    return type(name, (sp.Function,), {"fdiff": lambda self, argindex=1: slope(self.args[0], self)})


FUNCTIONS = {
    "tanh": plain("tanh", lambda z, f: 1 - f**2),
    "sigmoid": plain("sigmoid", lambda z, f: f * (1 - f)),
    "sin": plain("sin", lambda z, f: FUNCTIONS["cos"](z)),
    "cos": plain("cos", lambda z, f: -FUNCTIONS["sin"](z)),
    "exp": plain("exp", lambda z, f: f),
    "log": plain("log", lambda z, f: 1 / z),
    "sqrt": plain("sqrt", lambda z, f: 1 / (2 * f)),
    "atan": plain("atan", lambda z, f: 1 / (1 + z**2)),
}
VALUES = {"sigmoid": lambda z: (1 + cmath.tanh(z / 2)) / 2}  # what Python's own module does not have
OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}

LONGEST, DEEPEST, POWER_AT_MOST, NUMBER_AT_MOST = 60, 8, 3, 10**6
TIMES_AT_MOST = {"h": 2, "w": 4}  # unrolled, each h brings all of them
LONG_NUMBER = re.compile(r"[\d._]{10,}|\d[eExXbBoO_]")


def parse_f(text: str) -> sp.Expr:
    """Turn text such as "tanh(w*h + u*x)" into a SymPy expression in x, h, w and u.

    Allowed: + - * / **, numbers, parentheses, those four letters, and the functions of FUNCTIONS.
    The text is taken apart by Python's parser and put together again from these; nothing is run.
    Raises TypeError unless text is a string; ValueError, naming what is not allowed, for anything
    else, and for more than 60 characters, 8 levels of nesting, 2 times h or 4 times w; powers other than
    -3 to 3 or within each other; numbers of 10 digits, with an exponent, or that are no fractions of
    whole numbers up to a million; a function of a number alone; a division by zero; an f without h or w.
    """
    if not isinstance(text, str):
        raise TypeError(f"f must be text, got {type(text).__name__}")
    text = text.strip()
    if len(text) > LONGEST:
        raise ValueError(f"f is {len(text)} characters long, at most {LONGEST} are allowed")
    if LONG_NUMBER.search(text):
        raise ValueError("write numbers plainly, with fewer than 10 digits, such as 0.25 or 1/3")
    taken_apart = tree(text)
    f = build(taken_apart, DEEPEST)
    names = [node.id for node in ast.walk(taken_apart) if isinstance(node, ast.Name)]
    for letter, most in TIMES_AT_MOST.items():
        if names.count(letter) > most:
            raise ValueError(f"{letter} stands {names.count(letter)} times, at most {most} are allowed")
    for letter, why in ((h, "nothing would be passed on"), (w, "there would be nothing to learn")):
        if letter not in f.free_symbols:
            raise ValueError(f"f must depend on {letter}: without it {why}")
    return f


def tree(text: str) -> ast.expr:
    """The text taken apart, unless Python's parser cannot, or would read look-alikes of our letters as them."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Python, on what is refused here anyway
            return ast.parse(text.encode("ascii").decode(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError(f"cannot read {text[:12]!r} …: write it like tanh(w*h + u*x)") from None


def build(node: ast.expr, depth: int) -> sp.Expr:
    """The expression of one node of the parsed text."""
    if depth == 0:
        raise ValueError(f"f is nested more than {DEEPEST} levels deep")
    match node:
        case ast.Constant():
            return number(node.value)
        case ast.Name(id=name):
            return known(name, SYMBOLS, "letter")
        case ast.UnaryOp(op=ast.USub()):
            return -build(node.operand, depth - 1)
        case ast.BinOp(op=ast.Pow()):
            return power(build(node.left, depth - 1), node)
        case ast.BinOp() if type(node.op) in OPERATORS:  # a long sum is not deep
            return combine(node.op, build(node.left, depth), build(node.right, depth - 1))
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if not isinstance(argument, ast.Starred):
            return apply(known(name, FUNCTIONS, "function"), build(argument, depth - 1))
    raise ValueError(f"not allowed in f: {ast.unparse(node)[:30]!r}; use + - * / ** and {', '.join(FUNCTIONS)}")


def known(name: str, table: dict, kind: str):
    if name not in table:
        raise ValueError(f"unknown {kind} {name[:20]!r}: use {', '.join(table)}")
    return table[name]


def number(value: object) -> sp.Rational:
    """An exact number: 0.5 is 1/2."""
    if type(value) not in (int, float) or not 0 <= value <= NUMBER_AT_MOST:
        raise ValueError(f"not a number up to a million: {ascii(value)[:20]}")
    return simple(sp.Rational(str(value)))


def simple(value: sp.Expr) -> sp.Expr:
    """The expression, unless it is a number that is no simple fraction."""
    if value.is_number and not (value.is_Rational and max(abs(value.p), value.q) <= NUMBER_AT_MOST):
        raise ValueError("a number in f must be a fraction of whole numbers up to a million")
    return value


def combine(op: ast.operator, left: sp.Expr, right: sp.Expr) -> sp.Expr:
    if isinstance(op, ast.Div) and vanishes(right):
        raise ValueError("f divides by zero")
    return simple(OPERATORS[type(op)](left, right))


def apply(function: type[sp.Function], argument: sp.Expr) -> sp.Expr:
    if argument.is_number or vanishes(argument):
        raise ValueError("a function in f must act on a letter, not on a number")
    return simple(function(argument))


def power(base: sp.Expr, node: ast.BinOp) -> sp.Expr:
    """A small whole power of something that holds no power."""
    negative = isinstance(node.right, ast.UnaryOp) and isinstance(node.right.op, ast.USub)
    value = node.right.operand if negative else node.right
    if not isinstance(value, ast.Constant) or type(value.value) is not int or value.value > POWER_AT_MOST:
        raise ValueError(f"a power must be a whole number from -{POWER_AT_MOST} to {POWER_AT_MOST}")
    if any(isinstance(part, ast.BinOp) and isinstance(part.op, ast.Pow) for part in ast.walk(node.left)):
        raise ValueError("a power within a power grows too fast: multiply the two")
    if negative and vanishes(base):
        raise ValueError("f divides by zero")
    return simple(base ** (-value.value if negative else value.value))
