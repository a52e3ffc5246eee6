"""The computational graph of an RNN, drawn once for eight steps; what is not unrolled yet is covered."""

from itertools import pairwise

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle
from numpy.typing import NDArray

from ..unrolling import Node, computational_graph
from .cells import Cells, path_cells
from .live import Picture
from .style import INK, NORMAL, PALE, QUIET, SMALL, B, C

__all__ = ["LONGEST", "GraphPicture"]

LONGEST = 8  # steps that can be drawn
LEFT, PITCH = 1.62, 0.93  # inches: where step 1 stands, and from step to step
ROW = {"W_hx": 0.40, "W_hh": 0.80, "x": 1.36, "f": 2.06, "h": 2.06, "W_qh": 2.58, "g": 2.98, "o": 3.45}
ROW |= {"loss": 3.92, "y": 3.92, "l": 4.39, "mean": 4.84, "L": 4.84}
ASIDE = {"x": -0.30, "f": -0.30, "y": -0.26, "mean": 0.62, "L": 1.10}  # inches from the middle of the step
OPERATIONS = {"f": "$f$", "g": "$g$", "loss": "$l$", "mean": "Σ/T"}
TAP = {"W_hx": -0.54, "W_hh": -0.06, "W_qh": -0.10}  # where the wires of the parameters are tapped
HALF = dict.fromkeys(TAP, (0.37, 0.15)) | dict.fromkeys(OPERATIONS, (0.12, 0.12)) | {"mean": (0.2, 0.2)}
WIDTH = 9.45  # of the graph, in inches
RAISED = 0.36  # how far below an operation its tap bends

WORDS = {
    "used": "used at step $i$",
    "felt": "felt by $l_t$",
    "found": "{n} {paths} from {name}",
    "to one loss": "to $l_{{{t}}}$",
    "in all": "{n} in all",
    "to all losses": "to $l_1$ … $l_{{{T}}}$",
    "paths": ("path", "paths"),  # one, several
    "steps": ("step", "steps"),
    "all lit": "all of them lit",
    "some lit": "{n} lit",
    "said": "{T} {steps} unrolled: {n} {paths} from {parameter} to l_{t} ({lit}), "
    "{in_all} in all from {parameter} to l_1 … l_{T}.",
}


def place(node: Node, T: int = LONGEST) -> NDArray:
    """The middle of a node, in inches."""
    name, step = node
    if name in TAP:
        return np.array([0.5, ROW[name]])
    if node == ("h", 0):
        return np.array([0.80, ROW["h"]])
    step = T if name in ("mean", "L") else step
    return np.array([LEFT + PITCH * (step - 1) + ASIDE.get(name, 0.16), ROW[name]])


def half(node: Node) -> NDArray:
    """Half the width and height of a node."""
    return np.array(HALF.get(node[0], (0.17, 0.15)))


def line(start: Node, end: Node, T: int = LONGEST) -> list:
    """The points of an arrow, from border to border; from a parameter along its wire to the tap."""
    p, q = place(start, T), place(end, T)
    if start[0] in TAP:
        tap = LEFT + PITCH * (end[1] - 1) + TAP[start[0]]
        bend = np.array([tap, q[1] - RAISED])
        bend[1] = max(bend[1], p[1])
        return [(p[0] + half(start)[0], p[1]), (tap, p[1]), tuple(bend), tuple(border(end, q, bend))]
    if end[0] == "mean":
        return [tuple(border(start, p, p + (0, 1))), (p[0], q[1]), tuple(border(end, q, (p[0], q[1])))]
    return [tuple(border(start, p, q)), tuple(border(end, q, p))]


def border(node: Node, middle: NDArray, towards) -> NDArray:
    """Where the line from the middle of a node towards a point leaves it."""
    step = np.asarray(towards, float) - middle
    if node[0] in OPERATIONS:
        return middle + step / np.hypot(*step) * half(node)[0]
    return middle + step * min(h / abs(s) for h, s in zip(half(node), step, strict=True) if s)


def outline(node: Node, T: int) -> list:
    """The border of a node, as points."""
    x, y = place(node, T)
    w, h = half(node)
    if node[0] in OPERATIONS:
        angle = np.linspace(0, 2 * np.pi, 25)
        return list(zip(x + w * np.cos(angle), y + h * np.sin(angle), strict=True))
    return [(x - w, y - h), (x + w, y - h), (x + w, y + h), (x - w, y + h), (x - w, y - h)]


