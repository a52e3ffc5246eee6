"""The panel of the shapes in the reverse sweep."""

from ..experiments.transposes import run
from ..figures.transposes import TransposesPicture
from .base import Panel
from .controls import Choice, Range

__all__ = ["TransposesPanel"]

CONTROLS = (
    Range("d", "d", "size of the input", 2, 1, 6),
    Range("h", "h", "size of the state", 3, 1, 6),
    Range("q", "q", "size of the output", 4, 1, 6),
    Choice("forgotten", "", True, {"as it should be": False, "transposes forgotten": True}),
)


class TransposesPanel(Panel):
    """Forget the transposes, choose the sizes, and see what still fits."""

    def __init__(self):
        super().__init__(CONTROLS, run, TransposesPicture, [["forgotten", "d"], ["h", "q"]])
