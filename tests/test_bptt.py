"""Every gradient by an independent route: complex step, and the sum over the path triangle."""

from dataclasses import replace

import numpy as np
import pytest
import reference as ref
from hypothesis import given
from hypothesis import strategies as st
from reference import NAMES, assert_close, assert_same_gradient
from strategies import LOSSES, PHIS, cases, few, make_case, probabilities, taus
from within import within

from bpttlib import (
    RNN,
    EdgeWeights,
    Full,
    Random,
    Segments,
    Window,
    complex_step,
    gradient,
    lag_norms,
    lag_shares,
    many_gradients,
    path_norms,
    path_shares,
)

EVERY_KIND = [Full(), Window(1), Window(3), Segments(1), Segments(3), Random(0.6)]
EACH_KIND = pytest.mark.parametrize("strategy", EVERY_KIND, ids=str)
EACH_LOSS = pytest.mark.parametrize("loss", LOSSES)
EACH_PHI = pytest.mark.parametrize("phi", PHIS)


# ---- complex step -------------------------------------------------------------------------------


@EACH_LOSS
@EACH_PHI
@within("B", [1, 3])
def test_every_parameter_and_every_state_by_complex_step(B, phi, loss):
    case = make_case(seed=B, T=7, B=B, phi=phi, loss=loss)
    assert all((case.W[name] != 0).all() for name in NAMES) and (case.h0 != 0).all()
    found, wanted = case.call(gradient, Full()), ref.complex_step(case)
    assert_same_gradient(found, wanted)
    assert_close(found.dL_dh, wanted["dL_dh"])
    assert_close(found.dL_dh0, wanted["dL_dh0"])
    assert_close(found.loss, ref.loss(case, case.W))


@few
@given(cases(max_T=5, max_B=2))
def test_any_shape_by_complex_step(case):
    found, wanted = case.call(gradient, Full()), ref.complex_step(case)
    assert_same_gradient(found, wanted)
    assert_close(found.dL_dh, wanted["dL_dh"])


@few
@given(cases(max_T=4, max_B=2))
def test_the_complex_step_of_the_library_equals_the_naive_one(case):
    found = case.call(complex_step)
    assert_same_gradient(found, ref.complex_step(case))
    assert list(found) == list(NAMES)


@within("strategy", [Window(2), Segments(3), Random(0.5)], ids=str)
@EACH_PHI
def test_a_truncated_gradient_fails_the_gradient_check(phi, strategy):
    case = make_case(seed=3, T=8, phi=phi)
    found, wanted = case.call(gradient, strategy, seed=0), ref.complex_step(case)
    for name in ("W_hx", "W_hh", "b_h"):
        size = np.linalg.norm(wanted[name])
        assert np.linalg.norm(getattr(found, name) - wanted[name]) > 1e-3 * size
    assert_same_gradient(case.call(gradient, Full()), wanted)


# ---- the path triangle --------------------------------------------------------------------------


def assert_same_as_triangle(case, found, omega):
    wanted = ref.weighted_gradient(case, omega)
    assert_same_gradient(found, wanted)
    assert_close(found.dL_dh, wanted["dL_dh"])


@few
@given(cases())
def test_full_is_the_sum_over_every_path(case):
    assert_same_as_triangle(case, case.call(gradient, Full()), ref.full_omega(case.T))


@few
@given(cases(), taus)
def test_window_is_the_sum_over_the_band(case, tau):
    assert_same_as_triangle(case, case.call(gradient, Window(tau)), ref.window_omega(case.T, tau))


@few
@given(cases(), taus)
def test_segments_is_the_sum_over_the_blocks(case, tau):
    assert_same_as_triangle(case, case.call(gradient, Segments(tau)), ref.segments_omega(case.T, tau))


@few
@given(cases(), probabilities, st.integers(0, 999))
def test_random_is_the_sum_over_the_paths_its_dice_keep(case, pi, seed):
    found = case.call(gradient, Random(pi), seed=seed)
    xi = Random(pi).edge_weights(case.T, seed)
    assert_close(Random(pi).path_weights(case.T, seed), ref.edge_omega(xi))
    assert_same_as_triangle(case, found, ref.edge_omega(xi))


@few
@given(cases(), st.integers(0, 999))
def test_random_with_a_probability_for_every_edge(case, seed):
    strategy = Random(np.linspace(0.3, 1, case.T))
    found = case.call(gradient, strategy, seed=seed)
    assert_same_as_triangle(case, found, strategy.path_weights(case.T, seed))


