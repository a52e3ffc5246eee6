"""Ω of every strategy against its formula, their limits, and the dice with their exact law."""

from itertools import product

import numpy as np
import pytest
import reference as ref
from hypothesis import given
from hypothesis import strategies as st
from reference import assert_close, assert_same_gradient
from strategies import cases, few, make_case, probabilities, taus

from bpttlib import EdgeWeights, Full, Random, Segments, Window, gradient

lengths = st.integers(1, 12)
PIS = [0.5, 1.0, (0.9, 0.3, 0.6, 0.5, 0.8)]
EACH_PI = pytest.mark.parametrize("pi", PIS, ids=str)


# ---- Ω ------------------------------------------------------------------------------------------


@few
@given(lengths)
def test_full_keeps_every_path(T):
    assert (Full().path_weights(T) == ref.full_omega(T)).all()


def test_ten_steps_make_55_paths():
    assert Full().path_weights(10).sum() == 55


@few
@given(lengths, taus)
def test_window_keeps_tau_terms_and_tau_minus_1_jacobians(T, tau):
    omega = Window(tau).path_weights(T)
    assert (omega == ref.window_omega(T, tau)).all()
    assert omega[-1].sum() == min(tau, T)


@few
@given(lengths, taus)
def test_segments_keeps_what_lies_in_the_same_block(T, tau):
    assert (Segments(tau).path_weights(T) == ref.segments_omega(T, tau)).all()


@few
@given(lengths, probabilities, st.integers(0, 999))
def test_random_multiplies_its_edge_weights(T, pi, seed):
    xi = Random(pi).edge_weights(T, seed)
    omega = Random(pi).path_weights(T, seed)
    assert_close(omega, ref.edge_omega(xi))
    for t, i in zip(*np.nonzero(omega), strict=True):
        assert_close(omega[t, i], pi ** -float(t - i))


@few
@given(lengths, st.integers(0, 999))
def test_edge_weights_multiply_up_to_omega(T, seed):
    xi = np.random.default_rng(seed).standard_normal((T, 2))
    assert_close(EdgeWeights(xi[:, 0]).path_weights(T), ref.edge_omega(xi[:, 0]))
    assert_close(EdgeWeights(xi).path_weights(T), np.array([ref.edge_omega(column) for column in xi.T]))


def test_the_edge_from_h_0_weighs_no_path():
    one, other = EdgeWeights([0.0, 2, 3]), EdgeWeights([9.0, 2, 3])
    assert (one.path_weights(3) == other.path_weights(3)).all()


def test_a_window_has_no_edge_weights():
    with pytest.raises(ValueError, match="depends on t-i"):
        Window(2).edge_weights(5)


def test_edge_weights_keep_their_own_copy():
    xi = np.ones(4)
    strategy = EdgeWeights(xi)
    xi[:] = 0
    assert (strategy.edge_weights(4) == 1).all()


def test_strategies_compare_and_hash_by_value():
    assert Segments(5) == Segments(5) != Window(5)
    assert len({Full(), Full(), Window(2), Window(2), Random([0.5, 1]), Random(np.array([0.5, 1]))}) == 3


# ---- limits -------------------------------------------------------------------------------------


@few
@given(cases(), st.integers(0, 3))
def test_tau_from_T_on_is_full(case, more):
    full, tau = case.call(gradient, Full()), case.T + more
    assert_same_gradient(case.call(gradient, Window(tau)), full)
    assert_same_gradient(case.call(gradient, Segments(tau)), full)


@few
@given(cases())
def test_window_and_segments_agree_at_tau_1(case):
    window, segments = case.call(gradient, Window(1)), case.call(gradient, Segments(1))
    assert_same_gradient(window, segments)
    assert_close(window.dL_dh, segments.dL_dh)


@few
@given(cases(), taus)
def test_segments_are_edge_weights_0_at_block_starts_and_1_elsewhere(case, tau):
    xi = [0 if step % tau == 0 else 1 for step in range(case.T)]
    assert Segments(tau).edge_weights(case.T).tolist() == xi
    assert_same_gradient(case.call(gradient, Segments(tau)), case.call(gradient, EdgeWeights(xi)))


