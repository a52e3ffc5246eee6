"""Dice against fixed truncation at equal cost: the training loss that each seed comes to."""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from ..truncation import Random, Segments
from .runs import SEEDS, STRATEGIES, TAUS, UPDATES, T, above_full, every_run

__all__ = ["run"]


def run(seeds: int = SEEDS, updates: int = UPDATES, progress: Callable[[Iterable], Iterable] | None = None) -> dict:
    """How much higher the training loss ends than with the full gradient, from the same weights and batches.

    "above"     "segments" and "random" → (n,seeds), a row for each price
    "products"  (n,), what each update costs with either;  "taus", "pis"  (n,), the settings of the two
    Arguments and errors as in `cost.run`.
    """
    runs = every_run(seeds, updates, progress)
    pairs: dict[str, list[Segments | Random]] = {"segments": [Segments(tau) for tau in TAUS]}
    pairs["random"] = list(STRATEGIES["random"])
    above = {kind: np.array([above_full(runs, one) for one in some]) for kind, some in pairs.items()}
    products: NDArray = np.array([one.jacobian_products(T) for one in pairs["segments"]])
    return {"above": above, "products": products, "taus": list(TAUS), "pis": [one.pi for one in pairs["random"]]}
