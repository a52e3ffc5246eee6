"""Powers of a matrix against exact fractions, closed forms and brute force; for k up to 10 000, without a warning."""

import warnings
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpttlib.powers import (
    asymptote,
    departure,
    dominant,
    eigenvalues,
    iterate,
    largest_singular_value,
    log_power_norms,
    regime,
    second_line,
    sine,
    spectral_radius,
    two_by_two,
)


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def turned(S, degrees=31.0):
    """The same map in a turned frame, where rounding touches every entry."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    Q = np.array([[c, -s], [s, c]])
    return Q @ np.asarray(S, float) @ Q.T


parts = st.integers(-12, 12).map(lambda n: n / 8)


@given(st.tuples(parts, parts, parts, parts))
def test_two_eigenvalues_solve_the_characteristic_equation(entries):
    M = np.reshape(entries, (2, 2))
    lam = eigenvalues(M)
    assert np.allclose(lam.sum(), np.trace(M)) and np.allclose(np.prod(lam), np.linalg.det(M))
    assert abs(lam[0]) >= abs(lam[1]) - 1e-12
    assert np.allclose(sorted(np.abs(lam)), sorted(np.abs(np.linalg.eigvals(M))), atol=1e-6)


@given(parts, parts, st.integers(0, 36).map(lambda n: 5 * n), st.integers(0, 16).map(lambda n: n / 4))
def test_a_matrix_has_the_eigenvalues_and_the_departure_it_was_built_from(first, second, angle, n):
    M = two_by_two(first, second, angle, n)
    pair = first * np.exp(1j * np.radians(angle))
    wanted = np.array([pair, pair.conjugate()]) if angle else np.array([first, second])
    assert np.isclose(np.trace(M), wanted.sum().real) and np.isclose(np.linalg.det(M), np.prod(wanted).real)
    assert np.isclose(departure(M), n, atol=1e-6)
    F = np.sqrt((M**2).sum() - (np.abs(wanted) ** 2).sum()) if n > 0.1 else n
    assert np.isclose(F, n, atol=1e-6)


def test_order_of_equal_sizes_is_fixed():
    assert eigenvalues(np.diag([-1.0, 0.5, 1.0])).tolist() == [1, -1, 0.5]
    assert eigenvalues([[0, -1], [1, 0]]).tolist() == [1j, -1j]
    shift = np.roll(np.eye(4), 1, axis=0)  # the fourth roots of one
    assert np.allclose(eigenvalues(shift), [1, 1j, -1j, -1])
    assert eigenvalues(turned([[0.9, 0.5], [0, 0.9]])).imag.any() == False  # noqa: E712


@pytest.mark.parametrize("degrees", [0, 31, 77])
def test_dominant_line_of_a_defective_matrix(degrees):
    M = turned([[0.9, 0.5], [0, 0.9]], degrees)
    found = dominant(M)
    assert np.allclose(M @ found.vector, 0.9 * found.vector) and np.isclose(found.value, 0.9)


@pytest.mark.parametrize(
    ("M", "why"),
    [
        ([[0, -1], [1, 0]], "complex pair"),
        ([[1, 0], [0, -1]], "equally large"),
        (np.eye(2), "several directions"),
        (np.diag([1.0, 1.0, 0.5]), "several directions"),
        (np.zeros((2, 2)), "is 0"),
        ([[0, 1], [0, 0]], "is 0"),
        (np.roll(np.eye(3), 1, axis=0), "complex pair"),
    ],
)
def test_where_there_is_no_dominant_eigenvector_it_says_why(M, why):
    found = dominant(M)
    assert found.vector is None and why in found.why


@given(st.integers(0, 10_000), st.integers(1, 12))
@settings(max_examples=40)
def test_dominant_eigenvector_of_random_matrices(seed, n):
    M = np.random.default_rng(seed).standard_normal((n, n))
    found = dominant(M)
    if found.vector is None:
        assert np.iscomplexobj(eigenvalues(M))
        return
    assert np.allclose(M @ found.vector, found.value * found.vector, atol=1e-8)
    assert np.isclose(np.linalg.norm(found.vector), 1) and found.vector[np.argmax(np.abs(found.vector))] > 0
    assert np.allclose(dominant(3 * M).vector, found.vector, atol=1e-6)


def exact_power(M, x, k):
    """M^k x in fractions, and the logarithm of its length from whole numbers of any size."""
    M = [[Fraction(m) for m in row] for row in M]
    x = [Fraction(v) for v in x]
    for _ in range(k):
        x = [sum(m * v for m, v in zip(row, x, strict=True)) for row in M]
    largest = max(map(abs, x))
    if largest == 0:
        return np.zeros(len(x)), -np.inf
    unit = np.array([float(v / largest) for v in x])
    digits = largest.numerator.bit_length() - largest.denominator.bit_length()
    log = float(np.log(float(largest / Fraction(2) ** digits))) + digits * np.log(2)
    return unit / np.linalg.norm(unit), log + np.log(np.linalg.norm(unit))


MATRICES = {
    "aligning": [[1.5, 0.5], [0.25, 0.75]],
    "complex": [[0.5, -1.25], [0.75, 0.5]],
    "defective": [[1.5, 1.0], [0.0, 1.5]],
    "non-normal": [[0.5, 8.0], [0.0, 0.25]],
    "rank one": [[1.0, 2.0], [0.5, 1.0]],
    "nilpotent": [[0.5, -0.5], [0.5, -0.5]],
    "zero": [[0, 0], [0, 0]],
    "reflecting": [[-1.25, 0.0], [0.5, 0.5]],
}


@pytest.mark.parametrize("name", MATRICES)
@pytest.mark.parametrize("k", [1, 2, 7, 300])
def test_iterates_agree_with_exact_fractions(name, k):
    M, x = MATRICES[name], [1.0, 0.25]
    orbit = iterate(M, x, k)
    direction, log = exact_power(M, x, k)
    assert np.allclose(orbit.direction[k], direction, atol=1e-10)
    assert orbit.log_norm[k] == pytest.approx(log, rel=1e-12, abs=1e-9)


@pytest.mark.parametrize("name", MATRICES)
def test_ten_thousand_steps_neither_overflow_nor_warn(name):
    M = np.array(MATRICES[name], float)
    for scale in (1, 1e-200, 1e200):
        orbit = iterate(scale * M, [[1.0, 0.0, 1e-300], [0.25, 0.0, 1e-300]], 10_000)
        assert not np.isnan(orbit.log_norm).any() and np.isneginf(orbit.log_norm[:, 1]).all()
        dead = np.isneginf(orbit.log_norm)
        assert np.allclose(np.linalg.norm(orbit.direction, axis=1), np.where(dead, 0, 1))
        assert np.isneginf(orbit.log_norm[2, 0]) == (name in ("nilpotent", "zero"))


def test_growth_rate_of_a_long_orbit_is_the_spectral_radius():
    for name in ("aligning", "complex", "defective", "non-normal", "rank one", "reflecting"):
        M = MATRICES[name]
        logs = log_power_norms(M, 10_000)
        assert logs[-1] / 10_000 == pytest.approx(np.log(spectral_radius(M)), abs=2e-3)


@given(st.tuples(parts, parts, parts, parts), st.integers(1, 12))
def test_power_norms_lie_between_the_two_bounds(entries, k):
    M = np.reshape(entries, (2, 2))
    found = np.exp(log_power_norms(M, k)[k])
    direct = np.linalg.norm(np.linalg.matrix_power(M, k), 2)
    assert found == pytest.approx(direct, rel=1e-9, abs=1e-12)
    rho, sigma = spectral_radius(M), largest_singular_value(M)
    assert rho**k * (1 - 1e-6) - 1e-9 <= found <= sigma**k * (1 + 1e-9) + 1e-9


def test_powers_shrink_from_the_start_exactly_if_no_direction_is_stretched():
    rng = np.random.default_rng(0)
    for _ in range(300):
        M = rng.standard_normal((3, 3)) * rng.uniform(0.2, 0.8)
        logs = log_power_norms(M, 30)
        assert (np.diff(logs) < 0).all() == (largest_singular_value(M) < 1)


def test_sine_is_exact_where_the_cosine_is_one():
    for angle in (1e-12, 1e-8, 0.3, 1.5, 3.0):
        u = np.array([np.cos(angle), np.sin(angle)])
        assert sine(u, np.array([1.0, 0.0])) == pytest.approx(abs(np.sin(angle)), rel=1e-12)
    assert np.isnan(sine(np.zeros(2), np.array([1.0, 0.0])))


@pytest.mark.parametrize("name", ["aligning", "non-normal", "reflecting", "defective"])
def test_asymptote_is_what_the_sine_comes_to(name):
    M, x, K = np.array(MATRICES[name], float), np.array([0.3, 1.0]), 300
    limit, sines = asymptote(M, x, K), sine(iterate(M, x, K).direction, dominant(M).vector)
    k = 300 if name == "defective" else 25
    assert sines[k] == pytest.approx(limit[k], rel=1e-2 if name == "defective" else 1e-5)


def test_a_symmetric_matrix_brings_the_tangent_down_by_the_ratio_at_every_step():
    M, x = two_by_two(0.9, 0.5), np.array([0.2, 1.0])
    s = sine(iterate(M, x, 20).direction, dominant(M).vector)
    tangent = s / np.sqrt(1 - s**2)
    assert np.allclose(tangent[1:] / tangent[:-1], 0.5 / 0.9)


@pytest.mark.parametrize(
    ("M", "named"),
    [
        (two_by_two(0.9, 0.5), "vanishing, aligning"),
        (two_by_two(1.1, 0.5, 0, 2.0), "exploding, aligning"),
        (two_by_two(1.0, 0.5), "border, aligning"),
        (two_by_two(-0.9, 0.5), "vanishing, reflecting"),
        (two_by_two(0.9, -0.9, 0, 1.0), "vanishing, swapping"),
        (two_by_two(1.0, 0, 30), "border, rotating"),
        (two_by_two(1.2, 0, 30, 1.0), "exploding, rotating"),
        (two_by_two(0.9, 0, 180, 1.0), "vanishing, defective"),
        (turned([[1.1, 0.5], [0, 1.1]]), "exploding, defective"),
        (np.eye(2), "border, uniform"),
        (-0.5 * np.eye(2), "vanishing, uniform"),
        (np.zeros((2, 2)), "vanishing, uniform"),
        (two_by_two(0, 0, 0, 1.0), "vanishing, dying"),
    ],
)
def test_regimes(M, named):
    assert str(regime(M)) == named


@given(st.tuples(parts, parts, parts, parts))
def test_regime_agrees_with_what_a_long_orbit_does(entries):
    """Brute force: lengths and directions of two vectors after 1500 steps."""
    M = np.reshape(entries, (2, 2))
    growth, motion = str(regime(M)).split(", ")
    logs = log_power_norms(M, 1500)
    if growth == "vanishing":
        assert logs[-1] < 5
    if growth == "exploding":
        assert logs[-1] > 0
    orbit = iterate(M, np.array([[1.0, 0.3], [0.2, 1.0]]), 1500)
    x, y = orbit.direction[-1].T
    across = abs(x[0] * y[1] - x[1] * y[0])
    lam = eigenvalues(M)
    if motion in ("aligning", "reflecting") and abs(lam[1]) < 0.98 * abs(lam[0]):
        assert across < 1e-6
        assert np.sign(orbit.direction[-1, :, 0] @ orbit.direction[-2, :, 0]) == (1 if motion == "aligning" else -1)
    if motion in ("rotating", "uniform", "swapping") and M.any():
        assert across > 1e-3
    if motion == "dying":
        assert not orbit.direction[-1].any()


@pytest.mark.parametrize(
    "wrong", [np.ones((2, 3)), np.ones(2), [[1, np.nan], [0, 1]], [["a", "b"], ["c", "d"]], [[1j, 0], [0, 1]]]
)
@pytest.mark.parametrize("function", [eigenvalues, dominant, departure, largest_singular_value, regime])
def test_bad_matrices_are_refused(function, wrong):
    with pytest.raises((ValueError, TypeError)):
        function(wrong)


def test_bad_vectors_counts_and_ranges_are_refused():
    for x, K in [([1, 2, 3], 5), ([1, np.inf], 5), ([1, 2], 0), ([1, 2], 2.5)]:
        with pytest.raises((ValueError, TypeError)):
            iterate(np.eye(2), x, K)
    for arguments in [(1, 1, -5), (1, 1, 200), (1, 1, 0, -1), (np.nan, 1), (1, 1, np.nan)]:
        with pytest.raises(ValueError):
            two_by_two(*arguments)
    with pytest.raises(ValueError):
        regime(np.eye(3))


@given(st.tuples(parts, parts, parts, parts))
def test_second_line_is_the_eigenvector_of_the_smaller_eigenvalue(entries):
    M, lam = np.reshape(entries, (2, 2)), eigenvalues(np.reshape(entries, (2, 2)))
    found = second_line(M)
    if found is None:
        assert dominant(M).vector is None or lam[0] == lam[1]
    else:
        assert np.allclose(M @ found, lam[1] * found, atol=1e-9)
