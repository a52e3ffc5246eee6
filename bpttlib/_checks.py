"""Say what is wrong with an argument before any work is done."""

import cmath
import operator
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray


def hides(value: object) -> bool:
    """Whether a mask hides a number in it, or in one of its rows: NumPy would take what is behind the mask."""
    rows = value if isinstance(value, (list, tuple)) else ()
    return np.ma.is_masked(value) or any(map(np.ma.is_masked, rows))


def unmasked(name: str, value: ArrayLike) -> NDArray:
    """`value` as an array of any kind and shape, if no mask hides a number in it and its rows are equally long."""
    if hides(value):
        raise ValueError(f"{name} may not hide numbers behind a mask: fill them in first")
    try:
        return np.asarray(value)
    except ValueError:
        raise ValueError(f"{name} must be an array, with rows of one length") from None


def as_array(name: str, value: ArrayLike, shape: tuple, dtype: DTypeLike = float) -> NDArray:
    """`value` as an array of that shape; a letter in `shape` stands for any size from 1 on."""
    raw = unmasked(name, value)
    if raw.dtype.kind not in "biufc" or (raw.dtype.kind == "c" and np.dtype(dtype).kind != "c"):
        raise TypeError(f"{name} must hold real numbers, got dtype {raw.dtype}")
    if len(raw.shape) != len(shape) or any(
        n != want if isinstance(want, int) else n < 1 for n, want in zip(raw.shape, shape, strict=True)
    ):
        wanted = ", ".join(str(n) for n in shape) + ("," if len(shape) == 1 else "")
        raise ValueError(f"{name} must have shape ({wanted}), got {raw.shape}")
    if not np.isfinite(raw).all():
        raise ValueError(f"{name} may not hold NaN or infinity")
    return raw.astype(dtype) if raw.dtype == dtype else in_range(name, raw, dtype)


def as_kind(dtype: DTypeLike) -> np.dtype:
    """A type that a network can hold its numbers in."""
    if np.dtype(dtype).kind not in "fc":
        raise ValueError(f"dtype must be a floating-point or complex type, got {dtype!r}")
    return np.dtype(dtype)


def as_sequences(x: ArrayLike, d: int, dtype: DTypeLike) -> NDArray:
    """What a network reads, x (T,B,d), or (T,d) for a single sequence, as (T,B,d)."""
    x = unmasked("x", x)
    x = as_array("x", x, ("T", d) if x.ndim == 2 else ("T", "B", d), dtype)
    return x[:, None] if x.ndim == 2 else x


def in_range(name: str, raw: NDArray, dtype: DTypeLike) -> NDArray:
    """The same numbers in another type; a narrow one may make infinity of them."""
    with np.errstate(over="ignore"):
        found = raw.astype(dtype)
    if not np.isfinite(found).all():
        raise ValueError(f"{name} may not hold numbers beyond the range of {found.dtype}, got {np.abs(raw).max():.4g}")
    return found


def is_finite(a: NDArray) -> bool:
    """Whether all entries are; most often their squares are, too, and adding those up is the quickest way to see."""
    flat = a.ravel()
    return cmath.isfinite(flat.dot(flat)) or bool(np.isfinite(flat).all())


OVERFLOW = "this network leaves the range of numbers: its {} more than {:.0e}, so take smaller weights or fewer steps"


def overflow(what: str) -> ValueError:
    return ValueError(OVERFLOW.format(what, np.finfo(float).max))


def as_rng(seed: object) -> np.random.Generator:
    """The dice of a seed."""
    try:
        return np.random.default_rng(seed)
    except (TypeError, ValueError) as error:
        wanted = "seed must be a whole number from 0 on, a NumPy Generator or None"
        raise type(error)(f"{wanted}, got {seed!r}") from None


def as_count(name: str, value: int) -> int:
    """A whole number from 1 on."""
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, got {value!r}") from None
    if isinstance(value, (bool, np.bool_)) or number < 1:
        raise ValueError(f"{name} must be a whole number from 1 on, got {value!r}")
    return number


def is_number(value: object) -> bool:
    """Whether it is a single real number: for NumPy a text, True and a complex number are scalars as well."""
    return np.isscalar(value) and not isinstance(value, (bool, np.bool_, str, bytes, complex))


def as_positive(name: str, value: float) -> float:
    """A positive, finite number."""
    if not is_number(value) or not 0 < value < np.inf:
        raise ValueError(f"{name} must be a positive number, got {value!r}")
    return value


def as_finite(name: str, value: float) -> float:
    """A finite number."""
    if not is_number(value) or not -np.inf < value < np.inf:
        raise ValueError(f"{name} must be a finite number, got {value!r}")
    return value


def as_probabilities(name: str, value: ArrayLike) -> NDArray:
    """Keep-probabilities in (0, 1], a scalar or one for each edge."""
    pi = unmasked(name, value)
    if pi.dtype.kind == "O" and all(isinstance(one, Real) and not isinstance(one, bool) for one in pi.flat):
        pi = pi.astype(float)  # fractions
    if pi.dtype.kind not in "iuf" or pi.ndim > 1 or pi.size == 0:
        raise TypeError(f"{name} must be a number or a sequence of numbers, got {value!r}")
    if (pi == 0).any():
        raise ValueError(f"{name} = 0 never goes on, and no weight can make up for it: {name} must lie in (0, 1]")
    if not ((pi > 0) & (pi <= 1)).all():
        raise ValueError(f"{name} must lie in (0, 1], got {value!r}")
    return pi.astype(float)
