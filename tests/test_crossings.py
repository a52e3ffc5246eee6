"""What crosses a stretch of edges, squared, gives the variance of the dice: against enumeration and `moments`."""

import numpy as np
import pytest
import reference as ref
from hypothesis import given
from reference import assert_close
from strategies import LOSSES, cases, few, make_case, probabilities

from bpttlib import Random
from bpttlib.crossings import crossings, running_sum, variance_of_dice
from bpttlib.moments import moments_of
from bpttlib.paths import shares_of


@few
@given(cases(max_T=5, max_B=2), probabilities)
def test_the_variance_is_that_of_every_outcome(case, pi):
    p, rows = zip(*ref.outcomes([pi] * case.T), strict=True)
    g = np.array([ref.weighted_gradient(case, ref.edge_omega(xi))["W_hh"] for xi in rows])
    mean = np.tensordot(p, g, 1)
    wanted = np.tensordot(p, (g - mean) ** 2, 1)
    assert_close(variance_of_dice(crossings(shares_of(case.problem)), pi), wanted)


@pytest.mark.parametrize("loss", LOSSES)
def test_one_set_of_squares_serves_every_pi(loss):
    problem, pis = make_case(T=12, B=2, loss=loss).problem, [0.2, 0.5, 0.9, 1.0]
    S = crossings(shares_of(problem))
    found = variance_of_dice(S, pis)
    assert found.shape == (4, *problem.net.W_hh.shape)
    for one, pi in zip(found, pis, strict=True):
        wanted = moments_of(problem, Random(pi)).variance.W_hh
        assert_close(one, wanted, scale=max(1, wanted.max()))
        assert_close(variance_of_dice(S, pi), one)


def test_a_square_for_each_stretch_by_plain_loops():
    P = np.tril(np.random.default_rng(0).standard_normal((5, 5)))
    wanted = np.zeros(4)
    for a in range(1, 6):
        for b in range(a + 1, 6):
            across = sum(P[t - 1, i - 1] for i in range(1, a + 1) for t in range(b, 6))
            wanted[b - a - 1] += across**2
    assert_close(crossings(P), wanted)


def test_one_step_has_no_edge_to_throw_for():
    S = crossings(np.ones((1, 1, 2, 2)))
    assert S.shape == (0, 2, 2) and not variance_of_dice(S, 0.5).any()


@pytest.mark.parametrize("pi", [0, 1.5, [0.5, 0]])
def test_no_dice_without_a_chance(pi):
    with pytest.raises(ValueError, match="pi"):
        variance_of_dice(np.ones(3), pi)


@pytest.mark.parametrize("axis", [0, 1])
def test_a_running_sum_leaves_what_it_sums(axis):
    values = np.random.default_rng(0).standard_normal((4, 3, 2))
    before = values.copy()
    assert_close(running_sum(values, axis), np.cumsum(values, axis))
    assert (values == before).all()
