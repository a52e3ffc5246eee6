"""Sunspots one year ahead: the held-out years with two forecasts, and the errors of all as bars."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from .live import Picture
from .style import COLOUR, GREY, INK, PALE, SMALL

__all__ = ["SunspotsPicture"]

NAMES = ("persistence", "smoothing", "AR(2)", "AR(9)", "RNN")
DRAWN = {"AR(9)": {"color": INK, "ls": (0, (1.5, 1.2)), "lw": 1.6}, "RNN": {"color": COLOUR["full"], "lw": 2}}

WORDS = {
    "years": "sunspots a year, and what was forecast a year before",
    "errors": "error (RMS)",
    "observed": "observed",
    "best": "least",
    "said": "Root mean square error on {first} to {last}: {errors}; the networks, {n} seeds, {low:.0f} to {high:.0f}. "
    "Least: {best}.",
}


class SunspotsPicture(Picture):
    """Left the years, right a bar for each way, the dots the networks of several seeds."""

    inches = (9.6, 3.5)

    def build(self) -> None:
        self.years(self.axes(0.55, 0.4, 5.35, 2.5))
        self.bars(self.axes(7.2, 0.4, 2.0, 2.5))

    def years(self, ax: Axes) -> None:
        ax.set(xlim=(1949, 2009), ylim=(-8, 215))
        ax.set_title(WORDS["years"], fontweight="bold", pad=26)
        self.observed = self.moving(ax.plot([], [], color=GREY, lw=6, alpha=0.6, solid_capstyle="round")[0])
        self.lines = {name: self.moving(ax.plot([], [], **look)[0]) for name, look in DRAWN.items()}
        handles = [self.observed, *self.lines.values()]
        ax.legend(handles, [WORDS["observed"], *DRAWN], loc="lower left", bbox_to_anchor=(0, 0.98), ncols=3)

    def bars(self, ax: Axes) -> None:
        ax.set(xlim=(0, 36), ylim=(len(NAMES) - 0.4, -0.6), xticks=[0, 10, 20, 30])
        ax.set_yticks(range(len(NAMES)), NAMES)
        ax.tick_params(axis="y", length=0)
        ax.set_title(WORDS["errors"], fontweight="bold", pad=26)
        look = {"colors": [GREY] * (len(NAMES) - 1) + [PALE], "linewidths": 20, "capstyle": "butt"}
        self.lengths = self.moving(LineCollection([], **look))
        ax.add_collection(self.lengths, autolim=False)
        self.dots = self.moving(ax.plot([], [], "o", ms=6, color=COLOUR["full"], clip_on=False)[0])
        self.told = [self.words(0, y, ax, va="center", fontsize=SMALL) for y in range(len(NAMES))]

    def show(
        self, years: NDArray, numbers: NDArray, forecasts: dict[str, NDArray], errors: dict[str, list[float]]
    ) -> str:
        self.observed.set_data(years, numbers)
        for name, line in self.lines.items():
            line.set_data(years, forecasts[name])
        means = {name: float(np.mean(errors[name])) for name in NAMES}
        self.lengths.set_segments([[(0, y), (means[name], y)] for y, name in enumerate(NAMES)])
        self.dots.set_data(errors["RNN"], [len(NAMES) - 1] * len(errors["RNN"]))
        for text, name in zip(self.told, NAMES, strict=True):
            text.set(text=f"{means[name]:.0f}", x=max(means[name], *errors[name], 0) + 1.2)
        told = ", ".join(f"{name} {means[name]:.0f}" for name in NAMES)
        ends = {"low": min(errors["RNN"]), "high": max(errors["RNN"]), "n": len(errors["RNN"])}
        span = {"first": years[0], "last": years[-1]}
        return WORDS["said"].format(errors=told, best=min(means, key=means.get), **ends, **span)
