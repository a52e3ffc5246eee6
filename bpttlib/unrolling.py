"""The computational graph of an unrolled RNN, and the paths from a parameter to a loss.

h_t = f(x_t, h_{t-1}; W_hx, W_hh)    o_t = g(h_t; W_qh)    l_t = l(y_t, o_t)    L = (1/T) Σ_t l_t
"""

from collections.abc import Iterator

from ._checks import as_count

__all__ = ["SHARED", "Graph", "Node", "computational_graph", "paths", "paths_to_loss"]

SHARED = ("W_hx", "W_hh", "W_qh")  # the parameters that every step uses

Node = tuple[str, int]
Graph = dict[Node, list[Node]]


def computational_graph(T: int) -> Graph:
    """List, for every node, the nodes that are computed from it.

    A node is (name, step); step 0 is h_0, the parameters, and what comes after the last step.
    Variables are x, h, o, y, l and L; operations are f, g, loss and mean.
    T  number of time steps. Raises TypeError or ValueError unless it is a whole number from 1 on.

    >>> computational_graph(2)["h", 1]  # h_1 goes into o_1, and on into h_2
    [('g', 1), ('f', 2)]
    """
    graph: Graph = {}
    for t in range(1, as_count("T", T) + 1):
        arguments = {
            ("f", t): [("x", t), ("h", t - 1), ("W_hx", 0), ("W_hh", 0)],
            ("h", t): [("f", t)],
            ("g", t): [("h", t), ("W_qh", 0)],
            ("o", t): [("g", t)],
            ("loss", t): [("o", t), ("y", t)],
            ("l", t): [("loss", t)],
            ("mean", 0): [("l", t)],
        }
        for node, needed in arguments.items():
            for argument in needed:
                graph.setdefault(argument, []).append(node)
    graph["mean", 0] = [("L", 0)]
    return graph


def paths(graph: Graph, start: Node, end: Node) -> Iterator[list[Node]]:
    """Yield every path from start to end, by following each arrow in turn; the graph has no cycles.

    >>> for path in paths(computational_graph(2), ("W_hh", 0), ("h", 2)):
    ...     print(path)
    [('W_hh', 0), ('f', 1), ('h', 1), ('f', 2), ('h', 2)]
    [('W_hh', 0), ('f', 2), ('h', 2)]
    """
    if start == end:
        yield [end]
    for after in graph.get(start, []):
        for rest in paths(graph, after, end):
            yield [start, *rest]


def paths_to_loss(T: int, parameter: str, t: int) -> list[list[Node]]:
    """List the paths from a parameter to l_t: t of them from W_hx and W_hh, one from W_qh.

    They come in the order of the step at which the parameter is used, the earliest first; over all
    losses W_hh has T(T+1)/2.
    Raises ValueError for an unknown parameter or a t that is not one of the T steps, TypeError for a T or
    t that is no whole number.

    >>> [len(paths_to_loss(10, "W_hh", t)) for t in (1, 5, 10)]
    [1, 5, 10]
    """
    if parameter not in SHARED:
        raise ValueError(f"parameter must be one of {', '.join(SHARED)}, got {parameter!r}")
    if not 1 <= as_count("t", t) <= as_count("T", T):
        raise ValueError(f"t must be one of the steps 1 … {T}, got {t}")
    return list(paths(computational_graph(T), (parameter, 0), ("l", t)))
