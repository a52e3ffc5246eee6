"""Powers of a matrix against exact fractions, closed forms and brute force, without a warning."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from within import within

from bpttlib.powers import (
    Growth,
    Motion,
    NoLine,
    asymptote,
    departure,
    dominant,
    eigenvalues,
    from_eigenvalues,
    from_pair,
    iterate,
    largest_singular_value,
    log_power_norms,
    regime,
    scaled,
    second_line,
    sine,
    spectral_radius,
)


def turn(x, degrees=31.0):
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, -s], [s, c]]) @ x


def turned(S, degrees=31.0):
    """The same map in a turned frame, where rounding touches every entry."""
    Q = turn(np.eye(2), degrees)
    return Q @ np.asarray(S, float) @ Q.T


parts = st.integers(-12, 12).map(lambda n: n / 8)


@given(st.tuples(parts, parts, parts, parts))
def test_two_eigenvalues_solve_the_characteristic_equation(entries):
    M = np.reshape(entries, (2, 2))
    lam = eigenvalues(M)
    assert np.allclose(lam.sum(), np.trace(M)) and np.allclose(np.prod(lam), np.linalg.det(M))
    assert abs(lam[0]) >= abs(lam[1]) - 1e-12
    assert np.allclose(sorted(np.abs(lam)), sorted(np.abs(np.linalg.eigvals(M))), atol=1e-6)


departures = st.integers(0, 16).map(lambda n: n / 4)


def was_built_from(M, values, n):
    """Without asking for eigenvalues: trace, determinant and Henrici's difference."""
    assert np.isclose(np.trace(M), sum(values)) and np.isclose(np.linalg.det(M), np.prod(values))
    assert (M**2).sum() - (np.abs(values) ** 2).sum() == pytest.approx(n**2, abs=1e-12)
    return np.isclose(departure(M), n, rtol=0, atol=1e-9)


@given(parts, parts, departures)
def test_from_eigenvalues(first, second, n):
    M = from_eigenvalues(first, second, n)
    assert was_built_from(M, [first, second], n)
    assert np.allclose(M @ [1, 1], first, atol=1e-12), "the line of the first eigenvalue is the diagonal"


@given(parts, st.integers(1, 36).map(lambda n: 5 * n), departures)
def test_from_pair(modulus, degrees, n):
    pair = -modulus if degrees == 180 else modulus * np.exp(1j * np.radians(degrees))
    assert was_built_from(from_pair(modulus, degrees, n), [pair, np.conj(pair)], n)


def test_a_normal_pair_is_a_rotation_and_half_a_turn_a_double_eigenvalue():
    assert np.allclose(from_pair(2, 60), [[1, np.sqrt(3)], [-np.sqrt(3), 1]])
    assert np.allclose(from_pair(-2, 60), from_pair(2, 120))
    assert np.allclose(from_pair(0.9, 180, 0.5), from_eigenvalues(-0.9, -0.9, 0.5))
    assert from_pair(0.9, 180).tolist() == [[-0.9, 0], [0, -0.9]], "exactly: sin 180° is no 1e-16 here"


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


@within(
    "M, why",
    [
        ([[0, -1], [1, 0]], NoLine.PAIR),
        ([[1, 0], [0, -1]], NoLine.OPPOSITE),
        (np.eye(2), NoLine.SEVERAL),
        (np.diag([1.0, 1.0, 0.5]), NoLine.SEVERAL),
        (np.zeros((2, 2)), NoLine.ALL_ZERO),
        ([[0, 1], [0, 0]], NoLine.ALL_ZERO),
        (np.roll(np.eye(3), 1, axis=0), NoLine.PAIR),
    ],
)
@within("scale", [1, 1e-200, 1e200])
def test_where_there_is_no_dominant_eigenvector_it_says_why(M, why, scale):
    found = dominant(scale * np.array(M, float))
    assert found.vector is None and found.why is why


def test_a_pair_that_is_not_the_largest_leaves_the_line():
    assert np.allclose(np.abs(dominant([[2, 0, 0], [0, 0, -1], [0, 1, 0]]).vector), [1, 0, 0])


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


