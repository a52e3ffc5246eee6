"""The tape and its sweeps: blocks that chain, what leaves on the left, edges that are cut in one sequence only."""

import numpy as np
import pytest
import reference as ref
from hypothesis import given
from hypothesis import strategies as st
from reference import NAMES, assert_close
from strategies import cases, few, make_case

from bpttlib import EdgeWeights, Full, Parameters, Random, Segments, Tape, Window, gradient
from bpttlib.sweep import by_lag, crossed, reverse_sweep


def chained(case, xi, length):
    """The gradient block by block: first values go forwards, then each block hands δ to the one before it."""
    problem, T = case.problem, case.T
    _, _, dL_do = problem.evaluate()
    starts, tapes, state = range(0, T, length), [], problem.h0
    for start in starts:
        tapes.append(problem.net.forward(problem.x[start : start + length], state))
        state = tapes[-1].h[-1]
    total, later, deltas = 0 * problem.net.parameters, 0.0, []
    for start, tape in zip(reversed(starts), reversed(tapes), strict=True):
        block = slice(start, start + length)
        delta = reverse_sweep(tape, dL_do[block], xi[block], later)
        later, total = delta[0], total + tape.collect(dL_do[block], delta)
        deltas.insert(0, delta[1:])
    return total, np.concatenate(deltas), later


@few
@given(cases(max_T=12), st.integers(1, 13), st.integers(0, 99), st.booleans())
def test_block_by_block_is_the_whole(case, length, seed, cut):
    xi = np.random.default_rng(seed).choice([0.0, 1.0, 0.5, 2.0], (case.T, case.B)) if cut else np.ones(case.T)
    total, dL_dh, dL_dh0 = chained(case, xi, length)
    whole = case.call(gradient, EdgeWeights(xi))
    for name in NAMES:
        assert_close(total[name], whole[name], what=name)
    assert_close(dL_dh, whole.dL_dh)
    assert_close(dL_dh0, whole.dL_dh0)


def test_a_long_text_block_by_block():
    case = make_case(T=5003, B=2)
    total, dL_dh, dL_dh0 = chained(case, np.ones(case.T), 71)
    whole = case.call(gradient)
    assert_close(total.flat(), whole.flat())
    assert_close(dL_dh, whole.dL_dh)
    assert_close(dL_dh0, whole.dL_dh0)


@pytest.mark.parametrize("phi", ["tanh", "identity"])
@pytest.mark.parametrize("loss", ["cross_entropy", "squared"])
def test_what_leaves_on_the_left_is_the_derivative_by_h_0(phi, loss):
    case = make_case(T=5, B=3, phi=phi, loss=loss)
    assert_close(case.call(gradient).dL_dh0, ref.complex_step(case)["dL_dh0"])


def test_nothing_leaves_on_the_left_of_a_cut():
    case = make_case(T=6)
    assert not case.call(gradient, Segments(3)).dL_dh0.any()
    assert_close(case.call(gradient, EdgeWeights([2, 1, 1, 1, 1, 1])).dL_dh0, 2 * case.call(gradient).dL_dh0)


@few
@given(cases(max_T=6, max_B=2), st.integers(1, 8))
def test_a_window_reaches_h_0_from_the_losses_near_it(case, tau):
    wanted = np.zeros_like(case.h0)
    u = ref.forward(case, case.W)[0]
    for t, i, b, row, _ in ref.paths(case):
        if i == 1 and t < tau:  # one more edge, from h_1 to h_0
            wanted[b] += (row * ref.slope(case, u[1, b])) @ case.W["W_hh"]
    assert_close(case.call(gradient, Window(tau)).dL_dh0, wanted)


@few
@given(cases(max_T=6), st.integers(0, 999))
def test_an_edge_may_be_cut_in_one_sequence_and_open_in_another(case, seed):
    xi = np.random.default_rng(seed).integers(0, 2, (case.T, case.B)).astype(float)
    found = case.call(gradient, EdgeWeights(xi))
    wanted = ref.weighted_gradient(case, np.array([ref.edge_omega(column) for column in xi.T]))
    for name in (*NAMES, "dL_dh"):
        assert_close(getattr(found, name), wanted[name], what=name)


def test_only_edges_that_something_crosses_are_walked():
    assert crossed(np.array([1, 0, 0.5, 0])) == [(3, 0.5), (1, 1.0)]
    assert [t for t, _ in crossed(np.array([[0, 0], [0, 2], [1, 1.0]]))] == [3, 2]
    assert crossed(np.zeros((3, 2))) == []


