"""a_t = b_t + c_t a_{t-1}: the two ways of the library against plain loops, fractions and symbols."""

from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from reference import assert_close, path_sum, recurrence, triangle
from strategies import few, fractions
from within import within

from bpttlib import closed_form, path_products, solve

BOTH = pytest.mark.parametrize("way", [solve, closed_form])


def random_pair(seed, shape):
    rng = np.random.default_rng(seed)
    return rng.standard_normal(shape), rng.standard_normal(shape)


@BOTH
@few
@given(seed=st.integers(0, 999), T=st.integers(1, 9), lead=st.sampled_from([(), (2,), (2, 3)]))
def test_equals_the_naive_loop_for_any_leading_shape(way, seed, T, lead):
    b, c = random_pair(seed, (*lead, T))
    a = way(b, c)
    assert a.shape == b.shape
    for at in np.ndindex(lead):
        assert_close(a[at], recurrence(b[at].tolist(), c[at].tolist()))
        assert_close(a[at], path_sum(b[at].tolist(), c[at].tolist()))


@BOTH
def test_b_and_c_broadcast_against_each_other(way):
    b, c = random_pair(1, (2, 1, 5))[0], random_pair(2, (3, 5))[0]
    a = way(b, c)
    assert a.shape == (2, 3, 5)
    for m, n in np.ndindex(2, 3):
        assert_close(a[m, n], recurrence(b[m, 0], c[n]))


@BOTH
def test_a_single_c_serves_every_step(way):
    assert way([1, 1, 1, 1], [0.5]).tolist() == [1, 1.5, 1.75, 1.875]


@BOTH
@few
@given(
    st.lists(st.tuples(fractions(3), fractions(3)), min_size=1)
    .filter(lambda pairs: len(pairs) < 12)
    .map(lambda pairs: tuple(zip(*pairs, strict=True)))
)
def test_fractions_stay_exact(way, pair):
    b, c = pair
    a = way(np.array(b, dtype=object), np.array(c, dtype=object))
    assert a.tolist() == recurrence(b, c)
    assert all(isinstance(a_t, Fraction) for a_t in a)


@BOTH
def test_fractions_stay_exact_in_batches(way):
    b = np.array([[Fraction(1, 3), Fraction(2, 7)], [Fraction(5), Fraction(1, 9)]])
    c = np.array([Fraction(7), Fraction(1, 2)])
    assert way(b, c).tolist() == [
        [Fraction(1, 3), Fraction(2, 7) + Fraction(1, 6)],
        [5, Fraction(1, 9) + Fraction(5, 2)],
    ]


@BOTH
def test_four_symbolic_steps(way):
    b1, b2, b3, b4 = b = sympy.symbols("b1:5")
    c1, c2, c3, c4 = c = sympy.symbols("c1:5")
    a = way(np.array(b, dtype=object), np.array(c, dtype=object))
    wanted = [b1, b2 + c2 * b1, b3 + c3 * b2 + c3 * c2 * b1, b4 + c4 * b3 + c4 * c3 * b2 + c4 * c3 * c2 * b1]
    assert [sympy.expand(found - right) for found, right in zip(a, wanted, strict=True)] == [0, 0, 0, 0]


@BOTH
def test_c_1_meets_zero_and_never_matters(way):
    b, c = random_pair(3, 6)
    moved = c.copy()
    moved[0] = 1e6
    assert (way(b, c) == way(b, moved)).all()


@BOTH
def test_one_step_is_b(way):
    assert way([7.0], [3.0]).tolist() == [7.0]


@BOTH
def test_the_arguments_stay_as_they_are(way):
    b, c = random_pair(4, (2, 5))
    b_before, c_before = b.copy(), c.copy()
    way(b, c)
    assert (b == b_before).all() and (c == c_before).all()


@BOTH
@within("c, wanted", [(0.5, 2 - 0.5**29), (1.0, 30), (2.0, 2**30 - 1), (-1.0, 0)])
def test_constant_b_and_c_converge_grow_explode_or_alternate(way, c, wanted):
    assert_close(way(np.ones(30), np.full(30, c))[-1], wanted)


@few
@given(seed=st.integers(0, 999), T=st.integers(1, 8), lead=st.sampled_from([(), (3,), (2, 2)]))
def test_path_products_multiply_from_i_plus_1_to_t(seed, T, lead):
    c = random_pair(seed, (*lead, T))[0]
    P = path_products(c)
    assert P.shape == (*lead, T, T)
    for at in np.ndindex(lead):
        assert_close(P[at], triangle(T, lambda t, i, c=c[at]: np.prod(c[i:t])))
    assert (P[..., np.arange(T), np.arange(T)] == 1).all()
    assert (P[..., *np.triu_indices(T, 1)] == 0).all()


def test_path_products_of_fractions_stay_exact():
    P = path_products(np.array([Fraction(5), Fraction(1, 3), Fraction(1, 7)]))
    assert P.tolist() == [[1, 0, 0], [Fraction(1, 3), 1, 0], [Fraction(1, 21), Fraction(1, 7), 1]]


def test_closed_form_is_the_path_products_times_b():
    b, c = random_pair(5, 7)
    assert_close(path_products(c) @ b, recurrence(b, c))


@pytest.mark.parametrize("way", [solve, closed_form])
@pytest.mark.filterwarnings("ignore::numpy.exceptions.ComplexWarning")
def test_real_b_with_complex_c(way):
    b, c = [1.0, 2.0, 3.0], [1j, 1j, 1j]
    assert_close(way(b, c), np.array(recurrence(b, c)))
