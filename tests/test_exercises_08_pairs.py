"""Exercises 1 and 2 of page 08, the pairs: right answers in other ways are right, typical mistakes are not."""

import numpy as np

from bpttlib import scan, scan_matrices
from tests.pages import each, exercises


def task(name):
    return exercises("08_other_ways.ipynb")[name]


# ---- right, in other ways -----------------------------------------------------------------------


def composed_in_one_matrix(second, first):
    """As one matrix each, which keeps the 1 below."""

    def block(c, b):
        c, b = np.atleast_2d(c), np.atleast_2d(b)
        return np.block([[c, b], [np.zeros_like(c), np.eye(len(c))]])

    n, both = np.ndim(first[0]) and 2, block(*second) @ block(*first)
    return (both[:2, :2], both[:2, 2:]) if n else (both[0, 0], both[0, 1])


def composed_by_kind(second, first):
    if np.ndim(first[0]) == 0:
        return second[0] * first[0], second[1] + first[1] * second[0]
    return second[0] @ first[0], second[1] + second[0] @ first[1]


def composed_by_entries(second, first):
    (c2, b2), (c1, b1) = second, first
    if not isinstance(c2, np.ndarray):
        return [c1 * c2, b2 + b1 * c2]
    n = range(len(c2))
    c, b = ([[sum(c2[i, k] * of[k, j] for k in n) for j in n] for i in n] for of in (c1, b1))
    return [c, np.add(b, b2).tolist()]


def plain_loop(b, c):
    a = [b[0]]
    for t in range(1, len(b)):
        a = [*a, np.dot(c[t], a[-1]) + b[t]]
    return a


def backwards_in_place(b, c):
    b, c, lag = list(b), list(c), 1
    while lag < len(b):
        for t in range(len(b) - 1, lag - 1, -1):
            b[t], c[t] = b[t] + np.dot(c[t], b[t - lag]), np.dot(c[t], c[t - lag])
        lag += lag
    return np.array(b)


def by_the_library(b, c):
    return scan(b, c) if np.ndim(c) == 1 else scan_matrices(b, c, "halving")


def half_by_half(b, c):
    def whole(b, c):
        if len(b) == 1:
            return [(c[0], b[0])]
        half = len(b) // 2
        left, right = whole(b[:half], c[:half]), whole(b[half:], c[half:])
        last_c, last_b = left[-1]
        return left + [(np.dot(c2, last_c), np.dot(c2, last_b) + b2) for c2, b2 in right]

    return [b for _, b in whole(b, c)]


RIGHT = {
    "compose": [composed_in_one_matrix, composed_by_kind, composed_by_entries],
    "doubling_scan": [plain_loop, backwards_in_place, by_the_library, half_by_half],
}


@each(RIGHT)
def test_right_answers_written_in_another_way_are_right(name, answer):
    verdict = task(name).judge(answer)
    assert verdict.right, verdict.text


# ---- wrong --------------------------------------------------------------------------------------


def wrong_pair(c=None, b=None):
    def pair(second, first):
        (c2, b2), (c1, b1) = second, first
        found_c = c(c2, c1) if c else np.dot(c2, c1)
        return found_c, b(c2, b2, c1, b1) if b else np.dot(c2, b1) + b2

    return pair


def wrong_scan(pair, start=1, more=lambda lag: 2 * lag, goes_on=lambda lag, T: lag < T):
    def doubled(b, c):
        pairs, lag = list(zip(c, b, strict=True)), start
        while goes_on(lag, len(pairs)):
            early, late = pairs[:-lag], pairs[lag:]
            pairs[lag:] = [pair(*two) for two in zip(late, early, strict=True)]
            lag = more(lag)
        return [b for _, b in pairs]

    return doubled


def forwards_in_place(b, c):
    """The pairs that are met have met already."""
    b, c, lag = list(b), list(c), 1
    while lag < len(b):
        for t in range(lag, len(b)):
            b[t], c[t] = b[t] + np.dot(c[t], b[t - lag]), np.dot(c[t], c[t - lag])
        lag *= 2
    return b


swapped = {"c": lambda c2, c1: np.dot(c1, c2), "b": lambda c2, b2, c1, b1: np.dot(c1, b2) + b1}
WRONG = {
    "compose": [
        wrong_pair(**swapped),
        wrong_pair(c=swapped["c"]),
        wrong_pair(b=swapped["b"]),
        wrong_pair(c=lambda c2, c1: c2 * c1),  # entry by entry
        wrong_pair(b=lambda c2, b2, c1, b1: c2 * b1 + b2),
        wrong_pair(b=lambda c2, b2, c1, b1: np.dot(b1, c2) + b2),
        wrong_pair(b=lambda c2, b2, c1, b1: np.dot(c2, b1)),
        wrong_pair(b=lambda c2, b2, c1, b1: b1 + b2),
        wrong_pair(b=lambda c2, b2, c1, b1: np.dot(c2, b1 + b2)),
        lambda *case: wrong_pair()(*case)[::-1],  # b first
    ],
    "doubling_scan": [
        wrong_scan(wrong_pair(c=swapped["c"])),  # half mended
        wrong_scan(wrong_pair(b=swapped["b"])),
        wrong_scan(wrong_pair(c=lambda c2, c1: c2)),
        wrong_scan(wrong_pair(), more=lambda lag: lag + 1),
        wrong_scan(wrong_pair(), goes_on=lambda lag, T: 2 * lag < T),  # a round too few
        wrong_scan(wrong_pair(), start=2),
        forwards_in_place,
    ],
}


@each(WRONG)
def test_typical_wrong_answers_are_rejected(name, answer):
    verdict = task(name).judge(answer)
    assert not verdict.right and "not written" not in verdict.text and "raises" not in verdict.text


def test_the_order_shows_with_numbers_already():
    asked = task("compose")
    numbers = [case for case in asked.cases if np.ndim(case[0][0]) == 0]
    assert not all(np.allclose(wrong_pair(**swapped)(*case), asked.spec(*case)) for case in numbers)


def test_the_bug_is_found_and_hides_where_all_steps_are_alike():
    asked = task("doubling_scan")
    verdict = asked.judge(asked.answer)
    assert not verdict.right and "raises" not in verdict.text
    rng = np.random.default_rng(0)
    for T in (1, 2, 5, 8, 13):
        for b, c in ((rng.normal(), rng.normal()), (rng.normal(size=2), rng.normal(size=(2, 2)))):
            case = [b] * T, [c] * T
            assert np.allclose(asked.answer(*case), asked.spec(*case), rtol=1e-12)
        sums = rng.normal(size=T), np.ones(T)
        assert np.allclose(asked.answer(*sums), asked.spec(*sums), rtol=1e-12)
