"""Specs that would give an exercise away if they stood beside it: plain, slow, and read only by who looks for them."""

from ..recurrence import solve

__all__ = ["largest_alternating"]


def largest_alternating(T: int) -> float:
    """The largest of a_1 … a_T for b_t = 1 and c_t = 2, ¼, 2, ¼, … (page 02)."""
    return max(solve([1] * T, [2 if t % 2 == 0 else 0.25 for t in range(T)]))
