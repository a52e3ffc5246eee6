"""Trace and determinant: where each matrix that the panel starts from lies on the map."""

import numpy as np

from ..powers import Regime, regime
from .powers import PRESETS, matrix

__all__ = ["run"]


def run() -> dict:
    """Place the matrices of the panel's buttons: "places", name → (trace, determinant); "regimes", name → `Regime`.

    >>> run()["places"]["identity"], str(run()["regimes"]["identity"])
    ((2.0, 1.0), 'border, uniform')
    """
    matrices = {name: matrix(**sliders) for name, sliders in PRESETS.items()}
    places = {name: (float(np.trace(M)), float(np.linalg.det(M))) for name, M in matrices.items()}
    regimes: dict[str, Regime] = {name: regime(M) for name, M in matrices.items()}
    return {"places": places, "regimes": regimes}
