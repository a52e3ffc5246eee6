"""Time and memory of whole calls, measured the same way wherever two ways are put beside each other."""

import timeit
import tracemalloc
from collections.abc import Callable
from time import process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["by_turns", "peak"]


def peak(function: Callable, *data: Any) -> float:
    """MB allocated at most while it runs."""
    tracemalloc.start()
    try:
        function(*data)
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def by_turns(*functions: Callable[[], Any], rounds: int, timer: Callable[[], float] = process_time) -> NDArray:
    """Seconds for each function, (rounds, functions), turn by turn; of the processor, if no other timer is given."""
    return np.array([[timeit.timeit(one, timer=timer, number=1) for one in functions] for _ in range(rounds)])
