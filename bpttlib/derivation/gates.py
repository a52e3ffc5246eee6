"""From h_t = f(x_t, h_{t-1}) to the gate: five cells of one unit in symbols, and every path of their Jacobians.

Sources: Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000 (the forget gate); Cho et al. 2014.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from ..notation import C
from .typed import FUNCTIONS

__all__ = ["Unit", "adding", "gru", "jacobian", "latex", "leaky", "lstm", "paths", "plain", "value"]

tanh, sigmoid, symbol = FUNCTIONS["tanh"], FUNCTIONS["sigmoid"], sp.Symbol
x, h, c = sp.symbols("x_t h_{t-1} c_{t-1}")
LETTERS = {"x": x, "h": h, "c": c}
PARTS = "znrfigoh"  # in the order in which they are told
VALUES = {"tanh": np.tanh, "sigmoid": lambda u: 1 / (1 + np.exp(-u))}


@dataclass(frozen=True)
class Unit:
    """One step of a cell of one unit.

    after  state → what it is after the step, written out: {"h": …}, or {"h": …, "c": …}.
    names  letter → what it stands for, each before those it is made of.
    heard  part → the copy of h_{t-1} that it hears: to differentiate by that copy is to hold all other parts fixed.
    """

    after: Mapping[str, sp.Expr]
    names: Mapping[sp.Symbol, sp.Expr]
    heard: Mapping[str, sp.Symbol]


def written(after: Mapping[str, sp.Expr], **names: sp.Expr) -> Unit:
    letters = {symbol(name): meaning for name, meaning in names.items()}
    found = {one for state in after.values() for one in state.free_symbols}
    return Unit(after, letters, {part: copy(part) for part in PARTS if copy(part) in found})


def copy(part: str) -> sp.Symbol:
    """h_{t-1} as this part hears it."""
    return symbol(f"h_{part}")


def heard(part: str, bias: str = "b_{}") -> sp.Expr:
    """u = w_x x_t + w_h h_{t-1} + b of this part."""
    return symbol(f"w_{part}x") * x + symbol(f"w_{part}h") * copy(part) + symbol(bias.format(part))


def plain() -> Unit:
    """h_t = tanh(w_hx x_t + w_hh h_{t-1} + b_h).

    >>> jacobian(plain())
    {('h', 'h'): w_hh*(1 - h_t**2)}
    """
    after = tanh(heard("h"))
    return written({"h": after}, h_t=after)


def adding() -> Unit:
    """h_t = h_{t-1} + n, n = tanh(w_hx x_t + b_h): it keeps everything, and adds up.

    >>> jacobian(adding())
    {('h', 'h'): 1}
    """
    return written({"h": h + tanh(symbol("w_hx") * x + symbol("b_h"))})


def leaky() -> Unit:
    """h_t = z h_{t-1} + (1-z) n, n = tanh(w_hx x_t + w_hh h_{t-1} + b_h), z = σ(b_z) the same at every step.

    >>> jacobian(leaky())
    {('h', 'h'): w_hh*(1 - n**2)*(1 - z) + z}
    """
    z, n = sigmoid(symbol("b_z")), tanh(heard("h"))
    return written({"h": z * h + (1 - z) * n}, n=n, z=z)


def gru() -> Unit:
    """h_t = z h_{t-1} + (1-z) n: z and the reset gate r hear x_t and h_{t-1}, n hears r m, m = w_nh h_{t-1} + b_n.

    >>> paths(gru())["h", "h"]["z"]
    w_zh*z*(1 - z)*(h_{t-1} - n)
    """
    r, z, m = sigmoid(heard("r")), sigmoid(heard("z")), symbol("w_nh") * copy("n") + symbol("b_n")
    n = tanh(symbol("w_nx") * x + symbol("b_nx") + r * m)
    return written({"h": z * h + (1 - z) * n}, n=n, r=r, z=z, m=m)


def lstm() -> Unit:
    """c_t = f c_{t-1} + i g, h_t = o tanh(c_t): every gate hears x_t and h_{t-1}, no one hears c_{t-1}.

    >>> paths(lstm())["c", "c"]
    {'straight': f}
    """
    i, f, g, o = sigmoid(heard("i")), sigmoid(heard("f")), tanh(heard("g")), sigmoid(heard("o"))
    c_t = f * c + i * g
    return written({"h": o * tanh(c_t), "c": c_t}, c_t=c_t, i=i, f=f, g=g, o=o)


def paths(unit: Unit) -> dict[tuple[str, str], dict[str, sp.Expr]]:
    """What each state does to each state one step later, path by path: (after, before) → way → ∂after/∂before on it.

    A way is "straight", or named by what it leads through: the part that hears h_{t-1}, or c_t on the way to h_t.
    Raises TypeError for what is no Unit, as do all that ask for its paths.
    """
    if not isinstance(unit, Unit):
        raise TypeError(f"unit must be plain(), adding(), leaky(), gru() or lstm(), got {unit!r:.60}")
    return {(after, before): ways(unit, after, before) for after in unit.after for before in unit.after}


def ways(unit: Unit, after: str, before: str) -> dict[str, sp.Expr]:
    """∂after/∂before on every way on which it is not 0."""
    copies = {"straight" if after == before else "c_t": LETTERS[before]} | (unit.heard if before == "h" else {})
    terms = {way: sp.factor_terms(named(unit, unit.after[after].diff(one))) for way, one in copies.items()}
    return {way: term for way, term in terms.items() if term != 0}


def named(unit: Unit, expr: sp.Expr) -> sp.Expr:
    """With letters for what they stand for; every part hears the same h_{t-1}."""
    for letter, meaning in unit.names.items():
        expr = expr.xreplace({meaning: letter})
    return expr.xreplace(dict.fromkeys(unit.heard.values(), h))


def jacobian(unit: Unit) -> dict[tuple[str, str], sp.Expr]:
    """∂after/∂before for each pair of states: all its paths together."""
    return {block: sp.Add(*terms.values()) for block, terms in paths(unit).items()}


def value(unit: Unit, **numbers: float) -> NDArray:
    """The Jacobian in numbers, (s,s), row the state after; x, h and c are those that the step meets.

    Raises ValueError for a letter without a number.

    >>> value(plain(), x=0, h=0, w_hx=1, w_hh=0.5, b_h=0)
    array([[0.5]])
    """
    entries = [*jacobian(unit).values()]
    given = {LETTERS.get(name, symbol(name)): number for name, number in numbers.items()}
    J = written_out(unit, sp.Matrix(len(unit.after), len(unit.after), entries))
    missing = sorted(str(letter) for letter in J.free_symbols - {*given})
    if missing:
        raise ValueError(f"a number is needed for {', '.join(missing)}")
    return np.array(sp.lambdify([*given], J, [VALUES, "numpy"])(*given.values()), float)


def written_out(unit: Unit, J: sp.Matrix) -> sp.Matrix:
    """With what its letters stand for, down to weights, x_t and the states before."""
    for letter, meaning in unit.names.items():
        J = J.xreplace({letter: meaning})
    return J.xreplace(dict.fromkeys(unit.heard.values(), h))


def latex(unit: Unit) -> str:
    """Its Jacobian, a line for each path; what leads straight from a state to itself in the colour of c_t.

    >>> print(latex(adding()))
    \\begin{aligned}\\frac{\\partial h_t}{\\partial h_{t-1}} &= {\\color{#009E73}{1}} && \\text{straight}\\end{aligned}
    """
    lines = []
    for (after, before), terms in reversed(paths(unit).items()):
        left = rf"\frac{{\partial {after}_t}}{{\partial {before}_{{t-1}}}} &= "
        for way, term in terms.items():
            lines.append(left + line(way, sp.latex(term)))
            left = r"&\quad + "
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"


def line(way: str, term: str) -> str:
    if way == "straight":
        return rf"{{\color{{{C}}}{{{term}}}}} && \text{{straight}}"
    return rf"{term} && \text{{through }} " + {"h": r"\tanh"}.get(way, way)
