"""The panels of the recurrence: a derivation to step through, and constants to drag."""

from html import escape

import ipywidgets as W
import numpy as np

from ..derivation import Derivation, concrete, conjecture, induction_proof, substitution, unroll
from ..derivation.chain import T_AT_MOST
from ..figures.constant import ConstantPicture
from ..figures.path import LONGEST, PathPicture
from ..figures.style import QUIET
from ..recurrence import regime, solve
from .base import Panel, choice, slider, stepper

__all__ = ["ConstantPanel", "StepperPanel"]

OWN = "your own f"
EXAMPLES = ["w*h + u*x", "tanh(w*h + u*x)", "h*sin(w*h)", "sigmoid(w*h + u*x)", "(1 - w)*h + w*tanh(u*x)"]


def derivation(chapter: str, T: int, f: str) -> Derivation:
    """The steps of a chapter, each of them checked; worked out once and then kept."""
    chapters = {
        "unroll": lambda: unroll(T),
        "guess": lambda: conjecture(T),
        "prove": induction_proof,
        "substitute": substitution,
        OWN: lambda: concrete(f, T),
    }
    return chapters[chapter]().verified


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
            line.layout.border_left = f"4px solid {'#D55E00' if n == step - 1 else 'transparent'}"


def written(latex: str, reason: str) -> str:
    """A line for MathJax, and its reason to the right, or below if the line is long."""
    formula = f'<div style="flex: 1 0 auto; max-width: 100%; overflow-x: auto">$\\displaystyle {escape(latex)}$</div>'
    why = f'<div style="flex: 0 0 14em; color: {QUIET}; line-height: 1.3">{escape(reason)}</div>'
    row = "display: flex; flex-wrap: wrap; align-items: center; column-gap: 1em; min-height: 3em; padding-left: 0.6em"
    return f'<div style="{row}">{formula}{why}</div>'


def term(i: int, T: int) -> str:
    """c₄c₃b₂ as the text of a button."""
    small = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
    return "".join(f"c{j}" for j in range(T, i, -1)).translate(small) + f"b{i}".translate(small)


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
            "i": choice(2, terms(4)),
        }
        self.own = W.HBox([W.Label("f(x, h, w) ="), typed], layout=W.Layout(visibility="hidden"))
        self.step, self.i, self.T = controls["step"], controls["i"], controls["T"]
        for name in ("chapter", "T", "f"):
            controls[name].observe(self._fit, "value")
        rows = [
            [W.Label("chapter"), "chapter"],
            ["T", self.own],
            ["step", *stepper(self.step)],
            [W.Label("the terms of a_T, each a path:"), "i"],
        ]
        super().__init__(controls, self._marked, PathPicture, rows)
        both = W.HBox([self.board, self.image], layout=W.Layout(flex_flow="row wrap", align_items="flex-start"))
        self.children = [*(child for child in self.children if child not in (self.image, self.line)), both, self.line]

    def _fit(self, change) -> None:
        """As many steps as the chapter takes, as many lines as it has, as many terms as a_T."""
        held, self._held = self._held, True
        try:
            chapter = self.controls["chapter"].value
            self.T.max = T_AT_MOST if chapter == OWN else LONGEST
            self.own.layout.visibility = "visible" if chapter == OWN else "hidden"
            before = self.i.value
            if len(self.i.options) != self.T.value:
                self.i.options = terms(self.T.value)
                self.i.value = min(before, self.T.value)
            self.step.max = len(derivation(chapter, self.T.value, self.controls["f"].value).steps)
            if change.owner is self.controls["chapter"]:
                self.step.value = 1
        except ValueError:
            pass  # the picture is asked for next, and says what is wrong
        finally:
            self._held = held

    def _marked(self, chapter: str, T: int, f: str, step: int, i: int) -> dict:
        """What `PathPicture` shows in this state."""
        line = derivation(chapter, T, f).steps[step - 1]
        row = line.shown.indices[0] if chapter == "unroll" else T
        return {"T": T, "row": int(row), "i": i}

    def draw(self) -> None:
        super().draw()
        if not self.trouble:
            self.board.show(derivation(*(self.state[name] for name in ("chapter", "T", "f"))), self.step.value)


def terms(T: int) -> list:
    return [(term(i, T), i) for i in range(T, 0, -1)]


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
