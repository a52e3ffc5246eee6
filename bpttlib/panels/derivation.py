"""The panel of a derivation: its lines, stepped through, and the cells of the triangle that each speaks of."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from html import escape

import ipywidgets as W

from ..derivation import Derivation, Step
from ..experiments.derivation import CHAPTERS, EXAMPLES, FOR_EVERY_T, OWN, T_AT_MOST, derivation, run
from ..figures.derivation import LONGEST, DerivationPicture
from ..figures.derivation_lines import WithLines
from ..figures.live import CSS, WIDEST, beside
from ..figures.style import INK, QUIET
from ..notation import A, subscript
from .base import Panel
from .controls import Choice, Range, Stepper, Typed

__all__ = ["Board", "DerivationPanel", "term"]

LONG = 170  # characters of LaTeX, colours left out, that fit beside the picture
WORDS = dict(zip(CHAPTERS, ("unroll", "guess", "prove", "substitute", "your own f"), strict=True))


def term(i: int, n: int) -> str:
    """c₄c₃b₂ as the text of a button, c₈…c₂b₁ if it is long."""
    factors = [f"c{subscript(j)}" for j in range(n, i, -1)]
    return "".join(factors if len(factors) <= 3 else [factors[0], "…", factors[-1]]) + f"b{subscript(i)}"


def terms(n: int) -> dict[str, int]:
    return {term(i, n): i for i in range(n, 0, -1)}


CONTROLS = (
    Choice("chapter", "", "unroll", {words: chapter for chapter, words in WORDS.items()}),
    Range("T", "T", "steps", 4, 1, LONGEST),
    Typed("f", "f(x, h, w) =", EXAMPLES[1], EXAMPLES, f"(Enter; here T goes up to {T_AT_MOST})"),
    Range("step", "", "line  (keys ← →)", 6, 1, 6),
    Choice("i", "terms, each a path:", 1, terms(4)),  # of the line at the start
)


class DerivationPanel(Panel):
    """Step through a derivation line by line; press a term to see its path."""

    fitting = False  # while the controls are fitted to each other

    def __init__(self):
        self.board = Board()
        self.T_before = 4  # what T was before a chapter that takes fewer steps
        self.begun, self.offered = CONTROLS[0].start, 4  # the chapter and the row whose terms are there to press
        super().__init__(CONTROLS, run, DerivationPicture, [["chapter", "T"], ["step", Stepper("step")], [("i", "f")]])
        self.grid.layout.width = f"{WIDEST * CSS:.0f}px"
        self.own = self.fields["f"][0]  # the line to type into, with what stands around it
        for one in (*self.fields["i"], *self.own.children, self.reset):
            one.layout.flex = "0 0 auto"  # in a full row, nothing is squeezed
        self.own.layout.display = "none"
        wide = W.Layout(flex_flow="row wrap", align_items="flex-start", width=self.grid.layout.width, max_width="100%")
        both = W.HBox([self.board, self.image], layout=wide)
        self.children = [*(child for child in self.children if child not in (self.image, self.line)), both, self.line]

    def fit(self, moved: str) -> None:
        """As many steps as the chapter takes, as many lines as it has, as many terms as the line's a_n."""
        if self.fitting:  # what moves here is not moved by the reader
            return
        with suppress(ValueError), self._alone():  # the picture is asked for next, and says what is wrong
            self._make_room(self.controls["chapter"].value)
            self._fit_line(moved)
            found = run(**self.state)
            self._offer_terms(found["row"])
            if moved != "i":
                self._mark(found)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Fit once, whatever moves inside."""
        self.fitting = True
        try:
            yield
        finally:
            self.fitting = False

    def _fit_line(self, moved: str) -> None:
        """A chapter begins with its first line; with T grows what can be seen."""
        step, chapter = self.controls["step"], self.controls["chapter"].value
        at_end, step.max = step.value == step.max, len(self._derivation().steps)
        if chapter != self.begun:
            step.value = 1
        elif moved == "T" and at_end:
            step.value = step.max
        self.begun = chapter

    def _offer_terms(self, row: int) -> None:
        """The terms of the row; remembered only when they are all there."""
        i = self.controls["i"]
        if row != self.offered:
            if not self.offered:  # it was broken off, and the same options would not be set again
                i.options = ()
            before, self.offered = i.value, 0
            i.options = list(terms(row).items())
            i.value = min(before or 1, row)
            self.offered = row

    def _mark(self, found: dict) -> None:
        """A line about one term marks it."""
        i = self.controls["i"]
        alone = {first for first, last in found["parts"]} | {last for first, last in found["parts"]}
        if len(alone) == 1:
            i.value = alone.pop()

    def _make_room(self, chapter: str) -> None:
        """Your own f takes few steps; the proof and the substitution hold for every t."""
        T = self.controls["T"]
        if chapter == OWN and T.max > T_AT_MOST:
            self.T_before = T.value
            T.max = T_AT_MOST
        elif chapter != OWN and T.max < LONGEST:
            T.max = LONGEST
            T.value = self.T_before
        self.own.layout.display = "flex" if chapter == OWN else "none"
        T.layout.visibility = "hidden" if chapter in FOR_EVERY_T else "visible"

    def _derivation(self) -> Derivation:
        return derivation(*(self.controls[name].value for name in ("chapter", "T", "f")))

    def draw(self) -> None:
        super().draw()
        if not self.trouble:
            self.board.show(self._derivation(), self.controls["step"].value)

    def _repr_mimebundle_(self, **options) -> tuple[dict, dict]:
        """Beside the widget its picture with the lines that are in sight, for readers without a kernel."""
        data, _ = super()._repr_mimebundle_(**options)
        current, arrays = self.controls["step"].value, self.experiment(**self.state)
        lines = self._derivation().steps[max(0, current - Board.ROWS) : current]
        drawn = WithLines().write([(line.latex, line.name, line.reason) for line in lines]).update(**arrays)
        still, alt = beside(drawn.png(), drawn.alt, drawn.on_page)
        return {**data, **still}, alt


class Board(W.VBox):
    """The lines of a derivation up to the current one, with its name and reason beside each."""

    LINES, ROWS = 16, 7  # as many as the longest derivation has, and of them in sight at a time
    HEIGHT, LEAST, MOST = 400, 44, 66  # pixels: of all, and of one line, which takes its share of them

    def __init__(self):
        share = f"0 1 {self.MOST}px"  # not in what is written: a line that stays need not be set in type again
        # white on a dark page, too: the colours of the letters are those of pictures
        paper = {"background": "white", "text_color": INK}
        self.lines = [W.HTMLMath(layout=W.Layout(flex=share, margin="0"), style=paper) for _ in range(self.LINES)]
        layout = W.Layout(flex="1 1 30em", min_width="30em", height=f"{self.HEIGHT}px")
        super().__init__(self.lines, layout=layout)

    def show(self, derivation: Derivation, step: int) -> None:
        """Lines after the current one keep their place and stay hidden; old ones leave at the top.

        Only lines that have a place are sent, for the browser takes longest to set them in type.
        """
        texts, first = [written(one) for one in derivation.steps], max(0, step - self.ROWS)
        placed = range(first, min(first + self.ROWS, len(texts)))
        for n, line in enumerate(self.lines):
            if n in placed:
                line.value = texts[n]
            with line.layout.hold_sync():  # one message
                line.layout.display = "block" if n in placed else "none"
                line.layout.visibility = "visible" if n < step else "hidden"
                line.layout.border_left = f"4px solid {A if n == step - 1 else 'transparent'}"


@lru_cache(maxsize=256)
def written(line: Step) -> str:
    """A line for MathJax, and its name and reason to the right, or below if the line is long."""
    formula = f'<div style="flex: 1000 0 auto; max-width: 100%; overflow-x: auto">{in_pieces(line.latex)}</div>'
    why = f"<b>{escape(line.name)}</b>: {escape(line.reason)}"
    why = f'<div style="flex: 1 0 13em; color: {QUIET}; line-height: 1.25">{why}</div>'
    row = "display: flex; flex-wrap: wrap; align-items: center; align-content: center; column-gap: 1em"
    size = f"height: 100%; min-height: {Board.LEAST}px; padding-left: 0.6em"
    return f'<div style="{row}; {size}">{formula}{why}</div>'


def in_pieces(latex: str) -> str:
    """The line as one formula; a long one as a formula for each summand, so that the browser may break it."""
    pieces = [latex]
    if len(re.sub(r"\\color{#\w+}", "", latex)) > LONG:
        flat = re.sub(r"\\(left|right)(?=[()])", "", latex)  # what stands in parentheses may be broken, too
        pieces = summands(latex if re.search(r"\\(sum|prod|frac)", latex) else flat)
    return " ".join(rf"$\displaystyle {escape(piece)}$" for piece in pieces)


def summands(latex: str) -> list[str]:
    r"""Cut before every + that stands in no braces and in no \left( … \right).

    >>> summands(r"a = b + \sum_{i + 1} c + d")
    ['a = b', '{} + \\sum_{i + 1} c', '{} + d']
    """
    pieces, depth = [""], 0
    for part in re.split(r"(\\left|\\right|[{}]| \+ )", latex):
        depth += {"{": 1, r"\left": 1, "}": -1, r"\right": -1}.get(part, 0)
        if part == " + " and depth == 0:
            pieces.append("{}")
        pieces[-1] += part
    return pieces
