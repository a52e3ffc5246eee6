"""The letters of the derivations, and one line of them as a reader sees it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count

import sympy as sp

from .latex import LETTERS, Names, latex

__all__ = ["Derivation", "Step", "a", "b", "c", "i", "j", "t"]

a, b, c = map(sp.IndexedBase, "abc")
t = sp.Symbol("t", integer=True, positive=True)
i, j = sp.symbols("i j", integer=True)


@dataclass(frozen=True)
class Step:
    """One line to read: `shown` = `after`, and why. It says; it proves nothing (a `Theorem` does).

    name    what the line is called.
    shown   what stands left of the equals sign, as an expression or as LaTeX; `after` stands right of it.
    names   how a, b and c are written.
    guess   True for what is not known yet: a guess, or a claim that is still to be proved.
    number  counts the lines in the order in which they were written.

    >>> Step("direct", a[1], b[1], "nothing came before").latex
    '{\\\\color{#D55E00}{a_{1}}} = {\\\\color{#0072B2}{b_{1}}}'
    """

    name: str
    shown: sp.Expr | str
    after: sp.Expr
    reason: str
    names: Names = LETTERS
    guess: bool = False
    number: int = field(default_factory=count().__next__, compare=False, repr=False)

    @property
    def latex(self) -> str:
        left = self.shown if isinstance(self.shown, str) else latex(self.shown, self.names)
        return f"{left} = {latex(self.after, self.names)}"


class Derivation:
    """Lines to read one after the other, `steps`; fixed once it is made."""

    __slots__ = ("steps",)

    def __init__(self, steps: Iterable[Step]):
        object.__setattr__(self, "steps", tuple(steps))

    def __setattr__(self, name: str, *_) -> None:
        raise AttributeError(f"a {type(self).__name__} does not change: {name} stays as it is")

    __delattr__ = __setattr__