@within("name", MATRICES)
@within("k", [1, 2, 7, 300])
def test_iterates_agree_with_exact_fractions(name, k):
    M, x = MATRICES[name], [1.0, 0.25]
    orbit = iterate(M, x, k)
    direction, log = exact_power(M, x, k)
    assert np.allclose(orbit.direction[k], direction, atol=1e-10)
    assert orbit.log_norm[k] == pytest.approx(log, rel=1e-12, abs=1e-9)


@pytest.mark.parametrize("name", MATRICES)
def test_thousands_of_steps_neither_overflow_nor_warn(name):
    """1.5^3000 and 0.75^3000 are no floats, nor is 1e±200 squared."""
    M = np.array(MATRICES[name], float)
    for scale, K in ((1, 3000), (1e-200, 5), (1e200, 5)):
        orbit = iterate(scale * M, [[1.0, 0.0, 1e-300], [0.25, 0.0, 1e-300]], K)
        assert not np.isnan(orbit.log_norm).any() and np.isneginf(orbit.log_norm[:, 1]).all()
        dead = np.isneginf(orbit.log_norm)
        assert np.allclose(np.linalg.norm(orbit.direction, axis=1), np.where(dead, 0, 1))
        assert np.isneginf(orbit.log_norm[2, 0]) == (name in ("nilpotent", "zero"))


@within("name", ["aligning", "complex", "defective", "non-normal", "rank one", "reflecting"])
def test_power_norms_of_a_long_orbit_are_exact(name):
    """‖M^k‖₂² is the larger root of z² - ‖M^k‖_F² z + det(M)^2k, from fractions."""
    (a, b), (c, d) = M = np.array([[Fraction(m) for m in row] for row in MATRICES[name]])
    k, power = 400, np.identity(2, dtype=object)
    for _ in range(k):
        power = power @ M
    frobenius = (power**2).sum()
    ratio = float((a * d - b * c) ** (2 * k) / frobenius**2)
    squared = frobenius * Fraction((1 + np.sqrt(1 - 4 * ratio)) / 2)
    digits = squared.numerator.bit_length() - squared.denominator.bit_length()
    log = np.log(float(squared / Fraction(2) ** digits)) + digits * np.log(2)
    assert log_power_norms(MATRICES[name], k)[-1] == pytest.approx(log / 2, rel=1e-12, abs=1e-12)


@within("name", ["aligning", "complex", "defective", "non-normal", "rank one", "reflecting"])
def test_growth_rate_of_a_long_orbit_is_the_spectral_radius(name):
    """The norms stay between C and C·k times ρ^k: for a double eigenvalue like k, and never more for 2×2."""
    M, k = MATRICES[name], 1000
    grown = log_power_norms(M, k)[-1] - k * np.log(spectral_radius(M))
    assert -1e-9 <= grown <= np.log(k * largest_singular_value(M) / spectral_radius(M) + 1)


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
    for _ in range(100):
        M = rng.standard_normal((3, 3)) * rng.uniform(0.2, 0.8)
        logs = log_power_norms(M, 30)
        assert (np.diff(logs) < 0).all() == (largest_singular_value(M) < 1)


def test_sine_is_exact_where_the_cosine_is_one():
    for angle in (1e-12, 1e-8, 0.3, 1.5, 3.0):
        u = np.array([np.cos(angle), np.sin(angle)])
        assert sine(u, np.array([1.0, 0.0])) == pytest.approx(abs(np.sin(angle)), rel=1e-12)
    assert sine(np.eye(2), np.array([1.0, 0.0])).tolist() == [0, 1]
    assert np.isnan(sine(np.zeros(2), np.array([1.0, 0.0])))


@within("name", ["aligning", "non-normal", "reflecting", "defective"])
@within("x", [(0.3, 1.0), (-0.3, -1.0), (1.0, -0.3), (-1.0, 0.3), (1.0, 0.8)])
def test_asymptote_is_what_the_sine_comes_to(name, x):
    M, K = np.array(MATRICES[name], float), 300
    limit, sines = asymptote(M, x, K), sine(iterate(M, x, K).direction, dominant(M).vector)
    k = 300 if name == "defective" else 25
    assert sines[k] == pytest.approx(limit[k], rel=2e-2 if name == "defective" else 1e-5)


