"""Three units that read 1 1 1 1 … and say whether the number of ones is odd: over time, right or wrong."""

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from ..experiments.minimal import parity
from .live import Picture
from .style import GREY, INK, LARGE, QUIET, SMALL, A, C

__all__ = ["MinimalPicture"]

LANES = ("minimal", "flipping", "tanh")
COLOUR = {"minimal": C, "flipping": C, "tanh": INK}

WORDS = {
    "minimal": "minimal GRU, {} units with c between 0 and 1, by a scan",
    "flipping": "a single unit with c = −1 at a one, by a scan",
    "tanh": "two tanh units, by a loop",
    "answers": ("even", "odd"),
    "ones": "ones read",
    "asked": "Is the number of ones so far odd?",
    "right": "right",
    "wrong": "wrong",
    "said": "After how many ones, of {T}, the first wrong answer comes. {each}.",
    "never": "never",
}


class MinimalPicture(Picture):
    """A lane for each: the probability it gives to odd, a full dot where it is right and a hollow one where not."""

    inches = (9.6, 4.4)

    def build(self) -> None:
        self.lanes = {name: self.lane(name, 2.86 - 1.2 * row) for row, name in enumerate(LANES)}
        last = self.lanes[LANES[-1]][0]
        last.set_xlabel(WORDS["ones"])
        marks = [last.plot([], [], "o", ms=8, mew=1.5, mec=INK, mfc=INK, label=WORDS["right"])[0]]
        marks += [last.plot([], [], "o", ms=8, mew=1.5, mec=A, mfc="white", label=WORDS["wrong"])[0]]
        self.figure.legend(handles=marks, loc="upper right", ncols=2)
        self.figure.text(0.1, 4.2, WORDS["asked"], transform=self.figure.dpi_scale_trans, fontsize=LARGE)

    def lane(self, name: str, bottom: float) -> tuple:
        ax = self.axes(0.75, bottom, 8.6, 0.82)
        ax.set(ylim=(-0.12, 1.12), yticks=[0, 1], yticklabels=WORDS["answers"])
        ax.axhline(0.5, color=GREY, lw=0.8, zorder=0)
        ax.tick_params(axis="y", length=0)
        line = self.moving(ax.plot([], [], color=COLOUR[name], lw=1.5)[0])
        right = self.moving(ax.plot([], [], "o", ms=8, mew=1.5, mec=INK, mfc=INK)[0])
        wrong = self.moving(ax.plot([], [], "o", ms=8, mew=1.5, mec=A, mfc="white")[0])
        return ax, line, right, wrong

    def show(self, odd: dict[str, NDArray], units: int) -> str:
        T = len(odd[LANES[0]])
        if not self.still((T, units)):
            self.name(T, units)
        t, told = np.arange(1, T + 1), []
        for name, (_, line, *dots) in self.lanes.items():
            p = odd[name]
            is_right = (p > 0.5) == parity(np.ones(T))
            line.set_data(t, p)
            for those, some in zip((is_right, ~is_right), dots, strict=True):
                some.set_data(t[those], p[those])
            first = WORDS["never"] if is_right.all() else is_right.argmin() + 1
            told.append(f"{WORDS[name].format(units)}, {first}")
        return WORDS["said"].format(T=T, each="; ".join(told))

    def name(self, T: int, units: int) -> None:
        for name, (ax, *_) in self.lanes.items():
            ax.set_title(WORDS[name].format(units), fontweight="bold", color=COLOUR[name])
            ax.set(xlim=(0.5, T + 0.5), xticks=range(1, T + 1))
            self.ticks(ax, name)

    def ticks(self, ax: Axes, name: str) -> None:
        """Numbers only under the last lane."""
        ax.tick_params(axis="x", length=0, labelbottom=name == LANES[-1], labelsize=SMALL, labelcolor=QUIET)
