"""What backward and forward mode hold, and how much they multiply: numbers over T, products over h."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .._checks import as_count
from ..checkpoints import states_held
from ..forward_mode import Cost, forward_cost, reverse_cost, where_they_cross

__all__ = ["INPUTS", "LENGTHS", "WIDTHS", "checkpointed_numbers", "run"]

INPUTS = 15  # the letters of page 05's text
LENGTHS = tuple(int(round(T)) for T in np.geomspace(10, 1e5, 41))
WIDTHS = (2, 4, 8, 16, 32, 64, 128)
STEPS = 1000  # over which products are shared out
WAYS = {"everything": reverse_cost, "forward": forward_cost}


@lru_cache(maxsize=16)
def run(h: int) -> dict:
    """An RNN of h units that reads one of 15 letters a step.

    "lengths" and "numbers", for each way how many are held at these T; "widths" and "products", for each way but
    checkpoints how many a step takes at these h; "cross", the first T at which forward mode holds fewer than all
    states; "times", how many products it makes for one of reverse mode. Raises ValueError or TypeError unless h is a
    whole number from 1 on.

    >>> found = run(h=16)
    >>> found["cross"], round(found["times"])
    (512, 179)
    """
    numbers = {name: held(cost, as_count("h", h)) for name, cost in WAYS.items()}
    numbers["checkpoints"] = np.array([checkpointed_numbers(T, h) for T in LENGTHS])
    return {
        "lengths": np.array(LENGTHS),
        "numbers": numbers,
        "widths": np.array(WIDTHS),
        "products": {
            name: np.array([a_step(cost(STEPS, width, INPUTS)) for width in WIDTHS]) for name, cost in WAYS.items()
        },
        "h": h,
        "cross": where_they_cross(h, INPUTS).numbers,
        "times": forward_cost(1, h, INPUTS).products / reverse_cost(1, h, INPUTS).products,
    }


def held(cost: Callable[[int, int, int], Cost], h: int) -> NDArray:
    return np.array([cost(T, h, INPUTS).numbers for T in LENGTHS])


def a_step(cost: Cost) -> float:
    return cost.products / STEPS


def checkpointed_numbers(T: int, h: int) -> int:
    """The states that `checkpointed_gradient` holds, and δ. Errors as in `states_held`.

    >>> checkpointed_numbers(T=10_000, h=16)
    3216
    """
    return (states_held(T) + 1) * h
