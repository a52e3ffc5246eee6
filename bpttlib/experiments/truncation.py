"""The four strategies on one text: what each keeps, the gradient that leaves, and the mean of many throws of dice."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..bptt import many_gradients
from ..truncation import EdgeWeights, Full, Random, Segments, Strategy, Window
from .reading import Reading, reading

__all__ = ["MOST", "mean_of_throws", "run"]

MOST = 2000  # throws
BLOCK = 100  # throws that are worked out together
SEED = 3


def run(text: str, T: int, spectral_radius: float, tau: int, pi: float, throws: int) -> dict:
    """Full, segments and window of length τ, and dice of π thrown so many times, on T steps of a text.

    "Omegas" (T,T) of each strategy, the dice as they fell last; "gradients" (h,h) of W_hh, for the dice the mean
    of all throws so far; "errors" ‖ĝ-g‖/‖g‖ of these, "thrown" (throws,) of every throw alone, "shorter" of the
    fixed strategies at τ - 1. Raises ValueError for a text whose gradient is 0, and unless 1 ≤ throws ≤ 2000.

    >>> seen = run("the time machine by h g wells", T=28, spectral_radius=0.9, tau=6, pi=0.8, throws=1)
    >>> print(f"{seen['errors']['segments']:.0%}, but {seen['shorter']['segments']:.0%} one shorter")
    55%, but 35% one shorter
    """
    read = reading(text, T, spectral_radius)
    if not read.full.W_hh.any():
        raise ValueError("∂L/∂W_hh is 0, so nothing can be measured against it")
    if not 1 <= throws <= MOST:
        raise ValueError(f"throws must lie in 1 … {MOST}, got {throws!r}")
    fixed = {"full": Full(), "segments": Segments(tau), "window": Window(tau)}
    mean, thrown = mean_of_throws(read, pi, throws)
    gradients = {kind: fixed_gradient(read, strategy) for kind, strategy in fixed.items()} | {"random": mean}
    fallen = EdgeWeights(edge_weights(T, pi)[throws - 1])
    return {
        "text": text,
        "norms": read.norms,
        "Omegas": {kind: one.path_weights(T) for kind, one in (fixed | {"random": fallen}).items()},
        "gradients": gradients,
        "errors": {kind: float(off(read, one)) for kind, one in gradients.items()},
        "shorter": {kind: shorter(read, type(fixed[kind]), tau) for kind in ("segments", "window")},
        "thrown": thrown,
        "tau": tau,
        "pi": pi,
    }


def off(read: Reading, gradient: NDArray) -> NDArray:
    """‖ĝ-g‖/‖g‖ of one gradient of W_hh, or of each of many."""
    g = read.full.W_hh
    return np.linalg.norm(gradient - g, axis=(-2, -1)) / np.linalg.norm(g)


@lru_cache(maxsize=256)
def fixed_gradient(read: Reading, strategy: Strategy) -> NDArray:
    return read.gradient(strategy).W_hh


def shorter(read: Reading, kind: type[Strategy], tau: int) -> float | None:
    """The error at τ - 1; None where there is no shorter one."""
    return float(off(read, fixed_gradient(read, kind(tau - 1)))) if tau > 1 else None


@lru_cache(maxsize=8)
def edge_weights(T: int, pi: float) -> NDArray:
    """ξ of every throw, (2000,T)."""
    return Random(pi).draws(T, MOST, SEED)


def mean_of_throws(read: Reading, pi: float, throws: int) -> tuple[NDArray, NDArray]:
    """The mean of the first so many random gradients of W_hh, (h,h), and the error of each alone, (throws,)."""
    blocks = [block(read, pi, n) for n in range(-(-throws // BLOCK))]
    total = sum((one.sum(axis=0) for one, _ in blocks[:-1]), np.zeros_like(read.full.W_hh))
    last, _ = blocks[-1]
    mean = (total + last[: throws - BLOCK * (len(blocks) - 1)].sum(axis=0)) / throws
    return mean, np.concatenate([errors for _, errors in blocks])[:throws]


@lru_cache(maxsize=64)
def block(read: Reading, pi: float, n: int) -> tuple[NDArray, NDArray]:
    """The n-th hundred of random gradients of W_hh, (100,h,h), and their errors, (100,)."""
    xi = edge_weights(read.steps, pi)[BLOCK * n : BLOCK * (n + 1)]
    thrown = many_gradients(read.rnn, *read.data, xi).W_hh
    return thrown, off(read, thrown)
