"""From letters to derivatives: a_t = ∂h_t/∂w_h for any f, and for a concrete f term by term.

Source: D2L, "Backpropagation Through Time"; copies of a shared weight: Werbos (1990).
"""

import cmath
from functools import cache

import sympy as sp

from .._checks import check_count
from .latex import BOOK, latex
from .proof import closed_form, induction_proof
from .step import Derivation, Step, a, b, c, recurrence, t
from .typed import h, parse_f, w, x

__all__ = ["concrete", "substitution", "unrolled"]

T_AT_MOST = 3
OPERATIONS_AT_MOST, TERMS_AT_MOST = 700, 500


@cache
def substitution() -> Derivation:
    """Put derivatives for the letters.

        a_t = ∂h_t/∂w_h,   b_t = ∂f/∂w_h with h_{t-1} held fixed,   c_t = ∂f/∂h_{t-1}

    The same steps in the book's letters; what a_t adds up to is then the proved closed form.
    """
    f, state = sp.Function("f"), sp.Function("h")(w)
    x_t, held, weight = sp.symbols("x_t h_{t-1} w_h")
    whole = f(x_t, state, w).diff(w)
    now = f(x_t, held, weight).diff(weight).subs({held: state, weight: w})
    before = f(x_t, held, weight).diff(held).subs({held: state, weight: w})
    meaning = {a[t - 1]: state.diff(w), b[t]: now, c[t]: before}
    steps = (
        Step("model", "h_{t}", f(x_t, held, weight), f(x_t, held, weight), "one step, with the same w_h every time"),
        Step("first state", a[0], held.diff(weight), sp.Integer(0), "h₀ is given: w_h does not act on it", is_zero),
        Step(
            "chain rule",
            a[t],
            a[t],
            recurrence(t),
            "w_h acts now, and through hₜ₋₁: two arguments of f, two terms",
            lambda _, after: (after.subs(meaning) - whole).doit() == 0,
        ),
        Step("closed form", a[t], recurrence(t), closed_form(t), "the recurrence, so the proved sum", proved),
    )
    return Derivation("what the letters stand for", steps).named(BOOK)


def is_zero(before: sp.Expr, after: sp.Expr) -> bool:
    return before == after == 0


def proved(before: sp.Expr, after: sp.Expr) -> bool:
    """The two sides are those of the theorem, and its proof holds."""
    claim = induction_proof().verify().steps[0]
    return before == recurrence(t) and after == claim.after


def at(step: int, expr: sp.Expr, states: list, weight: sp.Expr) -> sp.Expr:
    """f, or a derivative of it, at x_t, h_{t-1} and this weight."""
    return expr.subs({x: sp.Symbol(f"x_{step}"), h: states[step - 1], w: weight}, simultaneous=True)


def unrolled(f: sp.Expr, weights: list) -> list[sp.Expr]:
    """The states h_0, h_1 = f(x_1, h_0, w_1), … up to h_T, each written out in full."""
    states: list = [sp.Symbol("h_0")]
    for step, weight in enumerate(weights, start=1):
        states.append(at(step, f, states, weight))
    return states


@cache
def concrete(text: str, T: int = 3) -> Derivation:
    """Differentiate the unrolled composition directly, and match it with the closed form term by term.

    Each use of w gets a copy of its own, w_1 … w_T. The derivative with respect to the copy w_i, all
    copies then set to w again, is the share of use i:   ∂h_T/∂w_i = c_T … c_{i+1} b_i.

    text  an f(x, h, w) as `parse_f` takes it; T from 1 to 3.
    Raises what `parse_f` raises, and ValueError for a T outside 1 … 3: the composition grows with every step.
    """
    f = parse_f(text)
    if check_count("T", T) > T_AT_MOST:
        raise ValueError(f"the composition is written out for T up to {T_AT_MOST}, got {T}")
    copies = sp.symbols(f"w_1:{T + 1}")
    tie = dict.fromkeys(copies, w)
    with_copies, states = unrolled(f, copies), unrolled(f, [w] * T)
    meaning = {b[n]: at(n, f.diff(w), states, w) for n in range(1, T + 1)}
    meaning |= {c[n]: at(n, f.diff(h), states, w) for n in range(1, T + 1)}

    here = {x: sp.Symbol("x_t"), h: sp.Symbol("h_{t-1}")}
    judges = {
        "judge": lambda before, after: same(before, after.subs(meaning)),
        "second": lambda before, after: close(before, after.subs(meaning)),
    }
    steps = [
        Step("f", "h_{t}", f, f.subs(here), "one step"),
        Step("b", b[t], f, f.diff(w).subs(here), "∂f/∂w with hₜ₋₁ held fixed"),
        Step("c", c[t], f, f.diff(h).subs(here), "∂f/∂hₜ₋₁"),
        Step("composition", f"h_{{{T}}}", f, with_copies[T], "unrolled, with a copy of w for each use"),
    ]
    for n in range(T, 0, -1):
        share = with_copies[T].diff(copies[n - 1]).subs(tie)
        path = sp.prod(c[m] for m in range(n + 1, T + 1)) * b[n]
        left = rf"\left.\frac{{\partial h_{{{T}}}}}{{\partial w_{{{n}}}}}\right|_{{w_i=w}} = {in_states(share, states)}"
        steps.append(Step(f"term {n}", left, share, path, f"use {n}: SymPy's own derivative is this path", **judges))
    everything = rf"\frac{{d h_{{{T}}}}}{{d w}}"
    whole, paths = states[T].diff(w), sum(step.after for step in steps[4:])
    steps.append(Step("sum", everything, whole, paths, "one w again: the terms add up", **judges))
    return Derivation(f"f = {text}, T = {T}", tuple(steps))


def in_states(expr: sp.Expr, states: list) -> str:
    """LaTeX in which every state that can be seen in the expression goes by its name."""
    names = {state: sp.Symbol(f"h_{n}") for n, state in enumerate(states)}
    return latex(expr.xreplace(names))


def same(left: sp.Expr, right: sp.Expr) -> bool:
    """Whether the difference is 0: by structure, or multiplied out, from the largest common parts inwards.

    Raises ValueError where the two seem to be equal but are too large to be multiplied out.
    """
    rest = left - right
    if rest != 0 and rest.count_ops() <= OPERATIONS_AT_MOST:
        parts, (rest,) = sp.cse([rest])
        rest = sp.expand(rest)
        while rest != 0 and parts and len(sp.Add.make_args(rest)) <= TERMS_AT_MOST:
            rest = sp.expand(rest.subs(*parts.pop()))
    if rest != 0 and close(left, right):
        raise ValueError("unrolled, this f is too large to be multiplied out: try fewer steps or a simpler f")
    return rest == 0


def close(left: sp.Expr, right: sp.Expr) -> bool:
    """Whether both are the same number, to 9 digits, at one place without any symmetry.

    Raises ValueError where they have no value there that a float can hold.
    """
    letters = sorted(left.free_symbols | right.free_symbols, key=str)
    place = [(n + 5) / (n + 7) for n in range(len(letters))]
    try:
        left, right = (sp.lambdify(letters, side, modules=[vars(cmath)])(*place) for side in (left, right))
    except (ArithmeticError, ValueError):
        raise ValueError("unrolled, this f leaves the range of numbers: try one that grows less") from None
    return cmath.isclose(left, right, rel_tol=1e-9, abs_tol=1e-12)
