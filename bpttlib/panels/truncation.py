"""The panel of the truncation page, and the toy that opens the course."""

import ipywidgets as W

from ..figures.triangle import TrianglePicture
from ..figures.truncation import TruncationPicture
from ..reading import reading, study, throws
from ..text import TITLE
from ..truncation import Full, Random, Segments, Window
from .base import Panel, choice, slider
from .source import TextSource

__all__ = ["TrianglePanel", "TruncationPanel"]

LONGEST = 40


def compared(text: str, T: int, rho: float, strategy: str, tau: int, pi: float, throw: int) -> dict:
    """What `TruncationPicture` shows in this state."""
    read = reading(text, T, rho)
    seen = {
        "full": study(read, Full()),
        "segments": study(read, Segments(tau)),
        "window": study(read, Window(tau)),
        "random": study(read, Random(pi), throw),
    }
    thrown, sd = throws(read, pi, throw)
    label = {"full": "full", "segments": f"segments τ = {tau}", "window": f"window τ = {tau}"}
    return {
        "text": text,
        "norms": read.norms,
        "Omegas": {name: one.Omega for name, one in seen.items()},
        "labels": label | {"random": f"random π = {pi:.2f}"},
        "chosen": strategy,
        "found": {name: one.comparison for name, one in seen.items()},
        "throws": thrown,
        "sd": sd,
        "fixed": {name: one.entry for name, one in seen.items() if name != "random"},
    }


class TruncationPanel(Panel):
    """Full, segments, window and random truncation of a real gradient, side by side."""

    def __init__(self):
        self.source = TextSource()
        dice = W.BoundedIntText(1, min=1, max=9999, description="throw", layout=W.Layout(width="9em"))
        dice.style.description_width = "3.5em"
        again = W.Button(description="new dice", icon="random", tooltip="throw the dice of the random strategy again")
        again.on_click(lambda _: setattr(dice, "value", dice.value % dice.max + 1))
        controls = {
            "strategy": choice("segments", ["full", "segments", "window", "random"]),
            "throw": dice,
            "tau": slider("τ  truncation length", 5, 1, LONGEST),
            "pi": slider("π  chance to go on", 0.8, 0.05, 1.0, 0.05),
            "T": slider("T  steps", len(TITLE) - 1, 2, len(TITLE) - 1),
            "rho": slider("ρ  scale of W_hh", 0.9, 0.1, 2.0, 0.05),
            "text": self.source,
        }
        rows = [[W.Label("show the weights of"), "strategy", again, "throw"], ["tau", "pi"], ["T", "rho"], ["text"]]
        self.source.observe(self._new_text, "value")  # before the picture asks for more steps than there are
        super().__init__(controls, compared, TruncationPicture, rows)

    def _new_text(self, change) -> None:
        T = self.controls["T"]
        with self.held():
            T.max = min(LONGEST, len(change.new) - 1)


def kept(strategy: str, tau: int, rho: float) -> dict:
    """What `TrianglePicture` shows in this state."""
    seen = study(reading(TITLE, len(TITLE) - 1, rho), {"segments": Segments, "window": Window}[strategy](tau))
    return {
        "text": TITLE,
        "norms": reading(TITLE, len(TITLE) - 1, rho).norms,
        "Omega": seen.Omega,
        "name": strategy,
        "label": f"{strategy} τ = {tau}",
        "error": seen.comparison.error,
    }


class TrianglePanel(Panel):
    """Which paths a fixed truncation keeps, and how far off the gradient is then."""

    def __init__(self):
        controls = {
            "tau": slider("τ  truncation length", 5, 1, len(TITLE) - 1),
            "rho": slider("ρ  scale of W_hh", 0.9, 0.1, 2.0, 0.05),
            "strategy": choice("segments", ["segments", "window"]),
        }
        super().__init__(controls, kept, TrianglePicture, [["tau", "rho"], [W.Label("cut into"), "strategy"]])
