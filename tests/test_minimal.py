"""The minimal GRU: what it is without W_hh, by which scans it goes, and what asks for W_hh in vain."""

import numpy as np
import pytest
import reference as ref
from reference import assert_close
from test_gates import call, make_problem
from within import within

from bpttlib import (
    GRU,
    RNN,
    Leaky,
    MinimalGRU,
    Random,
    Segments,
    Window,
    checkpointed_gradient,
    complex_step,
    forward_gradient,
    gradient,
    lag_norms,
    lag_shares,
    path_norms,
    path_shares,
    scan,
    scanned_gradient,
)
from bpttlib.comparison import compare, trade_off


def test_it_is_a_gru_that_hears_no_state_but_for_tanh():
    """With tiny n, tanh n = n to rounding."""
    net, x = MinimalGRU.random(2, 3, 2, seed=0, update_bias=1.0), np.eye(2)
    b = net.by_gate(net.parameters)
    tiny = MinimalGRU(np.vstack([b.W_zx, 1e-9 * b.W_nx]), net.W_qh, net.b_h)
    W_hx, b_h = np.vstack([0 * b.W_zx, b.W_zx, 1e-9 * b.W_nx]), np.concatenate([0 * b.b_z, b.b_z, b.b_n])
    gru = GRU(W_hx, np.zeros((9, 3)), net.W_qh, b_h)
    assert_close(1e9 * gru.forward(x).h, 1e9 * tiny.forward(x).h)
    still = MinimalGRU(np.vstack([0 * b.W_zx, b.W_nx]), net.W_qh, net.b_h)  # z hears nothing
    leaky = Leaky(b.W_nx, np.zeros((3, 3)), net.W_qh, b_z=b.b_z, phi="identity")
    assert_close(still.forward(x).h, leaky.forward(x).h)


def test_blocks_by_name_and_drawn_at_random():
    net = MinimalGRU.random(2, 3, 4, seed=0, update_bias=5.0)
    found = net.by_gate(net.parameters)
    assert list(found) == ["W_zx", "W_nx", "W_qh", "b_z", "b_n", "b_q"]
    assert_close(np.concatenate([found.W_zx, found.W_nx]), net.W_hx)
    assert [set(found[name]) for name in ("b_z", "b_n")] == [{5.0}, {0.0}]
    assert not (net.W_hx - MinimalGRU.random(2, 3, 4, seed=0).W_hx).any()
    assert repr(net) == "MinimalGRU(d=2, h=3, q=4)" and not hasattr(net, "W_hh")
    narrow = MinimalGRU.random(2, 3, 2, dtype=np.float32).forward(np.ones((5, 2)))
    assert {narrow.h.dtype, narrow.o.dtype, narrow.gates["z"].dtype} == {np.dtype(np.float32)}


def test_shut_and_open_gates_however_far():
    for b_z, wanted in ((-1e6, [0, 1, 2]), (1e6, [7, 7, 7])):
        net = MinimalGRU([[0.0], [1.0]], [[1.0]], [b_z, 0.0])
        for one in (net, net.with_parameters(net.parameters.map(lambda w: w.astype(complex)))):
            assert_close(one.forward([[0.0], [1.0], [2.0]], h0=[7.0]).o.ravel(), wanted)


@within(
    "strategy, omega",
    [
        (Segments(3), ref.segments_omega(7, 3)),
        (Window(3), ref.window_omega(7, 3)),
        (Random(0.5), ref.edge_omega(Random(0.5).edge_weights(7, seed=5))),
    ],
)
def test_truncated_it_is_the_weighted_sum_of_its_paths(strategy, omega):
    """A path is worth z_t … z_{i+1} ∘ what its loss sends: each unit for itself."""
    problem = make_problem(MinimalGRU, T=7)
    (tape, _, dL_do), wanted = problem.evaluate(), 0.0
    z, n = (tape.gates[name] for name in "zn")
    for t, i in np.ndindex(7, 7):
        delta = omega[t, i] * np.prod(z[i + 2 : t + 2], axis=0) * (dL_do[t] @ problem.net.W_qh)
        to_z = z[i + 1] * (1 - z[i + 1]) * (tape.h[i] - n[i + 1]) * delta
        wanted = wanted + np.append(to_z, (1 - z[i + 1]) * delta, axis=1).T @ problem.x[i]
    assert_close(call(gradient, problem, strategy, seed=5).W_hx, wanted)


@within("T, mask, loss", [(1, False, "squared"), (2, True, "squared"), (13, True, "cross_entropy")])
def test_two_scans_are_its_gradient(T, mask, loss):
    problem = make_problem(MinimalGRU, T=T, mask=mask, loss=loss)
    wanted = call(gradient, problem, mask=problem.mask)
    for found in (call(scanned_gradient, problem, mask=problem.mask), call(complex_step, problem, mask=problem.mask)):
        assert_close(found.flat(), wanted.flat())
    for name in ("loss", "dL_dh", "dL_dh0"):
        assert_close(getattr(call(scanned_gradient, problem, mask=problem.mask), name), getattr(wanted, name))


def test_neither_of_its_passes_is_the_loop(monkeypatch):
    problem = make_problem(MinimalGRU, T=2000, B=1)
    wanted = call(gradient, problem)
    monkeypatch.setattr(MinimalGRU, "_run", lambda *_: pytest.fail("a loop over the steps"))
    monkeypatch.setattr("bpttlib.minimal.MinimalGRUTape.carry", lambda *_: pytest.fail("a loop over the steps"))
    assert_close(call(scanned_gradient, problem).flat(), wanted.flat())


def test_its_states_are_a_scan_of_b_and_c():
    tape = make_problem(MinimalGRU, T=9, B=1).net.forward(np.random.default_rng(0).standard_normal((9, 2)))
    z, n = (gate[1:, 0].T for gate in tape.gates.values())
    assert_close(scan(b=(1 - z) * n, c=z), tape.h[1:, 0].T)


def test_the_other_ways_to_the_gradient():
    problem = make_problem(MinimalGRU, T=7)
    wanted = call(gradient, problem).flat()
    for way in (forward_gradient, checkpointed_gradient):
        assert_close(call(way, problem).flat(), wanted)
    assert call(lag_norms, problem).shape == (7, 7)


def test_who_asks_for_w_hh_is_told_before_any_work(monkeypatch):
    problem = make_problem(MinimalGRU)
    monkeypatch.setattr(MinimalGRU, "read", lambda *_: pytest.fail("work was done"))
    asked = [lambda way=way: call(way, problem) for way in (path_shares, path_norms, lag_shares)]
    for wrong in (*asked, lambda: compare(problem, [Segments(2)]), lambda: trade_off(problem, [0.5])):
        with pytest.raises(TypeError, match=r"∂L/∂W_hh, and MinimalGRU\(d=2, h=3, q=3\) has no W_hh"):
            wrong()


def test_a_state_space_model_is_a_linear_rnn_with_a_diagonal():
    rng = np.random.default_rng(0)
    A, B, C = rng.uniform(-1, 1, 3), rng.standard_normal((3, 2)), rng.standard_normal((1, 3))
    x, h = rng.standard_normal((5, 2)), np.zeros(3)
    tape = RNN(B, np.diag(A), C, phi="identity").forward(x)
    for t, x_t in enumerate(x):
        h = A * h + B @ x_t
        assert_close(tape.o[t, 0], C @ h)
