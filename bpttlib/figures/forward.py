"""Backward or forward: the numbers held over T, and the multiplications of a step over h."""

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from .live import Picture
from .numbers import grouped, number
from .style import FULL, INK, QUIET, A

__all__ = ["ForwardPicture"]

LOOK = {
    "everything": {"color": FULL, "lw": 2.5},
    "checkpoints": {"color": QUIET, "lw": 2, "ls": (0, (3, 1.5))},
    "forward": {"color": A, "lw": 3},
}
WORDS = {
    "key": {"everything": "backward, all states kept", "forward": "forward, no past state kept"},
    "checkpoints": "backward, checkpoints kept",
    "numbers": "numbers held",
    "products": "multiplications a step",
    "lengths": "steps T",
    "widths": "units h",
    "cross": "T = {}",
    "times": "× {}",
    "said": "h = {h}: forward mode holds {forward} numbers whatever T, fewer than all states from T = {cross} on, and "
    "makes {times} times as many products.",
}
T_TICKS, H_TICKS = (10, 100, 1000, 10_000, 100_000), (2, 4, 8, 16, 32, 64, 128)


class ForwardPicture(Picture):
    """Left how much is held as T grows; right what a step costs as h grows, the h of the left marked."""

    inches = (9.6, 4.1)

    def build(self) -> None:
        self.left, self.right = self.axes(0.75, 0.55, 4.3, 2.75), self.axes(6.0, 0.55, 3.3, 2.75)
        prepare(self.left, "numbers", "lengths", T_TICKS, (7, 1e5), range(1, 8, 2))
        prepare(self.right, "products", "widths", H_TICKS, (0.85, 150), range(1, 10, 2))
        self.curves = {name: self.moving(self.left.plot([], [], **look)[0]) for name, look in LOOK.items()}
        self.costs = {name: self.moving(self.right.plot([], [], **LOOK[name])[0]) for name in WORDS["key"]}
        mark = {"marker": "o", "mfc": "white", "mec": INK, "mew": 2, "ms": 9, "ls": ""}
        self.cross = self.moving(self.left.plot([], [], **mark)[0])
        self.gap = self.moving(self.right.plot([], [], color=INK, lw=1.2, marker="o", ms=6)[0])
        self.crossing = self.words(0, 0, self.left, ha="right", va="bottom", fontweight="bold")
        self.times = self.words(0, 0, self.right, ha="right", va="bottom", fontweight="bold")
        self.left.legend(
            [self.curves["checkpoints"]], [WORDS["checkpoints"]], loc="center right", bbox_to_anchor=(1, 1.045)
        )
        handles = [self.curves[name] for name in WORDS["key"]]
        self.figure.legend(handles, WORDS["key"].values(), loc="upper center", ncols=len(handles))

    def show(
        self,
        lengths: NDArray,
        numbers: dict[str, NDArray],
        widths: NDArray,
        products: dict[str, NDArray],
        h: int,
        cross: int,
        times: float,
    ) -> str:
        for name, curve in self.curves.items():
            curve.set_data(lengths, numbers[name])
        for name, curve in self.costs.items():
            curve.set_data(widths, products[name])
        flat = numbers["forward"][0]
        self.cross.set_data([cross], [flat])
        self.crossing.set(position=(0.95 * cross, 1.8 * flat), text=WORDS["cross"].format(grouped(cross)))
        low, high = (float(np.interp(h, widths, products[name])) for name in ("everything", "forward"))
        self.gap.set_data([h, h], [low, high])
        self.times.set(position=(1.1 * h, 1.8 * high), text=WORDS["times"].format(number(times)))
        return WORDS["said"].format(h=h, times=number(times), forward=grouped(flat), cross=grouped(cross))


def prepare(ax: Axes, title: str, below: str, ticks: tuple, xlim: tuple, powers: range) -> None:
    ax.set(xscale="log", yscale="log", xlabel=WORDS[below])
    ax.set_xticks(ticks, [grouped(one) for one in ticks])
    ax.set_yticks([10.0**k for k in powers])
    ax.set(xlim=xlim, ylim=(10, 10.0 ** powers[-1] * 4))
    ax.minorticks_off()
    ax.set_title(WORDS[title], fontweight="bold")
