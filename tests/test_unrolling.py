"""The paths that are lit are the paths of the graph: counted by other means, and each arrow looked up."""

from itertools import pairwise, product
from math import comb

import numpy as np
import pytest
from within import within

from bpttlib.unrolling import SHARED, computational_graph, paths, paths_to_loss


def count_by_powers(graph, start, end):
    """Paths of every length, from the powers of the adjacency matrix."""
    nodes = sorted({*graph, *(node for after in graph.values() for node in after)})
    index = {node: n for n, node in enumerate(nodes)}
    A = np.zeros((len(nodes), len(nodes)), dtype=int)
    for node, after in graph.items():
        for other in after:
            A[index[node], index[other]] += 1
    total, power = 0, np.eye(len(nodes), dtype=int)
    while power.any():
        total += power[index[start], index[end]]
        power = power @ A
    return total


@within("T", range(1, 9))
def test_paths_are_counted_three_ways(T):
    graph = computational_graph(T)
    for name, t in product(SHARED, range(1, T + 1)):
        found = paths_to_loss(T, name, t)
        assert len(found) == count_by_powers(graph, (name, 0), ("l", t)) == (1 if name == "W_qh" else t)
        assert len({tuple(path) for path in found}) == len(found)
    for name in SHARED:
        assert count_by_powers(graph, (name, 0), ("L", 0)) == (T if name == "W_qh" else comb(T + 1, 2))


@pytest.mark.parametrize("T, name, t", [(1, "W_hh", 1), (8, "W_hh", 5), (8, "W_hx", 8), (4, "W_qh", 2)])
def test_a_path_follows_arrows_from_the_parameter_to_the_loss(T, name, t):
    graph = computational_graph(T)
    for path in paths_to_loss(T, name, t):
        assert path[0] == (name, 0) and path[-1] == ("l", t)
        assert all(after in graph[node] for node, after in pairwise(path))


def test_the_graph_says_what_depends_on_what():
    """Every arrow of the model, and no other."""
    T = 3
    arrows = {(start, end) for start, ends in computational_graph(T).items() for end in ends}
    wanted = {(("mean", 0), ("L", 0))}
    for t in range(1, T + 1):
        wanted |= {(("h", t - 1), ("f", t)), (("x", t), ("f", t)), (("W_hx", 0), ("f", t)), (("W_hh", 0), ("f", t))}
        wanted |= {(("f", t), ("h", t)), (("h", t), ("g", t)), (("W_qh", 0), ("g", t)), (("g", t), ("o", t))}
        wanted |= {(("o", t), ("loss", t)), (("y", t), ("loss", t)), (("loss", t), ("l", t)), (("l", t), ("mean", 0))}
    assert arrows == wanted


def test_paths_of_any_graph():
    graph = {("a", 0): [("b", 0), ("c", 0), ("d", 0)], ("b", 0): [("d", 0)], ("c", 0): [("b", 0), ("d", 0)]}
    assert len(list(paths(graph, ("a", 0), ("d", 0)))) == 4
    assert list(paths(graph, ("a", 0), ("a", 0))) == [[("a", 0)]]
    assert list(paths(graph, ("d", 0), ("a", 0))) == []


@within(
    "arguments, error",
    [
        ((0, "W_hh", 1), ValueError),
        ((3, "W_hh", 4), ValueError),
        ((3, "W_hh", 0), ValueError),
        ((3, "W_xx", 1), ValueError),
        ((3, "h", 1), ValueError),
        ((2.0, "W_hh", 1), TypeError),
        ((3, "W_hh", "1"), TypeError),
        ((True, "W_hh", 1), ValueError),
    ],
)
def test_bad_input(arguments, error):
    with pytest.raises(error, match=r"must|one of"):
        paths_to_loss(*arguments)
