"""Panels moved in process: every state has a picture, errors become one line, the last good picture stays."""

import importlib
import pkgutil
from functools import cache
from random import Random
from zlib import crc32

import matplotlib as mpl
import numpy as np
import pytest
from drawn import cases
from matplotlib import colormaps
from matplotlib.style import context
from moves import assert_as_anew, stop_and_go_on, unseen, wander
from readable import faults

import bpttlib.panels
from bpttlib.figures.style import MAGNITUDE, SIGNED, SIZES, palette
from bpttlib.panels import base
from bpttlib.panels.base import Panel
from bpttlib.panels.controls import Choice, Dice, Range, Steps, Text, Typed
from bpttlib.panels.derivation import DerivationPanel
from bpttlib.panels.powers import PowersPanel
from bpttlib.panels.variance import VariancePanel
from bpttlib.panels.widgets import player, widget

for module in pkgutil.iter_modules(bpttlib.panels.__path__):
    importlib.import_module(f"bpttlib.panels.{module.name}")
PANELS = cases(sorted(Panel.__subclasses__(), key=lambda kind: kind.__name__))


@cache
def moved(kind):
    """A panel whose every control has been moved: its first picture, what `move_all` said, and all that was seen.

    Between two controls the start is not drawn again. The panel goes on with all the pixels that it has kept, so that
    what follows is drawn in part.
    """
    panel, seen = kind(), []
    first, draw = panel.image.value, panel.draw

    def noted():
        if not seen or panel.state != panel.start:
            draw()
            seen.append((panel.state, panel.image.value))

    noted()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(panel, "draw", noted)
        patch.setattr(panel.picture, "rest", lambda: None)
        said = panel.move_all()
    panel.draw()
    return panel, first, said, seen


