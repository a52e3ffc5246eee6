"""A linear network whose states explode: a truncated gradient explodes with them."""

from functools import lru_cache

import numpy as np

from ..bptt import Gradient, differentiate
from ..problem import Problem
from ..rnn import RNN
from ..truncation import Full, Segments, Strategy

__all__ = ["RADII", "run", "taught"]

D, H, Q, SEED = 3, 8, 2, 0
RADII = np.arange(5, 16) / 10
STRATEGIES = {"full": Full(), "five": Segments(5), "one": Segments(1)}


def run(spectral_radius: float, T: int) -> dict:
    """‖∂L/∂W_hh‖ of 8 linear units over T steps that should answer 0, under Full, Segments(5) and Segments(1).

    "norms" (11,) of each at ρ = 0.5, 0.6 … 1.5, "at" of each at this ρ; "states" ‖h_t‖ and "errors" ‖W_qhᵀ ∂l/∂o_t‖,
    (T,), the two that even τ = 1 multiplies. Raises ValueError unless ρ > 0.

    >>> {kind: f"{norm:.1e}" for kind, norm in run(spectral_radius=1.3, T=40)["at"].items()}
    {'full': '1.9e+09', 'five': '2.4e+08', 'one': '8.9e+07'}
    """
    tape, _, dL_do = problem(spectral_radius, T).evaluate()
    return {
        "radii": RADII,
        "norms": norms(T),
        "at": {kind: size(taught(spectral_radius, T, strategy)) for kind, strategy in STRATEGIES.items()},
        "states": np.linalg.norm(tape.h[1:, 0], axis=-1),
        "errors": T * np.linalg.norm(tape.inject(dL_do)[1:, 0], axis=-1),
        "spectral_radius": spectral_radius,
        "T": T,
    }


@lru_cache(maxsize=64)
def norms(T: int) -> dict:
    return {
        kind: np.array([size(taught(float(rho), T, strategy)) for rho in RADII])
        for kind, strategy in STRATEGIES.items()
    }


def size(g: Gradient) -> float:
    return float(np.linalg.norm(g.W_hh))


@lru_cache(maxsize=1024)
def taught(spectral_radius: float, T: int, strategy: Strategy) -> Gradient:
    """The gradient of the mean of ½‖o_t‖², on T steps of the same noise."""
    return differentiate(problem(spectral_radius, T), strategy)


@lru_cache(maxsize=256)
def problem(spectral_radius: float, T: int) -> Problem:
    noise = np.random.default_rng(1).standard_normal((T, D))
    return Problem(network(spectral_radius), noise, np.zeros((T, Q)), loss="squared")


@lru_cache(maxsize=64)
def network(spectral_radius: float) -> RNN:
    return RNN.random(D, H, Q, SEED, spectral_radius, phi="identity")
