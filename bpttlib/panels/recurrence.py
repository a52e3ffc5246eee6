"""The panels of the recurrence: a derivation to step through, and constants to drag."""

from contextlib import suppress
from html import escape

import ipywidgets as W
import numpy as np
from sympy import Indexed

from ..derivation import Derivation, concrete, conjecture, induction_proof, substitution, unroll
from ..derivation.chain import T_AT_MOST
from ..derivation.step import t
from ..figures.constant import ConstantPicture
from ..figures.path import LONGEST, PathPicture
from ..notation import A, subscript
from ..recurrence import regime, solve
from .base import QUIET, Panel, choice, slider, stepper

__all__ = ["ConstantPanel", "StepperPanel"]

OWN = "your own f"
EXAMPLES = ["w*h + u*x", "tanh(w*h + u*x)", "h*sin(w*h)", "sigmoid(w*h + u*x)", "(1 - w)*h + w*tanh(u*x)"]


def derivation(chapter: str, T: int, f: str) -> Derivation:
    """The lines of a chapter; worked out once and then kept."""
    chapters = {
        "unroll": lambda: unroll(T),
        "guess": lambda: conjecture(T),
        "prove": induction_proof,
        "substitute": substitution,
        OWN: lambda: concrete(f, T),
    }
    return chapters[chapter]()


class Board(W.VBox):
    """The lines of a derivation up to the current one, each set in type once, with its reason beside it."""

    LINES, ROWS = 16, 7  # as many as the longest derivation has, and of them in sight at a time

    def __init__(self):
        self.lines = [W.HTMLMath() for _ in range(self.LINES)]
        self.derivation: Derivation | None = None
        super().__init__(self.lines, layout=W.Layout(flex="1 1 36em", min_width="30em", min_height="23em"))

    def show(self, derivation: Derivation, step: int) -> None:
        """Lines after the current one keep their place and stay hidden; old ones leave at the top."""
        steps = derivation.steps
        if derivation is not self.derivation:
            self.derivation = derivation
            for line, content in zip(self.lines, steps, strict=False):
                line.value = written(content.latex, content.reason)
        first = max(0, step - self.ROWS)
        for n, line in enumerate(self.lines):
            line.layout.display = "block" if first <= n < min(first + self.ROWS, len(steps)) else "none"
            line.layout.visibility = "visible" if n < step else "hidden"
            line.layout.border_left = f"4px solid {A if n == step - 1 else 'transparent'}"


def written(latex: str, reason: str) -> str:
    """A line for MathJax, and its reason to the right, or below if the line is long."""
    formula = f'<div style="flex: 1 0 auto; max-width: 100%; overflow-x: auto">$\\displaystyle {escape(latex)}$</div>'
    why = f'<div style="flex: 0 0 14em; color: {QUIET}; line-height: 1.3">{escape(reason)}</div>'
    row = "display: flex; flex-wrap: wrap; align-items: center; column-gap: 1em; min-height: 3em; padding-left: 0.6em"
    return f'<div style="{row}">{formula}{why}</div>'


def term(i: int, n: int) -> str:
    """c₄c₃b₂ as the text of a button."""
    return "".join(f"c{subscript(j)}" for j in range(n, i, -1)) + f"b{subscript(i)}"


def terms(n: int) -> list:
    return [(term(i, n), i) for i in range(n, 0, -1)]


def row_of(derivation: Derivation, step: int, T: int) -> int:
    """Which a_n the line is about: t+1 stands for T, and t for the step before."""
    shown = derivation.steps[step - 1].shown
    n = shown.indices[0] if isinstance(shown, Indexed) else T
    return int(n) if n in range(1, LONGEST + 1) else max(1, T - (n == t))


def marked(chapter: str, T: int, f: str, step: int, i: int) -> dict:
    """What `PathPicture` shows in this state."""
    row = row_of(derivation(chapter, T, f), step, T)
    return {"T": T, "row": row, "i": min(i, row)}


class StepperPanel(Panel):
    """Step through a derivation line by line; press a term to see its path."""

    def __init__(self):
        self.board = Board()
        typed = W.Combobox(value=EXAMPLES[1], options=EXAMPLES, continuous_update=False)
        controls = {
            "chapter": choice("unroll", ["unroll", "guess", "prove", "substitute", OWN]),
            "T": slider("T  steps", 4, 1, LONGEST),
            "f": typed,
            "step": slider("line  (keys ← →)", 3, 1, 6),
            "i": choice(1, terms(2)),
        }
        note = W.Label(f"(Enter; here T goes up to {T_AT_MOST})")
        self.own = W.HBox([W.Label("f(x, h, w) ="), typed, note], layout=W.Layout(visibility="hidden"))
        self.T_before = 4  # what T was before a chapter that takes fewer steps
        self.step, self.i, self.T = controls["step"], controls["i"], controls["T"]
        for name in ("chapter", "T", "f", "step"):
            controls[name].observe(self._fit, "value")
        rows = [
            [W.Label("chapter"), "chapter"],
            ["T", self.own],
            ["step", *stepper(self.step)],
            [W.Label("terms, each a path:"), "i"],
        ]
        super().__init__(controls, marked, PathPicture, rows)
        both = W.HBox([self.board, self.image], layout=W.Layout(flex_flow="row wrap", align_items="flex-start"))
        self.children = [*(child for child in self.children if child not in (self.image, self.line)), both, self.line]

    def _fit(self, change) -> None:
        """As many steps as the chapter takes, as many lines as it has, as many terms as the line's a_n."""
        chapter, T, _, step, i = self.controls.values()
        with self.held(), suppress(ValueError):  # the picture is asked for next, and says what is wrong
            if change.owner is chapter:
                self._make_room(chapter.value)
            derivation = self._derivation()
            step.max = len(derivation.steps)
            step.value = 1 if change.owner is chapter else step.value
            row = row_of(derivation, step.value, T.value)
            if len(i.options) != row:
                before = i.value
                i.options = terms(row)
                i.value = min(before, row)

    def _make_room(self, chapter: str) -> None:
        """Your own f takes few steps; the proof and the substitution hold for every t."""
        if chapter == OWN:
            self.T_before, self.T.max = self.T.value, T_AT_MOST
        elif self.T.max < LONGEST:
            self.T.max = LONGEST
            self.T.value = self.T_before
        self.own.layout.visibility = "visible" if chapter == OWN else "hidden"
        self.T.layout.visibility = "hidden" if chapter in ("prove", "substitute") else "visible"

    def _derivation(self) -> Derivation:
        return derivation(*(self.controls[name].value for name in ("chapter", "T", "f")))

    def draw(self) -> None:
        super().draw()
        if not self.trouble:
            self.board.show(self._derivation(), self.step.value)


def constant(b: float, size: float, sign: int, T: int) -> dict:
    """What `ConstantPicture` shows in this state."""
    c = sign * size
    return {"a": solve(np.full(T, b), np.full(T, c)), "b": b, "c": c, "regime": regime(b, c)}


class ConstantPanel(Panel):
    """Drag a constant c across 1 and see a_t converge, grow, explode or alternate."""

    def __init__(self):
        controls = {
            "size": slider("|c|  how much is kept", 0.8, 0.0, 1.5, 0.05),
            "sign": choice(1, [("c > 0", 1), ("c < 0", -1)]),
            "b": slider("b  what is added", 1.0, -2.0, 2.0, 0.25),
            "T": slider("T  steps", 25, 1, 40),
        }
        super().__init__(controls, constant, ConstantPicture, [["size", "sign"], ["b", "T"]])
