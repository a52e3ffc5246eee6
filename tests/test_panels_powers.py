"""The panels of the page on powers: presets, corners, and words for every state that there is."""

import itertools

import ipywidgets as W
import numpy as np
import pytest
from drawn import live
from readable import faults

from bpttlib.experiments import regimes
from bpttlib.experiments.powers import PRESETS, run
from bpttlib.figures.clipping import ClippingPicture
from bpttlib.figures.powers import DIRECTIONS, ENDS, GROWTH, MOTION, NO_LINE, PowersPicture
from bpttlib.figures.regimes import RegimesPicture
from bpttlib.panels.clipping import ClippingPanel
from bpttlib.panels.powers import PowersPanel
from bpttlib.panels.spectrum import SpectrumPanel
from bpttlib.powers import Growth, Motion, NoLine, Regime


@pytest.fixture(scope="module")
def panel():
    return PowersPanel()


def test_every_preset_and_the_corners_of_the_powers_panel_are_drawn(panel):
    buttons = {button.description: button for row in panel.grid.children for button in row.children}
    for name, preset in PRESETS.items():
        buttons[name].click()
        assert panel.state | preset == panel.state and panel.state["k"] == 0
        panel.set(k=40)
        assert not panel.trouble
    for first, angle, n in itertools.product([-1.5, 0.0, 1.5], [0, 90, 180], [0.0, 4.0]):
        panel.set(k=40, first=first, second=-first, angle=angle, departure=n, true_length=angle == 90)
        assert not panel.trouble
    panel.set(**panel.start)


def test_the_controls_stand_in_four_rows_of_which_two_take_both_columns(panel):
    """By grid-area: whatever a widget says of grid-column, the browser forgets it where grid-area is empty."""
    cells = panel.grid.children
    areas = [cell.layout.grid_area for cell in cells]
    assert areas[:2] == ["1 / 1 / auto / -1", "2 / 1 / auto / -1"]
    assert areas[2:] == [f"{row} / {column} / auto / auto" for row in (3, 4) for column in (1, 2)]
    assert not any(cell.layout.grid_column for cell in cells)


def test_play_starts_with_the_fan_still_open(panel):
    (play,) = [one for one in panel.grid.children[0].children if isinstance(one, W.Play)]
    assert (play.value, play.max) == (panel.start["k"], 40) == (0, 40)


def test_every_state_has_words_of_its_own():
    moving = set(Motion) - {Motion.DYING}
    tables = (GROWTH, Growth), (MOTION, Motion), (NO_LINE, NoLine), (ENDS, Growth), (DIRECTIONS, moving)
    for words, states in tables:
        assert words.keys() == set(states)
        assert len(set(words.values())) == len(words) and all(words.values())


KINDS = [  # λ₁, λ₂, ±θ and n, one or two for each motion; the last two have ρ = 0
    (1.0, 0.0, 20, 0.0),
    (1.0, 0.5, 0, 3.0),
    (-1.0, 0.5, 0, 0.0),
    (1.0, -1.0, 0, 0.0),
    (1.0, 1.0, 0, 0.0),
    (1.0, 0.0, 180, 0.0),
    (1.0, 1.0, 0, 0.3),
    (0.0, 0.0, 0, 4.0),
    (0.0, 0.0, 0, 0.0),
]


def test_what_the_reader_sees_comes_from_the_table():
    """Every regime that there is; at ρ = 1 a defective matrix has its own words, and at ρ = 0 every matrix."""
    picture, seen = live(PowersPicture), set()
    for size, (first, second, angle, n) in itertools.product((0.9, 1.0, 1.1), KINDS):
        shown = run(3, size * first, size * second, angle, n, False)
        picture.update(**shown)
        regime, text = shown["matrix"].regime, picture.regime.get_text()
        assert picture.alt.startswith(f"{GROWTH[regime.growth]}, {MOTION[regime.motion]}: eigenvalues")
        seen.add(regime)
        if first == 0:
            assert text == "in the end nothing is left" and regime.growth is Growth.VANISHING
        elif regime == Regime(Growth.BORDER, Motion.DEFECTIVE):
            assert text == "in the end all grow, but only like k, and slowly fall onto v₁"
        else:
            assert text == ENDS[regime.growth].format(DIRECTIONS[regime.motion])
        assert faults(picture) == []
    assert len(seen) == len(Growth) * (len(Motion) - 1) + 1  # what is dying also vanishes


