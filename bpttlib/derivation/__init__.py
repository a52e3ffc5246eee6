"""The closed form of a_t = b_t + c_t a_{t-1}, derived and proved step by step by a small kernel over SymPy."""

from .cells import Spoken, spoken
from .chain import concrete, substitution
from .kernel import FalseStep, Theorem
from .latex import BOOK, LETTERS, latex
from .proof import closed_form, conjecture, induction_proof, unroll
from .step import Derivation, Step
from .typed import parse_f

__all__ = [
    "BOOK",
    "LETTERS",
    "Derivation",
    "FalseStep",
    "Spoken",
    "Step",
    "Theorem",
    "closed_form",
    "concrete",
    "conjecture",
    "induction_proof",
    "latex",
    "parse_f",
    "spoken",
    "substitution",
    "unroll",
]
