"""The panel of the lag task: what is learnt for which lag, block and state."""

from ..experiments import recall
from ..figures.recall import RecallPicture
from .base import Panel
from .controls import Choice, Steps

__all__ = ["RecallPanel"]

CONTROLS = (
    Steps("lag", "ℓ", "lag of the coin", 6, recall.LAGS),
    Steps("tau", "τ", "steps in a block", 6, recall.TAUS),
    Choice("state", "state at the start of a block:", "carried", recall.STATES),
)


class RecallPanel(Panel):
    """A map of success over lag and block, and the run at one place of it.

    All networks of the map are trained first, unless `success_map` has been called.
    """

    def __init__(self):
        super().__init__(CONTROLS, recall.run, RecallPicture, [["lag", "tau"], ["state"]])
