"""The panel of the scan: what its picture says each step holds is what the scan that runs holds there."""

from fractions import Fraction
from functools import partial
from itertools import islice
from math import prod

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.text import Text
from readable import faults
from reference import assert_close, recurrence

from bpttlib import solve
from bpttlib.experiments.scan import LONGEST, depth, run
from bpttlib.figures.scan import BEFORE, SIDE, TOP, TREE, TRIANGLE, WORDS, ScanPicture
from bpttlib.figures.style import PALE, B, C
from bpttlib.panels.scan import ScanPanel
from bpttlib.scan import ORDERS, composed, rounds

BOTH = pytest.mark.parametrize("order", ORDERS)
LENGTHS = (1, 2, 3, 8, 13, LONGEST)


def first_rounds(n, order):
    """The rounds of the scan that runs, stopped after n."""
    return lambda T: islice(ORDERS[order](T), n)


@BOTH
def test_a_step_holds_what_a_loop_over_its_steps_makes(order):
    """The b of its pair, in the very arrays of the scan, after every round: a_t of a loop that begins at `first`."""
    rng = np.random.default_rng(0)
    for T in LENGTHS:
        b, c = rng.uniform(-1, 1, (2, T))
        for n in range(depth(T, order) + 1):
            first, a = run(T, order, n)["first"][-1], composed(b, c, first_rounds(n, order))
            assert_close(a, [solve(b[i - 1 : t], c[i - 1 : t])[-1] for t, i in enumerate(first, start=1)])


@BOTH
def test_those_who_meet_make_the_whole_pair(order):
    """Both its c and its b, exactly, by the formula alone and the meetings that the picture draws."""
    T = 11
    pairs = [(Fraction(n % 5 - 2, 3), Fraction(n * n % 7 - 3, 2)) for n in range(1, T + 1)]
    found, steps = run(T, order, depth(T, order)), list(pairs)
    for met, first in zip(found["met"], found["first"][1:], strict=True):
        before = list(pairs)
        for earlier, later in met - 1:
            (c2, b2), (c1, b1) = before[later], before[earlier]
            pairs[later] = c2 * c1, c2 * b1 + b2
        for t, (i, pair) in enumerate(zip(first - 1, pairs, strict=True), start=1):
            c, b = zip(*steps[i:t], strict=True)
            assert pair == (prod(c), recurrence(b, c)[-1])


@BOTH
def test_the_cells_are_the_paths_and_the_lines_the_pairs(order):
    for done in range(depth(6, order) + 1):
        shown = run(6, order, done)
        picture = ScanPicture().update(**shown)
        first, before = shown["first"][-1], shown["first"][max(done - 1, 0)]
        for t in range(1, 7):
            for i in range(1, 7):
                wanted = B if i == t else BEFORE if i >= before[t - 1] else C if i >= first[t - 1] else PALE
                wanted = np.round(255 * np.array(to_rgba(wanted))) * (i <= t)
                assert picture.cells.colours[t - 1, i - 1].tolist() == wanted.tolist()
        lines = [line[:, 1] for line in picture.meeting.get_segments()]
        rows = [[round((TOP - y) * 6 / SIDE + 0.5) for y in line] for line in lines]
        assert rows == (shown["met"][-1].tolist() if done else [])
        assert len(picture.dots["known"].get_xdata()) == (first == 1).sum()
        assert len(picture.dots["open"].get_xdata()) == (first > 1).sum()


@BOTH
def test_it_ends_as_the_scan_does(order):
    for T in LENGTHS:
        found = run(T, order, rounds(T, order))
        assert (found["first"][-1] == 1).all() and len(found["met"]) == found["rounds"] == depth(T, order)
        with pytest.raises(ValueError, match=f"done must lie in 0 … {found['rounds']}, the rounds of T = {T} by"):
            run(T, order, found["rounds"] + 1)


def test_what_cannot_be_shown_is_refused():
    for function in (partial(run, done=0), depth):
        for T, order, message in (
            (33, "doubling", "T must lie in 1 … 32, got 33"),
            (0, "halving", "T must be a whole number from 1 on, got 0"),
            (8, "up", "order must be one of doubling, halving, got 'up'"),
        ):
            with pytest.raises(ValueError, match=message):
                function(T, order)
    for done in (-1, 1.5):
        with pytest.raises(ValueError, match=f"done must lie in 0 … 3, the rounds of T = 8 by doubling, got {done}"):
            run(8, "doubling", done)


