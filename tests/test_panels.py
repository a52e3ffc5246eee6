"""Panels moved in process: every state has a picture, errors become one line, the last good picture stays."""

import io
import itertools
import warnings
from datetime import UTC, datetime

import numpy as np
import pytest
from PIL import Image

from bpttlib import Segments, Window
from bpttlib.figures.style import palette
from bpttlib.figures.triangle import borders, chains, lanes
from bpttlib.panels.base import ends, player
from bpttlib.panels.laws import LagPanel, TradeoffPanel, VariancePanel
from bpttlib.panels.powers import PRESETS, ClippingPanel, PowersPanel, SpectrumPanel
from bpttlib.panels.recurrence import ConstantPanel, StepperPanel
from bpttlib.panels.sweep import ShapesPanel, SweepPanel
from bpttlib.panels.truncation import TrianglePanel, TruncationPanel
from bpttlib.panels.unrolling import GraphPanel
from bpttlib.text import PARABLE, TITLE

PANELS = [TruncationPanel, TrianglePanel, VariancePanel, TradeoffPanel, LagPanel, SweepPanel, ShapesPanel]
PANELS += [PowersPanel, SpectrumPanel, ClippingPanel, GraphPanel, StepperPanel, ConstantPanel]


@pytest.fixture(scope="module")
def truncation():
    return TruncationPanel()


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


@pytest.mark.parametrize("kind", PANELS)
def test_every_control_goes_to_both_ends_and_comes_back(kind):
    panel = kind()
    first, start = panel.image.value, panel.state
    assert "every one drawn" in panel.sweep()
    assert panel.state == start
    assert panel.image.value == first, "the same state, the same picture"


WHERE = {(StepperPanel, "f"): {"chapter": "your own f", "step": 1}}  # a control that is shown in one chapter only


@pytest.mark.parametrize("kind", PANELS)
def test_every_control_changes_what_is_seen(kind):
    panel = kind()
    for name, control in panel.controls.items():
        panel.set(**WHERE.get((kind, name), {}))
        seen = set()
        for value in ends(control):
            control.value = value
            seen.add((panel.image.value, *(line.value for line in getattr(getattr(panel, "board", None), "lines", []))))
        panel.set(**panel.start)
        assert len(seen) > 1, name


@pytest.mark.parametrize("kind", PANELS)
def test_drawing_in_part_gives_the_picture_built_anew(kind):
    """Blitting, kept words and moved artists leave nothing behind."""
    panel = kind()
    panel.sweep()
    last = {name: ends(control)[-1] for name, control in panel.controls.items() if name != "text"}
    panel.set(**last)
    anew = panel.anew(**panel.state).png()
    assert np.abs(pixels(panel.image.value) - pixels(anew)).mean() < 0.05


@pytest.mark.parametrize("kind", PANELS)
def test_stored_output_has_picture_words_and_view(kind):
    data, metadata = kind()._repr_mimebundle_()
    assert {"image/png", "text/plain", "application/vnd.jupyter.widget-view+json"} <= data.keys()
    assert isinstance(data["image/png"], str)
    assert metadata["image/png"]["alt"] == data["text/plain"] and "object at" not in data["text/plain"]


def test_corners_of_the_truncation_panel_are_drawn(truncation):
    corners = itertools.product(["full", "random"], [1, 40], [0.05, 1.0], [2, 28], [0.1, 2.0])
    for strategy, tau, pi, T, rho in corners:
        truncation.set(strategy=strategy, tau=tau, pi=pi, T=T, rho=rho)
        assert not truncation.trouble
    truncation.set(**truncation.start)


def test_new_dice_throw_again_and_the_fixed_markers_stand_still(truncation):
    before = truncation.arrays(**truncation.state)
    after = truncation.arrays(**{**truncation.state, "throw": 2})
    assert before["found"]["random"].error != after["found"]["random"].error
    assert before["found"]["random"].spread == after["found"]["random"].spread
    assert before["found"]["segments"] == after["found"]["segments"]


def test_a_file_that_cannot_be_read_leaves_the_last_picture(truncation, tmp_path):
    picture, text = truncation.image.value, truncation.source.value
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "binary.bin").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    (tmp_path / "null.txt").write_bytes(b"a\x00b")
    for name, says in {
        "empty.txt": "empty",
        "binary.bin": "UTF-8",
        "null.txt": "binary",
        "none.txt": "No such",
    }.items():
        truncation.source.take(str(tmp_path / name))
        assert says in truncation.source.note.value
        assert (truncation.image.value, truncation.source.value) == (picture, text)
    truncation.source.take(b"ab")
    assert "at least 3" in truncation.source.note.value


def test_a_text_without_a_gradient_is_refused_in_one_line(truncation):
    picture = truncation.image.value
    truncation.source.take(b"aaaaaaaaaa")
    assert "is 0" in truncation.trouble and "is 0" in truncation.line.value
    assert truncation.image.value == picture
    truncation.reset.click()
    assert not truncation.trouble and truncation.state == truncation.start


