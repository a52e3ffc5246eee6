"""The best dice: their variance against `moments`, the optimum against its conditions and against other dice."""

import numpy as np
import pytest
from reference import assert_close
from test_gates import make_problem
from within import within

from bpttlib import GRU, LSTM, RNN, Leaky, Problem, Random
from bpttlib.best_dice import best_dice, best_of, recurrent_shares, shared_out, shared_stretches, stakes, variance_of
from bpttlib.experiments import best_dice as picture
from bpttlib.experiments.reading import reading_of_title
from bpttlib.figures.best_dice import BestDicePicture
from bpttlib.moments import moments_of
from bpttlib.paths import shares_of
from bpttlib.text import PARABLE, Vocabulary, next_character

CELLS = (RNN, Leaky, GRU, LSTM)
rng = np.random.default_rng(0)
S = shared_stretches(reading_of_title(0.9).problem)


def some_dice(n, mean):
    """Any π of this mean, some of them mostly 1 and nearly 0."""
    raw = rng.dirichlet(np.full(n - 1, rng.choice([0.5, 1, 5, 50]))) + 1e-3
    return np.append(1.0, shared_out(raw, mean * (n - 1)))


@within("kind", CELLS, ids=[kind.__name__ for kind in CELLS])
def test_the_variance_is_that_of_moments_for_any_dice_and_any_cell(kind):
    problem = make_problem(kind, T=6, B=2)
    some, pi = shared_stretches(problem), rng.uniform(0.3, 1, 6)
    wanted = moments_of(problem, Random(pi)).variance.flat().sum()
    assert wanted > 1e-6 and variance_of(some, pi) == pytest.approx(wanted, rel=1e-12)


def test_the_variance_on_the_page():
    read, pi = reading_of_title(0.9), rng.uniform(0.5, 1, 28)
    wanted = moments_of(read.problem, Random(pi)).variance.flat().sum()
    assert variance_of(S, pi) == pytest.approx(wanted, rel=1e-12)


def test_the_shares_are_those_of_the_paths():
    problem = make_problem(RNN, T=4, B=2)
    P, start = recurrent_shares(problem), problem.net.W_hx.size
    assert_close(P[..., start : start + problem.net.W_hh.size], shares_of(problem).reshape(4, 4, -1))
    g = moments_of(problem, Random(1.0)).mean
    assert_close(P.sum(axis=(0, 1))[:start], g.W_hx.ravel())


def test_a_stake_is_a_slope():
    """By central differences."""
    pi, step = rng.uniform(0.5, 0.9, 28), 1e-6
    for j in (1, 9, 27):
        there = np.eye(28)[j] * step
        slope = (variance_of(S, pi + there) - variance_of(S, pi - there)) / (2 * step)
        assert stakes(S, pi)[j] == pytest.approx(-pi[j] * slope, rel=1e-6)


@pytest.mark.parametrize("mean", [0.5, 0.8, 0.95])
def test_the_conditions_of_an_optimum_hold_and_no_other_dice_are_better(mean):
    pi = best_of(S, mean)
    assert pi[0] == 1 and (pi <= 1).all() and pi[1:].mean() == pytest.approx(mean, rel=1e-12)
    slopes, open_ = stakes(S, pi)[1:] / pi[1:], pi[1:] < 1
    assert slopes[open_] == pytest.approx(slopes[open_].mean(), rel=1e-9)
    assert (slopes[~open_] >= slopes[open_].mean()).all()
    least = variance_of(S, pi)
    assert all(variance_of(S, some_dice(28, mean)) > least for _ in range(100))
    near = (shared_out(pi[1:] * np.exp(0.02 * rng.standard_normal(27)), 27 * mean) for _ in range(50))
    assert all(variance_of(S, np.append(1.0, one)) > least for one in near)


def test_every_start_ends_at_the_same_dice_although_nothing_promises_it():
    assert (S < 0).any()  # so Var need not be convex
    wanted = best_of(S, 0.8)
    for _ in range(3):
        assert best_of(S, 0.8, some_dice(28, 0.8)) == pytest.approx(wanted, abs=1e-9)


def test_two_edges_by_hand():
    """S has no pair that shares both: π is in proportion to the roots, √9 : √4."""
    apart = np.zeros((3, 3))
    apart[1, 0], apart[2, 1] = 9.0, 4.0
    assert best_of(apart, 0.5) == pytest.approx([1, 0.6, 0.4], abs=1e-9)
    assert best_of(apart, 0.9) == pytest.approx([1, 1, 0.8], abs=1e-9)
    assert best_of(apart, 1.0) == pytest.approx([1, 1, 1])


def test_shares_add_up_and_none_is_above_one():
    for total in (0.5, 2.0, 3.9, 5.0):
        share = shared_out(np.array([8.0, 4.0, 1.0, 1.0, 0.1]), total)
        assert share.sum() == pytest.approx(total) and (share <= 1).all() and (np.diff(share) <= 0).all()


def test_where_nothing_crosses_or_no_mean_is_given(monkeypatch):
    net, x, zeros = RNN.random(2, 3, 2), rng.standard_normal((5, 2)), np.zeros(5, int)
    with pytest.raises(ValueError, match="nothing crosses the edge to step 5"):
        best_dice(net, x, zeros, 0.5, mask=[1, 1, 1, 1, 0])
    assert best_dice(net, x[:1], zeros[:1], 0.5).tolist() == [1.0]  # no edge, no dice
    monkeypatch.setattr(RNN, "read", lambda *_: pytest.fail("work was done"))
    for wrong in (0, 1.5, -0.1, np.nan, [0.5, 0.5]):
        with pytest.raises(ValueError, match="mean"):
            best_dice(net, x, zeros, wrong)
    with pytest.raises(TypeError, match="mean"):
        best_dice(net, x, zeros, "half")


def test_the_picture_and_what_is_said_about_it():
    found = picture.run()
    spreads = found["spreads"]
    assert all(best < 0.8 * one for one, best in spreads.values())
    assert (found["pi"][1:] == 1).sum() == 9
    alt = BestDicePicture().update(**found).alt
    assert "9 of 27 are never cut" in alt and "mean 0.8 62% and 43%" in alt


def test_they_are_the_best_of_one_network_only():
    (new, same), (stale, fresh) = picture.left_over(0), picture.left_over(10)
    assert new == same < 0.6
    assert fresh < 0.7 and stale > 1


def test_a_step_that_would_go_too_far_is_halved():
    """With the first power these dice swing between two places for ever."""
    text = " ".join(PARABLE.split())[:51]
    vocabulary = Vocabulary.of(text)
    net = RNN.random(len(vocabulary), 8, len(vocabulary), seed=1, spectral_radius=1.5)
    wild = shared_stretches(Problem(net, *next_character(text, 50, vocabulary)))
    pi = best_of(wild, 0.5)
    slopes = stakes(wild, pi)[1:] / pi[1:]
    assert slopes[pi[1:] < 1] == pytest.approx(slopes.min(), rel=1e-8)
    assert variance_of(wild, pi) < 0.001 * variance_of(wild, np.full(50, 0.5))
