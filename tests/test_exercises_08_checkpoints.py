"""Exercises 3 and 4 of page 08: right answers written in other ways are right, typical mistakes are not."""

import math
from functools import cache
from itertools import combinations

import numpy as np
import pytest

from bpttlib.checking.reader import Reader
from bpttlib.checking.specs import fewest_states
from tests.pages import each, exercises


def task(name):
    return exercises("08_other_ways.ipynb")[name]


# ---- right, in other ways -----------------------------------------------------------------------


def by_binomials(T, reads):
    more = 1
    while math.comb(more + reads - 1, reads) < T:
        more += 1
    return more + 1


def by_growing_rows(T, reads):
    rows = [1] * reads
    while rows[-1] < T:
        rows[0] += 1
        for r in range(1, reads):
            rows[r] += rows[r - 1]
    return rows[0] + 1


def by_halving(T, reads):
    low, high = 1, T
    while low < high:
        middle = (low + high) // 2
        enough = math.comb(middle + reads - 1, reads) >= T
        low, high = (low, middle) if enough else (middle + 1, high)
    return np.int64(low + 1)


def swept(read, w, y, k, first=0.0):
    starts, firsts = range(0, len(y), k), [first]
    for start in starts[:-1]:
        firsts.append(read(firsts[-1], start, start + k)[-1])
    slope = later = 0.0
    for start in reversed(starts):
        h = [firsts.pop()]
        h += read(h[0], start, min(start + k, len(y)))
        for n in range(len(h) - 1, 0, -1):
            delta = h[n] - y[start + n - 1] + later
            slope += delta * (1 - h[n] ** 2) * h[n - 1]
            later = w * (1 - h[n] ** 2) * delta
    return slope


def swept_with_a_dictionary(read, w, y, k):
    """All first states kept to the end, and an old block until the new one is there."""
    T, firsts = len(y), {0: 0}
    for start in range(k, T, k):
        block = read(firsts[start - k], start - k, start)
        firsts[start] = block[-1]
    slope = delta = 0
    for start in sorted(firsts, reverse=True):
        block = [firsts[start], *read(firsts[start], start, min(T, start + k))]
        while len(block) > 1:
            h = block.pop()
            delta = (1 - h**2) * (h - y[start + len(block) - 1] + delta)
            slope, delta = slope + delta * block[-1], delta * w
    return slope


