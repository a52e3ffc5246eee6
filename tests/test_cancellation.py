"""Why a non-normal matrix grows first: the two sides, their sum, and the picture of them."""

import numpy as np
import pytest

from bpttlib.experiments.cancellation import LAST, run
from bpttlib.experiments.powers import PRESETS, START, matrix
from bpttlib.figures.cancellation import ROWS, CancellationPicture

M = matrix(**PRESETS["non-normal"])
x = np.array([np.cos(START), np.sin(START)])


@pytest.fixture(scope="module")
def picture():
    return CancellationPicture().update(**run())


def test_the_sides_lie_along_the_eigenvectors_and_shrink_by_their_eigenvalues():
    found = run()
    lam, V = np.linalg.eig(M)
    order = np.argsort(-lam)
    parts = V[:, order] * np.linalg.solve(V[:, order], x)  # as columns, at k = 0
    lengths = np.linalg.norm(found["sides"], axis=-1)
    powers = lam[order] ** np.arange(LAST + 1)[:, None]
    assert lengths == pytest.approx(powers * np.linalg.norm(parts, axis=0), rel=1e-9)
    (u, v), cosine = found["sides"][0], parts[:, 0] @ parts[:, 1]
    assert u @ v == pytest.approx(cosine) and cosine < 0
    assert found["values"] == pytest.approx(lam[order])
    assert np.cos(np.radians(found["apart"])) == pytest.approx(-cosine / np.prod(lengths[0]))


def test_their_sum_is_the_power_multiplied_out():
    found = run()
    assert found["sides"].sum(axis=1) == pytest.approx(found["whole"], abs=1e-12)
    by_hand = [np.linalg.norm(np.linalg.matrix_power(M, k) @ x) for k in range(LAST + 1)]
    assert np.linalg.norm(found["whole"], axis=1) == pytest.approx(by_hand)


def test_it_shows_what_it_is_for():
    """A sum of length 1 from two sides ten times as long, that grows fivefold while both of them only shrink."""
    found = run()
    first, second = np.linalg.norm(found["sides"], axis=-1).T
    whole = np.linalg.norm(found["whole"], axis=1)
    assert first[0] > 9 and second[0] > 9 and whole[0] == pytest.approx(1)
    assert (np.diff(first) < 0).all() and (np.diff(second) < 0).all() and whole.max() > 5


def test_every_row_draws_its_parallelogram_and_says_its_length(picture):
    found = run()
    for row, k in enumerate(ROWS):
        tips = [found["sides"][k, 0], found["sides"][k, 1], found["whole"][k]]
        origin = picture.drawn[0].get_paths()[row].vertices[[0, 6]].mean(axis=0)
        for part, tip in zip(picture.drawn, tips, strict=True):
            assert part.get_paths()[row].vertices[3] - origin == pytest.approx(tip, abs=1e-9)
        assert picture.told[row].get_text() == f"length {np.linalg.norm(tips[2]):.1f}"
        (ax,) = {part.axes for part in picture.drawn}
        assert np.abs(np.array(tips)[:, 0]).max() < ax.get_xlim()[1]


def test_the_three_lengths_are_drawn_and_said(picture):
    found = run()
    drawn = [curve.get_ydata() for curve in picture.curves]
    assert drawn == pytest.approx(np.linalg.norm([*found["sides"].swapaxes(0, 1), found["whole"]], axis=-1))
    assert [text.get_text()[-12:] for text in picture.factors] == ["× 0.9 a step", "× 0.6 a step"]
    peak = int(drawn[2].argmax())
    assert picture.alt.endswith(f"grows: to {drawn[2][peak]:.1f} at k = {peak}.")


def test_a_row_is_drawn_to_scale(picture):
    box, ax = picture.drawn[0].axes.get_position(), picture.drawn[0].axes
    width, height = box.width * picture.inches[0], box.height * picture.inches[1]
    assert width / np.ptp(ax.get_xlim()) == pytest.approx(height / np.ptp(ax.get_ylim()), rel=1e-9)