def test_a_symmetric_matrix_brings_the_tangent_down_by_the_ratio_at_every_step():
    M, x = from_eigenvalues(0.9, 0.5), np.array([0.2, 1.0])
    s = sine(iterate(M, x, 20).direction, dominant(M).vector)
    tangent = s / np.sqrt(1 - s**2)
    assert np.allclose(tangent[1:] / tangent[:-1], 0.5 / 0.9)


@within(
    "M, named",
    [
        (from_eigenvalues(0.9, 0.5), "vanishing, aligning"),
        (from_eigenvalues(1.1, 0.5, 2.0), "exploding, aligning"),
        (from_eigenvalues(1.0, 0.5), "border, aligning"),
        (from_eigenvalues(-0.9, 0.5), "vanishing, reflecting"),
        (from_eigenvalues(0.9, -0.9, 1.0), "vanishing, swapping"),
        (from_pair(1.0, 30), "border, rotating"),
        (from_pair(1.2, 30, 1.0), "exploding, rotating"),
        (from_pair(0.9, 180, 1.0), "vanishing, defective"),
        (turned([[1.1, 0.5], [0, 1.1]]), "exploding, defective"),
        (np.eye(2), "border, uniform"),
        (-0.5 * np.eye(2), "vanishing, uniform"),
        (np.zeros((2, 2)), "vanishing, uniform"),
        (from_eigenvalues(0, 0, 1.0), "vanishing, dying"),
    ],
)
def test_regimes(M, named):
    assert str(regime(M)) == named


def test_names_of_regimes_are_words_of_two_enumerations():
    found = regime(from_pair(1.0, 30))
    assert (found.growth, found.motion) == (Growth.BORDER, Motion.ROTATING)


def long_power(M, doublings=11):
    """M^2048 over its largest entry, and the logarithm of that, by squaring again and again."""
    log = 0.0
    for _ in range(doublings):
        M = M @ M
        size = np.abs(M).max()
        M, log = M / (size or 1), 2 * log + (np.log(size) if size else -np.inf)
    return M, log


@given(st.tuples(parts, parts, parts, parts))
def test_regime_agrees_with_what_a_long_power_does(entries):
    """Brute force: lengths and directions after 2048 steps. Where it vanishes, ρ is at most 1 - 1/128."""
    M = np.reshape(entries, (2, 2))
    found, lam = regime(M), eigenvalues(M)
    power, log = long_power(M)
    if found.growth is Growth.VANISHING:
        assert log < -5
    if found.growth is Growth.BORDER:
        assert -1 < log < np.log(2048 * 4)
    if found.growth is Growth.EXPLODING:
        assert log > 2
    x, y = (power @ [[1.0, 0.3], [0.2, 1.0]]).T
    across = abs(x[0] * y[1] - x[1] * y[0]) / (np.linalg.norm(x) * np.linalg.norm(y) or 1)
    if found.motion in (Motion.ALIGNING, Motion.REFLECTING) and abs(lam[1]) < 0.98 * abs(lam[0]):
        assert across < 1e-6
        assert np.sign(x @ M @ x) == (1 if found.motion is Motion.ALIGNING else -1)
    if found.motion is Motion.DEFECTIVE:
        assert across < 0.05 and lam[0] == lam[1]
    if found.motion in (Motion.ROTATING, Motion.UNIFORM, Motion.SWAPPING) and M.any():
        assert across > 1e-4
    if found.motion is Motion.DYING:
        assert not power.any() and M.any()


# ---- the thresholds, a third of each and three times it ---------------------------------------------

EQUAL, ROUNDING = 1e-6, 1e-9  # the promise, not what the module holds


@pytest.mark.parametrize("sign", [1, -1])
def test_eigenvalues_nearer_than_equal_are_one(sign):
    """λ = 1 ± g, or 1 ± gi."""
    for scale in (1e-200, 1, 1e200):
        near, far = (scale * np.array([[1, g], [sign * g, 1]]) for g in (EQUAL / 3, 3 * EQUAL))
        assert eigenvalues(near).tolist() == [scale, scale]
        half_gap = (eigenvalues(far) / scale - 1) / np.sqrt(complex(sign))
        assert np.allclose(half_gap, [3 * EQUAL, -3 * EQUAL], rtol=1e-3, atol=0)


