"""LSTM, GRU, the leaky unit and the minimal GRU: every function of the course takes them as it takes the RNN."""

from functools import partial

import numpy as np
import pytest
import reference as ref
from hypothesis import given
from hypothesis import strategies as st
from reference import assert_close
from strategies import LOSSES, few
from within import within

from bpttlib import (
    GRU,
    LSTM,
    RNN,
    Batch,
    EdgeWeights,
    Leaky,
    Learner,
    MinimalGRU,
    Problem,
    Random,
    Segments,
    Window,
    complex_step,
    gradient,
    lag_norms,
    lag_shares,
    many_gradients,
    moments,
    path_norms,
    path_shares,
    train,
    write,
)
from bpttlib.cell import Cell, sigmoid
from bpttlib.longlag import sent_back
from bpttlib.sweep import reverse_sweep
from bpttlib.text import Vocabulary

WITH_W_hh = (LSTM, GRU, Leaky)
GATED = (*WITH_W_hh, MinimalGRU)
NAMED = [kind.__name__ for kind in GATED]


def make_problem(kind, seed=0, T=5, B=3, d=2, h=3, q=3, loss="cross_entropy", mask=False) -> Problem:
    """Nothing in it is zero."""
    rng = np.random.default_rng(seed)
    net = kind.random(d, h, q, seed)
    net = net.with_parameters(net.parameters.map(lambda w: w + 0.3 * rng.standard_normal(w.shape)))
    y = rng.integers(q, size=(T, B)) if loss == "cross_entropy" else rng.standard_normal((T, B, q))
    m = (rng.random((T, B)) < 0.6) | (np.arange(T)[:, None] == T - 1) if mask else None
    return Problem(net, rng.standard_normal((T, B, d)), y, loss, rng.standard_normal((B, net.s)), m)


def call(function, problem, *args, **options):
    p = problem
    return function(p.net, p.x, p.y, *args, loss=p.loss, h0=p.h0, **options)


# ---- the equations, once more -------------------------------------------------------------------


def logistic(u):
    return 1 / (1 + np.exp(-u))


def lstm_step(p, x, state):
    h, c = np.split(state, 2)
    i, f, o = (logistic(p[f"W_{k}x"] @ x + p[f"W_{k}h"] @ h + p[f"b_{k}"]) for k in "ifo")
    c = f * c + i * np.tanh(p["W_gx"] @ x + p["W_gh"] @ h + p["b_g"])
    return np.append(o * np.tanh(c), c)


def gru_step(p, x, h):
    r, z = (logistic(p[f"W_{k}x"] @ x + p[f"W_{k}h"] @ h + p[f"b_{k}"]) for k in "rz")
    n = np.tanh(p["W_nx"] @ x + p["b_nx"] + r * (p["W_nh"] @ h + p["b_n"]))
    return (1 - z) * n + z * h


def leaky_step(p, x, h):
    z = logistic(p["b_z"])
    return z * h + (1 - z) * np.tanh(p["W_hx"] @ x + p["W_hh"] @ h + p["b_h"])


def minimal_step(p, x, h):
    z = logistic(p["W_zx"] @ x + p["b_z"])
    return z * h + (1 - z) * (p["W_nx"] @ x + p["b_n"])


STEPS = {LSTM: lstm_step, GRU: gru_step, Leaky: leaky_step, MinimalGRU: minimal_step}


@within("kind", GATED, ids=NAMED)
def test_forward_is_its_equations(kind):
    problem = make_problem(kind)
    net, tape = problem.net, problem.evaluate()[0]
    p = net.by_gate(net.parameters)
    for b in range(problem.B):
        state = problem.h0[b]
        for t, x in enumerate(problem.x[:, b], start=1):
            state = STEPS[kind](p, x, state)
            assert_close(tape.h[t, b], state)
            assert_close(tape.o[t - 1, b], net.W_qh @ state[: net.h] + net.b_q)


