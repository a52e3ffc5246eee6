"""The checker rejects the stub and the typical wrong answers, and never shows the right one."""

import numpy as np
import pytest

from bpttlib import Random, solve
from bpttlib.check import Installation, check, found


def spec(T, tau):
    return [[1 if 0 <= t - i <= tau - 1 else 0 for i in range(T)] for t in range(T)]


CASES = [(1, 1), (6, 1), (6, 3), (6, 9)]


def stub(T, tau):
    raise NotImplementedError


def one_step_too_long(T, tau):
    return np.tril(np.ones((T, T))) - np.tril(np.ones((T, T)), -tau - 1)


def transposed(T, tau):
    return np.transpose(spec(T, tau))


def forgets_to_return(T, tau):
    pass


def wrong_shape(T, tau):
    return np.ones(T)


def not_finite(T, tau):
    return np.full((T, T), np.nan)


def crashes(T, tau):
    return 1 / 0


def blocks(T, tau):
    block = np.arange(T) // tau
    return np.tril(block[:, None] == block)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (stub, "not written yet"),
        (one_step_too_long, "off by up to 1"),
        (transposed, "off by up to 1"),
        (blocks, "off by up to 1"),
        (forgets_to_return, "returns nothing"),
        (wrong_shape, "has shape"),
        (not_finite, "NaN"),
        (crashes, "ZeroDivisionError"),
    ],
)
def test_wrong_answers_are_rejected_with_a_reason(answer, says):
    verdict = check(answer, spec, CASES)
    assert not verdict.right
    assert says in verdict.text
    assert repr(verdict).startswith(f"✗ {answer.__name__}")
    assert "[[1" not in repr(verdict), "the answer is never shown"


def test_right_answers_are_told_exact_from_approximate():
    def exact(T, tau):
        return np.array(spec(T, tau))

    def approximate(T, tau):
        return np.array(spec(T, tau)) * (1 + 1e-14)

    assert check(exact, spec, CASES).text.startswith("exact")
    assert check(approximate, spec, CASES).right
    assert "approximate" in check(approximate, spec, CASES).text
    assert not check(lambda T, tau: np.array(spec(T, tau)) + 1e-9, spec, CASES).right


def walk_spec(b, c, xi):
    z = 0
    for b_t, c_t, xi_t in zip(b, c, xi, strict=True):
        z = b_t + xi_t * c_t * z
    return z


def walk_that_cuts_the_direct_term(b, c, xi):
    z = 0
    for b_t, c_t, xi_t in zip(b, c, xi, strict=True):
        z = xi_t * (b_t + c_t * z)
    return z


def test_the_bug_of_the_page_is_found_and_its_remedy_accepted():
    ones, cut = (1, 1, 1, 1), (1, 1, 0, 1)
    cases = [(ones, ones, ones), (ones, ones, cut)]
    assert not check(walk_that_cuts_the_direct_term, walk_spec, cases).right
    assert check(walk_spec, walk_spec, cases).right
    assert walk_spec(ones, ones, cut) == 2


def variance_spec(c, pi, T):
    xi, p = Random(pi).all_cuts(T)
    z = solve(np.ones(T), c * xi)[:, -1]
    return p @ z**2 - (p @ z) ** 2


@pytest.mark.parametrize(
    "step",
    [
        lambda v, a, c, pi: c**2 / pi * v,  # no fresh variance
        lambda v, a, c, pi: c**2 * v + c**2 * (1 / pi - 1) * a**2,  # no 1/π on the old
        lambda v, a, c, pi: c**2 / pi * v + c**2 * (1 / pi - 1) * (1 + c * a) ** 2,  # the new a
        lambda v, a, c, pi: c / pi * v + c * (1 / pi - 1) * a**2,  # c not squared
        lambda v, a, c, pi: c**2 * (1 / pi - 1) * a**2,  # the book to the letter
    ],
)
def test_typical_wrong_variances_are_rejected(step):
    def dice_variance(c, pi, T):
        a, v = 1.0, 0.0
        for _ in range(T - 1):
            v, a = step(v, a, c, pi), 1 + c * a
        return v

    cases = [(0.8, 0.7, 1), (0.8, 0.7, 2), (0.8, 0.64, 9), (1.1, 0.5, 9), (-0.9, 0.3, 9)]
    assert not check(dice_variance, variance_spec, cases).right


def test_installation_reports_this_environment():
    report = Installation()
    assert report.passed
    assert "numpy" in report.value and "ipywidgets" in report.value and "torch" not in report.value
    assert found("no-such-package") == (False, "no-such-package is missing")
    data = report._repr_mimebundle_()
    assert "no slider moves" in data["text/plain"]


def test_words_are_compared_as_they_stand_and_never_shown():
    def named(n):
        return ["even", "odd"][n % 2]

    def always_even(n):
        return "even"

    assert check(named, named, [(0,), (1,)]).right
    verdict = check(always_even, named, [(0,), (1,)])
    assert not verdict.right and "(1)" in verdict.text and "odd" not in verdict.text
    assert not check(lambda n: n, named, [(0,)]).right


def test_complex_answers_and_answers_that_change_their_case_are_rejected():
    assert "complex" in check(lambda b: np.array([1 + 1j, 2]), lambda b: [1, 2], [([1, 2],)]).text

    def spoils_its_case(b):
        b *= 0
        return b

    assert "changes the array" in check(spoils_its_case, lambda b: 2 * b, [(np.ones(3),)]).text


def test_floats_are_never_called_exact():
    assert check(lambda x: x / 2, lambda x: x / 2, [(3,)]).text.startswith("approximate")
    assert check(lambda x: 2 * x, lambda x: x + x, [(3,)]).text.startswith("exact")
    assert check(lambda x: "vanishing", lambda x: "vanishing", [(3,)]).text.startswith("exact")
