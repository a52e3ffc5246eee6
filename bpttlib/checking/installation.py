"""Whether the course can run here, in a few lines that are there only if widgets are."""

import sys
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Any

import ipywidgets as W
import numpy as np

from .. import RNN, complex_step, gradient
from .differences import differences

__all__ = ["Installation"]


class Installation(W.HTML):
    """Tell whether the course can run here: versions, one gradient checked, and whether widgets arrive.

    A front end without widgets shows the plain fallback, which says what to do.
    """

    FALLBACK = "Widgets do not run here: you see the stored pages, but no slider moves. Start JupyterLab (README)."

    def __init__(self):
        python = sys.version_info >= (3, 11)
        lines = [
            (True, "widgets run: you can read this line"),
            (python, f"Python {sys.version.split()[0]}" + ("" if python else " is too old: 3.11 or newer is needed")),
            *(found(name) for name in needed()),
            (one_gradient_is_right(), "the gradient agrees with the complex step"),
        ]
        self.passed = all(good for good, _ in lines)
        super().__init__("<br>".join(f"{'✓' if good else '✗'} {text}" for good, text in lines))

    def _repr_mimebundle_(self, **options: Any) -> dict:
        plain = {"text/plain": self.FALLBACK, "text/html": f"<b>{self.FALLBACK}</b>"}
        return {**super()._repr_mimebundle_(**options), **plain}


def one_gradient_is_right() -> bool:
    rnn, x, y = RNN.random(d=2, h=3, q=2), np.eye(2)[[0, 1, 1, 0, 1]], [1, 1, 0, 1, 0]
    return differences(gradient(rnn, x, y), complex_step(rnn, x, y)).right


def needed() -> list[str]:
    """The packages that the course cannot do without."""
    return [line.split(";")[0].strip() for line in requires("bpttlib") or [] if "extra" not in line]


def found(name: str) -> tuple[bool, str]:
    try:
        return True, f"{name} {version(name)}"
    except PackageNotFoundError:
        return False, f"{name} is missing"
