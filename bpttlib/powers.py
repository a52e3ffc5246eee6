"""Powers of a matrix: what goes back k steps through a linear network is M^k δ, with M = W_hhᵀ.

    δ_{t-k} = M δ_{t-k+1} = … = M^k δ_t

Lengths are carried as logarithms and directions as unit vectors, so that no k overflows. Eigenvalues are sorted
by |λ|, the largest first; of equal |λ| the larger real part comes first, then the positive imaginary part. For
2×2 matrices, and in `dominant`, those nearer to each other than about a millionth of the largest entry are equal.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_array, as_count

__all__ = [
    "Dominant",
    "Orbit",
    "Regime",
    "asymptote",
    "departure",
    "dominant",
    "eigenvalues",
    "iterate",
    "largest_singular_value",
    "log_power_norms",
    "regime",
    "second_line",
    "sine",
    "spectral_radius",
    "two_by_two",
]

EQUAL = 1e-6


def square(M: ArrayLike) -> tuple[NDArray, float]:
    """M over its largest entry, and that entry (1 for a matrix of zeros)."""
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
    """
    M, scale = square(M)
    found = _two(M) if len(M) == 2 else np.linalg.eigvals(M).astype(complex)
    size = np.round(np.abs(found) / (np.abs(found).max() or 1), 9)
    found = found[np.lexsort((-found.imag, -found.real, -size))]
    return (found if found.imag.any() else found.real) * scale


def _two(M: NDArray) -> NDArray:
    (a, b), (c, d) = M
    root = ((a - d) / 2) ** 2 + b * c
    root = 0 if abs(root) < EQUAL**2 * max(((a - d) / 2) ** 2, abs(b * c), EQUAL**2) else root
    return (a + d) / 2 + np.array([1, -1]) * np.sqrt(complex(root))


def spectral_radius(M: ArrayLike) -> float:
    """ρ = max |λ|."""
    return float(np.abs(eigenvalues(M)[0]))


def largest_singular_value(M: ArrayLike) -> float:
    """σ_max = max ‖Mx‖ over unit vectors x: the most that one step can stretch."""
    M, scale = square(M)
    return float(np.linalg.norm(M, 2)) * scale


def departure(M: ArrayLike) -> float:
    """How far from normal: √(‖M‖_F² - Σ|λ|²), 0 exactly if MMᵀ = MᵀM.

    It is the size of what stands above the diagonal of a Schur form. The difference has lost half of its digits:
    below about 1e-7 of ‖M‖_F it says nothing. Source: Henrici 1962.
    """
    M, scale = square(M)
    if np.allclose(M @ M.T, M.T @ M, rtol=0, atol=1e-14):
        return 0.0
    return float(np.sqrt(max(0.0, (M**2).sum() - (np.abs(eigenvalues(M)) ** 2).sum()))) * scale


@dataclass(frozen=True)
class Dominant:
    """The eigenvalue of largest size; its unit eigenvector, or None and `why` there is no single one.

    The largest entry of the vector is positive (of several such entries the first).
    """

    value: complex
    vector: NDArray | None
    why: str = ""


def dominant(M: ArrayLike) -> Dominant:
    """Find the line that powers of M turn nearly every vector to, if there is one.

    Returns a Dominant; the vector is None for a complex pair, for λ beside -λ, where several directions share the
    eigenvalue, and where every eigenvalue is 0. A defective eigenvalue of a 2×2 matrix has one: it is approached
    only like 1/k. (From 3×3 on rounding splits a defective eigenvalue into several, and it may look like a pair.)
    """
    lam = eigenvalues(M)
    M, scale = square(M)
    top = lam[np.abs(lam) >= np.abs(lam[0]) - EQUAL * scale]
    if np.abs(lam[0]) <= EQUAL**2 * scale:
        return Dominant(0.0, None, "every eigenvalue is 0")
    if np.iscomplexobj(top) and top.imag.any():
        return Dominant(lam[0], None, "a complex pair: no real eigenvector")
    value = float(top.real.mean())
    if np.abs(top - value).max() > EQUAL * scale:
        return Dominant(float(lam[0].real), None, "λ and −λ are equally large")
    _, kept, V = np.linalg.svd(M - value / scale * np.eye(len(M)))
    if len(M) > 1 and kept[-2] < EQUAL:
        return Dominant(value, None, "one eigenvalue: several directions")
    return Dominant(value, V[-1] * np.sign(V[-1][_first_largest(V[-1])]))


