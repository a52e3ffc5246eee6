"""The panels of the opening page and of the page on truncation: texts, dice, and what their pictures say."""

import itertools
import os
from datetime import UTC, datetime

import numpy as np
import pytest
from drawn import live

from bpttlib import Segments, Window
from bpttlib.experiments import triangle, truncation, variance
from bpttlib.figures.cells import colour_table
from bpttlib.figures.paths import NOTHING, paths_kept
from bpttlib.figures.paths import WORDS as ROW
from bpttlib.figures.strip import chains, lanes
from bpttlib.figures.style import SIGNED, A
from bpttlib.figures.triangle import TrianglePicture
from bpttlib.figures.truncation import LARGEST, TruncationPicture, percent
from bpttlib.figures.variance import VariancePicture
from bpttlib.panels.truncation import TruncationPanel
from bpttlib.text import PARABLE, TITLE

LONG = " ".join(PARABLE.split())


@pytest.fixture(scope="module")
def panel():
    return TruncationPanel()


def test_corners_of_the_truncation_panel_are_drawn(panel):
    for tau, pi, T in itertools.product([1, 28], [0.05, 1.0], [2, 28]):  # and each end of the others with both of these
        panel.set(tau=tau, pi=pi, T=T, spectral_radius=0.1 if tau < T else 2.0, throws=1 if pi < 1 else 2000)
        assert not panel.trouble
    panel.set(**panel.start)


def test_dice_are_thrown_once_or_a_hundred_times_and_a_reset_empties_the_count(panel):
    before = panel.image.value
    once, many = [button for button in panel.fields["throws"] if hasattr(button, "click")]
    once.click()
    assert panel.state["throws"] == 2 and panel.image.value != before
    many.click()
    assert panel.state["throws"] == 102
    panel.set(throws=1950)
    many.click()
    assert panel.state["throws"] == 2000
    once.click()
    assert panel.state == panel.start and panel.image.value == before, "after the last comes the first"
    many.click()
    panel.reset.click()
    assert panel.state == panel.start and panel.image.value == before


def test_tau_stays_within_the_steps(panel):
    panel.set(tau=20)
    panel.controls["T"].value = 7
    assert (panel.controls["tau"].max, panel.state["tau"]) == (7, 7) and not panel.trouble
    panel.reset.click()
    assert panel.controls["tau"].max == 28 and panel.state == panel.start


def test_tau_comes_back_with_the_steps_unless_the_reader_has_moved_it(panel):
    T, tau = panel.controls["T"], panel.controls["tau"]
    for moved, wanted in (({}, 5), ({"tau": 20}, 20), ({"T": 9, "tau": 3}, 3)):
        panel.set(**moved)
        for steps in (2, 10, 28):
            T.value = steps
            assert (tau.max, tau.value) == (steps, min(wanted, steps)) and not panel.trouble
    tau.value = 12
    panel.controls["text"].take(b"abcab")
    panel.set(text=TITLE)
    assert panel.state["tau"] == 12
    panel.set(T=2)
    panel.reset.click()
    assert panel.state == panel.start


def test_a_file_that_cannot_be_read_leaves_the_last_picture(panel, tmp_path):
    picture, text = panel.image.value, panel.controls["text"].value
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "binary.bin").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    (tmp_path / "null.txt").write_bytes(b"a\x00b")
    for name, says in {
        "empty.txt": "empty",
        "binary.bin": "UTF-8",
        "null.txt": "binary",
        "none.txt": "No such",
    }.items():
        panel.controls["text"].take(str(tmp_path / name))
        assert says in panel.controls["text"].note.value
        assert (panel.image.value, panel.controls["text"].value) == (picture, text)
    panel.controls["text"].take(b"a")
    assert "the text has 1 character, at least 3" in panel.controls["text"].note.value
    panel.controls["text"].take(b"aaaaaaaaaa")
    assert "all are &#x27;a&#x27;, two different ones are needed" in panel.controls["text"].note.value
    assert (panel.image.value, panel.controls["text"].value) == (picture, text)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_what_is_no_file_is_refused_at_once(panel, tmp_path):
    picture = panel.image.value
    os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path / "pipe", tmp_path, "/dev/zero"):
        panel.controls["text"].take(str(place))
        assert "is no regular file" in panel.controls["text"].note.value and panel.image.value == picture


