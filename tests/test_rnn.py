"""The forward pass against plain loops over steps and sequences."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import assert_close, forward, slope
from strategies import PHIS, cases, few, make_case

from bpttlib import RNN, Random, Window, gradient, many_gradients, moments


@few
@given(cases())
def test_forward_equals_the_naive_loops(case):
    trace = case.rnn.forward(case.x, case.h0)
    u, h, o = forward(case, case.W)
    n, q = case.rnn.h, case.rnn.q
    assert trace.h.shape == (case.T + 1, case.B, n) and trace.o.shape == (case.T, case.B, q)
    for (t, b), wanted in h.items():
        assert_close(trace.h[t, b], wanted, what="h")
    for (t, b), wanted in o.items():
        assert_close(trace.o[t - 1, b], wanted, what="o")
        assert_close(trace.slopes[t, b], slope(case, u[t, b]), what="φ'")


def test_the_state_before_the_first_step_is_h_0():
    case = make_case()
    assert (case.rnn.forward(case.x, case.h0).h[0] == case.h0).all()
    assert (case.rnn.forward(case.x).h[0] == 0).all()


def test_x_without_batch_is_a_batch_of_one():
    case = make_case(B=1)
    alone, batch = case.rnn.forward(case.x[:, 0], case.h0[0]), case.rnn.forward(case.x, case.h0)
    assert alone.h.shape == batch.h.shape and alone.x.shape == (6, 1, 2)
    assert (alone.h == batch.h).all() and (alone.o == batch.o).all()


def test_one_h_0_serves_every_sequence():
    case = make_case(B=3)
    shared = case.rnn.forward(case.x, case.h0[0])
    assert (shared.h == case.rnn.forward(case.x, np.tile(case.h0[0], (3, 1))).h).all()


@pytest.mark.parametrize("phi", PHIS)
def test_sequences_of_a_batch_do_not_touch_each_other(phi):
    case = make_case(B=3, phi=phi)
    together = case.rnn.forward(case.x, case.h0)
    for b in range(3):
        assert_close(together.o[:, [b]], case.rnn.forward(case.x[:, [b]], case.h0[[b]]).o)


def test_biases_default_to_zero():
    W = make_case().W
    rnn = RNN(W["W_hx"], W["W_hh"], W["W_qh"])
    assert (rnn.b_h == 0).all() and rnn.b_h.shape == (3,)
    assert (rnn.b_q == 0).all() and rnn.b_q.shape == (3,)


def test_sizes_and_name():
    rnn = RNN.random(2, 4, 5, phi="identity")
    assert (rnn.d, rnn.h, rnn.q) == (2, 4, 5)
    assert repr(rnn) == "RNN(d=2, h=4, q=5, phi='identity')"


def test_parameters_are_copies_and_the_forward_pass_changes_nothing():
    case = make_case()
    before = {name: w.copy() for name, w in case.W.items()}
    x, h0 = case.x.copy(), case.h0.copy()
    rnn = RNN(**case.W)
    rnn.forward(case.x, case.h0)
    rnn.W_hh += 1
    assert all((case.W[name] == before[name]).all() for name in before)
    assert (case.x == x).all() and (case.h0 == h0).all()


def test_float64_unless_asked():
    case = make_case()
    lists = {name: w.astype(np.float32).tolist() for name, w in case.W.items()}
    assert RNN(**lists).forward(case.x).o.dtype == np.float64
    assert RNN([[1]], [[1]], [[1]]).W_hh.dtype == np.float64
    small = RNN(**case.W, dtype=np.float32).forward(case.x, case.h0)
    assert small.h.dtype == small.o.dtype == np.float32
    assert_close(small.o, case.rnn.forward(case.x, case.h0).o, tol=1e-5)


@pytest.mark.parametrize("phi", PHIS)
def test_complex_parameters_give_the_derivative_in_the_imaginary_part(phi):
    case = make_case(phi=phi)
    W = {name: w.astype(complex) for name, w in case.W.items()}
    W["W_hh"][1, 2] += 1e-40j
    found = RNN(**W, phi=phi, dtype=complex).forward(case.x, case.h0)
    for (t, b), wanted in forward(case, W)[2].items():
        assert_close(found.o[t - 1, b].imag / 1e-40, wanted.imag / 1e-40)
    assert np.abs(found.o[-1].imag).max() > 0


@few
@given(h=st.integers(1, 12), radius=st.floats(0.01, 3), seed=st.integers(0, 99))
def test_random_networks_have_the_spectral_radius_asked_for(h, radius, seed):
    rnn = RNN.random(2, h, 3, seed=seed, spectral_radius=radius)
    assert_close(np.abs(np.linalg.eigvals(rnn.W_hh)).max(), radius, tol=1e-9)


def test_the_same_seed_gives_the_same_network_up_to_the_spectral_radius():
    one, two = RNN.random(2, 4, 3, seed=5), RNN.random(2, 4, 3, seed=5, spectral_radius=1.8)
    assert (one.W_hx == two.W_hx).all() and (one.W_qh == two.W_qh).all()
    assert_close(2 * one.W_hh, two.W_hh)
    assert (RNN.random(2, 4, 3, seed=6).W_hx != one.W_hx).all()
    assert (RNN.random(2, 4, 3, seed=np.random.default_rng(5)).W_hx == one.W_hx).all()


def test_random_weights_have_variance_one_over_fan_in():
    rnn = RNN.random(50, 200, 60, seed=1)
    assert abs(rnn.W_hx.std() * np.sqrt(50) - 1) < 0.03
    assert abs(rnn.W_qh.std() * np.sqrt(200) - 1) < 0.03


# ---- beyond the range of numbers ----------------------------------------------------------------

LEAVES = "this network leaves the range of numbers"


@pytest.mark.parametrize("phi", ["identity", "tanh"])
def test_a_gradient_that_overflows_says_so(phi):
    """All states are 0, so that only what goes back grows: by 10 at every step."""
    rnn = RNN([[1.0]], [[10.0]], [[1.0]], phi=phi)
    x, y = np.zeros((400, 1)), np.ones((400, 1))
    for function in (
        lambda: gradient(rnn, x, y, loss="squared"),
        lambda: gradient(rnn, x, y, Window(350), loss="squared"),
        lambda: many_gradients(rnn, x, y, np.ones((2, 400)), loss="squared"),
        lambda: moments(rnn, x, y, Random(0.5), loss="squared"),
    ):
        with pytest.raises(ValueError, match=f"{LEAVES}: its gradient grows to more than 2e"):
            function()
    assert gradient(rnn, x, y, Window(100), loss="squared").b_h[0] < -1e95


def test_states_outputs_and_losses_that_overflow_say_so():
    grows = RNN([[1.0]], [[10.0]], [[1.0]], phi="identity")
    x, y = np.ones((400, 1)), np.ones((400, 1))
    with pytest.raises(ValueError, match=f"{LEAVES}: its states and outputs"):
        grows.forward(x)
    with pytest.raises(ValueError, match=f"{LEAVES}: its states and outputs"):
        gradient(grows, x, y, loss="squared")
    with pytest.raises(ValueError, match=f"{LEAVES}: its loss"):
        gradient(grows, x[:200], y[:200], loss="squared")
    assert grows.forward(x[:300]).o[-1] > 1e298


def test_a_variance_that_overflows_says_so():
    rnn = RNN([[1.0]], [[10.0]], [[1.0]], phi="identity")
    with pytest.raises(ValueError, match=f"{LEAVES}: its variance"):
        moments(rnn, np.zeros((200, 1)), np.ones((200, 1)), Random(0.5), loss="squared")
