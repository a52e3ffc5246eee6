"""Three ways to one gradient: the same numbers, and as many multiplications as there are."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from reference import assert_close
from within import within

from bpttlib import RNN, complex_step, gradient
from bpttlib.counting import count_products
from bpttlib.efficiency import carried_paths, loss_by_loss, one_sweep, path_by_path, scalar_problem

WAYS = (path_by_path, loss_by_loss, one_sweep)


def network(w):
    return RNN([[1.0]], [[w]], [[1.0]], phi="identity")


@within("way", WAYS)
@within("T", [1, 2, 10, 23])
@within("w", [0.8, -1.2, 0.0])
def test_every_way_finds_the_gradient(way, T, w):
    w, direct, h, x = scalar_problem(T, w)
    for judge in (gradient, complex_step):
        g = judge(network(w), x[:, None], np.zeros((T, 1)), loss="squared", h0=h[:1])
        assert_close(way(w, direct, h, x), [g.W_hh.item(), g.W_hx.item()])


@pytest.mark.parametrize("T", [1, 2, 10, 17])
def test_the_counts_of_the_page(T):
    _, *counted = (count_products(way, *scalar_problem(T))[1] for way in (one_sweep, *WAYS))
    carrying = sum(t - i for t in range(1, T + 1) for i in range(1, t + 1))
    paths = T * (T + 1) // 2
    assert counted == [2 * carrying + 2 * paths, T * (T - 1) // 2 + 2 * paths, T - 1 + 2 * T]
    assert carrying == (T - 1) * T * (T + 1) // 6


def test_the_three_ways_agree_in_fractions():
    w, direct, h, x = (
        Fraction(-5, 7),
        [Fraction(1, n) for n in (2, 3, 5)],
        [Fraction(n, 9) for n in (4, 1, 8, 2)],
        [1, 2, 4],
    )
    first, *others = (way(w, direct, h, x) for way in WAYS)
    assert others == [first, first]


def test_a_sweep_that_stops_early_has_the_last_columns():
    problem = scalar_problem(10)
    for first in range(1, 12):
        early = path_by_path(*problem, first=first)
        assert_close(one_sweep(*problem, first=first), early)
        columns = carried_paths(problem[0], problem[1])[0].sum(axis=0)
        columns[: first - 1] = 0
        assert_close(early, [columns @ problem[2][:-1], columns @ problem[3]])


@pytest.mark.parametrize("w", [0.8, -1.2, 0.0])
def test_delta_is_the_column_sum_and_the_gradient_by_the_state(w):
    w, direct, h, x = scalar_problem(10, w)
    paths, delta = carried_paths(w, direct)
    for t, i in itertools.product(range(10), repeat=2):
        assert paths[t, i] == pytest.approx(direct[t] * w ** (t - i) if i <= t else 0, rel=1e-12, abs=0)
    assert_close(delta, paths.sum(axis=0))
    g = gradient(network(w), x[:, None], np.zeros((10, 1)), loss="squared", h0=h[:1])
    assert_close(delta, g.dL_dh[:, 0, 0])


def test_problem_is_a_forward_pass():
    w, direct, h, x = scalar_problem(12, 0.3)
    assert_close(h, network(w).forward(x[:, None], h[:1]).h[:, 0, 0])
    assert_close(direct, h[1:] / 12)
    with pytest.raises(ValueError, match="T must be"):
        scalar_problem(0)
