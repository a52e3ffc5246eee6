"""Tasks for a network to learn."""

import numpy as np
from numpy.typing import NDArray

from .._checks import as_count

__all__ = ["recall"]


def recall(T: int = 30, lag: int = 3, seed: int = 0) -> tuple[NDArray, NDArray]:
    """A task: say at step t what came in at step t - lag. x (T,1) random; y (T,1), 0 in the first `lag` steps.

    >>> x, y = recall(T=5, lag=2)
    >>> bool((y[2:] == x[:3]).all()), y[:2].tolist()
    (True, [[0.0], [0.0]])
    """
    T, lag = as_count("T", T), as_count("lag", lag)
    x = np.random.default_rng(seed).standard_normal((T, 1))
    return x, np.concatenate([np.zeros((lag, 1)), x])[:T]
