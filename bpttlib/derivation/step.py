"""A derivation is a list of steps, and every step can be checked again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import sympy as sp

from .latex import LETTERS, Names, latex

__all__ = ["Derivation", "FalseStep", "Step", "a", "b", "c", "i", "j", "t"]

a, b, c = map(sp.IndexedBase, "abc")
t = sp.Symbol("t", integer=True, positive=True)
i, j = sp.symbols("i j", integer=True)

Judge = Callable[[sp.Expr, sp.Expr], bool]


class FalseStep(ValueError):
    """A step of a derivation does not hold."""


def holds_for_numbers(before: sp.Expr, after: sp.Expr) -> bool:
    """A second judge: put in t = 1 … 4 and every i ≤ t, multiply out, subtract."""
    cases = [{t: T, i: first} for T in range(1, 5) for first in range(1, T + 1)]
    return all(sp.expand(in_b_and_c((before - after).subs(case).doit())) == 0 for case in cases)


def in_b_and_c(expr: sp.Expr) -> sp.Expr:
    """Every a_n replaced by b_n + c_n a_{n-1}, down to a_0 = 0."""
    while found := [term for term in expr.atoms(sp.Indexed) if term.base == a]:
        expr = expr.subs({term: recurrence(term.indices[0]) for term in found})
    return expr


def recurrence(n: sp.Expr | int) -> sp.Expr:
    """What a_n is: b_n + c_n a_{n-1}, 0 for n = 0, and nothing before that."""
    if n == 0:
        return sp.Integer(0)
    return sp.nan if sp.sympify(n).is_negative else b[n] + c[n] * a[n - 1]


@dataclass(frozen=True)
class Step:
    """One line: `shown` = `after`, reached from `before`.

    name    what the step is called; a false one is reported by it.
    shown   what stands left of the equals sign.
    before  what the line is rewritten from; the step claims before = after.
    judge   says whether SymPy gets from before to after; None for what is given: a definition,
            the guess, the hypothesis.
    second  a judge by another route, if there is one; it, too, must agree. Where `shown` is an
            expression, it also holds `shown` against `after`, given or not.
    uses    the earlier lines it rests on, as pairs (shown, after).
    """

    name: str
    shown: sp.Expr | str
    before: sp.Expr
    after: sp.Expr
    reason: str
    judge: Judge | None = None
    second: Judge | None = holds_for_numbers
    uses: tuple[tuple[sp.Expr, sp.Expr], ...] = ()
    names: Names = LETTERS

    @property
    def latex(self) -> str:
        left = self.shown if isinstance(self.shown, str) else latex(self.shown, self.names)
        return f"{left} = {latex(self.after, self.names)}"

    def verify(self) -> None:
        """Raise FalseStep, naming the step, unless both judges agree."""
        if self.second and not isinstance(self.shown, str) and not self.second(self.shown, self.after):
            raise FalseStep(f"step {self.name!r} is false: {self.shown} is not {self.after}")
        judges = filter(None, (self.judge, self.second)) if self.judge else ()
        if not all(judge(self.before, self.after) for judge in judges):
            raise FalseStep(f"step {self.name!r} is false: {self.before} is not {self.after}")


@dataclass(frozen=True)
class Derivation:
    """A title and its steps, shown by the page and by the stepper, checked by `verify`.

    goal  the pair (shown, after) that the last step must reach, if there is one.
    """

    title: str
    steps: tuple[Step, ...]
    goal: tuple[sp.Expr, sp.Expr] | None = None

    def verify(self) -> "Derivation":
        """Check every step again, and that it begins and rests on nothing but lines above it.

        Steps with one left side form a chain: each starts where the last of them ended.
        Returns the derivation; raises FalseStep, which names the step.
        """
        reached: dict = {}
        for step in self.steps:
            step.verify()
            if step.judge and reached.get(step.shown, step.before) != step.before:
                raise FalseStep(f"step {step.name!r} does not start where the line before it ended")
            if missing := [shown for shown, after in step.uses if reached.get(shown) != after]:
                raise FalseStep(f"step {step.name!r} uses a line that does not stand above it: {missing[0]} = …")
            reached[step.shown] = step.after
        if self.goal and (self.steps[-1].shown, self.steps[-1].after) != self.goal:
            raise FalseStep(f"{self.title} ends with step {self.steps[-1].name!r}, before what was to be shown")
        return self

    @cached_property
    def verified(self) -> "Derivation":
        """The derivation itself, once `verify` has found every step true; it is checked once and then known."""
        return self.verify()

    def named(self, names: Names) -> "Derivation":
        """The same steps with other names for a, b and c."""
        return replace(self, steps=tuple(replace(step, names=names) for step in self.steps))
