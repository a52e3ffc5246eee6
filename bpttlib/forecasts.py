"""Forecasts without a network, one step ahead: what a network must beat.

Each learns from the first `first` values alone and forecasts every value behind, knowing all before it.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_array, as_count, is_number

__all__ = ["autoregression", "holt", "persistence", "rms", "smoothing"]


def persistence(values: ArrayLike, first: int) -> NDArray:
    """As it was: v̂_t = v_{t-1}. values (N,); returns the forecasts of v[first:], (N-first,).

    Raises ValueError or TypeError for NaN, infinity, or unless 1 ≤ first < N.

    >>> persistence([1, 2, 4, 8], first=2)
    array([2., 4.])
    """
    v, first = as_split(values, first)
    return v[first - 1 : -1]


def autoregression(values: ArrayLike, first: int, p: int) -> NDArray:
    """AR(p): v̂_t = a_0 + a_1 v_{t-1} + … + a_p v_{t-p}, by least squares on the first values.

    Returns the forecasts of v[first:], (N-first,). Raises as `persistence`, and unless first ≥ 2p+1: as many
    equations as unknowns. Source: Yule 1927, who made it for these very sunspots.

    >>> autoregression([1, 2, 4, 8, 16, 32], first=4, p=1).round(9)
    array([16., 32.])
    """
    v, first = as_split(values, first)
    if first < 2 * as_count("p", p) + 1:
        raise ValueError(f"an autoregression of order {p} needs {2 * p + 1} values to learn from, got first = {first}")
    before = np.array([[1, *v[t - p : t][::-1]] for t in range(p, len(v))])
    a = np.linalg.lstsq(before[: first - p], v[p:first], rcond=None)[0]
    return before[first - p :] @ a


def smoothing(values: ArrayLike, first: int, alpha: float | None = None) -> NDArray:
    """Exponential smoothing: v̂_{t+1} = s_t = α v_t + (1-α) s_{t-1}, s_1 = v_1.

    alpha  in (0, 1]; if not given, of 0.01, 0.02 … 1 the one with the least squared error on the first values.
    Returns the forecasts of v[first:], (N-first,). Raises as `persistence`.

    >>> smoothing([1, 3, 3, 3], first=2, alpha=0.5)
    array([2. , 2.5])
    """
    v, first = as_split(values, first)
    if alpha is None:
        tried = np.arange(1, 101) / 100
        alpha = tried[((smoothed(v, tried)[: first - 1] - v[1:first, None]) ** 2).sum(axis=0).argmin()]
    return smoothed(v, as_weight("alpha", alpha))[first - 1 : -1, 0]


def smoothed(v: NDArray, alpha: NDArray) -> NDArray:
    """s_t for each α, (N,n)."""
    s = np.empty((len(v), len(alpha)))
    s[0] = v[0]
    for t in range(1, len(v)):
        s[t] = alpha * v[t] + (1 - alpha) * s[t - 1]
    return s


def holt(values: ArrayLike, first: int, alpha: float | None = None, beta: float | None = None) -> NDArray:
    """Holt's trend: v̂_{t+1} = s_t + m_t, the level and how much it rises in a step.

        s_t = α v_t + (1-α) (s_{t-1} + m_{t-1})      m_t = β (s_t - s_{t-1}) + (1-β) m_{t-1}      s_1 = v_1, m_1 = 0

    alpha, beta  in (0, 1]; of those not given, each of 0.05, 0.1 … 1 is tried as in `smoothing`.
    Returns the forecasts of v[first:], (N-first,). Raises as `smoothing`. Source: Holt 1957.

    >>> holt([1, 2, 3, 4, 5], first=2, alpha=1, beta=1)
    array([3., 4., 5.])
    """
    v, first = as_split(values, first)
    tried = np.arange(1, 21) / 20
    alphas = tried if alpha is None else as_weight("alpha", alpha)
    betas = tried if beta is None else as_weight("beta", beta)
    said = trended(v, np.repeat(alphas, len(betas)), np.tile(betas, len(alphas)))
    return said[first - 1 : -1, ((said[: first - 1] - v[1:first, None]) ** 2).sum(axis=0).argmin()]


def trended(v: NDArray, alpha: NDArray, beta: NDArray) -> NDArray:
    """s_t + m_t for each pair of α and β, (N,n)."""
    s, m = np.full_like(alpha, v[0]), np.zeros_like(alpha)
    said = [s]
    for one in v[1:]:
        s, before = alpha * one + (1 - alpha) * (s + m), s
        m = beta * (s - before) + (1 - beta) * m
        said.append(s + m)
    return np.array(said)


def as_weight(name: str, value: float) -> NDArray:
    """A number in (0, 1], as (1,)."""
    if not is_number(value) or not 0 < value <= 1:
        raise ValueError(f"{name} must lie in (0, 1], got {value!r}")
    return np.array([value], dtype=float)


def rms(error: ArrayLike) -> float:
    """√ of the mean square of (n,) errors.

    >>> rms([3.0, -3.0])
    3.0
    """
    return float(np.sqrt(np.mean(np.square(as_array("error", error, ("n",))))))


def as_split(values: ArrayLike, first: int) -> tuple[NDArray, int]:
    v = as_array("values", values, ("N",))
    if not as_count("first", first) < len(v):
        raise ValueError(f"first must leave a value to forecast: of {len(v)} at most {len(v) - 1}, got {first}")
    return v, first