def test_own_text_is_read_in_any_script_and_a_huge_one_is_cut(truncation):
    truncation.source.take("昔者莊周夢為胡蝶栩栩然胡蝶也自喻適志與不知周也".encode())
    assert not truncation.trouble and "昔者莊周" in truncation.picture.alt
    truncation.source.take(("the time machine " * 100_000).encode())
    assert "only the first 1 MB" in truncation.source.note.value and not truncation.trouble
    truncation.reset.click()
    assert truncation.source.note.value == ""


def test_upload_and_path_both_reach_the_text(truncation, tmp_path):
    sent = {"name": "a.txt", "type": "text/plain", "size": 11, "content": memoryview(b"up, up, and away")}
    truncation.source.upload.value = (sent | {"last_modified": datetime(2026, 1, 1, tzinfo=UTC)},)
    assert truncation.source.value == "up, up, and away" and not truncation.trouble
    (tmp_path / "b.txt").write_text("down the river", encoding="utf-8")
    truncation.source.path.value = str(tmp_path / "b.txt")
    assert truncation.state["text"] == "down the river" and not truncation.trouble
    truncation.reset.click()


def test_markup_in_a_message_stays_text(truncation):
    truncation.source.take("<img src=x onerror=alert(1)>.txt")
    assert "<img" not in truncation.source.note.value and "&lt;img" in truncation.source.note.value


def test_steps_follow_the_length_of_the_text(truncation):
    truncation.controls["T"].value = 28
    truncation.source.take(b"abcab")
    assert truncation.controls["T"].max == 4 and truncation.state["T"] == 4 and not truncation.trouble
    truncation.set(text=" ".join(PARABLE.split()))
    assert truncation.controls["T"].max == 40
    truncation.reset.click()
    assert truncation.state["text"] == TITLE and truncation.state["T"] == 28


def test_an_unexpected_error_is_shown_and_raised():
    panel = VariancePanel()
    picture = panel.image.value
    panel.arrays = lambda **state: {}["nothing"]
    with pytest.raises(KeyError):
        panel.draw()
    assert "KeyError" in panel.line.value and panel.image.value == picture


def test_arrows_come_from_the_weights():
    assert chains(Segments(3).path_weights(8)) == [(1, 3, 1.0), (4, 6, 1.0), (7, 8, 1.0)]
    assert chains(Window(3).path_weights(5)) == [(1, 3, 1.0), (2, 4, 1.0), (3, 5, 1.0)]
    assert chains(np.eye(2)) == [(1, 1, 1.0), (2, 2, 1.0)]


def test_arrows_in_one_lane_never_overlap():
    found = chains(Window(4).path_weights(12))
    taken = lanes(found)
    assert max(taken) == 3
    for lane in set(taken):
        mine = [chain for chain, n in zip(found, taken, strict=True) if n == lane]
        assert all(a[1] < b[0] for a, b in itertools.pairwise(mine))


def test_border_runs_round_what_is_kept():
    assert len(borders(np.array([[True]]))) == 4
    assert len(borders(np.array([[True, False], [True, True]]))) == 8


def test_palette_has_white_and_every_role():
    colours = np.reshape(palette(), (-1, 3)).tolist()
    assert len(colours) == 256
    for wanted in ([255, 255, 255], [0, 0, 0], [0x56, 0xB4, 0xE9], [0xCC, 0x79, 0xA7], [0xD5, 0x5E, 0x00]):
        assert wanted in colours


def test_every_preset_and_the_corners_of_the_powers_panel_are_drawn():
    panel = PowersPanel()
    buttons = {button.description: button for row in panel.children[:-2] for button in row.children}
    for name, preset in PRESETS.items():
        buttons[name].click()
        assert panel.state | preset == panel.state and panel.state["k"] == 0
        panel.set(k=40)
        assert not panel.trouble
    for first, angle, n, length in itertools.product([-1.5, 0.0, 1.5], [0, 90, 180], [0.0, 4.0], ["1", "true"]):
        panel.set(k=40, first=first, second=-first, angle=angle, departure=n, length=length)
        assert not panel.trouble


def test_play_button_has_the_range_of_its_slider():
    slider = PowersPanel().controls["k"]
    play = player(slider)
    assert (play.min, play.max, play.step, play.value) == (slider.min, slider.max, slider.step, slider.value)


@pytest.mark.parametrize("kind", [VariancePanel, PowersPanel])
def test_a_sweep_tells_the_browser_only_how_it_ended(kind, monkeypatch):
    """It would answer every value it hears of with its own rounding, the last one when all is over."""
    panel, sent = kind(), []
    for name, control in panel.controls.items():
        monkeypatch.setattr(control, "send_state", lambda key=None, name=name: sent.append(name), raising=False)
    panel.sweep()
    assert max(map(sent.count, panel.controls)) <= 1


def test_the_rounding_of_the_browser_does_not_reach_the_picture():
    panel = PowersPanel()
    panel.controls["first"].value = 0.8500000000000001
    assert panel.state["first"] == 0.85
