"""A derivation on paper: the picture beside its lines, where no MathJax runs."""

from collections.abc import Sequence
from textwrap import fill

from matplotlib.lines import Line2D
from matplotlib.text import Text

from .derivation import DerivationPicture
from .formula import put, write
from .live import WIDEST
from .style import QUIET, SMALL, A, style

__all__ = ["WithLines"]

LEFT, REASON = 0.2, 3.25  # inches from the left: where the lines and their reasons begin
MARGIN, LEAST, MOST = 0.08, 0.06, 0.5  # inches above and below all, and, in all, between two lines
ROOM = DerivationPicture.inches[1] - 2 * MARGIN


class WithLines(DerivationPicture):
    """The same beside the lines of the derivation: for a page that is read where no kernel and no MathJax run."""

    inches = (WIDEST, DerivationPicture.inches[1])
    left = WIDEST - DerivationPicture.inches[0]

    def write(self, lines: Sequence[tuple[str, str, str]]) -> "WithLines":
        """Write (LaTeX, name, reason) below each other, the last with a bar beside it; as many as there is room for."""
        with style():
            blocks = [self._block(*line) for line in lines]
            tall = [(high - low) / self.figure.dpi + LEAST for low, high in map(span, blocks)]
            while sum(tall) > ROOM:
                tall.pop(0)
                for text in blocks.pop(0):
                    text.remove()
            spare, top = min(MOST, (ROOM - sum(tall)) / len(tall)), self.inches[1] - MARGIN
            for block, height in zip(blocks, tall, strict=True):
                self._move(block, top - (height + spare) / 2)
                top -= height + spare
            self._bar(top + (height + spare) / 2, height / 2)
        return self

    def _block(self, latex: str, name: str, reason: str) -> list[Text]:
        """A line, and its reason to the right, or below if it is long; somewhere."""
        texts = write(self.figure, LEFT, latex, self.left - 2 * LEFT)
        right, (low, high) = (
            max(text.get_window_extent().x1 for text in texts),
            (y / self.figure.dpi for y in span(texts)),
        )
        beside = right / self.figure.dpi < REASON - 0.05
        look = {"color": QUIET, "fontsize": SMALL, "linespacing": 1.15, "va": "center" if beside else "top"}
        words = self.figure.text(0, 0, fill(f"{name}: {reason}", 22 if beside else 70), **look)
        put(words, *((REASON, (low + high) / 2) if beside else (LEFT, low - 0.05)))
        return [*texts, words]

    def _move(self, block: list[Text], middle: float) -> None:
        """Up or down, until its middle is there."""
        up = middle - sum(span(block)) / 2 / self.figure.dpi
        for text in block:
            x, y = text.get_position()
            text.set_position((x, y + up / self.inches[1]))

    def _bar(self, y: float, half: float) -> None:
        width, height = self.inches
        self.figure.add_artist(Line2D([0.05 / width] * 2, [(y - half) / height, (y + half) / height], color=A, lw=3))


def span(texts: list[Text]) -> tuple[float, float]:
    """The lowest and the highest pixel of texts."""
    boxes = [text.get_window_extent() for text in texts]
    return min(box.y0 for box in boxes), max(box.y1 for box in boxes)