def test_a_file_is_named_read_again_and_gone_after_a_reset(panel, tmp_path):
    source, file = panel.controls["text"], tmp_path / "my text.txt"
    file.write_text("first words", encoding="utf-8")
    source.path.value = f'"{file}"'
    assert (source.value, source.menu.value, panel.trouble) == ("first words", "my text.txt", "")
    file.write_text("other words", encoding="utf-8")
    source.again.click()
    assert source.value == "other words"
    panel.reset.click()
    assert source.menu.value == "the time machine …" and panel.state == panel.start
    source.again.click()
    assert (source.value, source.menu.value) == ("other words", "my text.txt")
    source.take(file.as_uri())
    assert source.value == "other words"
    panel.reset.click()


def test_a_text_without_a_gradient_is_refused_in_one_line(panel):
    picture = panel.image.value
    panel.controls["text"].value = "aaaaaaaaaa"
    assert "is 0" in panel.trouble and "is 0" in panel.line.value
    assert panel.image.value == picture
    panel.reset.click()
    assert not panel.trouble and panel.state == panel.start


def test_own_text_is_read_in_any_script_and_a_huge_one_is_cut(panel):
    panel.controls["text"].take("昔者莊周夢為胡蝶栩栩然胡蝶也自喻適志與不知周也".encode())
    assert not panel.trouble and "昔者莊周" in panel.picture.alt
    panel.controls["text"].take(("the time machine " * 100_000).encode())
    assert "only the first 1 MB" in panel.controls["text"].note.value and not panel.trouble
    assert len(panel.state["text"]) == 41
    panel.reset.click()
    assert panel.controls["text"].note.value == ""


def test_a_novel_in_chinese_costs_no_more_than_its_first_characters(panel):
    """Its 20 000 different characters would be the sizes of three matrices."""
    novel = "".join(map(chr, range(0x4E00, 0x4E00 + 20_000))) * 5
    panel.controls["text"].take(novel.encode())
    assert not panel.trouble and panel.state["text"] == novel[:41]
    assert panel.experiment(**panel.state)["gradients"]["full"].shape == (16, 16)
    panel.set(throws=2000)
    assert not panel.trouble
    panel.reset.click()


def test_upload_and_path_both_reach_the_text(panel, tmp_path):
    sent = {"name": "a.txt", "type": "text/plain", "size": 11, "content": memoryview(b"up, up, and away")}
    panel.controls["text"].upload.value = (sent | {"last_modified": datetime(2026, 1, 1, tzinfo=UTC)},)
    assert panel.controls["text"].value == "up, up, and away" and not panel.trouble
    (tmp_path / "b.txt").write_text("down the river", encoding="utf-8")
    panel.controls["text"].path.value = str(tmp_path / "b.txt")
    assert panel.state["text"] == "down the river" and not panel.trouble
    panel.reset.click()


def test_markup_in_a_message_stays_text(panel):
    panel.controls["text"].take("<img src=x onerror=alert(1)>.txt")
    assert "<img" not in panel.controls["text"].note.value and "&lt;img" in panel.controls["text"].note.value


def test_steps_follow_the_length_of_the_text(panel):
    panel.controls["T"].value = 28
    panel.controls["text"].take(b"abcab")
    assert panel.controls["T"].max == 4 and panel.state["T"] == 4 and not panel.trouble
    panel.set(text=TITLE)
    assert panel.state["T"] == 28, "what it was before the short text"
    panel.controls["text"].menu.value = "the miller's river …"
    assert panel.controls["T"].max == 40 and panel.state["T"] == 28
    panel.reset.click()
    assert panel.state["text"] == TITLE and panel.state["T"] == 28


# ---- what is drawn ----------------------------------------------------------------------------------


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


def test_paths_kept_are_those_with_a_weight():
    assert paths_kept(Window(2).path_weights(4)) == "7 of 10 paths"


def drawn(**state):
    shown = {"text": TITLE, "T": 28, "spectral_radius": 0.9, "tau": 5, "pi": 0.8, "throws": 1} | state
    shown = truncation.run(**shown)
    return shown, live(TruncationPicture).update(**shown)


