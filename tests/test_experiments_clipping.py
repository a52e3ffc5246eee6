"""Clipping at work, against a network swept backwards, plain steps and the loss of a unit that is silent."""

from functools import partial

import numpy as np
import pytest
from within import within

from bpttlib import RNN
from bpttlib.bptt import collected
from bpttlib.clipping import clip_by_norm, clip_by_value
from bpttlib.experiments import clipping
from bpttlib.experiments.clipping import BEGIN, LOST, descend, held
from bpttlib.sweep import reverse_sweep

RHOS = [0.3, 0.5, 0.9, 1.0, 1.2, 1.5]


def asked_at_the_end(w):
    """The same unit as a network that reads ten numbers, with a loss at the last step alone: L, ∂L/∂W_hh, ∂L/∂W_hx."""
    x = np.zeros((10, 1))
    x[0] = 1
    tape = RNN([[w[1]]], [[w[0]]], [[1.0]], phi="identity").forward(x)
    dL_do = np.zeros((10, 1, 1))
    dL_do[-1] = tape.o[-1] - 1
    g = collected(tape, dL_do, reverse_sweep(tape, dL_do, np.ones(10)), 0.0)
    return (tape.o[-1].item() - 1) ** 2 / 2, np.array([g.W_hh.item(), g.W_hx.item()])


@within("w", [(rho, BEGIN) for rho in RHOS] + [(-0.7, 1.4), (0.0, 3.0), (-1.3, -0.2)])
def test_the_unit_and_its_gradient_are_those_of_a_network_swept_backwards(w):
    L, g = held(np.array(w))
    wanted, g_wanted = asked_at_the_end(w)
    assert L == pytest.approx(wanted, rel=1e-12) and g == pytest.approx(g_wanted, rel=1e-12, abs=1e-300)


def plain_losses(rho, clip):
    """Gradient descent written out, on the network swept backwards, as long as no loss is above LOST."""
    w, losses = np.array([rho, 0.5]), []
    for _ in range(41):
        L, g = asked_at_the_end(w)
        if L > LOST:
            return losses + [np.inf] * (41 - len(losses))
        losses.append(L)
        w = w - 0.02 * clip(g)
    return losses


@within("rho", RHOS)
@within("clip", [None, partial(clip_by_norm, theta=0.5), partial(clip_by_value, theta=0.1)])
def test_descent_takes_plain_steps(rho, clip):
    assert descend(rho, clip) == pytest.approx(plain_losses(rho, clip or (lambda g: g)), rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("rho", [1.3, 1.5])
def test_an_exploding_unit_is_lost_without_clipping_and_learns_with_it(rho):
    free = descend(rho)
    assert np.isinf(free[-1]) and (free[np.isfinite(free)] <= LOST).all() and (np.diff(np.isinf(free)) >= 0).all()
    for clip in (clip_by_norm, clip_by_value):
        losses = descend(rho, partial(clip, theta=1.0))
        assert losses[-1] < 1e-9 < 1 < losses[0]


def test_a_plain_step_may_land_where_gradients_vanish_and_stay_there():
    free = descend(1.2)
    assert free[0] > 1 and (0.49 < free[1:]).all() and (free[1:] < 0.5).all()
    assert descend(1.2, partial(clip_by_norm, theta=1.0))[-1] < 1e-9


@within("rho", [0.3, 0.5])
@within("theta", [0.1, 1.0, 3.0])
def test_where_gradients_vanish_clipping_changes_nothing_and_nothing_is_learned(rho, theta):
    for clip in (clip_by_norm, clip_by_value):
        losses = descend(rho, partial(clip, theta=theta))
        assert np.array_equal(losses, descend(rho)) and (losses > 0.49).all()


@pytest.mark.parametrize("theta, rho", [(1.0, 1.3), (0.3, 0.9), (3.0, 0.5), (0.1, 1.5)])
def test_the_gradient_has_two_entries_and_is_clipped_to_the_circle_or_cut_to_the_square(theta, rho):
    found, (_, g) = clipping.run(theta, rho), asked_at_the_end((rho, 0.5))
    norm = np.hypot(*g)
    assert found["g"]["unclipped"] == pytest.approx(g, rel=1e-12) and g.shape == (2,)
    assert found["norm"] == pytest.approx(norm, rel=1e-12) and found["theta"] == theta
    assert np.hypot(*found["g"]["by norm"]) == pytest.approx(min(theta, norm), rel=1e-12)
    assert found["g"]["by norm"] == pytest.approx(g * min(1, theta / norm), rel=1e-12)
    by_value = np.array([max(-theta, min(theta, v)) for v in g])
    assert found["g"]["by value"] == pytest.approx(by_value, rel=1e-12)
    angles = np.degrees(np.arctan2([g[1], by_value[1]], [g[0], by_value[0]]))
    assert found["turned"] == pytest.approx(abs(angles[0] - angles[1]), abs=1e-9)


def test_the_silent_unit_loses_half():
    assert clipping.run(1.0, 1.3)["silent"] == asked_at_the_end((0.0, 0.0))[0] == 0.5


def test_training_is_that_of_the_clipped_gradients():
    found = clipping.run(0.4, 1.3)
    ways = {
        "unclipped": None,
        "by norm": partial(clip_by_norm, theta=0.4),
        "by value": partial(clip_by_value, theta=0.4),
    }
    assert found["losses"].keys() == found["g"].keys() == ways.keys()
    for name, clip in ways.items():
        assert np.array_equal(found["losses"][name], descend(1.3, clip))


@pytest.mark.parametrize("theta, rho", [(0, 1.0), (-1.0, 1.0), (1.0, 0.0), (1.0, -1.0), (1.0, np.nan)])
def test_bad_limits_and_scales_are_refused(theta, rho):
    with pytest.raises(ValueError):
        clipping.run(theta, rho)
    if not rho > 0:
        with pytest.raises(ValueError):
            descend(rho)
