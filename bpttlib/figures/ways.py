"""The two ways from w to h_2 as arrows, and their derivatives laid end to end."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import FancyArrowPatch, Rectangle
from numpy.typing import NDArray

from .live import Picture
from .numbers import decimals
from .style import INK, LARGE, NORMAL, PALE, QUIET, A, B, C

__all__ = ["WaysPicture"]

PLACE = {"h_1": (0.85, 2.15), "h_2": (3.75, 2.15), "w": (2.30, 0.42)}  # inches
HALF = (0.24, 0.20)  # half the width and height of a box
WAYS = {"immediate": ("w", "h_2", B), "before": ("w", "h_1", A), "passed": ("h_1", "h_2", C)}
BESIDE = {"immediate": (3.22, 1.16, "left"), "before": (1.38, 1.16, "right"), "passed": (2.30, 2.42, "center")}
FROM, LONG = 6.15, 3.15  # inches: where the bars begin, and how long the total is
BAR = {"immediate": 2.20, "through": 1.40, "total": 0.60}  # the height of the middle of each
THICK = 0.40
LOOK = {"immediate": {"color": B}, "through": {"fc": C, "ec": A, "lw": 3}, "total": {"color": A}}
ON_BAR = ("immediate", "total")  # the third bar is too short for words
FACTORS = [(0.12, C), (0.64, INK), (0.78, A), (1.32, INK)]  # of the way through h_1: how far in, in which colour

WORDS = {
    "immediate": "$\\partial^+h_2/\\partial w$ = {}\nimmediate",
    "before": "$\\partial h_1/\\partial w$ = {}\ntotal, of $h_1$",
    "passed": "$c_2=\\partial h_2/\\partial h_1$ = {}",
    "ways": "two ways from $w$ to $h_2$",
    "worth": "what they are worth, end to end",
    "bars": {"immediate": "direct", "through": "through $h_1$", "total": "together"},
    "immediate bar": "{immediate}  immediate",
    "factors": ("{passed}", "·", "{before}", "= {through}"),
    "total bar": "{total}  $=\\partial h_2/\\partial w$, total",
    "said": "Two ways from w to h_2: direct, worth {immediate}, the immediate derivative; and through h_1, worth "
    "c_2 · ∂h_1/∂w = {passed} · {before} = {through}. End to end they are as long as the total derivative, {total}.",
}


class WaysPicture(Picture):
    """Left the arrows from w to h_2, right what each way is worth, end to end as long as the total."""

    inches = (9.6, 3.05)

    def build(self) -> None:
        w, h = self.inches
        self.ax = self.axes(0, 0, w, h, xlim=(0, w), ylim=(0, h))
        self.ax.axis("off")
        self.ax.text(0.15, 2.86, WORDS["ways"], fontweight="bold", va="center")
        self.ax.text(FROM - 1.05, 2.86, WORDS["worth"], fontweight="bold", va="center")
        for name, middle in PLACE.items():
            self._box(name, np.array(middle))
        for start, end, colour in WAYS.values():
            self._arrow(np.array(PLACE[start]), np.array(PLACE[end]), colour)
        self.values = {
            way: self.words(x, y, self.ax, color=WAYS[way][2], ha=ha, va="center", linespacing=1.5, fontsize=NORMAL)
            for way, (x, y, ha) in BESIDE.items()
        }
        self._bars()

    def _box(self, name: str, middle: NDArray) -> None:
        look = {"facecolor": PALE if name == "w" else "white", "edgecolor": INK, "linewidth": 1.4}
        self.ax.add_patch(Rectangle(middle - HALF, 2 * HALF[0], 2 * HALF[1], **look))
        self.ax.text(*middle, f"${name}$", ha="center", va="center", fontsize=LARGE)

    def _arrow(self, start: NDArray, end: NDArray, colour: str) -> None:
        look = {"arrowstyle": "-|>", "mutation_scale": 18, "lw": 3.5, "color": colour, "shrinkA": 0, "shrinkB": 0}
        along = (end - start) * 0.34 / np.hypot(*(end - start))
        self.ax.add_patch(FancyArrowPatch(start + along, end - along, **look))

    def _bars(self) -> None:
        """The bars, their names before them and their lengths in or beside them."""
        self.bars = {
            name: self.moving(self.ax.add_patch(Rectangle((FROM, y - THICK / 2), 0, THICK, **LOOK[name])))
            for name, y in BAR.items()
        }
        for name, y in BAR.items():
            self.ax.text(FROM - 0.15, y, WORDS["bars"][name], ha="right", va="center", fontsize=NORMAL)
        look = {"va": "center", "fontsize": NORMAL}
        white = look | {"color": "white"}
        self.on_bar = {name: self.moving(self.ax.text(FROM + 0.12, BAR[name], "", **white)) for name in ON_BAR}
        self.factors = [self.words(FROM + x, BAR["through"], self.ax, color=colour, **look) for x, colour in FACTORS]
        dashes = LineCollection([], colors=QUIET, linewidths=1, linestyles=[(0, (3, 2))])
        self.ends = self.moving(self.ax.add_collection(dashes, autolim=False))

    def show(self, immediate: float, before: float, passed: float, through: float, total: float) -> str:
        worth = {"immediate": immediate, "before": before, "passed": passed, "through": through, "total": total}
        said = {name: decimals(value, 3) for name, value in worth.items()}
        for way, words in self.values.items():
            words.set_text(WORDS[way].format(said[way]))
        for name, words in self.on_bar.items():
            words.set_text(WORDS[f"{name} bar"].format(**said))
        for words, factor in zip(self.factors, WORDS["factors"], strict=True):
            words.set_text(factor.format(**said))
        self._lay(worth)
        return WORDS["said"].format(**said)

    def _lay(self, worth: dict[str, float]) -> None:
        """The two ways end to end, and below them the total."""
        scale = LONG / worth["total"]
        for name, bar in self.bars.items():
            bar.set_width(scale * worth[name])
        joint = FROM + scale * worth["immediate"]
        self.bars["through"].set_x(joint)
        self.ends.set_segments([upright(joint, "immediate", "through"), upright(FROM + LONG, "through", "total")])


def upright(x: float, upper: str, lower: str) -> list[tuple[float, float]]:
    """From one bar down to the next."""
    return [(x, BAR[upper] - THICK / 2), (x, BAR[lower] + THICK / 2)]
