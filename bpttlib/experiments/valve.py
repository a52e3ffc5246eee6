"""The graph that PyTorch keeps of T steps with a `detach()` every τ, and what `backward()` from one loss walks over."""

from functools import lru_cache

import numpy as np

from .._checks import as_count
from ..autograd import Graph, graph_of, unrolled
from ..unrolling import Node
from .reading import Reading

__all__ = ["LONGEST", "run"]

LONGEST = 12  # steps that can be drawn
Walk = tuple[dict[Node, str], frozenset]  # the nodes met, with PyTorch's names, and the edges


def run(T: int, tau: int, t: int) -> dict:
    """Walk back from loss t over T steps of a reading, with `detach()` between the blocks of τ steps.

    h_t = tanh(W_hx x_t + W_hh h_{t-1}) reads the title letter by letter, and l_t is the sum of its 16 units. τ = T is
    no `detach()` at all.
    "nodes" name → what PyTorch calls it, and "edges", of all that any loss walks over; "walked" the same two, of loss t
    "reached" (T,T), whether loss t walks over state i;  "cuts" the steps with a valve before them
    "values" l_t with these valves, and with none
    Raises ValueError or TypeError unless 1 ≤ τ, t ≤ T ≤ 12, ImportError where PyTorch is not installed.
    """
    if as_count("T", T) > LONGEST:
        raise ValueError(f"T must lie in 1 … {LONGEST}, got {T}")
    for name, value in (("tau", tau), ("t", t)):
        if as_count(name, value) > T:
            raise ValueError(f"{name} must lie in 1 … T = {T}, got {value}")
    (walks, values), (_, uncut) = every_walk(T, tau), every_walk(T, T)
    nodes = {node: name for found, _ in walks for node, name in found.items()}
    edges = frozenset().union(*(edges for _, edges in walks))
    reached = [[("h", i) in found for i in range(1, T + 1)] for found, _ in walks]
    shown = {"nodes": nodes, "edges": edges, "walked": walks[t - 1], "reached": np.array(reached)}
    return shown | {"cuts": cuts_of(T, tau), "values": (values[t - 1], uncut[t - 1]), "T": T, "tau": tau, "t": t}


def cuts_of(T: int, tau: int) -> tuple[int, ...]:
    """The first step of every block but the first.

    >>> cuts_of(8, 3)
    (4, 7)
    """
    return tuple(range(tau + 1, T + 1, tau))


@lru_cache(maxsize=256)
def every_walk(T: int, tau: int) -> tuple[list[Walk], list[float]]:
    """What every loss walks over, and its value."""
    reading = Reading()
    named = unrolled(reading.rnn.W_hx, reading.rnn.W_hh, reading.data[0][:T, 0], cuts_of(T, tau))
    losses = [named["l", t] for t in range(1, T + 1)]
    return [walk(graph_of(loss, named)) for loss in losses], [loss.item() for loss in losses]


def walk(graph: Graph) -> Walk:
    """The graph in our names for its nodes: each of them is that of a tensor that was kept."""
    ours = {place: node for node, place in graph.places.items()}
    nodes = {ours[place]: short(name) for place, name in enumerate(graph.nodes)}
    return nodes, frozenset((ours[one], ours[other]) for one, other in graph.edges)


def short(name: str) -> str:
    """PyTorch's name of a node without what all of them have.

    >>> short("TanhBackward0"), short("AccumulateGrad")
    ('Tanh', 'AccumulateGrad')
    """
    return name.partition("Backward")[0] or name
