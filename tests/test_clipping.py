"""Clipping bounds what is too long and keeps what is short."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bpttlib import RNN
from bpttlib.clipping import clip_by_norm, clip_by_value, degrees_between

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


@pytest.mark.parametrize("theta", [0, -1, np.nan, np.inf, "1"])
def test_bad_limits_are_refused(theta):
    for clip in (clip_by_norm, clip_by_value):
        with pytest.raises(ValueError):
            clip([1.0, 2.0], theta)
    with pytest.raises(ValueError):
        clip_by_norm([1.0, np.nan], 1)
