"""What a panel sends to the browser when a hand moves a slider: the picture first, and no widget speaks twice."""

import ipywidgets as W
import pytest

from bpttlib.panels.derivation import DerivationPanel
from bpttlib.panels.graph import GraphPanel
from bpttlib.panels.scan import ScanPanel


@pytest.fixture
def sent(monkeypatch):
    """(widget, what of it) in the order in which the messages leave; what is held back leaves when it is let go."""
    messages = []

    def send_state(self, key=None):
        names = [key] if isinstance(key, str) else list(self.keys if key is None else key)
        if names:
            messages.append((self, names))

    monkeypatch.setattr(W.Widget, "send_state", send_state)
    return messages


@pytest.mark.parametrize(("kind", "name", "values"), [(DerivationPanel, "T", (6, 5, 3)), (ScanPanel, "T", (30, 8, 2))])
def test_the_picture_is_sent_first_and_each_widget_once(kind, name, values, sent):
    panel = kind()
    slider, (first, *others) = panel.controls[name], values
    slider.value = first
    for value in others:
        sent.clear()
        slider.set_state({"value": value})  # as the browser does
        told = [widget for widget, _ in sent if widget is not slider]
        assert told[0] is panel.image
        assert len(told) == len(set(map(id, told)))
        assert any(control in told for control in panel.controls.values()), "of the one that was fitted it is told, too"


def test_a_button_that_moves_several_controls_tells_of_each_once_and_of_the_picture_before(sent):
    panel = DerivationPanel()
    panel.set(chapter="guess", T=6)
    sent.clear()
    panel.set(**panel.start)
    told = [widget for widget, _ in sent]
    controls = [told.index(control) for control in panel.controls.values() if control in told]
    assert len(controls) >= 3 and told.index(panel.image) < min(controls)
    assert len(told) == len(set(map(id, told)))


def test_a_slider_tells_of_its_bounds_before_its_value(sent):
    """Or the browser would hold the value to the old bounds, and send that back: the line stayed where it was."""
    panel = DerivationPanel()
    panel.controls["T"].value = 2
    sent.clear()
    panel.controls["T"].value = 8
    (names,) = [names for widget, names in sent if widget is panel.controls["step"]]
    assert names == ["max", "value"]


def test_that_order_is_not_left_to_the_kernel(sent):
    slider = DerivationPanel().controls["T"]
    sent.clear()
    for told in ({"value", "max", "min", "step"}, {"step", "min", "max", "value"}):
        slider.send_state(told)
    assert [names for _, names in sent] == [["max", "min", "step", "value"]] * 2


def test_more_options_are_told_before_the_place_among_them_and_fewer_together_with_it(sent):
    """Or the slider of paths said "used at i = 1" where four were asked for."""
    panel = GraphPanel()
    path = panel.controls["path"]
    panel.controls["parameter"].value = "W_qh"
    path.value = 5
    sent.clear()
    panel.controls["parameter"].value = "W_hh"
    assert path.value == 5
    assert [set(names) for widget, names in sent if widget is path] == [{"_options_labels"}, {"index"}]
    sent.clear()
    panel.controls["parameter"].value = "W_qh"
    assert path.value == 5
    assert [set(names) for widget, names in sent if widget is path] == [{"_options_labels", "index"}]
