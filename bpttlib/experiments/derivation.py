"""A derivation line by line: the cells of the triangle that a line speaks of, and the term that is looked at."""

from collections.abc import Callable
from functools import lru_cache

from ..derivation import Derivation, Spoken, concrete, conjecture, induction_proof, spoken, substitution, unroll
from ..derivation.chain import T_AT_MOST

__all__ = ["CHAPTERS", "EXAMPLES", "FOR_EVERY_T", "OWN", "T_AT_MOST", "derivation", "line_cells", "lines", "run"]

OWN, PROOF = "own", "prove"
CHAPTERS: dict[str, Callable[[int, str], Derivation]] = {
    "unroll": lambda T, f: unroll(T),
    "guess": lambda T, f: conjecture(T),
    PROOF: lambda T, f: induction_proof(),
    "substitute": lambda T, f: substitution(),
    OWN: lambda T, f: concrete(f, T),
}
FOR_EVERY_T = {PROOF: 4, "substitute": 4}  # chapters that know no T, and the rows of the triangle beside them
EXAMPLES = ["w*h + u*x", "tanh(w*h + u*x)", "h*sin(w*h)", "sigmoid(w*h + u*x)", "(1 - w)*h + w*tanh(u*x)"]


@lru_cache(maxsize=64)
def derivation(chapter: str, T: int, f: str) -> Derivation:
    """The lines of a chapter; worked out once and then kept."""
    return CHAPTERS[chapter](T, f)


@lru_cache(maxsize=64)
def lines(chapter: str, T: int, f: str) -> tuple[tuple[str, str, str], ...]:
    """(LaTeX, name, reason) of each line of a chapter; printed once and then kept."""
    return tuple((line.latex, line.name, line.reason) for line in derivation(chapter, T, f).steps)


def line_cells(chapter: str, T: int, f: str) -> list[Spoken]:
    """What each line of a chapter speaks of, worked out once: t is the last row, in the proof the one before it."""
    now = FOR_EVERY_T.get(chapter, T) - (chapter == PROOF)
    return [spoken(line, now) for line in derivation(chapter, T, f).steps]


def run(chapter: str, T: int, f: str, step: int, i: int) -> dict:
    """Find the cells of the triangle that a line speaks of, and the term b_i of its row that is marked.

    Returns all "lines" of the chapter, and the "step", from 1, at which this one stands; "T", the rows of the
    triangle; the "row" n of a_n; its "parts", runs of cells (first, last), one for each summand; whether the line
    multiplies by c_n ("times"); "i", no later than n; and in the proof, what "t" is.
    Raises ValueError for an f that cannot be read.
    """
    rows = FOR_EVERY_T.get(chapter, T)
    row, parts, times = line_cells(chapter, T, f)[step - 1]
    row = row or rows
    t = rows - 1 if chapter == PROOF else None
    cells = {"T": rows, "row": row, "parts": parts, "times": times, "i": min(i, row), "t": t}
    return {"lines": lines(chapter, T, f), "step": step} | cells
