"""Read a learner's f(x, h, w) without ever evaluating it as Python."""

import ast
import operator
from collections.abc import Callable

import sympy as sp

__all__ = ["FUNCTIONS", "SYMBOLS", "h", "parse_f", "u", "w", "x"]

x, h, w, u = sp.symbols("x h w u")
SYMBOLS = {"x": x, "h": h, "w": w, "u": u}
FUNCTIONS: dict[str, Callable] = {
    "tanh": sp.tanh,
    "sigmoid": lambda z: 1 / (1 + sp.exp(-z)),
    "sin": sp.sin,
    "cos": sp.cos,
    "exp": sp.exp,
    "log": sp.log,
    "sqrt": sp.sqrt,
    "atan": sp.atan,
}
OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}

LONGEST, DEEPEST, H_AT_MOST, POWER_AT_MOST, NUMBER_AT_MOST = 60, 8, 2, 3, 1000


def parse_f(text: str) -> sp.Expr:
    """Turn text such as "tanh(w*h + u*x)" into a SymPy expression in x, h, w and u.

    Allowed: + - * / **, numbers, parentheses, those four letters, and the functions of FUNCTIONS.
    The text is taken apart by Python's parser and put together again from these; nothing is run.
    Raises TypeError unless text is a string; ValueError, naming what is not allowed, for anything
    else, for more than 60 characters, 8 levels, 2 times h, powers other than 0 to 3 or -1 to -3,
    numbers above 1000, an f without h or without w, and an f that is not a real number.
    """
    if not isinstance(text, str):
        raise TypeError(f"f must be text, got {type(text).__name__}")
    if len(text) > LONGEST:
        raise ValueError(f"f is {len(text)} characters long, at most {LONGEST} are allowed")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError(f"cannot read {text!r}: write it like tanh(w*h + u*x)") from None
    f = build(tree, DEEPEST)
    used = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
    if used.count("h") > H_AT_MOST:
        raise ValueError(
            f"h stands {used.count('h')} times, at most {H_AT_MOST} are allowed: unrolled, each brings all"
        )
    if f.has(sp.zoo, sp.nan, sp.oo, sp.I):
        raise ValueError(f"{text!r} is not a real number: a division by zero, or a root or logarithm of a negative one")
    for letter, why in ((h, "nothing would be passed on"), (w, "there would be nothing to learn")):
        if letter not in f.free_symbols:
            raise ValueError(f"f must depend on {letter}: without it {why}")
    return f


def build(node: ast.expr, depth: int) -> sp.Expr:
    """The expression of one node of the parsed text."""
    if depth == 0:
        raise ValueError(f"f is nested more than {DEEPEST} levels deep")
    match node:
        case ast.Constant():
            return number(node.value)
        case ast.Name(id=name):
            return known(name, SYMBOLS, "letter")
        case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
            value = build(node.operand, depth - 1)
            return -value if isinstance(node.op, ast.USub) else value
        case ast.BinOp(op=ast.Pow()):
            return build(node.left, depth - 1) ** power(node.right)
        case ast.BinOp() if type(node.op) in OPERATORS:
            return OPERATORS[type(node.op)](build(node.left, depth - 1), build(node.right, depth - 1))
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if not isinstance(argument, ast.Starred):
            return known(name, FUNCTIONS, "function")(build(argument, depth - 1))
    raise ValueError(f"not allowed in f: {ast.unparse(node)!r}; use + - * / ** and {', '.join(FUNCTIONS)}")


def known(name: str, table: dict, kind: str):
    if name not in table:
        raise ValueError(f"unknown {kind} {name!r}: use {', '.join(table)}")
    return table[name]


def number(value: object) -> sp.Rational:
    """An exact number: 0.5 is 1/2."""
    if type(value) not in (int, float) or not -NUMBER_AT_MOST <= value <= NUMBER_AT_MOST:
        raise ValueError(f"not a number up to {NUMBER_AT_MOST}: {value!r}"[:80])
    return sp.Rational(str(value))


def power(node: ast.expr) -> int:
    """A small whole number."""
    value = node.operand if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) else node
    if not isinstance(value, ast.Constant) or type(value.value) is not int or value.value > POWER_AT_MOST:
        raise ValueError(f"a power must be a whole number from -{POWER_AT_MOST} to {POWER_AT_MOST}")
    return value.value if value is node else -value.value
