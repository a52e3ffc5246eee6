"""The panel of what is held: everything, or checkpoints and one block."""

from ..experiments.checkpoints import LONGEST, run
from ..figures.checkpoints import CheckpointsPicture
from .base import Panel
from .controls import Range

__all__ = ["CheckpointsPanel"]

CONTROLS = (
    Range("T", "T", "steps", 36, 4, LONGEST),
    Range("k", "k", "block length", 12, 1, LONGEST),
)


class CheckpointsPanel(Panel):
    """Drag k: short blocks have many first states, long blocks a long tape."""

    def __init__(self):
        super().__init__(CONTROLS, run, CheckpointsPicture)

    def fit(self, moved: str) -> None:
        """A block is no longer than the text."""
        self.controls["k"].max = self.controls["T"].value