def test_the_slider_of_rounds_ends_where_the_scan_does():
    panel = ScanPanel()
    done = panel.controls["done"]
    assert done.max == panel.described["done"].high == 3
    assert done.value == 3, "the stored picture shows a whole scan"
    panel.controls["T"].value = 32
    assert (done.value, done.max) == (5, 5), "a scan that was done stays done"
    done.value = 2
    panel.controls["order"].value = "halving"
    assert (done.value, done.max) == (2, 9), "and one that was not stays where it was"
    done.value = 9
    panel.controls["T"].value = 2
    assert (done.value, done.max) == (1, 1) and not panel.trouble
    panel.controls["T"].value = 20
    assert (done.value, done.max) == (7, 7)
    panel.set(T=12, order="doubling", done=1)
    assert panel.state == {"T": 12, "order": "doubling", "done": 1} and not panel.trouble
    panel.reset.click()
    assert panel.state == panel.start and done.max == 3


def test_the_picture_says_what_it_counts():
    picture = ScanPicture().update(**run(8, "doubling", 2))
    assert picture.count.get_text() == "2 of 3 rounds; a loop takes 7"
    said = "T = 8 by doubling: 2 of 3 rounds, where a loop takes 7. 13 of 17 pairs have met, 26 of 36 paths are "
    assert picture.alt == said + "collected, 4 of 8 steps hold all of theirs."
    heads = ["start", "round 1", "round 2", "round 3"]
    assert picture.labels.texts == [*heads, *map(str, range(1, 9))], "also the round to come"
    assert picture.update(**run(32, "halving", 9)).labels.texts[:4] == ["start", "round 1", "2", "3"]


def test_what_stands_over_the_picture_is_true_at_every_length():
    """By doubling each holds twice as many, as far as there are any; by halving the odd steps come last."""
    picture = ScanPicture()
    for T in range(2, LONGEST + 1):
        steps, first = np.arange(1, T + 1), run(T, "doubling", depth(T, "doubling"))["first"]
        held = steps - first + 1
        assert (held[1:] == np.minimum(2 * held[:-1], steps)).all()
        first_round, *others = run(T, "halving", depth(T, "halving"))["met"]
        assert first_round[:, 1].tolist() == list(range(2, T + 1, 2))
        when = {later: n for n, pairs in enumerate([first_round, *others]) for _, later in pairs.tolist()}
        assert all(when[t] == len(others) > 0 for t in range(3, T + 1, 2))
    for order, words in WORDS["does"].items():
        assert picture.update(**run(8, order, 0)).does.get_text() == words


@BOTH
def test_a_row_of_the_tree_is_a_row_of_the_triangle(order):
    """Its line begins at the step's first dot and ends beside the step's cells."""
    picture = ScanPicture().update(**run(5, order, 1))
    ends = np.array(picture.rows.get_segments())
    heights = TOP - (np.arange(5) + 0.5) * SIDE / 5
    assert_close(ends[:, :, 1], np.stack([heights, heights], axis=1))
    assert (ends[:, 0, 0] == TREE).all() and (abs(TRIANGLE - ends[:, 1, 0]) < 0.1).all()


@BOTH
def test_labels_stand_apart(order):
    """As many as there is room for: no two of them overlap, at any length, and none a text that stands still."""
    picture = ScanPicture()
    drawn = [text.get_window_extent() for text in picture.figure.findobj(Text) if text.get_text()]
    standing = [(box.min / picture.figure.dpi, box.max / picture.figure.dpi) for box in drawn]
    assert len(standing) == 7
    for T in (2, 20, 21, LONGEST):
        picture.update(**run(T, order, depth(T, order)))
        boxes = [*standing]
        for path, (x, y) in zip(picture.labels.get_paths(), picture.labels.get_offsets(), strict=True):
            low, high = path.vertices.min(axis=0) + (x, y), path.vertices.max(axis=0) + (x, y)
            assert all((low > other_high).any() or (high < other_low).any() for other_low, other_high in boxes)
            assert (low > 0).all() and (high < picture.inches).all()
            boxes.append((low, high))
        assert faults(picture) == []


@pytest.mark.parametrize("stopped_at", ["set_xlim", "set_ylim"])
def test_stopped_on_the_way_to_another_length_it_still_goes_back(stopped_at, monkeypatch):
    picture = ScanPicture().update(**run(8, "halving", 3))
    before, axes = picture.png(), picture.cells.axes

    def stops(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(axes, stopped_at, stops)
    with pytest.raises(KeyboardInterrupt):
        picture.update(**run(13, "halving", 3))
    monkeypatch.undo()
    assert picture.update(**run(8, "halving", 3)).png() == before
