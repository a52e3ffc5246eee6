"""A derivation line by line, and the term of the line that is looked at."""

from collections.abc import Callable
from numbers import Integral

from ..derivation import Derivation, concrete, conjecture, induction_proof, substitution, unroll
from ..derivation.chain import T_AT_MOST
from ..derivation.step import t

__all__ = ["CHAPTERS", "EXAMPLES", "OWN", "T_AT_MOST", "derivation", "row_of", "run"]

OWN = "own"
CHAPTERS: dict[str, Callable[[int, str], Derivation]] = {
    "unroll": lambda T, f: unroll(T),
    "guess": lambda T, f: conjecture(T),
    "prove": lambda T, f: induction_proof(),
    "substitute": lambda T, f: substitution(),
    OWN: lambda T, f: concrete(f, T),
}
EXAMPLES = ["w*h + u*x", "tanh(w*h + u*x)", "h*sin(w*h)", "sigmoid(w*h + u*x)", "(1 - w)*h + w*tanh(u*x)"]


def derivation(chapter: str, T: int, f: str) -> Derivation:
    """The lines of a chapter; worked out once and then kept."""
    return CHAPTERS[chapter](T, f)


def run(chapter: str, T: int, f: str, step: int, i: int) -> dict:
    """Find the row of the triangle that a line is about, and the term b_i of it that is marked.

    Returns "T", the "row" n of a_n, and "i", no later than n. Raises ValueError for an f that cannot be read.
    """
    row = row_of(derivation(chapter, T, f), step, T)
    return {"T": T, "row": row, "i": min(i, row)}


def row_of(derivation: Derivation, step: int, T: int) -> int:
    """Which a_n the line is about: t+1 stands for T, and t for the step before."""
    n = getattr(derivation.steps[step - 1].shown, "indices", (T,))[0]  # only a_n, b_n and c_n have indices
    return int(n) if isinstance(n, Integral) and n > 0 else max(1, T - (n == t))
