"""The pictures of influence balancing and of a network that explodes say what was computed, and their words fit."""

import itertools

import numpy as np
import pytest
from drawn import live
from readable import faults
from reference import assert_close

from bpttlib import RNN, Segments, gradient
from bpttlib.experiments import balancing, growing
from bpttlib.figures.balancing import BOTTOM, REACH, TOP, BalancingPicture, chance, fate
from bpttlib.figures.growing import GrowingPicture
from bpttlib.figures.numbers import grouped, times_ten
from bpttlib.panels.balancing import CHANCES, SIZES, BalancingPanel


@pytest.fixture(scope="module")
def picture():
    return live(BalancingPicture)


STATES = [(1, 0.5, 0.1), (150, 1 - 1 / 128, 0.0001), (40, 0.75, 0.001), (100, 15 / 16, 0.03)]


@pytest.mark.parametrize("tau, pi, alpha", [*STATES, *((tau, 15 / 16, 0.001) for tau in range(15, 150, 12))])
def test_no_name_is_covered_by_a_mark_or_by_another(picture, tau, pi, alpha):
    assert faults(picture.update(**balancing.run(tau, pi, alpha, throw=1))) == []


def test_names_stand_beside_their_marks_with_what_is_seen_and_the_safe_steps_are_told(picture):
    picture.update(**balancing.run(100, 15 / 16, 0.001, 1))
    assert {kind: name.get_text() for kind, name in picture.names.items()} == {
        "segments": "segments +0.58",
        "random": "random −6 ± 54",
    }
    for tau in (20, 100, 150):
        picture.update(**balancing.run(tau, 15 / 16, 0.001, 1))
        name, seen = picture.names["segments"], picture.mean.get_ydata()[1]
        assert 0 < np.sign(seen) * (name.get_position()[1] - seen) < 2  # beside the mark, away from 0
        assert name.get_va() == ("bottom" if seen > 0 else "top")
    picture.update(**balancing.run(100, 15 / 16, 0.001, 1))
    assert "A constant step is safe below: full 0.056, window 0.056, segments never, random 0.00067." in picture.alt
    assert f"segments 17, random {times_ten('8e-08')} … 0.012 in 10 runs" in picture.alt


def test_the_same_state_is_the_same_picture_whatever_came_before(picture):
    again = BalancingPicture().update(**balancing.run(100, 15 / 16, 0.001, 1)).png()
    for tau in (150, 37, 20, 100):
        picture.update(**balancing.run(tau, 15 / 16, 0.001, 1))
        shown = picture.png()
    assert shown == again


def test_both_plots_draw_a_strategy_alike(picture):
    for kind in ("segments", "window"):
        left = {"segments": picture.block, "window": picture.curve}[kind]
        right = picture.lines[kind]
        assert (left.get_color(), left.get_linestyle()) == (right.get_color(), right.get_linestyle())


def test_the_window_stands_on_the_curve_and_segments_at_its_mean(picture):
    for tau in (1, 30, 150):
        found = balancing.run(tau, 15 / 16, 0.001, throw=1)
        picture.update(**found)
        (x,), (y,) = picture.window.get_data()
        assert (x, y) == (tau, pytest.approx(found["reached"][tau - 1], abs=1e-6))
        assert picture.block.get_ydata()[0] == pytest.approx(found["reached"][:tau].mean(), abs=1e-6)
        assert np.ravel(picture.cut.get_data()) == pytest.approx([tau, found["reached"][:tau].mean()], abs=1e-6)
        assert np.abs(picture.curve.get_ydata()).max() < REACH


def test_the_bar_of_the_dice_is_their_sd_or_ends_in_arrows(picture):
    picture.update(**balancing.run(100, 1 - 1 / 128, 0.001, 1))
    low, high = picture.spread.get_ydata()
    assert (high - low) / 2 == pytest.approx(balancing.mean_and_sd(balancing.Random(1 - 1 / 128))[1])
    assert [end.get_marker() for end in picture.ends] == ["_", "_"]
    picture.update(**balancing.run(100, 15 / 16, 0.001, 1))
    assert [end.get_marker() for end in picture.ends] == ["v", "^"]


