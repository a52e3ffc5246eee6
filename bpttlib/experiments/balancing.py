"""Influence balancing: what each strategy sees of a derivative of -6, and where descent takes it."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..balancing import Balance, largest_rate
from ..truncation import Full, Random, Segments, Strategy, Window

__all__ = ["LOST", "RUNS", "UPDATES", "run", "shown_losses"]

BALANCE = Balance()
UPDATES, RUNS = 3000, 10
EVERY = 15  # updates that are shown
LOST = 1e12  # a loss from which there is no way back


def run(tau: int, pi: float, alpha: float, throw: int) -> dict:
    """Full, window and segments of length τ, and ten runs of dice that go on with chance π, all from θ = ½.

    "reached" (150,), what a loss sees that looks back 1, 2 … steps; "seen", mean and sd of each strategy; "rate", its
    largest step that shrinks the mean square error; "losses" ½ (s¹ - 1)² after every 15th of 3000 updates with steps
    α/√(1+n), (201,), of the dice (201,10), infinite once it has been above LOST. An update comes from one loss of the
    network at rest, under segments from the mean over a block.

    >>> found = run(tau=100, pi=15 / 16, alpha=0.001, throw=1)
    >>> {kind: (round(mean, 2), round(sd)) for kind, (mean, sd) in found["seen"].items()}
    {'full': (-6.0, 0), 'window': (-6.0, 0), 'segments': (0.58, 0), 'random': (-6.0, 54)}
    """
    strategies = {"full": Full(), "window": Window(tau), "segments": Segments(tau), "random": Random(pi)}
    seen = {kind: mean_and_sd(one) for kind, one in strategies.items()}
    losses = {kind: shown_losses(np.full(UPDATES, mean), alpha) for kind, (mean, _) in seen.items()}
    return {
        "reached": reached(),
        "seen": seen,
        "rate": {kind: largest_rate(BALANCE.derivative, *one) for kind, one in seen.items()},
        "losses": losses | {"random": shown_losses(throws(pi, throw), alpha)},
        "updates": np.arange(0, UPDATES + 1, EVERY),
        "tau": tau,
        "pi": pi,
        "alpha": alpha,
    }


@lru_cache(maxsize=512)
def mean_and_sd(strategy: Strategy) -> tuple[float, float]:
    return BALANCE.mean_and_sd(strategy)


@lru_cache(maxsize=1)
def reached() -> NDArray:
    """Σ_{k<m} influence_k for m = 1 … 150: up while pluses arrive, down from the first minus on."""
    return BALANCE.influence()[:150].cumsum()


@lru_cache(maxsize=8)
def throws(pi: float, throw: int) -> NDArray:
    return BALANCE.throws(pi, (UPDATES, RUNS), throw)


def shown_losses(seen: NDArray, alpha: float) -> NDArray:
    """½ (s¹ - 1)² = ½ · 36 (θ - θ*)² after every 15th update, infinite once it has been above LOST."""
    theta = BALANCE.train(seen, alpha)
    with np.errstate(over="ignore"):
        losses = (BALANCE.derivative * (theta - BALANCE.goal)) ** 2 / 2
    return np.where(np.maximum.accumulate(losses) > LOST, np.inf, losses)[::EVERY]
