"""Write an expression in a, b, c as the book does: subscripts, the three colours, paths read from t back to i."""

from dataclasses import dataclass

import sympy as sp
from sympy.printing.latex import LatexPrinter

from ..notation import A, B, C

__all__ = ["BOOK", "LETTERS", "Names", "latex"]


@dataclass(frozen=True)
class Names:
    """How a_n, b_n and c_n are written; {n} is the index and {m} the one before it."""

    a: str = "a_{{{n}}}"
    b: str = "b_{{{n}}}"
    c: str = "c_{{{n}}}"


LETTERS = Names()
BOOK = Names(
    a=r"\frac{{\partial h_{{{n}}}}}{{\partial w_h}}",
    b=r"\frac{{\partial f(x_{{{n}}},h_{{{m}}},w_h)}}{{\partial w_h}}",
    c=r"\frac{{\partial f(x_{{{n}}},h_{{{m}}},w_h)}}{{\partial h_{{{m}}}}}",
)
COLOURS = {"a": A, "b": B, "c": C}


class Printer(LatexPrinter):
    """SymPy's printer, with the order and the names of the page."""

    def __init__(self, names: Names):
        super().__init__()
        self.names = names

    def _print_Indexed(self, expr: sp.Indexed) -> str:
        letter, index = str(expr.base), expr.indices[0]
        written = getattr(self.names, letter).format(n=self._print(index), m=self._print(index - 1))
        return rf"{{\color{{{COLOURS[letter]}}}{{{written}}}}}"

    def _print_sqrt(self, expr: sp.Function, exp: str | None = None) -> str:
        root = rf"\sqrt{{{self._print(expr.args[0])}}}"
        return rf"\left({root}\right)^{{{exp}}}" if exp else root

    def _print_Mul(self, expr: sp.Mul) -> str:
        if not expr.has(sp.Indexed) or expr.args[0].is_number:
            return super()._print_Mul(expr)
        return " ".join(self._factor(factor) for factor in sorted(expr.args, key=factor_order))

    def _factor(self, factor: sp.Expr) -> str:
        closed = factor.is_Add or isinstance(factor, sp.Product)
        return rf"\left({self._print(factor)}\right)" if closed else self._print(factor)

    def _as_ordered_terms(self, expr: sp.Add, order: str | None = None) -> list:
        if not expr.has(sp.Indexed):
            return super()._as_ordered_terms(expr, order=order)
        return sorted(expr.args, key=term_order)


def factor_order(factor: sp.Expr) -> tuple:
    """c_t … c_{i+1} first, the latest in front; then a product; then a or b; a sum last."""
    if isinstance(factor, sp.Indexed):
        return (0 if str(factor.base) == "c" else 2, -factor.indices[0] if factor.indices[0].is_number else 0)
    return (1 if isinstance(factor, sp.Product) else 3, 0)


def term_order(term: sp.Expr) -> tuple:
    """The direct term first, then ever longer paths, a sum last; what is subtracted behind everything."""
    starts = [f.indices[0] for f in sp.Mul.make_args(term) if isinstance(f, sp.Indexed) and str(f.base) == "b"]
    start = starts[0] if starts and starts[0].is_number else 0
    return term.could_extract_minus_sign(), term.has(sp.Sum), term.is_Mul, -start


def latex(expr: sp.Expr, names: Names = LETTERS) -> str:
    """LaTeX of an expression in a, b, c."""
    return Printer(names).doprint(expr)