def test_the_curves_are_the_losses(picture):
    found = balancing.run(100, 15 / 16, 0.001, 1)
    picture.update(**found)
    for kind, line in picture.lines.items():
        assert_close(line.get_ydata(), found["losses"][kind])
    assert len(picture.runs.get_segments()) == balancing.RUNS
    for run, segment in zip(found["losses"]["random"].T, picture.runs.get_segments(), strict=True):
        inside = (run > BOTTOM) & (run < TOP)
        assert_close(segment[inside, 1], run[inside])
    assert "segments +0.58" in picture.alt and "−6 ± 54" in picture.alt


def test_ends_are_told_in_words():
    assert fate(np.array([8.0, np.inf])) == "lost"
    assert fate(np.array([[8.0, 8.0], [np.inf, 1e-12]])) == "lost in 1 of 2 runs"
    assert fate(np.array([[8.0, 8.0], [1e-13, 1e-12]])) == "under 10⁻⁹ in all 2 runs"
    assert fate(np.array([[8.0, 8.0], [0.25, 17.0]])) == "0.25 … 17 in 2 runs"
    assert [chance(pi) for pi in CHANCES.values()] == [*CHANCES] and chance(1.0) == "1" and chance(0.7) == "0.7"


def test_corners_of_the_balancing_panel_are_drawn():
    panel = BalancingPanel()
    corners = itertools.product((1, 150), (0.5, 1 - 1 / 128), (SIZES["0.0001"], SIZES["0.1"]), (1, 99))
    for tau, pi, alpha, throw in corners:
        panel.set(tau=tau, pi=pi, alpha=alpha, throw=throw)
        assert not panel.trouble


# ---- a network that explodes ---------------------------------------------------------------------------


def test_its_gradients_are_those_of_its_networks():
    found = growing.run(1.3, 40)
    x = np.random.default_rng(1).standard_normal((40, 3))
    rnn = RNN.random(3, 8, 2, 0, 1.3, phi="identity")
    g = gradient(rnn, x, np.zeros((40, 2)), Segments(1), loss="squared")
    assert found["at"]["one"] == pytest.approx(np.linalg.norm(g.W_hh)) == pytest.approx(found["norms"]["one"][8])
    assert growing.RADII[8] == 1.3
    trace = rnn.forward(x)
    assert_close(found["states"], np.linalg.norm(trace.h[1:, 0], axis=1))
    assert_close(found["errors"], np.linalg.norm(trace.o[:, 0] @ rnn.W_qh, axis=1))


def test_its_words_group_thousands_and_keep_a_power_of_ten_on_one_line():
    picture = live(GrowingPicture).update(**growing.run(1.3, 40))
    assert picture.alt.endswith(f"the state has length {grouped(66557)}.")
    assert f"is {times_ten('1.9e+09')} in full" in picture.alt and " · " not in picture.alt


def test_even_one_term_explodes_with_the_states():
    growth = {kind: norms[8] / norms[4] for kind, norms in growing.run(1.3, 40)["norms"].items()}  # from 0.9 to 1.3
    assert min(growth.values()) > 1e7
    at = growing.run(1.3, 40)["at"]
    assert at["full"] / at["one"] < 30


@pytest.mark.parametrize("rho, T", [*itertools.product([0.5, 1.5], [10, 50])])
def test_all_of_it_stays_in_the_frame(rho, T):
    picture = live(GrowingPicture).update(**growing.run(rho, T))
    for line in (*picture.curves.values(), picture.states, picture.errors):
        low, high = line.axes.get_ylim()
        assert low < line.get_ydata().min() and line.get_ydata().max() < high
    picture.canvas.draw()
    assert max(text.get_window_extent().x1 for text in picture.values.values()) < 5 * picture.figure.dpi
    assert picture.here.get_xdata()[0] == rho
    assert not any("e+" in text.get_text() for text in picture.values.values())
    assert picture.head.get_text() == f"Length of the gradient ∂L/∂W_hh, at ρ = {rho}:"