def test_order_of_sizes_that_differ_by_rounding_alone_is_by_sign():
    assert eigenvalues(np.diag([-1 - ROUNDING / 3, 1.0]))[0] == 1
    assert eigenvalues(np.diag([-1 - 3 * ROUNDING, 1.0]))[0] < 0


def test_an_eigenvalue_nearer_to_zero_than_equal_is_zero():
    assert dominant([[EQUAL / 3, 1], [0, 0]]).why is NoLine.ALL_ZERO
    assert np.allclose(dominant([[3 * EQUAL, 1], [0, 0]]).vector, [1, 0])
    assert regime([[EQUAL / 3, 1], [0, 0]]).motion is Motion.DYING
    assert regime([[3 * EQUAL, 1], [0, 0]]).motion is Motion.ALIGNING


def test_opposite_eigenvalues_nearer_than_equal_in_size_leave_no_line():
    assert dominant(np.diag([1, EQUAL / 3 - 1, 0.1])).why is NoLine.OPPOSITE
    assert np.allclose(dominant(np.diag([1, 3 * EQUAL - 1, 0.1])).vector, [1, 0, 0])
    assert dominant(np.diag([-1, 1 - EQUAL / 3, 0.1])).value == -1
    assert dominant(np.diag([-1, EQUAL / 3 - 1, 0.1])).why is NoLine.SEVERAL


@pytest.mark.parametrize("values", [[1.0, 1.0], [1.0, 1.0, 0.5]])
def test_a_line_of_a_double_eigenvalue_needs_more_than_equal_beside_it(values):
    M, line = np.diag(values), np.eye(len(values))[0]
    M[0, 1] = EQUAL / 3
    assert dominant(M).why is NoLine.SEVERAL
    M[0, 1] = 3 * EQUAL
    assert np.allclose(dominant(M).vector, line, atol=1e-6)


def test_the_first_of_entries_that_differ_by_rounding_alone_is_made_positive():
    for excess, wanted in ((ROUNDING / 3, [1, -1]), (3 * ROUNDING, [-1, 1])):
        v = np.array([1, -1 - excess])
        assert np.allclose(dominant(np.outer(v, v)).vector * np.sqrt(2), wanted)


@pytest.mark.parametrize("scale", [1, 100])
def test_border_is_as_wide_as_rounding(scale):
    for excess, names in ((ROUNDING / 3, ("border", "border")), (3 * ROUNDING, ("vanishing", "exploding"))):
        matrices = ([[1 + side * excess * scale, scale], [0, 0]] for side in (-1, 1))
        assert tuple(regime(M).growth for M in matrices) == names


def test_departure_below_equal_of_the_matrix_is_zero():
    for scale in (1e-200, 1, 1e200):
        assert departure(scale * np.array([[1, EQUAL / 3], [0, 0.5]])) == 0
        assert departure(scale * np.array([[1, 3 * EQUAL], [0, 0.5]])) / scale == pytest.approx(3 * EQUAL, rel=1e-3)


def test_departure_is_small_beside_the_whole_matrix():
    M = np.eye(30)
    M[0, 1] = 3 * EQUAL  # of ‖M‖_F = √30 not a millionth
    assert departure(M) == 0


@given(st.integers(0, 10_000), st.integers(1, 60))
def test_departure_of_a_normal_matrix_is_zero(seed, n):
    M = np.random.default_rng(seed).standard_normal((n, n))
    assert departure(M + M.T) == departure(M - M.T) == departure(np.linalg.qr(M)[0]) == 0


@pytest.mark.parametrize("size", [1e-20, 1, 1e20])
def test_asymptote_on_the_line_and_beside_it(size):
    M = turned([[2, 0], [0, 1]])
    on, beside = (size * turn([1, off]) for off in (ROUNDING / 3, 3 * ROUNDING))
    assert asymptote(M, on, 5).tolist() == [0] * 6
    assert asymptote(M, beside, 5) == pytest.approx(3 * ROUNDING * 0.5 ** np.arange(6), rel=1e-5)


