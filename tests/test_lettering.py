"""A text set by Pillow stands where matplotlib would have set it, with as much ink."""

import warnings

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bpttlib.figures.lettering import Canvas, formulas
from bpttlib.figures.style import FIXED, style

PLAIN = ["35 % off, every time", "π = 0.80: ρ < 1 → ∂L/∂W_hh", "fi AV To, (gjpqy)", "h_0 τ²"]


def drawn(canvas: type[FigureCanvasAgg], words: str, **look) -> np.ndarray:
    """How dark each pixel is, 0 … 1, with the text drawn on this canvas."""
    with style():
        figure = Figure(figsize=(4, 4), dpi=192)
        figure.text(0.5, 0.5, words, **look)
        made = canvas(figure)
        made.draw()
        return 1 - np.asarray(made.buffer_rgba())[..., :3].mean(axis=-1) / 255


def sides(ink: np.ndarray) -> np.ndarray:
    rows, columns = (np.flatnonzero((ink > 0.2).any(axis=axis)) for axis in (1, 0))
    return np.array([rows[0], rows[-1], columns[0], columns[-1]])


LOOKS = [{}, {"ha": "center", "va": "center"}, {"ha": "right", "va": "top", "weight": "bold", "size": 13}]
LOOKS += [{"rotation": 90}, {"rotation": 90, "ha": "right", "va": "center", "family": "DejaVu Sans Mono"}]


@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("words", [*PLAIN, "\n".join(PLAIN)])
def test_it_stands_where_matplotlib_sets_it(words, look):
    ours, theirs = drawn(Canvas, words, **look), drawn(FigureCanvasAgg, words, **look)
    wide = np.ptp(sides(theirs)[2:]) + np.ptp(sides(theirs)[:2])
    np.testing.assert_allclose(sides(ours), sides(theirs), rtol=0, atol=3 + 0.03 * wide)
    assert ours.sum() == pytest.approx(theirs.sum(), rel=0.1)
    assert not np.array_equal(ours, theirs), "matplotlib drew it"


def test_the_places_of_its_ink_are_those_it_was_measured_at():
    figure = Figure(figsize=(4, 4), dpi=192)
    canvas = Canvas(figure)
    for rotation in (0, 90):
        text = figure.text(0.5, 0.5, "gradient Ap", rotation=rotation)
        canvas.draw()
        box = text.get_window_extent()
        ink = 1 - np.asarray(canvas.buffer_rgba())[::-1, :, 0] / 255.0
        low, high, left, right = sides(ink)
        assert box.padded(2).contains(left, low) and box.padded(2).contains(right, high)
        text.remove()


@pytest.mark.parametrize(
    ("words", "look"),
    [("$\\partial L$", {}), ("梯度 of h", {}), ("slanted", {"rotation": 30}), ("  ", {}), ("", {})],
    ids=str,
)
def test_the_rest_is_left_to_matplotlib(words, look):
    look |= {"family": ["DejaVu Sans Mono"]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a font for Chinese may be missing
        np.testing.assert_array_equal(drawn(Canvas, words, **look), drawn(FigureCanvasAgg, words, **look))


def test_a_formula_is_taken_apart_once_for_all_pictures_and_remembered_at_its_size():
    for size in (11, 20, 11):
        theirs = drawn(FigureCanvasAgg, "$a_{t}^{3}$", size=size)
        np.testing.assert_array_equal(drawn(Canvas, "$a_{t}^{3}$", size=size), theirs)
        before = formulas()._parse.cache_info().misses
        drawn(Canvas, "$a_{t}^{3}$", size=size)
        assert formulas()._parse.cache_info().misses == before


def test_colour_and_transparency_are_kept():
    with style():
        figure = Figure(figsize=(1, 1), dpi=192)
        text = figure.text(0.1, 0.3, "■", color=FIXED, size=40)
        canvas = Canvas(figure)
        middles = []
        for alpha in (1, 0.5):
            text.set_alpha(alpha)
            canvas.draw()
            pixels = np.asarray(canvas.buffer_rgba())[..., :3].reshape(-1, 3)
            colours, counts = np.unique(pixels[(pixels < 255).any(axis=1)], axis=0, return_counts=True)
            middles.append(colours[counts.argmax()].astype(int))
    whole = [int(FIXED[i : i + 2], 16) for i in (1, 3, 5)]
    np.testing.assert_allclose(middles, [whole, (np.array(whole) + 255) / 2], atol=2)