@pytest.mark.parametrize("state, why", [((1.0, 0.6, 20), NoLine.PAIR), ((0.9, -0.9, 0), NoLine.OPPOSITE)])
def test_without_a_dominant_eigenvector_none_is_claimed_and_the_reason_stands_where_the_angle_would(state, why):
    picture = live(PowersPicture).update(**run(3, *state, 0.0, False))
    assert picture.why.get_text() == f"no line to fall onto:\n{NO_LINE[why]}"
    assert "no line to fall onto" in picture.alt and "eigenline" not in picture.alt and "v₁" not in picture.alt
    turns = "eigenvalues 1.00 at ±20°" if why is NoLine.PAIR else ""
    assert picture.slope.get_text() == turns and picture.named.get_text() == ""
    assert all(np.size(line.get_data()) == 0 for line in (picture.line, picture.second, *picture.names))


def test_the_lines_are_named_beside_themselves_and_apart():
    """Whatever the matrix: each name near its own line, outside the circle, inside the frame, on its own side."""
    picture = live(PowersPicture)
    for first, second, n in itertools.product([-1.5, -0.95, 0.6, 1.5], [-1.2, 0.0, 0.85], [0.0, 0.3, 4.0]):
        shown = run(3, first, second, 0, n, False)
        picture.update(**shown)
        lines = shown["matrix"].dominant.vector, shown["matrix"].second
        places = np.array([np.ravel(name.get_data()) for name in picture.names])
        assert picture.named.get_text() == "v₁  dominant eigenvector"
        for v, (x, y) in zip(lines, places, strict=True):
            assert (
                abs(x * v[1] - y * v[0]) == pytest.approx(0.16) and 1.1 < np.hypot(x, y) and max(abs(x), abs(y)) < 1.25
            )
        for (x, y), other in zip(places, lines[::-1], strict=True):
            assert abs(x * other[1] - y * other[0]) > 0.119
        assert np.hypot(*(places[0] - places[1])) > 1


@pytest.mark.parametrize("k", [0, 7, 35, 40])
def test_circles_show_where_both_orange_arrows_go_next(k):
    picture, shown = live(PowersPicture), run(k, 0.85, 0.6, 0, 0.0, False)
    picture.update(**shown)
    ways = shown["arrow"].orbit.direction[k + 1 : k + 13], shown["turning"][1:, -1]
    for circles, way in zip((picture.ahead, picture.turning_ahead), ways, strict=True):
        assert len(way) == min(12, 40 - k) and np.array(circles.get_data()).T == pytest.approx(way)
    assert ("the start" in picture.at.get_text()) == (k == 0)


def test_the_pair_beside_it_turns_with_k_and_keeps_every_angle():
    picture = live(PowersPicture)
    for k in (0, 7, 40):
        shown = run(k, 0.85, 0.6, 0, 0.0, False)
        picture.update(**shown)
        drawn = np.array([outline.vertices[3] for outline in picture.turning_fan.get_paths()])
        assert drawn == pytest.approx(shown["turning"][0, :16])
        assert drawn @ drawn.T == pytest.approx(np.cos(np.radians(22.5 * np.subtract.outer(range(16), range(16)))))


def test_the_length_is_held_against_the_spectral_radius_and_the_longest_of_all():
    shown = run(0, 0.9, -0.4, 0, 2.0, False)
    picture = live(PowersPicture).update(**shown)
    assert picture.radius.get_text() == "dashed: ×0.90 a step, ρ; grey: longest of all"
    assert "eigenvalues 0.90, −0.40, ρ = 0.90" in picture.alt
    assert picture.power.get_ydata() == pytest.approx(0.9 ** np.arange(41))
    powers = [np.linalg.norm(np.linalg.matrix_power(shown["matrix"].M, k), 2) for k in range(41)]
    assert picture.most.get_ydata() == pytest.approx(powers) and max(powers) > 2


def gap(text, spot):
    """How far the words are from a dot, in pixels."""
    box, (x, y) = text.get_window_extent(), text.axes.transData.transform(spot)
    return np.hypot(max(box.x0 - x, 0, x - box.x1), max(box.y0 - y, 0, y - box.y1))


