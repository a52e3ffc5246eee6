"""Clipping at work, against plain steps, a complex step and the loss of a network that is silent."""

from functools import partial

import numpy as np
import pytest

from bpttlib import RNN, complex_step, gradient
from bpttlib.clipping import clip_by_norm, clip_by_value
from bpttlib.experiments import clipping
from bpttlib.experiments.clipping import LOST, descend
from bpttlib.experiments.tasks import recall

NAMES = ("W_hx", "W_hh", "W_qh", "b_h", "b_q")


def network(rho):
    return RNN.random(1, 4, 1, spectral_radius=rho, phi="identity")


def entries(g):
    return np.concatenate([np.ravel(getattr(g, name)) for name in NAMES])


def test_recall_asks_for_what_came_lag_steps_ago():
    x, y = recall(10, 3, seed=4)
    assert y[:3].tolist() == [[0]] * 3 and np.array_equal(y[3:], x[:-3])
    assert recall(2, 5)[1].tolist() == [[0], [0]]
    assert not np.array_equal(recall(seed=1)[0], recall(seed=2)[0])
    for T, lag in ((0, 1), (3, 0)):
        with pytest.raises(ValueError):
            recall(T, lag)


def plain_losses(rho, steps, clip):
    """Gradient descent written out, with the gradient by a complex step."""
    rnn, (x, y), losses = network(rho), recall(), []
    for _ in range(steps + 1):
        losses.append(float(((rnn.forward(x).o[:, 0] - y) ** 2).mean() / 2))
        move, begin, moved = -0.05 * clip(entries(complex_step(rnn, x, y, loss="squared"))), 0, {}
        for name in NAMES:
            w = getattr(rnn, name)
            moved[name] = w + move[begin : begin + w.size].reshape(w.shape)
            begin += w.size
        rnn = RNN(**moved, phi="identity")
    return losses


@pytest.mark.parametrize("clip", [None, partial(clip_by_norm, theta=0.5), partial(clip_by_value, theta=0.1)])
def test_descent_takes_plain_steps(clip):
    found = descend(network(0.9), *recall(), 3, 0.05, clip)
    assert found == pytest.approx(plain_losses(0.9, 3, clip or (lambda g: g)), rel=1e-10)


@pytest.mark.parametrize("rho", [1.2, 1.5])
def test_an_exploding_network_is_lost_without_clipping_and_learns_with_it(rho):
    rnn, data = network(rho), recall()
    free = descend(rnn, *data, 40, 0.05)
    assert np.isinf(free[-1]) and (free[np.isfinite(free)] < LOST).all() and (np.diff(np.isinf(free)) >= 0).all()
    for clip in (clip_by_norm, clip_by_value):
        losses = descend(rnn, *data, 40, 0.05, partial(clip, theta=1.0))
        assert losses[-1] < 0.3 < losses[0]


def test_where_gradients_vanish_clipping_changes_nothing():
    rnn, data = network(0.5), recall()
    for clip in (clip_by_norm, clip_by_value):
        assert np.array_equal(descend(rnn, *data, 20, 0.05), descend(rnn, *data, 20, 0.05, partial(clip, theta=1.0)))


@pytest.mark.parametrize("steps, rate", [(0, 0.1), (3, 0), (3, -1.0), (3, np.nan)])
def test_bad_training_is_refused(steps, rate):
    with pytest.raises(ValueError):
        descend(network(0.9), *recall(), steps, rate)


@pytest.mark.parametrize("theta, rho", [(1.0, 1.2), (0.3, 0.9), (3.0, 0.5), (0.1, 1.5)])
def test_the_two_entries_shown_are_the_two_largest(theta, rho):
    found, g = clipping.run(theta, rho), entries(complex_step(network(rho), *recall(), loss="squared"))
    first, second = sorted(range(len(g)), key=lambda n: -abs(g[n]))[:2]
    assert found["g"]["unclipped"] == pytest.approx(g[[first, second]], rel=1e-9)
    norm = sum(v * v for v in g) ** 0.5
    assert found["norm"] == pytest.approx(norm, rel=1e-9)
    assert found["g"]["by norm"] == pytest.approx(g[[first, second]] * min(1, theta / norm), rel=1e-9)
    by_value = np.array([max(-theta, min(theta, v)) for v in g])
    assert found["g"]["by value"] == pytest.approx(by_value[[first, second]], rel=1e-9)
    cosine = min(1.0, g @ by_value / norm / np.linalg.norm(by_value))
    assert found["turned"] == pytest.approx(np.degrees(np.arccos(cosine)), abs=1e-4)


def test_the_silent_network_is_one_with_no_weights():
    x, y = recall()
    silent = RNN(np.zeros((4, 1)), np.zeros((4, 4)), np.zeros((1, 4)), phi="identity")
    assert clipping.run(1.0, 1.2)["silent"] == pytest.approx(gradient(silent, x, y, loss="squared").loss, rel=1e-12)


def test_training_is_that_of_the_clipped_gradients():
    found = clipping.run(0.4, 1.3)
    assert found["theta"] == 0.4
    ways = {
        "unclipped": None,
        "by norm": partial(clip_by_norm, theta=0.4),
        "by value": partial(clip_by_value, theta=0.4),
    }
    assert found["losses"].keys() == found["g"].keys() == ways.keys()
    for name, clip in ways.items():
        assert np.array_equal(found["losses"][name], descend(network(1.3), *recall(), 40, 0.05, clip))
    for theta, rho in ((0, 1.0), (-1.0, 1.0), (1.0, 0.0)):
        with pytest.raises(ValueError):
            clipping.run(theta, rho)
