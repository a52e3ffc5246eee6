"""The gradient of W_hh by lag, against paths one by one and against the whole gradient."""

import numpy as np
import pytest
from within import within

from bpttlib import Window, gradient, path_shares
from bpttlib.experiments import bylag
from bpttlib.experiments.bylag import FAR, T, reading
from bpttlib.experiments.spectrum import draw


@pytest.mark.parametrize("rho", [0.5, 0.9, 1.4])
def test_lengths_by_lag_are_those_of_the_diagonals_of_the_triangle(rho):
    P, found = path_shares(*reading(rho)), bylag.run(rho)
    wanted = [np.linalg.norm(sum(P[i + k, i] for i in range(T - k))) for k in range(T)]
    assert found["lengths"] == pytest.approx(wanted, rel=1e-9, abs=1e-18)


@pytest.mark.parametrize("rho", [0.5, 0.9, 1.4])
def test_the_sum_is_the_gradient_and_the_far_part_what_a_window_leaves_out(rho):
    found, whole = bylag.run(rho), gradient(*reading(rho)).W_hh
    assert found["whole"] == pytest.approx(np.linalg.norm(whole), rel=1e-12)
    near = gradient(*reading(rho), Window(FAR)).W_hh
    assert found["far"] == pytest.approx(np.linalg.norm(whole - near), rel=1e-6, abs=1e-15)


def test_the_network_reads_random_numbers():
    rnn, x, y = reading(0.7)
    assert np.array_equal(rnn.W_hh, draw(50, 0.7).W_hh) and rnn.phi == "tanh"
    assert x.shape == (T, 4) and x.std() == pytest.approx(0.5, rel=0.1) and set(y.tolist()) == {0, 1, 2, 3}


@within("rho", np.arange(0.5, 1.41, 0.05).round(2).tolist())
def test_the_whole_is_never_near_zero_and_is_carried_by_short_lags(rho):
    found = bylag.run(rho)
    assert found["whole"] > 0.4 and found["whole"] > found["lengths"].max()
    assert found["far"] < 0.12 * found["whole"] and found["lengths"].argmax() == 0


@pytest.mark.parametrize("rho", [0, -1.0, np.nan])
def test_bad_scales_are_refused(rho):
    with pytest.raises(ValueError):
        bylag.run(rho)
