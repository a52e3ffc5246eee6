"""Which panels hold a picture: those that were moved last.

A widget lives as long as its kernel, even if its cell was run again and nobody can see it any more; a picture with
its pixels takes some 10 MB, and is built anew in the time of a few moves.
"""

import ctypes
import gc
from contextlib import suppress
from typing import Protocol

__all__ = ["AT_MOST", "give_back", "moved"]

AT_MOST = 3


class Panel(Protocol):
    def sleep(self) -> None: ...


last: list[Panel] = []  # the one moved last at the end


def moved(panel: Panel) -> None:
    """Note that it was moved; those that were not for long are put to sleep."""
    last[:] = [*(one for one in last if one is not panel), panel]
    asleep = last[:-AT_MOST]
    del last[:-AT_MOST]
    for one in asleep:
        one.sleep()
    if asleep:
        give_back()


def give_back() -> None:
    """Hand what is free back to the system, where the C library can: some 20 MB that pictures leave behind."""
    gc.collect()  # a figure is full of circles: nothing else would free it soon
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
