"""The graph of T steps as PyTorch keeps it: what `backward()` from one loss walks over, and the valves that end it."""

from functools import cache
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from numpy.typing import NDArray

from ..unrolling import Node
from .cells import Cells
from .labels import Labels
from .live import Picture
from .nodes import across, closed, unit
from .numbers import decimals
from .style import FIXED, GREY, INK, PALE, QUIET, SMALL, A, B, C, tint

__all__ = ["ValvePicture"]

LEFT, RIGHT, WIDEST = 0.95, 6.85, 1.2  # inches: from where to where the columns reach, and the widest of them
ROW = {"step": 4.12, "l": 3.80, "h": 3.20, "u": 2.55, "Wh": 1.90, "Wx": 1.40, "W_hx": 0.80, "W_hh": 0.42}
HALF = {"l": 0.19, "h": 0.195, "u": 0.10, "Wh": 0.135, "Wx": 0.135, "W_hx": 0.36, "W_hh": 0.36}
HEIGHT = 0.125  # half of it
BESIDE = 0.44  # the middle of the row's names, and of the weights
ASIDE = 0.22  # from the middle of a column: left the way from Wh to its weight, right that from the sum to Wx
HEAD = 0.08  # of an arrow
SIDE, FROM, UNDER = 2.0, 7.5, 2.1  # the triangle
THIS, OTHERS, CUT = tint(A, 1), tint(A, 0.35), tint(GREY, 0.25)  # its cells

WORDS = {
    "stops": "backward() from loss {t} stops at a valve: it reaches {states}",
    "free": "backward() from loss {t} meets no valve: it reaches {states}",
    "nodes": "It walks over {nodes} of {all_nodes} nodes.",
    "same": "The value of loss {t}: {value} with detach(), {without} without",
    "none": "The value of loss {t}: {without}; nothing is detached",
    "rows": {"l": "$l_t$", "h": "$h_t$", "u": "$u_t$", "Wh": "$W_{hh}h_{t-1}$", "Wx": "$W_{hx}x_t$"},
    "called": {"Add": "+"},  # those that a picture writes in another way than PyTorch
    "weights": {"W_hx": "$W_{hx}$.grad", "W_hh": "$W_{hh}$.grad"},
    "reached": "state $i$ reached",
    "from": "from loss $t$",
    "cells": ("this loss", "others", "cut off"),
    "keys": {"loss": "from the loss", "time": "back through time", "weight": "into a weight's .grad"},
    "pale": "out of its reach",
    "valve": "detach(): only values pass",
    "product": "Mv: matrix × vector",
    "said": "{T} steps, {cut}. {walks}, {nodes} of {all_nodes} nodes and {edges} of {all_edges} edges. {loss}.",
    "state": "state {t}",
    "states": "states {first} to {t}",
    "cut": "detach() every {tau} steps",
    "cut_each": "detach() at every step",
    "uncut": "no detach()",
}


def place(node: Node, T: int) -> NDArray:
    """The middle of a node."""
    name, t = node
    pitch = min(WIDEST, (RIGHT - LEFT) / T)
    return np.array([BESIDE if name in WORDS["weights"] else LEFT + pitch * (t - 0.5), ROW[name]])


@cache
def box(node: Node, T: int) -> Path:
    """The border of a node."""
    half = np.array([HALF[node[0]], HEIGHT])
    return closed(place(node, T) + half * [(-1, -1), (1, -1), (1, 1), (-1, 1)])


def line(edge: tuple[Node, Node], T: int) -> NDArray:
    """The points of an edge from border to border, in the direction of the walk."""
    start, end = edge
    p, q = place(start, T), place(end, T)
    if end[0] == "W_hh":
        return np.array([p - [HALF["Wh"], 0], p - [ASIDE, 0], [p[0] - ASIDE, q[1]], q + [HALF["W_hh"], 0]])
    if end[0] == "W_hx":
        return np.array([p - [0, HEIGHT], [p[0], q[1]], q + [HALF["W_hx"], 0]])
    if end[0] == "Wx":  # past the other product
        return np.array([p + [0.06, -HEIGHT], [p[0] + ASIDE, p[1] - 0.32], [p[0] + ASIDE, q[1]], q + [HALF["Wx"], 0]])
    if start[0] == "Wh":
        return np.array([p + [-0.05, HEIGHT], q + [0.10, -HEIGHT]])
    return np.array([p - [0, HEIGHT], q + [0, HEIGHT]])


def role(edge: tuple[Node, Node]) -> str:
    """The colour of an edge that is walked: black from the loss, blue to a weight, green back through time."""
    start, end = edge
    if start[0] == "l":
        return INK
    return B if "Wx" in (start[0], end[0]) or end[0] in WORDS["weights"] else C


