"""The panels of the opening page and of the page on truncation: texts, dice, and what their pictures say."""

import itertools
from datetime import UTC, datetime

import numpy as np
import pytest

from bpttlib import Full, Random, Segments, Window
from bpttlib.experiments import triangle, truncation, variance
from bpttlib.figures.paths import borders, paths_kept
from bpttlib.figures.strip import chains, lanes
from bpttlib.figures.triangle import TrianglePicture
from bpttlib.figures.truncation import KINDS, TruncationPicture
from bpttlib.figures.variance import VariancePicture
from bpttlib.panels.truncation import TruncationPanel
from bpttlib.text import PARABLE, TITLE


@pytest.fixture(scope="module")
def panel():
    return TruncationPanel()


def test_corners_of_the_truncation_panel_are_drawn(panel):
    corners = itertools.product([1, 40], [0.05, 1.0], [2, 28], [0.1, 2.0])
    for strategy, (tau, pi, T, spectral_radius) in zip(itertools.cycle(["full", "random", "window"]), corners):  # noqa: B905
        panel.set(strategy=strategy, tau=tau, pi=pi, T=T, spectral_radius=spectral_radius)
        assert not panel.trouble
    panel.set(**panel.start)


def test_new_dice_go_to_the_next_throw_and_after_the_last_to_the_first(panel):
    before = panel.image.value
    (again,) = [button for button in panel.fields["throw"] if getattr(button, "description", "") == "new dice"]
    again.click()
    assert panel.state["throw"] == 2 and panel.image.value != before
    panel.set(throw=9999)
    again.click()
    assert panel.state == panel.start and panel.image.value == before


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
    panel.controls["text"].take(b"ab")
    assert "at least 3" in panel.controls["text"].note.value


def test_a_text_without_a_gradient_is_refused_in_one_line(panel):
    picture = panel.image.value
    panel.controls["text"].take(b"aaaaaaaaaa")
    assert "is 0" in panel.trouble and "is 0" in panel.line.value
    assert panel.image.value == picture
    panel.reset.click()
    assert not panel.trouble and panel.state == panel.start


def test_own_text_is_read_in_any_script_and_a_huge_one_is_cut(panel):
    panel.controls["text"].take("昔者莊周夢為胡蝶栩栩然胡蝶也自喻適志與不知周也".encode())
    assert not panel.trouble and "昔者莊周" in panel.picture.alt
    panel.controls["text"].take(("the time machine " * 100_000).encode())
    assert "only the first 1 MB" in panel.controls["text"].note.value and not panel.trouble
    panel.reset.click()
    assert panel.controls["text"].note.value == ""


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
    panel.set(text=" ".join(PARABLE.split()))
    assert panel.controls["T"].max == 40
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
    assert paths_kept(Window(2).path_weights(4)) == "7 of 10 paths kept"


def test_border_runs_round_what_is_kept():
    assert len(borders(np.array([[True]]))) == 4
    assert len(borders(np.array([[True, False], [True, True]]))) == 8


def test_too_many_arrows_are_thinned_and_the_label_says_so():
    state = {"T": 40, "spectral_radius": 0.9, "strategy": "window", "pi": 0.8, "throw": 1}
    picture = TruncationPicture().update(**truncation.run(text=" ".join(PARABLE.split()), tau=20, **state))
    full, segments, window, random = (label.get_text() for label in picture.strip.labels)
    assert (full, segments) == ("full", "segments τ = 20") and random.startswith("random π = 0.80")
    assert window == "window τ = 20\n(every 3rd arrow)"
    assert [len(lines.get_segments()) for lines in picture.strip.lines[:3]] == [1, 2, 7]
    assert [label.get_fontweight() for label in picture.strip.labels] == ["normal", "normal", "bold", "normal"]