@few
@given(cases(), st.integers(0, 99))
def test_random_with_pi_1_is_full(case, seed):
    assert_same_gradient(case.call(gradient, Random(1.0), seed=seed), case.call(gradient, Full()))
    assert (Random(1).path_weights(case.T, seed) == ref.full_omega(case.T)).all()


def test_window_and_segments_differ_in_between():
    case = make_case(T=6)
    assert np.abs(case.call(gradient, Window(3)).W_hh - case.call(gradient, Segments(3)).W_hh).max() > 1e-4


# ---- the dice -----------------------------------------------------------------------------------


@EACH_PI
def test_draws_are_0_or_1_over_pi(pi):
    xi = Random(pi).draws(5, 200, seed=0)
    assert xi.shape == (200, 5)
    assert ((xi == 0) | (xi == 1 / np.asarray(pi))).all()


@EACH_PI
def test_draws_are_reproducible(pi):
    one = Random(pi).draws(5, 50, seed=3)
    assert (one == Random(pi).draws(5, 50, seed=3)).all()
    assert (one == Random(pi).draws(5, 50, seed=np.random.default_rng(3))).all()
    assert (one[0] == Random(pi).edge_weights(5, seed=3)).all()
    assert pi == 1.0 or (one != Random(pi).draws(5, 50, seed=4)).any()


def test_an_edge_is_kept_with_probability_pi_by_itself():
    pi = np.array([0.9, 0.3, 0.6, 0.5, 0.8])
    kept = Random(pi).draws(5, 40_000, seed=0) > 0
    assert np.abs(kept.mean(axis=0) - pi).max() < 0.01
    correlation = np.corrcoef(kept.T) - np.eye(5)
    assert np.abs(correlation).max() < 0.02


@few
@given(st.integers(1, 8), st.integers(0, 999))
def test_all_cuts_lists_every_outcome_once(T, seed):
    pi = np.random.default_rng(seed).uniform(0.1, 0.9, T)
    xi, p = Random(pi).all_cuts(T)
    assert xi.shape == (2 ** (T - 1), T) and p.shape == (2 ** (T - 1),)
    found = {tuple(row[1:]): weight for row, weight in zip(xi, p, strict=True)}
    wanted = {tuple(row[1:]): probability for probability, row in ref.outcomes(pi)}
    assert found.keys() == wanted.keys() and len(wanted) == 2 ** (T - 1)
    for outcome, probability in wanted.items():
        assert_close(found[outcome], probability)


@EACH_PI
def test_probabilities_sum_to_1_and_the_mean_of_xi_and_omega_is_1(pi):
    xi, p = Random(pi).all_cuts(5)
    assert_close(p.sum(), 1.0)
    assert_close(p @ xi[:, 1:], np.ones(4))
    omega = np.array([EdgeWeights(row).path_weights(5) for row in xi])
    assert_close(np.tensordot(p, omega, 1), ref.full_omega(5))


def test_pi_1_has_one_outcome_with_probability_1():
    xi, p = Random(1.0).all_cuts(4)
    assert p.sum() == p.max() == 1 and (xi[p == 1] == 1).all()


@EACH_PI
def test_the_covariance_of_two_paths_is_that_of_the_edges_they_share(pi):
    xi, p = Random(pi).all_cuts(5)
    omega = np.array([ref.edge_omega(row) for row in xi])
    lower = [(t, i) for t in range(1, 6) for i in range(1, t + 1)]
    for (t, i), (s, k) in product(lower, repeat=2):
        covariance = p @ ((omega[:, t - 1, i - 1] - 1) * (omega[:, s - 1, k - 1] - 1))
        assert_close(covariance, ref.edges_shared(t, i, s, k, np.broadcast_to(pi, 5)))


def test_all_cuts_refuses_what_would_not_fit():
    for T in (12, 16):
        xi, p = Random(0.5).all_cuts(T)
        assert xi.shape == (2 ** (T - 1), T) and p.sum() == 1
    with pytest.raises(ValueError, match="17"):
        Random(0.5).all_cuts(17)


def test_a_window_is_edge_weights_only_at_its_ends():
    assert (Window(1).edge_weights(6) == 0).all()
    assert (Window(6).edge_weights(6) == 1).all() and (Window(9).edge_weights(6) == 1).all()
    for tau in (2, 5):
        with pytest.raises(ValueError, match="no product of edge weights"):
            Window(tau).edge_weights(6)
