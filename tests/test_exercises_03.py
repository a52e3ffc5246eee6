"""The exercises of page 03: right answers written in other ways are right, typical mistakes are not."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from within import within

from bpttlib import gradient
from tests.pages import each, exercises


def task(name):
    return exercises("03_backward.ipynb")[name]


def verdict(answer):
    """The page's own judge on this answer in the place of the function of the same name."""
    return task(answer.__name__).judge(answer)


# ---- right, in other ways -----------------------------------------------------------------------


def sweep_from_zeros(W_hh, slope, direct):
    delta = np.zeros(direct.shape)
    delta[-1] = direct[-1]
    for t in range(len(direct) - 2, -1, -1):
        delta[t] = direct[t] + (slope[t + 1] * delta[t + 1]) @ W_hh
    return delta


def sweep_with_jacobians(W_hh, slope, direct):
    delta = [direct[-1]]
    for t in range(len(direct) - 1, 0, -1):
        delta.insert(0, direct[t - 1] + (np.diag(slope[t]) @ W_hh).T @ delta[0])
    return delta


def sweep_with_scaled_rows(W_hh, slope, direct):
    delta = direct * 1.0
    for t in reversed(range(1, len(direct))):
        delta[t - 1] = delta[t - 1] + np.dot((slope[t][:, None] * W_hh).T, delta[t])
    return tuple(map(tuple, delta))


def sweep_by_recursion(W_hh, slope, direct):
    if len(direct) == 1:
        return [direct[0]]
    later = sweep_by_recursion(W_hh, slope[1:], direct[1:])
    return [direct[0] + W_hh.T @ (slope[1] * later[0]), *later]


def states_by_sweep(W_hh, direct):
    return sweep_from_zeros(W_hh, np.ones(direct.shape), direct)


def states_with_powers_kept(W_hh, direct):
    powers = [np.eye(len(W_hh))]
    for _ in direct:
        powers.append(powers[-1] @ W_hh)
    return tuple(sum(direct[k] @ powers[k - t] for k in range(t, len(direct))) for t in range(len(direct)))


def bias_by_loops(dL_du):
    total = [0] * dL_du.shape[2]
    for step in dL_du.tolist():
        for sequence in step:
            total = [a + b for a, b in zip(total, sequence, strict=True)]
    return total


def first_by_nudging(rnn, x, y, h_0):
    eps, found = 1e-6, []
    for unit in np.eye(len(h_0)):
        losses = [gradient(rnn, x, y, loss="squared", h0=h_0 + sign * eps * unit).loss for sign in (1, -1)]
        found.append((losses[0] - losses[1]) / (2 * eps))
    return found


def first_with_the_jacobian(rnn, x, y, h_0):
    h_1 = rnn.forward(x, h_0).h[1, 0]
    J_1 = np.diag(1 - h_1**2) @ rnn.W_hh
    return tuple(J_1.T @ gradient(rnn, x, y, loss="squared", h0=h_0).dL_dh[0, 0])


def more_from_440(T):
    """Of all products for two parameters T(T+1) are made at the ends; the rest is for two."""
    return (T * (T + 1) * (2 * T + 1) // 6 - T * (T + 1) // 2) // 2


RIGHT = {
    "sweep_back": [sweep_from_zeros, sweep_with_jacobians, sweep_with_scaled_rows, sweep_by_recursion],
    "lab_states": [states_by_sweep, states_with_powers_kept],
    "lab_bias": [bias_by_loops, lambda d: np.einsum("tbn->n", d), lambda d: d.reshape(-1, d.shape[-1]).sum(0)],
    "first_state": [first_by_nudging, first_with_the_jacobian],
    "more_for_b_h": [
        more_from_440,
        lambda T: comb(T + 1, 3),
        lambda T: Fraction(T**3 - T, 6),
        lambda T: (T**3 - T) / 6,
    ],
}


@each(RIGHT)
def test_right_answers_written_in_another_way_are_right(name, answer):
    assert task(name).judge(answer).right


# ---- what is demanded ---------------------------------------------------------------------------


def every_loss_by_itself(W_hh, slope, direct):
    delta = direct.copy()
    for k in range(len(direct)):
        carried = direct[k]
        for t in range(k - 1, -1, -1):
            carried = W_hh.T @ (slope[t + 1] * carried)
            delta[t] += carried
    return delta


def test_one_product_a_step():
    for slow in (every_loss_by_itself, task("sweep_back").spec):
        text = task("sweep_back").judge(slow).text
        assert text.startswith("is right, but") and "multiplications" in text


def test_the_spec_of_the_sweep_agrees_with_every_loss_by_itself_on_random_numbers():
    dice = np.random.default_rng(0)
    case = dice.normal(size=(3, 3)), dice.random((6, 3)), dice.normal(size=(6, 3))
    assert np.allclose(task("sweep_back").spec(*case), every_loss_by_itself(*case), rtol=0, atol=1e-12)


def more_in_a_loop(T):
    return sum(lag * (T - lag) for lag in range(T))


def test_no_loop_over_the_lags():
    assert "there is a loop in more_in_a_loop" in task("more_for_b_h").judge(more_in_a_loop).text
    assert "there is a loop" in task("more_for_b_h").judge(task("more_for_b_h").spec).text


# ---- wrong --------------------------------------------------------------------------------------


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


@within(
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
        lambda W, n: W.T**n if n else np.eye(len(W)),  # only the power 0 mended
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


@within(
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
        lambda rnn, slope, d: np.zeros(2),  # "h_0 is given, so nothing acts on it"
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
    def more_for_b_h(T):
        return formula(T)

    assert not verdict(more_for_b_h).right


def test_what_the_learner_reads_says_which_steps_are_right():
    found = verdict(sweep_with(lambda W, s, b, d, t: b[t - 1] + W @ (s[t] * d[t])))
    assert "has step 3 right, steps 1 and 2 not; at [1, " in found.text
