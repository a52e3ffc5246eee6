"""The experiments behind the page on the way back: numbers by loops, shapes by NumPy's own verdict, counts by sums."""

import itertools
from functools import partial

import numpy as np
import pytest
from within import within

from bpttlib.counting import count_products
from bpttlib.efficiency import one_sweep, path_by_path, scalar_problem
from bpttlib.experiments import efficiency, sweep, transposes
from bpttlib.experiments.efficiency import LENGTHS, TIMED, as_lists, counts, seconds
from bpttlib.experiments.transposes import backward_products

NAMES = ["∂L/∂W_qh", "own loss", "later", "∂L/∂W_hx", "∂L/∂W_hh"]


@within("sizes", list(itertools.product([1, 2, 3], repeat=3)))
@pytest.mark.parametrize("forgotten", [False, True])
def test_what_fits_is_what_numpy_multiplies(sizes, forgotten):
    d, h, q = sizes
    products = backward_products(d, h, q, forgotten)
    assert [product.name for product in products] == NAMES
    assert [product.wanted for product in products] == [(q, h), (h, 1), (h, 1), (h, d), (h, h)]
    for product in products:
        left, right = np.ones(product.left_shape), np.ones(product.right_shape)
        if product.result is None:
            with pytest.raises(ValueError):
                left @ right
        else:
            assert (left @ right).shape == product.result
        assert forgotten or product.fits


@within("sizes", list(itertools.product([1, 2, 3], repeat=3)))
def test_a_forgotten_transpose_that_fits_gives_other_numbers(sizes):
    """By doing it: the right product and the forgotten one on random numbers."""
    rng = np.random.default_rng(0)
    for right, wrong in zip(backward_products(*sizes), backward_products(*sizes, forgotten=True), strict=True):
        a, b = rng.normal(size=right.left_shape), rng.normal(size=right.right_shape)
        swapped = wrong.left_shape == right.right_shape[::-1] and right.left_shape[1] == 1 and "W_" in right.name
        if wrong.fits:
            other = b.T @ a.T if swapped else a.T @ b
            assert other.shape == wrong.result
            assert np.allclose(a @ b, other) != wrong.unnoticed


def test_the_state_is_square_whatever_the_sizes():
    for d, h, q in itertools.product(range(1, 7), range(2, 7), range(1, 7)):
        passed = {product.name for product in backward_products(d, h, q, forgotten=True) if product.unnoticed}
        assert {"later", "∂L/∂W_hh"} <= passed
        assert len(passed) == 2 + 2 * (q == h) + (d == h)


@pytest.mark.parametrize(("bad", "error"), [(0, ValueError), (-1, ValueError), (1.5, TypeError), ("2", TypeError)])
def test_sizes_are_whole_numbers(bad, error):
    for sizes in ((bad, 2, 2), (2, bad, 2), (2, 2, bad)):
        with pytest.raises(error):
            backward_products(*sizes)


def test_the_transposes_are_those_of_the_sizes():
    for forgotten in (False, True):
        found = transposes.run(2, 3, 4, forgotten)
        assert found == {"matrix_products": backward_products(2, 3, 4, forgotten), "forgotten": forgotten}
    assert backward_products(2, 3, 4, True) != backward_products(2, 3, 4, False)


@within("w", [-1.2, 0.0, 0.8])
@within("walked", [0, 4, 10])
def test_the_sweep_against_the_sum_over_paths(w, walked):
    found, h = sweep.run(walked, w), 0.5
    assert (found["w"], found["walked"]) == (w, walked)
    for t, x in enumerate([0.3, 0.6, 0.2, 0.5, 0.4, 0.7, 0.1, 0.6, 0.3, 0.5]):
        h = w * h + x
        assert found["paths"][t] == pytest.approx([h / 10 * w ** (t - i) if i <= t else 0 for i in range(10)])
    assert found["delta"] == pytest.approx(found["paths"].sum(axis=0))
    paths = [t - i for i in range(11 - walked, 11) for t in range(i, 11)]
    assert found["multiplications"] == (2 * sum(paths) + 2 * len(paths), max(0, 3 * walked - 1))


def test_multiplications_are_those_of_the_ways_stopped_early():
    problem = scalar_problem(10)
    for walked in range(11):
        for found, way in zip(sweep.multiplications(walked), (path_by_path, one_sweep), strict=True):
            assert found == count_products(partial(way, first=11 - walked), *problem)[1]
    for walked in (-1, 11):
        with pytest.raises(ValueError, match="between 0 and T"):
            sweep.multiplications(walked)


def test_counts_are_the_sums_of_the_page():
    found = counts()
    assert {name: max(of) for name, of in found.items()} == {
        "path by path": 100,
        "loss by loss": 200,
        "one sweep": 2000,
    }
    for T, count in found["path by path"].items():
        assert count == (T - 1) * T * (T + 1) // 3 + T * (T + 1)
    for T, count in found["loss by loss"].items():
        assert count == T * (T - 1) // 2 + T * (T + 1)
    for T, count in found["one sweep"].items():
        assert count == 3 * T - 1


def test_counts_and_times_are_taken_for_every_length(monkeypatch):
    monkeypatch.setitem(efficiency.TIMED, "one sweep", 1000)
    monkeypatch.setattr(efficiency, "NETWORK", (10, 100, 1000))
    found = efficiency.run()
    assert found["counts"] == counts()
    times = found["times"]
    for name, longest in TIMED.items():
        assert list(times[name]) == [T for T in LENGTHS if longest >= T]
    assert list(times["16 tanh units"]) == [10, 100, 1000]
    assert all(time > 0 for way in times.values() for time in way.values())
    assert times["path by path"][100] > times["path by path"][10], "the way itself is timed"


def test_seconds_calls_at_most_five_times():
    calls = []
    assert seconds(calls.append, 1) >= 0 and calls == [1] * 5


def test_seconds_calls_what_is_slow_at_least_twice(monkeypatch):
    ticks = itertools.count()
    monkeypatch.setattr(efficiency, "perf_counter", lambda: next(ticks))
    calls = []
    assert seconds(calls.append, 1) == 1 and calls == [1] * 2


def test_lists_hold_plain_numbers():
    assert as_lists(scalar_problem(2))[3] == [0.3, 0.6]