@pytest.mark.parametrize("strategy", [Full(), Segments(3), Random(0.5), Window(3)], ids=str)
def test_the_tape_is_asked_for_as_many_products_as_are_counted(strategy, monkeypatch):
    """And for one more where something leaves on the left; a window walks whole lags at once."""
    case, asked = make_case(T=9, B=1), []
    thrown = strategy.thrown(9, seed=4)
    tape, _, dL_do = case.problem.evaluate()
    carry = type(tape).carry
    monkeypatch.setattr(type(tape), "carry", lambda self, delta, t: asked.append((delta, t)) or carry(self, delta, t))
    thrown.backward(tape, dL_do)
    inside = [len(delta) - 1 if isinstance(t, slice) else t > 1 for delta, t in asked]
    assert sum(inside) == thrown.jacobian_products(9)


def test_a_tape_carries_any_number_of_rows_by_the_same_jacobian():
    case = make_case(T=4, B=2)
    tape = case.rnn.forward(case.x, case.h0)
    many = np.random.default_rng(0).standard_normal((5, 6, 2, 3))
    one_by_one = [[tape.carry(many[i, j], 3) for j in range(6)] for i in range(5)]
    assert_close(tape.carry(many, 3), one_by_one)
    assert_close(tape.carry(many[0, :4], slice(1, 5)), [tape.carry(many[0, t - 1], t) for t in (1, 2, 3, 4)])
    assert isinstance(tape, Tape)


def test_side_by_side_is_the_same_pass_n_times():
    case = make_case(T=4, B=2)
    tape, _, dL_do = case.problem.evaluate()
    for D, wide in zip(by_lag(tape, dL_do), by_lag(tape.side_by_side(3), dL_do), strict=True):
        assert_close(wide, np.tile(D, (1, 3, 1)))
    twice = tape.side_by_side(2).side_by_side(3)
    assert_close(twice.inject(dL_do), tape.side_by_side(6).inject(dL_do))


# ---- parameters ---------------------------------------------------------------------------------


def test_a_step_of_gradient_descent_is_its_equation():
    case = make_case()
    g, w = case.call(gradient), case.rnn.parameters
    moved = case.rnn.with_parameters(w - 0.1 * g)
    for name in NAMES:
        assert_close(getattr(moved, name), case.W[name] - 0.1 * g[name])
    assert (moved.phi, moved.dtype) == (case.rnn.phi, case.rnn.dtype)


def test_flat_and_like_are_inverse_and_in_the_order_of_the_names():
    p = Parameters(W=[[1, 2], [3, 4]], b=[5])
    assert p.flat().tolist() == [1, 2, 3, 4, 5]
    back = p.like(10 * p.flat())
    assert back.W.tolist() == [[10, 20], [30, 40]] and back["b"].tolist() == [50] and list(back) == ["W", "b"]
    with pytest.raises(ValueError, match=r"flat must have shape \(5,\), got \(4,\)"):
        p.like([1, 2, 3, 4])


def test_arithmetic_of_parameters():
    p, q = Parameters(W=[[1.0, 2.0]], b=[3.0]), Parameters(W=[[10.0, 20.0]], b=[30.0])
    assert (p + q).flat().tolist() == [11, 22, 33] and (q - p).flat().tolist() == [9, 18, 27]
    assert (2 * p).flat().tolist() == (p * 2).flat().tolist() == [2, 4, 6] and (-p).flat().tolist() == [-1, -2, -3]


@pytest.mark.parametrize("other", [Parameters(W=[[1.0, 2.0]]), Parameters(W=[[1.0], [2.0]], b=[3.0]), {"W": 1, "b": 2}])
def test_parameters_that_do_not_fit_are_refused(other):
    with pytest.raises(ValueError, match="does not fit"):
        Parameters(W=[[1.0, 2.0]], b=[3.0]) + other


def test_parameters_are_not_multiplied_by_arrays_nor_compared_by_accident():
    p = Parameters(b=[1.0, 2.0])
    with pytest.raises(TypeError):
        p * [1, 2]
    assert p != Parameters(b=[1.0, 2.0])
    with pytest.raises(AttributeError, match="no 'W'"):
        p.W  # noqa: B018
    assert "b" in dir(p)