def test_the_truncation_picture_shows_what_was_computed():
    shown = truncation.run(TITLE, 28, 0.9, "random", 5, 0.8, 2)
    picture = TruncationPicture().update(**shown)
    cosine, products, reach = ([text.get_text() for text in column] for column in picture.distances.numbers)
    strategies = {"full": Full(), "segments": Segments(5), "window": Window(5), "random": Random(0.8)}
    assert list(strategies) == KINDS
    assert products == [str(one.jacobian_products(28, 2)) for one in strategies.values()]
    assert cosine == [f"{shown['found'][kind].cosine:.2f}" for kind in KINDS]
    kept = [np.nonzero(shown["Omegas"][kind]) for kind in KINDS]
    assert reach == [str(max(t - i) + 1) for t, i in kept]
    for (what, kind), (mark, y) in picture.distances.marks.items():
        assert np.ravel(mark.get_data()).tolist() == [getattr(shown["found"][kind], what), y]
    fixed = {kind: line.get_xdata()[0] for kind, line in picture.histogram.lines.items()}
    assert fixed == shown["fixed"]


def test_what_leaves_the_scales_is_said_and_nothing_where_nothing_does():
    shown = truncation.run(TITLE, 28, 2.0, "random", 5, 0.2, 1)
    picture = TruncationPicture().update(**shown)
    spread, throws = shown["found"]["random"].spread, shown["throws"]
    mark, y = picture.distances.marks["spread", "random"]
    assert spread > 1e3 and np.ravel(mark.get_data()).tolist() == [1e3, y]
    assert picture.distances.beyond.get_text() == f"spread beyond the scale: {100 * spread:.1g} % →"
    outside = np.mean((throws < -1.55) | (throws > 3.55))
    assert outside and picture.histogram.outside.get_text().startswith(f"{outside:.1%} lie outside,\nup to ")
    picture.update(**truncation.run(TITLE, 28, 2.0, "random", 5, 1.0, 1))
    assert (picture.distances.beyond.get_text(), picture.histogram.outside.get_text()) == ("", "")


def test_the_error_of_a_throw_is_told_where_there_are_dice():
    shown = truncation.run(TITLE, 28, 0.9, "random", 5, 0.8, 2)
    c, kept = shown["found"]["random"], np.count_nonzero(shown["Omegas"]["random"])
    assert TruncationPicture().update(**shown).alt == (
        f"random π = 0.80 on “the time machine by h g well”: {kept} of 406 paths kept; bias 0%, spread {c.spread:.0%}, "
        f"error of this throw {c.error:.0%}, cosine {c.cosine:.2f}, {c.jacobian_products} Jacobian products."
    )
    assert "this throw" not in TruncationPicture().update(**shown | {"chosen": "window"}).alt


def test_the_triangle_picture_tells_how_far_off_the_gradient_is():
    shown = triangle.run(4, 0.9, "window")
    picture = TrianglePicture().update(**shown)
    assert picture.paths.count.get_text() == f"106 of 406 paths kept\nthe gradient is off by {shown['error']:.0%}"
    assert picture.alt == f"window τ = 4: 106 of 406 paths kept, the gradient of W_hh is off by {shown['error']:.0%}."
    seen = picture.paths.cells.colours[..., 3] > 0
    assert seen.sum() == 28 * 27 // 2, "a cell for each path, but for column 1: h_0 = 0"


@pytest.mark.parametrize(
    "c, pi, says",
    [
        (0.8, 0.7, "c² = 0.64 < π = 0.70: Var z_t stays bounded, with the limit 80; at t = 100"),
        (0.8, 0.64, "c² = 0.64 = π = 0.64: Var z_t grows like a straight line; at t = 100"),
        (0.8, 0.6, "c² = 0.64 > π = 0.60: Var z_t grows without end; at t = 100"),
        (0.5, 1.0, "c² = 0.25 < π = 1.00: Var z_t is 0: nothing is cut, or nothing carried on; at t = 100 it is 0."),
    ],
)
def test_the_law_is_said_in_words(c, pi, says):
    picture = VariancePicture().update(**variance.run(c, pi))
    assert picture.alt.startswith(says)
    assert np.ravel(picture.dot.get_data()).tolist() == [c, pi]
