"""Where the nodes and the arrows of an unrolled network stand, in inches, for any number of steps."""

from functools import cache, cached_property

import numpy as np
from matplotlib.path import Path
from numpy.typing import ArrayLike, NDArray

from ..unrolling import SHARED, Node, computational_graph

__all__ = ["OPERATIONS", "Nodes", "arrow", "nodes"]

LEFT, RIGHT = 0.50, 6.56  # where h_0 and the last state stand
BESIDE = 0.32  # where the parameters stand
ROW = {"W_hx": 0.26, "W_hh": 0.62, "x": 1.16, "f": 1.80, "h": 1.80, "W_qh": 2.32, "g": 2.70, "o": 3.16}
ROW |= {"loss": 3.62, "y": 3.62, "l": 4.08, "mean": 4.56, "L": 4.56}
OPERATIONS = {"f": 0.11, "g": 0.11, "loss": 0.11, "mean": 0.2}  # the radius of their circles
TAP = {"W_hx": -0.22, "W_hh": 0.22, "W_qh": -0.25}  # beside an operation, where the wire is tapped for it
RAISED = 0.36  # how far below an operation its tap bends
HEAD = 0.09  # the length of an arrow's head


@cache
def nodes(T: int) -> "Nodes":
    """The nodes of T steps, whose lines are worked out once."""
    return Nodes(T)


class Nodes:
    """The graph of T steps over the whole width: h_0 left, h_T right, the states between them evenly."""

    def __init__(self, T: int):
        self.T, self.pitch = T, (RIGHT - LEFT) / T

    @cached_property
    def all(self) -> list[Node]:
        graph = computational_graph(self.T)
        return sorted({*graph, *(end for ends in graph.values() for end in ends)})

    @cached_property
    def wires(self) -> list[Path]:
        """From every parameter to where it is tapped last."""
        last = zip(SHARED, ("f", "f", "g"), strict=True)
        return [Path(self.lines[(name, 0), (user, self.T)][:2]) for name, user in last]

    @cached_property
    def taps(self) -> NDArray:
        """Where an operation takes a parameter from its wire, (2,n)."""
        return np.transpose([line[1] for (start, _), line in self.lines.items() if start[0] in SHARED])

    @cached_property
    def lines(self) -> dict[tuple[Node, Node], list]:
        """The points of every arrow, from border to border."""
        return {
            (start, end): self._line(start, end) for start, ends in computational_graph(self.T).items() for end in ends
        }

    @cached_property
    def outlines(self) -> dict[Node, Path]:
        """The border of every node."""
        return {node: closed(self.place(node) + half(node) * shape(node)) for node in self.all}

    def place(self, node: Node) -> NDArray:
        """The middle of a node."""
        name, step = node
        if name in SHARED:
            return np.array([BESIDE, ROW[name]])
        state = LEFT + self.pitch * (self.T if name in ("mean", "L") else step)
        aside = {"x": -self.pitch / 2, "f": -self.pitch / 2, "y": -min(self.pitch / 2, 0.5), "L": 0.46}
        return np.array([state + aside.get(name, 0), ROW[name]])

    def _line(self, start: Node, end: Node) -> list:
        """Straight; from a parameter along its wire to the tap and up; from a loss up, and right to the mean."""
        p, q = self.place(start), self.place(end)
        bends = []
        if start[0] in SHARED:
            tap = q[0] + TAP[start[0]]
            bends = [(tap, p[1]), (tap, max(p[1], q[1] - RAISED))]
        elif end[0] == "mean" and start[1] < self.T:
            bends = [(p[0], q[1])]
        first, last = [*bends, q][0], [p, *bends][-1]
        return [border(start, p, first), *map(np.array, bends), border(end, q, last)]


def half(node: Node) -> NDArray:
    """Half the width and height of a node."""
    name, _ = node
    radius = OPERATIONS.get(name)
    return np.array([radius, radius] if radius else [0.25 if name in SHARED else 0.15, 0.14])


def shape(node: Node) -> NDArray:
    """A circle for an operation, else a square, as points around 0 between -1 and 1."""
    if node[0] not in OPERATIONS:
        return np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
    angle = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    return np.column_stack([np.cos(angle), np.sin(angle)])


def border(node: Node, middle: NDArray, towards) -> NDArray:
    """Where the line from the middle of a node towards a point leaves it."""
    step = np.asarray(towards) - middle
    if node[0] in OPERATIONS:
        return middle + unit(step) * half(node)
    return middle + step * min(h / abs(s) for h, s in zip(half(node), step, strict=True) if s)


@cache
def arrow(T: int, start: Node, end: Node, width: float, whole: bool) -> tuple[Path, Path]:
    """The shaft of an arrow, so many points wide, which ends at its head, and the head; whole, or from the tap on."""
    points = nodes(T).lines[start, end][0 if whole else -3 :]
    step = points[-1] - points[-2]
    along = unit(step)
    side = across(along) * max(0.04, 0.85 * width / 72)
    base = points[-1] - along * min(HEAD, 0.6 * np.hypot(*step))
    return Path([*points[:-1], base]), closed([base + side, points[-1], base - side])


def unit(step: NDArray) -> NDArray:
    """The direction of a step, with length 1."""
    return step / np.hypot(*step)


def across(along: NDArray) -> NDArray:
    """A direction turned left by a right angle."""
    return np.array([-along[1], along[0]])


def closed(points: ArrayLike) -> Path:
    """The polygon through these points."""
    return Path([*points, points[0]], closed=True)