@within("kind", GATED, ids=NAMED)
def test_the_gates_on_the_tape_make_the_states(kind):
    tape = make_problem(kind).evaluate()[0]
    g, h = {name: gate[1:] for name, gate in tape.gates.items()}, tape.hidden
    if kind is LSTM:
        assert_close(tape.c[1:], g["f"] * tape.c[:-1] + g["i"] * g["g"])
        assert_close(h[1:], g["o"] * np.tanh(tape.c[1:]))
    else:
        assert_close(h[1:], g["z"] * h[:-1] + (1 - g["z"]) * g["n"])


def test_a_gru_whose_z_hears_nothing_is_leaky_and_a_leaky_unit_that_keeps_nothing_is_an_rnn():
    rng, x, h0 = np.random.default_rng(0), np.eye(4), np.ones(3)
    rnn = RNN.random(4, 3, 2, seed=1)
    leaky = Leaky(rnn.W_hx, rnn.W_hh, rnn.W_qh, b_z=rng.standard_normal(3))
    open_r = np.repeat([99.0, 0.0, 0.0], 3) + np.append([0, 0, 0], np.append(leaky.b_z, [0, 0, 0]))
    gru = GRU(np.vstack([0 * rnn.W_hx] * 2 + [rnn.W_hx]), np.vstack([0 * rnn.W_hh] * 2 + [rnn.W_hh]), rnn.W_qh, open_r)
    assert_close(gru.forward(x, h0).h, leaky.forward(x, h0).h)
    assert_close(Leaky.random(4, 3, 2, seed=1, keep=1e-15).forward(x, h0).h, rnn.forward(x, h0).h)


def test_smoothing_is_a_leaky_unit():
    y, s, alpha = np.random.default_rng(0).standard_normal(9), 0.0, 0.3
    smoothing = Leaky([[1.0]], [[0.0]], [[1.0]], b_z=[np.log((1 - alpha) / alpha)], phi="identity")
    for found, y_t in zip(smoothing.forward(y[:, None]).o.ravel(), y, strict=True):
        s = alpha * y_t + (1 - alpha) * s
        assert_close(found, s)


# ---- gradients ----------------------------------------------------------------------------------


@within("kind, loss, mask", [(k, loss, mask) for k in GATED for loss, mask in zip(LOSSES, (False, True), strict=True)])
def test_every_parameter_against_the_complex_step(kind, loss, mask):
    problem = make_problem(kind, loss=loss, mask=mask)
    found = call(gradient, problem, mask=problem.mask)
    wanted = call(complex_step, problem, mask=problem.mask)
    assert list(found) == list(wanted) == list(problem.net.parameters)
    for name in found:
        assert np.abs(wanted[name]).max() > 1e-3
        assert_close(found[name], wanted[name], what=name)


@few
@given(
    st.sampled_from(GATED),
    st.integers(0, 9999),
    st.tuples(*(st.integers(1, n) for n in (4, 3, 3, 3, 3))),
    st.sampled_from(LOSSES),
)
def test_any_shape_against_the_complex_step(kind, seed, shape, loss):
    problem = make_problem(kind, seed, *shape, loss=loss)
    assert_close(call(gradient, problem).flat(), call(complex_step, problem).flat())


@within("kind", GATED, ids=NAMED)
def test_what_leaves_on_the_left_is_the_derivative_by_the_first_state(kind):
    problem, eps = make_problem(kind, T=4, B=2), 1e-30
    net = problem.net.with_parameters(problem.net.parameters.map(lambda w: w.astype(complex)))
    wanted = np.empty(problem.h0.shape)
    for entry in np.ndindex(wanted.shape):
        h0 = problem.h0.astype(complex)
        h0[entry] += eps * 1j
        wanted[entry] = Problem(net, problem.x, problem.y, problem.loss, h0).evaluate()[1].imag / eps
    assert_close(call(gradient, problem).dL_dh0, wanted)