@pytest.mark.parametrize("size", [1e-20, 1, 1e20])
def test_asymptote_without_a_share_of_the_line(size):
    M, second, first = np.diag([2.0, 1.0]), np.array([0, size]), np.array([size, 0])
    assert asymptote(M, second, 5) is None and asymptote(M, second + ROUNDING / 3 * first, 5) is None
    found = asymptote(M, second + 3 * ROUNDING * first, 5)
    assert found == pytest.approx(0.5 ** np.arange(6) / (3 * ROUNDING), rel=1e-6)


def test_asymptote_of_a_defective_matrix():
    """|λ|/(nk) whatever x is, but on the line; and n may be just what makes it defective."""
    for value, n in ((0.9, 0.5), (-0.9, 0.5), (0.9, 3 * EQUAL), (0.9, 1.2 * EQUAL)):
        M = turned([[value, n], [0, value]])
        limit = asymptote(M, [0.3, 1.0], 5)
        assert limit[0] == np.inf and limit[1:] == pytest.approx(0.9 / n / np.arange(1, 6), rel=1e-6)
    assert asymptote(turned([[0.9, 0.5], [0, 0.9]]), turn([1, 0]), 5).tolist() == [0] * 6


def test_there_is_no_asymptote_without_a_line_or_a_vector():
    assert asymptote(np.eye(2), [1, 2], 5) is None
    assert asymptote(np.diag([2, 1]), [0, 0], 5) is None
    assert asymptote([[2, 1], [0, 2]], [0, 0], 5) is None
    assert np.allclose(asymptote([[2, 1], [1, 2]], [1, 0], 2), [1, 1 / 3, 1 / 9]), "one zero in x is no zero vector"


# ---- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong", [np.ones((2, 3)), np.ones(2), [[1, np.nan], [0, 1]], [["a", "b"], ["c", "d"]], [[1j, 0], [0, 1]]]
)
@within("function", [eigenvalues, dominant, departure, largest_singular_value, regime])
def test_bad_matrices_are_refused(function, wrong):
    with pytest.raises((ValueError, TypeError)):
        function(wrong)


def test_bad_vectors_counts_and_ranges_are_refused():
    for x, K in [([1, 2, 3], 5), ([1, np.inf], 5), ([1, 2], 0), ([1, 2], 2.5)]:
        with pytest.raises((ValueError, TypeError)):
            iterate(np.eye(2), x, K)
    for function in (regime, second_line, lambda M: asymptote(M, [1, 2], 5)):
        with pytest.raises(ValueError):
            function(np.eye(3))
    for x, K in [([1, 2, 3], 5), ([1, np.inf], 5), ([1, 2], 0)]:
        with pytest.raises(ValueError):
            asymptote(np.diag([2, 1]), x, K)


@pytest.mark.parametrize(
    ("build", "wrong"),
    [
        (from_eigenvalues, [(1, 1, -0.1), (np.nan, 1), (1, np.inf), (1, 1, np.nan), (1, 1, np.inf), ("1", 1)]),
        (from_pair, [(1, 0), (1, -5), (1, 180.1), (1, 30, -0.1), (np.nan, 30), (1, np.nan), (1, 30, np.inf), (1j, 30)]),
    ],
)
def test_builders_refuse_what_is_out_of_range(build, wrong):
    for arguments in wrong:
        with pytest.raises((ValueError, TypeError)):
            build(*arguments)


def test_scaled_divides_by_the_largest_entry():
    M, scale = scaled([[0, -8], [2, 4]])
    assert M.tolist() == [[0, -1], [0.25, 0.5]] and scale == 8
    assert scaled([[0]])[1] == 1


def test_a_defective_matrix_has_no_second_line():
    for n in (0.5, 3 * EQUAL):
        assert second_line(turned([[0.9, n], [0, 0.9]])) is None


@given(st.tuples(parts, parts, parts, parts))
def test_second_line_is_the_eigenvector_of_the_smaller_eigenvalue(entries):
    M, lam = np.reshape(entries, (2, 2)), eigenvalues(np.reshape(entries, (2, 2)))
    found = second_line(M)
    if found is None:
        assert dominant(M).vector is None or lam[0] == lam[1]
    else:
        assert np.allclose(M @ found, lam[1] * found, atol=1e-9)
