"""Numbers as a reader sees them: few digits, and a minus sign as long as a plus."""

import numpy as np
from numpy.typing import ArrayLike

__all__ = [
    "added",
    "adding_up",
    "decimals",
    "four_digits",
    "grouped",
    "in_brackets",
    "number",
    "ordinal",
    "raised",
    "short",
    "signed",
    "times_ten",
]

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(x: float) -> str:
    """A number as one says it: 80, 1735, 4.2e+07."""
    return f"{x:.0f}" if 10 <= abs(x) < 1e5 else f"{x:.2g}"


def raised(x: float) -> str:
    """As `number`, but with thousands and powers of ten as on a page.

    >>> [raised(x) for x in (80.4, 0.58)], raised(8208.3) == grouped(8208), raised(8e-8) == times_ten("8e-08")
    (['80', '0.58'], True, True)
    """
    written = times_ten(number(x))
    return grouped(int(written)) if written.isdecimal() else written


def times_ten(written: str) -> str:
    """A number that Python has written, with its power of ten as on a page, on one line: 1.9e+09 is 1.9 · 10⁹.

    >>> times_ten("1.9e+09").replace("\N{NO-BREAK SPACE}", " ")
    '1.9 · 10⁹'
    """
    digits, e, exponent = written.partition("e")
    return f"{digits}\N{NO-BREAK SPACE}·\N{NO-BREAK SPACE}10{str(int(exponent)).translate(RAISED)}" if e else digits


def decimals(x: float, digits: int) -> str:
    """So many digits behind the point: −0.50."""
    return f"{x:.{digits}f}".replace("-", "−")


def four_digits(x: float) -> str:
    """As many digits as it needs, four at most.

    >>> [four_digits(x) for x in (-2.0, 0.25, -9.9618)]
    ['−2', '0.25', '−9.962']
    """
    return times_ten(f"{x:.4g}").replace("-", "−")


def grouped(n: int) -> str:
    """A whole number with a thin space after each three digits.

    >>> grouped(8208) == "8\N{THIN SPACE}208"
    True
    """
    return f"{n:,}".replace(",", "\N{THIN SPACE}")


def adding_up(values: ArrayLike, digits: int) -> list[str]:
    """Each rounded up (those with the largest remainders) or down, so that as written they add up to the rounded sum.

    >>> adding_up([1 / 3, 1 / 3, 1 / 3], 2)
    ['0.34', '0.33', '0.33']
    """
    units = np.asarray(values) * 10**digits
    written = np.floor(units)
    up = round(units.sum() - written.sum())
    written[np.argsort(written - units, kind="stable")[:up]] += 1
    return [decimals(unit / 10**digits, digits) for unit in written + 0.0]


def signed(x: float) -> str:
    """Two decimals, and no −0.00."""
    return decimals(round(x, 2) + 0.0, 2)


def added(x: float) -> str:
    """What comes on top: +0.12, −0.01, and 0.00 without a sign where it rounds to nothing."""
    return f"+{x:.2f}" if round(x, 2) > 0 else signed(x)


def short(x: float) -> str:
    """About three digits: 0.072, 9.37, −20.6."""
    return decimals(x, 3 if abs(x) < 1 else 2 if abs(x) < 10 else 1)


def in_brackets(text: str) -> str:
    """A number that stands behind a dot or a plus: (−0.50), but 0.50."""
    return f"({text})" if text.startswith("−") else text


def ordinal(n: int) -> str:
    """2nd, 3rd, 4th … up to 20th."""
    return {1: "1st", 2: "2nd", 3: "3rd"}.get(n, f"{n}th")
