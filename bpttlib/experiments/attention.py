"""Paths through attention beside those through an RNN, a GRU and an LSTM, all trained on the story of the river."""

from functools import lru_cache
from itertools import cycle, islice

import numpy as np
from numpy.typing import NDArray

from ..attention import Attention, gradient, path_norms, positions
from ..clipping import clip_by_norm
from ..optimizers import Adam
from ..text import TITLE, next_character
from . import gates
from .gates import AFTER, CELLS, CLIP, HIDDEN, LONGEST, RATE, SEED, left_by_lag, lesson, letters, reading

__all__ = ["SETTING", "layer", "run", "with_positions"]

CLOCKS = 4  # that turn once in 4, 8, 16 and 32 steps
SETTING = {"RNN": 0.9, "GRU": 1, "LSTM": 1}  # where training began: ρ of the RNN, the bias of the gates


def run() -> dict:
    """The title, read by three cells and by attention: name → `path_norms` over the mean of their diagonal, "paths".

    "left", what of that is left ten steps back; "kept", what each must keep to go on: the numbers of a state, or the
    keys and values of every step so far; "pairs", how many A has. The first call trains what is not trained yet.

    >>> seen = run()
    >>> seen["pairs"], seen["kept"]
    (406, {'RNN': 16, 'GRU': 16, 'LSTM': 32, 'attention': 896})
    """
    paths = {cell: reading(cell, SETTING[cell], LONGEST, gates.UPDATES)["paths"] for cell in CELLS}
    x, y = next_character(TITLE, LONGEST, letters())
    net, x = layer(gates.UPDATES), with_positions(x)
    N = path_norms(net, x, y)
    paths["attention"] = N / np.diag(N)[1:].mean()
    left = {name: float(left_by_lag(N)[AFTER]) for name, N in paths.items()}
    kept = {"RNN": HIDDEN, "GRU": HIDDEN, "LSTM": 2 * HIDDEN, "attention": LONGEST * (net.m + net.h)}
    return {"paths": paths, "left": left, "kept": kept, "pairs": int(np.count_nonzero(net.forward(x).A))}


@lru_cache(maxsize=4)
def layer(updates: int) -> Attention:
    """A layer of 16 units after so many updates: Adam(0.02), clipped at 1, on the blocks that the cells learn from."""
    size, adam = len(letters()), Adam(RATE)
    net = Attention.random(size + 2 * CLOCKS, HIDDEN, HIDDEN, size, SEED)
    memory = adam.start(net.parameters)
    for batch in islice(cycle(lesson()), updates):
        g = gradient(net, with_positions(batch.x), batch.y)
        w, memory = adam.step(net.parameters, g.like(clip_by_norm(g.flat(), CLIP)), memory)
        net = net.with_parameters(w)
    return net


def with_positions(x: NDArray) -> NDArray:
    """x (T,B,d) and beside it the code of each step, (T,B,d+8)."""
    code = positions(len(x), CLOCKS)[:, None]
    return np.concatenate([x, np.broadcast_to(code, (*x.shape[:2], 2 * CLOCKS))], axis=-1)
