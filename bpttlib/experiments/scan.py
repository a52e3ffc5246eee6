"""A scan in the middle of its work: who has met whom, round by round, and which paths each element has collected."""

from functools import lru_cache

from numpy.typing import NDArray

from .._checks import as_count
from ..scan import collected_from, meetings

__all__ = ["LONGEST", "depth", "run"]

LONGEST = 32  # elements


def run(T: int, order: str, done: int) -> dict:
    """Stop a scan of T elements after `done` rounds.

    Returns T and order; "met", for each of these rounds who met whom as in `meetings`; "first" (done+1,T), for these
    rounds and before them the first step whose path each element holds, as in `collected_from`; "rounds" and "pairs",
    those of the whole scan, the depth and the work. A loop has T - 1 of both.
    Raises ValueError or TypeError unless T lies in 1 … 32, order is one of the two, and `done` in 0 … all rounds.

    >>> found = run(T=8, order="doubling", done=2)
    >>> found["first"][-1].tolist(), found["rounds"], found["pairs"]
    ([1, 1, 1, 1, 2, 3, 4, 5], 3, 17)
    """
    met, first = whole(T, order)
    if done not in range(len(met) + 1):
        raise ValueError(f"done must lie in 0 … {len(met)}, the rounds of T = {T} by {order}, got {done!r}")
    shown = {"met": met[:done], "first": first[: done + 1]}
    return shown | {"T": T, "order": order, "rounds": len(met), "pairs": sum(map(len, met))}


def depth(T: int, order: str) -> int:
    """Count the rounds of a scan that can be shown. Errors as in `run`.

    >>> depth(32, "doubling"), depth(32, "halving")
    (5, 9)
    """
    return len(whole(T, order)[0])


@lru_cache(maxsize=2 * LONGEST)
def whole(T: int, order: str) -> tuple[list[NDArray], NDArray]:
    """All rounds."""
    if as_count("T", T) > LONGEST:
        raise ValueError(f"T must lie in 1 … {LONGEST}, got {T}")
    return meetings(T, order), collected_from(T, order)
