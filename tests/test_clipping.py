"""Clipping bounds what is too long, keeps what is short, and decides whether training survives."""

import warnings
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bpttlib import RNN, gradient
from bpttlib.clipping import clip_by_norm, clip_by_value, degrees_between, descend, recall

vectors = arrays(float, st.integers(1, 6), elements=st.floats(-1e6, 1e6, allow_subnormal=False))
thetas = st.floats(1e-3, 1e3)


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@given(vectors, thetas)
def test_by_norm_shortens_and_keeps_the_direction(g, theta):
    found, norm = clip_by_norm(g, theta), np.linalg.norm(g)
    assert np.linalg.norm(found) <= theta * (1 + 1e-12) or np.array_equal(found, g)
    if norm <= theta * (1 - 1e-12):
        assert np.array_equal(found, g)
    else:
        assert np.allclose(found, g * (theta / norm), rtol=1e-9)


@given(vectors, thetas)
def test_by_value_cuts_every_entry_by_itself(g, theta):
    assert clip_by_value(g, theta).tolist() == [max(-theta, min(theta, v)) for v in g]


def test_extremes_neither_overflow_nor_divide_by_zero():
    assert np.allclose(clip_by_norm([1e300, 1e300], 1), np.sqrt([0.5, 0.5]))
    assert clip_by_norm([0.0, 0.0], 1).tolist() == [0, 0]
    assert clip_by_norm([1e-300, 0], 1).tolist() == [1e-300, 0]


def test_degrees():
    assert degrees_between(np.array([1.0, 0]), np.array([0, 2.0])) == pytest.approx(90)
    assert degrees_between(np.array([1.0, 0]), np.array([-3.0, 0])) == pytest.approx(180)
    tiny = np.array([1.0, 1e-10])
    assert degrees_between(np.array([1.0, 0]), tiny) == pytest.approx(np.degrees(1e-10))
    assert degrees_between(tiny, tiny) == 0


def test_a_step_goes_where_flat_says():
    rnn = RNN.random(2, 3, 2, 0)
    step = np.arange(2 * 3 + 9 + 6 + 3 + 2, dtype=float)
    after = rnn.with_parameters(rnn.parameters + rnn.parameters.like(step))
    assert np.array_equal(after.W_hx, rnn.W_hx + step[:6].reshape(3, 2))
    assert np.array_equal(after.b_q, rnn.b_q + step[-2:])
    assert np.array_equal(after.W_hh, rnn.W_hh + step[6:15].reshape(3, 3))


def test_recall_asks_for_what_came_lag_steps_ago():
    x, y = recall(10, 3, seed=4)
    assert y[:3].tolist() == [[0]] * 3 and np.array_equal(y[3:], x[:-3])
    assert recall(2, 5)[1].tolist() == [[0], [0]]


def network(rho):
    return RNN.random(1, 4, 1, spectral_radius=rho, phi="identity")


def test_descent_takes_plain_steps():
    rnn, (x, y) = network(0.9), recall()
    losses = descend(rnn, x, y, 3, 0.05)
    for loss in losses:
        g = gradient(rnn, x, y, loss="squared")
        assert loss == g.loss
        rnn = RNN(rnn.W_hx - 0.05 * g.W_hx, rnn.W_hh - 0.05 * g.W_hh, rnn.W_qh - 0.05 * g.W_qh,
                  rnn.b_h - 0.05 * g.b_h, rnn.b_q - 0.05 * g.b_q, phi="identity")  # fmt: skip


@pytest.mark.parametrize("rho", [1.2, 1.5])
def test_an_exploding_network_is_lost_without_clipping_and_learns_with_it(rho):
    rnn, data = network(rho), recall()
    assert np.isinf(descend(rnn, *data, 40, 0.05)[-1])
    for clip in (clip_by_norm, clip_by_value):
        losses = descend(rnn, *data, 40, 0.05, partial(clip, theta=1.0))
        assert losses[-1] < 0.3 < losses[0]


def test_where_gradients_vanish_clipping_changes_nothing():
    rnn, data = network(0.5), recall()
    for clip in (clip_by_norm, clip_by_value):
        assert np.array_equal(descend(rnn, *data, 20, 0.05), descend(rnn, *data, 20, 0.05, partial(clip, theta=1.0)))


@pytest.mark.parametrize("theta", [0, -1, np.nan, np.inf, "1"])
def test_bad_limits_are_refused(theta):
    for clip in (clip_by_norm, clip_by_value):
        with pytest.raises(ValueError):
            clip([1.0, 2.0], theta)
    with pytest.raises(ValueError):
        clip_by_norm([1.0, np.nan], 1)
