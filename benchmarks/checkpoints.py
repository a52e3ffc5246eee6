"""How much memory checkpoints save, and what they cost in time: against `gradient`, for every cell.

    python benchmarks/checkpoints.py

At T = 10⁵, h = 16, B = 1, float64. Memory is the most that Python and NumPy allocated beside x and y (tracemalloc);
time is that of the processor, the best of seven turns, and the ratio the median of the seven, both ways turn by turn.
For one cell and up to a million steps the same is measured by `python -m bpttlib.experiments.million`, and kept.
"""

import numpy as np

from bpttlib import GRU, LSTM, RNN, Leaky, checkpointed_gradient, gradient
from bpttlib.checkpoints import states_held, steps_read
from bpttlib.experiments.measuring import by_turns, peak
from bpttlib.experiments.million import case


def measured(Cell, T):
    data = case(T, Cell)
    found, whole = checkpointed_gradient(*data), gradient(*data)
    np.testing.assert_allclose(found.flat(), whole.flat(), rtol=0, atol=1e-12)
    turns = by_turns(lambda: gradient(*data), lambda: checkpointed_gradient(*data), rounds=7)
    (plain, mine), ratio = turns.min(axis=0), np.median(turns[:, 1] / turns[:, 0])
    MB = [peak(function, *data) for function in (gradient, checkpointed_gradient)]
    print(f"{Cell.__name__:9} {MB[0]:9.1f} {MB[1]:15.2f} {plain:8.2f} {mine:15.2f} {ratio:6.2f}")


def main(T=10**5):
    print(f"T = {T}: {states_held(T)} states held instead of {T + 1}, {steps_read(T)} steps read instead of {T}")
    print(f"{'':9} {'MB whole':>9} {'MB checkpointed':>15} {'s whole':>8} {'s checkpointed':>15} {'ratio':>6}")
    for Cell in (RNN, Leaky, GRU, LSTM):
        measured(Cell, T)


if __name__ == "__main__":
    main()
