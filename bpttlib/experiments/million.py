"""What checkpoints save in memory and cost in time, from a thousand steps to a million.

    memory   the most that Python and NumPy hold beside x and y while it runs (tracemalloc), in MB
    time     of the processor, in seconds, both ways turn by turn

A million steps take minutes, and the plain gradient a gigabyte, so the table is kept in data/checkpoints.csv;
to make it anew:

    python -m bpttlib.experiments.million
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

import numpy as np

from ..bptt import gradient
from ..checkpoints import checkpointed_gradient
from ..rnn import RNN
from .measuring import by_turns, peak
from .tables import from_shell, kept_in, read, write

__all__ = ["FAR", "LENGTHS", "WAYS", "Measured", "case", "kept", "ratio", "run", "slope"]

HIDDEN, SEED = 16, 0
LENGTHS = (1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
FAR = 10_000  # from here on the gradient itself and the network weigh nothing any more
WAYS: dict[str, Callable] = {"everything": gradient, "checkpoints": checkpointed_gradient}
FILE = kept_in("checkpoints.csv")
Measured = dict[str, dict[str, dict[int, float]]]  # "memory" or "time" → way → T → how much


def run() -> dict[str, Measured]:
    """What is "kept" in the table."""
    return {"kept": kept()}


@cache
def kept() -> Measured:
    """The table: "memory" (MB) and "time" (s) → way → T → how much.

    >>> sorted(kept()["memory"]["checkpoints"]) == sorted(LENGTHS)
    True
    """
    found: Measured = {"memory": {way: {} for way in WAYS}, "time": {way: {} for way in WAYS}}
    for line in read(FILE):
        for what, unit in (("memory", "MB"), ("time", "s")):
            found[what][line["way"]][int(line["T"])] = float(line[unit])
    return found


def slope(values: Mapping[int, float], start: int = FAR) -> float:
    """By which power of T it grows, from `start` on: the straight line through the logarithms, by least squares.

    >>> round(slope({10**4: 2.0, 10**6: 20.0}), 12)
    0.5
    """
    far = {T: value for T, value in values.items() if start <= T}
    return float(np.polyfit(np.log(list(far)), np.log(list(far.values())), 1)[0])


def ratio(measured: Measured, what: str) -> dict[int, float]:
    """T → how many times as much the checkpoints take as everything, of "memory" or "time"."""
    everything, checkpoints = (measured[what][way] for way in ("everything", "checkpoints"))
    return {T: checkpoints[T] / everything[T] for T in everything}


def case(T: int, Cell: type = RNN, h: int = HIDDEN) -> tuple:
    """A network of h units, drawn at random, and noise for it to read: h inputs, h classes, T steps."""
    rng = np.random.default_rng(SEED)
    return Cell.random(h, h, h, seed=1), rng.standard_normal((T, 1, h)), rng.integers(0, h, (T, 1))


# ---- the table that is kept ---------------------------------------------------------------------


def lines(T: int) -> list[str]:
    """The lines of the table for one T, both ways; more rounds where they are short."""
    data, rounds = case(T), int(np.clip(10**6 // T, 3, 15))
    for way in WAYS.values():
        way(*data)  # once for nothing: what is loaded at the first call is no part of it
    times = np.median(by_turns(*(lambda way=way: way(*data) for way in WAYS.values()), rounds=rounds), axis=0)
    return [f"{T},{name},{peak(WAYS[name], *data):.3f},{s:.4f}" for name, s in zip(WAYS, times, strict=True)]


def make(file: Path, progress: Callable[[Iterable], Iterable] = iter) -> None:
    """Measure every length, and write the table; who stops it finds the old one as it was."""
    write(file, HEAD, (line for T in progress(LENGTHS) for line in lines(T)))


HEAD = f"""\
# The gradient of an RNN, keeping everything or checkpoints: python -m bpttlib.experiments.million
# {HIDDEN} units, inputs and classes; one sequence; float64
# MB: allocated at most beside x and y; s: of the processor, the median of 3 to 15 turns
T,way,MB,s"""


if __name__ == "__main__":
    from_shell(make, FILE)
