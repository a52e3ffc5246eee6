"""An instant answer to an exercise: right, nearly right, or wrong, and never the solution."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from functools import partial
from typing import Any

import numpy as np

from .._torch import is_tensor
from .answers import FLOAT, Answer, Wrong, is_equal, kind, one_line, plural, problem, read, told, without_graph
from .demands import loop_in, multiplications
from .verdict import Verdict

__all__ = ["check"]

SMALL = 12  # so many numbers of a case are shown in full


def check(
    answer: Callable,
    spec: Callable,
    cases: Sequence[tuple],
    tolerance: float = 1e-12,
    *,
    at_most: int | Callable[..., int] | None = None,
    loops: bool = True,
    entry: str = "",
) -> Verdict:
    """Run your answer and a slow, plain spec on the same cases and compare every number.

        right  if |yours - wanted| ≤ tolerance · max |wanted|  in every case

    with the largest number of the case; where a case wants only zeros, the largest number of all cases; and if all
    of them want only zeros, nothing but 0 is right. Whole numbers, fractions and words are exact, also where the
    spec gives whole numbers as floats. A list, a tuple and an array are one answer.

    at_most  how many multiplications a case may take, a number or a function of the case
    loops    False if the answer may hold no `for`, `while` or comprehension
    entry    what one row of the answer is called, "step": then rows are counted from 1 when it says which are right
    Whatever the answer returns or raises, the result is a Verdict, about the first case that is wrong; only an
    interrupt passes. Raises ValueError for no case, a tolerance that is not positive or a spec that gives no
    finite numbers, TypeError for a case that is no tuple.

    >>> def double(n):
    ...     return n * n
    >>> check(double, lambda n: n + n, cases=[(2,), (3,)])
    ✗ double · double(3) is off by 3, yours is 9
    """
    cases, name = as_cases(cases, tolerance), name_of(answer)
    wanted = [read_spec(spec, case) for case in cases]
    allowed = tolerances(wanted, tolerance)
    try:
        found = [judged(answer, *case, entry) for case in zip(cases, wanted, allowed, strict=True)]
        demanded = demands(answer, cases, at_most, loops)
    except Wrong as wrong:
        return Verdict(name, False, str(wrong))
    exact = all(map(is_equal, found, wanted))
    how = "exact" if exact else f"approximate, max difference below {tolerance:.0e} of the largest number"
    size, thing = sum(f.entries.size for f in found), "word" if wanted[0].words else "number"
    many = f"{size} {plural(thing, size)} in {len(cases)} {plural('case', len(cases))}"
    return Verdict(name, True, f"{how}, {many}{demanded}")


def as_cases(cases: Sequence[tuple], tolerance: float) -> list[tuple]:
    cases = list(cases)
    if not cases:
        raise ValueError("no case to judge by: without one every answer would be right")
    for case in cases:
        if not isinstance(case, tuple):
            raise TypeError(f"a case must be a tuple of arguments, got {case!r}")
    if not 0 < tolerance < 1:
        raise ValueError(f"tolerance must lie between 0 and 1, got {tolerance!r}")
    return cases


def read_spec(spec: Callable, case: tuple) -> Answer:
    """What is wanted; the spec has the case for itself, so it may spoil it."""
    wanted = read(spec(*deepcopy(case)))
    if not (wanted.words or wanted.exact or np.isfinite(wanted.floats).all()):
        raise ValueError(f"the spec gives NaN or infinity for {', '.join(map(shown, case))}")
    return wanted


def tolerances(wanted: list[Answer], tolerance: float) -> list[float]:
    """How far off each case may be; what is allowed is finite, so that infinity is always too far."""
    largest = [answer.largest for answer in wanted]
    return [min(tolerance * (size or max(largest)), FLOAT) for size in largest]


# ---- one case -----------------------------------------------------------------------------------


def judged(answer: Callable, case: tuple, wanted: Answer, allowed: float, entry: str) -> Answer:
    """The answer to one case, read; raises Wrong if it is."""
    call, given = f"{name_of(answer)}({', '.join(map(shown, case))})", deepcopy(case)
    if not callable(answer):
        with told("is no function, and cannot be shown:"):
            raise Wrong(f"is {one_line(repr(answer), 40)}, a function is wanted")
    with told(f"{call} raises"):
        returned = called(answer, given)
    with told(f"{call} spoils what it was given:"):
        if not same(case, given):
            raise Wrong(f"{call} changes what it was given")
    try:
        found = read(returned)
    except Wrong as wrong:
        raise Wrong(f"{call} {wrong}") from None
    if what := problem(found, wanted, allowed, entry):
        raise Wrong(f"{call} {what}")
    return found


def called(answer: Callable, given: tuple) -> Any:
    try:
        return answer(*given)
    except NotImplementedError:
        raise Wrong("not written yet") from None


def same(one: Any, other: Any) -> bool:
    """Nothing has been changed in it, however deep; an object may have noted something new about itself."""
    if one is other or type(one) is not type(other):
        return one is other
    if is_tensor(one):
        one, other = (np.asarray(without_graph(tensor)) for tensor in (one, other))
    if isinstance(one, np.ndarray):
        numbers = one.dtype != object
        return one.shape == other.shape and (
            one.tobytes() == other.tobytes() if numbers else same(one.tolist(), other.tolist())
        )
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if hasattr(one, "__dict__"):
        return all(same(value, vars(other).get(name)) for name, value in vars(one).items())
    return bool(np.all(one == other))


def demands(answer: Callable, cases: list[tuple], at_most: int | Callable | None, loops: bool) -> str:
    """What the answer keeps to besides, in words; raises Wrong if it does not."""
    if not loops and (name := loop_in(answer)):
        raise Wrong(f"is right, but there is a loop in {name}, and none is wanted")
    if at_most is None:
        return "" if loops else ", without a loop"
    for case in cases:
        limit, call = at_most(*deepcopy(case)) if callable(at_most) else at_most, ", ".join(map(shown, case))
        count = multiplications(answer, case)
        if count > limit:
            raise Wrong(f"is right, but {name_of(answer)}({call}) takes {count} multiplications, {limit} are enough")
    return ", with no multiplication too many"


# ---- in words -----------------------------------------------------------------------------------


def name_of(answer: Any) -> str:
    """What the learner called it; "answer" if it has no name."""
    while type(answer) is partial:
        answer = answer.func
    try:
        name = str.__str__(getattr(answer, "__name__", kind(answer) if callable(answer) else "answer"))
    except KeyboardInterrupt:
        raise
    except BaseException:
        return "answer"
    return name[:40] if name.isidentifier() else "answer"


def shown(argument: Any) -> str:
    """A case as it was called; of what holds more than a dozen numbers the shape or the length alone."""
    if isinstance(argument, np.ndarray):
        return f"array({shown(argument.tolist())})" if argument.size <= SMALL else f"array {argument.shape}"
    if isinstance(argument, list | tuple):
        if entries(argument) > SMALL:
            return f"{type(argument).__name__} of {len(argument)}"
        inside = ", ".join(map(shown, argument))
        return f"[{inside}]" if isinstance(argument, list) else f"({inside},)" if len(argument) == 1 else f"({inside})"
    return f"{argument:.12g}" if isinstance(argument, float) else f"{argument!r:.80}"


def entries(nested: Any) -> int:
    return sum(map(entries, nested)) if isinstance(nested, list | tuple) else np.size(nested)
