"""What goes far back, against the reverse sweep, finite powers and plain loops."""

import numpy as np
import pytest

from bpttlib import RNN, gradient, lag_norms
from bpttlib.longlag import cosines, sent_back, sizes
from bpttlib.powers import iterate


@pytest.mark.parametrize("phi", ["tanh", "identity"])
def test_an_error_at_the_last_step_goes_back_as_in_the_gradient_of_that_loss(phi):
    """A loss that is 0 at every step but the last: then ∂L/∂h_t is all that comes from there."""
    rng = np.random.default_rng(0)
    rnn, x, e = RNN.random(2, 5, 3, 1, phi=phi), rng.standard_normal((9, 2)), rng.standard_normal(3)
    o = rnn.forward(x).o[:, 0]
    y = o.copy()
    y[-1] = o[-1] - 9 * e  # ½‖o - y‖²/T has ∂L/∂o_T = e
    g = gradient(rnn, x, y, loss="squared")
    assert np.allclose(sent_back(rnn, x, [e])[::-1, 0], g.dL_dh[:, 0], rtol=0, atol=1e-12)
    assert np.allclose(np.linalg.norm(sent_back(rnn, x, [e])[:, 0], axis=1), lag_norms(rnn, x, y, "squared")[:, -1])


def test_a_linear_network_sends_powers():
    rnn, x, e = RNN.random(4, 6, 4, 0, 0.8, "identity"), np.ones((12, 4)), np.eye(4)
    orbit = iterate(rnn.W_hh.T, rnn.W_qh.T @ e, 11)
    D = sent_back(rnn, x, e)
    assert np.allclose(D.transpose(0, 2, 1), np.exp(orbit.log_norm)[:, None] * orbit.direction)


def test_tanh_without_input_is_the_linear_network():
    D, L = (sent_back(RNN.random(4, 5, 4, 0, 0.9, phi), np.zeros((20, 4)), np.eye(4)) for phi in ("tanh", "identity"))
    assert np.array_equal(D, L)


def test_cosines_and_sizes_against_loops():
    D = np.random.default_rng(2).standard_normal((4, 3, 5))
    for k, found in enumerate(cosines(D)):
        pairs = [(0, 1), (0, 2), (1, 2)]
        by_hand = [abs(D[k, i] @ D[k, j]) / np.linalg.norm(D[k, i]) / np.linalg.norm(D[k, j]) for i, j in pairs]
        assert found == pytest.approx(np.mean(by_hand))
    assert sizes(D)[2] == pytest.approx(sum(map(np.linalg.norm, D[2])) / sum(map(np.linalg.norm, D[0])))
    D[3, 1] = 0
    assert np.isnan(cosines(D)[3]) and not np.isnan(cosines(D)[:3]).any()


def test_bad_input_is_refused():
    rnn = RNN.random(4, 3, 4, 0)
    for x, errors in [(np.ones((5, 3)), np.eye(4)), (np.ones((5, 4)), np.eye(3)), (np.ones((5, 4)), [[np.nan] * 4])]:
        with pytest.raises(ValueError):
            sent_back(rnn, x, errors)
