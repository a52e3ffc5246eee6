"""The panel of the scan: the tree, round by round, and the paths that it has collected."""

from ..experiments.scan import LONGEST, depth, run
from ..figures.scan import ScanPicture
from .base import Panel
from .controls import Choice, Range, Stepper

__all__ = ["ScanPanel"]

START = 8
CONTROLS = (
    Range("T", "T", "steps", START, 2, LONGEST),
    Choice("order", "order:", "doubling", ("doubling", "halving")),
    Range("done", "n", "rounds done", depth(START, "doubling"), 0, depth(START, "doubling")),
)


class ScanPanel(Panel):
    """Let pairs meet, round by round, until every step has collected all its paths."""

    def __init__(self):
        super().__init__(CONTROLS, run, ScanPicture, [["T", "order"], ["done", Stepper("done")]])

    def fit(self, moved: str) -> None:
        """No more rounds than this T and this order have; a scan that was done stays done."""
        done = self.controls["done"]
        if moved != "done":
            was_last, done.max = done.value == done.max, depth(self.controls["T"].value, self.controls["order"].value)
            done.value = done.max if was_last else done.value
