"""Influence balancing: every number that is told of it, by another route."""

from math import comb

import numpy as np
import pytest
from reference import assert_close

from bpttlib import RNN, EdgeWeights, Full, Random, Segments, Window, complex_step, gradient, many_gradients, moments
from bpttlib.balancing import Balance, largest_rate
from bpttlib.experiments import balancing

BALANCE = Balance()
SIGNS = [1] * 10 + [-1] * 13


def by_paths(k):
    """Of k steps j must go one unit on: ½^k C(k, j), with the sign of the unit where they began."""
    return sum(sign * comb(k, j) for j, sign in enumerate(SIGNS)) / 2**k


def test_the_derivative_is_that_of_the_state_at_rest():
    net = BALANCE.net(0.3)
    rest = np.linalg.solve(np.eye(23) - net.W_hh, net.W_hx[:, 0])
    assert_close(BALANCE.rest(0.3), rest)
    assert_close(rest[0], -6 * 0.3)
    assert BALANCE.derivative == -6 and BALANCE.net(BALANCE.goal).forward(np.ones((400, 1))).o[-1] == pytest.approx(1)


def test_influences_count_the_paths_and_add_up_to_the_derivative():
    influence = BALANCE.influence()
    assert_close(influence[:100], [by_paths(k) for k in range(100)])
    assert influence.sum() == pytest.approx(-6, rel=1e-12)


@pytest.mark.parametrize(
    "strategy, wanted",
    [(Full(), -6.0), (Window(100), -6.0), (Window(10), 10.0), (Segments(10), 5.5), (Segments(100), 0.58)],
)
def test_what_each_strategy_sees(strategy, wanted):
    assert BALANCE.seen(strategy) == pytest.approx(wanted, abs=1e-7)
    assert BALANCE.mean_and_sd(strategy) == (BALANCE.seen(strategy), 0.0)


def test_a_long_block_is_off_by_what_all_its_losses_miss():
    """Σ_k k · influence_k = -658, so the mean over a block is -6 + 658/τ: of the right sign from τ = 110 on."""
    missed = sum(k * by_paths(k) for k in range(400))
    assert missed == pytest.approx(-658)
    for tau in (100, 109, 110, 200):
        assert BALANCE.seen(Segments(tau)) == pytest.approx(-6 + 658 / tau, abs=1e-6)
    assert BALANCE.seen(Segments(109)) > 0 > BALANCE.seen(Segments(110))


def test_a_window_sees_no_more_on_a_longer_stretch():
    for tau in (1, 19, 60):
        assert BALANCE.gradient(1.0, Window(tau), 120, 1, -7.0) == pytest.approx(BALANCE.seen(Window(tau)))


def test_the_gradient_of_theta_is_that_of_the_complex_step():
    net, x, y = BALANCE.net(0.5), np.ones((12, 1)), np.ones((12, 1))
    g = complex_step(net, x, y, loss="squared", h0=BALANCE.rest(0.5))
    assert_close(BALANCE.gradient(0.5, Full(), steps=12, asked=12), BALANCE.signs @ g.W_hx[:, 0])
    assert BALANCE.gradient(0.5, Full()) == pytest.approx((-3 - 1) * -6)


@pytest.mark.parametrize(
    "strategy", [Full(), Window(4), Segments(5), EdgeWeights([1, 2, 0, 1, 0.5, 3, 1, 0, 1, 1, 2, 1])]
)
def test_the_twin_has_the_same_gradient_under_every_strategy(strategy):
    x, y = np.ones((12, 1)), np.linspace(-1, 1, 12)[:, None]
    g, of_twin = (gradient(net, x, y, strategy, loss="squared") for net in (BALANCE.net(0.7), BALANCE.twin(0.7)))
    assert g.loss == pytest.approx(of_twin.loss)
    assert_close(BALANCE.signs @ g.W_hx[:, 0], of_twin.W_hx[0, 0])


@pytest.mark.parametrize("pi, wanted", [(15 / 16, 54.2), (31 / 32, 25.9), (0.9, 118.6)])
def test_the_spread_of_the_dice_is_that_of_moments(pi, wanted):
    T, net = 150, BALANCE.twin(1.0)
    x, y = np.ones((T, 1)), net.forward(np.ones((T, 1))).o[:, 0]
    y[-1] -= 1
    found = moments(net, x, y, Random(pi), loss="squared")
    mean, sd = BALANCE.mean_and_sd(Random(pi))
    assert mean == pytest.approx(T * found.mean.W_hx[0, 0]) == pytest.approx(-6)
    assert sd == pytest.approx(T * np.sqrt(found.variance.W_hx[0, 0]), rel=1e-9) and round(sd, 1) == wanted


def test_what_dice_see_depends_on_their_last_cut_alone():
    pi, T, small = 0.8, 80, Balance(plus=1, minus=2)
    xi = Random(pi).draws(T, 12, seed=0)
    y = np.zeros((T, 1))
    y[-1] = -1
    g = T * many_gradients(small.net(0.0), np.ones((T, 1)), y, xi, loss="squared").W_hx[..., 0] @ small.signs
    kept = [T - 1 - max(np.flatnonzero(row == 0), default=0) for row in xi]  # terms but one
    assert_close(g, small.seen_by_reach(pi)[kept], 1e-9)
    assert small.chances(pi).sum() == pytest.approx(1) and small.chances(pi)[2] == pytest.approx(pi**2 * (1 - pi))


def test_throws_come_as_often_as_their_chances():
    drawn = BALANCE.throws(0.5, (2, 5000), seed=0)
    values, counts = np.unique(drawn, return_counts=True)
    assert set(values) <= set(BALANCE.seen_by_reach(0.5))
    assert counts[values == 1.0] / drawn.size == pytest.approx(0.5, abs=0.02)
    assert np.array_equal(drawn, BALANCE.throws(0.5, (2, 5000), seed=0))


