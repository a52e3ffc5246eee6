"""Why pairs may meet in any grouping: (c₃,b₃)∘((c₂,b₂)∘(c₁,b₁)) = ((c₃,b₃)∘(c₂,b₂))∘(c₁,b₁), proved two ways.

Of numbers the kernel proves it: two steps of the recurrence are one with the composed pair, and three steps come to the
same, whichever two are put together first. Of matrices, which do not commute, both sides are multiplied out.
"""

from functools import cache

import sympy as sp

from .kernel import FalseStep, Theorem, distribute, insert, recurrence
from .step import Derivation, Step, t

__all__ = ["Pair", "associativity", "compose", "three_steps", "two_steps"]

Pair = tuple[sp.Expr, sp.Expr]  # (c, b), which makes b + c a of a


def compose(second: Pair, first: Pair) -> Pair:
    """Make one pair of two: (c₂, b₂) ∘ (c₁, b₁) = (c₂ c₁, c₂ b₁ + b₂).

    >>> compose((2, 10), (3, 1))
    (6, 12)
    """
    (c2, b2), (c1, b1) = second, first
    return c2 * c1, c2 * b1 + b2


@cache
def two_steps() -> Theorem:
    """Put step t into step t+1: what stands with a_{t-1} is c_{t+1} c_t, the rest c_{t+1} b_t + b_{t+1}.

    >>> two_steps()
    ⊢ a[t + 1] = a[t - 1]*c[t + 1]*c[t] + b[t + 1] + b[t]*c[t + 1]
    """
    return joined(recurrence(t + 1), recurrence(t)).line("two steps", "two steps are one, with the composed pair")


@cache
def three_steps() -> tuple[Theorem, Theorem]:
    """Put three steps together, the first two first, and the last two first: theorems of the same equation.

    >>> first_two, last_two = three_steps()
    >>> first_two.left == last_two.left and first_two.right == last_two.right
    True
    """
    first_two = joined(recurrence(t + 2), two_steps())
    last_two = joined(joined(recurrence(t + 2), recurrence(t + 1)), recurrence(t))
    return first_two.line("first two", "the first two first"), last_two.line("last two", "the last two first")


def joined(second: Theorem, first: Theorem) -> Theorem:
    return distribute(insert(second, first))


@cache
def associativity() -> Derivation:
    """Show the theorems for numbers, then both groupings for matrices, of which no two may change places.

    Of the product of matrices it takes for granted what SymPy knows of every product: it is associative, and
    distributes over sums. Raises FalseStep if the two groupings do not agree.

    >>> [step.name for step in associativity().steps]
    ['two steps', 'first two', 'last two', 'matrices, first two', 'matrices, last two']
    >>> print(associativity().steps[-1].shown, "=", associativity().steps[-1].after)
    B3 + C3*B2 + C3*C2*B1 = B3 + C3*B2 + C3*C2*B1
    """
    first_two, last_two = three_steps()
    if (first_two.left, first_two.right) != (last_two.left, last_two.right):
        raise FalseStep(f"three steps are not the same in both groupings: {first_two} and {last_two}")
    return Derivation([*two_steps().steps, first_two.steps[-1], last_two.steps[-1], *of_matrices()])


def of_matrices() -> list[Step]:
    """b of three pairs in both groupings, multiplied out; FalseStep unless b and c agree."""
    first_two, last_two = groupings(*((matrix(f"C{n}"), matrix(f"B{n}")) for n in (1, 2, 3)))
    if [*map(sp.expand, first_two)] != [*map(sp.expand, last_two)]:
        raise FalseStep(f"three pairs of matrices are not the same in both groupings: {first_two} and {last_two}")
    return [
        Step("matrices, first two", first_two[1], sp.expand(first_two[1]), "the b of three pairs, nothing has moved"),
        Step("matrices, last two", last_two[1], sp.expand(last_two[1]), "the same; and c is C₃C₂C₁ both times"),
    ]


def groupings(first: Pair, second: Pair, third: Pair) -> tuple[Pair, Pair]:
    """The first two first, and the last two first."""
    return compose(third, compose(second, first)), compose(compose(third, second), first)


def matrix(name: str) -> sp.Symbol:
    return sp.Symbol(name, commutative=False)