@few
@given(cases(), st.integers(0, 999))
def test_any_edge_weights(case, seed):
    xi = np.random.default_rng(seed).standard_normal(case.T)
    assert_same_as_triangle(case, case.call(gradient, EdgeWeights(xi)), ref.edge_omega(xi))


@few
@given(cases(), st.integers(0, 999))
def test_edge_weights_of_its_own_for_every_sequence(case, seed):
    xi = np.random.default_rng(seed).standard_normal((case.T, case.B))
    omega = np.array([ref.edge_omega(column) for column in xi.T])
    assert_same_as_triangle(case, case.call(gradient, EdgeWeights(xi)), omega)
    assert_close(EdgeWeights(xi).path_weights(case.T), omega)


@EACH_LOSS
def test_segments_are_full_gradients_of_the_blocks_with_the_state_carried_over(loss):
    case = make_case(T=7, loss=loss)
    h = ref.forward(case, case.W)[1]
    wanted = dict.fromkeys(NAMES, 0)
    for start, stop in [(0, 3), (3, 6), (6, 7)]:
        state = np.array([h[start, b] for b in range(case.B)])
        block = replace(case, x=case.x[start:stop], y=case.y[start:stop], h0=state)
        part = ref.complex_step(block)
        wanted = {name: wanted[name] + part[name] * (stop - start) / 7 for name in NAMES}
    assert_same_gradient(case.call(gradient, Segments(3)), wanted)


def test_window_is_every_loss_by_itself_with_the_state_tau_steps_back_held():
    case, tau = make_case(T=6), 3
    h = ref.forward(case, case.W)[1]
    wanted = dict.fromkeys(NAMES, 0)
    for t in range(1, 7):
        first = max(t - tau, 0)
        held = np.array([h[first, b] for b in range(case.B)])
        window = replace(case, x=case.x[first:t], y=case.y[first:t], h0=held)
        before = replace(window, x=window.x[:-1], y=window.y[:-1])  # the same without the loss at t
        n, g = t - first, ref.complex_step(window)
        rest = ref.complex_step(before) if n > 1 else dict.fromkeys(NAMES, 0)
        wanted = {name: wanted[name] + (n * g[name] - (n - 1) * rest[name]) / 6 for name in NAMES}
    assert_same_gradient(case.call(gradient, Window(tau)), wanted)


# ---- traps --------------------------------------------------------------------------------------


@EACH_PHI
def test_the_gradient_of_w_hh_has_a_term_with_h_0(phi):
    case = make_case(seed=2, T=4, phi=phi)
    wanted = ref.complex_step(case)["W_hh"]
    u, forgotten = ref.forward(case, case.W)[0], 0
    found = case.call(gradient, Full())
    for b in range(case.B):
        forgotten = forgotten + np.outer(found.dL_dh[0, b] * ref.slope(case, u[1, b]), case.h0[b])
    assert_close(found.W_hh, wanted)
    assert np.linalg.norm(found.W_hh - forgotten - wanted) > 0.01 * np.linalg.norm(wanted)


@pytest.mark.parametrize("strategy", [Segments(3), EdgeWeights([1, 1, 1, 0, 1, 1, 0, 1])], ids=["segments", "edges"])
def test_the_direct_term_stays_just_before_a_cut(strategy):
    case = make_case(T=8)
    found, dL_do = case.call(gradient, strategy), ref.output_derivatives(case)
    for t in (3, 6, 8):
        for b in range(case.B):
            direct = case.W["W_qh"].T @ dL_do[t, b]
            assert_close(found.dL_dh[t - 1, b], direct)
            assert np.abs(direct).max() > 1e-3
    assert np.abs(found.dL_dh[1, 0] - case.W["W_qh"].T @ dL_do[2, 0]).max() > 1e-3


def test_one_over_pi_at_every_kept_step():
    w, pi = 0.8, 0.5
    rnn = RNN([[1]], [[w]], [[1]], phi="identity")
    x, y = np.zeros((6, 1, 1)), np.zeros((6, 1, 1))
    y[-1] = -6  # the only loss is at step 6, and ∂L/∂o_6 = 1
    for seed in range(20):
        xi = Random(pi).edge_weights(6, seed)
        found = gradient(rnn, x, y, Random(pi), "squared", seed=seed).dL_dh[:, 0, 0]
        reach = 0
        while reach < 5 and xi[5 - reach] != 0:
            reach += 1
        wanted = [(w / pi) ** (6 - t) if 6 - t <= reach else 0 for t in range(1, 7)]
        assert_close(found, wanted)


