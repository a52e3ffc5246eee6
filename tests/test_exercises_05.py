"""The exercises of page 05: right answers written in other ways are right, typical mistakes are not."""

from fractions import Fraction
from functools import reduce
from itertools import product

import numpy as np

from bpttlib import Window, scalar_moments, solve
from tests.pages import each, exercises


def task(name):
    return exercises("05_truncation.ipynb")[name]


# ---- right, in other ways -----------------------------------------------------------------------


def window_of_two_triangles(T, tau):
    return np.tril(np.ones((T, T))) - np.tril(np.ones((T, T)), -tau)


def window_of_the_library(T, tau):
    return Window(tau).path_weights(T)


def window_of_integers(T, tau):
    lag = np.subtract.outer(np.arange(T), np.arange(T))
    return np.where((0 <= lag) & (lag <= tau - 1), 1, 0).tolist()


def walk_by_reduce(b, c, xi):
    return reduce(lambda z, step: step[0] + step[2] * step[1] * z, zip(b, c, xi, strict=True), 0)


def walk_in_fractions(b, c, xi):
    z = Fraction(0)
    for b_t, c_t, xi_t in zip(b, c, xi, strict=True):
        z = b_t + Fraction(c_t) * xi_t * z
    return z


def walk_by_solve(b, c, xi):
    return solve(b, np.array(c) * xi)[-1]


def variance_of_the_formula(c, pi, T):
    a = solve([1.0] * T, [c] * T)
    variance = 0.0
    for t in range(1, T):
        variance = c * c * (variance / pi + (1 - pi) / pi * a[t - 1] * a[t - 1])
    return variance


def variance_from_second_moments(c, pi, T):
    mean = square = 1.0
    for _ in range(T - 1):
        mean, square = 1 + c * mean, 1 + 2 * c * mean + c * c / pi * square
    return square - mean * mean


def variance_of_the_library(c, pi, T):
    return scalar_moments([1] * T, [c] * T, pi).variance[-1]


RIGHT = {
    "window_weights": [window_of_two_triangles, window_of_the_library, window_of_integers],
    "walk": [walk_by_reduce, walk_in_fractions, walk_by_solve],
    "dice_variance": [variance_of_the_formula, variance_from_second_moments],
}


@each(RIGHT)
def test_right_answers_written_in_another_way_are_right(name, answer):
    assert task(name).judge(answer).right


# ---- what is demanded ---------------------------------------------------------------------------


def window_pair_by_pair(T, tau):
    return [[1 if 0 <= t - i <= tau - 1 else 0 for i in range(T)] for t in range(T)]


def test_no_loop_over_the_pairs():
    for slow in (window_pair_by_pair, task("window_weights").spec):
        assert "there is a loop" in task("window_weights").judge(slow).text


def variance_of_all_outcomes(c, pi, T):
    mean = square = 0
    for cuts in product((0, 1), repeat=T - 1):
        z, probability = 1, 1
        for kept in cuts:
            z = 1 + kept * c / pi * z
            probability = probability * (pi if kept else 1 - pi)
        mean, square = mean + probability * z, square + probability * z * z
    return square - mean * mean


def test_a_dozen_multiplications_a_step():
    text = task("dice_variance").judge(variance_of_all_outcomes).text
    assert text.startswith("is right, but") and "multiplications" in text
    assert "cannot be counted" in task("dice_variance").judge(task("dice_variance").spec).text


# ---- wrong --------------------------------------------------------------------------------------


def walk_that_cuts_the_direct_term(b, c, xi):
    z = 0
    for b_t, c_t, xi_t in zip(b, c, xi, strict=True):
        z = xi_t * (b_t + c_t * z)
    return z


def variance_with(step):
    def dice_variance(c, pi, T):
        a, v = 1.0, 0.0
        for _ in range(T - 1):
            v, a = step(v, a, c, pi), 1 + c * a
        return v

    return dice_variance


WRONG = {
    "window_weights": [
        lambda T, tau: np.tril(np.ones((T, T))) - np.tril(np.ones((T, T)), -tau - 1),  # one step too long
        lambda T, tau: np.tril(np.ones((T, T))) - np.tril(np.ones((T, T)), 1 - tau),  # one too short
        lambda T, tau: np.transpose(window_of_two_triangles(T, tau)),
        lambda T, tau: abs(np.subtract.outer(np.arange(T), np.arange(T))) < tau,  # the future, too
        lambda T, tau: np.tril(np.equal.outer(np.arange(T) // tau, np.arange(T) // tau)),  # blocks
        lambda T, tau: np.tril(np.ones((T, T))),  # full
    ],
    "walk": [
        walk_that_cuts_the_direct_term,
        lambda b, c, xi: solve(b, c)[-1],  # nothing is cut
        lambda b, c, xi: solve(b, np.roll(np.array(c) * xi, 1))[-1],  # one edge too late
        lambda b, c, xi: solve(b, np.array(c) * (np.array(xi) > 0))[-1],  # what is kept is not made heavier
        lambda b, c, xi: solve(b, np.array(c) * xi),  # every z
    ],
    "dice_variance": [
        variance_with(lambda v, a, c, pi: c**2 / pi * v),  # no fresh variance
        variance_with(lambda v, a, c, pi: c**2 * v + c**2 * (1 / pi - 1) * a**2),  # no 1/π on the old
        variance_with(lambda v, a, c, pi: c**2 / pi * v + c**2 * (1 / pi - 1) * (1 + c * a) ** 2),  # the new a
        variance_with(lambda v, a, c, pi: c / pi * v + c * (1 / pi - 1) * a**2),  # c not squared
        variance_with(lambda v, a, c, pi: c**2 * (1 / pi - 1) * a**2),  # the book to the letter
        lambda c, pi, T: variance_of_the_formula(c, pi, T + 1),  # one step too many
        lambda c, pi, T: variance_of_the_formula(c, pi, T) ** 0.5,  # the deviation
    ],
}


@each(WRONG)
def test_typical_wrong_answers_are_rejected(name, answer):
    verdict = task(name).judge(answer)
    assert not verdict.right and "not written" not in verdict.text and "raises" not in verdict.text


def test_the_bug_of_the_page_is_where_the_page_says():
    assert task("walk").spec((1, 1, 1, 1), (1, 1, 1, 1), (1, 1, 0, 1)) == 2
    assert walk_that_cuts_the_direct_term((1, 1, 1, 1), (1, 1, 1, 1), (1, 1, 0, 1)) == 1


def test_the_library_is_right_and_cannot_be_counted():
    cases, spec = task("dice_variance").cases, task("dice_variance").spec
    wanted = np.array([spec(*case) for case in cases], float)
    assert np.allclose([variance_of_the_library(*case) for case in cases], wanted, rtol=1e-12, atol=1e-12)
    assert "cannot be counted" in task("dice_variance").judge(variance_of_the_library).text
