"""Who learns most for what it costs: the loss against Jacobian products, states held at once, and seconds."""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from ..truncation import Strategy
from .runs import SEEDS, STRATEGIES, UPDATES, Run, T, every_run, quartiles

__all__ = ["FEW", "PIECE", "run"]

PIECE = 20  # updates of which the loss is the mean
FEW = 7  # states, where the memory is compared
MIDDLE = {kind: some[0] if kind == "full" else some[-2] for kind, some in STRATEGIES.items()}  # τ = 5 and as dear


def run(seeds: int = SEEDS, updates: int = UPDATES, progress: Callable[[Iterable], Iterable] | None = None) -> dict:
    """Train with every strategy from every seed, and hold the training loss against what it took.

    "curves"  kind → (3,n), quartiles over the seeds of the loss, means of 20 updates each, at τ = 5 and dice as dear
    "spent"   "products" and "seconds" → kind → (n,), behind each of these pieces
    "held"    kind → states held at once, for each of its settings;  "ends"  kind → (3,·), quartiles of the last loss
    "orders"  "products", "states", "seconds" → (budget, {kind: median loss}), the lowest first
    progress  any wrapper of an iterable, such as tqdm, over the trainings that are not kept yet.
    Raises ValueError or TypeError unless there is a seed, and as many updates as one mean takes.
    """
    if updates < PIECE:
        raise ValueError(f"updates must be at least {PIECE}, of which a loss is the mean, got {updates!r}")
    runs = every_run(seeds, updates, progress)
    curves = {kind: quartiles([pieces(one) for one in runs[strategy]]) for kind, strategy in MIDDLE.items()}
    spent = {name: {kind: cost(runs[one]) for kind, one in MIDDLE.items()} for name, cost in COSTS.items()}
    held = {kind: np.array([one.states_held(T) for one in some]) for kind, some in STRATEGIES.items()}
    ends = {kind: ends_of(runs, some) for kind, some in STRATEGIES.items()}
    orders = {name: nearest(curves, one) for name, one in spent.items()} | {"states": within(held, ends, FEW)}
    return {"curves": curves, "spent": spent, "held": held, "ends": ends, "orders": orders}


def pieces(run: Run) -> NDArray:
    """Mean loss of each 20 updates."""
    return run.losses[: len(run.losses) // PIECE * PIECE].reshape(-1, PIECE).mean(axis=1)


def products_of(runs: list[Run]) -> NDArray:
    """Jacobian products made when each piece ends, the mean of all seeds."""
    return np.mean([run.products[PIECE - 1 :: PIECE] for run in runs], axis=0)


def seconds_of(runs: list[Run]) -> NDArray:
    """Seconds when each piece ends, at the pace of the quickest seed."""
    return min(run.seconds for run in runs) * np.arange(PIECE, len(runs[0].losses) + 1, PIECE)


COSTS: dict[str, Callable[[list[Run]], NDArray]] = {"products": products_of, "seconds": seconds_of}


def ends_of(runs: dict[Strategy, list[Run]], strategies: Iterable[Strategy]) -> NDArray:
    """Quartiles of the last loss for each setting, (3,·)."""
    return np.stack([quartiles([pieces(one)[-1] for one in runs[strategy]]) for strategy in strategies], axis=1)


def nearest(curves: dict[str, NDArray], spent: dict[str, NDArray]) -> tuple[float, dict[str, float]]:
    """Where the cheapest has made all its updates: that budget, and each median loss there, the lowest first."""
    budget = min(one[-1] for one in spent.values())
    return float(budget), in_order({kind: np.interp(budget, spent[kind], curves[kind][1]) for kind in curves})


def within(held: dict[str, NDArray], ends: dict[str, NDArray], most: float) -> tuple[float, dict[str, float]]:
    """The lowest median loss of each kind among its settings that hold no more than `most` states."""
    fits = {kind: states <= most for kind, states in held.items()}
    return most, in_order({kind: ends[kind][1][fit].min() for kind, fit in fits.items() if fit.any()})


def in_order(losses: dict[str, float]) -> dict[str, float]:
    """The lowest first, as two decimals tell."""
    return {kind: float(losses[kind]) for kind in sorted(losses, key=lambda kind: round(losses[kind], 2))}
