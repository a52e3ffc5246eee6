"""The panel of a derivation: its lines, stepped through, and the path of each term."""

from contextlib import suppress
from html import escape

import ipywidgets as W

from ..derivation import Derivation
from ..experiments.derivation import CHAPTERS, EXAMPLES, OWN, T_AT_MOST, derivation, row_of, run
from ..figures.derivation import LONGEST, DerivationPicture
from ..notation import A, subscript
from .base import Panel
from .controls import Choice, Range, Stepper, Typed
from .message import QUIET

__all__ = ["Board", "DerivationPanel", "term"]

FOR_EVERY_T = ("prove", "substitute")  # chapters that know no T
WORDS = dict(zip(CHAPTERS, ("unroll", "guess", "prove", "substitute", "your own f"), strict=True))


def term(i: int, n: int) -> str:
    """c₄c₃b₂ as the text of a button."""
    return "".join(f"c{subscript(j)}" for j in range(n, i, -1)) + f"b{subscript(i)}"


def terms(n: int) -> dict[str, int]:
    return {term(i, n): i for i in range(n, 0, -1)}


CONTROLS = (
    Choice("chapter", "chapter", "unroll", {words: chapter for chapter, words in WORDS.items()}),
    Range("T", "T", "steps", 4, 1, LONGEST),
    Typed("f", "f(x, h, w) =", EXAMPLES[1], EXAMPLES, f"(Enter; here T goes up to {T_AT_MOST})"),
    Range("step", "", "line  (keys ← →)", 3, 1, 6),
    Choice("i", "terms, each a path:", 1, terms(3)),  # of the line at the start
)


class DerivationPanel(Panel):
    """Step through a derivation line by line; press a term to see its path."""

    def __init__(self):
        self.board = Board()
        self.T_before = 4  # what T was before a chapter that takes fewer steps
        super().__init__(CONTROLS, run, DerivationPicture, [["chapter"], ["T", "f"], ["step", Stepper("step")], ["i"]])
        self.own = self.fields["f"][0]  # the line to type into, with what stands around it
        self.own.layout.visibility = "hidden"
        both = W.HBox([self.board, self.image], layout=W.Layout(flex_flow="row wrap", align_items="flex-start"))
        self.children = [*(child for child in self.children if child not in (self.image, self.line)), both, self.line]

    def fit(self, moved: str) -> None:
        """As many steps as the chapter takes, as many lines as it has, as many terms as the line's a_n."""
        chapter, T, _, step, i = self.controls.values()
        if moved == "i":
            return
        with suppress(ValueError):  # the picture is asked for next, and says what is wrong
            if moved == "chapter":
                self._make_room(chapter.value)
            lines = self._derivation()
            step.max = len(lines.steps)
            step.value = 1 if moved == "chapter" else step.value
            row = row_of(lines, step.value, T.value)
            if len(i.options) != row:
                before = i.value
                i.options = list(terms(row).items())
                i.value = min(before, row)

    def _make_room(self, chapter: str) -> None:
        """Your own f takes few steps; the proof and the substitution hold for every t."""
        T = self.controls["T"]
        if chapter == OWN:
            self.T_before, T.max = T.value, T_AT_MOST
        elif T.max < LONGEST:
            T.max = LONGEST
            T.value = self.T_before
        self.own.layout.visibility = "visible" if chapter == OWN else "hidden"
        T.layout.visibility = "hidden" if chapter in FOR_EVERY_T else "visible"

    def _derivation(self) -> Derivation:
        return derivation(*(self.controls[name].value for name in ("chapter", "T", "f")))

    def draw(self) -> None:
        super().draw()
        if not self.trouble:
            self.board.show(self._derivation(), self.controls["step"].value)


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
