"""What each walk back takes, block by block: with detach(), and with retain_graph=True."""

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from .live import Picture
from .style import FIXED, FULL

__all__ = ["RetainedPicture"]

LOOKS = {
    "retain": {"color": FULL, "marker": "s", "ms": 4, "lw": 1.5},
    "detach": {"color": FIXED, "marker": "o", "ms": 5, "lw": 1.5},
}
WORDS = {
    "names": {"retain": "retain_graph=True", "detach": "state.detach()"},
    "totals": {
        "retain": "walks over {total} blocks in all, n(n+1)/2",
        "detach": "walks over {total} blocks in all, n",
    },
    "nodes": "nodes walked over, counted",
    "seconds": "milliseconds, measured here",
    "block": "number of the block",
    "said": "Nodes walked over from the loss of each of {n} blocks: with retain_graph=True from {few} to {many}, "
    "{retain} blocks in all; with detach() {few} every time, {detach} blocks in all. "
    "The times are measured anew in every run.",
}


class RetainedPicture(Picture):
    """Left the nodes that each walk back meets, right how long each block took; above them what that comes to."""

    inches = (9.6, 4.0)

    def build(self) -> None:
        self.sides = {"nodes": self.axes(0.85, 0.55, 3.75, 2.3), "seconds": self.axes(5.6, 0.55, 3.75, 2.3)}
        for name, ax in self.sides.items():
            ax.set_title(WORDS[name], fontweight="bold")
            ax.set_xlabel(WORDS["block"])
        self.curves = {name: {how: self._curve(ax, how) for how in LOOKS} for name, ax in self.sides.items()}
        place = {"transform": self.figure.dpi_scale_trans}
        self.totals = {}
        for y, how in ((3.72, "retain"), (3.42, "detach")):
            self.figure.add_artist(Line2D([0.85, 1.05, 1.25], [y] * 3, markevery=[1], **LOOKS[how], **place))
            self.figure.text(1.4, y, WORDS["names"][how], fontweight="bold", va="center", **place)
            self.totals[how] = self.words(3.35, y, self.figure, va="center", **place)

    def _curve(self, ax: Axes, how: str) -> Line2D:
        return self.moving(ax.plot([], [], clip_on=False, **LOOKS[how])[0])

    def show(self, nodes: dict[str, list[int]], seconds: dict[str, list[float]], blocks: dict[str, int]) -> str:
        n = len(nodes["retain"])
        found = {"nodes": nodes, "seconds": {how: [1e3 * s for s in some] for how, some in seconds.items()}}
        tops = {name: 1.05 * max(map(max, some.values())) for name, some in found.items()}
        if not self.still((n, *tops.values())):
            for name, ax in self.sides.items():
                ax.set(xlim=(0, n + 1), ylim=(0, tops[name]))
        for name, some in found.items():
            for how, values in some.items():
                self.curves[name][how].set_data(range(1, n + 1), values)
        for how, total in blocks.items():
            self.totals[how].set_text(WORDS["totals"][how].format(total=total))
        return WORDS["said"].format(n=n, few=nodes["retain"][0], many=nodes["retain"][-1], **blocks)
