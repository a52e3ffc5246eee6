"""A budget of time for what SymPy works out: asked between its calls, for within one nothing can be stopped."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from math import inf
from time import thread_time

__all__ = ["SECONDS", "OutOfReach", "ask", "budget", "remembered"]

SECONDS = 3.5  # of the thread that works, whatever else the machine does
END = ContextVar("END", default=inf)


class OutOfReach(ValueError):
    """An f that may be read, but takes too long, or leaves the numbers that a float can hold."""


@contextmanager
def budget(seconds: float) -> Iterator[None]:
    """Let `ask` refuse to go on after so many seconds of this thread."""
    before = END.set(thread_time() + seconds)
    try:
        yield
    finally:
        END.reset(before)


def ask() -> None:
    """Raise OutOfReach if the budget is spent; without one, never."""
    if thread_time() > END.get():
        raise OutOfReach("unrolled, this f takes too long to work out: try a shorter one, or a smaller T")


def remembered(work: Callable) -> Callable:
    """Give each call its budget, and keep what came of it by its arguments: a result, or that it is out of reach."""

    @cache
    def outcome(*args: object) -> object:
        try:
            with budget(SECONDS):
                return work(*args)
        except OutOfReach as error:
            return OutOfReach(*error.args)  # without the frames that the first one holds

    @wraps(work)
    def recalled(*args: object) -> object:
        found = outcome(*args)
        if isinstance(found, OutOfReach):
            raise OutOfReach(*found.args)
        return found

    return recalled