@within("kind", GATED, ids=NAMED)
def test_the_jacobian_of_a_step_against_the_complex_step(kind):
    problem, eps = make_problem(kind), 1e-30
    net = problem.net.with_parameters(problem.net.parameters.map(lambda w: w.astype(complex)))
    tape, B, s = problem.evaluate()[0], problem.B, problem.net.s
    J = tape.jacobian(3)
    assert J.shape == (B, s, s)
    for k in range(s):
        beside = tape.h[2] + eps * 1j * np.eye(s)[k]
        assert_close(J[:, :, k], net.forward(problem.x[2:3], beside).h[1].imag / eps)


@within("kind", WITH_W_hh, ids=NAMED[:-1])
def test_the_sum_over_the_triangle_is_the_gradient(kind):
    problem = make_problem(kind, T=7)
    P = call(path_shares, problem)
    for strategy, omega in [
        (Segments(3), ref.segments_omega(7, 3)),
        (Window(3), ref.window_omega(7, 3)),
        (Random(0.5), ref.edge_omega(Random(0.5).edge_weights(7, seed=5))),
    ]:
        found = call(gradient, problem, strategy, seed=5).W_hh
        assert_close(found, np.einsum("ti,tikl->kl", omega, P), what=str(strategy))
    assert_close(call(lag_shares, problem).sum(axis=0), call(gradient, problem).W_hh)
    assert_close(call(path_norms, problem), np.linalg.norm(P, axis=(2, 3)))


@within("kind", WITH_W_hh, ids=NAMED[:-1])
def test_one_loss_alone_makes_one_row_of_the_triangle_and_one_column_of_lag_norms(kind):
    problem = make_problem(kind, T=5)
    P, G, t = call(path_shares, problem), call(lag_norms, problem), 4
    alone = np.zeros((5, 3))
    alone[t - 1] = 1
    g = call(gradient, problem, mask=alone)  # the mean over 3 losses, not 15
    assert_close(P[t - 1].sum(axis=0), g.W_hh / 5)
    assert_close(G[:t, t - 1], np.linalg.norm(g.dL_dh[t - 1 :: -1], axis=(1, 2)) / 5)


@within("kind", GATED, ids=NAMED)
def test_block_by_block_is_the_whole(kind):
    problem = make_problem(kind, T=11)
    dL_do, whole, net = problem.evaluate()[2], call(gradient, problem), problem.net
    blocks, tapes, state = [slice(0, 4), slice(4, 8), slice(8, 11)], [], problem.h0
    for block in blocks:
        tapes.append(net.forward(problem.x[block], state))
        state = tapes[-1].h[-1]
    total, later = 0 * net.parameters, 0.0
    for block, tape in zip(reversed(blocks), reversed(tapes), strict=True):
        delta = reverse_sweep(tape, dL_do[block], np.ones(len(tape.o)), later)
        later, total = delta[0], total + tape.collect(dL_do[block], delta)
    assert_close(total.flat(), whole.flat())
    assert_close(later, whole.dL_dh0)


@within("kind, pi", [(LSTM, 0.6), (GRU, [0.9, 0.3, 0.6, 0.8, 0.5]), (Leaky, 0.5), (MinimalGRU, 0.5)])
def test_moments_against_every_outcome(kind, pi):
    problem = make_problem(kind, T=5, B=2, h=2)
    p, rows = zip(*ref.outcomes(np.broadcast_to(pi, 5)), strict=True)
    g = np.array([call(gradient, problem, EdgeWeights(xi)).flat() for xi in rows])
    mean, found = np.array(p) @ g, call(moments, problem, Random(pi))
    variance = np.array(p) @ (g - mean) ** 2
    assert_close(found.mean.flat(), mean)
    assert_close(found.variance.flat(), variance, scale=variance.max())
    many = call(many_gradients, problem, rows)
    assert_close(np.concatenate([many[name].reshape(len(rows), -1) for name in many], axis=1), g)


