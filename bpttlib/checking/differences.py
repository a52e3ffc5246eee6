"""Put two ways to the same quantities side by side: one line for each, with its largest difference."""

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Rational

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .answers import Wrong, as_objects, told, without_graph
from .verdict import Verdict

__all__ = ["Differences", "differences"]


@dataclass(frozen=True)
class Differences:
    """One Verdict per quantity; `right` if all of them are."""

    lines: tuple[Verdict, ...]

    @property
    def right(self) -> bool:
        return all(line.right for line in self.lines)

    def __repr__(self) -> str:
        return "\n".join(map(repr, self.lines))


def differences(found: Mapping, wanted: Mapping | ArrayLike, within: float = 1e-12) -> Differences:
    """Compare every quantity of `found` with the one of the same name in `wanted`, or all with one array.

        exact        both sides hold whole numbers or fractions, and they are equal
        approximate  max |found - wanted| ≤ within

    A gradient is such a mapping: its parameters by their names. Floating-point numbers are never called exact: that
    two of them agree to the last digit is luck, and on another machine they may not. Raises ValueError if there is
    nothing to compare, a name is missing or `within` is not positive, TypeError if `found` has no names.

    >>> differences({"a": [1, 2], "b": 0.1 + 0.2}, {"a": [1, 2], "b": 0.3})
    ✓ a · exact · max difference 0
    ✓ b · approximate · max difference below 1e-12
    >>> differences({"a": 1.5}, 1.25).right
    False
    """
    if not isinstance(found, Mapping):
        raise TypeError(f"found must give each quantity a name, got a {type(found).__name__}")
    if not isinstance(wanted, Mapping):
        wanted = dict.fromkeys(found, wanted)
    if not found or found.keys() - wanted.keys():
        raise ValueError(f"cannot compare {', '.join(found) or 'nothing'} with {', '.join(wanted) or 'nothing'}")
    if not within > 0:
        raise ValueError(f"within must be positive, got {within!r}")
    return Differences(tuple(line(name, found[name], wanted[name], within) for name in found))


def line(name: str, found: ArrayLike, wanted: ArrayLike, within: float) -> Verdict:
    """One quantity; what is found may be anything, what is wanted holds numbers."""
    wanted = np.asarray(without_graph(wanted))
    if wanted.size == 0:
        raise ValueError(f"{name} holds no number to compare")
    is_exact(wanted) or wanted.astype(complex)  # else it is the page that is wrong, and not the learner
    try:
        with told("holds what cannot be compared:"):
            return compared(name, as_numbers(found), wanted, within)
    except Wrong as wrong:
        return Verdict(name, False, f"wrong · {wrong}")


def as_numbers(found: ArrayLike) -> NDArray:
    """An array of numbers, exact ones as they are; raises Wrong for what a mask hides, for words and all else."""
    if type(found) is np.ndarray and found.dtype.kind in "biufc":
        return found
    found = as_objects(found)
    if any(isinstance(entry, str) for entry in found.flat):
        raise Wrong("gives words, numbers are wanted")
    return found


def compared(name: str, found: NDArray, wanted: NDArray, within: float) -> Verdict:
    if found.shape != wanted.shape:
        return Verdict(name, False, f"has shape {found.shape}, wanted {wanted.shape}")
    if is_exact(found) and is_exact(wanted):
        equal = bool((found == wanted).all())
        return Verdict(name, equal, "exact · max difference 0" if equal else "wrong · exact numbers that differ")
    with np.errstate(invalid="ignore"):  # infinity - infinity
        difference = float(np.abs(found.astype(complex) - wanted.astype(complex)).max(initial=0))
    if not difference <= within:  # so that NaN is wrong, too
        return Verdict(name, False, f"wrong · max difference {difference:.2g}")
    return Verdict(name, True, f"approximate · max difference below {within:.0e}")


def is_exact(numbers: NDArray) -> bool:
    """Whole numbers and fractions of any kind."""
    return numbers.dtype.kind in "biu" or all(isinstance(number, Rational) for number in numbers.flat)
