"""Tasks: data of which one knows what must be remembered, and for how long."""

from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_array, as_count, as_rng, unmasked
from .batches import Batch
from .text import one_hot

__all__ = ["Words", "copy", "marked", "recall", "series", "standardised", "sunspots", "words"]

Seed = int | np.random.Generator | None


def recall(lag: int, T: int, B: int = 1, seed: Seed = 0, symbols: int = 4) -> Batch:
    """Say at every step which symbol was read `lag` steps ago.

        y_t = the symbol of x_{t-lag}, drawn evenly; the first `lag` losses do not count

    With `.blocks(k1)` it is a stream that carries the state. Returns a Batch, x (T,B,symbols).
    Raises ValueError or TypeError for what is no whole number from 1 on, or T ≤ lag: nothing would be asked.

    >>> batch = recall(lag=2, T=6)
    >>> x, y, counts = batch.x.argmax(axis=-1), batch.y, batch.mask
    >>> bool((y[2:] == x[:-2]).all()), counts[:, 0].astype(int)
    (True, array([0, 0, 1, 1, 1, 1]))
    """
    lag, T, B, symbols = map(as_count, ("lag", "T", "B", "symbols"), (lag, T, B, symbols))
    if T <= lag:
        raise ValueError(f"T must be above the lag, {lag}, or nothing is asked, got {T}")
    read = as_rng(seed).integers(symbols, size=(T, B))
    return delayed(one_hot(read, symbols), read, lag)


def copy(lag: int, length: int, B: int = 1, seed: Seed = 0, symbols: int = 4) -> Batch:
    """Read `length` symbols, then only blanks, and say them again, each `lag` steps after it was read.

    The task of `recall` for a single word: x (length+lag,B,symbols+1), of which the last is the blank.
    Raises ValueError or TypeError for what is no whole number from 1 on, or lag < length.

    >>> copy(lag=3, length=2).x.argmax(axis=-1)[2:, 0]
    array([4, 4, 4])
    """
    names = ("lag", "length", "B", "symbols")
    lag, length, B, symbols = map(as_count, names, (lag, length, B, symbols))
    if lag < length:
        raise ValueError(f"lag must be at least the length, {length}, got {lag}")
    word = as_rng(seed).integers(symbols, size=(length, B))
    read = np.concatenate([word, np.full((lag, B), symbols)])
    return delayed(one_hot(read, symbols + 1), read, lag)


def marked(lag: int, B: int = 1, seed: Seed = 0, symbols: int = 2) -> Batch:
    """Say at the end which symbol was marked `lag` steps ago, and forget those that came behind it.

        x_t = a symbol drawn evenly, and 1 behind it at step 1, else 0        y_T = the symbol of x_1,  T = lag + 1

    Only the last loss counts. Returns a Batch, x (T,B,symbols+1). Raises ValueError or TypeError for what is no whole
    number from 1 on. A task of this kind is Hochreiter & Schmidhuber's 1997.

    >>> batch = marked(lag=3, seed=1)
    >>> batch.x[:, 0].astype(int).tolist(), batch.y[-1], batch.mask[:, 0].astype(int)
    ([[1, 0, 1], [0, 1, 0], [0, 1, 0], [0, 1, 0]], array([0]), array([0, 0, 0, 1]))
    """
    lag, B, symbols = map(as_count, ("lag", "B", "symbols"), (lag, B, symbols))
    read = as_rng(seed).integers(symbols, size=(lag + 1, B))
    mark = np.zeros((lag + 1, B, 1))
    mark[0] = 1
    return delayed(np.concatenate([one_hot(read, symbols), mark], axis=-1), read, lag)


def delayed(x: NDArray, read: NDArray, lag: int) -> Batch:
    """What was read `lag` steps ago as target, and a mask on the first steps, which have none."""
    mask = np.broadcast_to(np.arange(len(read))[:, None] >= lag, read.shape)
    return Batch(x, np.roll(read, lag, axis=0), mask)


# ---- words --------------------------------------------------------------------------------------

BOS, EOS, PAD = MARKS = "<bos>", "<eos>", "<pad>"


