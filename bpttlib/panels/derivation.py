"""The panel of a derivation: its lines, stepped through, and the cells of the triangle that each speaks of."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ..experiments.derivation import CHAPTERS, EXAMPLES, FOR_EVERY_T, OWN, T_AT_MOST, lines, run
from ..figures.derivation import LONGEST, DerivationPicture
from ..notation import subscript
from .base import Panel
from .controls import Choice, Range, Stepper, Typed

__all__ = ["DerivationPanel", "term"]

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
        self.T_before = 4  # what T was before a chapter that takes fewer steps
        self.begun, self.offered = CONTROLS[0].start, 4  # the chapter and the row whose terms are there to press
        super().__init__(CONTROLS, run, DerivationPicture, [["chapter", "T"], ["step", Stepper("step")], [("i", "f")]])
        self.own = self.fields["f"][0]  # the line to type into, with what stands around it
        for one in (*self.fields["i"], *self.own.children, self.reset):
            one.layout.flex = "0 0 auto"  # in a full row, nothing is squeezed
        self.own.layout.display = "none"

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
        step, (chapter, T, f) = self.controls["step"], (self.controls[name].value for name in ("chapter", "T", "f"))
        at_end, step.max = step.value == step.max, len(lines(chapter, T, f))
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
