"""Loss over the length of the segments: on the text learnt from, and on one never seen."""

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from .bands import MARKER, Band
from .live import Picture
from .numbers import added
from .style import COLOUR, DASH, SMALL, tint

__all__ = ["TausPicture"]

KIND = "segments"
TICKS = [1, 2, 5, 10, 28]
WORDS = {
    "training": "The text it learns from, at the end",
    "unseen": "The text it has never seen",
    "tau": "τ  steps in a segment",
    "ticks": ["1", "2", "5", "10", "full"],
    "loss": "loss",
    "last": "at the end",
    "best": "at its best on the way",
    "said": (
        "Segments of 5 instead of the full gradient: training loss {training}; on unseen text {last} at the "
        "end, {best} at the best moment (medians over the seeds)."
    ),
}


class TausPicture(Picture):
    """Left the training loss, right the loss on unseen text, at the end and at its lowest, over τ."""

    inches = (9.6, 3.8)

    def build(self) -> None:
        left, right = self.axes(0.75, 0.55, 3.9, 2.75), self.axes(5.5, 0.55, 3.95, 2.75)
        for ax, name in ((left, "training"), (right, "unseen")):
            ax.set(xscale="log", xlim=(0.85, 33), xlabel=WORDS["tau"], ylabel=WORDS["loss"])
            ax.set_xticks(TICKS, WORDS["ticks"])
            ax.minorticks_off()
            ax.set_title(WORDS[name], fontweight="bold")
        left.set_ylim(1.1, 1.6)
        right.set_ylim(1.85, 2.15)
        self.lines = {
            "training": self._band(left, 1.0),
            "last": self._band(right, 1.0),
            "best": self._band(right, 0.5),
        }
        self.ends = {name: self.words(0, 0, right, fontsize=SMALL) for name in ("last", "best")}

    def _band(self, ax: Axes, strength: float) -> Band:
        return Band(self, ax, tint(COLOUR[KIND], strength), ls=DASH[KIND], marker=MARKER[KIND], ms=7)

    def show(
        self,
        taus: NDArray,
        training: NDArray,
        last: NDArray,
        best: NDArray,
        above: NDArray,
        gained: dict[str, NDArray],
    ) -> str:
        for name, quartiles in {"training": training, "last": last, "best": best}.items():
            self.lines[name].set(taus, quartiles)
        self.ends["last"].set(text=WORDS["last"], x=1, y=last[2, :2].max() + 0.005, va="bottom")
        self.ends["best"].set(text=WORDS["best"], x=1, y=best[0, :3].min() - 0.005, va="top")
        told = {"training": above} | {name: -one for name, one in gained.items()}
        return WORDS["said"].format(**{name: added(np.median(one)) for name, one in told.items()})
