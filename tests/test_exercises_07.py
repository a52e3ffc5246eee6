"""The exercises of page 07: right answers written in other ways are right, typical mistakes are not."""

import math

import numpy as np
import pytest

from bpttlib import Leaky
from bpttlib.cell import sigmoid
from bpttlib.checking.specs import deaf_gru, deaf_lstm, felt, in_blocks, left, more_less_same, shows
from bpttlib.truncation import Full, Segments
from tests.pages import each, exercises


def task(name):
    return exercises("07_gates.ipynb")[name]


def other_sigmoid(u):
    return 1 / (1 + np.exp(-np.asarray(u)))


# ---- right, in other ways -----------------------------------------------------------------------


def gru_by_units(x, h, W_x, W_h, b, b_n):
    m, new = len(h), []
    for j in range(m):
        r, z = (1 / (1 + math.exp(-(sum(W_x[k] * x) + sum(W_h[k] * h) + b[k]))) for k in (j, m + j))
        n = math.tanh(sum(W_x[2 * m + j] * x) + b[2 * m + j] + r * (sum(W_h[2 * m + j] * h) + b_n[j]))
        new.append(n + z * (h[j] - n))
    return new


def gru_in_place(x, h, W_x, W_h, b, b_n):
    m = len(h)
    u = W_x.dot(x) + b
    u[: 2 * m] += W_h[: 2 * m].dot(h)
    gates = other_sigmoid(u[: 2 * m])
    u[2 * m :] += gates[:m] * (W_h[2 * m :].dot(h) + b_n)
    new = np.tanh(u[2 * m :])
    new += gates[m:] * (h - new)
    return new


def gru_with_one_matrix(x, h, W_x, W_h, b, b_n):
    m = len(h)
    u = np.hstack([W_x, W_h])[: 2 * m] @ np.concatenate([x, h]) + b[: 2 * m]
    r, z = (1 + np.tanh(u / 2)).reshape(2, m) / 2
    n = np.tanh(np.hstack([W_x[2 * m :], r[:, None] * W_h[2 * m :]]) @ np.concatenate([x, h]) + b[2 * m :] + r * b_n)
    return [*(z * h + n - z * n)]


def jacobian_by_entries(h, W_h, u, z):
    n = np.tanh(W_h @ h + u)
    size = range(len(h))
    return [[z[i] * (i == j) + (1 - z[i]) * (1 - n[i] ** 2) * W_h[i, j] for j in size] for i in size]


def jacobian_with_diagonals(h, W_h, u, z):
    slope = 1 / np.cosh(W_h @ h + u) ** 2
    J = np.diag((1 - z) * slope) @ W_h
    J[np.diag_indices_from(J)] += z
    return J


def jacobian_of_the_library(h, W_h, u, z):
    with np.errstate(divide="ignore"):
        b_z = np.clip(np.log(z) - np.log1p(-z), -700, 700)
    net = Leaky(np.zeros((len(h), 1)), W_h, np.ones((1, len(h))), b_z, u)
    return net.forward([[0.0]], h).jacobian(1)[0]


def lstm_by_units(x, h, c, W_x, W_h, b):
    m, hs, cs = len(h), [], []
    for j in range(m):
        i, f, g, o = (float(W_x[k] @ x + W_h[k] @ h + b[k]) for k in range(j, 4 * m, m))
        i, f, o = (1 / (1 + math.exp(-u)) for u in (i, f, o))
        cs.append(f * c[j] + i * math.tanh(g))
        hs.append(o * math.tanh(cs[-1]))
    return hs + cs


def lstm_in_rows(x, h, c, W_x, W_h, b):
    u = (b + np.concatenate([W_x, W_h], axis=1) @ np.concatenate([x, h])).reshape(4, -1)
    i, f, o = other_sigmoid(u[[0, 1, 3]])
    new = i * np.tanh(u[2])
    new += c * f
    return tuple(np.tanh(new) * o) + tuple(new)


