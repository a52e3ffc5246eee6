"""The lag task for four cells of one size: is a marked coin said again `lag` steps later, other coins in between?

All that the gradient can tell step 1 comes from one loss at the end, through a product of `lag` Jacobians. The table
of all runs takes some twenty minutes and is kept in data/memory.csv; to make it anew:

    python -m bpttlib.experiments.memory
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..batches import Batch
from ..bptt import gradient
from ..cell import Cell
from ..gru import GRU
from ..leaky import Leaky
from ..lstm import LSTM
from ..optimizers import Adam
from ..rnn import RNN
from ..tasks import marked
from ..training import Learner
from ..truncation import EdgeWeights, Full
from .recall import best_readout
from .tables import from_shell, kept_in, read, write

__all__ = [
    "GATED",
    "LAGS",
    "RATES",
    "ROWS",
    "SEEDS",
    "TAUS",
    "UNITS",
    "Place",
    "beginning",
    "felt",
    "held",
    "kept",
    "learnt",
    "run",
    "trained",
]

COINS = 2
UNITS = {"RNN": 25, "leaky": 25, "GRU": 14, "LSTM": 12}  # so many that all have about as many parameters
LAGS = (5, 10, 20, 40, 80)
ROWS = (("RNN", 0.9), ("RNN", 1.2), ("leaky", 3), *product(("GRU", "LSTM"), (0, 1, 3, 5)))  # cell, and start of it
TAUS = (1, 5, 10, 20, 40)
GATED = ("LSTM", 3)  # whose truncation is looked at
SEEDS = range(10)
RATES = (0.01, 0.03)
STREAMS, UPDATES, CLIP = 16, 400, 1.0
DONE, OVER = 0.02, 20  # it stops early when the mean loss of so many updates is below this
FITTED = 500  # streams for the best readout
ASKED, PASSED = 400, 0.95  # new streams, and the share of right answers from which on it counts as learnt
FILE = kept_in("memory.csv")


@dataclass(frozen=True)
class Place:
    """What is trained from every seed: a cell, where it starts, a lag, τ (None: the full gradient), a rate.

    It starts from ρ of W_hh (RNN), or the bias of z or f.
    """

    cell: str
    start: float
    lag: int
    tau: int | None = None
    rate: float = RATES[0]


def run() -> dict:
    """What the kept table says, as numbers of seeds from which the coin is learnt; nothing is trained.

    "success" (rows,lags), each row at the better of the two rates, "rates" (rows,), which that is;
    "cut" (taus+1,lags), one row for each τ and the last for the full gradient, of the cell "gated".
    """
    both = np.array([[[count(Place(*row, lag, None, rate)) for lag in LAGS] for row in ROWS] for rate in RATES])
    better = both.sum(axis=-1).argmax(axis=0)
    cut = [[count(Place(*GATED, lag, tau if tau and tau <= lag else None)) for lag in LAGS] for tau in (*TAUS, None)]
    rates = np.array(RATES)[better]
    return {"success": both[better, np.arange(len(ROWS))], "rates": rates, "cut": np.array(cut), "gated": GATED}


def count(place: Place) -> int:
    """From how many of the seeds it was learnt, by the kept table."""
    return kept()[place].count("1")


@lru_cache(maxsize=1024)
def learnt(place: Place, seed: int, updates: int = UPDATES) -> bool:
    """Train one network from this seed, and ask it about new streams: is it right in at least 95 %?

    The seed draws the weights and the coins. Raises ValueError for a cell that is not on the list, or τ above the lag.

    >>> learnt(Place("LSTM", 3, lag=5), seed=0)
    True
    """
    return right(trained(place, seed, updates), place.lag) >= PASSED


@lru_cache(maxsize=8)
def trained(place: Place, seed: int, updates: int = UPDATES) -> Cell:
    """The network at the end of its training."""
    learner = Learner(beginning(place, seed), strategy(place), Adam(place.rate), CLIP)
    coins, losses = np.random.default_rng([seed, place.lag]), []
    while len(losses) < updates and not (len(losses) >= OVER and np.mean(losses[-OVER:]) < DONE):
        losses.append(learner.learn(marked(place.lag, STREAMS, coins, COINS)))
    return learner.net


def beginning(place: Place, seed: int) -> Cell:
    """The network before training."""
    if place.cell not in UNITS:
        raise ValueError(f"cell must be one of {', '.join(UNITS)}, got {place.cell!r}")
    sizes = {"d": COINS + 1, "h": UNITS[place.cell], "q": COINS, "seed": seed}
    if place.cell == "RNN":
        return RNN.random(**sizes, spectral_radius=place.start)
    if place.cell == "leaky":
        return Leaky.random(**sizes, keep=1 / (1 + np.exp(-place.start)))
    return (GRU if place.cell == "GRU" else LSTM).random(*sizes.values(), place.start)


def strategy(place: Place) -> Full | EdgeWeights:
    """Blocks of τ steps with the state carried, the last of which ends with the question.

    The blocks before hold no loss that counts, so only this one is walked back.
    """
    if place.tau is None:
        return Full()
    if not 1 <= place.tau <= place.lag:
        raise ValueError(f"tau must lie in 1 … lag = {place.lag}, or nothing is cut, got {place.tau}")
    return EdgeWeights(np.arange(place.lag + 1) > place.lag + 1 - place.tau)


def right(net: Cell, lag: int) -> float:
    """The share of right answers on streams that no network has learnt from."""
    asked = marked(lag, ASKED, 1000 + lag, COINS)
    return float((net.forward(asked.x).o[-1].argmax(axis=-1) == asked.y[-1]).mean())


def held(net: Cell, lag: int) -> float:
    """How often the best linear readout of the last state is right: fitted by least squares, asked on other streams.

    What it finds is there, whether or not the network's own readout uses it.
    """
    fitted, asked = marked(lag, FITTED, 2000 + lag, COINS), marked(lag, ASKED, 1000 + lag, COINS)
    (h, side), (h_asked, side_asked) = (last_states(net, some) for some in (fitted, asked))
    said = (h_asked @ best_readout(h, side[:, None]))[:, 0]
    return float((said * side_asked > 0).mean())


def last_states(net: Cell, batch: Batch) -> tuple[NDArray, NDArray]:
    """h_T and a 1 for the bias, (B,h+1), and which side was marked, (B,) of -1 and 1."""
    h = net.forward(batch.x).hidden[-1]
    return np.concatenate([h, np.ones((len(h), 1))], axis=-1), 2 * batch.y[-1] - 1


def felt(place: Place) -> float:
    """How strongly the loss is felt at step 1 before training, as a share of how strongly at its own step.

    The median over the seeds.
    """
    asked, shares = marked(place.lag, STREAMS, 1000 + place.lag, COINS), []
    for seed in SEEDS:
        delta = gradient(beginning(place, seed), asked.x, asked.y, mask=asked.mask).dL_dh
        shares.append(np.linalg.norm(delta[0]) / np.linalg.norm(delta[-1]))
    return float(np.median(shares))


# ---- the table that is kept ---------------------------------------------------------------------


def places() -> list[Place]:
    """All of the table: every row and lag at both rates, and τ below the lag."""
    whole = [Place(*row, lag, None, rate) for rate in RATES for row in ROWS for lag in LAGS]
    return whole + [Place(*GATED, lag, tau) for lag in LAGS for tau in TAUS if tau <= lag]


def line_of(place: Place) -> str:
    """A line of the table: what is None stays empty, and behind it a 1 or 0 for each seed."""
    seeds = "".join(str(int(learnt(place, seed))) for seed in SEEDS)
    cells = (place.cell, place.start, place.lag, place.tau, place.rate, seeds)
    return ",".join("" if cell is None else str(cell) for cell in cells)


def make(file: Path, progress: Callable[[Iterable], Iterable] = iter) -> None:
    """Train every place from every seed, and write the table; who stops it finds the old one as it was."""
    write(file, HEAD, map(line_of, progress(places())))


HEAD = f"""\
# The lag task, trained: python -m bpttlib.experiments.memory
# {STREAMS} streams an update; Adam; clipped at {CLIP:g}
# at most {UPDATES} updates, fewer where the loss falls below {DONE}
# learnt: a digit for each of the seeds 0 to 9, 1 if at least {PASSED:.0%} of {ASKED} new streams are answered rightly
cell,start,lag,tau,rate,learnt"""


@cache
def kept() -> dict[Place, str]:
    """The table: place → ten digits, 1 for each seed from which it was learnt."""
    return {as_place(line): line["learnt"] for line in read(FILE)}


def as_place(line: dict[str, str]) -> Place:
    tau = int(line["tau"]) if line["tau"] else None
    return Place(line["cell"], float(line["start"]), int(line["lag"]), tau, float(line["rate"]))


if __name__ == "__main__":
    from_shell(make, FILE)
