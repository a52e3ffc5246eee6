"""Say what is wrong with an argument before any work is done."""

import operator

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray


def hides(value: object) -> bool:
    """Whether a mask hides a number in it, or in one of its rows: NumPy would take what is behind the mask."""
    rows = value if isinstance(value, (list, tuple)) else ()
    return np.ma.is_masked(value) or any(map(np.ma.is_masked, rows))


def as_array(name: str, value: ArrayLike, shape: tuple, dtype: DTypeLike = float) -> NDArray:
    """`value` as an array of that shape; a letter in `shape` stands for any size from 1 on."""
    raw = np.asarray(value)
    if raw.dtype.kind not in "biufc" or (raw.dtype.kind == "c" and np.dtype(dtype).kind != "c"):
        raise TypeError(f"{name} must hold real numbers, got dtype {raw.dtype}")
    if len(raw.shape) != len(shape) or any(
        n != want if isinstance(want, int) else n < 1 for n, want in zip(raw.shape, shape, strict=True)
    ):
        wanted = ", ".join(str(n) for n in shape) + ("," if len(shape) == 1 else "")
        raise ValueError(f"{name} must have shape ({wanted}), got {raw.shape}")
    if not np.isfinite(raw).all():
        raise ValueError(f"{name} may not hold NaN or infinity")
    return raw.astype(dtype)


def as_count(name: str, value: int) -> int:
    """A whole number from 1 on."""
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, got {value!r}") from None
    if isinstance(value, (bool, np.bool_)) or number < 1:
        raise ValueError(f"{name} must be a whole number from 1 on, got {value!r}")
    return number


def as_positive(name: str, value: float) -> float:
    """A positive, finite number."""
    if isinstance(value, (bool, str)) or not np.isscalar(value) or not 0 < value < np.inf:
        raise ValueError(f"{name} must be a positive number, got {value!r}")
    return value


def as_probabilities(name: str, value: ArrayLike) -> NDArray:
    """Keep-probabilities in (0, 1], a scalar or one for each edge."""
    pi = np.asarray(value)
    if pi.dtype.kind not in "iuf" or pi.ndim > 1 or pi.size == 0:
        raise TypeError(f"{name} must be a number or a sequence of numbers, got {value!r}")
    if (pi == 0).any():
        raise ValueError(f"{name} = 0 never goes on, and no weight can make up for it: {name} must lie in (0, 1]")
    if not ((pi > 0) & (pi <= 1)).all():
        raise ValueError(f"{name} must lie in (0, 1], got {value!r}")
    return pi.astype(float)
