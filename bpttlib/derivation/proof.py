"""Unroll a_t = b_t + c_t a_{t-1}, guess what it adds up to, and prove the guess for every t.

SymPy does not see by itself that the difference of the symbolic Sum and Product is zero; the
rewriting is the proof, so every rewriting is a step with a rule of SymPy's behind it.
Source of the recurrence and its closed form: D2L, "Backpropagation Through Time".
"""

from collections.abc import Callable
from functools import cache

import sympy as sp
from sympy.simplify.simplify import product_simplify, sum_simplify

from .._checks import as_count
from ..notation import subscript
from .step import Derivation, Judge, Step, a, b, c, i, j, recurrence, t

__all__ = ["closed_form", "conjecture", "induction_proof", "unroll"]


def closed_form(n: sp.Expr | int) -> sp.Expr:
    """b_n + Σ_{i=1}^{n-1} ( Π_{j=i+1}^{n} c_j ) b_i, as Sum and Product, for n from 1 on."""
    return b[n] + sp.Sum(path(n) * b[i], (i, 1, n - 1))


def path(n: sp.Expr | int) -> sp.Product:
    """Π_{j=i+1}^{n} c_j: all that lies between step i and step n."""
    return sp.Product(c[j], (j, i + 1, n))


def by(rule: Callable[[sp.Expr], sp.Expr]) -> Judge:
    """The step is what SymPy's rule makes of the line before."""
    return lambda before, after: rule(before) == after


def inserting(old: sp.Expr, new: sp.Expr) -> Judge:
    """The step puts in, for a known quantity, what it is equal to."""
    return by(lambda before: before.subs(old, new))


def inside_sums(old: sp.Expr, new: sp.Expr) -> Judge:
    """The same within every sum."""

    def put_in(sum_: sp.Sum) -> sp.Sum:
        return sp.Sum(sum_.function.subs(old, new), *sum_.limits)

    return by(lambda before: before.replace(lambda part: isinstance(part, sp.Sum), put_in))


def by_difference(before: sp.Expr, after: sp.Expr) -> bool:
    """SymPy simplifies the difference to 0."""
    return sp.simplify(before - after) == 0


def by_splitting(last: sp.Sum | sp.Product, join: Callable[[sp.Expr], sp.Expr]) -> Judge:
    """The one-element `last` is what was split off: joined again with the rest it gives the line before."""
    return lambda before, after: join(after.subs(last.doit(), last)) == before


def written_out(before: sp.Expr, after: sp.Expr) -> bool:
    """Both sides are the same once every sum and product of known length is written out."""
    return sp.expand(before.doit()) == sp.expand(after.doit())


def is_recurrence(before: sp.Expr, after: sp.Expr) -> bool:
    """The step says what the recurrence says."""
    return isinstance(before, sp.Indexed) and before.base == a and recurrence(before.indices[0]) == after


def unroll(T: int) -> Derivation:
    """Write out a_1 … a_T, one insertion at a time.

        a_1 = b_1,   a_2 = b_2 + c_2 b_1,   a_3 = b_3 + c_3 b_2 + c_3 c_2 b_1, …

    Raises TypeError or ValueError unless T is a whole number from 1 on.
    """
    return _unroll(as_count("T", T))


@cache
def _unroll(T: int) -> Derivation:
    steps = [Step("start", a[1], b[1] + c[1] * a[0], b[1], "a₀ = 0: nothing before the first step", inserting(a[0], 0))]
    for n in range(2, T + 1):
        known = steps[-1].after
        inserted = b[n] + c[n] * known
        why = f"the recurrence, with the line above for a{subscript(n - 1)}"
        above = ((a[n - 1], known),)
        steps.append(Step(f"insert {n}", a[n], recurrence(n), inserted, why, inserting(*above[0]), uses=above))
        if n > 2:
            line = ((a[n], inserted),)
            steps.append(
                Step(f"expand {n}", a[n], inserted, sp.expand(inserted), "multiply out", by(sp.expand), uses=line)
            )
    return Derivation(f"unrolled for T = {T}", tuple(steps), goal=(a[T], steps[-1].after))


