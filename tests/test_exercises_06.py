"""The exercises of page 06: right answers written in other ways are right, typical mistakes are not."""

from fractions import Fraction
from functools import reduce
from itertools import accumulate

import numpy as np
import pytest
from within import within

from bpttlib import RNN, SGD, Batch, Learner, Parameters, Segments
from bpttlib.clipping import clip_by_norm
from tests.pages import each, exercises


def task(name):
    return exercises("06_training.ipynb")[name]


def one_step(h, x, w_h=0.9, w_x=0.5):
    return np.tanh(w_h * h + w_x * x)


# ---- right, in other ways -----------------------------------------------------------------------


def read_in_one_pass(x, k):
    return list(accumulate(x, one_step, initial=0.0))[1:]


def read_by_the_network(x, k):
    rnn, h, states = RNN([[0.5]], [[0.9]], [[1.0]]), None, []
    for block in Batch(np.array(x, float)[:, None], np.zeros((len(x), 1), int)).blocks(k):
        trace = rnn.forward(block.x, h)
        states, h = [*states, *trace.h[1:, 0, 0]], trace.h[-1]
    return states


def read_from_the_back(x, k):
    if not len(x):
        return []
    before = read_from_the_back(x[:-1], k)
    return [*before, one_step(before[-1] if before else 0.0, x[-1])]


def ends_by_pairs(blocks, order):
    found = []
    for before, n in zip((None, *order), order, strict=False):
        start = found[-1] if before is not None and before + 1 == n else 0.0
        found.append(reduce(one_step, blocks[n], start))
    return found


def ends_forgotten_first(blocks, order):
    h, expected, found = 0.0, None, []
    for n in order:
        h = reduce(one_step, blocks[n], h if n == expected else 0.0)
        expected = n + 1
        found.append(h)
    return np.array(found)


def ends_by_a_learner(blocks, order):
    learner, found, before = Learner(RNN([[0.5]], [[0.9]], [[1.0]]), optimizer=SGD(1e-300)), [], -9
    for n in order:
        x = np.array(blocks[n], float)[:, None]
        learner.learn(Batch(x, np.zeros(len(x), int), fresh=before != n - 1))
        before = n
        found.append(learner.state.item())
    return found