def hidden(column):
    """The words above a triangle, and the bars of its key, that a cell would cover."""
    ax = column.paths.ax
    bars = [inside.bbox for inside in ax.child_axes]
    beside = ROW["row"], ROW["column"]
    words = [text for one in (ax, *ax.child_axes) for text in one.texts if text.get_text() not in beside]
    to_data = ax.transData.inverted()
    for box in bars + [text.get_window_extent() for text in words]:
        left, bottom = to_data.transform((box.x0, box.y0))  # rows grow downwards
        T = len(column.paths.cells.colours)
        if any(row - 0.5 < bottom and left < row + 0.5 for row in range(1, T + 1)):
            yield box


@pytest.mark.parametrize("T", range(2, 41))
def test_words_stand_above_the_stairs_for_every_number_of_steps(T):
    _, picture = drawn(T=T, text=LONG, tau=min(T, 5))
    for column in picture.columns.values():
        assert not list(hidden(column))
        cells, letters = column.paths.ax.transData, column.strip.ax.transData
        for i in (1, T):
            assert letters.transform((i, 0))[0] == pytest.approx(cells.transform((i, 0))[0]), "cell under character"


def place(mark):
    return np.ravel(mark.get_data()).tolist()


def test_every_column_shows_its_weights_its_gradient_and_its_error():
    shown, picture = drawn(throws=3)
    names = ["full", "segments τ = 5", "window τ = 5", "random π = 0.80"]
    largest = np.abs(shown["gradients"]["full"]).max()
    signs = colour_table(SIGNED)
    for (kind, column), name in zip(picture.columns.items(), names, strict=True):
        assert column.name.get_text() == name
        kept = shown["Omegas"][kind] != 0
        said = f"last throw: {kept.sum()} of 406" if kind == "random" else f"{kept.sum()} of 406 paths"
        assert column.kept.get_text() == said
        assert len(column.strip.lines.get_segments()) == len(chains(shown["Omegas"][kind]))
        coloured = np.ptp(column.paths.cells.colours[..., :3].astype(int), axis=-1) > 0  # grey has three equal parts
        assert (coloured == kept & (shown["norms"] > 0)).all()
        both = shown["gradients"][kind], shown["gradients"][kind] - shown["gradients"]["full"]
        for tile, matrix in zip(column.tiles, both, strict=False):
            level = np.clip(0.5 + matrix / (2 * largest), 0, 1)
            assert (tile.cells.colours == signs[(255 * level).astype(int)]).all()
    assert [len(column.tiles) for column in picture.columns.values()] == [1, 2, 2, 2]
    for kind in ("segments", "window", "random"):
        assert picture.columns[kind].number.get_text() == f"{shown['errors'][kind]:.0%} off"


def test_the_puzzle_of_the_page_is_loud():
    """From τ = 5 to 6 the blocks get longer and the error larger."""
    for tau, number, remark, loud in ((5, "35% off", "every time", False), (6, "55% off", "up from 35%", True)):
        shown, picture = drawn(tau=tau)
        column, trail = picture.columns["segments"], picture.distances.trails["segments"]
        assert (column.number.get_text(), column.remark.get_text()) == (number, remark)
        assert (column.remark.get_color() == A) == loud and trail.get_color() == A
        way = [shown["shorter"]["segments"], shown["errors"]["segments"]]
        assert list(trail.get_xdata()) == (way if loud else [])
        assert picture.columns["window"].remark.get_text() == "every time"
    assert not len(drawn(tau=1)[1].distances.trails["segments"].get_xdata()), "there is no shorter one"
    for kind in ("segments", "window"):
        assert drawn(pi=1.0, tau=28)[1].columns[kind].remark.get_text() == "every time"


def test_every_estimate_and_every_throw_stands_at_its_distance():
    shown, picture = drawn(throws=60)
    errors, distances = shown["errors"], picture.distances
    places = {"segments": (errors["segments"], 0), "window": (errors["window"], 1), "mean": (errors["random"], 3)}
    assert {lane: tuple(place(mark)) for lane, mark in distances.marks.items()} == places
    x, y = distances.throws.get_data()
    assert x.tolist() == shown["thrown"].tolist() and np.abs(y - 2).max() <= 0.4
    assert place(distances.last)[0] == shown["thrown"][-1]
    remark = picture.columns["random"].remark
    assert remark.get_text() == "mean of 60" and drawn()[1].columns["random"].remark.get_text() == "this throw"