def conjecture(T: int = 4) -> Derivation:
    """Read the pattern off a_T and guess it for every t.

        a_t = b_t + Σ_{i=1}^{t-1} ( Π_{j=i+1}^{t} c_j ) b_i

    Raises TypeError or ValueError unless T is a whole number from 1 on.
    """
    return _conjecture(as_count("T", T))


@cache
def _conjecture(T: int) -> Derivation:
    written = unroll(T).steps[-1].after
    products = b[T] + sum(path(T).subs(i, n) * b[n] for n in range(1, T))
    last, first_guess, above = closed_form(T), closed_form(t), ((a[T], written),)
    steps = (
        Step("written out", a[T], written, written, "the last line of the unrolling", by(sp.expand)),
        Step("products", a[T], written, products, "in front of bᵢ all cⱼ, j > i", written_out, uses=above),
        Step("one sum", a[T], products, last, "one Σ for all the i", written_out, uses=((a[T], products),)),
        Step("guess", a[t], first_guess, first_guess, "the same for every t: not yet a proof", uses=((a[T], last),)),
    )
    return Derivation("the pattern", steps, goal=(a[t], first_guess))


@cache
def induction_proof() -> Derivation:
    """Prove the closed form for every t by induction; `verify()` checks each step again."""
    claim = closed_form(t)
    first, goal = claim.subs(t, 1), claim.subs(t, t + 1)
    now, gap, nothing = a[t + 1], sp.Add(a[t + 1], -goal, evaluate=False), sp.Integer(0)
    term = path(t + 1) * b[i]  # of the sum for t + 1
    inserted = b[t + 1] + c[t + 1] * claim
    spread = b[t + 1] + c[t + 1] * b[t] + sp.Sum(c[t + 1] * path(t) * b[i], (i, 1, t - 1))
    absorbed = b[t + 1] + c[t + 1] * b[t] + sp.Sum(term, (i, 1, t - 1))
    gathered = b[t + 1] + sp.Sum(term, (i, 1, t))
    longer, split = path(t + 1), c[t + 1] * path(t)
    every, parted = sp.Sum(term, (i, 1, t)), c[t + 1] * b[t] + sp.Sum(term, (i, 1, t - 1))
    off_product = by_splitting(sp.Product(c[j], (j, t + 1, t + 1)), product_simplify)
    off_sum = by_splitting(sp.Sum(term, (i, t, t)), sum_simplify)
    no_gap = by(lambda before: sp.simplify(before.subs(now, gathered)))

    hypothesis = ((a[t], claim), (now, recurrence(t + 1)))
    product_split, sum_split = ((longer, split),), ((every, parted),)
    all_above = ((a[1], b[1]), (first, b[1]), (now, gathered))
    steps = (
        Step("claim", a[t], claim, claim, "the guess; to prove for t = 1, 2, 3, …"),
        Step("first step", a[1], recurrence(1), b[1], "t = 1: the recurrence says b₁, for a₀ = 0", inserting(a[0], 0)),
        Step("base case", first, first, b[1], "and so does the formula: its sum is empty", by(sp.Expr.doit)),
        Step("hypothesis", a[t], claim, claim, "suppose it holds for one t; does it for t+1?", uses=((a[t], claim),)),
        Step("recurrence", now, now, recurrence(t + 1), "the recurrence at t+1", is_recurrence),
        Step("insert", now, recurrence(t + 1), inserted, "the hypothesis", inserting(a[t], claim), uses=hypothesis),
        Step("distribute", now, inserted, spread, "multiply out; cₜ₊₁ holds no i and may go inside", by_difference),
        Step("split of the product", longer, longer, split, "the last factor, j = t+1, split off (i ≤ t)", off_product),
        Step("absorb", now, spread, absorbed, "read backwards", inside_sums(split, longer), uses=product_split),
        Step("split of the sum", every, every, parted, "the last term, i = t, split off: it is cₜ₊₁bₜ", off_sum),
        Step("gather", now, absorbed, gathered, "read backwards", inserting(parted, every), uses=sum_split),
        Step("difference", gap, gap, nothing, "so the claim holds for t+1", no_gap, uses=all_above),
    )
    return Derivation("proof by induction", steps, goal=(gap, nothing))
