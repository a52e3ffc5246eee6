"""Where a scan pays: loop and scan side by side, by the clock over T, and by the multiplications they make.

The table of all times takes three minutes and some 2 GB, and is kept in data/scan.csv; to make it anew:

    python -m bpttlib.experiments.scan_times
"""

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..scan import composed, halving
from .measuring import by_turns
from .tables import from_shell, kept_in, read, write

__all__ = ["KINDS", "LENGTHS", "Kind", "counts", "kept", "looped", "measured", "run", "scanned"]


class Kind(NamedTuple):
    """What c_t is: h numbers, or a matrix (h,h)."""

    matrix: bool
    h: int


KINDS = (Kind(False, 16), Kind(False, 1024), Kind(True, 4), Kind(True, 64))
LENGTHS = {kind: [100, 300, 1000, 3000, 10_000] for kind in KINDS}
LENGTHS[KINDS[0]] += [30_000, 10**5, 300_000, 10**6]
FILE = kept_in("scan.csv")


def run() -> dict[str, dict[Kind, dict[int, float]]]:
    """How many times as long the loop takes as the scan, measured once: "kept", kind → {T: ratio}."""
    return {"kept": kept()}


def drawn(kind: Kind, T: int) -> tuple[NDArray, NDArray]:
    """b and c, time first: (T,h) and (T,h) or (T,h,h), so that nothing grows."""
    rng = np.random.default_rng(0)
    if not kind.matrix:
        return rng.standard_normal((T, kind.h)), rng.uniform(0.5, 1, (T, kind.h))
    return rng.standard_normal((T, kind.h)), rng.uniform(-1, 1, (T, kind.h, kind.h)) / np.sqrt(kind.h)


def looped(b: NDArray, c: NDArray) -> NDArray:
    """Step by step, as lean as it can be in NumPy: c (T,h) of numbers, or (T,h,h) of matrices.

    >>> looped(np.ones((3, 1)), np.full((3, 1), 0.5)).ravel()
    array([1.  , 1.5 , 1.75])
    """
    a, product = b.copy(), np.dot if c.ndim == 3 else np.multiply
    a_prev = a[0]
    for a_t, c_t in zip(a[1:], c[1:], strict=True):
        a_t += product(c_t, a_prev)
        a_prev = a_t
    return a


def scanned(b: NDArray, c: NDArray) -> NDArray:
    """The same by halving, without the checks and turns of `scan` and `scan_matrices`."""
    return composed(b, c) if c.ndim == 2 else composed(b[..., None], c, times=np.matmul)[..., 0]


def measured(kind: Kind, T: int, turns: int) -> tuple[float, float]:
    """Seconds of the loop and of the scan by halving: the best of so many turns, one after the other."""
    b, c = drawn(kind, T)
    both = by_turns(lambda: looped(b, c), lambda: scanned(b, c), rounds=turns, timer=perf_counter)
    return tuple(both.min(axis=0).tolist())


@cache
def counts(kind: Kind, T: int = 1024) -> tuple[int, int]:
    """Multiplications of the loop and of the scan: one c meets T-1 times an a, and by halving an a or another c.

    >>> counts(Kind(True, 2), T=4)  # three meetings up the tree, of an a and a c each, one down
    (12, 40)
    """
    with_a, with_c = (kind.h**2, kind.h**3) if kind.matrix else (kind.h, kind.h)
    met = [(len(range(T)[one.later]), with_a + one.c_too * with_c) for one in halving(T)]
    return (T - 1) * with_a, sum(n * products for n, products in met)


# ---- the table that is kept ---------------------------------------------------------------------

HEAD = """\
# Loop and scan by halving: python -m bpttlib.experiments.scan_times
# milliseconds in NumPy, float64, the best of several turns, one after the other; diagonal (T,h) or matrices (T,h,h)
c,h,T,loop,scan"""
NAMES = {"diagonal": False, "matrices": True}


def make(file: Path, progress: Callable[[Iterable], Iterable] = iter) -> None:
    """Measure every kind at every length, and write the table; who stops it finds the old one as it was."""
    every = [(kind, T) for kind, lengths in LENGTHS.items() for T in lengths]
    write(file, HEAD, (line_of(*one) for one in progress(every)))


def line_of(kind: Kind, T: int) -> str:
    loop, scan = (1e3 * time for time in measured(kind, T, max(5, min(200, 10**6 // T))))
    return f"{[*NAMES][kind.matrix]},{kind.h},{T},{loop:.4g},{scan:.4g}"


@cache
def kept() -> dict[Kind, dict[int, float]]:
    """The table: kind → {T: time of the loop over that of the scan}."""
    found: dict[Kind, dict[int, float]] = {kind: {} for kind in KINDS}
    for line in read(FILE):
        kind = Kind(NAMES[line["c"]], int(line["h"]))
        found[kind][int(line["T"])] = float(line["loop"]) / float(line["scan"])
    return found


if __name__ == "__main__":
    from_shell(make, FILE)
