"""Memory and time of the whole gradient over T, keeping everything or checkpoints, to a million steps."""

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from ..experiments.million import FAR, Measured, ratio, slope
from .live import Picture
from .numbers import number
from .style import FULL, INK, SMALL, C

__all__ = ["MillionPicture"]

LOOK = {"everything": {"color": FULL, "marker": "o"}, "checkpoints": {"color": C, "marker": "D"}}
STROKES = {  # of each slope: where it begins, how far it goes, and which
    "memory": ((2e4, 8.0, 1, 12), (1e5, 0.13, "½", 12)),
    "time": ((1e5, 0.35, 1, 8),),
}
WORDS = {
    "ways": {"everything": "keep everything", "checkpoints": "keep checkpoints"},
    "steps": "steps T",
    "lengths": ("1 000", "10 000", "100 000", "1 000 000"),
    "memory": "memory beside x and y",
    "time": "time of the processor",
    "units": {"memory": ("10 kB", "1 MB", "100 MB"), "time": ("10 ms", "1 s", "100 s")},
    "slope": "slope {}",
    "most": "{MB} MB",
    "said": "A million steps: {everything} to keep everything, {checkpoints} with checkpoints. "
    "From T = 10 000 on memory grows like T to the power {powers}, time is {ratio} times as much at most.",
}
SIZES = {"memory": (1e-2, 1, 1e2), "time": (1e-2, 1, 1e2)}
HEIGHTS = {"memory": (1e-2, 6e3), "time": (3e-3, 1e2)}


class MillionPicture(Picture):
    """Left the most memory held at once, right the time, for T from a thousand to a million, and slopes to compare."""

    inches = (9.6, 3.9)

    def build(self) -> None:
        self.sides = {"memory": self.axes(0.95, 0.6, 3.75, 2.5), "time": self.axes(5.6, 0.6, 3.75, 2.5)}
        self.lines = {what: self.prepare(what, ax) for what, ax in self.sides.items()}
        ends = {"ha": "right", "va": "bottom", "fontweight": "bold"}
        self.ends = {way: self.words(0, 0, self.sides["memory"], color=LOOK[way]["color"], **ends) for way in LOOK}
        handles = [self.lines["memory"][way] for way in LOOK]
        self.figure.legend(handles, WORDS["ways"].values(), loc="upper center", ncols=2)

    def prepare(self, what: str, ax: Axes) -> dict[str, Line2D]:
        ax.set(xscale="log", yscale="log", xlim=(6e2, 2.5e6), ylim=HEIGHTS[what], xlabel=WORDS["steps"])
        ax.set_xticks([1e3, 1e4, 1e5, 1e6], WORDS["lengths"])
        ax.set_yticks(SIZES[what], WORDS["units"][what])
        ax.minorticks_off()
        ax.set_title(WORDS[what], fontweight="bold")
        for stroke in STROKES[what]:
            self.stroke(ax, *stroke)
        return {way: self.moving(ax.plot([], [], ms=6, lw=1.5, **LOOK[way])[0]) for way in LOOK}

    def stroke(self, ax: Axes, T: float, height: float, power: int | str, times: float) -> None:
        """A piece of a line of this slope, beside the curve."""
        power_of = {"½": 0.5}.get(power, power)
        ax.plot([T, T * times], [height, height * times**power_of], color=INK, lw=1)
        middle = (T * times**0.5, height * times ** (power_of / 2))
        ax.annotate(
            WORDS["slope"].format(power),
            middle,
            (4, -4),
            textcoords="offset points",
            ha="left",
            va="top",
            fontsize=SMALL,
        )

    def show(self, kept: Measured) -> str:
        for what, ways in kept.items():
            for way, values in ways.items():
                self.lines[what][way].set_data(list(values), list(values.values()))
        most = {way: self.set_end(way, *max(values.items())) for way, values in kept["memory"].items()}
        powers = " and ".join(f"{slope(values):.1f}" for values in kept["memory"].values())
        far = max(times for T, times in ratio(kept, "time").items() if T >= FAR)
        return WORDS["said"].format(**most, powers=powers, ratio=f"{far:.1f}")

    def set_end(self, way: str, T: int, MB: float) -> str:
        """How much it is for the largest T, above the end of its line."""
        words = WORDS["most"].format(MB=number(MB))
        self.ends[way].set(text=words, position=(1.3 * T, 1.6 * MB))
        return words
