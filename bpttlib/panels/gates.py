"""The panel of three triangles on one text: RNN, GRU and LSTM."""

from ..experiments import gates
from ..figures.gates import GatesPicture
from .base import Panel
from .controls import Choice, Range, Steps

__all__ = ["GatesPanel"]

CONTROLS = (
    Range("bias", "b", "bias of z and f", 3, gates.BIASES[0], gates.BIASES[-1]),
    Steps("spectral_radius", "ρ", "W_hh of the RNN", 0.9, gates.RADII),
    Range("T", "T", "steps", gates.LONGEST, 16, gates.LONGEST),
    Choice("weights", "weights:", "drawn", ("drawn", "trained")),
)


class GatesPanel(Panel):
    """Set the bias of the gates: how far the triangle fills; beside it what the gates alone say.

    "trained" trains what it shows, for some half a second, unless `trained_nets` has been called.
    """

    def __init__(self):
        super().__init__(CONTROLS, gates.run, GatesPicture)
