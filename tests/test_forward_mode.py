"""Forward mode against reverse mode, its rank-one estimate over all signs, its costs by counting."""

import tracemalloc
from functools import partial
from itertools import product

import numpy as np
import pytest
from reference import assert_close
from test_gates import call, make_problem
from within import within

from bpttlib import (
    GRU,
    LSTM,
    RNN,
    Leaky,
    Problem,
    Random,
    complex_step,
    forward_gradient,
    forward_mode,
    forward_terms,
    gradient,
    moments,
    rank_one_draws,
    rank_one_gradient,
    rank_one_moments,
)
from bpttlib.attention import Attention
from bpttlib.counting import count_products
from bpttlib.forward_mode import (
    EPS,
    all_signs,
    forward_cost,
    joined,
    rank_one_cost,
    reverse_cost,
    terms,
    where_they_cross,
)
from bpttlib.text import Vocabulary, next_character, river

CELLS = (RNN, Leaky, GRU, LSTM)
EACH_CELL = within("kind", CELLS, ids=[kind.__name__ for kind in CELLS])


# ---- exact --------------------------------------------------------------------------------------


@EACH_CELL
def test_every_entry_is_that_of_reverse_mode_and_of_the_complex_step(kind):
    for loss, mask in (("cross_entropy", True), ("squared", False)):
        problem = make_problem(kind, T=6, B=3, loss=loss, mask=mask)
        found = call(forward_gradient, problem, mask=problem.mask)
        assert list(found) == list(problem.net.parameters)
        for wanted in (call(gradient, problem, mask=problem.mask), call(complex_step, problem, mask=problem.mask)):
            for name in found:
                assert np.abs(wanted[name]).max() > 1e-3
                assert_close(found[name], wanted[name], what=name)


@EACH_CELL
def test_each_term_is_the_gradient_of_its_loss_alone(kind):
    problem = make_problem(kind, T=4, B=2)
    for t, term in enumerate(call(forward_terms, problem)):
        alone = np.zeros((4, 2))
        alone[t] = 1
        assert_close(term.flat(), call(gradient, problem, mask=alone).flat() / 4)  # a mean over 2 losses, not 8


def test_a_term_is_known_before_the_next_step_is_read(monkeypatch):
    problem, lengths, read = make_problem(RNN, T=5), [], RNN.read
    monkeypatch.setattr(RNN, "read", lambda net, x, state: lengths.append(len(x)) or read(net, x, state))
    found = call(forward_terms, problem)
    for t in range(5):
        assert lengths == [1] * t
        next(found)


def test_memory_does_not_grow_with_the_text():
    net, peaks = RNN.random(1, 8, 1), []
    for T in (20, 20, 300):  # the first fills NumPy's own pockets
        problem = Problem(net, np.ones((T, 1)), np.zeros((T, 1)), "squared")
        tracemalloc.start()
        for _ in terms(problem):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    states = 300 * 8 * 8  # bytes
    assert peaks[2] - peaks[1] < states / 4


# ---- rank one -----------------------------------------------------------------------------------


@within("kind, T, h, mask", [(RNN, 4, 3, False), (Leaky, 5, 2, True), (GRU, 4, 2, False), (LSTM, 3, 2, True)])
def test_the_mean_over_all_signs_is_the_gradient(kind, T, h, mask):
    problem = make_problem(kind, T=T, B=1, h=h, mask=mask)
    found = call(rank_one_moments, problem, mask=problem.mask)
    wanted = call(gradient, problem, mask=problem.mask)
    assert list(found.mean) == list(found.variance) == list(wanted)
    for name in wanted:
        assert_close(found.mean[name], wanted[name], what=name)
        assert (found.variance[name] > 0).all() == (name not in ("W_qh", "b_q"))


def test_the_moments_are_those_of_single_estimates():
    problem = make_problem(GRU, T=3, B=1, h=2)
    one_by_one = np.array([call(rank_one_gradient, problem, signs=nu).flat() for nu in all_signs(3, 2)])
    assert len(one_by_one) == 2**4
    found = call(rank_one_moments, problem)
    assert_close(found.mean.flat(), one_by_one.mean(axis=0))
    assert_close(found.variance.flat(), one_by_one.var(axis=0))


def test_all_signs_are_listed_and_a_seed_draws_some():
    assert {tuple(nu.ravel()) for nu in all_signs(3, 3)} == set(product([1.0, -1.0], repeat=6))
    assert len(all_signs(3, 3)) == 2**6 and all_signs(1, 3).shape == (1, 0, 3)
    problem = make_problem(LSTM, T=3, B=1, h=2)
    first, again, other = (call(rank_one_gradient, problem, seed=seed).flat() for seed in (1, 1, 2))
    assert (first == again).all() and np.abs(first - other).max() > 1e-6
    signs = np.random.default_rng(1).choice([-1, 1], (2, 4))
    assert_close(call(rank_one_gradient, problem, signs=signs).flat(), first)


