"""The panel of four copies of one network that learn side by side."""

from typing import Any

from ..experiments import training
from ..figures.training import TrainingPicture
from ..text import TITLE
from .base import Panel
from .controls import Dice, Play, Range, Steps, Text

__all__ = ["TrainingPanel"]

RIVER, STEPS = training.RIVER, training.STEPS
TEXTS = {"the miller's river …": RIVER, "the time machine …": TITLE}
RATES = [0.001, 0.003, 0.01, 0.03, 0.1]

CONTROLS = (
    Dice("seed", "seed", 1, 1, 99, again="another seed"),
    Range("tau", "τ", "truncation length", 5, 1, STEPS),
    Range("pi", "π", "chance to go on", 0.8, 0.05, 1.0, 0.05),
    Steps("rate", "η", "learning rate", 0.01, RATES),
    Text("text", "text", RIVER, TEXTS, longest=training.LONGEST, shortest=STEPS + 1),
    Range("temperature", "", "temperature", 0.5, 0.0, 1.5, 0.1),
    Range("updates", "", "updates", training.UPDATES, 0, training.UPDATES, training.EVERY),
)


class TrainingPanel(Panel):
    """Train with the slider or with ▶: full, segments, window and random, side by side on one text.

    It starts with a run that is finished. A move of `updates` trains one piece, and the slider comes back to where
    that got; every other control trains nothing, and the slider goes to what has been trained with it.
    """

    def __init__(self):
        rows = [[("updates", Play("updates", 200))], ["tau", "pi"], ["rate", "temperature"], ["text", "seed"]]
        super().__init__(CONTROLS, training.run, TrainingPicture, rows)

    wanted = training.UPDATES  # updates, before there were too few of them

    @property
    def race(self) -> dict[str, Any]:
        """The part of the state that a run depends on."""
        return {name: value for name, value in self.state.items() if name not in ("temperature", "updates")}

    def fit(self, moved: str) -> None:
        """Show another run as far as it has been trained."""
        slider = self.controls["updates"]
        if moved == "updates":
            self.wanted = slider.value
        else:
            wanted = self.wanted
            slider.value, self.wanted = min(wanted, training.trained(**self.race)), wanted

    def prepare(self) -> None:
        """Train a piece if more is asked for than has been trained; the start is trained as a whole."""
        slider = self.controls["updates"]
        if self.state == self.start:
            return
        try:
            training.proceed(**self.race, updates=slider.value)
        finally:
            with self.held():
                slider.value = min(slider.value, training.trained(**self.race))
