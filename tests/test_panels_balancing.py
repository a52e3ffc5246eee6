"""The pictures of influence balancing and of a network that explodes say what was computed, and their words fit."""

import itertools

import numpy as np
import pytest
from drawn import live
from reference import assert_close

from bpttlib import RNN, Segments, gradient
from bpttlib.experiments import balancing, growing
from bpttlib.figures.balancing import BOTTOM, COLUMNS, REACH, TOP, BalancingPicture, chance, fate
from bpttlib.figures.growing import GrowingPicture
from bpttlib.panels.balancing import CHANCES, SIZES, BalancingPanel


@pytest.fixture(scope="module")
def picture():
    return live(BalancingPicture)


STATES = [(1, 0.5, 0.1), (150, 1 - 1 / 128, 0.0001), (40, 0.75, 0.001), (100, 15 / 16, 0.03)]


@pytest.mark.parametrize("tau, pi, alpha", STATES)
def test_the_words_keep_to_their_columns_and_the_picture(picture, tau, pi, alpha):
    picture.update(**balancing.run(tau, pi, alpha, throw=1))
    picture.canvas.draw()
    inches = picture.figure.dpi
    for kind, told in picture.told.items():
        texts = [picture.names[kind], *told]
        edges = [text.get_window_extent().x1 / inches for text in texts]
        for edge, limit in zip(edges, (*COLUMNS, picture.inches[0]), strict=True):
            assert edge < limit - 0.04
    assert picture.title.get_window_extent().x1 / inches < picture.inches[0]


def test_the_table_tells_what_is_seen_and_the_safe_step_and_leaves_the_ends_to_the_curves(picture):
    picture.update(**balancing.run(100, 15 / 16, 0.001, 1))
    assert [text.get_text() for text in picture.heads] == ["sees ∂s¹/∂θ =", "safe step size, below"]
    assert {kind: [text.get_text() for text in told] for kind, told in picture.told.items()} == {
        "full": ["−6.00", "0.056"],
        "window": ["−6.00", "0.056"],
        "segments": ["+0.58", "none: the wrong way"],
        "random": ["−6 ± 54", "0.00067"],
    }
    assert picture.names["segments"].get_text() == "segments: mean of the curve up to 100"
    assert "segments 17, random 8e-08 … 0.012 in 10 runs" in picture.alt


def test_the_window_stands_on_the_curve_and_segments_at_its_mean(picture):
    for tau in (1, 30, 150):
        found = balancing.run(tau, 15 / 16, 0.001, throw=1)
        picture.update(**found)
        (x,), (y,) = picture.window.get_data()
        assert (x, y) == (tau, pytest.approx(found["reached"][tau - 1], abs=1e-6))
        assert picture.block.get_ydata()[0] == pytest.approx(found["reached"][:tau].mean(), abs=1e-6)
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
    assert fate(np.array([[8.0, 8.0], [1e-13, 1e-12]])) == "under 1e-09 in all 2 runs"
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
    assert picture.head.get_text() == f"Length of the gradient ∂L/∂W_hh, at ρ = {rho}:"
