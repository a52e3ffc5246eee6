"""Read whatever a learner's function returned, and say in words how it differs from what was wanted."""

import warnings
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from numbers import Complex, Rational, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._torch import is_tensor

__all__ = ["Answer", "Wrong", "read", "problem"]

WHOLE = 2.0**53  # up to here a float holds every whole number
FLOAT = np.finfo(float).max
MANY = 100_000  # entries, more than any exercise wants
LONG = 100_000  # bits of an exact number, likewise
LISTS = (list, tuple, range, array)
KINDS = "biufcOU"  # of arrays: numbers, words, and objects, which are looked at one by one


class Wrong(ValueError):
    """What is wrong with an answer, in words that a learner reads."""


@contextmanager
def told(what: str):
    """Turn whatever is raised inside into a Wrong: `what`, and the error. Only the learner's own interrupt passes."""
    try:
        yield
    except (Wrong, KeyboardInterrupt):
        raise
    except BaseException as error:
        raise Wrong(f"{what} {kind(error)}{said(error)}") from None


def said(error: BaseException) -> str:
    """: and the message in one line, if there is one that can be read."""
    try:
        text = one_line(str(error))
    except KeyboardInterrupt:
        raise
    except BaseException:
        text = ""
    return f": {text}" if text else ""


def one_line(text: str, longest: int = 200) -> str:
    """The beginning of a text, without its line breaks."""
    return " ".join(text[: 5 * longest].split())[:longest]


def kind(value: Any) -> str:
    """The name of its type, whatever that type says of itself."""
    return one_line(type.__dict__["__name__"].__get__(type(value)), 40) or "nameless"


@dataclass(frozen=True)
class Answer:
    """What was returned, entry by entry: words, or numbers, each a Fraction where it is exact and a float elsewhere."""

    entries: NDArray

    @property
    def shape(self) -> tuple[int, ...]:
        return self.entries.shape

    @cached_property
    def words(self) -> bool:
        return any(isinstance(entry, str) for entry in self.entries.flat)

    @cached_property
    def exact(self) -> bool:
        return all(isinstance(entry, Fraction) for entry in self.entries.flat)

    @cached_property
    def whole(self) -> bool:
        """Exact, or floats that happen to be whole numbers and are known to the last digit."""
        return self.exact or (
            not self.words and all(abs(entry) <= WHOLE and entry == round(entry) for entry in self.entries.flat)
        )

    @cached_property
    def floats(self) -> NDArray:
        return each(as_float)(self.entries).astype(float)

    @property
    def largest(self) -> float:
        return 0.0 if self.words else float(np.abs(self.floats).max(initial=0))


def read(returned: Any) -> Answer:
    """Take a number, a word, or a list, tuple or array of them, nested or not; raises Wrong for all else."""
    if returned is None:
        raise Wrong("returns nothing (None)")
    with told("gives what cannot be read as numbers:"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an older __array__ is as good as a new one
        answer = Answer(as_objects(returned))
    if any(isinstance(entry, complex) for entry in answer.entries.flat):
        raise Wrong("gives complex numbers, real ones are wanted")
    return answer


def as_objects(returned: Any) -> NDArray:
    """The entries, each a Fraction, a float, a complex number or a word; raises Wrong for all else."""
    tree = taken_apart(returned, iter(range(MANY)))
    shape, leaves = shape_of(tree), [*leaves_of(tree)]
    entries = np.empty(len(leaves), dtype=object)
    entries[:] = leaves
    return entries.reshape(shape)


def taken_apart(value: Any, room: Iterator[int]) -> Any:
    """Lists in lists down to the entries; whatever looks like a list without being one is not walked through."""
    if next(room, None) is None:
        raise Wrong(f"gives more than {MANY:,} entries")
    if type(value) is float:
        return value
    for one in LISTS:
        if isinstance(value, one):
            if one.__getitem__(value, slice(MANY, MANY + 1)):
                raise Wrong(f"gives more than {MANY:,} entries")
            return [taken_apart(entry, room) for entry in one.__iter__(value)]
    if hasattr(value, "__array__"):  # an array, or a number, of NumPy or of another library
        value = bare(value)
        if isinstance(value, list):
            return taken_apart(value, room)
    return as_entry(value)


def bare(value: Any) -> Any:
    """What an array holds, as lists in lists of plain numbers; of a single number this one."""
    value = np.asanyarray(without_graph(value))
    if np.ma.is_masked(value):
        raise Wrong("hides numbers behind a mask")
    if value.dtype.kind not in KINDS:
        raise Wrong(f"gives {value.dtype} in an array, where numbers or words are wanted")
    if value.size > MANY:
        raise Wrong(f"gives more than {MANY:,} entries")
    return np.asarray(value).tolist()


def without_graph(value: Any) -> Any:
    """The numbers of a PyTorch tensor, whatever gradient hangs on it; all else as it is."""
    return value.detach().cpu() if is_tensor(value) else value


def shape_of(tree: Any) -> tuple[int, ...]:
    """How many in each list; raises Wrong if lists beside each other differ."""
    if not isinstance(tree, list):
        return ()
    shapes = set(map(shape_of, tree))
    if len(shapes) > 1:
        raise Wrong("has rows of different lengths")
    return (len(tree), *(shapes.pop() if shapes else ()))


def leaves_of(tree: Any) -> Iterator:
    """The entries in their order."""
    if isinstance(tree, list):
        for one in tree:
            yield from leaves_of(one)
    else:
        yield tree


def each(function: Callable) -> Callable:
    """Apply to every entry; also a single one stays an array."""
    return lambda entries: np.asarray(np.frompyfunc(function, 1, 1)(entries), dtype=object)


def as_entry(value: Any) -> Fraction | float | complex | str:
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Rational):
        numerator, denominator = int(value.numerator), int(value.denominator)
        if numerator.bit_length() + denominator.bit_length() > LONG:
            raise Wrong(f"gives a number of more than {LONG:,} bits")
        return Fraction(numerator, denominator)
    if isinstance(value, Complex) and not isinstance(value, Real):
        return complex(value)
    if isinstance(value, Real | Decimal) or hasattr(value, "__float__"):
        return float(value)
    raise Wrong(f"gives {a(value)}, where a number or a word is wanted")


