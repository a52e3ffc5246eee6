"""The unrolled graph: every path from a parameter to a loss, and which of them are lit."""

from ..unrolling import computational_graph, paths, paths_to_loss

__all__ = ["ALL", "run", "used_at"]

ALL = 0  # in the place of a step: every path


def run(T: int, t: int, parameter: str, path: int) -> dict:
    """Find the paths from a parameter to l_t over T steps; chosen is the one that starts at step `path`, or ALL.

    Returns the state, "found" and "chosen" (lists of paths), and "in_all", their number to l_1 … l_T together.
    Raises as `paths_to_loss` does.
    """
    found = paths_to_loss(T, parameter, t)
    chosen = [one for one in found if path in (ALL, start(one))]
    in_all = len(list(paths(computational_graph(T), (parameter, 0), ("L", 0))))
    return {"T": T, "t": t, "parameter": parameter, "found": found, "chosen": chosen, "in_all": in_all}


def used_at(parameter: str, t: int) -> list[int]:
    """The steps at which a parameter is used on its way to l_t.

    >>> used_at("W_hh", 3), used_at("W_qh", 3)
    ([1, 2, 3], [3])
    """
    return [start(path) for path in paths_to_loss(t, parameter, t)]


def start(path: list) -> int:
    """The step at which the parameter is used."""
    return path[1][1]