def _first_largest(v: NDArray) -> int:
    return int(np.argmax(np.abs(v) > np.abs(v).max() - 1e-9))


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
    """
    M, scale = square(M)
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
    """log ‖M^k‖₂ for k = 0 … K, (K+1,): the most that k steps can stretch; -∞ once M^k = 0.

    ρ^k ≤ ‖M^k‖₂ ≤ σ_max^k
    """
    M, scale = square(M)
    power, log, logs = np.eye(len(M)), 0.0, np.zeros(as_count("K", K) + 1)
    for k in range(1, K + 1):
        unit, log = _unit((M @ power).reshape(-1), log + np.log(scale))
        power = unit.reshape(M.shape)
        norm = np.linalg.norm(power, 2)
        logs[k] = log + np.log(norm) if norm > 0 else -np.inf
    return logs


def sine(directions: NDArray, line: NDArray) -> NDArray:
    """|sin| of the angle between unit vectors (…,n) and the line through a unit vector (n,); NaN where a vector is 0.

    As the length of what stands across the line, so that it is exact to rounding also where |cos| is 1.
    """
    along = directions @ line
    across = np.linalg.norm(directions - along[..., None] * line, axis=-1)
    return np.where(directions.any(axis=-1), across, np.nan)


# ---- two by two ---------------------------------------------------------------------------------


def two_by_two(first: float, second: float, angle: float = 0.0, departure: float = 0.0) -> NDArray:
    """Build a matrix from its eigenvalues and its departure n ≥ 0 from normality.

    angle = 0   the real eigenvalues `first` and `second`: [[first, n], [0, second]]
    angle > 0   in degrees up to 180: the pair first·e^{±i angle}; `second` is not used:
                [[α, p], [-q, α]] with pq = β² and p - q = n, where α ± iβ is the pair
    turned by 45°, so that the line of `first` is the diagonal. Raises ValueError for what is out of range.
    """
    if not (departure >= 0 and 0 <= angle <= 180):
        raise ValueError(f"need departure ≥ 0 and an angle from 0 to 180, got {departure!r} and {angle!r}")
    if angle > 0:
        beta = abs(first) * np.sin(np.radians(angle)) if angle < 180 else 0.0
        p = (departure + np.hypot(departure, 2 * beta)) / 2
        second = first = first * np.cos(np.radians(angle))
        S = np.array([[first, p], [departure - p, second]])
    else:
        S = np.array([[first, departure], [0, second]])
    turn = np.array([[1.0, -1.0], [1.0, 1.0]])  # 45° but for √½, whose square is taken exactly
    return turn @ as_array("the eigenvalues", S, (2, 2)) @ turn.T / 2


@dataclass(frozen=True)
class Regime:
    """What powers of a 2×2 matrix do: `growth` to lengths, `motion` to directions."""

    growth: str
    motion: str

    def __str__(self) -> str:
        return f"{self.growth}, {self.motion}"


def regime(M: ArrayLike) -> Regime:
    """Name what M^k does, from trace t and determinant d, λ = t/2 ± √(t²/4 - d).

    growth  "vanishing" ρ < 1 · "border" ρ = 1 · "exploding" ρ > 1
    motion  "rotating"    t²/4 < d: a complex pair
            "aligning"    the largest λ is positive: nearly every vector turns to its line
            "reflecting"  the same, but λ < 0: the sign flips at every step
            "swapping"    t = 0, d < 0: λ and -λ; two steps are λ² times the identity
            "uniform"     M = λI: no line ever moves (for λ < 0 arrows flip, for λ = 0 nothing is left)
            "defective"   t²/4 = d and M ≠ λI ≠ 0: one eigenline, approached like 1/k
            "dying"       ρ = 0 but M ≠ 0: nothing is left after two steps
    The last three have the same t²/4 = d: trace and determinant cannot tell them apart.
    """
    M = as_array("M", M, (2, 2))
    lam, found, scale = eigenvalues(M), dominant(M), np.abs(M).max()
    rho = np.abs(lam[0])
    growth = "border" if abs(rho - 1) < 1e-9 else "vanishing" if rho < 1 else "exploding"
    if np.allclose(M, M[0, 0] * np.eye(2), rtol=0, atol=EQUAL * scale):
        return Regime(growth, "uniform")
    if np.iscomplexobj(lam):
        return Regime(growth, "rotating")
    if found.vector is None:
        return Regime(growth, "swapping" if rho > EQUAL * scale else "dying")
    if lam[0] == lam[1]:
        return Regime(growth, "defective")
    return Regime(growth, "aligning" if lam[0] > 0 else "reflecting")


def second_line(M: ArrayLike) -> NDArray | None:
    """The unit eigenvector of λ₂ beside a dominant one, as the dominant line of M - λ₁I; None if there is no second."""
    M, lam = as_array("M", M, (2, 2)), eigenvalues(M)
    if dominant(M).vector is None or lam[0] == lam[1]:
        return None
    return dominant(M - lam[0] * np.eye(2)).vector


def asymptote(M: ArrayLike, x: ArrayLike, K: int) -> NDArray | None:
    """What |sin ∠(M^k x, v₁)| comes to for large k, at k = 0 … K: C |λ₂/λ₁|^k, or |λ|/(n k) for a defective M.

    With e across v₁ (a left eigenvector of λ₂), |sin| · ‖M^k x‖ = |λ₂|^k |e·x|, and ‖M^k x‖ comes to |λ₁|^k |a|,
    a the share of v₁ in x; so C = |e·x| / |a|. Returns (K+1,), or None without a dominant eigenvector or if a = 0.
    """
    M, found, K = as_array("M", M, (2, 2)), dominant(M), as_count("K", K)
    if found.vector is None:
        return None
    x = as_array("x", x, (2,))
    k, (first, second) = np.arange(K + 1), eigenvalues(M)
    across = np.array([-found.vector[1], found.vector[0]])
    if abs(across @ x) < 1e-12 * np.linalg.norm(x):
        return np.zeros(K + 1)  # x lies on the line already
    if first == second:
        with np.errstate(divide="ignore"):
            return abs(first) / (departure(M) * k)
    left = dominant(M.T).vector
    a = left @ x / (left @ found.vector)
    return abs(across @ x / a) * np.abs(second / first) ** k if abs(a) > 1e-12 else None