@dataclass(frozen=True)
class Words:
    """A vocabulary of words: `Vocabulary` for text with blanks between its words.

    >>> known = Words.of(["the wheel turns"])
    >>> known.encode("<bos> the wheel"), known.decode([4, 5])
    (array([0, 3, 5]), 'turns wheel')
    """

    words: tuple[str, ...]

    @classmethod
    def of(cls, sentences: list[str]) -> "Words":
        """<bos>, <eos>, <pad>, and every other word of the sentences, sorted."""
        return cls((*MARKS, *sorted({word for one in sentences for word in one.split()} - {*MARKS})))

    def __len__(self) -> int:
        return len(self.words)

    def encode(self, text: str) -> NDArray:
        """Words to numbers. Raises ValueError naming the words it does not know."""
        unknown = sorted(set(text.split()) - set(self.words))
        if unknown:
            raise ValueError(f"not among the {len(self)} words of the vocabulary: {' '.join(map(repr, unknown[:5]))}")
        place = {word: n for n, word in enumerate(self.words)}
        return np.array([place[word] for word in text.split()], dtype=int)

    def decode(self, numbers: ArrayLike) -> str:
        """Numbers to words, with a blank between. Raises ValueError for a number outside the vocabulary."""
        numbers = unmasked("numbers", numbers)
        if numbers.size and not (0 <= numbers.min() and numbers.max() < len(self)):
            raise ValueError(f"numbers must lie in 0 … {len(self) - 1}, got {numbers.min()} … {numbers.max()}")
        return " ".join(self.words[n] for n in numbers)


def words(sentences: list[str]) -> tuple[Words, Batch]:
    """Sentences of different lengths as one batch: <bos> before, <eos> behind, then <pad>, which does not count.

    Returns the vocabulary and a Batch, x (T,B,d), y (T,B), mask (T,B). Raises ValueError or TypeError for no
    sentence or an empty one.

    >>> known, batch = words(["a wheel turns", "a river"])
    >>> known.decode(batch.y[:, 1]), batch.mask[:, 1].astype(int)
    ('a river <eos> <pad>', array([1, 1, 1, 0]))
    """
    if isinstance(sentences, str) or not sentences or not all(isinstance(one, str) for one in sentences):
        raise TypeError(f"sentences must be a list of texts, at least one, got {sentences!r:.60}")
    if not all(one.split() for one in sentences):
        raise ValueError("a sentence is empty")
    known = Words.of(sentences)
    rows = [known.encode(f"{BOS} {one} {EOS}") for one in sentences]
    T = max(map(len, rows))
    numbers = np.array([[*row, *[known.words.index(PAD)] * (T - len(row))] for row in rows]).T
    mask = np.arange(1, T)[:, None] < [len(row) for row in rows]
    return known, Batch(one_hot(numbers[:-1], len(known)), numbers[1:], mask)


# ---- numbers ------------------------------------------------------------------------------------


def series(values: ArrayLike, T: int | None = None, B: int = 1) -> Batch:
    """One step ahead: read a number, be asked for the next one; B stretches of T steps, one behind another.

        x_t = v_t        y_t = v_{t+1}

    values (N,); T = ⌊(N-1)/B⌋ if not given. Returns a Batch for the squared loss, x and y (T,B,1).
    Raises ValueError for fewer than T·B+1 values, NaN or infinity.

    >>> batch = series([1, 2, 3, 4, 5], B=2)
    >>> batch.x[..., 0].T, batch.y[..., 0].T
    (array([[1., 2.],
           [3., 4.]]), array([[2., 3.],
           [4., 5.]]))
    """
    v, B = as_array("values", values, ("N",)), as_count("B", B)
    T = max(1, (len(v) - 1) // B) if T is None else as_count("T", T)
    if len(v) < T * B + 1:
        raise ValueError(f"{B} stretches of {T} steps need {T * B + 1} values, got {len(v)}")
    x, y = (some.reshape(B, T).T[..., None] for some in (v[: T * B], v[1 : T * B + 1]))
    return Batch(x, y)


def standardised(values: ArrayLike, n: int | None = None) -> NDArray:
    """(v - mean)/sd, both of the first n values alone, so that nothing is known of those behind; all if not given.

    Raises ValueError if these are all alike.

    >>> standardised([0, 2, 5], n=2)
    array([-1.,  1.,  4.])
    """
    v = as_array("values", values, ("N",))
    known = v[: None if n is None else as_count("n", n)]
    if known.min() == known.max():
        raise ValueError(f"{len(known)} values that are all alike have no spread to measure by")
    return (v - known.mean()) / known.std()


def sunspots() -> tuple[NDArray, NDArray]:
    """Yearly sunspot numbers, 1700 … 2008: years (309,) and numbers (309,).

    Source: National Geophysical Data Center / SIDC, as in statsmodels; public domain.

    >>> years, numbers = sunspots()
    >>> years[:3], numbers[:3]
    (array([1700, 1701, 1702]), array([ 5., 11., 16.]))
    """
    with (files(__package__) / "data" / "sunspots.csv").open(encoding="utf-8") as file:
        years, numbers = np.loadtxt(file, delimiter=",", skiprows=3, unpack=True)
    return years.astype(int), numbers
