"""Exact mean and variance against the enumeration of every outcome, never against samples."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
import reference as ref
from hypothesis import given
from hypothesis import strategies as st
from reference import NAMES, assert_close, assert_same_gradient
from strategies import LOSSES, PHIS, cases, few, make_case
from within import within

from bpttlib import EdgeWeights, Full, Random, Segments, Window, gradient, moments, scalar_moments
from bpttlib.moments import scalar_limit

PER_EDGE = (0.9, 0.3, 0.6, 0.5, 0.8, 1.0, 0.4, 0.7, 0.55, 0.35)


def enumerated(case, pi):
    """Mean and variance of the flat gradient over all 2^(T-1) outcomes."""
    p, rows = zip(*ref.outcomes(np.broadcast_to(pi, case.T)), strict=True)
    g = np.array([case.call(gradient, EdgeWeights(xi)).flat() for xi in rows])
    mean = np.array(p) @ g
    return mean, np.array(p) @ (g - mean) ** 2


def assert_same_moments(case, pi):
    found, (mean, variance) = case.call(moments, Random(pi)), enumerated(case, pi)
    assert_close(found.mean.flat(), mean, what="mean", scale=np.abs(mean).max())
    assert_close(found.variance.flat(), variance, what="variance", scale=max(variance.max(), 1e-18))
    return variance


@within("loss", LOSSES)
@within("phi", PHIS)
@within("B", [1, 3])
@within("pi", [0.6, PER_EDGE[:7]], ids=["scalar", "per edge"])
def test_every_entry_of_every_parameter_against_the_enumeration(pi, B, phi, loss):
    variance = assert_same_moments(make_case(T=7, B=B, phi=phi, loss=loss), pi)
    assert variance.max() > 1e-6


@pytest.mark.parametrize("pi", [0.7, PER_EDGE], ids=["scalar", "per edge"])
def test_ten_steps_against_512_outcomes(pi):
    assert_same_moments(make_case(T=10, B=2), pi)


@few
@given(cases(max_T=5), st.integers(0, 999))
def test_any_shape_against_the_enumeration(case, seed):
    assert_same_moments(case, np.random.default_rng(seed).uniform(0.2, 1, case.T))


@pytest.mark.parametrize("B", [1, 2])
def test_fourteen_steps_against_the_covariance_of_the_paths(B):
    case, pi = make_case(T=14, B=B), np.resize(PER_EDGE, 14)
    shares = {}
    for t, i, _, _, share in ref.paths(case):
        row = np.concatenate([share["W_hx"].ravel(), share["W_hh"].ravel(), share["b_h"]])
        shares[t, i] = shares.get((t, i), 0) + row
    covariance = np.array([[ref.edges_shared(*one, *other, pi) for other in shares] for one in shares])
    g = np.array(list(shares.values()))
    wanted = np.einsum("pk,pq,qk->k", g, covariance, g)
    v = case.call(moments, Random(pi)).variance
    found = np.concatenate([v.W_hx.ravel(), v.W_hh.ravel(), v.b_h])
    assert_close(found, wanted, scale=wanted.max())
    assert wanted.max() > 1e-6


@few
@given(cases())
def test_the_mean_is_the_full_gradient(case):
    found, full = case.call(moments, Random(0.5)).mean, case.call(gradient, Full())
    assert_same_gradient(found, full)
    assert_same_gradient(found, ref.weighted_gradient(case, ref.full_omega(case.T)))
    assert_close(found.loss, full.loss)
    assert_close(found.dL_dh, full.dL_dh)


def test_shapes_of_mean_and_variance():
    case = make_case(T=5, d=2, h=4, q=3)
    found = case.call(moments, Random(0.5))
    for part in (found.mean, found.variance):
        assert [getattr(part, name).shape for name in NAMES] == [(4, 2), (4, 4), (3, 4), (4,), (3,)]


def test_the_read_out_has_no_variance_and_the_recurrent_weights_do():
    v = make_case().call(moments, Random(0.5)).variance
    assert (v.W_qh == 0).all() and (v.b_q == 0).all()
    assert (v.W_hh > 0).all() and (v.W_hx > 0).all() and (v.b_h > 0).all()


@pytest.mark.parametrize(
    "strategy", [Full(), Window(2), Segments(2), EdgeWeights([1, 2, 0, 1, 3, 1]), Random(1.0)], ids=type
)
def test_without_dice_there_is_no_variance(strategy):
    case = make_case(T=6)
    found = case.call(moments, strategy)
    assert (found.variance.flat() == 0).all()
    assert_same_gradient(found.mean, case.call(gradient, strategy, seed=0))


def test_a_single_step_has_no_variance():
    assert (make_case(T=1).call(moments, Random(0.3)).variance.flat() == 0).all()


def test_the_edge_from_h_0_throws_no_dice():
    case = make_case(T=4)
    one, other = (case.call(moments, Random([first, 0.5, 0.6, 0.7])).variance.flat() for first in (0.1, 1))
    assert (one == other).all()


def test_data_without_batch_is_a_batch_of_one():
    case = make_case(B=1)
    alone = moments(case.rnn, case.x[:, 0], case.y[:, 0], Random(0.5), case.loss, case.h0[0])
    assert (alone.variance.flat() == case.call(moments, Random(0.5)).variance.flat()).all()


# ---- the scalar recurrence ----------------------------------------------------------------------


@pytest.mark.parametrize("recursive", [True, False])
@pytest.mark.parametrize("per_edge", [True, False])
def test_scalar_moments_against_exact_fractions(per_edge, recursive):
    b = [Fraction(k, 8) for k in (8, -4, 6, 3, -8, 2, 5, 1)]
    c = [Fraction(k, 4) for k in (9, 3, -5, 2, 4, -3, 1, 6)]
    pi = [Fraction(k, 16) for k in (3, 8, 12, 16, 5, 10, 14, 9)] if per_edge else [Fraction(5, 8)] * 8
    mean, variance = ref.scalar_moments(b, c, pi, recursive)
    assert mean == ref.recurrence(b, c)
    found = scalar_moments(*(np.array(v, float) for v in (b, c, pi if per_edge else pi[0])), recursive=recursive)
    assert_close(found.mean, np.array(mean, float))
    assert_close(found.variance, np.array(variance, float))
    assert variance[0] == 0 < min(variance[1:3])


@pytest.mark.parametrize("recursive", [True, False])
@few
@given(data=st.data(), T=st.integers(1, 6))
def test_scalar_moments_of_anything_against_exact_fractions(recursive, data, T):
    sixteenths = st.integers(-32, 32).map(lambda n: n / 16)
    b, c = (data.draw(st.lists(sixteenths, min_size=T, max_size=T)) for _ in "bc")
    pi = data.draw(st.lists(st.integers(2, 16).map(lambda n: n / 16), min_size=T, max_size=T))
    mean, variance = ref.scalar_moments(b, c, pi, recursive)
    found = scalar_moments(b, c, pi, recursive)
    assert_close(found.mean, np.array(mean, float))
    assert_close(found.variance, np.array(variance, float))


def test_both_readings_have_the_mean_a():
    b, c = np.random.default_rng(0).standard_normal((2, 20))
    wanted = ref.recurrence(b, c)
    literal, recursive = (scalar_moments(b, c, 0.5, reading) for reading in (False, True))
    assert_close(literal.mean, wanted)
    assert_close(recursive.mean, wanted)
    assert (literal.variance[2:] < recursive.variance[2:]).all()


def last_variance(c, pi, T, recursive=True, b=1.0):
    return scalar_moments(np.full(T, b), np.full(T, c), pi, recursive).variance[-1]


def test_the_letter_of_the_book_against_the_recursion():
    assert round(last_variance(0.8, 0.7, 50, recursive=False), 1) == 6.9
    assert round(last_variance(0.8, 0.7, 50), 1) == 78.0


def test_two_hundred_steps_below_at_and_above_the_law():
    assert round(last_variance(0.8, 0.7, 200)) == 80
    assert round(last_variance(0.8, 0.64, 200)) == 1735
    assert f"{last_variance(0.8, 0.6, 200):.1e}" == "4.2e+07"


@pytest.mark.parametrize("b, c, pi", [(1, 0.8, 0.7), (2.5, 0.8, 0.9), (1, -0.6, 0.5), (3, 0.3, 0.1), (1, 0.5, 1.0)])
def test_below_the_law_the_variance_has_its_limit(b, c, pi):
    assert c**2 < pi
    limit = b**2 * c**2 * (1 - pi) / ((1 - c) ** 2 * (pi - c**2))
    assert_close(last_variance(c, pi, 1000, b=b), limit)
    assert_close(scalar_limit(b, c, pi), limit)


def test_at_the_law_the_variance_grows_by_the_same_amount_each_step():
    variance = scalar_moments(np.ones(400), np.full(400, 0.8), 0.64).variance
    assert_close(np.diff(variance)[200:], np.full(199, 0.8**2 * (1 / 0.64 - 1) * 5**2), tol=1e-10)


@pytest.mark.parametrize("c, pi", [(0.8, 0.6), (-0.9, 0.5), (0.95, 0.85)])
def test_above_the_law_the_variance_grows_like_a_power(c, pi):
    assert c**2 > pi
    assert_close(last_variance(c, pi, 901) / last_variance(c, pi, 900), c**2 / pi, tol=1e-9)


@within("c, pi", [(0.5, 0.25), (0.8, 0.64), (0.8, 0.6), (1.0, 0.9), (-1.0, 0.5), (2.0, 0.3)])
def test_from_the_law_on_there_is_no_limit(c, pi):
    assert c**2 >= pi and scalar_limit(1, c, pi) is None
    assert last_variance(c, pi, 200) > 1.5 * last_variance(c, pi, 100)


def test_the_law_in_decimals():
    assert scalar_limit(1, 0.7, 0.49) is None


@pytest.mark.parametrize("b, c, pi", [(0, 2, 0.5), (1, 0, 0.5), (1, 3, 1.0), (1, 1, 1)])
def test_the_limit_is_0_where_nothing_is_thrown(b, c, pi):
    assert scalar_limit(b, c, pi) == 0 == last_variance(c, pi, 100, b=b)


def test_90_percent_stop_10_percent_go_on_with_weight_10():
    xi = Random(0.1).draws(2, 100, seed=0)[:, 1]
    assert set(xi.tolist()) == {0, 10}
    assert_close(scalar_moments([1, 1], [1, 1], 0.1).variance, [0, 9])


def test_the_enumeration_itself_lists_every_outcome():
    listed = list(ref.outcomes([Fraction(1, 3), Fraction(1, 2), Fraction(1, 4)]))
    assert sum(p for p, _ in listed) == 1
    assert sorted(xi[1:] for _, xi in listed) == sorted(list(xi) for xi in itertools.product((0, 2), (0, 4)))
