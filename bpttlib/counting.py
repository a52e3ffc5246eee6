"""Count multiplications by doing them: numbers that note every product they take part in."""

from collections.abc import Callable
from numbers import Number
from typing import Any

import numpy as np

__all__ = ["Counted", "count_products"]


class Tally:
    """How many products there were."""

    products = 0


class Counted:
    """A number that can be added, subtracted and multiplied, and notes each multiplication in a tally."""

    __slots__ = ("value", "tally")

    def __init__(self, value: Any, tally: Tally):
        self.value, self.tally = value, tally

    def __mul__(self, other: Any) -> "Counted":
        if isinstance(other, np.ndarray):
            return NotImplemented  # the array multiplies entry by entry
        self.tally.products += 1
        return Counted(self.value * plain(other), self.tally)

    def __add__(self, other: Any) -> "Counted":
        return Counted(self.value + plain(other), self.tally)

    def __sub__(self, other: Any) -> "Counted":
        return Counted(self.value - plain(other), self.tally)

    def __rsub__(self, other: Any) -> "Counted":
        return Counted(plain(other) - self.value, self.tally)

    __rmul__, __radd__ = __mul__, __add__

    def __repr__(self) -> str:
        return f"Counted({self.value!r})"


def plain(number: Any) -> Any:
    return number.value if isinstance(number, Counted) else number


def count_products(function: Callable, *arguments: Any) -> tuple[Any, int]:
    """Call the function with counting numbers and say how many multiplications it made.

    arguments  numbers, or sequences of them; anything else is passed on as it is.
    Returns (result, count): the result in plain numbers again, and the number of products, each
    scalar product counted once, also those with 0 and 1.
    """
    tally = Tally()
    counted = np.frompyfunc(lambda number: Counted(number, tally), 1, 1)
    result = function(*(counted(a) if is_numeric(a) else a for a in arguments))
    values = np.frompyfunc(plain, 1, 1)(np.asarray(result, dtype=object))
    return np.array(values.tolist()) if np.ndim(values) else values, tally.products


def is_numeric(argument: Any) -> bool:
    """A number, or a sequence of numbers."""
    return all(isinstance(entry, Number) for entry in np.asarray(argument, dtype=object).flat)
