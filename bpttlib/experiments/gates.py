"""Three cells read one text: what each path carries in an RNN, a GRU and an LSTM, drawn at random or trained.

The forget gate of the LSTM and the update gate of the GRU begin at one bias, W_hh of the RNN at one spectral radius.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import cycle, islice

import numpy as np
from numpy.typing import NDArray

from .._checks import as_count
from ..batches import Batch, blocks
from ..gru import GRU
from ..lstm import LSTM
from ..optimizers import Adam
from ..paths import path_norms
from ..rnn import RNN
from ..text import TITLE, Vocabulary, next_character, one_hot, river
from ..training import History, Learner

__all__ = [
    "AFTER",
    "BIASES",
    "CELLS",
    "LONGEST",
    "RADII",
    "beginning",
    "learnt",
    "left_by_lag",
    "lesson",
    "letters",
    "net_of",
    "run",
    "story",
    "trained_nets",
]

CELLS = ("RNN", "GRU", "LSTM")
GATES = {"GRU": "z", "LSTM": "f"}  # what multiplies the state of the step before
BIASES = tuple(range(-3, 7))
RADII = (0.5, 0.9, 1.1, 1.3, 2.0)
LONGEST, AFTER = len(TITLE) - 1, 10  # steps
PATHS = 3  # the fewest of which a mean is told
HIDDEN, SEED = 16, 3
STEPS, STREAMS, UPDATES = 28, 8, 100  # an update reads so many steps of so many streams of the story of the river
RATE, CLIP = 0.02, 1.0

Net = RNN | GRU | LSTM


def run(bias: int, spectral_radius: float, T: int, weights: str) -> dict:
    """The first T steps of the title, read by each of the three: name → what is seen of it.

    bias             of the forget gate (LSTM) and the update gate (GRU), -3 … 6, before any training
    spectral_radius  of the RNN's W_hh, before any training; one of `RADII`
    weights          "drawn" at random, or "trained" on the story of the river; see `trained_nets`
    "paths" (T,T), `path_norms` over the mean of those through no step; "left" (T-3,), what of that is left k steps
    back; "alone" (T-3,), what the gates alone leave of it, or ρ^k; "gate", the mean of the gate, or ρ, before any
    training and now. Raises ValueError for other weights, or T outside 14 … 28.

    >>> seen = run(bias=3, spectral_radius=0.9, T=28, weights="drawn")
    >>> {cell: f"{left[AFTER]:.0%}" for cell, left in seen["left"].items()}
    {'RNN': '14%', 'GRU': '65%', 'LSTM': '63%'}
    """
    if weights not in ("drawn", "trained"):
        raise ValueError(f"weights must be drawn or trained, got {weights!r}")
    if not AFTER + PATHS < as_count("T", T) <= LONGEST:
        raise ValueError(f"T must lie in {AFTER + PATHS + 1} … {LONGEST}, got {T!r}")
    setting, updates = {"RNN": spectral_radius, "GRU": bias, "LSTM": bias}, 0 if weights == "drawn" else UPDATES
    found = {cell: reading(cell, setting[cell], T, updates) for cell in CELLS}
    gate = {cell: [mean_gate(cell, setting[cell], T, n) for n in (0, updates)] for cell in CELLS}
    parts = {name: {cell: found[cell][name] for cell in CELLS} for name in ("paths", "left", "alone")}
    return parts | {"gate": gate, "bias": bias, "spectral_radius": spectral_radius, "weights": weights}


def trained_nets(progress: Callable[[Iterable], Iterable] = iter) -> dict[tuple[str, float], Net]:
    """Train every cell from every bias, or every ρ: (cell, bias or ρ) → network, some 25 of them.

    progress: any wrapper of an iterable, such as tqdm. What has been trained is kept, also by whoever stops it.
    """
    every = [(cell, setting) for cell in CELLS for setting in (RADII if cell == "RNN" else BIASES)]
    return {place: net_of(*place, UPDATES) for place in progress(every)}


def net_of(cell: str, setting: float, updates: int = 0) -> Net:
    """The network of this bias or ρ after so many updates. Errors as in `beginning`."""
    return learnt(cell, setting, updates).net if updates else beginning(cell, setting)


@lru_cache(maxsize=128)
def learnt(cell: str, setting: float, updates: int) -> History:
    """What came of so many updates on the story: Adam(0.02), clipped at 1, the full gradient."""
    learner = Learner(beginning(cell, setting), None, Adam(RATE), CLIP)
    for batch in islice(cycle(lesson()), updates):
        learner.learn(batch)
    return learner.history()


@lru_cache(maxsize=64)
def beginning(cell: str, setting: float, seed: int = SEED) -> Net:
    """The network as it was drawn; setting: ρ of an RNN, the bias of a GRU's update gate or an LSTM's forget gate.

    Raises ValueError for another cell.
    """
    if cell not in CELLS:
        raise ValueError(f"cell must be one of {', '.join(CELLS)}, got {cell!r}")
    size = len(letters())
    if cell == "RNN":
        return RNN.random(size, HIDDEN, size, seed, spectral_radius=setting)
    if cell == "GRU":
        return GRU.random(size, HIDDEN, size, seed, update_bias=setting)
    return LSTM.random(size, HIDDEN, size, seed, forget_bias=setting)


@lru_cache(maxsize=1)
def letters() -> Vocabulary:
    return Vocabulary.of(river().lower())


@lru_cache(maxsize=8)
def story(T: int) -> NDArray:
    """The first T letters of the story of the river, (T,d)."""
    return one_hot(letters().encode(river().lower()[:T]), len(letters()))


@lru_cache(maxsize=1)
def lesson() -> list[Batch]:
    """The story of the river in blocks that go on from each other."""
    return blocks(river().lower(), letters(), STEPS, B=STREAMS)


@lru_cache(maxsize=256)
def reading(cell: str, setting: float, T: int, updates: int) -> dict[str, NDArray]:
    """What is seen of one cell: its paths, what is left of them by lag, and what its gates alone leave."""
    net, (x, y) = net_of(cell, setting, updates), next_character(TITLE, T, letters())
    paths = path_norms(net, x, y)
    paths /= np.diag(paths)[1:].mean()
    alone = radius(net) ** np.arange(T - PATHS) if cell == "RNN" else products(gates_of(cell, setting, T, updates))
    return {"paths": paths, "left": left_by_lag(paths), "alone": alone}


@lru_cache(maxsize=512)
def mean_gate(cell: str, setting: float, T: int, updates: int) -> float:
    """The mean of the gate that keeps the state, over steps and units; of an RNN ρ."""
    if cell == "RNN":
        return radius(net_of(cell, setting, updates))
    return float(gates_of(cell, setting, T, updates).mean())


def gates_of(cell: str, setting: float, T: int, updates: int) -> NDArray:
    """z of a GRU or f of an LSTM at every step of the title, (T,h)."""
    x, _ = next_character(TITLE, T, letters())
    return net_of(cell, setting, updates).forward(x).gates[GATES[cell]][1:, 0]


def radius(net: RNN) -> float:
    return float(np.abs(np.linalg.eigvals(net.W_hh)).max())


def left_by_lag(paths: NDArray) -> NDArray:
    """What is left k = 0 … T-4 steps back: the k-th diagonal over what the same steps send to their own loss.

    The first column stays out, for at step 1 W_hh multiplies h_0 = 0, and so do diagonals of fewer than three paths.

    >>> left_by_lag(0.5 ** np.subtract.outer(np.arange(6), np.arange(6)))
    array([1.  , 0.5 , 0.25])
    """
    T, direct = len(paths), np.diag(paths)[1:].cumsum()
    return np.array([np.diag(paths, -k)[1:].sum() / direct[T - 2 - k] for k in range(T - PATHS)])


def products(gates: NDArray) -> NDArray:
    """The product of a gate over k = 0 … T-4 steps, the mean over all units and places, gates (T,h).

    >>> products(np.full((6, 2), 0.5))
    array([1.  , 0.5 , 0.25])
    """
    found, product = [1.0], np.ones((len(gates) + 1, gates.shape[1]))
    for k in range(1, len(gates) - PATHS):
        product = product[:-1] * gates[k - 1 :]
        found.append(float(product.mean()))
    return np.array(found)
