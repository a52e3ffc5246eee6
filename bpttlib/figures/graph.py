"""The computational graph of an RNN, unrolled over the whole width, and beside it the triangle of its paths."""

from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.patches import Rectangle

from ..unrolling import SHARED, Node
from .cells import Cells, path_cells
from .labels import Labels
from .live import Picture
from .nodes import OPERATIONS, Nodes, arrow, nodes
from .style import INK, NORMAL, PALE, QUIET, SMALL, A, B, C

__all__ = ["LONGEST", "GraphPicture"]

LONGEST = 8  # steps that can be drawn
SIDE, FROM, UNDER = 1.84, 7.62, 1.80  # inches: the triangle's side, and where its left and lower border stand

WORDS = {
    "used at": "used at step $i$",
    "felt": "felt by $l_t$",
    "found": "{n} {paths} from {name} to $l_{{{t}}}$",
    "in all": "{n} in all to $l_1$ … $l_{{{T}}}$",
    "in all to one": "{n} in all",
    "paths": ("path", "paths"),  # one, several
    "used": "the weight is used",
    "passed on": "passed on, state to state",
    "to the loss": "from the state to the loss",
    "cell": "a cell: one lit path",
    "steps": ("step", "steps"),
    "all lit": "all of them lit",
    "some lit": "{n} lit",
    "one lit": "lit",
    "said": "{T} {steps} unrolled: {n} {paths} from {parameter} to l_{t} ({lit}){more}.",
    "more": ", {in_all} in all from {parameter} to l_1 … l_{T}",
}
LEGEND = {"used": B, "passed on": C, "to the loss": INK, "cell": A}


def label(node: Node) -> tuple:
    """What stands in a node, and how large."""
    name, step = node
    if name in OPERATIONS:
        return {"loss": "$l$", "mean": "Σ/T"}.get(name, f"${name}$"), SMALL
    subscript = name[2:] if name in SHARED else step
    return f"${name[0]}$" if name == "L" else f"${name[0]}_{{{subscript}}}$", NORMAL


def role(start: Node, end: Node, shared: Counter) -> str:
    """The colour of a lit arrow: blue where the parameter acts at once, green from state to state, black to the loss.

    From f to h it is the colour of what came in: green if a state did.
    """
    if start[0] in SHARED:
        return B
    if start[0] == "f":
        return C if (("h", start[1] - 1), start) in shared else B
    return C if end[0] == "f" else INK


def crowd(graph: Nodes, through: Counter) -> list[tuple]:
    """Beside each state how many of the chosen paths run through it; the first says what is counted."""
    states = [("h", t) for t in range(1, graph.T + 1) if through["h", t]]
    found = [(str(through[h]), graph.place(h) + (0.10, 0.25), SMALL) for h in states]
    if found:  # one begins at the first: there it says what is counted
        n, place, size = found[0]
        found[0] = f"{n} {WORDS['paths'][0]}", place + (0.18, 0), size
    return found


def side(T: int) -> float:
    """The side of a cell of the triangle in inches: it fills its place from three steps on."""
    return SIDE / max(T, 3)


def ticks(T: int) -> list[tuple]:
    """The numbers under the columns and before the rows of the triangle."""
    middles = [(str(t), (t - 0.5) * side(T)) for t in range(1, T + 1)]
    columns = [(text, (FROM + middle, UNDER - 0.14), SMALL) for text, middle in middles]
    return columns + [(text, (FROM - 0.14, UNDER + T * side(T) - middle), SMALL) for text, middle in middles]


