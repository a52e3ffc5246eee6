"""What an LSTM keeps: the product of its gates, all paths, and the panel that shows both."""

import numpy as np
import pytest
from reference import assert_close

from bpttlib import LSTM
from bpttlib.experiments import forgetting
from bpttlib.figures.forgetting import BOTTOM, MILLIONTH, TOP, ForgettingPicture
from bpttlib.panels.forgetting import ForgettingPanel


@pytest.mark.parametrize(("forget_bias", "scale"), [(1.0, 1.0), (-3.0, 4.0)])
def test_all_paths_are_the_product_of_the_whole_jacobians(forget_bias, scale):
    """In one go, without taking a size out; over more steps than are read at once."""
    T, h = forgetting.BLOCK + 7, forgetting.UNITS
    tape = forgetting.network(forget_bias, scale).forward(forgetting.story(T))
    found = forgetting.run(forget_bias, scale, T)["left"]
    product = np.eye(2 * h)
    for n, t in enumerate(range(T, 0, -1), start=1):
        product = product @ tape.jacobian(t)[0]
        wanted = np.linalg.norm(product[h:, h:]) / np.sqrt(h)
        assert abs(found["all"][n] - np.log10(wanted)) < 1e-9
    gates = np.prod(tape.gates["f"][1:, 0], axis=0)
    assert_close(10 ** found["gates"][-1], np.sqrt((gates**2).mean()))
    assert found["all"][0] == found["gates"][0] == found["constant"][0] == 0


def test_all_paths_are_what_a_complex_step_in_c_does():
    T, h = 6, forgetting.UNITS
    net, x = forgetting.network(1.0, 4.0), forgetting.story(T)
    complex_net = net.with_parameters({name: w.astype(complex) for name, w in net.parameters.items()})
    pushed = complex_net.forward(np.repeat(x[:, None], h, 1), (np.zeros((h, h)), 1e-30j * np.eye(h))).c[-1].imag / 1e-30
    assert_close(10 ** forgetting.run(1.0, 4.0, T)["left"]["all"][T], np.linalg.norm(pushed) / np.sqrt(h), 1e-12)


def test_gates_that_hear_nothing_stand_still():
    """Then all three are one straight line, and its length is that of the closed form."""
    for forget_bias in (-3.0, 0.25, 1.0, 3.0):
        found = forgetting.run(forget_bias, 0.0, 500)
        for left in found["left"].values():
            assert_close(left, np.arange(501) * np.log10(1 / (1 + np.exp(-forget_bias))), 1e-9)
        (length,) = set(found["length"].values())
        kept = 1 / (1 + np.exp(-forget_bias))
        assert kept**length < 1e-6 <= kept ** (length - 1) and length == forgetting.constant_length(forget_bias)


def test_nothing_overflows_where_numbers_would():
    found = forgetting.run(-3.0, 1.0, forgetting.LONGEST)["left"]
    assert all(np.isfinite(left).all() for left in found.values()) and found["gates"][-1] < -1000
    assert forgetting.run(1.0, 8.0, 500)["left"]["all"][-1] > 10, "through h it explodes"


@pytest.mark.parametrize(
    ("forget_bias", "T", "message"),
    [
        (31.0, 10, "forget_bias must lie in -30 … 30, got 31.0"),
        (-800, 10, "forget_bias must lie in -30 … 30, got -800"),
        (np.nan, 10, "forget_bias must be a finite number, got nan"),
        (1.0, 0, "T must be a whole number from 1 on, got 0"),
        (1.0, 1001, "T must lie in 1 … 1000, got 1001"),
    ],
)
def test_what_cannot_be_shown_is_refused(forget_bias, T, message):
    for function in (forgetting.run, forgetting.left_after):
        with pytest.raises(ValueError, match=message):
            function(forget_bias, 1.0, T)


def test_the_product_is_not_all():
    """At b = 1, as drawn, what goes through h lasts longer: in every one of these."""
    for seed in range(3):
        left = forgetting.left_after(1.0, 1.0, 60, seed)
        assert left["all"][-1] > left["gates"][-1] + 1


def test_the_network_is_the_drawn_one_scaled():
    net, drawn = forgetting.network(2.0, 0.5), LSTM.random(28, 8, 1, forgetting.SEED, forget_bias=2.0)
    assert (net.W_hh == 0.5 * drawn.W_hh).all() and (net.W_hx == 0.5 * drawn.W_hx).all()
    assert (net.b_h == drawn.b_h).all() and (net.by_gate(net.parameters).b_f == 2).all()


def test_the_picture_says_the_lengths_and_marks_them():
    shown = forgetting.run(1.0, 1.0, 200)
    picture = ForgettingPicture().update(**shown)
    assert all(f": after {length} steps" in picture.alt for length in shown["length"].values())
    for kind in ("gates", "all"):
        assert picture.said[kind].get_text() == f"after {shown['length'][kind]} steps"
        assert picture.dots[kind].get_xydata().tolist() == [[shown["length"][kind], MILLIONTH]]
    inside = np.clip(shown["left"]["all"], BOTTOM, TOP) == shown["left"]["all"]
    assert (picture.curves["all"].get_ydata()[inside] == shown["left"]["all"][inside]).all()
    assert "σ(b) = 0.731" in picture.alt and picture.ax.get_xlim() == (0, 200)


def test_what_is_not_reached_is_told_with_what_is_left():
    picture = ForgettingPicture().update(**forgetting.run(6.0, 0.0, 50))
    assert picture.said["gates"].get_text() == f"not yet, {0.99752738**50:.2g} is left"
    assert not len(picture.dots["gates"].get_xdata())
    picture.png()
    picture.said["all"].set_text("not yet, 6.6 · 10⁶¹ is left")
    assert picture.said["all"].get_window_extent().x1 < picture.figure.bbox.x1


def test_a_state_is_its_controls():
    panel = ForgettingPanel()
    first = panel.image.value
    panel.set(forget_bias=4.25, scale=0.5, T=50)
    assert not panel.trouble and panel.image.value != first
    panel.reset.click()
    assert panel.image.value == first and panel.alt.startswith("b = 1, weights × 1, 200 steps.")
