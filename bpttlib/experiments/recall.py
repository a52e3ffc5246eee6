"""The lag task: is the coin of `lag` steps ago learnt, when the gradient walks back at most tau steps?

One stream of coins, read in blocks of tau steps. Carried: the state goes on from block to block, the gradient stops at
its first step. Reset: every block begins at h_0 = 0.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..batches import Batch
from ..optimizers import Adam
from ..rnn import RNN
from ..tasks import recall
from ..training import Learner
from ..truncation import Full, Segments

__all__ = ["LAGS", "STATES", "TAUS", "Recalled", "held", "learnt", "reset_every", "run", "success_map"]

LAGS = (1, 2, 4, 6, 8, 12)
TAUS = (1, 2, 3, 4, 6, 8, 12, 24)
STATES = ("carried", "reset")
COINS, UNITS = 2, 16
STEPS, STREAMS, UPDATES = 24, 8, 150  # an update reads so many steps of so many streams
RATE, CLIP = 0.03, 1.0
TESTED = (100, 16)  # steps, and streams that it has never seen
RIDGE = 1e-6  # so that states which do not move hurt nobody
SHOWN = 32  # of which so many are shown
SEED = 0


@dataclass(frozen=True, eq=False)
class Recalled:
    """What came of one run.

    net       the network at its end
    losses    (updates,), L of each update before it
    right     the share of right answers on new streams, read in one go
    read      (32,), the coins of a new stream, 0 or 1
    answered  (32,), what it said at each of these steps
    """

    net: RNN
    losses: NDArray
    right: float
    read: NDArray
    answered: NDArray


def run(lag: int, tau: int, state: str) -> dict:
    """The map of success, and the run at one place of it.

    "success" (lags,taus), the share of right answers; "one", that run. state: "carried" or "reset". The first call
    trains every network of the map, for some 15 s: `success_map` does the same and shows how far it is.
    """
    one = learnt(lag, tau, state, UPDATES)
    return {"success": as_map(UPDATES)[state], "one": one, "lag": lag, "tau": tau, "state": state}


def success_map(progress: Callable[[Iterable], Iterable] = iter) -> dict[str, NDArray]:
    """Train a network for every lag, tau and state: the shares of right answers, (lags,taus) for each state.

    progress: any wrapper of an iterable, such as tqdm. What has been trained is kept, also by whoever stops it.
    """
    for place in progress([(lag, tau, state) for state in STATES for lag in LAGS for tau in TAUS]):
        learnt(*place, UPDATES)
    return as_map(UPDATES)


@lru_cache(maxsize=4)
def as_map(updates: int) -> dict[str, NDArray]:
    return {
        state: np.array([[learnt(lag, tau, state, updates).right for tau in TAUS] for lag in LAGS]) for state in STATES
    }


@lru_cache(maxsize=1024)
def learnt(lag: int, tau: int, state: str, updates: int) -> Recalled:
    """Train one network, and ask it. Raises ValueError for a tau that does not divide 24, or another state.

    >>> one = learnt(lag=1, tau=2, state="carried", updates=60)
    >>> one.right, len(one.losses)
    (1.0, 60)
    """
    if tau not in TAUS or state not in STATES:
        raise ValueError(f"tau must be one of {TAUS} and state one of {STATES}, got {tau!r} and {state!r}")
    learner = Learner(untrained(), Segments(tau) if state == "carried" else Full(), Adam(RATE), CLIP)
    losses = [learner.learn(batch if state == "carried" else reset_every(batch, tau)) for batch in stream(lag, updates)]
    asked = new_streams(lag, "asked")
    said = learner.net.forward(asked.x).o.argmax(axis=-1)
    read = asked.x.argmax(axis=-1)
    return Recalled(learner.net, np.array(losses), right(said, asked), read[:SHOWN, 0], said[:SHOWN, 0])


@lru_cache(maxsize=1)
def untrained() -> RNN:
    """The network that every run begins with."""
    return RNN.random(COINS, UNITS, COINS, seed=SEED)


@lru_cache(maxsize=2)
def stream(lag: int, updates: int) -> list[Batch]:
    """The same coins for every lag, in batches that go on from each other."""
    return recall(lag, STEPS * updates, STREAMS, SEED + 1, COINS).blocks(STEPS)


def reset_every(batch: Batch, tau: int) -> Batch:
    """The batch in blocks of tau steps side by side, each from h_0 = 0: x (T,B,d) becomes (tau,B·T/tau,d).

    >>> batch = Batch(np.ones((6, 1)), np.arange(6))
    >>> reset_every(batch, 2).y
    array([[0, 2, 4],
           [1, 3, 5]])
    """

    def cut(a: NDArray) -> NDArray:
        return a.reshape(-1, tau, *a.shape[1:]).swapaxes(0, 1).reshape(tau, -1, *a.shape[2:])

    return Batch(cut(batch.x), cut(batch.y), None if batch.mask is None else cut(batch.mask))


@lru_cache(maxsize=64)
def new_streams(lag: int, use: str) -> Batch:
    """Coins that no network has learnt from, to fit a readout on, or to be asked about."""
    return recall(lag, *TESTED, SEED + {"asked": 2, "fitted": 3}[use], COINS)


def right(said: NDArray, asked: Batch) -> float:
    """The share of right answers where something is asked."""
    return float((said == asked.y)[asked.mask].mean())


@lru_cache(maxsize=1024)
def held(net: RNN, lag: int) -> float:
    """How often the best linear readout of the state is right: fitted by least squares, asked on other streams.

    What it finds is in the state, whether or not the network's own readout can use it.

    >>> remembers = RNN(np.eye(2)[:, :1] * [[1, -1]], 0.5 * np.eye(2)[[1, 0]], np.eye(2))
    >>> held(remembers, lag=1), round(held(remembers, lag=40), 1)
    (1.0, 0.5)
    """
    fitted, asked = new_streams(lag, "fitted"), new_streams(lag, "asked")
    h, coins = states(net, fitted)[fitted.mask], np.eye(COINS)[fitted.y[fitted.mask]]
    return right((states(net, asked) @ best_readout(h, coins)).argmax(axis=-1), asked)


def best_readout(h: NDArray, wanted: NDArray) -> NDArray:
    """The matrix (s,m) that makes wanted (n,m) of states h (n,s), by least squares."""
    seen, told = (np.einsum("ni,nj->ij", h, one) for one in (h, wanted))
    return np.linalg.solve(seen + RIDGE * np.eye(len(seen)), told)


def states(net: RNN, batch: Batch) -> NDArray:
    """h_1 … h_T and a 1 for the bias, (T,B,h+1)."""
    h = net.forward(batch.x).h[1:]
    return np.concatenate([h, np.ones((*h.shape[:2], 1))], axis=-1)
