"""The pictures of gradients far back, of the gradient of W_hh by lag, and of clipping say what was computed."""

import itertools

import numpy as np
import pytest
from drawn import live

from bpttlib.experiments import bylag, clipping, spectrum
from bpttlib.figures.bylag import ByLagPicture
from bpttlib.figures.clipping import ClippingPicture
from bpttlib.figures.spectrum import SpectrumPicture

# ---- the spectrum ---------------------------------------------------------------------------------


def test_no_curve_of_a_network_leaves_the_frame_anywhere():
    picture = live(SpectrumPicture)
    for h, rho, size, real in itertools.product(
        [2, 3, 20], [0.5, 0.9, 1.2, 1.5], [0.0, 0.5, 2.5, 4.75, 5.0], [True, False]
    ):
        found = spectrum.run(h, rho, size, real)
        picture.show(**found)
        low, high = picture.size["tanh"].axes.get_ylim()
        unit = unit_of(picture)
        for name, line in picture.size.items():
            k, powers = line.get_data()
            there = found["sizes"][name] > 0
            assert len(k) == 61 and np.array_equal(np.isfinite(powers), there)
            assert low <= powers[there].min() and powers[there].max() <= high
            assert 10.0 ** (unit * powers[there]) == pytest.approx(found["sizes"][name][there], rel=1e-6)


def unit_of(picture):
    """How many powers of ten a step of the axis is worth, from its labels, which must agree."""
    powers = [0 if text.get_text() == "1" else int(text.get_text()[5:-2]) for text in picture.powers]
    assert [text.get_position()[1] for text in picture.powers] == [1, 0, -1, -2, -3]
    assert powers == [powers[0] * tick for tick in (1, 0, -1, -2, -3)]
    return powers[0]


def test_a_gradient_that_is_exactly_0_ends_its_curve_and_has_no_direction():
    found = spectrum.run(2, 0.5, 10.0, False)
    assert found["sizes"]["tanh"][-1] == 0
    picture = live(SpectrumPicture).update(**found)
    assert "tanh exactly 0." in picture.alt and "nan" not in picture.alt
    assert np.isnan(picture.size["tanh"].get_ydata()[-1]) and np.isnan(picture.like["tanh"].get_ydata()[-1])


def test_a_gradient_whose_square_no_float_can_hold_is_not_0():
    found = spectrum.run(2, 0.5, 5.0, False)
    assert 1e-170 < found["sizes"]["tanh"][-1] < 1e-160 and found["likeness"]["tanh"][-1] == pytest.approx(1)
    picture = live(SpectrumPicture).update(**found)
    assert "exactly 0" not in picture.alt
    low, high = picture.size["tanh"].axes.get_ylim()
    assert low <= picture.size["tanh"].get_ydata()[-1] <= high, "and its curve stays in the frame"


@pytest.mark.parametrize(
    "real, told, ratio", [(True, "mean |cos|", "0.95"), (False, "mean |cos|; linear: no single line", "1.00")]
)
def test_the_note_says_what_the_linear_network_does(real, told, ratio):
    picture = live(SpectrumPicture).update(**spectrum.run(50, 0.9, 0.5, real))
    assert picture.note.get_text() == told and f"|λ₂/λ₁| = {ratio}" in picture.alt


# ---- the gradient of W_hh by lag -------------------------------------------------------------------


@pytest.mark.parametrize("rho", [0.5, 0.9, 1.4])
def test_the_bars_are_what_each_lag_adds_and_what_it_comes_to(rho):
    found = bylag.run(rho)
    picture = live(ByLagPicture).update(**found)
    heights = [path.vertices[:, 1].max() for path in picture.bars.get_paths()]
    assert heights == pytest.approx(found["lengths"]) and len(heights) == 60
    middles = [path.vertices[:4, 0].mean() for path in picture.bars.get_paths()]
    assert middles == pytest.approx(range(60))
    sums = [path.vertices[:, 1].max() for path in picture.total.get_paths()]
    assert sums == pytest.approx([found["whole"], found["far"]])
    assert [float(text.get_text()) for text in picture.numbers] == pytest.approx(sums, rel=0.05)
    assert max(heights + sums) < picture.bars.axes.get_ylim()[1] == picture.total.axes.get_ylim()[1]
    assert f"‖∂L/∂W_hh‖ = {found['whole']:.2f}: not near zero" in picture.alt


# ---- clipping -------------------------------------------------------------------------------------


@pytest.mark.parametrize("theta, rho", [*itertools.product([0.1, 1.0, 3.0], [0.3, 0.5, 1.0, 1.3, 1.5])])
def test_the_clipped_arrows_end_on_the_circle_and_on_the_square(theta, rho):
    found = clipping.run(theta, rho)
    picture = live(ClippingPicture).update(**found)
    tips = {name: arrow.get_paths()[0].vertices[3] for name, arrow in picture.arrow.items()}
    for name, tip in tips.items():
        assert tip == pytest.approx(found["g"][name], abs=1e-12)
    assert np.hypot(*picture.circle.get_data()) == pytest.approx(theta)
    assert abs(picture.box.get_xydata()).max(axis=1) == pytest.approx(theta)
    if found["norm"] > theta:
        assert np.hypot(*tips["by norm"]) == pytest.approx(theta)
        assert abs(tips["by value"]).max() == pytest.approx(theta)
    else:
        assert np.array_equal(tips["by norm"], tips["unclipped"]) and "shorter than θ" in picture.alt


@pytest.mark.parametrize("theta, rho", [*itertools.product([0.1, 1.0, 3.0], [0.3, 0.9, 1.2, 1.5])])
def test_what_is_not_lost_stays_in_the_frame(theta, rho):
    found = clipping.run(theta, rho)["losses"]
    picture = live(ClippingPicture).update(**clipping.run(theta, rho))
    low, high = picture.silent.axes.get_ylim()
    for name, line in picture.curve.items():
        assert (line.get_ydata()[found[name] <= high] == found[name][found[name] <= high]).all() and low < 0
        assert np.isinf(found[name][-1]) or found[name].max() <= high
    assert ("lost at step" in picture.verdict.get_text()) == np.isinf(found["unclipped"][-1])
