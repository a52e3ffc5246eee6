"""The largest Lyapunov exponent: of the tanh network over ρ, of three cells before and after training; and what a gap
between the first two does to gradients far back.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..cell import Cell
from ..longlag import cosines, sent_back
from ..lyapunov import exponents
from ..powers import largest_singular_value
from . import gates
from .gates import CELLS, GATES, net_of, story
from .spectrum import ERRORS, WIDTH, draw

__all__ = ["RADII", "SIZES", "STARTS", "in_the_long_run", "lining_up", "run", "slowest_gate"]

RADII = np.round(np.arange(0.5, 1.51, 0.1), 1)
SIZES = (0.0, 0.25, 1.0)  # standard deviations of the input
UNITS, WASHED_IN, STEPS, TURNED = 50, 150, 400, 50
STARTS = {"RNN": (0.9, 1.3), "GRU": (-1, 3), "LSTM": (-1, 3)}  # of training: ρ of the RNN, the bias of the gates
ALIKE = 1e-10  # a sine so small is no more to be told from rounding


@lru_cache(maxsize=1)
def run() -> dict:
    """λ_1 of the network of page 04 over ρ, and of three cells on the story of the river.

    "radii" (11,); "tanh" size of the input → (11,); "sigma", σ_max at ρ = 1; "cells" (name, ρ or bias in the
    beginning) → (before, after training).
    The first call trains the cells, unless `experiments.gates.trained_nets` has.
    """
    net, places = draw(UNITS, 1.0), [(cell, start) for cell in CELLS for start in STARTS[cell]]
    return {
        "radii": RADII,
        "tanh": {size: np.array([over_noise(rho, size) for rho in RADII]) for size in SIZES},
        "sigma": largest_singular_value(net.W_hh),
        "cells": {place: tuple(on_text(net_of(*place, n)) for n in (0, gates.UPDATES)) for place in places},
    }


def over_noise(spectral_radius: float, size: float) -> float:
    """λ_1 of the 50 tanh units of page 04, which read noise of this size."""
    rng = np.random.default_rng(0)
    h0, x = 0.1 * rng.standard_normal(UNITS), size * rng.standard_normal((STEPS, 1, WIDTH))
    return in_the_long_run(draw(UNITS, spectral_radius), x, 1, h0).item()


def on_text(net: Cell) -> float:
    """λ_1 of a network that reads the story of the river."""
    return in_the_long_run(net, story(STEPS), 1).item()


def slowest_gate(cell: str, start: float) -> float:
    """What λ_1 of a trained GRU or LSTM would be if nothing went through h: the largest mean of log z, or log f.

    Raises ValueError for a cell without such a gate.

    >>> -0.1 < slowest_gate("LSTM", 3) < 0
    True
    """
    if cell not in GATES:
        raise ValueError(f"cell must be one of {', '.join(GATES)}, got {cell!r}")
    tape = net_of(cell, start, gates.UPDATES).forward(story(STEPS))
    return float(np.log(tape.gates[GATES[cell]][1 + WASHED_IN :, 0]).mean(axis=0).max())


def in_the_long_run(net: Cell, x: NDArray, n: int | None = None, h0: NDArray | None = None) -> NDArray:
    """`exponents` without what hangs on the beginning: 150 steps to wash h_0 out, 50 to turn Q; T > 200."""
    h0 = net.forward(x[:WASHED_IN], h0).h[-1]
    return exponents(net.forward(x[WASHED_IN:], h0), n, skip=TURNED)


def lining_up(h: int, spectral_radius: float, size: float, real: bool = False, K: int = 60, inputs: int = 8) -> dict:
    """How soon do gradients in the tanh network of page 04 fall into line, and does the gap λ_1 - λ_2 say it?

    Six errors go back through each of some inputs, in a network whose largest eigenvalues are a pair unless `real`.
    Means over the inputs: the "gap" in the long run; the "rate" at which the sine of the angle between two gradients
    falls over the last K steps, in logarithms per step; and the "likeness", |cos| after these K.

    >>> [(f"{one['gap']:.1f}", f"{one['rate']:.1f}") for one in (lining_up(2, 0.9, size) for size in (0.0, 0.5))]
    [('0.0', '0.0'), ('0.3', '0.2')]
    """
    rng, net = np.random.default_rng(0), draw(h, spectral_radius, real)
    x = size * rng.standard_normal((STEPS, inputs, WIDTH))
    first, second = in_the_long_run(net, x, 2).mean(axis=0)
    sent = [sent_back(net, one, rng.standard_normal((ERRORS, WIDTH))) for one in x.swapaxes(0, 1)]
    return {
        "gap": float(first - second),
        "rate": float(np.mean([rate(sines(D[: K + 1])) for D in sent])),
        "likeness": float(np.mean([cosines(D)[K] for D in sent])),
    }


def sines(D: NDArray) -> NDArray:
    """The median |sin| over all pairs among m vectors, (K,m,h) → (K,): exact also where they nearly agree."""
    unit = D / np.linalg.norm(D, axis=-1, keepdims=True)
    first, second = np.triu_indices(D.shape[1], 1)
    u, v = unit[:, first], unit[:, second]
    return np.median(np.linalg.norm(u - (u * v).sum(axis=-1, keepdims=True) * v, axis=-1), axis=1)


def rate(sine: NDArray) -> float:
    """How fast it falls, in logarithms per step, up to where it can no longer be told from 0.

    >>> round(rate(np.exp(-0.5 * np.arange(100))), 6)
    0.5
    """
    k = np.argmax(np.append(sine, 0) < ALIKE) - 1
    return float(np.log(sine[0] / sine[k]) / k)