@within("kind", GATED, ids=NAMED)
def test_the_tape_carries_any_number_of_rows_by_the_same_jacobian(kind):
    tape = make_problem(kind, T=4, B=2).evaluate()[0]
    many = np.random.default_rng(0).standard_normal((5, 4, 2, tape.net.s))
    one_by_one = [[tape.carry(row, 3) for row in some] for some in many]
    assert_close(tape.carry(many, 3), one_by_one)
    assert_close(tape.carry(many.transpose(1, 0, 2, 3), 3), np.swapaxes(one_by_one, 0, 1))
    assert_close(tape.carry(many[0], slice(1, 5)), [tape.carry(many[0, t - 1], t) for t in (1, 2, 3, 4)])
    assert_close(tape.carry(many[0, 0], 3), np.einsum("bk,bkl->bl", many[0, 0], tape.jacobian(3)))


@within("kind", GATED, ids=NAMED)
def test_what_is_sent_back_far(kind):
    net, x = kind.random(2, 3, 2, seed=0), np.random.default_rng(0).standard_normal((6, 2))
    D = sent_back(net, x, np.eye(2))
    J = [net.forward(x).jacobian(t)[0] for t in (4, 5, 6)]
    W = np.append(net.W_qh, np.zeros((2, net.s - 3)), axis=1)
    assert_close(D[3], W @ J[2] @ J[1] @ J[0])


# ---- what they are made of ----------------------------------------------------------------------


def test_blocks_by_name():
    lstm, gru = LSTM.random(2, 3, 4, seed=0, forget_bias=5.0), GRU.random(2, 3, 4, seed=0, update_bias=-2.0)
    found = lstm.by_gate(lstm.parameters)
    names = {f"{what.format(k)}" for k in "ifgo" for what in ("W_{}x", "W_{}h", "b_{}")} | {"W_qh", "b_q"}
    assert set(found) == names
    assert_close(np.concatenate([found[f"W_{k}h"] for k in "ifgo"]), lstm.W_hh)
    assert {name: set(found[f"b_{name}"]) for name in "ifgo"} == {"i": {0.0}, "f": {5.0}, "g": {0.0}, "o": {0.0}}
    found = gru.by_gate(gru.parameters)
    assert_close(np.concatenate([found[f"W_{k}x"] for k in "rzn"]), gru.W_hx)
    assert [set(found[f"b_{name}"]) for name in ("r", "z", "nx", "n")] == [{0.0}, {-2.0}, {0.0}, {0.0}]
    assert found.W_zh.shape == (3, 3) and found.b_n.shape == (3,)
    many = make_problem(GRU, T=4)
    g = call(many_gradients, many, np.ones((6, 4)))
    assert many.net.by_gate(g).W_nh.shape == (6, 3, 3) and many.net.by_gate(g).b_r.shape == (6, 3)
    rnn = RNN.random(2, 3, 4)
    assert list(rnn.by_gate(rnn.parameters)) == list(rnn.parameters)
    with pytest.raises(ValueError, match="parameters must hold W_hx, W_hh, W_qh, b_h, b_q"):
        lstm.by_gate(found)
    with pytest.raises(ValueError, match=r"W_hh must have shape \(12, 3\), or more axes before, got \(6, 3\)"):
        lstm.by_gate({**lstm.parameters, "W_hh": np.ones((6, 3))})


def test_drawn_at_random():
    wide = LSTM.random(400, 100, 1, seed=3)
    assert_close([wide.W_hx.std() * 20, wide.W_hh.std() * 10], [1, 1], tol=0.02)
    assert not (LSTM.random(2, 3, 1, 4, forget_bias=9).W_hh - LSTM.random(2, 3, 1, 4).W_hh).any()
    assert not (GRU.random(2, 3, 1, 4, update_bias=9).W_hx - GRU.random(2, 3, 1, 4).W_hx).any()
    assert_close(Leaky.random(2, 3, 1, keep=0.75).z, [0.75] * 3)
    assert repr(GRU.random(1, 2, 3)) == "GRU(d=1, h=2, q=3)"
    assert repr(Leaky.random(1, 2, 3, phi="identity")) == "Leaky(d=1, h=2, q=3, phi='identity')"


