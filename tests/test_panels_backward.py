"""The panels of the page on the way back: what they show are the numbers of the sweep, and the buttons walk it."""

import itertools

import ipywidgets as W
import numpy as np
import pytest

from bpttlib import RNN, gradient
from bpttlib.figures.efficiency import EfficiencyPicture
from bpttlib.figures.live import WIDEST
from bpttlib.figures.numbers import adding_up, decimals, in_brackets, number, ordinal, short, signed
from bpttlib.figures.style import B, C, tint
from bpttlib.figures.sweep import HIGH, LOW, PALEST, STRONGEST, WAITING, coloured
from bpttlib.notation import subscript
from bpttlib.panels.sweep import SweepPanel
from bpttlib.panels.transposes import TransposesPanel


@pytest.fixture(scope="module")
def panel():
    return SweepPanel()


def updated(panel, **state):
    """What the panel shows at this state, without a PNG."""
    return panel.picture.update(**panel.experiment(**panel.start | state))


def buttons(widget):
    kinds = [child for child in getattr(widget, "children", []) for child in [child, *buttons(child)]]
    return [child for child in kinds if isinstance(child, (W.Button, W.Play))]


def test_every_state_is_drawn(panel):
    for walked, w in [*itertools.product((0, 1, 10), (-1.2, -0.5, 0.0, 0.8, 1.2)), *((n, 0.8) for n in range(2, 10))]:
        panel.set(walked=walked, w=w)
        assert not panel.trouble
    panel.set(**panel.start)


@pytest.mark.parametrize("w", [-1.2, 0.0, 0.8, 1.2])
def test_the_numbers_shown_are_the_gradient(panel, w):
    picture, paths = updated(panel, walked=10, w=w), panel.experiment(walked=10, w=w)["paths"]
    x = np.array([0.3, 0.6, 0.2, 0.5, 0.4, 0.7, 0.1, 0.6, 0.3, 0.5])
    net = RNN([[1]], [[w]], [[1]], phi="identity")
    delta = gradient(net, x[:, None], np.zeros((10, 1)), loss="squared", h0=[0.5]).dL_dh[:, 0, 0]
    assert [float(text.get_text().replace("−", "-")) for text in picture.deltas] == list(np.round(delta, 3))
    assert np.allclose(paths.sum(axis=0), delta, rtol=0, atol=1e-12)


def test_a_step_absorbs_one_column(panel):
    for walked in range(11):
        picture, told = updated(panel, walked=walked), f"So far {sum(range(walked + 1))} of 55 paths;"
        waiting = (picture.cells.colours == WAITING).all(axis=-1)
        for t, i in itertools.product(range(10), repeat=2):
            assert waiting[t, i] == (i <= t and i < 10 - walked)
        assert [text.get_text() != "" for text in picture.deltas] == [t >= 10 - walked for t in range(10)]
        assert told in picture.alt
        assert not walked or picture.frame.get_xy() == (10 - walked + 0.5, 10 - walked + 0.5)
        assert picture.frame.get_visible() == (walked > 0)


def written(texts):
    """The texts that are not empty, in thousandths."""
    return [round(1000 * float(text.get_text().replace("−", "-"))) for text in texts if text.get_text()]


@pytest.mark.parametrize("w", [-1.2, -0.5, 0.0, 0.05, 0.8, 1.2])
def test_the_numbers_of_the_column_add_up_as_they_are_written(panel, w):
    for walked in range(1, 11):
        now, picture = 10 - walked, updated(panel, walked=walked, w=w)
        column, delta = written(picture.numbers), picture.deltas[now].get_text()
        assert len(column) == walked and {text.get_position()[0] for text in picture.numbers} == {now + 1}
        assert sum(column) == written(picture.deltas)[0]
        paths = panel.experiment(walked=walked, w=w)["paths"]
        assert np.abs(np.array(column) - 1000 * paths[now:, now]).max() < 1
        assert picture.sum[0].get_text() == f"δ{subscript(now + 1)} = {delta}"
        assert picture.numbers[now].get_text() in picture.sum[1].get_text()


def test_the_frame_holds_the_column_and_its_sum(panel):
    picture = updated(panel, walked=4)
    frame, cell = picture.frame.get_window_extent(), picture.deltas[6].get_window_extent()
    assert frame.contains(cell.x0, cell.y0) and frame.contains(cell.x1, cell.y1)
    assert not any(frame.overlaps(picture.deltas[t].get_window_extent()) for t in (7, 8, 9))


def test_an_arrow_leads_from_the_last_sum_to_this_one(panel):
    for walked in (0, 1, 2, 10):
        picture = updated(panel, walked=walked)
        shown = {artist.get_visible() for artist in (picture.back, picture.head, picture.times)}
        assert shown == {walked > 1}
        if walked > 1:
            assert (picture.back.get_xdata()[0], picture.back.get_xdata()[-1]) == (12 - walked, 11 - walked)
            assert list(picture.head.get_xdata()) == [11 - walked]


