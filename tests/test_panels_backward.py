"""The panels of the page on the way back: what they show are the numbers of the sweep, and the buttons walk it."""

import itertools

import ipywidgets as W
import numpy as np
import pytest

from bpttlib import RNN, gradient
from bpttlib.figures.efficiency import EfficiencyPicture
from bpttlib.figures.numbers import decimals, in_brackets, number, ordinal, short, signed
from bpttlib.figures.sweep import HIGH, LOW, WAITING, coloured
from bpttlib.notation import subscript
from bpttlib.panels.sweep import SweepPanel
from bpttlib.panels.transposes import TransposesPanel


@pytest.fixture(scope="module")
def panel():
    return SweepPanel()


def buttons(widget):
    kinds = [child for child in getattr(widget, "children", []) for child in [child, *buttons(child)]]
    return [child for child in kinds if isinstance(child, (W.Button, W.Play))]


def test_every_state_is_drawn(panel):
    for walked, w in itertools.product(range(11), (-1.2, -0.5, 0.0, 0.8, 1.2)):
        panel.set(walked=walked, w=w)
        assert not panel.trouble
    panel.set(**panel.start)


@pytest.mark.parametrize("w", [-1.2, 0.0, 0.8, 1.2])
def test_the_numbers_shown_are_the_gradient(panel, w):
    panel.set(walked=10, w=w)
    shown = panel.experiment(**panel.state)
    x = np.array([0.3, 0.6, 0.2, 0.5, 0.4, 0.7, 0.1, 0.6, 0.3, 0.5])
    net = RNN([[1]], [[w]], [[1]], phi="identity")
    delta = gradient(net, x[:, None], np.zeros((10, 1)), loss="squared", h0=[0.5]).dL_dh[:, 0, 0]
    assert [text.get_text() for text in panel.picture.values] == [short(value) for value in delta]
    assert np.allclose(shown["paths"].sum(axis=0), delta, rtol=0, atol=1e-12)
    panel.set(**panel.start)


def test_a_step_absorbs_one_column(panel):
    for walked in range(11):
        panel.set(walked=walked, w=0.8)
        cells, row = panel.picture.cells.colours, panel.picture.deltas.colours[0]
        waiting = (cells == WAITING).all(axis=-1)
        for t, i in itertools.product(range(10), repeat=2):
            assert waiting[t, i] == (i <= t and i < 10 - walked)
        assert ((row == WAITING).all(axis=-1) == (np.arange(10) < 10 - walked)).all()
        told = f"{sum(range(walked + 1))} of 55 paths"
        assert told in panel.picture.alt and panel.picture.absorbed.get_text() == f"{told} absorbed"
        x, y = panel.picture.frame.get_xy()
        assert not walked or (x, y) == (10 - walked + 0.5, 10 - walked + 0.5)
        assert panel.picture.frame.get_visible() == (walked > 0)
    panel.set(**panel.start)


def test_counters_are_counted(panel):
    for walked in (0, 4, 10):
        panel.set(walked=walked)
        naive = 2 * sum(t - i + 1 for i in range(11 - walked, 11) for t in range(i, 11))
        sweep = max(3 * walked - 1, 0)
        assert [total.get_text() for total in panel.picture.totals] == [str(naive), str(sweep)]
    panel.set(**panel.start)


def test_the_line_adds_up(panel):
    panel.set(walked=7, w=-0.5)
    assert [text.get_text() for text in panel.picture.sum] == [
        "δ₄ = 0.072",
        "= 0.054 from its own loss",
        "+ (−0.50) · (−0.035) from step 5",
    ]
    panel.set(**panel.start)


def test_buttons_walk_and_play_is_linked(panel):
    found = {getattr(button, "tooltip", ""): button for button in buttons(panel)}
    found["reset"] = panel.reset
    assert {"first", "back", "next", "last"} <= found.keys()
    slider = panel.controls["walked"]
    for name, place in (("next", 5), ("last", 10), ("next", 10), ("back", 9), ("first", 0), ("back", 0), ("reset", 4)):
        found[name].click()
        assert slider.value == place
    (play,) = (button for button in buttons(panel) if isinstance(button, W.Play))
    links = (one for one in W.Widget.get_manager_state()["state"].values() if one["model_name"] == "LinkModel")
    ends = [(one["state"]["source"][0], one["state"]["target"][0]) for one in links]
    assert (f"IPY_MODEL_{play.model_id}", f"IPY_MODEL_{slider.model_id}") in ends
    assert (play.min, play.max, play.value) == (slider.min, slider.max, slider.value)


def test_colours_stop_at_the_ends_of_the_scale():
    low, high = coloured(np.array([0.0, 10.0**LOW])), coloured(np.array([10.0**HIGH, -1e9]))
    assert (low[0] == low[1]).all() and (high[0] == high[1]).all() and (low[0] != high[0]).any()


def test_numbers_as_they_are_written():
    assert [short(v) for v in (0.5, -0.5, 9.37, -20.61)] == ["0.500", "−0.500", "9.37", "−20.6"]
    assert [in_brackets(text) for text in ("1.00", "−1.00")] == ["1.00", "(−1.00)"]
    assert subscript(10) == "₁₀"
    assert [decimals(-0.5, 2), signed(-0.001), signed(-1.234)] == ["−0.50", "0.00", "−1.23"]
    assert [number(v) for v in (80.4, 1735.0, 4.2e7, 0.123)] == ["80", "1735", "4.2e+07", "0.12"]
    assert [ordinal(n) for n in (1, 2, 3, 4)] == ["1st", "2nd", "3rd", "4th"]


def test_the_words_for_the_cost_picture_name_no_time():
    counts = {name: {10: 10, 100: 1000} for name in ("path by path", "loss by loss", "one sweep")}
    first, second = (EfficiencyPicture().update(counts=counts, times={"one sweep": {10: t}}) for t in (1e-6, 1e-3))
    assert first.alt == second.alt and "× 100" in first.alt
    assert first.png() != second.png()


def test_every_corner_is_drawn_and_told():
    panel = TransposesPanel()
    for d, h, q, forgotten in itertools.product((1, 6), (1, 6), (1, 6), (False, True)):
        panel.set(d=d, h=h, q=q, forgotten=forgotten)
        assert not panel.trouble
    assert "5 of 5 products fit all the same" in panel.picture.alt
    panel.set(d=1, h=1, q=1)
    assert "0 of 5" in panel.picture.alt
    panel.set(d=1, h=2, q=3)
    assert "2 of 5" in panel.picture.alt and "to hₜ from later; ∂L/∂W_hh" in panel.picture.alt