def test_what_leaves_the_axis_is_counted_and_nothing_where_nothing_does():
    shown, picture = drawn(spectral_radius=2.0, pi=0.2, throws=300)
    beyond = shown["thrown"] > 1.5
    assert beyond.any() and len(picture.distances.throws.get_xdata()) == 300 - beyond.sum()
    said = f"{beyond.sum()} beyond →,\nup to {percent(shown['thrown'].max())}"
    assert picture.distances.beyond.get_text() == said
    x, lane = picture.distances.beyond.get_position()
    assert x > LARGEST and lane == 2, "beside the lane of the throws, where no mark can lie"
    picture.update(**truncation.run(TITLE, 28, 0.9, 5, 1.0, 300))
    assert picture.distances.beyond.get_text() == ""


def test_letters_stand_over_their_columns_and_numbers_where_they_have_no_room():
    text = " ".join(PARABLE.split())
    row = drawn()[1].columns["full"].strip.letters
    assert row.standing() == [(t, "·" if c == " " else c) for t, c in enumerate(TITLE[:28], start=1)]
    row = drawn(text=text, T=40)[1].columns["full"].strip.letters
    assert row.standing() == [(1, "1"), (10, "10"), (20, "20"), (30, "30"), (40, "40")]


def test_the_sentence_tells_the_four():
    shown, picture = drawn()
    assert picture.alt == (
        "“the time machine by h g well”. Off the gradient of W_hh: segments of 5, 35%; window of 5, 19%; "
        f"dice of π = 0.80, {shown['errors']['random']:.0%} in this throw."
    )
    shown, picture = drawn(throws=101)
    mean, last = shown["errors"]["random"], shown["thrown"][-1]
    assert picture.alt.endswith(f"dice of π = 0.80, {mean:.0%} in the mean of 101 throws, {last:.0%} in the last.")


def test_the_triangle_picture_tells_how_far_off_the_gradient_is():
    shown = triangle.run(4, 0.9, "window")
    picture = live(TrianglePicture).update(**shown)
    assert picture.kept.get_text() == "106 of 406 paths" and picture.off.get_text() == f"{shown['error']:.0%} off"
    sentence = f"window τ = 4: 106 of 406 paths kept, the gradient of W_hh is off by {shown['error']:.0%}."
    assert picture.alt == sentence
    colours = picture.paths.cells.colours
    assert ((colours[..., 3] > 0) == np.tri(28, dtype=bool)).all(), "a cell for each path"
    assert (colours[:, 0] == NOTHING).all() and (colours[1:, 1] != NOTHING).any(axis=1).all(), "h_0 = 0"
    assert picture.name.get_text() == "window τ = 4"
    largest = np.abs(shown["gradient"]).max()
    number, (above, below) = picture.off.get_window_extent(), (tile.ax.bbox for tile in picture.tiles.values())
    assert above.y0 > number.y1 and number.y0 > below.y1, "it belongs to what is left, which stands below"
    for name in ("gradient", "estimate"):
        level = np.clip(0.5 + shown[name] / (2 * largest), 0, 1)
        assert (picture.tiles[name].cells.colours == colour_table(SIGNED)[(255 * level).astype(int)]).all()


@pytest.mark.parametrize(
    "c, pi, says",
    [
        (0.8, 0.7, "c² = 0.64 < π = 0.70: Var z_t stays bounded, with the limit 80; at t = 100"),
        (0.8, 0.64, "c² = 0.64 = π = 0.64: Var z_t in the end grows by equal amounts; at t = 100"),
        (0.8, 0.6, "c² = 0.64 > π = 0.60: Var z_t grows without end; at t = 100"),
        (0.5, 1.0, "c² = 0.25 < π = 1.00: Var z_t is 0: nothing is cut, or nothing carried on; at t = 100 it is 0."),
    ],
)
def test_the_law_is_said_in_words(c, pi, says):
    picture = live(VariancePicture).update(**variance.run(c, pi))
    assert picture.alt.startswith(says)
    assert np.ravel(picture.dot.get_data()).tolist() == [c, pi]
