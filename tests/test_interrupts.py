"""Whoever stops a panel while it draws sees the right picture at the next move, wherever it was stopped."""

from inspect import CO_GENERATOR
from pathlib import Path
from random import Random
from zlib import crc32

import matplotlib
import pytest
from stopping import stopped
from test_panels import PANELS, pixels

import bpttlib.panels.derivation
from bpttlib.figures.live import Picture
from bpttlib.panels.base import STOPPED
from bpttlib.panels.controls import Dice, Range
from bpttlib.panels.derivation import DerivationPanel, terms
from bpttlib.panels.graph import GraphPanel
from bpttlib.panels.variance import VariancePanel

OURS = tuple(str(Path(bpttlib.__file__).parent / part) for part in ("figures", "panels"))
THEIRS = str(Path(matplotlib.__file__).parent)
MOVES, SEEN = 15, 5  # at random for each panel before it is stopped; every fifth is drawn
STOPS, PLACES = 1, 250  # for each panel; most moves come through more places


def is_place(frame, event):
    """A call of a function of a panel or a picture, or of one of matplotlib that sets or draws an artist."""
    code = frame.f_code
    drawing = code.co_filename.startswith(THEIRS) and code.co_name.startswith(("set", "draw"))
    ours = code.co_filename.startswith(OURS) and not code.co_flags & CO_GENERATOR  # which is entered again and again
    return event == "call" and (drawing or ours)


def some_move(panel, random):
    """One control and a value that it may take now, but has not."""
    moves = []
    for name, described in panel.described.items():
        now = panel.controls[name]
        fits = [value for value in tried(described, now.value, random) if may_be(now, value) and value != now.value]
        moves += [(name, value) for value in fits if name != "text"]
    return random.choice(moves)


def tried(described, now, random):
    """The values of a control, and of a slider another one; of dice the next throw."""
    if isinstance(described, Dice):
        return [now % described.high + 1]
    if not isinstance(described, Range):
        return described.values()
    step = random.randint(0, round((described.high - described.low) / described.step))
    return [*described.values(), type(described.step)(round(described.low + step * described.step, 9))]


def may_be(control, value):
    if hasattr(control, "max"):
        return control.min <= value <= control.max
    return value in getattr(control, "_options_values", [value])


def assert_as_anew(panel, *where):
    assert not panel.trouble, where
    drawn, anew = pixels(panel.image.value), pixels(panel.anew(**panel.state).png())
    assert abs(drawn - anew).mean() < 0.05, where


def wander(panel, random):
    """Move at random; where nobody looks, nothing is drawn."""
    png = panel.picture.png
    for n in range(MOVES):
        panel.picture.png = png if n % SEEN == 0 else lambda: b""
        name, value = some_move(panel, random)
        panel.controls[name].value = value
        assert not panel.trouble, (panel.state, name)
    panel.picture.png = png


def stop_and_go_on(panel, random):
    """Stop a move somewhere, and make it again or another one: the picture is the one built anew."""
    name, value = some_move(panel, random)
    before, place = panel.state, random.randint(1, PLACES)
    error = random.choice([KeyboardInterrupt, MemoryError])
    stopped(lambda: setattr(panel.controls[name], "value", value), place, is_place, error)
    if random.random() < 0.5:
        panel.set(**{name: value})
    else:
        name, value = some_move(panel, random)
        panel.controls[name].value = value
    assert_as_anew(panel, before, name, value, place)


@pytest.mark.parametrize("kind", PANELS)
def test_a_panel_that_was_moved_and_stopped_draws_the_next_picture_right(kind):
    panel, random = kind(), Random(crc32(kind.__name__.encode()))
    first = panel.image.value
    wander(panel, random)
    for _ in range(STOPS):
        stop_and_go_on(panel, random)
    panel.set(**panel.start)
    assert panel.state == panel.start
    assert panel.image.value == first, "and all is as it was"


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


@pytest.mark.parametrize("missing", [0, 3, 7])
def test_lines_that_were_stopped_are_written_anew(missing, monkeypatch):
    """The board, stopped at every line."""
    panel, fresh = DerivationPanel(), DerivationPanel()
    fresh.set(chapter="prove", step=9)
    written, count = bpttlib.panels.derivation.written, iter(range(100))

    def stops(*line):
        if next(count) == missing:
            raise KeyboardInterrupt
        return written(*line)

    monkeypatch.setattr(bpttlib.panels.derivation, "written", stops)
    with pytest.raises(KeyboardInterrupt):
        panel.set(chapter="prove", step=9)
    monkeypatch.undo()
    panel.set(step=9)
    seen = [[(line.value, line.layout.visibility) for line in one.board.lines[:9]] for one in (panel, fresh)]
    assert seen[0] == seen[1]


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
