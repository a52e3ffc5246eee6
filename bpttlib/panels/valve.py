"""The panel of the one-way valve: PyTorch's graph with and without detach()."""

from ..experiments.valve import LONGEST, run
from ..figures.valve import ValvePicture
from .base import Panel
from .controls import Range

__all__ = ["ValvePanel"]

CONTROLS = (
    Range("t", "t", "from loss", 7, 1, 8),
    Range("tau", "τ", "detach() every", 4, 1, 8),
    Range("T", "T", "steps", 8, 2, LONGEST),
)


class ValvePanel(Panel):
    """Drag t: the walk goes back to the last valve and no further."""

    def __init__(self):
        super().__init__(CONTROLS, run, ValvePicture, [["t", "tau"], ["T"]])

    def fit(self, moved: str) -> None:
        """Where T moves, the last loss stays the last one, and no valve at all stays none."""
        if moved == "T":
            T = self.controls["T"].value
            for one in (self.controls["t"], self.controls["tau"]):
                was_last, one.max = one.value == one.max, T
                one.value = T if was_last else one.value
