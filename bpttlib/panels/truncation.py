"""The panel of the truncation page: the four strategies on one text."""

from ..experiments import truncation
from ..figures.truncation import TruncationPicture
from ..text import PARABLE, TITLE
from .base import Panel
from .controls import Dice, Range, Text

__all__ = ["TruncationPanel"]

LONGEST = 40
STEPS = len(TITLE) - 1
TEXTS = {"the time machine …": TITLE, "the miller's river …": " ".join(PARABLE.split())[: LONGEST + 1]}

CONTROLS = (
    Range("tau", "τ", "truncation length", 5, 1, STEPS),
    Range("pi", "π", "chance to go on", 0.8, 0.05, 1.0, 0.05),
    Range("T", "T", "steps", STEPS, 2, STEPS),
    Range("spectral_radius", "ρ", "scale of W_hh", 0.9, 0.1, 2.0, 0.05),
    Text("text", "text", TITLE, TEXTS, longest=LONGEST + 1),
    Dice("throws", "throws", 1, 1, truncation.MOST, many=100),
)


class TruncationPanel(Panel):
    """Full, segments, window and random truncation of a real gradient, side by side."""

    def __init__(self):
        rows = [["tau", "pi"], ["T", "spectral_radius"], ["text", "throws"]]
        super().__init__(CONTROLS, truncation.run, TruncationPicture, rows)

    wanted = STEPS  # steps, before a text was too short for them
    wanted_tau = CONTROLS[0].start  # before there were too few steps for it

    def fit(self, moved: str) -> None:
        """No more steps than the text has characters to guess, and no truncation length beyond the last step."""
        T, tau = self.controls["T"], self.controls["tau"]
        if moved == "tau":
            self.wanted_tau = tau.value
        wanted_tau = self.wanted_tau
        if moved == "text":
            wanted, T.max = self.wanted, len(self.controls["text"].value) - 1
            T.value, self.wanted = min(wanted, T.max), wanted
        elif moved == "T":
            self.wanted = T.value
        tau.max = T.value
        tau.value, self.wanted_tau = min(wanted_tau, tau.max), wanted_tau
