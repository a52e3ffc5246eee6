"""Counts and times of the ways to a gradient, for growing T on doubly logarithmic axes."""

from matplotlib.axes import Axes

from .live import Picture
from .style import FULL, INK, QUIET, SMALL, C

__all__ = ["EfficiencyPicture"]

LOOK = {
    "path by path": {"color": QUIET, "marker": "^", "ls": (0, (1, 1))},
    "loss by loss": {"color": QUIET, "marker": "s", "ls": (0, (3, 1.5))},
    "one sweep": {"color": FULL, "marker": "o", "ls": "-"},
    "16 tanh units": {"color": C, "marker": "D", "ls": "-"},
}

WORDS = {
    "steps": "steps T",
    "counts": "multiplications, counted",
    "times": "seconds, measured here",
    "units": ("1 µs", "1 ms", "1 s"),
    "slope": "slope {}",
    "grown": "{way} × {factor:.0f}",
    "said": "Multiplications from T = 10 to T = 100: {grown}. The times are measured anew in every run.",
}
WAYS = {
    "path by path": "path by path",
    "loss by loss": "loss by loss",
    "one sweep": "one sweep",
    "16 tanh units": "gradient(…), 16 tanh units",
}


class EfficiencyPicture(Picture):
    """Left how many multiplications, with slopes drawn in; right how long they took on this machine."""

    inches = (11.6, 4.8)

    def build(self) -> None:
        self.left, self.right = self.axes(0.95, 0.70, 4.6, 3.45), self.axes(6.85, 0.70, 4.5, 3.45)
        for ax in (self.left, self.right):
            ax.set(xscale="log", yscale="log", xlabel=WORDS["steps"])
        self.left.set(xlim=(7, 3e4), ylim=(10, 3e6))
        self.left.set_title(WORDS["counts"], fontweight="bold")
        self.right.set(xlim=(7, 2e5), ylim=(3e-7, 10))
        self.right.set_title(WORDS["times"], fontweight="bold")
        self.right.set_yticks([1e-6, 1e-3, 1], WORDS["units"])
        for ax in (self.left, self.right):
            ax.minorticks_off()
        self.slopes()
        self.curves = {
            name: [self.moving(ax.plot([], [], ms=6, lw=1.5, label=WAYS[name], **look)[0]) for ax in self.figure.axes]
            for name, look in LOOK.items()
        }
        *ways, network = self.curves.values()
        self.left.legend(handles=[counted for counted, _ in ways], loc="lower right")
        self.right.legend(handles=[network[1]], loc="upper left")

    def slopes(self) -> None:
        for slope, T, height, side in ((3, 15, 4e3, "left"), (2, 60, 1.7e3, "right"), (1, 400, 4e2, "right")):
            self.slope(self.left, slope, T, height, side)
        for slope, T, height, side in ((2, 400, 3e-2, "left"), (1, 4000, 8e-5, "right")):
            self.slope(self.right, slope, T, height, side)

    def slope(self, ax: Axes, slope: int, T: float, height: float, side: str) -> None:
        """A stroke from T to 4 T, beside the curve of that slope."""
        ax.plot([T, 4 * T], [height, height * 4**slope], color=INK, lw=1)
        beside = {"left": (1.7, "right", "bottom"), "right": (2.4, "left", "top")}[side]
        place = {"ha": beside[1], "va": beside[2], "fontsize": SMALL}
        ax.text(beside[0] * T, height * 2**slope, WORDS["slope"].format(slope), **place)

    def show(self, counts: dict[str, dict[int, int]], times: dict[str, dict[int, float]]) -> str:
        for side, found in enumerate((counts, times)):
            for name, values in found.items():
                self.curves[name][side].set_data(list(values), list(values.values()))
        grown = {name: values[100] / values[10] for name, values in counts.items()}
        told = [WORDS["grown"].format(way=WAYS[name], factor=factor) for name, factor in grown.items()]
        return WORDS["said"].format(grown=", ".join(told))
