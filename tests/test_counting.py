"""Counted products are the products made."""

from fractions import Fraction

import numpy as np
import pytest
from within import within

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


@within(
    "work, products",
    [
        (lambda M, v: M @ M, 27),
        (lambda M, v: M @ v, 9),
        (lambda M, v: v @ M @ v, 12),
        (lambda M, v: M.T @ np.ones((3, 2)), 18),
        (lambda M, v: np.ones((2, 3)) @ M, 18),
        (lambda M, v: np.dot(M, v), 9),
        (lambda M, v: np.outer(v, v), 9),
        (lambda M, v: np.linalg.matrix_power(M, 4), 54),
        (lambda M, v: M * v, 9),
        (lambda M, v: np.diag(v) @ M, 27),
        (lambda M, v: M + M.T - np.eye(3), 0),
        (lambda M, v: v.sum() + v[::-1].copy()[0], 0),
    ],
)
def test_products_of_matrices(work, products):
    M, v = np.arange(9.0).reshape(3, 3), np.array([1.0, -2.0, 0.5])
    result, count = count_products(work, M, v)
    assert np.array_equal(result, work(M, v)) and count == products


def test_what_is_multiplied_into_plain_zeros_is_counted():
    def stored(W, x):
        kept = np.zeros(3)
        for t in range(1, 3):
            kept[t] = W * kept[t - 1] + x[t]
        return kept

    result, count = count_products(stored, 2.0, [1.0, 3.0, 5.0])
    assert result.tolist() == [0, 3, 11] and count == 2


@within(
    "work, result, products",
    [
        (lambda x: x / 4, 2.0, 1),
        (lambda x: 4 / x, 0.5, 1),
        (lambda x: x // 3, 2, 1),
        (lambda x: x**3, 512, 2),
        (lambda x: x**0 + x**1, 9, 0),
        (lambda x: x**-2, 1 / 64, 1),
        (lambda x: x**0.5, 8**0.5, 1),
        (lambda x: 2**x, 256, 7),
        (lambda x: -x + abs(-x), 0, 0),
        (lambda x: 1 - x - 1, -8, 0),
        (lambda x: sum(range(x)), 28, 0),
        (lambda x: len([0] * x), 8, 0),
        (lambda x: [10, 20, 30][x - 6], 30, 0),
        (lambda x: max(x, 3) if x > 7 and x >= 8 and x != 9 and not x < 8 and x == 8 else -1, 8, 0),
        (lambda x: float(x) * float(x), 64.0, 0),  # plain numbers again
        (lambda x: np.float64(2) * x, 16.0, 1),
        (lambda x: (np.ones(2) * x / 2).sum(), 8.0, 4),
        (lambda x: {x: 1}[8] if x else 0, 1, 0),
    ],
)
def test_counting_numbers_do_what_numbers_do(work, result, products):
    assert count_products(work, 8) == (pytest.approx(result, rel=1e-15), products)


def test_lists_stay_lists_and_tuples_tuples():
    def kinds(b, c, M):
        return [isinstance(b, list), isinstance(c, tuple), isinstance(M, np.ndarray), (b + [2])[0] * c[1]]

    result, count = count_products(kinds, [3], (1, 2), np.eye(2))
    assert result.tolist() == [1, 1, 1, 6] and count == 1
    assert count_products(lambda rows: rows[1][0] * rows[0][1], [[1, 2], [3, 4]]) == (6, 1)


def test_no_index_from_a_fraction():
    with pytest.raises(TypeError):
        count_products(lambda x: range(x), 2.5)
