"""Unroll a_t = b_t + c_t a_{t-1}, guess what it adds up to, and prove the guess for every t.

Every line is made by a rule of the kernel. SymPy does not see by itself that the difference of the symbolic
Sum and Product is zero; the rewriting is the proof.
Source of the recurrence and its closed form: D2L, "Backpropagation Through Time".
"""

from functools import cache

import sympy as sp

from .._checks import as_count
from ..notation import subscript
from .kernel import Theorem, backwards, distribute, induction, insert, recurrence, split_last, suppose, write_out
from .step import Derivation, Step, a, b, c, i, j, t

__all__ = ["closed_form", "conjecture", "induction_proof", "unroll"]


def closed_form(n: sp.Expr | int) -> sp.Expr:
    """b_n + Σ_{i=1}^{n-1} ( Π_{j=i+1}^{n} c_j ) b_i, as Sum and Product, for n from 1 on."""
    return b[n] + sp.Sum(path(n) * b[i], (i, 1, n - 1))


def path(n: sp.Expr | int) -> sp.Product:
    """Π_{j=i+1}^{n} c_j: all that lies between step i and step n."""
    return sp.Product(c[j], (j, i + 1, n))


def unroll(T: int) -> Theorem:
    """Write out a_1 … a_T, one insertion at a time.

        a_1 = b_1,   a_2 = b_2 + c_2 b_1,   a_3 = b_3 + c_3 b_2 + c_3 c_2 b_1, …

    Raises TypeError or ValueError unless T is a whole number from 1 on.

    >>> unroll(2)
    ⊢ a[2] = b[1]*c[2] + b[2]
    """
    return _unroll(as_count("T", T))


@cache
def _unroll(T: int) -> Theorem:
    known = insert(recurrence(1), recurrence(0)).line("start", "a₀ = 0: nothing before the first step")
    for n in range(2, T + 1):
        why = f"a{subscript(n - 1)} into the recurrence"
        known = insert(recurrence(n), known).line(f"insert {n}", why)
        known = distribute(known).line(f"expand {n}", "multiply out") if n > 2 else known
    return known


def conjecture(T: int = 4) -> Derivation:
    """Read the pattern off a_T and guess it for every t: the last line is a guess, and no theorem.

        a_t = b_t + Σ_{i=1}^{t-1} ( Π_{j=i+1}^{t} c_j ) b_i

    Raises TypeError or ValueError unless T is a whole number from 1 on.

    >>> [step.name for step in conjecture(4).steps if step.guess]
    ['guess']
    """
    return _conjecture(as_count("T", T))


@cache
def _conjecture(T: int) -> Derivation:
    products = write_out(b[T] + sum(path(T).subs(i, n) * b[n] for n in range(1, T)))
    written = unroll(T).line("written out", "the last line of the unrolling")
    listed = insert(written, backwards(products)).line("products", "in front of bᵢ all cⱼ, j > i")
    folded = backwards(write_out(closed_form(T)))
    whole = insert(insert(listed, products), folded).line("one sum", "one Σ for all the i")
    guess = Step("guess", a[t], closed_form(t), "the same for every t: not yet a proof", guess=True)
    return Derivation([*(theorem.steps[-1] for theorem in (written, listed, whole)), guess])


@cache
def induction_proof() -> Theorem:
    """Prove the closed form for every t ≥ 1 by induction.

    >>> induction_proof()
    ⊢ a[t] = b[t] + Sum(b[i]*Product(c[j], (j, i + 1, t)), (i, 1, t - 1))
    """
    claim, term = closed_form(t), path(t + 1) * b[i]
    first = insert(recurrence(1), recurrence(0)).line("first step", "t = 1: the recurrence says b₁, for a₀ = 0")
    empty = write_out(claim.subs(t, 1)).line("base case", "and so does the formula: its sum is empty")
    hypothesis = suppose(claim).line("hypothesis", "suppose it holds for one t; does it for t+1?")
    following = recurrence(t + 1).line("recurrence", "the recurrence at t+1")
    inserted = insert(following, hypothesis).line("insert", "the hypothesis")
    spread = distribute(inserted).line("distribute", "multiply out; cₜ₊₁ holds no i and may go inside")
    factor = split_last(path(t + 1)).line("split of the product", "the last factor, j = t+1, split off (i ≤ t)")
    absorbed = insert(spread, backwards(factor)).line("absorb", "the split of the product, read from right to left")
    last = split_last(sp.Sum(term, (i, 1, t))).line("split of the sum", "the last term, i = t, split off: it is cₜ₊₁bₜ")
    gathered = insert(absorbed, backwards(last)).line("gather", "the split of the sum, read from right to left")
    return induction(base=insert(first, backwards(empty)), step=gathered)
