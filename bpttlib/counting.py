"""Count multiplications by doing them: numbers that note every product they take part in."""

from collections.abc import Callable
from functools import total_ordering
from numbers import Integral, Number
from operator import index
from typing import Any

import numpy as np

__all__ = ["Counted", "count_products"]


class Tally:
    """How many products there were."""

    products = 0


@total_ordering
class Counted:
    """A number that notes in a tally each multiplication and division it takes part in; sums and differences are free.

    A power of k factors makes k - 1 products. As a `float`, an index or a bound of a `range` it is a plain number
    again, and what is done with that is not counted: the count is never too high.
    """

    __slots__ = ("value", "tally")

    def __init__(self, value: Any, tally: Tally):
        self.value, self.tally = value, tally

    def _product(self, value: Any, products: int = 1) -> "Counted":
        self.tally.products += products
        return Counted(value, self.tally)

    def __mul__(self, other: Any) -> "Counted":
        if isinstance(other, np.ndarray | list | tuple | str):
            return NotImplemented  # the array multiplies entry by entry; a list is repeated
        return self._product(self.value * plain(other))

    def __truediv__(self, other: Any) -> "Counted":
        return NotImplemented if isinstance(other, np.ndarray) else self._product(self.value / plain(other))

    def __rtruediv__(self, other: Any) -> "Counted":
        return self._product(plain(other) / self.value)

    def __floordiv__(self, other: Any) -> "Counted":
        return NotImplemented if isinstance(other, np.ndarray) else self._product(self.value // plain(other))

    def __pow__(self, exponent: Any) -> "Counted":
        exponent = plain(exponent)
        whole = isinstance(exponent, Integral)
        return self._product(self.value**exponent, max(abs(int(exponent)) - 1, 0) if whole else 1)

    def __rpow__(self, base: Any) -> "Counted":
        return Counted(base, self.tally) ** self.value

    def __add__(self, other: Any) -> "Counted":
        return NotImplemented if isinstance(other, np.ndarray) else Counted(self.value + plain(other), self.tally)

    def __sub__(self, other: Any) -> "Counted":
        return NotImplemented if isinstance(other, np.ndarray) else Counted(self.value - plain(other), self.tally)

    def __rsub__(self, other: Any) -> "Counted":
        return Counted(plain(other) - self.value, self.tally)

    def __neg__(self) -> "Counted":
        return Counted(-self.value, self.tally)

    def __abs__(self) -> "Counted":
        return Counted(abs(self.value), self.tally)

    def __eq__(self, other: Any) -> bool:
        return self.value == plain(other)

    def __lt__(self, other: Any) -> bool:
        return self.value < plain(other)

    def __hash__(self) -> int:
        return hash(self.value)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __float__(self) -> float:
        return float(self.value)

    def __index__(self) -> int:
        return index(self.value)

    __rmul__, __radd__ = __mul__, __add__

    def __repr__(self) -> str:
        return f"Counted({self.value!r})"


def plain(number: Any) -> Any:
    return number.value if isinstance(number, Counted) else number


def count_products(function: Callable, *arguments: Any) -> tuple[Any, int]:
    """Call the function with counting numbers and say how many multiplications it made.

    arguments  numbers, or sequences of them; anything else is passed on as it is. A list stays a list, a tuple a
               tuple, and an array becomes one of counting numbers, for which `@` makes a product for each factor.
    Returns (result, count): the result in plain numbers again, and the number of products, each
    scalar product counted once, also those with 0 and 1, and each division.

    >>> count_products(lambda x: 3 * x * x + 1, 2)
    (13, 2)
    >>> count_products(lambda M: M @ M, np.eye(3))[1]
    27
    """
    tally = Tally()
    result = function(*(counting(a, tally) if is_numeric(a) else a for a in arguments))
    values = np.frompyfunc(plain, 1, 1)(np.asarray(result, dtype=object))
    return np.array(values.tolist()) if np.ndim(values) else values, tally.products


def counting(argument: Any, tally: Tally) -> Any:
    """The same in counting numbers."""
    if isinstance(argument, list | tuple):
        return type(argument)(counting(entry, tally) for entry in argument)
    return np.frompyfunc(lambda number: Counted(number, tally), 1, 1)(argument)


def is_numeric(argument: Any) -> bool:
    """A number, or a sequence of numbers."""
    return all(isinstance(entry, Number) for entry in np.asarray(argument, dtype=object).flat)
