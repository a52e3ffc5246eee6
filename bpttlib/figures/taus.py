"""Loss over the truncation length: on the text learnt from, and on one never seen."""

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from .bands import MARKER, Band
from .live import Picture
from .numbers import added
from .style import COLOUR, DASH, SMALL, tint

__all__ = ["TausPicture"]

KINDS = ["segments", "window"]
TICKS = [1, 2, 5, 10, 28]
WORDS = {
    "training": "The text it learns from, at the end",
    "unseen": "The text it has never seen",
    "tau": "truncation length τ",
    "ticks": ["1", "2", "5", "10", "full"],
    "loss": "loss",
    "kinds": {"segments": "segments", "window": "window"},
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
            "training": self._bands(left, 1.0),
            "last": self._bands(right, 1.0),
            "best": self._bands(right, 0.5),
        }
        left.legend([one.line for one in self.lines["training"].values()], WORDS["kinds"].values(), loc="upper right")
        self.ends = {name: self.words(0, 0, right, fontsize=SMALL) for name in ("last", "best")}

    def _bands(self, ax: Axes, strength: float) -> dict[str, Band]:
        """With the quartiles of the segments alone: two bands hide each other."""
        looks = {kind: {"ls": DASH[kind], "marker": MARKER[kind], "ms": 7} for kind in KINDS}
        looks["window"]["alpha"] = 0
        return {kind: Band(self, ax, tint(COLOUR[kind], strength), **looks[kind]) for kind in KINDS}

    def show(
        self,
        taus: dict[str, NDArray],
        training: dict[str, NDArray],
        last: dict[str, NDArray],
        best: dict[str, NDArray],
        gained: dict[str, NDArray],
    ) -> str:
        for name, curves in {"training": training, "last": last, "best": best}.items():
            for kind in KINDS:
                self.lines[name][kind].set(taus[kind], curves[kind])
        self.ends["last"].set(text=WORDS["last"], x=1, y=last["segments"][2, :2].max() + 0.005, va="bottom")
        self.ends["best"].set(text=WORDS["best"], x=1, y=best["segments"][0, :3].min() - 0.005, va="top")
        place = list(taus["segments"]).index(5)
        more = training["segments"][1, place] - training["segments"][1, -1]
        return WORDS["said"].format(
            training=added(more), **{name: added(-np.median(one)) for name, one in gained.items()}
        )