def test_draws_are_single_estimates():
    problem = make_problem(GRU, T=4, B=1, h=2, mask=True)
    found = call(rank_one_draws, problem, n=3, seed=5, mask=problem.mask)
    signs = np.random.default_rng(5).choice([-1, 1], (3, 3, 2))
    for k, nu in enumerate(signs):
        one = call(rank_one_gradient, problem, signs=nu, mask=problem.mask)
        assert list(found) == list(one)
        for name in one:
            assert_close(found[name][k], one[name], what=name)


def test_what_a_loss_says_of_its_own_step_is_exact():
    """So nothing is left to chance in one step, nor for one unit in two."""
    for T, h in ((1, 3), (2, 1)):
        problem = make_problem(RNN, T=T, B=1, h=h)
        found = call(rank_one_moments, problem)
        assert np.abs(found.variance.flat()).max() < 1e-30
        assert_close(found.mean.flat(), call(gradient, problem).flat())


def test_on_a_long_text_dice_explode_and_rank_one_does_not():
    """Not a law, but what the page tells of the river, in one of its networks, for W_hh and half as many letters."""
    letters = Vocabulary.of(river().lower())
    net = RNN.random(len(letters), 16, len(letters), seed=3, spectral_radius=1.3)
    x, y = next_character(river().lower(), 150, letters)
    full = gradient(net, x, y).W_hh
    off = np.linalg.norm(rank_one_draws(net, x, y, n=50, seed=0).W_hh - full, axis=(1, 2)) / np.linalg.norm(full)
    dice = np.sqrt(moments(net, x, y, Random(0.6)).variance.W_hh.sum()) / np.linalg.norm(full)
    assert 2 < np.sqrt((off**2).mean()) < 60 and dice > 1e8


# ---- the equations of an RNN once more, and what they cost --------------------------------------


def in_numbers(problem):
    """W_hh, φ'(u_t), ∂L/∂h_t directly, and what the weights meet, (x_t, h_{t-1}, 1)."""
    tape, _, dL_do = problem.evaluate()
    h = tape.h[:, 0]
    met = np.column_stack([problem.x[:, 0], h[:-1], np.ones(problem.T)])
    return problem.net.W_hh, 1 - h[1:] ** 2, dL_do[:, 0] @ problem.net.W_qh, met


def backwards(W, slopes, direct, met):
    delta, total = direct[0] - direct[0], 0
    for slope, own, v in zip(slopes[::-1], direct[::-1], met[::-1], strict=True):
        dL_du = slope * (own + delta)
        total = total + np.outer(dL_du, v)
        delta = W.T @ dL_du
    return total


def forwards(W, slopes, direct, met):
    h, n = len(W), len(met[0])
    a, total = np.zeros((h, h * n)), 0
    for slope, own, v in zip(slopes, direct, met, strict=True):
        a = (slope[:, None] * W) @ a
        for k in range(h):
            a[k, k * n : (k + 1) * n] = a[k, k * n : (k + 1) * n] + slope[k] * v
        total = total + own @ a
    return total.reshape(h, n)


def size(v):
    return (v * v).sum() ** 0.5


def by_rank_one(W, slopes, direct, met, nu):
    s, theta, total = direct[0] - direct[0], np.array([met[0] - met[0]] * len(W)), 0
    for t, (slope, own, v) in enumerate(zip(slopes, direct, met, strict=True)):
        carried = slope * (W @ s)
        total = total + (own * carried).sum() * theta + np.outer(slope * own, v)
        if t == len(nu):
            return total
        signs = nu[t]
        used = np.outer(slope * signs, v)
        rho_0, rho_1 = ((size(w) / (size(z) + EPS)) ** 0.5 + EPS for w, z in ((theta, carried), (used, signs)))
        s, theta = rho_0 * carried + rho_1 * signs, theta / rho_0 + used / rho_1


@within("T, h, d", [(1, 1, 1), (4, 3, 2), (6, 2, 5)])
def test_the_costs_are_the_products_counted(T, h, d):
    problem = make_problem(RNN, T=T, B=1, h=h, d=d)
    nu, numbers = np.random.default_rng(T).choice([-1.0, 1.0], (T - 1, h)), in_numbers(problem)
    for function, signs, cost, g in (
        (backwards, (), reverse_cost, call(gradient, problem)),
        (forwards, (), forward_cost, call(forward_gradient, problem)),
        (by_rank_one, (nu,), rank_one_cost, call(rank_one_gradient, problem, signs=nu)),
    ):
        found, products = count_products(function, *numbers, *signs)
        assert_close(found, np.column_stack([g.W_hx, g.W_hh, g.b_h]), what=function.__name__)
        assert products == cost(T, h, d).products, function.__name__