def swept_with_arrays(read, w, y, k):
    T = len(y)
    firsts = np.zeros(-(-T // k))
    for n in range(1, len(firsts)):
        firsts[n] = read(firsts[n - 1], (n - 1) * k, n * k)[-1]
    slope, later = 0.0, 0.0
    for n in range(len(firsts))[::-1]:
        here = slice(n * k, min(n * k + k, T))
        h = np.append(firsts[n], read(firsts[n], here.start, here.stop))
        delta = h[1:] - y[here]
        delta[-1] += later
        for t in range(len(delta) - 1, 0, -1):
            delta[t - 1] += w * (1 - h[t + 1] ** 2) * delta[t]
        slope, later = slope + np.sum(delta * (1 - h[1:] ** 2) * h[:-1]), w * (1 - h[1] ** 2) * delta[0]
    return slope


def swept_from_inside(read, w, y, k):
    """A block calls the next one, and gets δ back: the first states wait in the calls."""

    def back(first, start):
        stop = min(start + k, len(y))
        last = read(first, start, stop)[-1] if stop < len(y) else first
        slope, later = back(last, stop) if stop < len(y) else (0.0, 0.0)
        h = [first, *read(first, start, stop)]
        for n in range(stop - start, 0, -1):
            felt = (1 - h[n] ** 2) * (h[n] - y[start + n - 1] + later)
            slope, later = slope + felt * h[n - 1], felt * w
        return slope, later

    return back(0.0, 0)[0]


RIGHT = {
    "states_needed": [by_binomials, by_growing_rows, by_halving],
    "swept": [swept, swept_with_a_dictionary, swept_with_arrays, swept_from_inside],
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_answers_written_in_another_way_are_right(name):
    for answer in RIGHT[name]:
        verdict = task(name).judge(answer)
        assert verdict.right, verdict.text


# ---- what the judges run ------------------------------------------------------------------------


@pytest.mark.parametrize("reads", [1, 2, 3])
def test_the_fewest_states_are_those_of_every_possible_order(reads):
    for T in range(1, 7):
        fewest = fewest_states(T, reads)
        assert possible(T, reads, fewest) and not possible(T, reads, fewest - 1)


def possible(T, reads, room):
    """Whether some order of reading, letting go and going back over steps needs no more room: all are tried."""

    @cache
    def goes_on(held, left, counts):
        if left == 0:
            return True
        if {left - 1, left} <= held:
            return goes_on(frozenset(t for t in held if t < left), left - 1, counts[: left - 1])
        for t in range(1, left + 1):
            if t - 1 in held and t not in held and counts[t - 1] < reads:
                now = (*counts[: t - 1], counts[t - 1] + 1, *counts[t:])
                kept = [one for one in held if one not in (0, t - 1)]  # what a step is read from is there meanwhile
                for n in range(len(kept) + 1):
                    for some in combinations(kept, n):
                        there = frozenset({0, t - 1, t, *some})
                        if len(there) <= room and (
                            goes_on(there, left, now) or goes_on(there - {t - 1} | {0}, left, now)
                        ):
                            return True
        return False

    return goes_on(frozenset({0}), T, (0,) * T)


def test_the_binomials_of_the_hint():
    assert [fewest_states(10_000, reads) for reads in (1, 2, 3)] == [10_001, 142, 40]


def test_the_reader_counts_what_is_held_not_what_was():
    read = Reader(0.5, np.ones(8), k=2)
    firsts = [read(0.0, 0, 2)[-1], read(0.0, 2, 4)[-1]]
    read(0.0, 4, 6)
    assert len(read.notes["held"]) == len(firsts) + 2 and read.notes["read"] == 6


# ---- wrong --------------------------------------------------------------------------------------


def of_equal_blocks(T, reads):
    return math.ceil(reads * T ** (1 / reads))


def all_kept(read, w, y, k):
    h, T = [0.0], len(y)
    for start in range(0, T, k):
        h += read(h[-1], start, min(start + k, T))
    slope = later = 0.0
    for t in range(T, 0, -1):
        felt = (1 - h[t] ** 2) * (h[t] - y[t - 1] + later)
        slope, later = slope + felt * h[t - 1], felt * w
    return slope


def in_one_go(read, w, y, k):
    return swept(read, w, y, len(y))


def step_by_step_from_the_start(read, w, y, k):
    """Nothing held, everything read again for each step."""
    slope = later = 0.0
    for t in range(len(y), 0, -1):
        before, h = 0.0, 0.0
        for n in range(t):
            before, h = h, read(h, n, n + 1)[0]
        felt = (1 - h**2) * (h - y[t - 1] + later)
        slope, later = slope + felt * before, felt * w
    return slope


def cut_at_the_blocks(read, w, y, k):
    """`later` is not carried: Segments."""
    slope, first = 0.0, 0.0
    for start in range(0, len(y), k):
        stop = min(start + k, len(y))
        h, later = [first, *read(first, start, stop)], 0.0
        for n in range(stop - start, 0, -1):
            felt = (1 - h[n] ** 2) * (h[n] - y[start + n - 1] + later)
            slope, later = slope + felt * h[n - 1], felt * w
        first = h[-1]
    return slope


def without_the_last_block(read, w, y, k):
    T = len(y) // k * k
    return swept(read, w, y[:T], k)


WRONG = {
    "states_needed": [
        of_equal_blocks,
        lambda T, reads: by_binomials(T, reads) - 1,  # h_0 forgotten
        lambda T, reads: by_binomials(T, reads + 1),  # reads taken for readings again
        lambda T, reads: 2 * math.isqrt(T),
        lambda T, reads: math.ceil(math.log2(T)) + 1,
        lambda T, reads: T // reads + 1,
    ],
    "swept": [
        all_kept,
        in_one_go,
        step_by_step_from_the_start,
        cut_at_the_blocks,
        without_the_last_block,
        lambda read, w, y, k: swept(read, w, y, k, first=1.0),
        lambda read, w, y, k: swept(read, w, y[::-1], k),
    ],
}
SAID = {
    all_kept: "holds 20 states at once, where 16 are",
    in_one_go: "reads 6 steps at a time, where a block has 3",
    step_by_step_from_the_start: "steps, where twice",
}


@each(WRONG)
def test_typical_wrong_answers_are_rejected(name, answer):
    verdict = task(name).judge(answer)
    assert not verdict.right and "not written" not in verdict.text and "raises" not in verdict.text
    assert SAID.get(answer, "") in verdict.text


def test_what_is_no_step_is_told():
    verdict = task("swept").judge(lambda read, w, y, k: read(0.0, 0, len(y) + 1)[0])
    assert "asks read for steps 0 to 2, where there are 0 to 1" in verdict.text
