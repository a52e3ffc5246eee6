"""The shapes of the five products, against NumPy's own verdict."""

import itertools

import numpy as np
import pytest

from bpttlib.figures.shapes import unnoticed
from bpttlib.panels.sweep import ShapesPanel
from bpttlib.shapes import backward_products

NAMES = ["∂L/∂W_qh", "to hₜ from its own loss", "to hₜ from later", "∂L/∂W_hx", "∂L/∂W_hh"]


@pytest.mark.parametrize("sizes", list(itertools.product([1, 2, 3], repeat=3)))
@pytest.mark.parametrize("forgotten", [False, True])
def test_what_fits_is_what_numpy_multiplies(sizes, forgotten):
    d, h, q = sizes
    products = backward_products(d, h, q, forgotten)
    assert [product.name for product in products] == NAMES
    assert [product.wanted for product in products] == [(q, h), (h, 1), (h, 1), (h, d), (h, h)]
    for product in products:
        left, right = np.ones(product.left_shape), np.ones(product.right_shape)
        if product.result is None:
            with pytest.raises(ValueError):
                left @ right
        else:
            assert (left @ right).shape == product.result
        assert forgotten or product.fits


@pytest.mark.parametrize("sizes", list(itertools.product([1, 2, 3], repeat=3)))
def test_a_forgotten_transpose_that_fits_gives_other_numbers(sizes):
    """By doing it: the right product and the forgotten one on random numbers."""
    rng = np.random.default_rng(0)
    for right, wrong in zip(backward_products(*sizes), backward_products(*sizes, forgotten=True), strict=True):
        a, b = rng.normal(size=right.left_shape), rng.normal(size=right.right_shape)
        swapped = wrong.left_shape == right.right_shape[::-1] and right.left_shape[1] == 1 and "W_" in right.name
        if wrong.fits:
            other = b.T @ a.T if swapped else a.T @ b
            assert other.shape == wrong.result
            assert np.allclose(a @ b, other) != unnoticed(wrong)


def test_the_state_is_square_whatever_the_sizes():
    for d, h, q in itertools.product(range(1, 7), range(2, 7), range(1, 7)):
        passed = {product.name for product in backward_products(d, h, q, forgotten=True) if unnoticed(product)}
        assert {"to hₜ from later", "∂L/∂W_hh"} <= passed
        assert len(passed) == 2 + 2 * (q == h) + (d == h)


@pytest.mark.parametrize(("bad", "error"), [(0, ValueError), (-1, ValueError), (1.5, TypeError), ("2", TypeError)])
def test_sizes_are_whole_numbers(bad, error):
    for sizes in ((bad, 2, 2), (2, bad, 2), (2, 2, bad)):
        with pytest.raises(error):
            backward_products(*sizes)


def test_every_corner_is_drawn_and_told():
    panel = ShapesPanel()
    for d, h, q, forgotten in itertools.product((1, 6), (1, 6), (1, 6), (False, True)):
        panel.set(d=d, h=h, q=q, forgotten=forgotten)
        assert not panel.trouble
    assert "5 of 5 products fit all the same" in panel.picture.alt
    panel.set(d=1, h=1, q=1)
    assert "0 of 5" in panel.picture.alt
