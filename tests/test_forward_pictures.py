"""Forward mode and rank one in pictures: the numbers drawn are those of the sweeps, and all outcomes are there."""

from math import isqrt

import numpy as np
import pytest
from drawn import live
from readable import faults
from reference import assert_close

from bpttlib import Random, gradient, moments, rank_one_gradient, rank_one_moments
from bpttlib.experiments import forward, rank_one
from bpttlib.experiments.checkpoints import watched
from bpttlib.figures.forward import ForwardPicture
from bpttlib.figures.rank_one import EDGES, RankOnePicture
from bpttlib.forward_mode import all_signs, rank_one_cost, reverse_cost

# ---- what they hold and multiply ----------------------------------------------------------------


@pytest.mark.parametrize("h", [2, 16, 128])
def test_the_lines_cross_where_the_picture_marks_it(h):
    found = forward.run(h)
    T, numbers = found["lengths"], found["numbers"]
    assert (T[0], T[-1]) == (10, 10**5) and all(len(line) == len(T) for line in numbers.values())
    assert np.ptp(numbers["forward"]) == 0
    assert ((numbers["everything"] > numbers["forward"]) == (T >= found["cross"])).all()
    assert found["cross"] == h * (forward.INPUTS + h + 1)
    k = forward.WIDTHS.index(h)
    assert found["times"] == found["products"]["forward"][k] / found["products"]["everything"][k]
    assert h * h / 2 < found["times"] < 1.6 * h * h


@pytest.mark.parametrize("T", [1, 5, 36, 50])
def test_the_states_of_checkpoints_are_those_seen_while_it_runs(T):
    """And δ, which is as large as a state."""
    seen = watched(T, isqrt(T - 1) + 1)[0]
    assert (seen.most + 1) * 2 == forward.checkpointed_numbers(T, h=2)


def test_the_picture_of_forward_mode_says_what_it_draws():
    picture = live(ForwardPicture).update(**forward.run(16))
    assert picture.alt.startswith("h = 16: forward mode holds 8\N{THIN SPACE}208 numbers")
    assert "rank one" not in picture.alt, "it comes later on the page"
    assert picture.crossing.get_text() == "T = 512" and picture.times.get_text() == "× 179"
    (x,), (y,) = picture.cross.get_data()
    T, numbers = picture.curves["everything"].get_data()
    assert np.interp(x, T, numbers) == pytest.approx(y, rel=0.02)


def test_every_line_stays_in_the_frame_at_every_width():
    picture = live(ForwardPicture)
    for h in (2, 16, 128):
        picture.update(**forward.run(h))
        for line in (*picture.curves.values(), *picture.costs.values(), picture.cross, picture.gap):
            low, high = line.axes.get_ylim()
            assert low <= np.min(line.get_ydata()) and np.max(line.get_ydata()) <= high
        for words in (picture.crossing, picture.times):
            box = words.get_window_extent(picture.canvas.get_renderer())
            assert box.x0 > 0 and box.x1 < picture.figure.bbox.x1
        assert faults(picture) == []


def test_a_line_of_the_key_is_on_both_sides_and_the_other_has_its_key_over_the_left():
    picture = live(ForwardPicture)
    assert len(picture.figure.legends[0].get_lines()) == len(picture.costs) == 2
    assert picture.curves.keys() - picture.costs.keys() == {"checkpoints"}
    (key,), curve = picture.left.get_legend().get_lines(), picture.curves["checkpoints"]
    assert (key.get_color(), key.is_dashed()) == (curve.get_color(), curve.is_dashed())


@pytest.mark.parametrize("h", forward.WIDTHS)
def test_no_words_lie_on_a_curve_or_on_an_axis(h):
    picture = live(ForwardPicture).update(**forward.run(h))
    (name,) = picture.left.get_legend().get_texts()
    for words, lines in ((picture.crossing, picture.curves), (name, picture.curves), (picture.times, picture.costs)):
        box = words.get_window_extent(picture.canvas.get_renderer())
        for x, y in (pixels(line) for line in lines.values()):
            assert not ((box.x0 < x) & (x < box.x1) & (box.y0 < y) & (y < box.y1)).any()
        assert box.x0 > words.axes.bbox.x0 + 8


def pixels(line):
    """Where the line runs: both scales are logarithmic, so between its points it is straight."""
    x, y = line.axes.transData.transform(line.get_xydata()).T
    many = np.linspace(x[0], x[-1], 2000)
    return many, np.interp(many, x, y)


@pytest.mark.parametrize("h", [0, 1.5])
def test_a_width_that_is_none_is_refused(h):
    with pytest.raises((ValueError, TypeError), match="h must be a whole number"):
        forward.run(h)


# ---- all outcomes -------------------------------------------------------------------------------


def of_entry():
    """The entry of W_hh that is shown, and its full value."""
    problem = rank_one.problem()
    full = gradient(problem.net, problem.x, problem.y, loss="squared").W_hh
    entry = np.unravel_index(np.abs(full).argmax(), full.shape)
    return problem, entry, full[entry]


def test_the_outcomes_have_the_exact_mean_and_spread():
    problem, entry, full = of_entry()
    data, found = (problem.net, problem.x, problem.y), rank_one.run()
    wanted = {
        "rank one": rank_one_moments(*data, "squared").variance.W_hh[entry],
        "dice": moments(*data, Random(rank_one.PI), loss="squared").variance.W_hh[entry] / found["throws"],
    }
    for name, (values, probability) in found["outcomes"].items():
        assert_close(probability.sum(), 1.0)
        assert_close(probability @ values, 1.0)
        assert_close(found["sd"][name], np.sqrt(wanted[name]) / abs(full))


def test_the_outcomes_are_single_estimates():
    problem, entry, full = of_entry()
    signs, (values, _) = all_signs(5, 2), rank_one.run()["outcomes"]["rank one"]
    assert len(values) == len(signs) == 2 ** rank_one.run()["signs"]
    for k in (0, 77, 255):
        one = rank_one_gradient(problem.net, problem.x, problem.y, "squared", signs=signs[k])
        assert_close(values[k], one.W_hh[entry] / full)


def test_the_mean_of_two_throws_is_listed_from_all_pairs():
    one, chance = rank_one.of_dice(1)
    values, probability = rank_one.of_dice(2)
    pairs, together = (one[:, None] + one) / 2, np.outer(chance, chance)
    for below in np.linspace(0.7, 1.6, 10):
        assert_close(probability[values < below].sum(), together[pairs < below].sum())


def test_the_throws_cost_no_more_than_rank_one_and_one_more_would():
    throws, reverse = rank_one.run()["throws"], reverse_cost(5, 2, 1).products
    assert throws * reverse <= rank_one_cost(5, 2, 1).products < (throws + 1) * reverse


def test_the_picture_of_rank_one_shows_every_outcome():
    found = rank_one.run()
    picture = live(RankOnePicture).update(**found)
    for values, _ in found["outcomes"].values():
        assert EDGES[0] < values.min() and values.max() < EDGES[-1]
    assert "all 256 outcomes of 8 signs, 1 ± 0.49" in picture.alt
    assert "dice with π = 0.8, the mean of 5 throws for no more products, 1 ± 0.09" in picture.alt
    assert [label.get_text() for label in picture.lower.get_xticklabels()] == ["0", "½", "1", "1½", "2"]
    assert_close(picture.lower.get_xticks(), [0, 0.5, 1, 1.5, 2])
    for _, stroke, mark, *_ in picture.parts.values():
        assert_close(mark.get_xdata(), [1.0])
        assert_close(np.mean(stroke.get_xdata()), 1.0)