def go_back(panel):
    """To the start; its picture is drawn by whoever looks at it next."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(panel, "draw", lambda: None)
        panel.set(**panel.start)


@pytest.mark.parametrize("kind", PANELS)
def test_every_control_goes_to_both_ends_and_comes_back(kind):
    panel, first, said, _ = moved(kind)
    assert "every one drawn" in said
    assert panel.state == panel.start
    assert panel.image.value == first, "the same state, the same picture"


LATER = {(DerivationPanel, "f")}  # not seen where the panel starts: the next test


@pytest.mark.parametrize("kind", PANELS)
def test_every_control_changes_what_is_seen(kind):
    panel, _, _, seen = moved(kind)
    for name in panel.described:
        if (kind, name) not in LATER:
            changed = [({n for n in state if state[n] != panel.start[n]}, picture) for state, picture in seen]
            alone = {picture for which, picture in changed if which == {name}}
            along = {picture for which, picture in changed if name in which}  # where it takes others with it
            assert (alone or along) - {picture for which, picture in changed if not which}, name


def test_another_f_has_other_lines():
    panel = moved(DerivationPanel)[0]
    panel.set(chapter="own", step=1)
    lines = set()
    for f in panel.described["f"].values():
        panel.controls["f"].value = f
        lines.add(panel.picture.lines.lines)
    panel.set(**panel.start)
    assert len(lines) == len(panel.described["f"].values())


@pytest.mark.parametrize("kind", PANELS)
def test_drawing_in_part_gives_the_picture_built_anew(kind):
    panel = moved(kind)[0]
    panel.set(**{name: control.values()[-1] for name, control in panel.described.items() if name != "text"})
    assert_as_anew(panel)
    go_back(panel)


@pytest.mark.parametrize("kind", PANELS)
def test_words_can_be_read_with_every_slider_at_its_end(kind):
    panel = moved(kind)[0]
    sliders = {name: one.values() for name, one in panel.described.items() if isinstance(one, (Range, Steps))}
    for end in (0, -1):
        with unseen(panel):  # but by `faults`
            panel.set(**{name: values[end] for name, values in sliders.items()})
        assert not panel.trouble
        assert faults(panel.picture) == [], panel.state
    go_back(panel)


@pytest.mark.parametrize("kind", PANELS)
def test_stopped_wherever_it_was_it_draws_the_next_picture_right(kind):
    (panel, first, *_), random = moved(kind), Random(crc32(kind.__name__.encode()))
    wander(panel, random)
    stop_and_go_on(panel, random)
    panel.set(**panel.start)
    assert panel.state == panel.start
    assert panel.image.value == first, "and all is as it was"


@pytest.mark.parametrize("kind", PANELS)
def test_stored_output_has_picture_words_and_view(kind):
    data, metadata = moved(kind)[0]._repr_mimebundle_()
    assert {"image/png", "text/plain", "application/vnd.jupyter.widget-view+json"} <= data.keys()
    assert isinstance(data["image/png"], str)
    assert metadata["image/png"]["alt"] == data["text/plain"] and "object at" not in data["text/plain"]


@pytest.mark.parametrize("set_before", ["dark_background", "ggplot", {"text.usetex": True, "font.size": 30}])
def test_a_style_of_the_reader_neither_comes_in_nor_goes(set_before):
    """Some do not even work here: LaTeX may not be installed."""
    panel = moved(VariancePanel)[0]
    panel.set(**panel.start)
    with context(set_before):
        before = dict(mpl.rcParams)
        assert panel.anew(**panel.start).png() == panel.image.value
        assert dict(mpl.rcParams) == before


def test_an_unexpected_error_is_shown_and_raised():
    panel = VariancePanel()
    picture = panel.image.value
    panel.experiment = lambda **state: {}["nothing"]
    with pytest.raises(KeyError):
        panel.draw()
    assert "KeyError" in panel.line.value and panel.image.value == picture


def test_palette_has_white_and_every_role():
    colours = np.reshape(palette(MAGNITUDE), (-1, 3)).tolist()
    assert len(colours) == 256
    for wanted in ([255, 255, 255], [0, 0, 0], [0x56, 0xB4, 0xE9], [0xCC, 0x79, 0xA7], [0xD5, 0x5E, 0x00]):
        assert wanted in colours
    both = np.reshape(palette(SIZES, SIGNED), (-1, 3))
    assert len(both) == 256
    for name in (SIZES, SIGNED):
        for level in (0.0, 0.5, 1.0):
            wanted = 255 * np.array(colormaps[name](level)[:3])
            assert np.abs(both - wanted).max(axis=1).min() <= 1.5, "both ends and the middle of a map"


def test_play_button_has_the_range_of_its_slider():
    slider = moved(PowersPanel)[0].controls["k"]
    play = player(slider)
    assert (play.min, play.max, play.step, play.value) == (slider.min, slider.max, slider.step, slider.value)


def test_move_all_tells_the_browser_only_how_it_ended(monkeypatch):
    """It would answer every value it hears of with its own rounding, the last one when all is over."""
    panel, sent = VariancePanel(), []
    for name, control in panel.controls.items():
        monkeypatch.setattr(control, "send_state", lambda key=None, name=name: sent.append(name), raising=False)
    panel.move_all()
    assert max(map(sent.count, panel.controls)) <= 1


def test_move_all_counts_the_positions_and_names_one_that_cannot_be_drawn():
    panel = VariancePanel()
    assert panel.move_all() == "VariancePanel: 6 positions, every one drawn"
    experiment = panel.experiment

    def refuses(c, pi):
        if c == 1.2:
            raise ValueError("too much")
        return experiment(c, pi)

    panel.experiment = refuses
    with pytest.raises(RuntimeError, match="c = 1.2: too much"):
        panel.move_all()


def test_the_rounding_of_the_browser_does_not_reach_the_picture():
    panel = moved(PowersPanel)[0]
    with panel.held():
        panel.controls["first"].value = 0.9000000000000001
        assert panel.state["first"] == 0.9 != panel.start["first"]
        panel.controls["first"].value = panel.start["first"]


# ---- controls are data ------------------------------------------------------------------------------


def test_values_are_both_ends_and_a_middle_where_the_handle_can_stand_or_every_option():
    assert Range("w", "w", "weight", 0.8, -1.2, 1.2, 0.05).values() == [-1.2, 0.0, 1.2]
    assert Range("n", "n", "number", 0.0, 0, 4, 0.1).values() == [0.0, 2.0, 4.0]
    assert Range("T", "T", "steps", 3, 1, 8).values() == [1, 5, 8]
    assert Dice("throw", "throw", 1, 1, 9).values() == [1, 5, 9]
    assert Steps("share", "", "share", 0.1, {"10 %": 0.1, "1 %": 0.01}).values() == [0.1, 0.01]
    assert Choice("sign", "", 1, {"c > 0": 1, "c < 0": -1}).values() == [1, -1]
    assert Typed("f", "f =", "x", ["x", "h"]).values() == ["x", "h"]
    assert Text("text", "text", "abc", {"short": "abc"}).values() == ["abc"]


def test_a_label_is_the_symbol_and_the_words():
    assert widget(Range("tau", "τ", "truncation length", 5, 1, 9)).description == "τ  truncation length"
    assert widget(Range("budget", "", "paths per loss", 5.0, 1.5, 9.5, 0.5)).description == "paths per loss"
    assert widget(Steps("n", "n", "averaged", 1, [1, 2])).description == "n  averaged"


def test_a_widget_has_the_start_and_the_places_of_its_description():
    whole, real = widget(Range("T", "T", "steps", 3, 1, 8)), widget(Range("c", "c", "how much", 0.5, 0.0, 2.0, 0.25))
    assert (whole.value, whole.min, whole.max, whole.step) == (3, 1, 8, 1) and isinstance(whole.value, int)
    assert (real.value, real.min, real.max, real.step) == (0.5, 0.0, 2.0, 0.25)
    assert widget(Choice("sign", "", -1, {"c > 0": 1, "c < 0": -1})).value == -1
    with pytest.raises(TypeError, match="no widget is known for 'tau'"):
        widget("tau")


@pytest.mark.parametrize("kind", PANELS)
def test_every_description_is_what_its_widget_holds(kind):
    panel = moved(kind)[0]
    for name, control in panel.described.items():
        assert control.name == name and panel.state[name] == control.start == panel.start[name]
        values = control.values()
        assert len(set(values)) == len(values) > 1
        if isinstance(control, Range):
            assert control.low <= control.start <= control.high
            steps = (np.array([control.start, *values]) - control.low) / control.step
            assert np.abs(steps - steps.round()).max() < 1e-9, "a place where the handle cannot stand"
        elif not isinstance(control, Dice):
            assert control.start in values


# ---- pictures are kept ------------------------------------------------------------------------------


def test_a_state_that_comes_back_is_not_drawn_again(monkeypatch):
    monkeypatch.setattr(base, "PICTURES", 3)
    panel, drawn = VariancePanel(), []
    png = panel.picture.png
    monkeypatch.setattr(panel.picture, "png", lambda: drawn.append(panel.state["c"]) or png())
    start, seen = panel.start["c"], {}
    for c in (0.1, 0.2, 0.1, start, 0.3, 0.2):  # at 0.3 there is no more room for 0.2
        panel.controls["c"].value = c
        assert seen.setdefault(c, (panel.image.value, panel.alt)) == (panel.image.value, panel.alt)
    assert drawn == [0.1, 0.2, 0.3, 0.2]
    assert panel._repr_mimebundle_()[1]["image/png"]["alt"] == panel.alt == panel.picture.alt
