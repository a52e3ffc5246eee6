"""Training and unseen text at every length of the segments: does truncation regularise?"""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from ..truncation import Full, Segments, Strategy
from .runs import SEEDS, STRATEGIES, UPDATES, Run, T, above_full, every_run, quartiles

__all__ = ["run"]


def run(seeds: int = SEEDS, updates: int = UPDATES, progress: Callable[[Iterable], Iterable] | None = None) -> dict:
    """Losses under segments over τ; the full gradient is the longest τ.

    "taus"      (n,)
    "training"  (3,n), quartiles over the seeds of the loss on the text learnt from, at the end
    "last"      of the loss on the unseen text, at the end
    "best"      and where it was lowest on the way, as if one had stopped there
    "above"     how much higher the training loss ends under segments of 5 than with the full gradient, (seeds,)
    "gained"    "last" and "best" → what segments of 5 gain on the unseen text over the full gradient, (seeds,)
    Arguments and errors as in `cost.run`.
    """
    runs = every_run(seeds, updates, progress)
    strategies = [*STRATEGIES["segments"], Full()]
    found = {name: read(of, runs, strategies) for name, of in READ.items()}
    unseen = {name: READ[name] for name in ("last", "best")}
    pairs = list(zip(runs[Full()], runs[Segments(5)], strict=True))
    found["taus"] = np.array([getattr(one, "tau", T) for one in strategies])
    found["above"] = above_full(runs, Segments(5))
    return found | {"gained": {name: np.array([of(a) - of(b) for a, b in pairs]) for name, of in unseen.items()}}


READ: dict[str, Callable[[Run], float]] = {
    "training": lambda one: one.training,
    "last": lambda one: float(one.unseen[-1]),
    "best": lambda one: float(one.unseen.min()),
}


def read(of: Callable[[Run], float], runs: dict[Strategy, list[Run]], strategies: list[Strategy]) -> NDArray:
    """Quartiles over the seeds for each strategy, (3,n)."""
    return np.stack([quartiles([of(one) for one in runs[strategy]]) for strategy in strategies], axis=1)
