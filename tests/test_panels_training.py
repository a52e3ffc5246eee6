"""The panel of four that learn side by side: a slider that trains, what stands still, texts, and what is drawn."""

from itertools import count

import ipywidgets as W
import numpy as np
import pytest

from bpttlib import Learner
from bpttlib.experiments import training
from bpttlib.figures.training import TEXT, WIDE, TrainingPicture, cells
from bpttlib.panels.base import STOPPED
from bpttlib.panels.training import TrainingPanel
from bpttlib.text import TITLE


@pytest.fixture(scope="module")
def made():
    training.kept.clear()  # of other tests' panels
    return TrainingPanel()


@pytest.fixture
def panel(made, monkeypatch):
    """At its start, and with nothing kept of the tests before but the run that it begins with."""
    first = dict([*training.kept.items()][:4])
    made.set(**made.start)
    yield made
    for key in [key for key in training.kept if key not in first]:
        del training.kept[key]
    made.reset.click()
    assert made.state == made.start and not made.trouble


@pytest.fixture
def ticks(monkeypatch):
    """A clock with which a piece is ten updates of each: it goes on a little whenever it is asked."""
    clock = count()
    monkeypatch.setattr(training, "perf_counter", lambda: next(clock) * training.PIECE / 40.5)


@pytest.fixture
def untrained(monkeypatch):
    """Nothing may be trained."""
    monkeypatch.setattr(Learner, "learn", None)


def move(panel, **to):
    for name, value in to.items():
        panel.controls[name].value = value


def test_it_begins_with_a_finished_run(panel, untrained):
    assert panel.state["updates"] == training.UPDATES == training.trained(**panel.race)
    assert panel.alt.startswith("Loss after 300 updates: full, 0.0")
    assert panel.described["tau"].high == training.STEPS and panel.start["text"] == training.RIVER


def test_updates_go_back_and_forth_without_training(panel, untrained):
    for updates in (0, 10, 150, 300):
        move(panel, updates=updates)
        assert panel.state["updates"] == updates and len(panel.picture.lines["full"][0].get_xdata()) == updates


def test_the_slider_goes_as_far_as_has_been_trained(panel, ticks):
    move(panel, seed=2)
    assert panel.state["updates"] == 0 and "Press ▶" in panel.alt
    for updates in (10, 20, 30):
        move(panel, updates=300)
        assert panel.state["updates"] == updates == training.trained(**panel.race)
    move(panel, updates=10)
    assert panel.state["updates"] == 10
    move(panel, seed=1)
    assert panel.state["updates"] == 10, "where the hand has left it"
    move(panel, seed=2, updates=20)
    assert panel.state["updates"] == 20 == len(panel.picture.lines["full"][0].get_xdata())


@pytest.mark.parametrize("moved", [{"seed": 2}, {"tau": 6}, {"pi": 0.5}, {"rate": 0.1}, {"text": TITLE}])
def test_another_control_trains_nothing_and_the_way_back_finds_what_was_there(panel, untrained, moved):
    before = panel.image.value
    move(panel, **moved)
    assert panel.state == panel.start | moved | {"updates": 0} and not panel.trouble
    move(panel, **{name: panel.start[name] for name in moved})
    assert panel.state == panel.start and panel.image.value == before


def test_temperature_changes_what_is_written_and_nothing_else(panel, untrained):
    before = panel.experiment(**panel.state)
    move(panel, temperature=1.5)
    found = panel.experiment(**panel.state)
    assert panel.state["updates"] == 300 and found["written"] != before["written"]
    assert all((found["losses"][kind] == before["losses"][kind]).all() for kind in before["losses"])


def test_a_piece_that_is_broken_off_brings_the_slider_back_and_the_next_move_goes_on(panel, ticks, monkeypatch):
    move(panel, seed=3, updates=10)
    picture, learn, left = panel.image.value, Learner.learn, iter(range(17))

    def stops(self, batch):
        if next(left, None) is None:
            raise KeyboardInterrupt
        return learn(self, batch)

    monkeypatch.setattr(Learner, "learn", stops)
    with pytest.raises(KeyboardInterrupt):
        move(panel, updates=50)
    assert panel.state["updates"] == 10 and panel.image.value == picture and STOPPED in panel.line.value
    assert [one.learner.updates for one in training.runners(**panel.race).values()] == [20, 17, 10, 10]
    monkeypatch.setattr(Learner, "learn", learn)
    move(panel, updates=20)
    assert panel.state["updates"] == 20 and not panel.trouble