def test_the_last_block_may_be_shorter():
    case = make_case(T=7)
    found, dL_do = case.call(gradient, Segments(5)), ref.output_derivatives(case)
    u = ref.forward(case, case.W)[0]
    for b in range(case.B):
        last = case.W["W_qh"].T @ dL_do[7, b]
        wanted = case.W["W_qh"].T @ dL_do[6, b] + case.W["W_hh"].T @ (ref.slope(case, u[7, b]) * last)
        assert_close(found.dL_dh[6, b], last)
        assert_close(found.dL_dh[5, b], wanted)


@EACH_KIND
@EACH_LOSS
@EACH_PHI
def test_a_single_step_is_exact_under_every_strategy(phi, loss, strategy):
    case = make_case(T=1, B=3, phi=phi, loss=loss)
    wanted = ref.complex_step(case)
    assert np.abs(wanted["W_hh"]).max() > 1e-3
    assert_same_gradient(case.call(gradient, strategy, seed=0), wanted)


def doubled(case):
    """The same sequences twice in one batch."""
    x, y = (np.concatenate([a, a], axis=1) for a in (case.x, case.y))
    return replace(case, x=x, y=y, h0=np.concatenate([case.h0, case.h0]))


@EACH_KIND
@EACH_LOSS
def test_doubling_the_batch_leaves_every_gradient_unchanged(loss, strategy):
    case = make_case(B=2, loss=loss)
    once, twice = case.call(gradient, strategy, seed=4), doubled(case).call(gradient, strategy, seed=4)
    assert_same_gradient(twice, once)
    assert_close(twice.loss, once.loss)
    assert_close(2 * twice.dL_dh[:, 2:], once.dL_dh)


def test_doubling_the_batch_with_edge_weights_of_its_own():
    case = make_case(B=2)
    xi = np.random.default_rng(0).standard_normal((case.T, 2))
    twice = doubled(case).call(gradient, EdgeWeights(np.tile(xi, 2)))
    assert_same_gradient(twice, case.call(gradient, EdgeWeights(xi)))


@EACH_KIND
@EACH_LOSS
@EACH_PHI
def test_the_read_out_and_the_loss_are_exact_under_every_strategy(phi, loss, strategy):
    case = make_case(T=8, phi=phi, loss=loss)
    found, wanted = case.call(gradient, strategy, seed=1), ref.complex_step(case)
    assert_same_gradient(found, wanted, names=("W_qh", "b_q"))
    assert_close(found.loss, ref.loss(case, case.W))


@EACH_KIND
@EACH_LOSS
def test_data_without_batch_is_a_batch_of_one(loss, strategy):
    case = make_case(B=1, loss=loss)
    alone = gradient(case.rnn, case.x[:, 0], case.y[:, 0], strategy, loss, case.h0[0], seed=2)
    batch = case.call(gradient, strategy, seed=2)
    assert_same_gradient(alone, batch, tol=0)
    assert alone.loss == batch.loss and (alone.dL_dh == batch.dL_dh).all()


# ---- the face of the function -------------------------------------------------------------------


def test_by_default_full_cross_entropy_and_h_0_zero():
    case = make_case(h0=False)
    wanted = ref.complex_step(case)
    assert_same_gradient(gradient(case.rnn, case.x, case.y), wanted)
    assert_same_gradient(complex_step(case.rnn, case.x, case.y), wanted)


def test_shapes_and_flat_vector():
    case = make_case(T=5, B=2, d=2, h=4, q=3)
    g = case.call(gradient)
    assert [getattr(g, name).shape for name in NAMES] == [(4, 2), (4, 4), (3, 4), (4,), (3,)]
    assert g.dL_dh.shape == (5, 2, 4) and isinstance(g.loss, float)
    assert g.flat().tolist() == [entry for name in NAMES for entry in getattr(g, name).ravel().tolist()]


@EACH_KIND
def test_nothing_handed_in_is_changed(strategy):
    case = make_case(loss="squared")
    before = [a.copy() for a in (case.x, case.y, case.h0, *vars(case.rnn).values()) if isinstance(a, np.ndarray)]
    case.call(gradient, strategy, seed=0)
    after = [a for a in (case.x, case.y, case.h0, *vars(case.rnn).values()) if isinstance(a, np.ndarray)]
    assert len(before) == 8 and all((a == b).all() for a, b in zip(before, after, strict=True))


