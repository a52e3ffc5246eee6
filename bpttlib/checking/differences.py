"""Put two ways to the same quantities side by side: one line for each, with its largest difference."""

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Rational

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
    found, wanted = np.asarray(found), np.asarray(wanted)
    if found.size == 0:
        raise ValueError(f"{name} holds no number to compare")
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