@cache
def arrow(edge: tuple[Node, Node], T: int) -> tuple[Path, Path]:
    """The shaft of an edge, and the head at its end."""
    points = line(edge, T)
    along = unit(points[-1] - points[-2])
    side, base = across(along) * 0.045, points[-1] - HEAD * along
    return Path(points), closed([base + side, points[-1], base - side])


@cache
def valve(t: int, T: int) -> tuple[Path, Path]:
    """A one-way valve on the edge into Wh_t: a funnel that points to where values go, and the bar at its end."""
    p, q = line((("Wh", t), ("h", t - 1)), T)
    return funnel(p + 0.56 * (q - p), unit(p - q))


def funnel(middle: NDArray, along: NDArray) -> tuple[Path, Path]:
    """A funnel with its middle here, along a direction of length 1, and its bar."""
    wide = across(along) * 0.07
    tip, base = middle + 0.14 * along, middle - 0.14 * along
    return closed([base + wide, tip, base - wide]), Path([tip + wide, tip - wide])


def cell_colours(reached: NDArray, t: int) -> NDArray:
    """Cells (t,i): pale where no walk comes, tinted where loss t reaches state i, full for the loss that is asked."""
    colours = np.zeros((*reached.shape, 4))
    colours[np.tri(len(reached), dtype=bool)] = (*CUT, 1)
    colours[reached] = (*OTHERS, 1)
    colours[t - 1, reached[t - 1]] = (*THIS, 1)
    return np.round(255 * colours).astype(np.uint8)


