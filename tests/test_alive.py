"""Only the panels moved last hold a picture, and of what stands still only what is not white; nothing is seen of it."""

import gc
from weakref import ref

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from moves import assert_as_anew

from bpttlib.experiments import ways
from bpttlib.figures.standing import Standing
from bpttlib.figures.ways import WaysPicture
from bpttlib.panels import alive
from bpttlib.panels.dice import DicePanel
from bpttlib.panels.triangle import TrianglePanel
from bpttlib.panels.variance import VariancePanel


@pytest.fixture
def three(monkeypatch):
    """Panels one after the other, of which two may hold a picture: the first sleeps."""
    monkeypatch.setattr(alive, "AT_MOST", 2)
    monkeypatch.setattr(alive, "last", [])
    monkeypatch.setattr(alive.gc, "collect", lambda: None)  # it has a test of its own, and much to do here
    return [kind() for kind in (VariancePanel, TrianglePanel, DicePanel)]


def awake(panels):
    return [panel._picture is not None for panel in panels]


def test_the_panels_moved_last_hold_their_pictures(three):
    assert awake(three) == [False, True, True]
    three[1].draw()
    three[0].draw()
    assert awake(three) == [True, True, False]


def test_a_panel_that_slept_shows_its_picture_and_moves_on(three):
    """In a second cell, too."""
    sleeping = three[0]
    shown, described = sleeping._repr_mimebundle_()
    assert shown["text/plain"] == described["image/png"]["alt"] == VariancePanel().alt
    sleeping.controls["c"].value = 0.3
    assert_as_anew(sleeping)
    for one in three[1:]:
        one.draw()
    assert not sleeping._picture and sleeping.picture.png() == sleeping.image.value


def test_a_picture_that_is_let_go_is_gone(monkeypatch):
    """As when a cell is run again and again: the widgets are kept by their kernel, their figures are not."""
    monkeypatch.setattr(alive, "AT_MOST", 1)
    panels, figures = [], []
    for _ in range(2):
        panels.append(DicePanel())
        figures.append(ref(panels[-1].picture.figure))
    assert [figure() is not None for figure in figures] == [False, True]


@pytest.mark.parametrize("ink", [0, 1, 0.01])
def test_pixels_are_laid_back_as_they_were(ink):
    canvas, rng = FigureCanvasAgg(Figure((0.77, 0.35), dpi=100)), np.random.default_rng(0)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())
    assert pixels[..., 0].size % 32, "some are left over"
    pixels[:] = np.where(rng.random((*pixels.shape[:2], 1)) < ink, rng.integers(0, 256, pixels.shape), 255)
    before, kept = pixels.copy(), Standing(canvas)
    pixels[:] = rng.integers(0, 256, pixels.shape)
    kept.lay_on(canvas)
    assert (np.asarray(canvas.buffer_rgba()) == before).all()
    assert kept.pieces.nbytes <= before.nbytes * min(1, 60 * ink)


def test_a_picture_shown_by_a_cell_keeps_no_pixels_and_can_be_shown_again():
    """The notebook keeps the object that a cell has shown, so its pixels must go."""
    picture = WaysPicture().update(**ways.run())
    first, _ = picture._repr_mimebundle_()
    assert not picture._backgrounds and not picture._words and not hasattr(picture.canvas, "renderer")
    assert picture._repr_mimebundle_()[0] == first


def test_the_pixels_are_gone_though_texts_remember_who_drew_them():
    picture = WaysPicture().update(**ways.run())
    first, pixels = picture.png(), ref(picture.canvas.get_renderer())
    picture.rest()
    gc.collect()
    assert pixels() is None and picture.png() == first


def test_a_panel_whose_sliders_were_all_moved_keeps_no_pixels(monkeypatch):
    monkeypatch.setattr(alive.gc, "collect", lambda: None)
    panel = DicePanel()
    shown = panel.image.value
    panel.move_all()
    assert not panel.picture._backgrounds and panel.image.value == shown
    assert_as_anew(panel)