@pytest.mark.parametrize("strategy", [Full(), Window(60), Segments(20)])
def test_training_is_descent_by_the_gradients_of_the_network(strategy):
    theta, alpha, found = 0.5, 0.01, [0.5]
    for n in range(3):
        asked, steps = (20, 20) if strategy == Segments(20) else (1, None)
        theta -= alpha / np.sqrt(1 + n) * BALANCE.gradient(theta, strategy, steps, asked)
        found.append(theta)
    assert_close(BALANCE.train([BALANCE.seen(strategy)] * 3, alpha), found, 1e-9)


def test_online_training_goes_by_the_gradients_under_its_edge_weights():
    """So small a step that θ and the state stand still: the last move is that of one gradient of the last loss."""
    xi = np.random.default_rng(0).uniform(0, 2, (30, 2))
    xi[0] = 0
    theta = BALANCE.train_online(xi, alpha=1e-9)
    moves = -np.diff(theta, axis=0)[-1] * np.sqrt(30) / 1e-9
    for run, one in enumerate(xi.T):
        assert moves[run] == pytest.approx(BALANCE.gradient(0.5, EdgeWeights(one), steps=30), rel=1e-5)
        assert_close(BALANCE.train_online(one, alpha=1e-9), theta[:, run])


def test_online_full_arrives_and_dice_only_by_small_steps():
    dice = Random(15 / 16).draws(3000, 4, seed=0).T
    small, large = (np.abs(BALANCE.train_online(dice, alpha)[-1] - BALANCE.goal) for alpha in (0.0001, 0.003))
    assert (small < 0.667).all() and (large > 1e3).all()
    assert BALANCE.train_online(np.ones(3000), 0.003)[-1] == pytest.approx(BALANCE.goal, abs=1e-5)
    assert abs(BALANCE.train_online(Segments(10).edge_weights(3000), 0.001)[-1]) > 3


def test_the_largest_rate_is_where_the_mean_square_stands_still():
    mean, sd = BALANCE.mean_and_sd(Random(15 / 16))
    chance, seen = BALANCE.chances(15 / 16), BALANCE.seen_by_reach(15 / 16)
    rate = largest_rate(-6.0, mean, sd)
    square = [chance @ (1 + 6 * eta * seen) ** 2 for eta in (0.9 * rate, rate, 1.1 * rate)]
    assert square[0] < 1 < square[2] and square[1] == pytest.approx(1)
    assert largest_rate(-6.0, -6.0, 0.0) == pytest.approx(1 / 18)
    assert largest_rate(-6.0, 0.58, 0.0) == largest_rate(-6.0, 0.0, 0.0) == 0


def test_who_arrives_and_who_runs_away():
    small, large = (balancing.run(tau=100, pi=15 / 16, alpha=alpha, throw=1) for alpha in (0.001, 0.03))
    assert small["losses"]["full"][-1] < 0.01 and large["losses"]["full"][-1] < 1e-9
    assert small["losses"]["segments"][-1] > small["losses"]["segments"][0] == pytest.approx(8)
    assert large["losses"]["segments"][-1] > 1e9
    assert (small["losses"]["random"][-1] < 1).all() and np.isinf(large["losses"]["random"][-1]).all()
    runs = [balancing.run(100, 15 / 16, 0.001, throw)["losses"]["random"][-1] for throw in (2, 3, 4)]
    assert (np.array(runs) < 8).all()


def test_segments_of_10_run_away_at_any_step():
    for alpha in (0.0001, 0.001, 0.01):
        assert balancing.run(10, 15 / 16, alpha, 1)["losses"]["segments"][-1] > 8


def test_what_is_lost_does_not_come_back():
    losses = balancing.shown_losses(np.array([-6.0] * 300), alpha=1e7)
    assert np.isinf(losses[1:]).all() and losses[0] == pytest.approx(8)


@pytest.mark.parametrize(
    "call, error, needed",
    [
        (lambda: Balance(3, 3), ValueError, "must differ"),
        (lambda: Balance(0, 3), ValueError, "plus"),
        (lambda: Balance(2.5, 3), TypeError, "plus"),
        (lambda: BALANCE.gradient(0.5, Full(), steps=3, asked=4), ValueError, "asked"),
        (lambda: BALANCE.gradient(0.5, "full"), TypeError, "strategy"),
        (lambda: BALANCE.mean_and_sd("full"), TypeError, "strategy"),
        (lambda: BALANCE.mean_and_sd(Random(0.25)), ValueError, "¼"),
        (lambda: BALANCE.mean_and_sd(Random([0.5, 0.5])), ValueError, "one number"),
        (lambda: BALANCE.train([np.nan], 0.1), ValueError, "NaN"),
        (lambda: BALANCE.train([-6.0], 0.0), ValueError, "alpha"),
        (lambda: BALANCE.train_online([1.0, np.nan], 0.1), ValueError, "NaN"),
        (lambda: BALANCE.train_online([], 0.1), ValueError, "xi"),
        (lambda: BALANCE.train_online([1.0], -1.0), ValueError, "alpha"),
        (lambda: largest_rate(0.0, 1.0, 1.0), ValueError, "derivative"),
        (lambda: largest_rate(1.0, 1.0, -1.0), ValueError, "sd"),
    ],
)
def test_bad_input_is_refused(call, error, needed, monkeypatch):
    monkeypatch.setattr(RNN, "read", None)
    with pytest.raises(error, match=needed):
        call()