def test_the_same_seed_throws_the_same_dice_and_a_generator_moves_on():
    case = make_case(T=12)
    one, again = (case.call(gradient, Random(0.5), seed=7).W_hh for _ in range(2))
    assert (one == again).all()
    assert (case.call(gradient, Random(0.5), seed=8).W_hh != one).any()
    rng = np.random.default_rng(7)
    first, second = (case.call(gradient, Random(0.5), seed=rng).W_hh for _ in range(2))
    assert (first == one).all() and (second != one).any()


def test_cross_entropy_does_not_overflow():
    rnn = RNN([[1]], [[1]], [[0], [0]], b_q=[1000, 0])
    g = gradient(rnn, np.ones((1, 1)), [1])
    assert g.loss == 1000 and g.b_q.tolist() == [1, -1]


def test_float32_stays_close():
    case = make_case()
    small = RNN(**case.W, dtype=np.float32)
    found = gradient(small, case.x, case.y, Full(), case.loss, case.h0)
    assert_same_gradient(found, case.call(gradient, Full()), tol=1e-5)


# ---- many weightings at once --------------------------------------------------------------------


@EACH_LOSS
@EACH_PHI
@within("B", [1, 3])
def test_many_gradients_row_by_row(B, phi, loss):
    case = make_case(T=6, B=B, phi=phi, loss=loss)
    xi = np.random.default_rng(0).standard_normal((5, case.T))
    many = case.call(many_gradients, xi)
    fields = [getattr(many, name) for name in (*NAMES, "dL_dh", "dL_dh0", "loss")]
    assert {len(field) for field in fields} == {5}, "every field has the same leading axis"
    for n, row in enumerate(xi):
        one = case.call(gradient, EdgeWeights(row))
        for name in NAMES:
            assert_close(getattr(many, name)[n], getattr(one, name), what=name)
        assert_close(many.dL_dh[n], one.dL_dh)
        assert_close(many.dL_dh0[n], one.dL_dh0)
        assert_close(many.loss[n], one.loss)


def test_many_gradients_of_a_single_row_of_ones_is_the_gradient():
    case = make_case()
    found = case.call(many_gradients, np.ones((1, case.T)))
    for name, wanted in ref.complex_step(case).items():
        if name in NAMES:
            assert_close(getattr(found, name)[0], wanted, what=name)


# ---- what each path carries ---------------------------------------------------------------------


@few
@given(cases())
def test_path_shares_and_their_norms(case):
    wanted = np.zeros((case.T, case.T, case.rnn.h, case.rnn.h))
    for t, i, _, _, share in ref.paths(case):
        wanted[t - 1, i - 1] += share["W_hh"]
    assert_close(case.call(path_shares), wanted)
    assert_close(case.call(path_norms), np.linalg.norm(wanted, axis=(2, 3)))


@EACH_KIND
def test_the_path_shares_weighed_by_omega_add_up_to_the_gradient(strategy):
    case = make_case(T=7)
    omega = strategy.path_weights(7, seed=1)
    found = np.tensordot(omega, case.call(path_shares), 2)
    assert_close(found, case.call(gradient, strategy, seed=1).W_hh)


@few
@given(cases())
def test_lag_shares_gather_the_paths_of_each_lag_and_add_up_to_the_gradient(case):
    wanted = np.zeros((case.T, case.rnn.h, case.rnn.h))
    for t, i, _, _, share in ref.paths(case):
        wanted[t - i] += share["W_hh"]
    found = case.call(lag_shares)
    assert_close(found, wanted)
    assert_close(found.sum(axis=0), case.call(gradient).W_hh)


@few
@given(cases())
def test_lag_norms_are_the_norms_of_the_derivatives_of_each_loss(case):
    wanted = np.zeros((case.T, case.T))
    for t, i, _, row, _ in ref.paths(case):
        wanted[t - i, t - 1] += (row**2).sum()
    assert_close(case.call(lag_norms), np.sqrt(wanted))


@pytest.mark.parametrize("B", [1, 3])
def test_path_norms_are_a_lower_triangle_whose_first_column_is_the_term_with_h_0(B):
    with_h0, without = make_case(B=B), make_case(B=B, h0=False)
    N, N0 = with_h0.call(path_norms), without.call(path_norms)
    assert (N[np.triu_indices(6, 1)] == 0).all()
    assert (N[np.tril_indices(6)] > 0).all()
    assert (N0[:, 0] == 0).all() and (N0[1:, 1] > 0).all()


def test_lag_norms_are_zero_before_the_first_step():
    G = make_case().call(lag_norms)
    lag, step = np.indices(G.shape)
    assert (G[step < lag] == 0).all() and (G[step >= lag] > 0).all()
