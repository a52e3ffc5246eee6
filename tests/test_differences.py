"""Differences have one line per quantity, are never right by luck, and can fail."""

from fractions import Fraction
from types import MappingProxyType

import numpy as np
import pytest
import sympy as sp
from reference import assert_close
from strategies import make_case

from bpttlib import Segments, complex_step, gradient
from bpttlib.checking import differences
from bpttlib.numerical import finite_differences


def test_one_line_per_quantity():
    found = {"a": np.array([1.0, 2.0]), "b": [[3]], "c": 4.0}
    checked = differences(found, {"a": np.array([1.0, 2.0 + 1e-14]), "b": [[3]], "c": 4.5})
    assert [line.right for line in checked.lines] == [True, True, False] and not checked.right
    assert repr(checked).splitlines() == [
        "✓ a · approximate · max difference below 1e-12",
        "✓ b · exact · max difference 0",
        "✗ c · wrong · max difference 0.5",
    ]


def test_floats_are_never_exact():
    """Agreement to the last digit is not the same on every machine, and so is never printed."""
    assert "approximate" in repr(differences({"a": 1.0}, {"a": 1.0}))
    assert "approximate" in repr(differences({"a": 1}, {"a": 1.0}))
    assert "approximate" in repr(differences({"a": np.array([Fraction(1), 0.5])}, {"a": [1, Fraction(1, 2)]}))


def test_fractions_of_every_kind_are_exact():
    third = np.array([Fraction(1, 3)], dtype=object)
    assert "exact" in repr(differences({"a": third}, {"a": np.array([sp.Rational(1, 3)], dtype=object)}))
    checked = differences({"a": third}, {"a": np.array([Fraction(1, 3) + Fraction(1, 10**40)], dtype=object)})
    assert not checked.right, "fractions that differ by less than rounding still differ"


def test_the_bound_is_a_bound():
    assert differences({"a": 1.0}, {"a": 1.0 + 1e-9}, within=1e-8).right
    assert not differences({"a": 1.0}, {"a": 1.0 + 1e-9}).right
    assert not differences({"a": 1e6}, {"a": 1e6 * (1 + 1e-14)}).right, "the printed bound holds for large numbers, too"


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_nan_and_infinity_are_wrong(bad):
    assert not differences({"a": bad}, {"a": 1.0}).right
    assert not differences({"a": 1.0}, {"a": bad}).right
    assert not differences({"a": bad}, {"a": bad}).right


def test_shapes_must_agree():
    checked = differences({"a": np.zeros(3)}, {"a": np.zeros((1, 3))})
    assert not checked.right and "has shape (3,), wanted (1, 3)" in repr(checked)


def test_many_against_one_array():
    checked = differences({"good": [1.0, 2.0], "bad": [1.0, 3.0]}, np.array([1.0, 2.0]))
    assert [line.right for line in checked.lines] == [True, False]


def test_bad_input():
    with pytest.raises(ValueError, match="cannot compare"):
        differences({"a": 1}, {"b": 1})
    with pytest.raises(ValueError, match="cannot compare nothing"):
        differences({}, {})
    for within in (0, -1, np.nan):
        with pytest.raises(ValueError, match="within"):
            differences({"a": 1}, {"a": 1}, within=within)
    for eps in (0, -1e-5, np.nan):
        with pytest.raises(ValueError, match="eps"):
            finite_differences(lambda W: 0.0, [1.0], eps=eps)


def test_gradients_are_compared_by_their_five_parameters():
    case = make_case(3)
    judge = case.call(complex_step)
    checked = differences(case.call(gradient), judge)
    assert checked.right and [line.name for line in checked.lines] == ["W_hx", "W_hh", "W_qh", "b_h", "b_q"]


def test_a_truncated_gradient_fails_where_it_must():
    case = make_case(3)
    checked = differences(case.call(gradient, Segments(2)), case.call(complex_step))
    assert {line.name: line.right for line in checked.lines} == {
        "W_hx": False,
        "W_hh": False,
        "b_h": False,
        "W_qh": True,
        "b_q": True,
    }


def test_finite_differences_of_a_known_function():
    W = np.array([[0.3, -1.2], [2.0, 0.7]])
    assert_close(
        finite_differences(lambda W: (W**3).sum() + W[0, 1] * W[1, 0], W), 3 * W**2 + [[0, 2], [-1.2, 0]], 1e-8
    )
    assert finite_differences(np.sin, 0.5).shape == ()
    assert (W == [[0.3, -1.2], [2.0, 0.7]]).all(), "the argument is left alone"


def test_an_imaginary_part_is_a_difference_and_nothing_is_no_answer():
    assert not differences({"a": np.array([1 + 5j])}, {"a": np.array([1.0])}).right
    with pytest.raises(ValueError, match="no number"):
        differences({"a": []}, {"a": []})


def test_any_mapping_will_do_and_what_has_no_names_will_not():
    named = MappingProxyType({"a": 1, "b": np.zeros(2)})
    assert differences(named, named).right
    with pytest.raises(TypeError, match="a name"):
        differences([1, 2], [1, 2])
    with pytest.raises(TypeError, match="a name"):
        differences(np.ones(3), {"a": np.ones(3)})