def lstm_with_tanh_alone(x, h, c, W_x, W_h, b):
    s = np.repeat([0.5, 0.5, 1.0, 0.5], len(h))
    i, f, g, o = np.split(s * np.tanh(s * (W_x @ x + W_h @ h + b)) + 1 - s, 4)
    return np.append(o * np.tanh(i * g + f * c), i * g + f * c)


RIGHT = {
    "gru_step": [gru_by_units, gru_in_place, gru_with_one_matrix],
    "leaky_jacobian": [jacobian_by_entries, jacobian_with_diagonals, jacobian_of_the_library],
    "lstm_step": [lstm_by_units, lstm_in_rows, lstm_with_tanh_alone],
    "bias_for": [
        lambda n, share: np.log(share ** (1 / n) / (1 - share ** (1 / n))),
        lambda n, share: -math.log(share ** (-1 / n) - 1),
        lambda n, share: 2 * math.atanh(2 * math.exp(math.log(share) / n) - 1),
    ],
    "predicted": [
        lambda: ("same", "more", "less", "same", "less"),
        lambda: np.array(["same", "more", "less", "same", "less"]),
        lambda: more_less_same(),
    ],
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_answers_written_in_another_way_are_right(name):
    for answer in RIGHT[name]:
        verdict = task(name).judge(answer)
        assert verdict.right, verdict.text


def test_every_exercise_has_right_and_wrong_answers():
    assert set(exercises("07_gates.ipynb")) == set(RIGHT) == set(WRONG)


# ---- what the judges run ------------------------------------------------------------------------


def test_the_predictions_are_those_of_the_equations():
    """Closed forms: a constant gate is a power, tanh hides what has grown, and no gradient crosses a cut."""
    f, z = sigmoid(2.0), sigmoid(3.0)
    assert np.allclose([left(deaf_lstm(2.0, units=48), 40), left(deaf_gru(3.0), 10)], [f**40, z**10], rtol=1e-12)
    c = 1 + 5 * 0.5 * np.tanh(1.0)
    assert np.isclose(shows(deaf_lstm(50.0, b_g=1.0), 5), 0.5 / np.cosh(c) ** 2, rtol=1e-12)
    assert np.isclose(in_blocks(deaf_lstm(5.0), 40, 10), sigmoid(5.0) ** 40, rtol=1e-12)
    assert felt(deaf_lstm(5.0), 40, Segments(10)) == 0 < felt(deaf_lstm(5.0), 40, Full())


def test_a_bias_that_is_tried_is_a_loop():
    assert "there is a loop" in task("bias_for").judge(task("bias_for").spec).text


# ---- wrong --------------------------------------------------------------------------------------


def gru(x, h, W_x, W_h, b, b_n, mix=None, reset=None, sigma=sigmoid, order=(0, 1, 2)):
    """A step with a mistake: another mix, another place for the reset gate, another σ, another order of the blocks."""
    (a, a_h) = (np.split(W_x @ x + b, 3), np.split(W_h @ h, 3))
    r, z = (sigma(a[k] + a_h[k]) for k in order[:2])
    n = np.tanh(reset(a[2], a_h[2], b_n, r) if reset else a[2] + r * (a_h[2] + b_n))
    return mix(z, n, h) if mix else (1 - z) * n + z * h


def wrong_gru(**mistake):
    return lambda *case: gru(*case, **mistake)


def gru_with_the_reset_before_the_product(x, h, W_x, W_h, b, b_n):
    """As the book has it: another cell."""
    m = len(h)
    r, z = np.split(sigmoid(W_x[: 2 * m] @ x + W_h[: 2 * m] @ h + b[: 2 * m]), 2)
    n = np.tanh(W_x[2 * m :] @ x + W_h[2 * m :] @ (r * h) + b[2 * m :] + b_n)
    return (1 - z) * n + z * h


def jacobian(h, W_h, u, z):
    n = np.tanh(W_h @ h + u)
    return np.diag(z), ((1 - z) * (1 - n**2))[:, None] * W_h, n


def lstm(x, h, c, W_x, W_h, b, step=None, order=(0, 1, 2, 3), shown=np.tanh):
    parts = np.split(W_x @ x + W_h @ h + b, 4)
    i, f, g, o = (parts[k] for k in order)
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    c = step(i, f, g, c) if step else f * c + i * g
    return np.concatenate([o * shown(c), c])


def wrong_lstm(**mistake):
    return lambda *case: lstm(*case, **mistake)


WRONG = {
    "gru_step": [
        wrong_gru(mix=lambda z, n, h: z * n + (1 - z) * h),  # z = 1 forgets
        wrong_gru(reset=lambda a, a_h, b_n, r: r * (a + a_h + b_n)),  # the input is reset, too
        wrong_gru(reset=lambda a, a_h, b_n, r: a + r * a_h + b_n),  # b_n outside
        wrong_gru(reset=lambda a, a_h, b_n, r: a + r * a_h),  # b_n forgotten
        wrong_gru(reset=lambda a, a_h, b_n, r: a + a_h + b_n),  # no reset
        wrong_gru(sigma=np.tanh),
        wrong_gru(order=(1, 0, 2)),
        gru_with_the_reset_before_the_product,
    ],
    "leaky_jacobian": [
        lambda *case: jacobian(*case)[1],  # the direct term forgotten
        lambda *case: jacobian(*case)[0] + jacobian(*case)[1].T,  # transposed
        lambda h, W_h, u, z: np.diag(z) + ((1 - z) * (1 - jacobian(h, W_h, u, z)[2] ** 2)) * W_h,  # columns scaled
        lambda h, W_h, u, z: np.diag(z) + (1 - z)[:, None] * W_h,  # without the slope
        lambda h, W_h, u, z: np.diag(z) + (1 - jacobian(h, W_h, u, z)[2] ** 2)[:, None] * W_h,  # without 1 - z
        lambda h, W_h, u, z: z + jacobian(h, W_h, u, z)[1],  # z in every entry
        lambda h, W_h, u, z: (
            np.diag(z) + ((1 - z) * (1 - (z * h + (1 - z) * jacobian(h, W_h, u, z)[2]) ** 2))[:, None] * W_h
        ),  # the slope at h_t
    ],
    "lstm_step": [
        wrong_lstm(step=lambda i, f, g, c: f * (c + i * g)),
        wrong_lstm(step=lambda i, f, g, c: f * c + (1 - f) * g),  # a GRU's
        wrong_lstm(step=lambda i, f, g, c: f * c + f * g),
        wrong_lstm(step=lambda i, f, g, c: i * c + f * g),  # what stands there
        wrong_lstm(shown=np.positive),  # o c
        wrong_lstm(order=(0, 1, 3, 2)),  # blocks i, f, o, g
        lambda *case: np.roll(lstm(*case), len(case[1])),  # c first
    ],
    "bias_for": [
        lambda n, share: share ** (1 / n),  # the gate, not its bias
        lambda n, share: np.log(n) + 0.37,
        lambda n, share: np.log(share / (1 - share)) / n,
        lambda n, share: np.log(share / (1 - share)),
        lambda n, share: np.log((1 - share ** (1 / n)) / share ** (1 / n)),  # the sign
        lambda n, share: np.log(n - 1) if n > 1 else 0.0,  # left: 1/e, roughly
    ],
    "predicted": [
        lambda: ["more", "more", "same", "same", "same"],
        lambda: ["same", "less", "less", "same", "less"],  # z = 1 forgets
        lambda: ["same", "more", "less", "less", "less"],
        lambda: ["same", "more", "less", "same", "same"],  # the gate is open, so the gradient comes through
        lambda: ["Same", "More", "Less", "Same", "Less"],
    ],
}


@each(WRONG)
def test_typical_wrong_answers_are_rejected(name, answer):
    verdict = task(name).judge(answer)
    assert not verdict.right and "not written" not in verdict.text and "raises" not in verdict.text


def test_the_bug_of_the_page_is_found():
    verdict = task("lstm_step").judge(task("lstm_step").answer)
    assert not verdict.right and "not written" not in verdict.text and "raises" not in verdict.text


def test_half_right_predictions_are_told_which():
    verdict = task("predicted").judge(lambda: ["same", "more", "same", "same", "same"])
    assert "has questions 1, 2 and 4 right" in verdict.text
