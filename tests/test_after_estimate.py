"""Clipping and Adam behind an unbiased estimate: biases by plain loops, and Adam by another implementation."""

from functools import partial
from itertools import product

import numpy as np
import pytest
from optional import torch_or_skip
from reference import assert_close
from strategies import make_case
from within import within

from bpttlib import Full, Random, gradient, moments
from bpttlib.after_estimate import Outcomes, adam_step, after_many_steps, outcomes
from bpttlib.clipping import clip_by_norm
from bpttlib.optimizers import Adam


@pytest.fixture(scope="module")
def case():
    return make_case(T=5, B=2)


@pytest.fixture(scope="module")
def thrown(case):
    return outcomes(case.rnn, case.x, case.y, Random(0.6), loss=case.loss, h0=case.h0)


def test_the_outcomes_have_the_mean_and_the_variance_of_the_estimate(case, thrown):
    found = moments(case.rnn, case.x, case.y, Random(0.6), loss=case.loss, h0=case.h0)
    g = gradient(case.rnn, case.x, case.y, Full(), loss=case.loss, h0=case.h0)
    assert thrown.values.shape == (16, len(g.flat()))
    assert_close(thrown.mean, g.flat())
    assert_close(thrown.variance, found.variance.flat())


def test_one_parameter_alone_has_its_columns(case, thrown):
    data = {"loss": case.loss, "h0": case.h0}
    parts = [outcomes(case.rnn, case.x, case.y, Random(0.6), name, **data).values for name in case.rnn.parameters]
    assert np.array_equal(np.concatenate(parts, axis=1), thrown.values)
    with pytest.raises(ValueError, match="name must be one of W_hx"):
        outcomes(case.rnn, case.x, case.y, Random(0.6), "W", **data)


def test_clipping_is_biased_as_soon_as_an_outcome_is_clipped(thrown):
    longest, length = np.linalg.norm(thrown.values, axis=1).max(), np.linalg.norm(thrown.mean)
    assert thrown.bias(partial(clip_by_norm, theta=1.01 * longest)) == pytest.approx(0, abs=1e-12)
    theta = (longest + length) / 2
    by_hand = sum(p * g * min(1, theta / np.linalg.norm(g)) for p, g in zip(thrown.chances, thrown.values, strict=True))
    clipped = partial(clip_by_norm, theta=theta)
    assert_close(thrown.expect(clipped), by_hand)
    assert thrown.bias(clipped) == pytest.approx(np.linalg.norm(by_hand - thrown.mean) / length)
    assert thrown.bias(clipped) > 1e-3


def test_what_is_straight_has_no_bias(thrown):
    assert thrown.bias(lambda g: 3 * g) < 1e-12


def test_a_first_adam_step_is_a_sign_and_its_mean_a_vote():
    found = Outcomes([[-1.0], [4.0]], [0.75, 0.25])  # the mean is up, three of four are down
    assert found.mean == pytest.approx(0.25)
    assert found.adam_bias(1) == pytest.approx(1.5, rel=1e-6)  # -½ instead of 1


def test_adam_bias_lists_every_order():
    found, expected = Outcomes([[-1.0, 2.0], [4.0, 1.0], [0.5, 0.0]], [0.5, 0.3, 0.2]), 0.0
    for order in product(range(3), repeat=3):
        m = v = np.zeros(2)
        for n in order:
            m, v = 0.9 * m + 0.1 * found.values[n], 0.999 * v + 0.001 * found.values[n] ** 2
        step = m / (1 - 0.9**3) / (np.sqrt(v / (1 - 0.999**3)) + 1e-8)
        expected = expected + np.prod(found.chances[list(order)]) * step
    wanted = np.sign(found.mean)  # n times the same gradient
    assert found.adam_bias(3) == pytest.approx(np.linalg.norm(expected - wanted) / np.linalg.norm(wanted), rel=1e-6)


def test_adam_steps_are_those_of_torch():
    torch = torch_or_skip()
    gradients = np.random.default_rng(0).standard_normal((4, 3))
    w = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([w], lr=0.1)
    for n, g in enumerate(gradients, start=1):
        before = w.detach().clone()
        w.grad = torch.tensor(g)
        optimizer.step()
        assert_close(adam_step(gradients[:n], Adam(0.1)), (before - w.detach()).numpy())


def test_in_the_long_run_the_spread_stands_under_the_root():
    """With an average over ever more steps, listed: the step of the mean, shortened."""
    found = Outcomes([[0.0], [4.0]], [0.5, 0.5])
    ratio = after_many_steps(found.mean, found.variance)
    assert ratio == pytest.approx(np.sqrt(0.5))
    n = np.random.default_rng(0).integers(0, 2, 20000)
    assert adam_step(found.values[n], Adam(1.0, 0.9999, 0.9999)) == pytest.approx(ratio, abs=0.01)


@within(
    "call, error, needed",
    [
        (lambda: Outcomes([[1.0]], [0.5]), ValueError, "add up to 1"),
        (lambda: Outcomes([[1.0], [1.0]], [1.5, -0.5]), ValueError, "negative"),
        (lambda: Outcomes([[1.0]], [0.5, 0.5]), ValueError, "chances must have shape"),
        (lambda: Outcomes([[np.nan]], [1.0]), ValueError, "NaN"),
        (lambda: Outcomes(np.zeros((10, 1)), [0.1] * 10).adam_bias(5), ValueError, "too many"),
        (lambda: Outcomes([[1.0]], [1.0]).adam_bias(0), ValueError, "n must be"),
        (lambda: outcomes(None, [[1.0]], [0], Full()), TypeError, "Random"),
        (lambda: adam_step([]), ValueError, "gradients"),
        (lambda: after_many_steps([1.0], [1.0, 2.0]), ValueError, "variance"),
    ],
)
def test_bad_input_is_refused(call, error, needed):
    with pytest.raises(error, match=needed):
        call()
