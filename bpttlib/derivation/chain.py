"""From letters to derivatives: a_t = ∂h_t/∂w_h for any f, and for a concrete f term by term.

Source: D2L, "Backpropagation Through Time"; copies of a shared weight: Werbos (1990).
"""

from collections.abc import Sequence
from functools import cache

import sympy as sp

from .._checks import as_count
from .agree import agreement
from .latex import BOOK, latex
from .proof import closed_form, induction_proof
from .step import Derivation, Step, a, b, c, recurrence, t
from .typed import h, parse_f, w, x

__all__ = ["concrete", "substitution", "unrolled"]

T_AT_MOST = 3


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
    above = ((a[0], sp.Integer(0)), (a[t], recurrence(t)))
    steps = (
        Step("model", "h_{t}", f(x_t, held, weight), f(x_t, held, weight), "one step, with the same w_h every time"),
        Step("first state", a[0], sp.Integer(0), sp.Integer(0), "given: w_h does not act on h₀"),
        Step(
            "chain rule",
            a[t],
            a[t],
            recurrence(t),
            "w_h acts now, and through hₜ₋₁: two arguments of f, two terms",
            lambda _, after: (after.subs(meaning) - whole).doit() == 0,
        ),
        Step("closed form", a[t], recurrence(t), closed_form(t), "the proved sum", proved, uses=above),
    )
    return Derivation("what the letters stand for", steps, goal=(a[t], closed_form(t))).named(BOOK)


def proved(before: sp.Expr, after: sp.Expr) -> bool:
    """The two sides are those of the theorem, and its proof holds."""
    claim = induction_proof().verified.steps[0]
    return before == recurrence(t) and after == claim.after


def at(step: int, expr: sp.Expr, states: list, weight: sp.Expr) -> sp.Expr:
    """f, or a derivative of it, at x_t, h_{t-1} and this weight."""
    return expr.subs({x: sp.Symbol(f"x_{step}"), h: states[step - 1], w: weight}, simultaneous=True)


def unrolled(f: sp.Expr, weights: Sequence[sp.Expr]) -> list[sp.Expr]:
    """The states h_0, h_1 = f(x_1, h_0, w_1), … up to h_T, each written out in full."""
    states: list = [sp.Symbol("h_0")]
    for step, weight in enumerate(weights, start=1):
        states.append(at(step, f, states, weight))
    return states


def concrete(text: str, T: int = 3) -> Derivation:
    """Differentiate the unrolled composition directly, and match it with the closed form term by term.

    Each use of w gets a copy of its own, w_1 … w_T. The derivative with respect to the copy w_i, all
    copies then set to w again, is the share of use i:   ∂h_T/∂w_i = c_T … c_{i+1} b_i.

    Where both sides are too large to be multiplied out, they are compared in numbers; the reason of the
    step says so.

    text  an f in x, h, w and perhaps u, as `parse_f` takes it; T from 1 to 3.
    Raises what `parse_f` raises, TypeError for a T that is no whole number, and ValueError for a T outside
    1 … 3 (the composition grows with every step) or an f that, unrolled, leaves the range of numbers.
    """
    if as_count("T", T) > T_AT_MOST:
        raise ValueError(f"the composition is written out for T up to {T_AT_MOST}, got {T}")
    return _concrete(parse_f(text), int(T))


@cache
def _concrete(f: sp.Expr, T: int) -> Derivation:
    copies = sp.symbols(f"w_1:{T + 1}")
    tie = dict.fromkeys(copies, w)
    with_copies, states = unrolled(f, copies), unrolled(f, [w] * T)
    names = [sp.Symbol(f"h_{n}") for n in range(T + 1)]
    meaning = {b[n]: at(n, f.diff(w), states, w) for n in range(1, T + 1)}
    meaning |= {c[n]: at(n, f.diff(h), states, w) for n in range(1, T + 1)}

    def written_out(expr: sp.Expr) -> sp.Expr:
        """Every b, c and h_n put back to what it stands for."""
        return expr.subs(meaning).subs(dict(zip(names, states, strict=True)))

    def line(name: str, shown: str, before: sp.Expr, after: sp.Expr, reason: str, how: str = "", uses=()) -> Step:
        """A line whose judge wants the two sides to agree as surely as the line says."""

        def judge(before: sp.Expr, after: sp.Expr) -> bool:
            found = agreement(written_out(before), written_out(after))
            return found == how if how else bool(found)

        return Step(name, shown, before, after, f"{reason}, {how}" if how else reason, judge, None, uses=uses)

    here = {x: sp.Symbol("x_t"), h: sp.Symbol("h_{t-1}")}
    steps = [
        Step("f", "h_{t}", f.subs(here), f.subs(here), "one step"),
        line("b", latex(b[t]), f.diff(w).subs(here), f.subs(here).diff(w), "∂f/∂w with hₜ₋₁ held fixed"),
        line("c", latex(c[t]), f.diff(h).subs(here), f.subs(here).diff(here[h]), "∂f/∂hₜ₋₁"),
        line("composition", f"h_{{{T}}}", with_copies[T], with_copies[T], "unrolled, with a copy of w for each use"),
    ]
    above = []
    for n in range(T, 0, -1):
        share = with_copies[T].diff(copies[n - 1]).subs(tie)
        seen = share.xreplace(dict(zip(states, names, strict=True)))
        path = sp.prod(c[m] for m in range(n + 1, T + 1)) * b[n]
        left = rf"\left.\frac{{\partial h_{{{T}}}}}{{\partial w_{{{n}}}}}\right|_{{w_i=w}}"
        how = agreement(share, written_out(path)) or "not at all"
        steps.append(line(f"use {n}", left, share, seen, f"what SymPy finds for use {n} of the nest"))
        steps.append(line(f"path {n}", left, seen, path, f"it equals path {n}", how, uses=((left, seen),)))
        above.append((left, path))
    whole, paths = states[T].diff(w), sum(path for _, path in above)
    how = agreement(whole, written_out(paths)) or "not at all"
    total = rf"\frac{{\partial h_{{{T}}}}}{{\partial w}}"
    steps.append(line("sum", total, whole, paths, "one w again: the paths add up", how, uses=tuple(above)))
    return Derivation(f"f = {f}, T = {T}", tuple(steps), goal=(total, paths))