def a(value: Any) -> str:
    """The type of a value, with its article."""
    if value is None:
        return "None"
    name = kind(value)
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def as_float(number: Fraction | float) -> float:
    try:
        return float(number)
    except OverflowError:
        return np.inf if number > 0 else -np.inf


# ---- what is wrong ------------------------------------------------------------------------------


def problem(found: Answer, wanted: Answer, allowed: float, entry: str = "") -> str:
    """What is wrong in words, or "": another kind or shape, no number, or further off than `allowed`."""
    if found.words != wanted.words:
        return "gives words, numbers are wanted" if found.words else "gives numbers, words are wanted"
    if found.shape != wanted.shape:
        return f"{shaped(found)}, {shaped(wanted, 'wanted')}"
    if found.words:
        return words_problem(found, wanted, entry)
    if not (found.exact or np.isfinite(found.floats).all()):
        return f"holds NaN or infinity{at(first(~np.isfinite(found.floats)))}"
    wrong, off = gaps(found, wanted, allowed)
    if not wrong.any():
        return ""
    place = where_it_begins(wrong)
    yours = f"yours is {short(found.entries[place])}"
    if not place:
        return f"is off by {short(off[place])}, {yours}"
    return f"{rights(wrong, entry)}{at(place)} {yours}, off by {short(off[place])}"


def shaped(answer: Answer, verb: str = "has") -> str:
    thing = "word" if answer.words else "number"
    if answer.shape == ():
        return f"{'is' if verb == 'has' else verb} a single {thing}"
    return f"{verb} shape {answer.shape}"


def words_problem(found: Answer, wanted: Answer, entry: str) -> str:
    wrong = np.asarray(found.entries != wanted.entries, dtype=bool)
    if not wrong.any():
        return ""
    place = where_it_begins(wrong)
    yours = f"{str(found.entries[place])[:40]!r}"
    return f"{rights(wrong, entry)}{at(place)} yours is {yours}" if place else f"is not {yours}"


def gaps(found: Answer, wanted: Answer, allowed: float) -> tuple[NDArray, NDArray]:
    """Which entries are wrong, and by how much each is off; numbers that are exact on both sides must be equal."""
    if found.exact and wanted.exact:
        off = np.asarray(each(abs)(found.entries - wanted.entries), dtype=object)
        return np.asarray(off > 0, dtype=bool), off
    with np.errstate(invalid="ignore", over="ignore"):
        off = np.abs(found.floats - wanted.floats)
    return ~(off <= allowed), off


def is_equal(found: Answer, wanted: Answer) -> bool:
    """Exactly equal: words, and exact numbers to exact numbers or to floats that are whole."""
    if found.words or (found.exact and wanted.whole):
        return bool(np.all(found.entries == wanted.entries))
    return False


# ---- where it is wrong --------------------------------------------------------------------------


def where_it_begins(wrong: NDArray) -> tuple[int, ...]:
    """The first wrong entry; or the last, if it is the end that is right: there the walk went backwards."""
    rows = wrong.reshape(len(wrong), -1).any(axis=1) if wrong.ndim else wrong
    if wrong.ndim and rows[0] and not rows[-1]:
        row = int(np.flatnonzero(rows)[-1])
        return (row, *first(wrong[row]))
    return first(wrong)


def first(wrong: NDArray) -> tuple[int, ...]:
    return tuple(map(int, np.argwhere(wrong)[0]))


def at(place: tuple[int, ...]) -> str:
    return f" at {list(place)}" if place else ""


def rights(wrong: NDArray, entry: str) -> str:
    """Which rows are right and which are not; counted from 1 if they have a name, else from 0 as in code."""
    rows = wrong.reshape(len(wrong), -1).any(axis=1)
    name, start = (entry, 1) if entry else ("entry" if wrong.ndim == 1 else "row", 0)
    runs = [(bad, [n for n, _ in group]) for bad, group in groupby(enumerate(rows, start), key=lambda item: item[1])]
    good, bad = ([numbers for is_bad, numbers in runs if bool(is_bad) is kind] for kind in (False, True))
    if len(rows) == 1:
        return "is wrong:"
    if not good:
        return f"has no {name} right;"
    if len(runs) > 6:
        return f"has {int((~rows).sum())} of {len(rows)} {plural(name, len(rows))} right;"
    return f"has {listed(name, good)} right, {listed(name, bad)} not;"


def listed(name: str, runs: list[list[int]]) -> str:
    """rows 0, 2 to 4 and 7"""
    parts = [part for run in runs for part in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run))]
    together = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
    return f"{plural(name, sum(map(len, runs)))} {together}"


def plural(name: str, count: int) -> str:
    return name if count == 1 else f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"


def short(number: Fraction | float) -> str:
    """A number as a reader wants it: exact if that is short, else with four digits."""
    if isinstance(number, Fraction) and max(abs(number), number.denominator) < 10**12 and len(str(number)) <= 12:
        return str(number)
    value = as_float(number)
    return f"{value:.4g}" if np.isfinite(value) else f"beyond {FLOAT:.0e}"