class ValvePicture(Picture):
    """Left PyTorch's graph, in columns by time; right which losses reach which states."""

    inches = (9.6, 4.85)

    def build(self) -> None:
        w, h = self.inches
        self.ax = self.axes(0, 0, w, h, xlim=(0, w), ylim=(0, h))
        self.ax.axis("off")
        self.edges = self._paths(facecolors="none")
        self.heads = self._paths(linewidths=0)
        self.shut = self._paths(facecolors="none", linestyles=[(0, (2, 2))], edgecolors=GREY, linewidths=1.2)
        self.funnels, self.bars = self._paths(edgecolors=INK), self._paths(facecolors="none", edgecolors=INK)
        self.boxes = self._paths()
        self.pale, self.names = (self.moving(Labels(self.ax, colour)) for colour in (QUIET, INK))
        for name, words in WORDS["rows"].items():
            self.ax.text(BESIDE, ROW[name], words, ha="center", va="center", fontsize=SMALL)
        self.told = self.words(0.12, 4.62, self.ax, va="center", fontweight="bold")
        self.value = self.words(0.12, 4.36, self.ax, va="center")
        self._triangle()
        self._legend()

    def _paths(self, **look: Any) -> PathCollection:
        found = PathCollection([], transform=self.ax.transData, **look)
        return self.moving(self.ax.add_collection(found, autolim=False))

    def _triangle(self) -> None:
        self.small = self.axes(FROM, UNDER, SIDE, SIDE)
        self.small.axis("off")
        self.cells = self.moving(Cells(self.small))
        self.grid = self.moving(self.small.add_collection(LineCollection([], colors="white"), autolim=False))
        self.ax.text(FROM, UNDER - 0.38, WORDS["reached"], va="center", fontsize=SMALL)
        x, y = FROM - 0.48, UNDER - 0.63
        for words, colour, left in zip(WORDS["cells"], (THIS, OTHERS, CUT), (0, 0.95, 1.7), strict=True):
            self.ax.add_patch(Rectangle((x + left, y - 0.06), 0.14, 0.14, color=colour))
            self.ax.text(x + left + 0.22, y, words, va="center", fontsize=SMALL)
        self.ax.text(FROM - 0.42, UNDER, WORDS["from"], rotation=90, ha="center", va="bottom", fontsize=SMALL)

    def _legend(self) -> None:
        x, looks = FROM - 0.48, dict(zip(WORDS["keys"], (INK, C, B), strict=True))
        keys = [(WORDS["keys"][name], colour, 2.4) for name, colour in looks.items()]
        for n, (words, colour, width) in enumerate([*keys, (WORDS["pale"], GREY, 1.2)]):
            y = 1.2 - 0.21 * n
            self.ax.plot([x, x + 0.22], [y, y], color=colour, lw=width)
            self.ax.text(x + 0.32, y, words, va="center", fontsize=SMALL)
        body, bar = funnel(np.array([x + 0.11, y - 0.22]), np.array([1, 0]))
        self.ax.add_patch(PathPatch(body, fc=FIXED, ec=INK))
        self.ax.add_patch(PathPatch(bar, ec=INK, lw=3))
        self.ax.text(x + 0.32, y - 0.22, WORDS["valve"], va="center", fontsize=SMALL)
        self.ax.text(x, y - 0.44, WORDS["product"], va="center", fontsize=SMALL)

    def show(
        self,
        T: int,
        tau: int,
        t: int,
        nodes: dict[Node, str],
        edges: frozenset,
        walked: tuple[dict, frozenset],
        reached: NDArray,
        cuts: tuple[int, ...],
        values: tuple[float, float],
    ) -> str:
        self._edges(T, edges, walked[1])
        self._nodes(T, nodes, walked[0])
        self._valves(T, cuts, walked[0])
        self._cells(T, t, reached)
        told = {"T": T, "tau": tau, "t": t, "first": int(reached[t - 1].argmax()) + 1}
        told |= {"nodes": len(walked[0]), "all_nodes": len(nodes), "edges": len(walked[1]), "all_edges": len(edges)}
        told |= dict(zip(("value", "without"), (decimals(one, 4) for one in values), strict=True))
        return self._tell(told, cuts)

    def _tell(self, told: dict, cuts: tuple[int, ...]) -> str:
        """The two lines above the graph; returns them and the rest of what the picture says."""
        told["states"] = WORDS["states" if told["first"] < told["t"] else "state"].format(**told)
        walks = WORDS["stops" if told["first"] in cuts else "free"].format(**told)
        loss = WORDS["same" if cuts else "none"].format(**told)
        self.told.set_text(walks)
        self.value.set_text(f"{WORDS['nodes'].format(**told)} {loss}")
        every = "cut_each" if told["tau"] == 1 else "cut"
        cut = WORDS[every if cuts else "uncut"].format(**told)
        return WORDS["said"].format(cut=cut, walks=walks, loss=loss, **told)

    def _edges(self, T: int, edges: frozenset, walked: frozenset) -> None:
        """Every edge; those that are walked last, in their role's colour."""
        order = sorted(edges, key=lambda edge: (edge in walked, edge))
        shafts, heads = zip(*(arrow(edge, T) for edge in order), strict=True)
        colours = [role(edge) if edge in walked else PALE for edge in order]
        self.edges.set(paths=shafts, edgecolors=colours)
        self.edges.set_linewidths([2.4 if edge in walked else 1.2 for edge in order])
        self.heads.set(paths=heads, facecolors=colours)

    def _nodes(self, T: int, nodes: dict[Node, str], walked: dict[Node, str]) -> None:
        self.boxes.set(paths=[box(node, T) for node in nodes], facecolors="white")
        self.boxes.set_edgecolors([INK if node in walked else tint(GREY, 0.6) for node in nodes])
        self.boxes.set_linewidths([2.0 if node in walked else 1.0 for node in nodes])
        labels = {node: (label(node, name), place(node, T), SMALL) for node, name in nodes.items()}
        self.names.put([labels[node] for node in nodes if node in walked] + ticks(T))
        self.pale.put([labels[node] for node in nodes if node not in walked])

    def _valves(self, T: int, cuts: tuple[int, ...], walked: dict[Node, str]) -> None:
        """On every cut edge; bright where it ends the walk."""
        funnels, bars = zip(*(valve(cut, T) for cut in cuts), strict=True) if cuts else ((), ())
        ends = [("Wh", cut) in walked for cut in cuts]
        self.shut.set_paths([arrow((("Wh", cut), ("h", cut - 1)), T)[0] for cut in cuts])
        self.funnels.set(paths=funnels, facecolors=[FIXED if end else tint(FIXED, 0.4) for end in ends])
        self.bars.set(paths=bars, linewidths=[3.0 if end else 1.6 for end in ends])

    def _cells(self, T: int, t: int, reached: NDArray) -> None:
        self.small.set(xlim=(0.5, T + 0.5), ylim=(T + 0.5, 0.5))
        self.cells.colours = cell_colours(reached, t)
        lines = [[(0.5, k + 0.5), (T + 0.5, k + 0.5)] for k in range(1, T)]
        self.grid.set_segments([*lines, *(np.flip(one, 1) for one in lines)])


def ticks(T: int) -> list[tuple]:
    """The number over each column of the graph, and those under the columns and before the rows of the triangle."""
    middles = [(str(n), (n - 0.5) * SIDE / T) for n in range(1, T + 1)]
    columns = [(text, place(("step", int(text)), T), SMALL) for text, _ in middles]
    under = middles if T < 10 else middles[::2]  # as many as have room beside each other
    columns += [(text, (FROM + middle, UNDER - 0.13), SMALL) for text, middle in under]
    return columns + [(text, (FROM - 0.15, UNDER + SIDE - middle), SMALL) for text, middle in middles]


def label(node: Node, name: str) -> str:
    """What stands in a node: a weight by its name, all others as PyTorch calls them."""
    return WORDS["weights"].get(node[0]) or WORDS["called"].get(name, name)
