"""Derivatives without a backward pass: run the function a little beside where it was, and compare.

They know nothing of sweeps, tapes and transposes, so they can judge all of these. They are slow, one call or two
for each number; that is the price of sharing no line with what they judge.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .cell import Cell
from .parameters import Parameters
from .problem import Problem

__all__ = ["complex_step", "finite_differences"]

EPS = 1e-30


def complex_step(
    rnn: Cell,
    x: ArrayLike,
    y: ArrayLike,
    loss: str = "cross_entropy",
    h0: ArrayLike | None = None,
    mask: ArrayLike | None = None,
) -> Parameters:
    """Differentiate L without any backward pass, one forward pass per parameter entry.

        ∂L/∂w = Im L(w + iε) / ε,   ε = 1e-30: no subtraction, so exact to rounding

    Slow, and so a check. Arguments and errors as in `gradient`.
    Source: Squire & Trapp 1998, "Using complex variables to estimate derivatives of real functions".

    >>> from bpttlib import RNN
    >>> rnn = RNN([[1.0]], [[0.5]], [[1.0]], phi="identity")
    >>> complex_step(rnn, [[1.0], [0.0]], [[0.0], [0.0]], loss="squared").W_hh
    array([[0.25]])
    """
    problem = Problem(rnn, x, y, loss, h0, mask)
    weights = rnn.parameters
    start = weights.flat().astype(complex)

    def nudged(entry: int) -> float:
        there = start.copy()
        there[entry] += EPS * 1j
        return problem.evaluate(rnn.with_parameters(weights.like(there)))[1].imag / EPS

    return weights.like([nudged(entry) for entry in range(len(start))])


def finite_differences(function: Callable[[NDArray], float], W: ArrayLike, eps: float = 1e-5) -> NDArray:
    """Differentiate a function of the array W entry by entry, with two calls for each.

        ∂L/∂w ≈ (L(w + ε) - L(w - ε)) / 2ε        error of order ε² from the step and 1e-16/ε from rounding

    W  an array of any shape. Returns an array of that shape. Raises ValueError unless ε is positive.

    >>> finite_differences(lambda W: W[0] * W[1], [2, 5]).round(6)
    array([5., 2.])
    """
    if not eps > 0:
        raise ValueError(f"eps must be positive, got {eps!r}")
    W = np.asarray(W, float)
    found = np.empty(W.shape)
    for entry in np.ndindex(W.shape):
        step = np.zeros(W.shape)
        step[entry] = eps
        found[entry] = (function(W + step) - function(W - step)) / (2 * eps)
    return found
