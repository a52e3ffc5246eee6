"""Controls as data: what can be set, what a reader calls it, and every place it can stand. No widget is needed.

From a description a panel makes the widget, and `move_all` and the tests go through its `values`.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Choice", "Control", "Dice", "Play", "Presets", "Range", "Stepper", "Steps", "Text", "Typed"]

Options = Mapping[str, Any] | Sequence[Any]  # label → value, or values that are their own labels


class Control(ABC):
    """One key of a panel's state: its name, where it starts, and the values that are tried."""

    name: str
    start: Any

    @abstractmethod
    def values(self) -> list:
        """Both ends and the middle of a range, every option of a choice.

        >>> Range("tau", "τ", "truncation length", 5, 1, 28).values()
        [1, 15, 28]
        """


@dataclass(frozen=True)
class Range(Control):
    """A slider from `low` to `high`; whole numbers if `step` is one."""

    name: str
    symbol: str
    words: str
    start: float
    low: float
    high: float
    step: float = 1

    @property
    def label(self) -> str:
        return labelled(self.symbol, self.words)

    def values(self) -> list:
        return ends_and_middle(self.low, self.high, self.step)


@dataclass(frozen=True)
class Steps(Control):
    """A slider over a list of values, such as powers of ten."""

    name: str
    symbol: str
    words: str
    start: Any
    options: Options

    @property
    def label(self) -> str:
        return labelled(self.symbol, self.words)

    def values(self) -> list:
        return [value for _, value in pairs(self.options)]


@dataclass(frozen=True)
class Choice(Control):
    """Buttons of which one is pressed; the words stand before them."""

    name: str
    words: str
    start: Any
    options: Options

    def values(self) -> list:
        return [value for _, value in pairs(self.options)]


@dataclass(frozen=True)
class Dice(Control):
    """The number of a throw, a button that throws again, and one that throws `many` times if that is more than one.

    The first button says what is thrown: `again`.
    """

    name: str
    words: str
    start: int
    low: int
    high: int
    many: int = 1
    again: str = "new dice"

    def values(self) -> list:
        return ends_and_middle(self.low, self.high, 1)


@dataclass(frozen=True)
class Typed(Control):
    """A line to type into, with examples to choose from; the words stand before it, the note behind."""

    name: str
    words: str
    start: str
    options: Sequence[str]
    note: str = ""

    def values(self) -> list:
        return list(self.options)


@dataclass(frozen=True)
class Text(Control):
    """A text from a menu, label → text, or from a file of one's own, of which so many characters are taken."""

    name: str
    words: str
    start: str
    options: Mapping[str, str]
    longest: int | None = None
    shortest: int = 3  # two steps, and one character to guess

    def values(self) -> list:
        return list(self.options.values())


@dataclass(frozen=True)
class Play:
    """A play button for the range `of` this name; `interval` in ms between two values."""

    of: str
    interval: int = 75


@dataclass(frozen=True)
class Stepper:
    """Buttons first, back, next and last for the range `of` this name."""

    of: str


@dataclass(frozen=True)
class Presets:
    """Buttons each of which sets several controls: label → state."""

    words: str
    states: Mapping[str, Mapping[str, Any]]


def labelled(symbol: str, words: str) -> str:
    return f"{symbol}  {words}" if symbol else words


def pairs(options: Options) -> list[tuple[str, Any]]:
    """(label, value) for each option."""
    return list(options.items()) if isinstance(options, Mapping) else [(str(value), value) for value in options]


def ends_and_middle(low: float, high: float, step: float) -> list:
    """The middle is a place where the handle can stand."""
    middle = low + step * round((high - low) / 2 / step)
    return [type(step)(round(place, 9)) for place in (low, middle, high)]
