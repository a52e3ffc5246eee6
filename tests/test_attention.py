"""Attention against complex steps, and against a loop in which every step has a W_value of its own."""

import numpy as np
import pytest
from within import within

from bpttlib import (
    RNN,
    Adam,
    Learner,
    Random,
    attention,
    complex_step,
    gradient,
    lag_norms,
    moments,
    path_norms,
)
from bpttlib.attention import Attention, positions
from bpttlib.longlag import sent_back

T, B, D, Q = 6, 3, 5, 2
rng = np.random.default_rng(0)
NET = Attention.random(d=D, m=3, h=4, q=Q, seed=1)
NET = NET.with_parameters({**NET.parameters, "b_q": np.array([0.3, -0.2])})
X = rng.standard_normal((T, B, D))
Y = {"squared": rng.standard_normal((T, B, Q)), "cross_entropy": rng.integers(0, Q, (T, B))}
MASK = rng.random((T, B)) < 0.6


@within("loss, mask", [("squared", None), ("cross_entropy", None), ("cross_entropy", MASK)])
def test_every_parameter_against_complex_steps(loss, mask):
    found, wanted = attention.gradient(NET, X, Y[loss], loss, mask), complex_step(NET, X, Y[loss], loss, mask=mask)
    assert [*found] == [*wanted] == ["W_ask", "W_key", "W_value", "W_qh", "b_q"]
    for name in found:
        assert found[name] == pytest.approx(wanted[name], abs=1e-12), name
    shares = attention.path_shares(NET, X, Y[loss], loss, mask)
    for name in shares:
        assert shares[name].sum(axis=(0, 1)) == pytest.approx(found[name], abs=1e-14), name


def loss_at(t, W_values):
    """The squared loss of step t alone over T·B, in loops, where step i uses W_values[i]."""
    total = 0
    for b in range(B):
        ask = NET.W_ask @ X[t, b]
        weights = np.exp([ask @ (NET.W_key @ X[i, b]) / np.sqrt(NET.m) for i in range(t + 1)])
        h = sum(w * (W_values[i] @ X[i, b]) for i, w in enumerate(weights)) / weights.sum()
        total += ((NET.W_qh @ h + NET.b_q - Y["squared"][t, b]) ** 2).sum() / 2
    return total / (T * B)


def test_a_share_is_what_one_use_is_worth_to_one_loss():
    P, N = (find(NET, X, Y["squared"], "squared") for find in (attention.path_shares, attention.path_norms))
    for t, i in [(0, 0), (4, 1), (5, 5), (2, 4)]:
        W_values = np.repeat(NET.W_value[None].astype(complex), T, axis=0)
        W_values[i, 2, 3] += 1e-30j
        assert P.W_value[t, i, 2, 3] == pytest.approx(np.imag(loss_at(t, W_values)) / 1e-30, abs=1e-14)
        assert N[t, i] == pytest.approx(np.sqrt((P.W_value[t, i] ** 2).sum()))
    assert not np.triu(N, 1).any()


def test_a_step_hears_nothing_of_what_is_to_come_and_no_order_of_what_was():
    o, later, turned = NET.forward(X).o, X.copy(), np.concatenate([X[-2::-1], X[-1:]])
    later[4:] += 1
    assert np.array_equal(NET.forward(later).o[:4], o[:4]) and not np.allclose(NET.forward(later).o[4:], o[4:])
    assert NET.forward(turned).o[-1] == pytest.approx(o[-1], abs=1e-14)
    coded = Attention.random(D + 4, 3, 4, Q)
    steps = np.repeat(positions(T, 2)[:, None], B, axis=1)
    said = [coded.forward(np.concatenate([x, steps], axis=-1)).o[-1] for x in (X, turned)]
    assert not np.allclose(*said)


def test_the_clocks_turn_by_an_angle_that_does_not_hang_on_the_step():
    code = positions(20, 3)
    assert code @ code.T == pytest.approx(
        np.array([[code[0] @ code[abs(i - j)] for i in range(20)] for j in range(20)])
    )


def test_large_scores_stay_finite_and_weights_are_shares():
    sharp = NET.with_parameters({**NET.parameters, "W_ask": 1e4 * NET.W_ask})
    A = sharp.forward(X).A
    assert A.sum(axis=-1) == pytest.approx(np.ones((B, T))) and not np.triu(A, 1).any()


def test_an_optimizer_takes_it():
    w, _ = Adam(0.01).step(NET.parameters, attention.gradient(NET, X, Y["squared"], "squared"), Adam(0.01).start(None))
    before, after = (attention.gradient(net, X, Y["squared"], "squared").loss for net in (NET, NET.with_parameters(w)))
    assert after < before


def test_bad_input_is_refused():
    W = np.ones((2, 3))
    for wrong in [(W, np.ones((1, 3)), W, W), (W, W, np.ones((2, 4)), W), (W, W, W, np.ones((1, 3)))]:
        with pytest.raises(ValueError, match="must have shape"):
            Attention(*wrong)
    with pytest.raises(ValueError, match="NaN"):
        Attention([[np.nan]], [[1]], [[1]], [[1]])
    with pytest.raises(TypeError, match="W_ask must hold real numbers"):
        Attention([["a"]], [[1]], [[1]], [[1]])
    with pytest.raises(ValueError, match="dtype must be a floating-point"):
        Attention([[1]], [[1]], [[1]], [[1]], dtype=int)
    with pytest.raises(ValueError, match="no state"):
        complex_step(NET, X, Y["squared"], "squared", h0=np.zeros(4))
    with pytest.raises(ValueError, match="x must have shape"):
        NET.forward(np.ones((4, 2)))
    for wrong in ((0, 1), (3, 0)):
        with pytest.raises(ValueError, match="must be a whole number from 1 on, got 0"):
            positions(*wrong)
    with pytest.raises(ValueError, match="d must be a whole number from 1 on, got 0"):
        Attention.random(0, 1, 1, 1)


def test_scores_beyond_the_range_of_numbers_are_told():
    with pytest.raises(ValueError, match="leaves the range of numbers"):
        NET.with_parameters(1e200 * NET.parameters).forward(X)


def test_sweeps_refuse_attention_and_attention_refuses_what_has_a_state(monkeypatch):
    y, rnn = Y["cross_entropy"], RNN.random(D, 4, Q)
    for net in (NET, rnn):
        monkeypatch.setattr(type(net), "read", None)  # nothing is read before
    sweeps = gradient, path_norms, lag_norms, lambda *case: moments(*case, Random(0.5)), lambda net, *_: Learner(net)
    for sweep in (*sweeps, lambda net, *_: sent_back(net, X[:, 0], np.eye(Q))):
        with pytest.raises(TypeError, match="must be a network such as RNN.*got Attention"):
            sweep(NET, X, y)
    for function in (attention.gradient, attention.path_shares, attention.path_norms):
        with pytest.raises(TypeError, match="net must be Attention, got RNN"):
            function(rnn, X, y)
