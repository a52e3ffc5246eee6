"""One reverse sweep in the middle of its work: what each path carries, and how many multiplications it took so far."""

from functools import lru_cache, partial

from ..counting import count_products
from ..efficiency import carried_paths, one_sweep, path_by_path, scalar_problem

__all__ = ["STEPS", "multiplications", "run"]

STEPS = 10


def run(walked: int, w: float) -> dict:
    """Carry the losses of STEPS steps back along every path of weight w; the sweep has come `walked` steps far.

    Returns the state, "paths" (T,T) and "delta" (T,) as `carried_paths` does, and the "multiplications", path by path
    and in one sweep. Raises ValueError unless `walked` lies between 0 and T.
    """
    _, direct, _, _ = scalar_problem(STEPS, w)
    paths, delta = carried_paths(w, direct)
    return {"w": w, "walked": walked, "paths": paths, "delta": delta, "multiplications": multiplications(walked)}


@lru_cache(maxsize=64)
def multiplications(walked: int) -> tuple[int, int]:
    """Count those for the last `walked` of STEPS steps: every path that ends there by itself, and the sweep.

    >>> multiplications(10)
    (440, 29)
    """
    if not 0 <= walked <= STEPS:
        raise ValueError(f"walked must lie between 0 and T = {STEPS}, got {walked!r}")
    problem, first = scalar_problem(STEPS), STEPS - walked + 1
    naive, sweep = (count_products(partial(way, first=first), *problem)[1] for way in (path_by_path, one_sweep))
    return naive, sweep