def test_a_first_state_may_be_a_pair():
    lstm, x = LSTM.random(2, 3, 2), np.ones((4, 2, 2))
    h0, c0 = np.random.default_rng(0).standard_normal((2, 2, 3))
    wanted = lstm.forward(x, np.append(h0, c0, axis=1)).h
    assert_close(lstm.forward(x, (h0, c0)).h, wanted)
    assert_close(lstm.forward(x[:, :1], ([*h0[0]], [*c0[0]])).h, wanted[:, :1])
    y = np.zeros((4, 2), int)
    assert_close(gradient(lstm, x, y, h0=(h0, c0)).flat(), gradient(lstm, x, y, h0=np.append(h0, c0, axis=1)).flat())
    assert Problem(lstm, x, y, h0=(h0, c0)).h0.shape == (2, 6)


@within("kind", WITH_W_hh, ids=NAMED[:-1])
def test_huge_and_narrow_numbers(kind):
    net = kind.random(2, 3, 2, seed=0)
    huge = net.with_parameters(1e200 * net.parameters)
    wanted = huge.forward(np.ones((5, 2))).h
    assert np.isfinite(wanted).all()
    assert_close(
        huge.with_parameters(huge.parameters.map(lambda w: w.astype(complex))).forward(np.ones((5, 2))).h, wanted
    )
    narrow = kind.random(2, 3, 2, dtype=np.float32)
    tape = narrow.forward(np.ones((5, 2)))
    assert {tape.h.dtype, tape.o.dtype, *(gate.dtype for gate in tape.gates.values())} == {np.dtype(np.float32)}
    assert gradient(narrow, np.ones((5, 2)), [0, 1, 0, 1, 0]).W_hh.dtype == np.float32


def test_sigma():
    u = np.array([-800.0, -3.0, 0.0, 2.0, 800.0])
    assert_close(sigmoid(u), [0, logistic(-3), 0.5, logistic(2), 1])
    slope = logistic(2) * (1 - logistic(2))
    assert_close(sigmoid(2 + 1e-30j).imag / 1e-30, slope)


# ---- training -----------------------------------------------------------------------------------


@within("kind", GATED, ids=NAMED)
def test_training(kind):
    text = "banana band "
    letters = Vocabulary.of(text)
    n, numbers = len(letters), letters.encode(text)
    net, batch = kind.random(n, 8, n, seed=0), Batch(np.eye(n)[numbers[:-1]], numbers[1:])
    history = train(net, batch, steps=60, clip=1.0, strategy=Segments(5))
    assert type(history.net) is kind and history.losses[-1] < 0.9 * history.losses[0]
    assert len(write(history.net, letters, "ba", 5, temperature=0)) == 7
    learner = Learner(net)
    for block in batch.blocks(4):
        learner.learn(block)
    assert learner.state.shape == (1, net.s)
    assert type(learner.net) is kind and learner.net.by_gate(learner.net.parameters)


@within("kind", GATED, ids=NAMED)
def test_the_state_carried_from_block_to_block_is_the_whole_state(kind):
    problem = make_problem(kind, T=8)
    batch = Batch(problem.x, problem.y)
    learner = Learner(problem.net, optimizer=None)
    first, second = batch.blocks(4)
    learner.learn(first)
    assert_close(learner.state, problem.net.forward(first.x).h[-1])
    assert_close(learner.problem(second, learner.state).h0, learner.state)


# ---- what is refused ----------------------------------------------------------------------------


def zeros(*shapes):
    return [np.zeros(shape) for shape in shapes]