def role(start: Node, end: Node, shared: dict) -> str:
    """The colour of a lit arrow: blue where the parameter acts at once, green from state to state, black to the loss.

    From f to h it is the colour of what came in: green if a state did.
    """
    if start[0] in TAP:
        return B
    if start[0] == "f":
        return C if (("h", start[1] - 1), start) in shared else B
    return C if end[0] == "f" else INK


class GraphPicture(Picture):
    """Unroll it, choose a loss and a parameter, and see every path between them; beside it the triangle."""

    inches = (11.6, 5.2)

    def build(self) -> None:
        w, h = self.inches
        self.ax = self.axes(0, 0, w, h, xlim=(0, w), ylim=(0, h))
        self.ax.axis("off")
        self._standing()
        self._changing()
        self._triangle()

    def _standing(self) -> None:
        """The whole graph but for its end, which moves with the last step."""
        nodes = [(name, t) for t in range(1, LONGEST + 1) for name in ("x", "f", "h", "g", "o", "loss", "y", "l")]
        for name in TAP:
            self._wire(name)
            self._node((name, 0))
        for node in [("h", 0), *nodes]:
            self._node(node)
        for start, ends in computational_graph(LONGEST).items():
            for end in ends:
                if end != ("L", 0):
                    self._edge(start, end)

    def _changing(self) -> None:
        """The curtain, the end of the graph in front of it, the lit paths, and how many share a state."""
        self.curtain = self.moving(Rectangle((0, 0), 0, self.inches[1], facecolor="white", edgecolor="none"))
        self.ax.add_patch(self.curtain)
        self.ending = self.moving(LineCollection([], colors=QUIET, linewidths=1.2))
        self.outer = self.moving(LineCollection([], colors=INK, linewidths=1.2))
        self.lit = self.moving(LineCollection([], capstyle="round"))
        for lines in (self.ending, self.outer, self.lit):
            self.ax.add_collection(lines, autolim=False)
        middle = {"ha": "center", "va": "center"}
        self.names = [
            self.moving(self.ax.text(0, 0, s, fontsize=size, **middle)) for s, size in (("Σ/T", 10), ("$L$", 12))
        ]
        beside = [place(("h", t)) + (0.06, 0.28) for t in range(1, LONGEST + 1)]
        self.crowd = [self.words(*spot, self.ax, ha="left", va="center", fontsize=SMALL) for spot in beside]

    def _node(self, node: Node) -> None:
        (x, y), (w, h) = place(node), half(node)
        name, step = node
        look = {"edgecolor": INK, "linewidth": 1.2, "zorder": 3}
        if name in OPERATIONS:
            self.ax.add_patch(Circle((x, y), w, facecolor="white", **look))
        else:
            self.ax.add_patch(
                Rectangle((x - w, y - h), 2 * w, 2 * h, facecolor=PALE if name in TAP else "white", **look)
            )
        subscript = name[2:] if name in TAP else step
        label = OPERATIONS.get(name, f"${name[0]}_{{{subscript}}}$")
        self.ax.text(x, y, label, ha="center", va="center", fontsize=SMALL if name in OPERATIONS else NORMAL, zorder=4)

    def _wire(self, name: str) -> None:
        """From the parameter's box to the right, with a dot wherever an operation taps it."""
        x, y = place((name, 0))
        taps = LEFT + PITCH * np.arange(LONGEST) + TAP[name]
        self.ax.plot([x, taps[-1]], [y, y], color=QUIET, lw=1.2)
        self.ax.plot(taps, np.full(LONGEST, y), "o", color=QUIET, ms=4)

    def _edge(self, start: Node, end: Node) -> None:
        """An arrow of the graph; from a parameter only what comes after the tap, to the mean only the way up."""
        points = line(start, end)
        if end[0] == "mean":
            self.ax.plot(*np.transpose(points[:2]), color=QUIET, lw=1.2)
        else:
            self._arrow(points[-3:])

    def _arrow(self, points: list) -> None:
        self.ax.plot(*np.transpose(points[:-1]), color=QUIET, lw=1.2)
        look = {"arrowstyle": "-|>", "mutation_scale": 8, "shrinkA": 0, "shrinkB": 0, "color": QUIET, "lw": 1.2}
        self.ax.add_patch(FancyArrowPatch(points[-2], points[-1], zorder=2, **look))

    def _triangle(self) -> None:
        """One cell for each path; a white grid over them."""
        ends, steps = (0.5, LONGEST + 0.5), range(1, LONGEST + 1)
        self.small = self.axes(9.86, 1.25, 1.6, 1.6, xlim=ends, ylim=ends[::-1], xticks=steps, yticks=steps)
        self.small.set(xlabel=WORDS["used"], ylabel=WORDS["felt"])
        self.small.tick_params(length=0)
        self.small.spines[:].set_visible(False)
        self.cells = self.moving(Cells(self.small))
        lines = [[(0.5, k + 0.5), (LONGEST + 0.5, k + 0.5)] for k in steps]
        self.grid = self.moving(LineCollection([*lines, *(np.flip(one, 1) for one in lines)], colors="white"))
        self.small.add_collection(self.grid, autolim=False)
        self.counts = [self.words(9.6, y, self.ax, fontsize=NORMAL) for y in (4.45, 4.12, 3.50, 3.17)]

    def show(self, T: int, t: int, parameter: str, found: list, chosen: list, in_all: int) -> str:
        self._cover(T)
        self._light(T, chosen)
        self._colour_cells(T, t, parameter, chosen)
        n, paths = len(found), WORDS["paths"][len(found) > 1]
        texts = [
            WORDS["found"].format(n=n, paths=paths, name=f"$W_{{{parameter[2:]}}}$"),
            WORDS["to one loss"].format(t=t),
            WORDS["in all"].format(n=in_all),
            WORDS["to all losses"].format(T=T),
        ]
        for words, text in zip(self.counts, texts, strict=True):
            words.set_text(text)
        lit = WORDS["all lit"] if len(chosen) == n else WORDS["some lit"].format(n=len(chosen))
        steps = WORDS["steps"][T > 1]
        return WORDS["said"].format(
            T=T, steps=steps, n=n, paths=paths, parameter=parameter, t=t, lit=lit, in_all=in_all
        )

    def _cover(self, T: int) -> None:
        """Draw the curtain behind step T, and let the mean and L come after it."""
        right = place(("h", T))[0] + 0.18
        self.curtain.set(x=right, width=WIDTH - right)
        wire = [(place(("l", 1))[0], ROW["mean"]), tuple(border(("mean", 0), place(("mean", 0), T), (0, ROW["mean"])))]
        self.ending.set_segments([wire, line(("mean", 0), ("L", 0), T)])
        self.outer.set_segments([outline(node, T) for node in (("mean", 0), ("L", 0))])
        for text, node in zip(self.names, (("mean", 0), ("L", 0)), strict=True):
            text.set_position(place(node, T))

    def _light(self, T: int, chosen: list) -> None:
        """Every arrow of the chosen paths in its role's colour, the wider the more paths share it."""
        shared: dict = {}
        for path in chosen:
            for edge in pairwise(path):
                shared[edge] = shared.get(edge, 0) + 1
        nodes = {node for path in chosen for node in path}
        borders = [outline(node, T) for node in sorted(nodes)]
        self.lit.set(
            segments=[line(*edge, T) for edge in shared] + borders,
            colors=[role(*edge, shared) for edge in shared] + [INK] * len(borders),
            linewidths=[1.6 + 0.45 * n for n in shared.values()] + [2.2] * len(borders),
        )
        for t, words in enumerate(self.crowd, start=1):
            through = sum(("h", t) in path for path in chosen)
            words.set_text(str(through) if through else "")

    def _colour_cells(self, T: int, t: int, parameter: str, chosen: list) -> None:
        """The paths from the parameter to the losses so far: from W_qh one to each, else one from every step."""
        exists = np.eye(LONGEST, dtype=bool) if parameter == "W_qh" else np.tri(LONGEST, dtype=bool)
        exists[T:] = False
        self.cells.colours = path_cells(exists, t, [path[1][1] for path in chosen])