RIGHT = {
    "read_in_blocks": [read_in_one_pass, read_by_the_network, read_from_the_back],
    "ends": [ends_by_pairs, ends_forgotten_first, ends_by_a_learner],
    "mean_loss": [
        lambda losses, mask: np.average(losses, weights=mask),
        lambda losses, mask: np.array(losses)[np.array(mask) == 1].mean(),
        lambda losses, mask: np.mean(np.multiply(losses, mask)) / np.mean(mask),
    ],
    "whole": [
        lambda g, T: np.average(g, weights=T),
        lambda g, T: np.repeat(g, T).mean(),
        lambda g, T: np.dot(g, T) / np.sum(T),
    ],
    "step": [
        lambda w, g, rate, theta: np.array(w) - rate * np.array(g) / max(1, np.hypot(*g) / theta),
        lambda w, g, rate, theta: np.array(w) - rate * clip_by_norm(np.array(g), theta),
        lambda w, g, rate, theta: (
            SGD(rate)
            .step(Parameters(w=w), Parameters(w=clip_by_norm(np.array(g), theta)), SGD(rate).start(Parameters(w=w)))[0]
            .w
        ),
    ],
    "smallest_tau": [
        lambda lag, share: -(-lag // (1 - share)),
        lambda lag, share: int(np.ceil(Fraction(lag) / (1 - Fraction(share)))),
        lambda lag, share: 1 + int(np.argmax((np.arange(1, 999) - lag) / np.arange(1, 999) >= share)),
    ],
    "diverges": [
        lambda rate, kappa: not -1 <= 1 - rate * kappa <= 1,
        lambda rate, kappa: rate * kappa < 0 or rate * kappa > 2,
        lambda rate, kappa: (1 - rate * kappa) ** 2 > 1,
    ],
}


@within("name", RIGHT)
def test_right_answers_written_in_another_way_are_right(name):
    for answer in RIGHT[name]:
        verdict = task(name).judge(answer)
        assert verdict.right, verdict.text


def test_every_exercise_has_right_and_wrong_answers():
    assert set(exercises("06_training.ipynb")) == set(RIGHT) == set(WRONG)


# ---- what is demanded ---------------------------------------------------------------------------


def test_no_tau_is_tried():
    assert "there is a loop" in task("smallest_tau").judge(task("smallest_tau").spec).text


def test_nothing_is_run():
    assert "there is a loop" in task("diverges").judge(task("diverges").spec).text


def test_a_block_of_the_library_has_as_many_paths():
    tau, lag = 9, 4
    Omega = Segments(tau).path_weights(3 * tau)
    assert np.diagonal(Omega, -lag).sum() == 3 * (tau - lag)


# ---- wrong --------------------------------------------------------------------------------------


def read_from_zero(x, k):
    return [h for n in range(0, len(x), k) for h in read_in_one_pass(x[n : n + k], k)]


def read_with_the_zero_state(x, k):
    return [0.0, *read_in_one_pass(x, k)]


def read_without_the_last_block(x, k):
    return read_in_one_pass(x[: len(x) - len(x) % k] or x, k)


def ends_always_carried(blocks, order):
    return list(accumulate(order, lambda h, n: reduce(one_step, blocks[n], h), initial=0.0))[1:]


def ends_never_carried(blocks, order):
    return [reduce(one_step, blocks[n], 0.0) for n in order]


def ends_sorted(blocks, order):
    return ends_always_carried(blocks, sorted(order))


def ends_where_the_text_goes_on_somewhere(blocks, order):
    h, found = 0.0, []
    for n in order:
        h = reduce(one_step, blocks[n], h if n > 0 else 0.0)
        found.append(h)
    return found


def step_of_clipped_weights(w, g, rate, theta):
    w = np.array(w) - rate * np.array(g)
    return w * min(1, theta / np.linalg.norm(w))


def step_always_of_length_theta(w, g, rate, theta):
    return np.array(w) - rate * theta * np.array(g) / np.linalg.norm(g)


WRONG = {
    "read_in_blocks": [read_from_zero, read_with_the_zero_state, read_without_the_last_block],
    "ends": [ends_always_carried, ends_never_carried, ends_sorted, ends_where_the_text_goes_on_somewhere],
    "mean_loss": [
        lambda losses, mask: np.mean(np.multiply(losses, mask)),
        lambda losses, mask: np.mean(losses),
        lambda losses, mask: np.sum(np.multiply(losses, mask)),
        lambda losses, mask: np.sum(np.multiply(losses, mask)) / len(losses),
    ],
    "whole": [
        lambda g, T: sum(g),
        lambda g, T: np.mean(g),
        lambda g, T: np.dot(g, T),
        lambda g, T: np.dot(g, 1 / np.array(T)) / np.sum(1 / np.array(T)),
    ],
    "step": [
        step_of_clipped_weights,
        step_always_of_length_theta,
        lambda w, g, rate, theta: np.array(w) - rate * np.clip(g, -theta, theta),  # entry by entry
        lambda w, g, rate, theta: np.array(w) - clip_by_norm(rate * np.array(g), theta),  # the step, not the gradient
        lambda w, g, rate, theta: np.array(w) - rate * np.array(g),
    ],
    "smallest_tau": [
        lambda lag, share: lag + 1,
        lambda lag, share: int(lag / (1 - share)),
        lambda lag, share: int(np.ceil(lag / share)),
        lambda lag, share: int(np.ceil((lag + 1) / (1 - share))),
        lambda lag, share: int(lag / (1 - share)) + 1,
    ],
    "diverges": [
        lambda rate, kappa: rate * kappa > 2,  # a wrong sign is no large step
        lambda rate, kappa: kappa < 0,
        lambda rate, kappa: rate > 2,
        lambda rate, kappa: rate * abs(kappa) > 2,
        lambda rate, kappa: abs(1 - rate * kappa) < 1,
    ],
}


@each(WRONG)
def test_typical_wrong_answers_are_rejected(name, answer):
    verdict = task(name).judge(answer)
    assert not verdict.right and "not written" not in verdict.text and "raises" not in verdict.text


@pytest.mark.parametrize("name", ["ends", "mean_loss", "whole", "step"])
def test_the_bug_of_the_page_is_found(name):
    verdict = task(name).judge(task(name).answer)
    assert not verdict.right and "not written" not in verdict.text and "raises" not in verdict.text
