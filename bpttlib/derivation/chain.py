"""From letters to derivatives: a_t = ∂h_t/∂w_h for any f, and for a concrete f term by term.

Source: D2L, "Backpropagation Through Time"; copies of a shared weight: Werbos (1990).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial

import sympy as sp

from .._checks import as_count
from .agree import agreement
from .budget import ask, remembered
from .kernel import FalseStep, recurrence
from .latex import BOOK, latex
from .proof import induction_proof, unroll
from .step import Derivation, Step, a, b, c, t
from .typed import h, parse_f, w, x

__all__ = ["concrete", "nested_states", "substitution"]

T_AT_MOST = 3
X_T, HELD, WEIGHT = sp.symbols("x_t h_{t-1} w_h")
MODEL = sp.Function("f")(X_T, HELD, WEIGHT)


@cache
def substitution() -> Derivation:
    """Put derivatives for the letters.

        a_t = ∂h_t/∂w_h,   b_t = ∂f/∂w_h with h_{t-1} held fixed,   c_t = ∂f/∂h_{t-1}

    The theorem holds for all a, b, c with a_0 = 0 and the recurrence. The first is given; that derivatives
    obey the second, SymPy's chain rule says. So the theorem holds for them, in the book's letters.
    Raises FalseStep if the chain rule does not say so.
    """
    first, every, proved, step = recurrence(0), recurrence(t), induction_proof(), partial(Step, names=BOOK)
    check_chain_rule(every.right)
    why = "w_h acts now, and through hₜ₋₁: two arguments of f, two terms"
    return Derivation(
        [
            step("model", "h_{t}", MODEL, "one step, with the same w_h every time"),
            step("first state", first.left, first.right, "given: w_h does not act on h₀"),
            step("chain rule", every.left, every.right, why),
            step("closed form", proved.left, proved.right, "the proved sum"),
        ]
    )


def check_chain_rule(total: sp.Expr) -> None:
    """Raise FalseStep unless `total`, with derivatives for its letters, is dh_t/dw for h_t = f(x_t, h_{t-1}(w), w)."""
    state = sp.Function("h")(w)
    composed = {HELD: state, WEIGHT: w}
    meaning = {a[t - 1]: state.diff(w), b[t]: MODEL.diff(WEIGHT).subs(composed), c[t]: MODEL.diff(HELD).subs(composed)}
    if (total.subs(meaning) - MODEL.subs(composed).diff(w)).doit() != 0:
        raise FalseStep(f"step 'chain rule' is false: {total} is not what SymPy finds")


def evaluated(step: int, expr: sp.Expr, states: list, weight: sp.Expr) -> sp.Expr:
    """f, or a derivative of it, at x_t, h_{t-1} and this weight."""
    ask()
    return expr.xreplace({x: sp.Symbol(f"x_{step}"), h: states[step - 1], w: weight})


def nested_states(f: sp.Expr, weights: Sequence[sp.Expr]) -> list[sp.Expr]:
    """The states h_0, h_1 = f(x_1, h_0, w_1), … up to h_T, each written out in full."""
    states: list = [sp.Symbol("h_0")]
    for step, weight in enumerate(weights, start=1):
        states.append(evaluated(step, f, states, weight))
    return states


def concrete(text: str, T: int = 3) -> Derivation:
    """Differentiate the unrolled composition directly, and match it with the closed form term by term.

    Each use of w gets a copy of its own, w_1 … w_T. The derivative with respect to the copy w_i, all
    copies then set to w again, is the share of use i:   ∂h_T/∂w_i = c_T … c_{i+1} b_i.
    The terms are those of the theorem `unroll(T)`.

    Where both sides are too large to be multiplied out, they are compared in numbers; the reason of the
    step says so.

    text  an f in x, h, w and perhaps u, as `parse_f` takes it; T from 1 to 3.
    Raises what `parse_f` raises, TypeError for a T that is no whole number, ValueError for a T outside
    1 … 3 (the composition grows with every step) or an f that, unrolled, leaves the range of numbers or takes more
    than some seconds, and FalseStep for a line whose two sides do not agree.

    >>> concrete("w*h + u*x", T=2).steps[-1].reason
    'one w again: the paths add up, exactly'
    """
    if as_count("T", T) > T_AT_MOST:
        raise ValueError(f"the composition is written out for T up to {T_AT_MOST}, got {T}")
    return _concrete(parse_f(text), int(T))


@remembered
def _concrete(f: sp.Expr, T: int) -> Derivation:
    copies, here = sp.symbols(f"w_1:{T + 1}"), {x: X_T, h: HELD}
    composition, states = nested_states(f, copies)[T], nested_states(f, [w] * T)
    names, spelled, paths = names_of(states), spelling(f, states), unroll(T).right
    step_t, total = f.xreplace(here), rf"\frac{{\partial h_{{{T}}}}}{{\partial w}}"
    steps = [
        Step("f", "h_{t}", step_t, "one step"),
        matched(Step("b", latex(b[t]), step_t.diff(w), "∂f/∂w with hₜ₋₁ held fixed"), f.diff(w).xreplace(here)),
        matched(Step("c", latex(c[t]), step_t.diff(HELD), "∂f/∂hₜ₋₁"), f.diff(h).xreplace(here)),
        Step("composition", f"h_{{{T}}}", composition, "unrolled, with a copy of w for each use"),
    ]
    for n in range(T, 0, -1):
        left = rf"\left.\frac{{\partial h_{{{T}}}}}{{\partial w_{{{n}}}}}\right|_{{w_i=w}}"
        share = composition.diff(copies[n - 1]).xreplace(dict.fromkeys(copies, w))
        found = Step(f"use {n}", left, share.xreplace(names), f"what SymPy finds for use {n} of the nest")
        use = matched(found, share, spelled)
        path = Step(f"path {n}", use.shown, term_of(paths, n), f"it equals path {n}")
        steps += [use, matched(path, use.after, spelled, say_how=True)]
    whole = Step("sum", total, paths, "one w again: the paths add up")
    return Derivation([*steps, matched(whole, states[T].diff(w), spelled, say_how=True)])


def names_of(states: list) -> dict:
    """The name h_n of every state that is written out."""
    return {state: sp.Symbol(f"h_{n}") for n, state in enumerate(states)}


def term_of(paths: sp.Expr, n: int) -> sp.Expr:
    """The term of the sum that b_n begins."""
    return next(term for term in sp.Add.make_args(paths) if term.has(b[n]))


def spelling(f: sp.Expr, states: list) -> Callable[[sp.Expr], sp.Expr]:
    """What puts every b_n, c_n and h_n back to what it stands for."""
    meaning = {}
    for n in range(1, len(states)):
        meaning |= {b[n]: evaluated(n, f.diff(w), states, w), c[n]: evaluated(n, f.diff(h), states, w)}
    return lambda expr: expr.xreplace(meaning).xreplace({name: state for state, name in names_of(states).items()})


def matched(line: Step, found: sp.Expr, spelled: Callable = lambda expr: expr, say_how: bool = False) -> Step:
    """The line, and if asked how surely it is known; FalseStep unless what it says is what was found."""
    how = agreement(spelled(found), spelled(line.after))
    if not how:
        raise FalseStep(f"step {line.name!r} is false: {found} is not {line.after}")
    return replace(line, reason=f"{line.reason}, {how}") if say_how else line