def test_on_the_map_each_of_the_seven_lies_in_its_region_with_its_name_beside_it():
    """The ground and the lines are drawn from trace and determinant, the regimes come from the eigenvalues."""
    shown = regimes.run()
    picture = live(RegimesPicture).update(**shown)
    assert shown["places"].keys() == shown["regimes"].keys() == picture.names.keys() == PRESETS.keys()
    for spots in picture.spots:
        assert np.transpose(spots.get_data()) == pytest.approx(np.array(list(shown["places"].values())))
    for name, (t, d) in shown["places"].items():
        one = shown["regimes"][name]
        assert (d < 1 - 1e-9 and abs(t) < 1 + d) == (one.growth == Growth.VANISHING)
        assert (d > t**2 / 4 + 1e-9) == (one.motion == Motion.ROTATING)
        assert picture.names[name].xy == (t, d)
        gaps = {other: gap(picture.names[name], spot) for other, spot in shown["places"].items()}
        assert min(gaps, key=gaps.get) == name and sorted(gaps.values())[1] > 1.2 * gaps[name]
        assert f"{name}: trace {t:.2f}, determinant {d:.2f}, {GROWTH[one.growth]}, {MOTION[one.motion]}" in picture.alt
    assert faults(picture) == []


def test_the_lens_shows_six_of_the_seven_in_six_places():
    """But for "reflecting" they lie near one spot of the whole map."""
    shown = regimes.run()
    picture, places = live(RegimesPicture).update(**shown), []
    for name, spot in shown["places"].items():
        place = picture.lens.transData.transform(spot)
        assert picture.lens.get_window_extent().contains(*place) == (name != "reflecting")
        places += [place / picture.figure.dpi * 72] * (name != "reflecting")  # in points
    apart = [np.hypot(*(a - b)) for a, b in itertools.combinations(places, 2)]
    assert min(apart) > 7


def test_the_corners_of_the_spectrum_and_of_clipping_are_drawn():
    spectrum, clipping = SpectrumPanel(), ClippingPanel()
    for h, (rho, size), real in itertools.product([2, 100], [(0.5, 5.0), (1.5, 0.0)], [True, False]):
        spectrum.set(h=h, spectral_radius=rho, size=size, real=real)
        assert not spectrum.trouble and f"{h} eigenvalues, ρ = {rho:.2f}" in spectrum.picture.alt
        assert ("is real" if real else "is a complex pair") in spectrum.picture.alt
    for theta, rho in itertools.product([0.3, 3.0], [0.3, 1.5]):
        clipping.set(theta=theta, spectral_radius=rho)
        assert not clipping.trouble and f"θ = {theta:g};" in clipping.picture.alt


@pytest.mark.parametrize(
    "losses, told",
    [
        ([3.0, 2.0, 1.0], "three curves, one line: θ is never reached"),
        ([3.0, 9.0, 20.0], "unclipped ends at 20"),
        ([3.0, 9.0, np.inf], "unclipped is lost at step 2"),
    ],
)
def test_what_becomes_of_training_is_said(losses, told):
    g = dict.fromkeys(("unclipped", "by norm", "by value"), np.array([0.3, 0.2]))
    curves = dict.fromkeys(g, np.array([3.0, 2.0, 1.0])) | {"unclipped": np.array(losses)}
    picture = live(ClippingPicture).update(g=g, norm=0.4, losses=curves, theta=0.5, turned=0.0, silent=0.5)
    assert picture.verdict.get_text() == told and told in picture.alt
    assert "shorter than θ" in picture.alt


def test_every_slider_changes_the_picture_before_the_first_step(panel):
    """A slider that moves nothing seems broken; how fast a pair turns is not to be seen in the fan at k = 0."""
    for start in ({"angle": 0}, {"angle": 20}):
        for name in ("first", "angle", "departure"):
            panel.set(**panel.start | start)
            seen = panel.picture.png()
            panel.set(**{name: panel.controls[name].value + panel.controls[name].step})
            assert panel.picture.png() != seen, (start, name)
    panel.set(**panel.start)


def test_the_second_eigenvalue_is_asleep_while_there_is_a_pair(panel):
    angle, second = panel.controls["angle"], panel.controls["second"]
    buttons = {button.description: button for button in panel.grid.children[1].children}
    for wake in (panel.reset, buttons["vanishing"]):
        angle.value = 5
        assert second.disabled
        wake.click()
        assert not second.disabled
    buttons["rotating"].click()
    assert second.disabled
    angle.value = 0
    assert not second.disabled
    panel.set(**panel.start)
