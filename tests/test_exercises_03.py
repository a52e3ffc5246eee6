"""The exercises of page 03, taken from the page: stub and typical mistakes are rejected, the solution is accepted."""

import numpy as np
import pytest

from bpttlib import gradient
from bpttlib.check import check
from tests.pages import exercises

TASKS, SOLUTIONS = exercises("03_backward.ipynb"), exercises("solutions/03_backward.ipynb")


def verdict(answer):
    """The page's own check with this answer in the place of the function of the same name."""
    return check(answer, *TASKS[answer.__name__][1:])


EXERCISES = ["sweep_back", "lab_states", "lab_bias", "first_state", "more_for_b"]


@pytest.mark.parametrize("name", EXERCISES)
def test_what_stands_in_the_page_is_rejected(name):
    found = verdict(TASKS[name][0])
    assert not found.right
    assert name.startswith("lab") or found.text == "not written yet"


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_is_accepted(name):
    assert verdict(SOLUTIONS[name][0]).right


def sweep_with(step):
    def sweep_back(W_hh, slope, direct):
        delta = direct.copy()
        for t in range(len(delta) - 1, 0, -1):
            delta[t - 1] = step(W_hh, slope, direct, delta, t)
        return delta

    return sweep_back


def upwards(W_hh, slope, direct):
    delta = direct.copy()
    for t in range(1, len(delta)):
        delta[t] += W_hh.T @ (slope[t] * delta[t - 1])
    return delta


upwards.__name__ = "sweep_back"


def in_place(W_hh, slope, direct):
    for t in range(len(direct) - 1, 0, -1):
        direct[t - 1] += W_hh.T @ (slope[t] * direct[t])
    return direct


in_place.__name__ = "sweep_back"


@pytest.mark.parametrize(
    "answer",
    [
        sweep_with(lambda W, s, b, d, t: b[t - 1] + W @ (s[t] * d[t])),  # not transposed
        sweep_with(lambda W, s, b, d, t: b[t - 1] + W.T @ (s[t - 1] * d[t])),  # the slope of the earlier step
        sweep_with(lambda W, s, b, d, t: b[t - 1] + s[t] * (W.T @ d[t])),  # the slope on the wrong side
        sweep_with(lambda W, s, b, d, t: b[t - 1] + W.T @ d[t]),  # no slope: the linear network
        sweep_with(lambda W, s, b, d, t: W.T @ (s[t] * d[t])),  # the direct term only at the last step
        sweep_with(lambda W, s, b, d, t: b[t - 1] + W.T @ (s[t] * b[t])),  # only one step back
        upwards,
        in_place,
    ],
)
def test_wrong_sweeps_are_rejected(answer):
    assert not verdict(answer).right


def lab_with(power):
    def lab_states(W_hh, direct):
        T = len(direct)
        return [sum(power(W_hh, k - t) @ direct[k] for k in range(t, T)) for t in range(T)]

    return lab_states


@pytest.mark.parametrize(
    "power",
    [
        lambda W, n: W.T**n if n else np.eye(3),  # only the power 0 mended
        lambda W, n: np.linalg.matrix_power(W, n),  # mended, and the transpose lost
        lambda W, n: np.linalg.matrix_power(W.T, n + 1),  # one too many
        lambda W, n: np.linalg.matrix_power(W.T, max(n, 1)),
    ],
)
def test_half_mended_laboratories_are_rejected(power):
    assert not verdict(lab_with(power)).right


def lab_bias_of(function):
    def lab_bias(dL_du):
        return function(dL_du)

    return lab_bias


@pytest.mark.parametrize(
    "function",
    [
        lambda d: d.sum(axis=1),
        lambda d: d.sum(axis=(0, 2)),
        lambda d: d.sum(),
        lambda d: d.sum(axis=0).mean(axis=0),  # 1/B is in it already
        lambda d: d.mean(axis=(0, 1)),
        lambda d: d.sum(axis=(0, 1), keepdims=True),
        lambda d: d[:, 0].sum(axis=0),
        lambda d: d[-1].sum(axis=0),
    ],
)
def test_wrong_bias_gradients_are_rejected(function):
    assert not verdict(lab_bias_of(function)).right


def first_with(step):
    def first_state(rnn, x, y, h_0):
        dL_dh = gradient(rnn, x, y, loss="squared", h0=h_0).dL_dh[0, 0]
        return step(rnn, 1 - rnn.forward(x, h_0).h[1, 0] ** 2, dL_dh)

    return first_state


@pytest.mark.parametrize(
    "step",
    [
        lambda rnn, slope, d: rnn.W_hh.T @ d,  # no slope
        lambda rnn, slope, d: rnn.W_hh @ (slope * d),  # not transposed
        lambda rnn, slope, d: slope * (rnn.W_hh.T @ d),  # the slope on the wrong side
        lambda rnn, slope, d: d,  # one step too few
        lambda rnn, slope, d: np.zeros(3),  # "h_0 is given, so nothing acts on it"
        lambda rnn, slope, d: np.outer(slope * d, slope),  # a matrix
    ],
)
def test_wrong_first_states_are_rejected(step):
    assert not verdict(first_with(step)).right


@pytest.mark.parametrize(
    "formula",
    [
        lambda T: T * (T - 1) // 2,  # the last loss only
        lambda T: T * (T + 1) // 2,  # one for each path
        lambda T: T * (T + 1) * (T + 2) // 6,  # one too many for each path
        lambda T: 165,
        lambda T: T**3 // 6,
    ],
)
def test_wrong_counts_for_the_bias_are_rejected(formula):
    def more_for_b(T):
        return formula(T)

    assert not verdict(more_for_b).right
