"""Powers of a matrix: what goes back k steps through a linear network is M^k δ, with M = W_hhᵀ.

    δ_{t-k} = M δ_{t-k+1} = … = M^k δ_t

Lengths are carried as logarithms and directions as unit vectors, so that no k overflows. Eigenvalues are sorted
by |λ|, the largest first; of equal |λ| the larger real part comes first, then the positive imaginary part.

What counts as equal is said once, for M over its largest entry: eigenvalues nearer than `EQUAL` to each other or
to 0, and what is computed from them nearer than `ROUNDING`.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_array, as_count

__all__ = [
    "EQUAL",
    "ROUNDING",
    "Dominant",
    "Growth",
    "Motion",
    "NoLine",
    "Orbit",
    "Regime",
    "asymptote",
    "departure",
    "dominant",
    "eigenvalues",
    "from_eigenvalues",
    "from_pair",
    "iterate",
    "largest_singular_value",
    "log_power_norms",
    "regime",
    "scaled",
    "second_line",
    "sine",
    "spectral_radius",
]

# A double eigenvalue is a root of a number that is 0 but for rounding, 1e-16: its halves come out 1e-8 apart. So no
# smaller gap can be trusted; a hundred times that is still far below what a picture or a slider can tell apart.
EQUAL = 1e-6
# A gap that counts is at least EQUAL, and what is divided by it has an error of 1e-16/EQUAL = 1e-10 at most.
# That is the worst for eigenvalues and eigenvectors; ten times that is for the few steps after.
ROUNDING = 1e-9


def scaled(M: ArrayLike) -> tuple[NDArray, float]:
    """Divide a square M by its largest entry; return it and that entry (1 for a matrix of zeros).

    So no square of an entry overflows, and a threshold means the same for every M. Raises ValueError for a matrix
    that is not square, or for NaN and infinity.

    >>> M, scale = scaled([[2.0, 4.0], [0.0, 1.0]])
    >>> M.tolist(), scale
    ([[0.5, 1.0], [0.0, 0.25]], 4.0)
    """
    M = as_array("M", M, ("n", "n"))
    if M.shape[0] != M.shape[1]:
        raise ValueError(f"M must be square, got shape {M.shape}")
    scale = float(np.abs(M).max()) or 1.0
    return M / scale, scale


# ---- one matrix ---------------------------------------------------------------------------------


def eigenvalues(M: ArrayLike) -> NDArray:
    """All λ with det(M - λI) = 0, sorted; real numbers if all are real.

    M  (n,n). For n = 2 from λ = m ± √(((a-d)/2)² + bc), m half the trace, where rounding cannot split equal ones.
    Raises ValueError for a matrix that is not square, or for NaN and infinity.

    >>> eigenvalues([[2, 1], [1, 2]])
    array([3., 1.])
    >>> eigenvalues([[0, -1], [1, 0]]).tolist()
    [1j, -1j]
    """
    M, scale = scaled(M)
    found = _two(M) if len(M) == 2 else np.linalg.eigvals(M).astype(complex)
    size = np.round(np.abs(found) / (np.abs(found).max() or 1) / ROUNDING)
    found = found[np.lexsort((-found.imag, -found.real, -size))]
    return (found if found.imag.any() else found.real) * scale


def _two(M: NDArray) -> NDArray:
    (a, b), (c, d) = M
    squared = ((a - d) / 2) ** 2 + b * c  # of half the gap
    squared = 0 if abs(squared) < EQUAL**2 else squared
    return (a + d) / 2 + np.array([1, -1]) * np.sqrt(complex(squared))


def spectral_radius(M: ArrayLike) -> float:
    """Return ρ = max |λ|.

    >>> spectral_radius([[-2, 1], [1, -2]])
    3.0
    """
    return float(np.abs(eigenvalues(M)[0]))


def largest_singular_value(M: ArrayLike) -> float:
    """Return σ_max = max ‖Mx‖ over unit vectors x: the most that one step can stretch.

    >>> largest_singular_value([[0, 5], [0, 0]])
    5.0
    """
    M, scale = scaled(M)
    return float(np.linalg.norm(M, 2)) * scale


def departure(M: ArrayLike) -> float:
    """Say how far M is from normal: √(‖M‖_F² - Σ|λ|²), 0 exactly if MMᵀ = MᵀM.

    It is the size of what stands above the diagonal of a Schur form. The difference has lost half of its digits, and
    so a result below `EQUAL` of ‖M‖_F is 0. Source: Henrici 1962.

    >>> departure([[1, 3], [0, 2]])
    3.0
    """
    M, scale = scaled(M)
    total = (M**2).sum()
    squared = total - (np.abs(eigenvalues(M)) ** 2).sum()
    return float(np.sqrt(squared)) * scale if squared > EQUAL**2 * total else 0.0


class NoLine(StrEnum):
    """Why powers of a matrix turn vectors to no single line."""

    ALL_ZERO = "all zero"  # every eigenvalue is 0
    PAIR = "complex pair"  # no real eigenvector
    OPPOSITE = "opposite signs"  # λ and -λ are equally large
    SEVERAL = "several directions"  # of one eigenvalue


@dataclass(frozen=True)
class Dominant:
    """The eigenvalue of largest size; its unit eigenvector, or None and `why` there is no single one.

    The largest entry of the vector is positive (of several such entries the first).
    """

    value: complex
    vector: NDArray | None
    why: NoLine | None = None


def dominant(M: ArrayLike) -> Dominant:
    """Find the line that powers of M turn nearly every vector to, if there is one.

    Returns a Dominant; the vector is None for a complex pair, for λ beside -λ, where several directions share the
    eigenvalue, and where every eigenvalue is 0. A defective eigenvalue of a 2×2 matrix has one: it is approached
    only like 1/k. (From 3×3 on rounding splits a defective eigenvalue into several, and it may look like a pair.)

    >>> found = dominant([[2, 1], [1, 2]])
    >>> found.value, found.vector.round(2).tolist()
    (3.0, [0.71, 0.71])
    >>> str(dominant([[0, -1], [1, 0]]).why)
    'complex pair'
    """
    lam = eigenvalues(M)
    M, scale = scaled(M)
    top = lam[np.abs(lam) >= np.abs(lam[0]) - EQUAL * scale]
    if np.abs(lam[0]) < EQUAL * scale:
        return Dominant(0.0, None, NoLine.ALL_ZERO)
    if top.imag.any():
        return Dominant(lam[0], None, NoLine.PAIR)
    value = float(lam[0].real)
    if top.real.min() < 0 < top.real.max():
        return Dominant(value, None, NoLine.OPPOSITE)
    _, kept, V = np.linalg.svd(M - value / scale * np.eye(len(M)))
    if len(M) > 1 and kept[-2] < EQUAL:
        return Dominant(value, None, NoLine.SEVERAL)
    return Dominant(value, V[-1] * np.sign(V[-1][_first_largest(V[-1])]))


def _first_largest(v: NDArray) -> int:
    return int(np.argmax(np.abs(v) > np.abs(v).max() - ROUNDING))


# ---- its powers ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Orbit:
    """M^k x for k = 0 … K: unit vectors (K+1,n) or (K+1,n,m), and the logarithms of their lengths (K+1,) or (K+1,m).

    Where M^k x = 0 the direction is 0 and the logarithm -∞.
    """

    direction: NDArray
    log_norm: NDArray


def iterate(M: ArrayLike, x: ArrayLike, K: int) -> Orbit:
    """Apply M again and again, to length 1 after every step, the logarithm of the length carried along.

    M (n,n); x (n,) or m vectors as columns (n,m); K steps from 1 on. Raises ValueError for shapes that do not fit,
    NaN or infinity.

    >>> orbit = iterate([[0, -2], [2, 0]], [1, 0], 3)  # a quarter turn, twice as long
    >>> orbit.direction.tolist()
    [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]]
    >>> np.exp(orbit.log_norm).round(9)
    array([1., 2., 4., 8.])
    """
    M, scale = scaled(M)
    x, K = np.asarray(x), as_count("K", K)
    x = as_array("x", x, (len(M),) if x.ndim == 1 else (len(M), "m"))
    direction, log_norm = np.empty((K + 1, *x.shape)), np.empty((K + 1, *x.shape[1:]))
    unit, log_length = _unit(x, 0.0)
    for k in range(K + 1):
        direction[k], log_norm[k] = unit, log_length
        unit, log_length = _unit(M @ unit, log_length + np.log(scale))
    return Orbit(direction, log_norm)


def _unit(x: NDArray, log_length: NDArray | float) -> tuple[NDArray, NDArray]:
    """x at length 1, and the logarithm with that of its length added; 0 stays 0, with -∞."""
    largest = np.abs(x).max(axis=0)
    x = x / np.where(largest > 0, largest, 1)
    length = np.sqrt((x * x).sum(axis=0))
    log = np.log(largest, where=largest > 0, out=np.full_like(length, -np.inf))
    length = np.where(largest > 0, length, 1)
    return x / length, log_length + log + np.log(length)


def log_power_norms(M: ArrayLike, K: int) -> NDArray:
    """Return log ‖M^k‖₂ for k = 0 … K, (K+1,): the most that k steps can stretch; -∞ once M^k = 0.

    ρ^k ≤ ‖M^k‖₂ ≤ σ_max^k

    >>> np.exp(log_power_norms([[0.5, 4], [0, 0]], 3)).round(2)  # grows before it dies
    array([1.  , 4.03, 2.02, 1.01])
    """
    M, scale = scaled(M)
    power, log, logs = np.eye(len(M)), 0.0, np.zeros(as_count("K", K) + 1)
    for k in range(1, K + 1):
        unit, log = _unit((M @ power).reshape(-1), log + np.log(scale))
        power = unit.reshape(M.shape)
        norm = np.linalg.norm(power, 2)
        logs[k] = log + np.log(norm) if norm > 0 else -np.inf
    return logs


def sine(directions: NDArray, line: NDArray) -> NDArray:
    """Return |sin| of the angle between unit vectors (…,n) and the line through a unit vector (n,); NaN for a vector 0.

    As the length of what stands across the line, so that it is exact to rounding also where |cos| is 1.

    >>> sine(np.array([[1.0, 0.0], [0.6, 0.8]]), np.array([1.0, 0.0]))
    array([0. , 0.8])
    """
    along = directions @ line
    across = np.linalg.norm(directions - along[..., None] * line, axis=-1)
    return np.where(directions.any(axis=-1), across, np.nan)


# ---- two by two ---------------------------------------------------------------------------------


def from_eigenvalues(first: float, second: float, departure: float = 0.0) -> NDArray:
    """Build a 2×2 matrix from two real eigenvalues and its departure n ≥ 0 from normality.

        [[first, n], [0, second]]   turned by 45°, so that the line of `first` is the diagonal

    Raises ValueError for a departure below 0, NaN or infinity.

    >>> from_eigenvalues(1, 0.5).tolist()
    [[0.75, 0.25], [0.25, 0.75]]
    """
    first, second, n = as_array("the eigenvalues and the departure", [first, second, departure], (3,))
    return _turned([[first, n], [0, second]], n)


def from_pair(modulus: float, degrees: float, departure: float = 0.0) -> NDArray:
    """Build a 2×2 matrix from a pair r·e^{±iθ} = α ± iβ and its departure n ≥ 0 from normality.

        [[α, p], [-q, α]]   with pq = β² and p - q = n, turned by 45°

    `modulus` is r, negative for a pair half a turn further; `degrees` is θ, above 0 and up to 180, where the pair
    is the real -r twice. Raises ValueError for what is out of range, NaN or infinity.

    >>> from_pair(2, 60).round(2).tolist()
    [[1.0, 1.73], [-1.73, 1.0]]
    """
    r, degrees, n = as_array("modulus, degrees and departure", [modulus, degrees, departure], (3,))
    if not 0 < degrees <= 180:
        raise ValueError(f"degrees must lie above 0 and up to 180, got {degrees}")
    angle = np.radians(degrees)
    alpha, beta = r * np.cos(angle), r * np.sin(angle) if degrees < 180 else 0.0
    p = (n + np.hypot(n, 2 * beta)) / 2
    return _turned([[alpha, p], [n - p, alpha]], n)


def _turned(S: list[list[float]], departure: float) -> NDArray:
    if departure < 0:
        raise ValueError(f"the departure from normality must be 0 or more, got {departure}")
    turn = np.array([[1.0, -1.0], [1.0, 1.0]])  # 45° but for √½, whose square is taken exactly
    return turn @ np.array(S) @ turn.T / 2


class Growth(StrEnum):
    """What powers of a matrix do to lengths in the long run."""

    VANISHING = "vanishing"  # ρ < 1
    BORDER = "border"  # ρ = 1
    EXPLODING = "exploding"  # ρ > 1


class Motion(StrEnum):
    """What powers of a 2×2 matrix do to directions, from its trace t and determinant d."""

    ROTATING = "rotating"  # t²/4 < d: a complex pair
    ALIGNING = "aligning"  # the largest λ is positive: nearly every vector turns to its line
    REFLECTING = "reflecting"  # the same, but λ < 0: the sign flips at every step
    SWAPPING = "swapping"  # t = 0, d < 0: λ and -λ; two steps are λ² times the identity
    # The last three have the same t²/4 = d: trace and determinant cannot tell them apart.
    UNIFORM = "uniform"  # M = λI: no line ever moves (for λ < 0 arrows flip, for λ = 0 nothing is left)
    DEFECTIVE = "defective"  # M ≠ λI ≠ 0: one eigenline, approached like 1/k
    DYING = "dying"  # ρ = 0 but M ≠ 0: nothing is left after two steps


@dataclass(frozen=True)
class Regime:
    """What powers of a 2×2 matrix do: `growth` to lengths, `motion` to directions."""

    growth: Growth
    motion: Motion

    def __str__(self) -> str:
        return f"{self.growth}, {self.motion}"


def regime(M: ArrayLike) -> Regime:
    """Name what M^k does, from λ = t/2 ± √(t²/4 - d), t the trace and d the determinant.

    M (2,2); the names are explained in `Growth` and `Motion`. Raises ValueError for another shape, NaN or infinity.

    >>> str(regime([[0.5, 1], [0, 0.5]]))
    'vanishing, defective'
    """
    M = as_array("M", M, (2, 2))
    return Regime(_growth(M), _motion(M))


def _growth(M: NDArray) -> Growth:
    excess = spectral_radius(M) - 1
    if abs(excess) < ROUNDING * np.abs(M).max():
        return Growth.BORDER
    return Growth.VANISHING if excess < 0 else Growth.EXPLODING


WITHOUT_LINE = {NoLine.PAIR: Motion.ROTATING, NoLine.OPPOSITE: Motion.SWAPPING, NoLine.SEVERAL: Motion.UNIFORM}


def _motion(M: NDArray) -> Motion:
    lam, why = eigenvalues(M), dominant(M).why
    if why is NoLine.ALL_ZERO:
        return Motion.DYING if M.any() else Motion.UNIFORM
    if why:
        return WITHOUT_LINE[why]
    if lam[0] == lam[1]:
        return Motion.DEFECTIVE
    return Motion.ALIGNING if lam[0] > 0 else Motion.REFLECTING


def second_line(M: ArrayLike) -> NDArray | None:
    """Find the unit eigenvector of λ₂ beside a dominant one, as the dominant line of M - λ₁I; None if there is none.

    There is none for a defective M: then M - λ₁I has no eigenvalue but 0.

    >>> second_line([[2, 1], [0, 1]]).round(2).tolist()
    [0.71, -0.71]
    """
    M = as_array("M", M, (2, 2))
    if dominant(M).vector is None:
        return None
    return dominant(M - eigenvalues(M)[0] * np.eye(2)).vector


def asymptote(M: ArrayLike, x: ArrayLike, K: int) -> NDArray | None:
    """Say what |sin ∠(M^k x, v₁)| comes to for large k, at k = 0 … K: C |λ₂/λ₁|^k, or |λ|/(n k) for a defective M.

    With e across v₁ (a left eigenvector of λ₂), |sin| · ‖M^k x‖ = |λ₂|^k |e·x|, and ‖M^k x‖ comes to |λ₁|^k |a|,
    a the share of v₁ in x; so C = |e·x| / |a|. A defective M is λI beside a part of size n, its departure.
    M (2,2), x (2,). Returns (K+1,), or None without a dominant eigenvector or if a = 0.

    >>> asymptote([[2, 0], [0, 1]], [3, 3], 3)
    array([1.   , 0.5  , 0.25 , 0.125])
    """
    M, x, K = as_array("M", M, (2, 2)), as_array("x", x, (2,)), as_count("K", K)
    v = dominant(M).vector
    if v is None or not x.any():
        return None
    k, (first, second), tiny = np.arange(K + 1), eigenvalues(M), ROUNDING * np.linalg.norm(x)
    across = np.array([-v[1], v[0]]) @ x
    if abs(across) < tiny:
        return np.zeros(K + 1)  # x lies on the line already
    if first == second:
        with np.errstate(divide="ignore"):
            return abs(first) / (largest_singular_value(M - first * np.eye(2)) * k)
    left = dominant(M.T).vector
    a = left @ x / (left @ v)
    return abs(across / a) * np.abs(second / first) ** k if abs(a) > tiny else None