class GraphPicture(Picture):
    """Unroll it, choose a loss and a parameter, and see every path between them; beside it the triangle."""

    inches = (9.6, 4.82)

    def build(self) -> None:
        w, h = self.inches
        self.ax = self.axes(0, 0, w, h, xlim=(0, w), ylim=(0, h))
        self.ax.axis("off")
        self.wires = self._paths(edgecolors=QUIET, facecolors="none", linewidths=1.2)
        self.edges = self._paths(facecolors="none")
        self.heads = self._paths(linewidths=0)
        self.taps = self.moving(self.ax.plot([], [], "o", color=QUIET, ms=4)[0])
        self.boxes = self._paths(edgecolors=INK)
        self._triangle()
        self._legend()
        self.labels = self.moving(Labels(self.ax))
        self._nodes(nodes(LONGEST), Counter())  # the outlines of all names, which cost most, once

    def _paths(self, **look: Any) -> PathCollection:
        return self.moving(
            self.ax.add_collection(PathCollection([], transform=self.ax.transData, **look), autolim=False)
        )

    def _triangle(self) -> None:
        """One cell for each path; a white grid over them."""
        self.small = self.axes(FROM, UNDER, SIDE, SIDE)
        self.small.axis("off")
        self.cells = self.moving(Cells(self.small))
        self.grid = self.moving(self.small.add_collection(LineCollection([], colors="white"), autolim=False))
        self.ax.text(FROM, UNDER - 0.40, WORDS["used at"], va="center", fontsize=SMALL)
        self.ax.text(FROM - 0.40, UNDER, WORDS["felt"], rotation=90, ha="center", va="bottom", fontsize=SMALL)
        self.counts = [self.words(FROM - 0.48, y, self.ax, va="center", fontsize=NORMAL) for y in (4.24, 3.95)]

    def _legend(self) -> None:
        """What the colours mean, from the weight on."""
        for n, (name, colour) in enumerate(LEGEND.items()):
            x, y = FROM - 0.48, 1.02 - 0.25 * n
            size = (0.2, 0.14) if name == "cell" else (0.2, 0.05)
            self.ax.add_patch(Rectangle((x, y - size[1] / 2), *size, color=colour))
            self.ax.text(x + 0.28, y, WORDS[name], va="center", fontsize=SMALL)

    def show(self, T: int, t: int, parameter: str, found: list, chosen: list, in_all: int) -> str:
        shared = Counter(edge for path in chosen for edge in pairwise(path))
        through = Counter(node for path in chosen for node in path)
        self._arrows(nodes(T), shared)
        self._nodes(nodes(T), through)
        self._colour_cells(T, t, parameter, chosen)
        n, paths = len(found), WORDS["paths"][len(found) > 1]
        name = f"$W_{{{parameter[2:]}}}$"
        self.counts[0].set_text(WORDS["found"].format(n=n, paths=paths, name=name, t=t))
        self.counts[1].set_text(WORDS["in all" if T > 1 else "in all to one"].format(n=in_all, T=T))
        every = WORDS["all lit" if n > 1 else "one lit"]
        lit = every if len(chosen) == n else WORDS["some lit"].format(n=len(chosen))
        more = WORDS["more"].format(in_all=in_all, parameter=parameter, T=T) if T > 1 else ""
        steps = WORDS["steps"][T > 1]
        return WORDS["said"].format(T=T, steps=steps, n=n, paths=paths, parameter=parameter, t=t, lit=lit, more=more)

    def _arrows(self, graph: Nodes, shared: Counter) -> None:
        """Every arrow; those of the chosen paths last, in their role's colour, the wider the more paths share them."""
        edges = sorted(graph.lines, key=lambda edge: edge in shared)
        widths = [1.6 + 0.45 * shared[edge] if edge in shared else 1.2 for edge in edges]
        colours = [role(*edge, shared) if edge in shared else QUIET for edge in edges]
        drawn = [arrow(graph.T, *edge, width, edge in shared) for edge, width in zip(edges, widths, strict=True)]
        shafts, heads = zip(*drawn, strict=True)
        self.wires.set_paths(graph.wires)
        self.edges.set(paths=shafts, linewidths=widths, edgecolors=colours)
        self.heads.set(paths=heads, facecolors=colours)
        self.taps.set_data(graph.taps)

    def _nodes(self, graph: Nodes, through: Counter) -> None:
        """Every node with its name, those of the chosen paths framed; the names of the triangle's rows and columns."""
        self.boxes.set(
            paths=list(graph.outlines.values()),
            facecolors=[PALE if name in SHARED else "white" for name, _ in graph.outlines],
            linewidths=[2.2 if node in through else 1.2 for node in graph.outlines],
        )
        names = [(text, graph.place(node), size) for node in graph.outlines for text, size in [label(node)]]
        self.labels.put(names + crowd(graph, through) + ticks(graph.T))

    def _colour_cells(self, T: int, t: int, parameter: str, chosen: list) -> None:
        """The paths from the parameter to the losses so far: from W_qh one to each, else one from every step."""
        self.small.set(xlim=(0.5, 0.5 + SIDE / side(T)), ylim=(T + 0.5, T + 0.5 - SIDE / side(T)))
        exists = np.eye(T, dtype=bool) if parameter == "W_qh" else np.tri(T, dtype=bool)
        self.cells.colours = path_cells(exists, t, [path[1][1] for path in chosen])
        lines = [[(0.5, k + 0.5), (T + 0.5, k + 0.5)] for k in range(1, T)]
        self.grid.set_segments([*lines, *(np.flip(one, 1) for one in lines)])