LSTM_OF_3, X = LSTM.random(2, 3, 2), np.ones((4, 2))
REFUSED = {
    "rows of W_hx": (partial(LSTM, *zeros((6, 2), (8, 2), (1, 2))), "W_hx must have shape (4h, d), got (6, 2)"),
    "rows of a GRU": (partial(GRU, *zeros((8, 2), (8, 2), (1, 2))), "W_hx must have shape (3h, d), got (8, 2)"),
    "no matrix": (partial(GRU, *zeros(8, (8, 2), (1, 2))), "W_hx must have shape (3h, d), got (8,)"),
    "W_hh": (partial(LSTM, *zeros((8, 2), (8, 3), (1, 2))), "W_hh must have shape (8, 2), got (8, 3)"),
    "W_qh": (partial(GRU, *zeros((6, 2), (6, 2), (1, 3))), "W_qh must have shape (q, 2), got (1, 3)"),
    "b_h": (partial(LSTM, *zeros((8, 2), (8, 2), (1, 2), 2)), "b_h must have shape (8,), got (2,)"),
    "b_n": (partial(GRU, *zeros((6, 2), (6, 2), (1, 2), 6, 6)), "b_n must have shape (2,), got (6,)"),
    "b_z": (partial(Leaky, *zeros((2, 2), (2, 2), (1, 2), 1)), "b_z must have shape (2,), got (1,)"),
    "NaN": (partial(LSTM, [[np.nan]] * 4, *zeros((4, 1), (1, 1))), "W_hx may not hold NaN or infinity"),
    "phi": (
        partial(Leaky, *zeros((2, 2), (2, 2), (1, 2)), phi="relu"),
        "phi must be one of tanh, identity, got 'relu'",
    ),
    "rows of a minimal GRU": (partial(MinimalGRU, *zeros((3, 2), (1, 1))), "W_hx must have shape (2h, d), got (3, 2)"),
    "minimal W_qh": (partial(MinimalGRU, *zeros((4, 2), (1, 4))), "W_qh must have shape (q, 2), got (1, 4)"),
    "minimal b_h": (partial(MinimalGRU, *zeros((4, 2), (1, 2), 2)), "b_h must have shape (4,), got (2,)"),
    "minimal bias": (partial(MinimalGRU.random, 1, 3, 2, update_bias=np.nan), "update_bias must be a finite number"),
    "dtype": (partial(LSTM.random, 1, 1, 1, dtype=int), "dtype must be a floating-point or complex type"),
    "size": (partial(LSTM.random, 0, 3, 2), "d must be a whole number from 1 on, got 0"),
    "forget bias": (partial(LSTM.random, 1, 3, 2, forget_bias=np.inf), "forget_bias must be a finite number, got inf"),
    "update bias": (partial(GRU.random, 1, 3, 2, update_bias="1"), "update_bias must be a finite number, got '1'"),
    "complex bias": (partial(LSTM.random, 1, 3, 2, forget_bias=1j), "forget_bias must be a finite number, got 1j"),
    "keep": (partial(Leaky.random, 1, 3, 2, keep=1.0), "keep must lie between 0 and 1, got 1.0"),
    "keep of True": (partial(Leaky.random, 1, 3, 2, keep=np.True_), "keep must lie between 0 and 1, got"),
    "half a state": (partial(LSTM_OF_3.forward, X, np.zeros(3)), "h0 must have shape (6,), got (3,)"),
    "three of a pair": (partial(LSTM_OF_3.forward, X, ([0], [0], [0])), "a pair (h0, c0), got a tuple of 3"),
    "an odd pair": (
        partial(LSTM_OF_3.forward, X, ([0] * 3, [0] * 2)),
        "both have shape (B, h) or (h,), got (3,) and (2,)",
    ),
    "a pair too wide": (partial(LSTM_OF_3.forward, X, ([0] * 6, [0] * 6)), "h0 must have shape (6,), got (12,)"),
    "step 0": (partial(LSTM_OF_3.forward(X).jacobian, 0), "t must be a whole number from 1 on, got 0"),
    "step T+1": (partial(LSTM_OF_3.forward(X).jacobian, 5), "t must be one of the steps 1 … 4, got 5"),
}


@within("wrong, message", REFUSED.values(), ids=REFUSED)
def test_refused(wrong, message):
    with pytest.raises(ValueError) as caught:
        wrong()
    assert message in str(caught.value)


def test_a_state_that_is_no_number_is_refused():
    with pytest.raises(TypeError, match="h0 must hold real numbers"):
        LSTM_OF_3.forward(X, (["a"] * 3, ["b"] * 3))


def test_all_are_cells():
    assert all(issubclass(kind, Cell) for kind in (RNN, *GATED))
