"""Counted products are the products made."""

from fractions import Fraction

import numpy as np
import pytest

from bpttlib import closed_form, path_products, solve
from bpttlib.counting import Counted, count_products


@pytest.mark.parametrize("T", [1, 2, 10, 55])
def test_the_recurrence_takes_one_product_a_step(T):
    b, c = np.random.default_rng(T).normal(size=(2, T))
    a, count = count_products(solve, b, c)
    assert (a == solve(b, c)).all() and a.dtype == float
    assert count == T - 1


@pytest.mark.parametrize("T", [1, 2, 10, 25])
def test_every_path_by_itself(T):
    """A path over k edges takes k products: T(T-1)/2 for a_T."""

    def term_by_term(b, c):
        total = 0
        for i in range(len(b)):
            term = b[i]
            for j in range(i + 1, len(b)):
                term = c[j] * term
            total = total + term
        return total

    b, c = np.random.default_rng(T).normal(size=(2, T))
    a_T, count = count_products(term_by_term, b, c)
    assert a_T == pytest.approx(solve(b, c)[-1], rel=1e-12)
    assert count == T * (T - 1) // 2


def test_array_products_count_every_entry():
    """The T×T matrix of path products takes T(T-1)/2, the product with b another T² (zeros and ones included)."""
    b, c = np.random.default_rng(0).normal(size=(2, 8))
    assert count_products(path_products, c)[1] == 28
    assert count_products(closed_form, b, c)[1] == 28 + 64


def test_numbers_sequences_and_other_arguments():
    result, count = count_products(lambda x, xs, name: (x * xs[0] - 2 * xs[1], 1 - x), 3, [4, Fraction(1, 2)], "name")
    assert result.tolist() == [11, -2] and count == 2
    assert count_products(lambda x: x * x, 3) == (9, 1)
    assert count_products(lambda x: 5, 3) == (5, 0)


def test_sums_and_differences_are_free():
    assert count_products(lambda x, y: x + 1 + y - x - 1, 3.0, 4.0) == (4.0, 0)
    assert repr(Counted(3, None)) == "Counted(3)"


def test_a_number_times_an_array_counts_every_entry_from_either_side():
    vector = np.array([1.0, 2.0, 3.0])
    assert count_products(lambda x: x * vector, 2.0)[1] == count_products(lambda x: vector * x, 2.0)[1] == 3


def test_counts_start_anew():
    assert count_products(solve, [1.0] * 5, [1.0] * 5)[1] == count_products(solve, [1.0] * 5, [1.0] * 5)[1] == 4
