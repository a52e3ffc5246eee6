"""Generation: a network writes on by reading what it has just written."""

import numpy as np
from numpy.typing import NDArray

from ._checks import as_count, as_rng, is_number
from .cell import Cell, as_cell
from .tasks import Words
from .text import Vocabulary, one_hot

__all__ = ["write"]


def write(
    net: Cell,
    vocabulary: Vocabulary | Words,
    start: str,
    n: int,
    temperature: float = 1.0,
    seed: int | np.random.Generator | None = 0,
) -> str:
    """Write n characters behind `start`, each drawn from what the network expects, and read it as the next input.

        P(next = k) = softmax(o_t / temperature)_k        temperature 0: the likeliest, always

    The state is carried on from character to character. Returns start and what follows (words with a space between).
    Raises ValueError for an empty start, one that is not in the vocabulary, n < 1 or a temperature below 0, TypeError
    for a network without a state.

    >>> from bpttlib import RNN
    >>> copies = RNN(W_hx=5 * np.eye(2), W_hh=np.zeros((2, 2)), W_qh=9 * np.eye(2))
    >>> write(copies, Vocabulary("ab"), "ba", 5, temperature=0)
    'baaaaaa'
    """
    numbers, n, rng = as_start(net, vocabulary, start), as_count("n", n), as_rng(seed)
    as_temperature(temperature)
    symbols = one_hot(np.arange(len(vocabulary)), len(vocabulary))
    tape = net.forward(symbols[numbers])
    written = numbers.tolist()
    for _ in range(n):
        written.append(drawn(tape.o[-1, 0], temperature, rng))
        tape = net.read(symbols[written[-1], None, None], tape.h[-1])
    return vocabulary.decode(written)


def drawn(o: NDArray, temperature: float, rng: np.random.Generator) -> int:
    """One number, drawn from softmax(o/temperature)."""
    if temperature == 0:
        return int(o.argmax())
    with np.errstate(over="ignore"):
        below = np.exp((o - o.max()) / temperature).cumsum()
    return min(int(np.searchsorted(below, rng.random() * below[-1], side="right")), len(o) - 1)


def as_start(net: Cell, vocabulary: Vocabulary | Words, start: str) -> NDArray:
    """The numbers of the start, if network and vocabulary fit."""
    as_cell("net", net)
    if not len(vocabulary) == net.d == net.q:
        raise ValueError(f"a vocabulary of {len(vocabulary)} does not fit a network of d = {net.d}, q = {net.q}")
    numbers = vocabulary.encode(start)
    if not len(numbers):
        raise ValueError("start is empty: the network must read something first")
    return numbers


def as_temperature(temperature: float) -> float:
    if not is_number(temperature) or not 0 <= temperature < np.inf:
        raise ValueError(f"temperature must be a number from 0 on, got {temperature!r}")
    return temperature
