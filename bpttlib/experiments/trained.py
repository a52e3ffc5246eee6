"""How far back a loss is felt before and after training, and what a short window costs the one who trains with it."""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from ..batches import streams
from ..comparison import choose_tau, tail_share
from ..paths import lag_norms, mean_by_lag
from ..rnn import RNN
from ..truncation import Full, Window
from .runs import SEEDS, TAUS, UPDATES, above_full, beginning, every_run, halves, quartiles

__all__ = ["STREAMS", "TOLERATED", "felt", "run"]

STREAMS = 9  # of the unseen text, 61 steps each
TOLERATED = 0.1


def run(seeds: int = SEEDS, updates: int = UPDATES, progress: Callable[[Iterable], Iterable] | None = None) -> dict:
    """Read the unseen text before training and after it with the full gradient.

    "felt"   "before" and "after" → (3,T), quartiles over the seeds of n_k/n_0, how strongly a loss is felt k steps back
    "share"  the same for what a window of τ = 0 … T leaves out, (3,T+1)
    "tau"    the same for the τ that leaves out no more than 10 %, the median
    "above"  τ → how much higher the training loss ends with this window than with the full gradient, the median
    Arguments and errors as in `cost.run`.
    """
    runs = every_run(seeds, updates, progress)
    nets = {"before": [beginning(seed) for seed in range(seeds)], "after": [one.net for one in runs[Full()]]}
    found = {when: np.array([felt(net) for net in some]) for when, some in nets.items()}
    return {
        "felt": {when: quartiles(some) for when, some in found.items()},
        "share": {when: quartiles([tail_share(one) for one in some]) for when, some in found.items()},
        "tau": {when: float(np.median([choose_tau(one, TOLERATED) for one in some])) for when, some in found.items()},
        "above": {tau: float(np.median(above_full(runs, Window(tau)))) for tau in TAUS},
    }


def felt(net: RNN) -> NDArray:
    """n_k/n_0, the mean of ‖∂L_s/∂h_{s-k}‖ over the losses on the unseen text that reach back k steps, (T,)."""
    _, unseen, vocabulary = halves()
    batch = streams(unseen, vocabulary, STREAMS)
    n = mean_by_lag(lag_norms(net, batch.x, batch.y))
    return n / n[0]