def test_sizes_stand_under_their_columns(panel):
    for w in (-1.2, 0.0, 0.8):
        shown, picture = panel.experiment(walked=6, w=w), updated(panel, walked=6, w=w)
        for line, sizes in ((picture.delta, shown["delta"]), (picture.last, shown["paths"][-1])):
            assert list(line.get_xdata()) == [5, 6, 7, 8, 9, 10]
            found, wanted = line.get_ydata(), np.abs(sizes[4:])
            assert (np.isnan(found) == (wanted == 0)).all() and (found[wanted > 0] == wanted[wanted > 0]).all()
        boxes = [axes.get_position() for axes in picture.figure.axes]
        assert {(box.x0, box.x1) for box in boxes} == {(boxes[0].x0, boxes[0].x1)}
        assert {axes.get_xlim() for axes in picture.figure.axes} == {(0.5, 10.5)}


def test_over_the_sizes_stands_what_each_line_is(panel):
    picture = updated(panel, walked=10)
    legend = picture.delta.axes.get_legend()
    texts = legend.get_texts()
    assert [text.get_text() for text in texts] == ["size of δᵢ", "the part of it that the last loss sends"]
    assert [text.get_color() for text in texts] == [picture.delta.get_color(), picture.last.get_color()]
    picture.canvas.draw()
    assert all(text.get_window_extent().y0 >= picture.delta.axes.bbox.y1 for text in texts)


def test_multiplications_are_counted(panel):
    for walked in (0, 4, 10):
        picture = updated(panel, walked=walked)
        naive = 2 * sum(t - i + 1 for i in range(11 - walked, 11) for t in range(i, 11))
        sweep = max(3 * walked - 1, 0)
        assert f" {naive} multiplications path by path, {sweep} in one sweep." in picture.alt


def test_the_line_adds_up(panel):
    picture = updated(panel, walked=7, w=-0.5)
    assert [text.get_text() for text in picture.sum] == [
        "δ₄ = 0.072",
        "= 0.054 from its own loss",
        "+ (−0.50) · (−0.035) from step 5",
    ]
    assert updated(panel, walked=1).sum[2].get_text() == ""
    assert updated(panel, walked=0).sum[0].get_text() == "nothing yet: step on" and "nothing yet" in picture.alt


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


def test_colours_tell_the_role_and_the_size():
    strengths = {0.0: PALEST, 10.0**LOW: PALEST, 10.0**HIGH: STRONGEST, -1e9: STRONGEST}
    for size, strength in strengths.items():
        colours = coloured(np.full((2, 2), size))
        for own, place in ((B, (1, 1)), (C, (1, 0))):
            assert list(colours[place]) == [*np.round(255 * np.array(tint(own, strength))), 255]
    weak, strong = (coloured(np.full((2, 2), size))[1, 0].astype(int) for size in (0.03, 0.3))
    assert strong.sum() < weak.sum()


def test_rounded_numbers_add_up():
    rng = np.random.default_rng(0)
    for values in (*rng.normal(size=(50, 7)), np.zeros(3), [-0.0004, 0.0], [0.5, 0.25, -0.75], [2.0]):
        found = [float(text.replace("−", "-")) for text in adding_up(values, 3)]
        assert sum(found) == pytest.approx(round(float(np.sum(values)), 3), abs=1e-9)
        assert np.abs(np.array(found) - values).max() < 1e-3
    assert adding_up([-0.0004, 0.0], 3) == ["0.000", "0.000"]


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


def test_slopes_to_compare_are_what_they_say():
    picture = EfficiencyPicture()
    for ax in (picture.left, picture.right):
        strokes = [line for line in ax.lines if not line.get_animated()]
        found = [np.diff(np.log(line.get_ydata())) / np.diff(np.log(line.get_xdata())) for line in strokes]
        assert np.ravel(found) == pytest.approx([3, 2, 1])
        assert [text.get_text() for text in ax.texts] == ["slope 3", "slope 2", "slope 1"]


def test_pictures_are_as_wide_as_a_page_may_be(panel):
    for picture, lines in ((panel.picture, 2), (TransposesPanel().picture, 2), (EfficiencyPicture(), 0)):
        width, height = picture.inches
        assert width <= WIDEST and 96 * height + 32 * lines + 55 <= 647


def test_the_mistakes_that_fit_are_framed_and_the_others_show_what_is_wanted():
    panel = TransposesPanel()
    assert panel.start == {"d": 2, "h": 3, "q": 4, "forgotten": True}
    cells = panel.picture.cells
    assert [cell.frame.get_visible() for cell in cells] == [False, False, True, False, True]
    assert [cell.verdict.get_text() for cell in cells] == [
        "caught: 4 × 3 is wanted",
        "caught: inner sizes 3 and 4",
        "not caught: fits, and is wrong",
        "caught: 3 × 2 is wanted",
        "not caught: fits, and is wrong",
    ]
    dashed = [(cell.wanted.get_height(), cell.wanted.get_width()) for cell in cells]
    assert [bool(height) for height, _ in dashed] == [True, True, False, True, False]
    assert [round(h / w, 9) for h, w in dashed if w] == [round(ratio, 9) for ratio in (4 / 3, 3 / 1, 3 / 2)]
    panel.set(forgotten=False)
    assert not any(cell.frame.get_visible() or cell.wanted.get_width() for cell in cells)


def test_above_the_products_stands_what_is_asked_of_them():
    panel = TransposesPanel()
    assert panel.picture.heading.get_text() == (
        "Transposes forgotten or misplaced: which does a check of shapes catch?"
    )
    panel.set(forgotten=False)
    heading = panel.picture.heading
    assert heading.get_text() == "Every transpose in its place: all five products fit"
    assert all(heading.get_window_extent().y0 > cell.title.get_window_extent().y1 for cell in panel.picture.cells)


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