def test_the_numbers_held_are_those_of_the_arrays_between_two_steps(monkeypatch):
    T, h, d = 6, 3, 2
    problem, carried = make_problem(RNN, T=T, B=1, h=h, d=d), []
    walk = terms(problem)
    for _ in walk:
        a, tape = (walk.gi_frame.f_locals[name] for name in ("a", "tape"))
        assert a.size + tape.h[1].size == forward_cost(T, h, d).numbers
    tape, _, _ = problem.evaluate()
    assert tape.h.size + tape.h[0].size == reverse_cost(T, h, d).numbers  # δ is as large as a state
    monkeypatch.setattr(forward_mode, "joined", lambda *args: carried.append(joined(*args)) or carried[-1])
    call(rank_one_gradient, problem, seed=0)
    assert {s.size + theta.size + h for s, theta in carried} == {rank_one_cost(T, h, d).numbers}


@within("h, d", [(1, 1), (2, 3), (16, 8)])
def test_where_they_cross(h, d):
    T, again = where_they_cross(h, d)
    assert forward_cost(T, h, d).numbers < reverse_cost(T, h, d).numbers
    assert forward_cost(T - 1, h, d).numbers >= reverse_cost(T - 1, h, d).numbers

    def anew(T):
        return sum(reverse_cost(t, h, d).products for t in range(1, T + 1))

    assert forward_cost(again, h, d).products < anew(again)
    assert again == 1 or forward_cost(again - 1, h, d).products >= anew(again - 1)
    assert all(forward_cost(T, h, d).products > reverse_cost(T, h, d).products for T in (1, 10**6))


# ---- bad input ----------------------------------------------------------------------------------


def test_bad_input_is_refused_before_any_work(monkeypatch):
    def explode(*_):
        raise AssertionError("work was done before the input was checked")

    monkeypatch.setattr(RNN, "read", explode)
    rnn, x, y = RNN.random(2, 3, 2), np.ones((4, 2)), np.zeros(4, int)
    for function in (rank_one_gradient, rank_one_moments, partial(rank_one_draws, n=2)):
        with pytest.raises(ValueError, match="a single sequence, B = 1, got B = 5"):
            function(rnn, np.ones((4, 5, 2)), np.zeros((4, 5), int))
    with pytest.raises(ValueError, match=r"signs must have shape \(3, 3\), got \(4, 3\)"):
        rank_one_gradient(rnn, x, y, signs=np.ones((4, 3)))
    with pytest.raises(ValueError, match="signs must hold 1 and -1, got 0.5"):
        rank_one_gradient(rnn, x, y, signs=np.full((3, 3), 0.5))
    with pytest.raises(ValueError, match="n must be a whole number from 1 on, got 0"):
        rank_one_draws(rnn, x, y, n=0)
    with pytest.raises(ValueError, match="seed must be a whole number"):
        rank_one_gradient(rnn, x, y, seed=-1)
    with pytest.raises(ValueError, match=r"too many to list for T = 7 and s = 3; \(T-1\)·s ≤ 16"):
        rank_one_moments(rnn, np.ones((7, 2)), np.zeros(7, int))
    for function in (forward_gradient, forward_terms, rank_one_gradient, rank_one_moments):
        with pytest.raises(TypeError, match="rnn must be a network such as"):
            function(Attention.random(2, 2, 3, 2), x, y)
        with pytest.raises(ValueError, match="loss must be one of"):
            function(rnn, x, y, "absolute")
    for cost in (reverse_cost, forward_cost, rank_one_cost):
        with pytest.raises(ValueError, match="T must be a whole number from 1 on, got 0"):
            cost(0, 1, 1)
    with pytest.raises(TypeError, match="h must be a whole number, got 1.5"):
        where_they_cross(1.5, 1)


def test_what_leaves_the_range_of_numbers_is_told():
    steep = RNN([[1.0]], [[1e100]], [[1.0]], phi="identity")
    for function in (forward_gradient, rank_one_gradient):
        with pytest.raises(ValueError, match="loss is more than"):
            function(steep, np.ones((3, 1)), np.zeros((3, 1)), "squared")
        with pytest.raises(ValueError, match="gradient grows to more than"):
            function(
                RNN([[1.0]], [[1e100]], [[1e-250]], phi="identity"), np.eye(4, 1), np.full((4, 1), 1e120), "squared"
            )
