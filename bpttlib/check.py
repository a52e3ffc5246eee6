"""An instant answer to an exercise: right, nearly right, or wrong, and never the solution."""

import sys
from collections.abc import Callable
from copy import deepcopy
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Any

import ipywidgets as W
import numpy as np

from .bptt import gradient
from .numerical import complex_step
from .reading import Reading
from .report import Verdict, is_exact

__all__ = ["Installation", "Verdict", "check"]


def check(answer: Callable, spec: Callable, cases: list[tuple], tolerance: float = 1e-12) -> Verdict:
    """Run your answer and a slow, plain spec on the same cases and compare every number.

    Returns a Verdict: name · exact, approximate (within tolerance of the largest number) or the largest
    difference and the first case that shows it. A stub that raises NotImplementedError is "not written yet".
    """
    name = answer.__name__
    every_exact, places = True, 0
    for case in cases:
        shown = f"{name}({', '.join(map(_short, case))})"
        given = deepcopy(case)
        try:
            got = answer(*given)
        except NotImplementedError:
            return Verdict(name, False, "not written yet")
        except Exception as error:
            return Verdict(name, False, f"{shown} raises {type(error).__name__}: {error}")
        if any(isinstance(a, np.ndarray) and not np.array_equal(a, b) for a, b in zip(case, given, strict=True)):
            return Verdict(name, False, f"{shown} changes the array it was given")
        want = spec(*deepcopy(case))
        if problem := _problem(got, want, tolerance):
            return Verdict(name, False, f"{shown} {problem}")
        every_exact, places = every_exact and _is_exact(got) and _is_exact(want), places + np.size(got)
    how = "exact" if every_exact else f"approximate, max difference below {tolerance:.0e} of the largest number"
    return Verdict(name, True, f"{how}, {places} numbers in {len(cases)} cases")


def _short(argument: Any) -> str:
    """A case as it was called; an array by its shape alone."""
    return f"array {argument.shape}" if isinstance(argument, np.ndarray) else repr(argument)


def _is_exact(answer: Any) -> bool:
    """Words, whole numbers and fractions are equal or not; floating-point numbers may only agree."""
    answer = np.asarray(answer)
    return answer.dtype.kind == "U" or is_exact(answer)


def _problem(got: Any, want: Any, tolerance: float) -> str:
    """What is wrong in words, or ""."""
    if got is None:
        return "returns nothing (None)"
    if isinstance(want, str) or (isinstance(want, list) and want and isinstance(want[0], str)):
        same = list(got) == want if isinstance(got, tuple) else got == want
        return "" if same else f"is not {got!r}"
    if np.iscomplexobj(got):
        return "gives complex numbers, real ones are wanted"
    try:
        got = np.asarray(got, dtype=float)
    except (TypeError, ValueError):
        return f"gives a {type(got).__name__}, numbers are wanted"
    want = np.asarray(want, dtype=float)
    if got.shape != want.shape:
        return f"has shape {got.shape}, wanted {want.shape}"
    if not np.isfinite(got).all():
        return "holds NaN or infinity"
    difference = float(np.abs(got - want).max(initial=0))
    if difference <= tolerance * max(1.0, float(np.abs(want).max(initial=0))):
        return ""
    where = tuple(map(int, np.argwhere(np.abs(got - want) == difference)[0]))
    place = f" at {list(where)}, where yours is {got[where]:.4g}" if where else ""
    return f"is off by up to {difference:.2g}{place}"


class Installation(W.HTML):
    """Tell whether the course can run here: versions, one gradient checked, and whether widgets arrive.

    A front end without widgets shows the plain fallback, which says what to do.
    """

    FALLBACK = "Widgets do not run here: you see the stored pages, but no slider moves. Start JupyterLab (README)."

    def __init__(self):
        read = Reading(T=5)
        gap = np.abs(gradient(read.rnn, *read.data).flat() - complex_step(read.rnn, *read.data).flat()).max()
        python = sys.version_info >= (3, 11)
        lines = [
            (True, "widgets run: you can read this line"),
            (python, f"Python {sys.version.split()[0]}" + ("" if python else " is too old: 3.11 or newer is needed")),
            *(found(name) for name in needed()),
            (gap < 1e-12, "the gradient agrees with the complex step"),
        ]
        self.passed = all(good for good, _ in lines)
        super().__init__("<br>".join(f"{'✓' if good else '✗'} {text}" for good, text in lines))

    def _repr_mimebundle_(self, **options: Any) -> dict:
        plain = {"text/plain": self.FALLBACK, "text/html": f"<b>{self.FALLBACK}</b>"}
        return {**super()._repr_mimebundle_(**options), **plain}


def needed() -> list[str]:
    """The packages that the course cannot do without."""
    return [line.split(";")[0].strip() for line in requires("bpttlib") or [] if "extra" not in line]


def found(name: str) -> tuple[bool, str]:
    try:
        return True, f"{name} {version(name)}"
    except PackageNotFoundError:
        return False, f"{name} is missing"
