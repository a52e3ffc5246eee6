"""How much memory checkpoints save, and what they cost in time: against `gradient`, for every cell.

    python benchmarks/checkpoints.py          T = 10³, 10⁴, 10⁵
    python benchmarks/checkpoints.py million  T = 10⁶ as well, checkpointed alone

Memory is the most that Python and NumPy allocated beside x and y (tracemalloc); time is that of the processor,
the best of seven turns, and the ratio the median of the seven, both ways turn by turn, in float64, B = 1, h = 16.
"""

import sys
import timeit
import tracemalloc
from time import process_time

import numpy as np

from bpttlib import GRU, LSTM, RNN, Leaky, checkpointed_gradient, gradient
from bpttlib.checkpoints import states_held, steps_read


def case(Cell, T, h=16):
    rng = np.random.default_rng(0)
    return Cell.random(h, h, h, seed=1), rng.standard_normal((T, 1, h)), rng.integers(0, h, (T, 1))


def peak(function, *data):
    """MB allocated at most while it runs."""
    tracemalloc.start()
    function(*data)
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found / 1e6


def by_turns(*functions, rounds=7):
    """Seconds of the processor for each function, (rounds, functions), turn by turn."""
    return np.array([[timeit.timeit(f, timer=process_time, number=1) for f in functions] for _ in range(rounds)])


def memory(sizes):
    print(f"{'RNN: T':>9} {'states':>8} {'kept':>6} {'MB whole':>9} {'MB checkpointed':>16}")
    for T in sizes:
        data = case(RNN, T)
        whole = f"{peak(gradient, *data):9.2f}" if T <= 10**5 else f"{'-':>9}"
        print(f"{T:9} {T + 1:8} {states_held(T):6} {whole} {peak(checkpointed_gradient, *data):16.3f}")


def time(T):
    print(f"T = {T}: {steps_read(T)} steps read instead of {T}")
    print(f"{'':9} {'s whole':>8} {'s checkpointed':>15} {'ratio':>6}")
    for Cell in (RNN, Leaky, GRU, LSTM):
        data = case(Cell, T)
        found, whole = checkpointed_gradient(*data), gradient(*data)
        np.testing.assert_allclose(found.flat(), whole.flat(), rtol=0, atol=1e-12)
        turns = by_turns(lambda: gradient(*data), lambda: checkpointed_gradient(*data))  # noqa: B023
        (plain, mine), ratio = turns.min(axis=0), np.median(turns[:, 1] / turns[:, 0])
        print(f"{Cell.__name__:9} {plain:8.2f} {mine:15.2f} {ratio:6.2f}")


def main():
    memory([10**3, 10**4, 10**5] + [10**6] * ("million" in sys.argv[1:]))
    time(10**5)


if __name__ == "__main__":
    main()