def test_several_controls_at_once_train_one_piece(panel, ticks):
    panel.set(seed=4, tau=2, updates=200)
    assert panel.state | {"updates": 10} == panel.state == panel.start | {"seed": 4, "tau": 2, "updates": 10}
    assert {key[1] for key in training.kept} == {1, 4}


def test_play_and_dice_are_there(panel):
    play = next(one for cell in panel.grid.children for one in cell.children if isinstance(one, W.Play))
    assert (play.min, play.max, play.step) == (0, 300, 10)
    another = panel.fields["seed"][0]
    assert another.description == "another seed"
    another.click()
    assert panel.state["seed"] == 2


# ---- texts ------------------------------------------------------------------------------------------


def test_a_text_from_which_nothing_can_be_learnt_leaves_the_picture(panel, tmp_path, untrained):
    source, picture = panel.controls["text"], panel.image.value
    (tmp_path / "binary.bin").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    for given, says in {
        b"too short": "the text has 9 characters, at least 29 are needed",
        b"a": "the text has 1 character, at least 29",
        b"a" * 50: "two different ones are needed",
        b"": "empty",
        b"\xff\xfe": "UTF-8",
        str(tmp_path / "binary.bin"): "UTF-8",
        str(tmp_path / "none.txt"): "No such",
    }.items():
        source.take(given)
        assert says in source.note.value and "the text before it stays" in source.note.value
        assert (panel.image.value, panel.state) == (picture, panel.start)


def test_a_text_that_comes_another_way_is_refused_in_one_line(panel, untrained):
    picture = panel.image.value
    for text, says in {"too short": "at least 29 are needed", "a" * 40: "two different ones"}.items():
        move(panel, text=text)
        assert says in panel.trouble and says in panel.line.value and panel.image.value == picture


def test_own_text_is_learnt_in_any_script_and_a_huge_one_is_cut(panel, ticks):
    panel.controls["text"].take("昔者莊周夢為胡蝶，栩栩然胡蝶也，自喻適志與！不知周也。俄然覺，則蘧蘧然周也。".encode())
    assert panel.state["updates"] == 0 and not panel.trouble
    move(panel, updates=300)
    assert panel.state["updates"] == 10 and not panel.trouble
    panel.controls["text"].take("".join(map(chr, range(0x4E00, 0x4E00 + 60))).encode() * 6000)
    assert "only the first 1 MB" in panel.controls["text"].note.value
    assert len(panel.state["text"]) == training.LONGEST == 337
    move(panel, updates=300)
    assert panel.state["updates"] == 10 and not panel.trouble
    for line, dot in panel.picture.lines.values():
        assert len(line.get_xdata()) == 10 and dot.get_xdata() == [10]


# ---- what is drawn ----------------------------------------------------------------------------------


def test_curves_rows_and_numbers_are_those_of_the_experiment(panel):
    shown = panel.experiment(**panel.state)
    picture = TrainingPicture().update(**shown)
    names = ["full", "segments τ = 5", "window τ = 5", "random π = 0.80"]
    for (kind, row), name in zip(picture.rows.items(), names, strict=True):
        curve, dot = picture.lines[kind]
        losses = shown["losses"][kind]
        assert curve.get_xdata().tolist() == list(range(1, 301)) and (curve.get_ydata() == losses).all()
        assert (dot.get_xdata(), dot.get_ydata()) == ([300], losses[-1:])
        assert (row.name.get_text(), row.loss.get_text()) == (name, f"{losses[-1]:.2f}")
        assert row.products.get_text().replace("\N{THIN SPACE}", "") == str(shown["products"][kind])
        marked = [round((box.vertices[:, 0].min() - TEXT) / WIDE) for box in row.marks.get_paths()]
        assert marked == np.flatnonzero(shown["taken"][kind]).tolist() and 5 < len(marked)
    assert picture.ax.get_ylim() == (0, 1.15 * shown["blind"]) and picture.ground.get_ydata() == [shown["blind"]] * 2
    assert "log 28 = 3.33" in picture.blind.get_text() and picture.now.get_text() == "after 300 updates"


def test_the_end_of_the_axes_is_the_same_for_one_text(panel, ticks):
    limits = panel.picture.ax.get_ylim()
    panel.set(rate=0.1, seed=5, updates=20)
    assert panel.picture.ax.get_ylim() == limits and panel.picture.ax.get_xlim() == (0, 300)


def test_a_row_holds_56_letters_or_28_that_are_twice_as_wide():
    for text, places in (("a" * 56, 56), ("昔" * 56, 28), ("昔a" * 28, 37)):
        left, right = cells(text)
        assert len(left) == places and right[-1] <= TEXT + 56 * WIDE + 1e-9
        np.testing.assert_allclose(left[1:], right[:-1])
