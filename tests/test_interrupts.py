"""Whoever stops a panel while it draws sees the right picture at the next move; test_panels.py stops each at random."""

import pytest
from moves import assert_as_anew, is_place
from stopping import stopped

from bpttlib.figures.live import Picture
from bpttlib.panels.base import STOPPED
from bpttlib.panels.derivation import DerivationPanel, terms
from bpttlib.panels.graph import GraphPanel
from bpttlib.panels.variance import VariancePanel


def test_the_line_says_that_the_picture_is_an_old_one():
    panel = VariancePanel()
    picture, draw = panel.image.value, panel.picture.png

    def stops():
        raise KeyboardInterrupt

    panel.picture.png = stops
    with pytest.raises(KeyboardInterrupt):
        panel.controls["c"].value = 0.3
    assert panel.image.value == picture and panel.trouble == STOPPED and STOPPED in panel.line.value
    panel.picture.png = draw
    panel.controls["pi"].value = 0.6
    assert not panel.trouble
    assert_as_anew(panel)


class Standing(Picture):
    """A standing part that takes two settings, the second of which can be broken off."""

    inches = (1.0, 1.0)
    stops = False

    def build(self):
        self.ax = self.axes(0.1, 0.1, 0.8, 0.8)
        self.line = self.moving(self.ax.plot([0, 1], [0, 1])[0])

    def show(self, low, high):
        if not self.still((low, high)):
            self.ax.set_xlim(low, high)
            if self.stops:
                raise KeyboardInterrupt
            self.ax.set_ylim(low, high)
        return ""


def test_standing_parts_are_remembered_after_they_are_set():
    picture = Standing().update(low=0, high=1)
    before = picture.png()
    picture.stops = True
    with pytest.raises(KeyboardInterrupt):
        picture.update(low=0, high=2)
    picture.png()  # half of one and half of the other: seen, and never kept
    picture.stops = False
    assert picture.update(low=0, high=2).png() == Standing().update(low=0, high=2).png()
    assert picture.update(low=0, high=1).png() == before
    assert picture.update(low=0, high=2).png() == Standing().update(low=0, high=2).png()


@pytest.mark.parametrize("place", [2, 9, 20])
def test_terms_that_were_stopped_are_offered_anew(place):
    panel = DerivationPanel()
    panel.set(T=8, step=panel.controls["step"].max)
    stopped(lambda: panel.set(chapter="prove"), place, is_place)
    panel.controls["step"].value = 3
    row = panel.experiment(**panel.state)["row"]
    assert dict(zip(panel.controls["i"]._options_labels, panel.controls["i"]._options_values, strict=True)) == terms(
        row
    )
    assert_as_anew(panel)


def test_what_was_not_fitted_is_fitted_at_the_next_move():
    """T has moved and t has not followed: whatever moves next, t does."""
    panel, fit = GraphPanel(), GraphPanel.fit

    def stops(moved):
        raise KeyboardInterrupt

    panel.fit = stops
    with pytest.raises(KeyboardInterrupt):
        panel.controls["T"].value = 3
    panel.fit = fit.__get__(panel)
    assert panel.state["t"] == 5
    panel.controls["parameter"].value = "W_qh"
    assert panel.state["T"] == panel.state["t"] == panel.controls["t"].max == 3
    assert_as_anew(panel)
