"""The lag task for four cells: what is learnt over the lag, and what is left of it when the gradient is cut."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from matplotlib.text import Text
from numpy.typing import NDArray

from ..experiments.memory import LAGS, ROWS, SEEDS, TAUS
from .live import Picture
from .style import INK, QUIET, SIZES, SMALL

__all__ = ["MemoryPicture"]

START = {"RNN": "ρ", "leaky": "$b_z$", "GRU": "$b_z$", "LSTM": "$b_f$"}
TOLD = LAGS.index(40)  # the lag of which the sentence speaks

WORDS = {
    "success": "say a coin ℓ steps later: runs, of ten, that learn it",
    "cut": "{name}: read in blocks",
    "lag": "ℓ  lag",
    "tau": "τ  steps in a block",
    "bias": "$b_z$, $b_f$: bias of the gate",
    "all": "all",
    "no path": "above the line: no path to the coin, yet short lags are learnt",
    "said": "Learnt at a lag of {lag}, by cell and start, of {n} runs: {counts}. "
    "{gated} without a path, every lag: {rest} of {rests}.",
}


def name_of(cell: str, start: float) -> str:
    return f"{cell}  {START[cell]} = {start:g}"


class MemoryPicture(Picture):
    """Left each cell and start over the lag; right one of them over lag and τ: above the line no path is left."""

    inches = (9.6, 4.4)
    colours = (SIZES,)

    def build(self) -> None:
        self.left, self.right = self.axes(1.35, 0.75, 3.6, 3.3), self.axes(6.2, 0.75, 3.1, 3.3)
        self.success = self.grid(self.left, [name_of(*row) for row in ROWS])
        self.left.set_title(WORDS["success"], fontweight="bold")
        self.apart(self.left)
        self.cut = self.grid(self.right, [*map(str, TAUS), WORDS["all"]])
        self.right.set(ylabel=WORDS["tau"])
        below = {"fontsize": SMALL, "color": QUIET, "va": "top"}
        self.right.text(1, -0.16, WORDS["no path"], ha="right", transform=self.right.transAxes, **below)
        self.left.text(-0.345, -0.16, WORDS["bias"], transform=self.left.transAxes, **below)
        self.stairs(self.right)

    def grid(self, ax: Axes, names: list[str]) -> tuple[AxesImage, list[list[Text]]]:
        """Cells without a value yet: the image, and the number that stands in each."""
        ax.set(xlabel=WORDS["lag"])
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
        cells = ax.imshow(np.zeros((len(names), len(LAGS))), SIZES, aspect="auto", vmin=0, vmax=len(SEEDS))
        ax.set_xticks(range(len(LAGS)), LAGS)
        ax.set_yticks(range(len(names)), names)
        middle = {"ha": "center", "va": "center", "fontsize": SMALL}
        return cells, [[ax.text(x, y, "", **middle) for x in range(len(LAGS))] for y in range(len(names))]

    def apart(self, ax: Axes) -> None:
        """A white line between one cell and the next."""
        for y, (row, following) in enumerate(zip(ROWS, ROWS[1:], strict=False)):
            if row[0] != following[0]:
                ax.axhline(y + 0.5, color="white", lw=5)

    def stairs(self, ax: Axes) -> None:
        """The border between τ > ℓ and τ ≤ ℓ."""
        first = [sum(tau <= lag for tau in TAUS) - 0.5 for lag in LAGS]
        for colour, width in (("white", 6), (INK, 2.5)):
            ax.plot(np.repeat(np.arange(len(LAGS) + 1) - 0.5, 2)[1:-1], np.repeat(first, 2), color=colour, lw=width)

    def show(self, success: NDArray, rates: NDArray, cut: NDArray, gated: tuple) -> str:
        self.still((success.tobytes(), cut.tobytes(), gated))
        self.fill(*self.success, success)
        self.fill(*self.cut, cut)
        self.right.set_title(WORDS["cut"].format(name=name_of(*gated)), fontweight="bold")
        path = np.greater.outer([*TAUS, np.inf], LAGS)
        counts = ", ".join(f"{cell} {start:g}: {n}" for (cell, start), n in zip(ROWS, success[:, TOLD], strict=True))
        told = {"rest": cut[~path].sum(), "rests": len(SEEDS) * (~path).sum()}
        return WORDS["said"].format(
            lag=LAGS[TOLD], n=len(SEEDS), counts=counts, gated=" ".join(map(str, gated)), **told
        )

    def fill(self, cells: AxesImage, numbers: list[list[Text]], counts: NDArray) -> None:
        cells.set_data(counts)
        for texts, row in zip(numbers, counts, strict=True):
            for text, n in zip(texts, row, strict=True):
                text.set(text=str(n), color="white" if n >= len(SEEDS) / 2 else INK)
