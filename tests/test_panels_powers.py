"""The panels of the page on powers: presets, corners, and words for every state that there is."""

import itertools
from types import SimpleNamespace

import numpy as np
import pytest

from bpttlib.experiments.powers import PRESETS, run
from bpttlib.figures.clipping import ClippingPicture
from bpttlib.figures.powers import GROWTH, MOTION, NO_LINE, PowersPicture
from bpttlib.panels.clipping import ClippingPanel
from bpttlib.panels.powers import PowersPanel
from bpttlib.panels.spectrum import SpectrumPanel
from bpttlib.powers import Growth, Motion, NoLine


def test_every_preset_and_the_corners_of_the_powers_panel_are_drawn():
    panel = PowersPanel()
    buttons = {button.description: button for row in panel.grid.children for button in row.children}
    for name, preset in PRESETS.items():
        buttons[name].click()
        assert panel.state | preset == panel.state and panel.state["k"] == 0
        panel.set(k=40)
        assert not panel.trouble
    for first, angle, n, length in itertools.product([-1.5, 0.0, 1.5], [0, 90, 180], [0.0, 4.0], [False, True]):
        panel.set(k=40, first=first, second=-first, angle=angle, departure=n, true_length=length)
        assert not panel.trouble


def test_every_state_has_words_of_its_own():
    for words, states in ((GROWTH, Growth), (MOTION, Motion), (NO_LINE, NoLine)):
        assert words.keys() == set(states)
        assert len(set(words.values())) == len(words) and all(words.values())


@pytest.mark.parametrize("growth, motion", list(itertools.product(Growth, Motion)))
def test_what_the_reader_sees_comes_from_the_table(growth, motion):
    picture = PowersPicture()
    shown = run(3, 0.9, 0.5, 0, 0.0, False) | {"regime": SimpleNamespace(growth=growth, motion=motion)}
    picture.update(**shown)
    assert picture.regime.get_text() == f"{GROWTH[growth]}, {MOTION[motion]}"
    assert picture.alt.startswith(f"{GROWTH[growth]}, {MOTION[motion]}: eigenvalues 0.90, 0.50")


@pytest.mark.parametrize("state, why", [((1.0, 0.6, 20), NoLine.PAIR), ((0.9, -0.9, 0), NoLine.OPPOSITE)])
def test_without_an_eigenline_the_reason_stands_where_the_angle_would(state, why):
    picture = PowersPicture().update(**run(3, *state, 0.0, False))
    assert picture.why.get_text() == f"no eigenline to fall onto:\n{NO_LINE[why]}"
    assert "no eigenline" in picture.alt and picture.slope.get_text() == ""


def test_the_dot_lies_at_trace_and_determinant():
    shown = run(0, 0.9, -0.4, 0, 2.0, False)
    picture = PowersPicture().update(**shown)
    assert np.ravel(picture.dot.get_data()) == pytest.approx([0.5, -0.36])
    assert picture.values.get_text().splitlines()[0] == "eigenvalues 0.90, −0.40"


def test_the_corners_of_the_spectrum_and_of_clipping_are_drawn():
    spectrum, clipping = SpectrumPanel(), ClippingPanel()
    for h, rho, size, real in itertools.product([2, 100], [0.5, 1.5], [0.0, 5.0], [True, False]):
        spectrum.set(h=h, spectral_radius=rho, size=size, real=real)
        assert not spectrum.trouble and f"{h} eigenvalues, ρ = {rho:.2f}" in spectrum.picture.alt
        assert ("is real" if real else "is a complex pair") in spectrum.picture.alt
    for theta, rho in itertools.product([0.1, 3.0], [0.3, 1.5]):
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
    picture = ClippingPicture().update(g=g, norm=0.4, losses=curves, theta=0.5, turned=0.0, silent=0.5)
    assert picture.verdict.get_text() == told and told in picture.alt
    assert "shorter than θ" in picture.alt
