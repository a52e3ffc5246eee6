"""The exercises of page 04: right answers written in other ways are right, typical mistakes are not."""

import numpy as np
import pytest

from bpttlib.powers import dominant, iterate, regime
from tests.pages import each, exercises


def task(name):
    return exercises("04_powers.ipynb")[name]


# ---- right, in other ways -----------------------------------------------------------------------


def power_with_diag(M, k):
    lam, V = np.linalg.eigh(np.array(M))
    return V @ np.diag(lam**k) @ V.T


def power_by_einsum(M, k):
    lam, V = np.linalg.eigh(M)
    return np.einsum("ij,j,kj->ik", V, lam**k, V).tolist()


def power_by_eig(M, k):
    lam, V = np.linalg.eig(M)
    return tuple((V * lam**k) @ np.linalg.inv(V))


def alignment_by_orbit(M, x, k):
    direction = iterate(M, x, max(k, 1)).direction[k]
    return abs(dominant(M).vector @ direction)


def alignment_by_logarithms(M, x, k):
    lam, V = np.linalg.eigh(M)
    with np.errstate(divide="ignore"):
        logs = k * np.log(np.abs(lam)) + np.log(np.abs(V.T @ x))
    sizes = np.exp(logs - logs.max())
    return [*sizes][np.abs(lam).argmax()] / np.hypot(*sizes)


def regime_of_the_roots(t, d):
    lam = np.roots([1, -t, d])
    first = lam[np.abs(lam).argmax()]
    motion = "rotating" if abs(first.imag) > 1e-12 else "aligning" if first.real > 0 else "reflecting"
    return f"{'vanishing' if abs(first) < 1 else 'exploding'}, {motion}"


def regime_of_the_library(t, d):
    found = regime([[0, 1], [-d, t]])
    return f"{found.growth}, {found.motion}"


def regime_by_cases(t, d):
    if d > t * t / 4:
        return "vanishing, rotating" if d < 1 else "exploding, rotating"
    size = abs(t) / 2 + (t * t / 4 - d) ** 0.5
    return ("vanishing" if size < 1 else "exploding") + ", " + ("aligning" if t > 0 else "reflecting")


def regime_with_the_other_borders(t, d):
    """What lies on a border is no matter of the exercise."""
    motion = "rotating" if t * t / 4 <= d else "aligning" if t >= 0 else "reflecting"
    return ("vanishing" if d <= 1 and abs(t) <= 1 + d else "exploding") + ", " + motion


RIGHT = {
    "symmetric_power": [power_with_diag, power_by_einsum, power_by_eig],
    "alignment": [alignment_by_orbit, alignment_by_logarithms],
    "name": [regime_of_the_roots, regime_of_the_library, regime_by_cases, regime_with_the_other_borders],
}


@each(RIGHT)
def test_right_answers_written_in_another_way_are_right(name, answer):
    assert task(name).judge(answer).right


@pytest.mark.parametrize("matrix", [lambda t, d: [[0, 1], [-d, t]], lambda t, d: [[t, -d], [1, 0]]])
def test_the_library_vouches_for_every_case_of_the_regimes(matrix):
    """Each of the six names is asked for, no case lies on a border, and the slow version says the same."""
    names = set()
    for t, d in task("name").cases:
        found = regime(matrix(t, d))
        assert task("name").spec(t, d) == f"{found.growth}, {found.motion}"
        assert min(abs(d - 1), abs(abs(t) - 1 - d), abs(t * t / 4 - d)) > 0.01 or not_complex_at_1(t, d)
        names.add(task("name").spec(t, d))
    assert names == {f"{g}, {m}" for g in ("vanishing", "exploding") for m in ("aligning", "reflecting", "rotating")}


def not_complex_at_1(t, d):
    """For real λ the line d = 1 is no border."""
    return min(abs(abs(t) - 1 - d), abs(t * t / 4 - d)) > 0.01 and t * t / 4 > d


def power_in_a_loop(M, k):
    P = np.eye(len(M))
    for _ in range(k):
        P = P @ np.array(M)
    return P


def test_no_loop_over_the_powers():
    assert "there is a loop" in task("symmetric_power").judge(power_in_a_loop).text
    assert "there is a loop" in task("symmetric_power").judge(task("symmetric_power").spec).text


# ---- wrong --------------------------------------------------------------------------------------


def power_of_entries(M, k):
    return np.array(M) ** k


def forgets_the_vectors(M, k):
    return np.diag(np.linalg.eigh(M)[0] ** k)


def one_factor_short(M, k):
    return np.linalg.matrix_power(np.array(M), k - 1)


def inverts_the_wrong_side(M, k):
    lam, V = np.linalg.eigh(M)
    return (V.T * lam**k) @ V


def overflows(M, x, k):
    lam, V = np.linalg.eigh(M)
    with np.errstate(all="ignore"):
        y = V @ (lam**k * (V.T @ np.array(x)))
        return abs(V[:, np.abs(lam).argmax()] @ y) / np.linalg.norm(y)


def largest_not_largest_in_size(M, x, k):
    lam, V = np.linalg.eigh(M)
    parts = (lam / np.abs(lam).max()) ** k * (V.T @ np.array(x))
    return abs(parts[-1]) / np.linalg.norm(parts)


def keeps_the_sign(M, x, k):
    lam, V = np.linalg.eigh(M)
    parts = (lam / np.abs(lam).max()) ** k * (V.T @ np.array(x))
    return parts[np.abs(lam).argmax()] / np.linalg.norm(parts)


def already_there(M, x, k):
    return 1.0


def looks_at_the_determinant_alone(t, d):
    motion = "rotating" if t * t / 4 < d else "aligning" if t > 0 else "reflecting"
    return ("vanishing" if abs(d) < 1 else "exploding") + ", " + motion


def forgets_the_size(t, d):
    """λ < 1 in place of |λ| < 1."""
    lam = np.roots([1, -t, d])
    motion = "rotating" if np.iscomplexobj(lam) else "aligning" if t > 0 else "reflecting"
    return ("vanishing" if lam.real.max() < 1 else "exploding") + ", " + motion


def never_turns(t, d):
    lam = np.roots([1, -t, d])
    return ("vanishing" if np.abs(lam).max() < 1 else "exploding") + ", " + ("aligning" if t > 0 else "reflecting")


def turns_when_the_determinant_is_large(t, d):
    motion = "rotating" if d > t / 2 else "aligning" if t > 0 else "reflecting"
    return ("vanishing" if d < 1 and abs(t) < 1 + d else "exploding") + ", " + motion


def looks_at_the_trace_alone(t, d):
    growth = "vanishing" if abs(t) < 2 else "exploding"
    return growth + ", " + ("rotating" if t * t / 4 < d else "aligning" if t > 0 else "reflecting")


def never_says(missing, instead):
    """Right but for one of the six names."""

    def answer(t, d):
        said = regime_by_cases(t, d)
        return instead if said == missing else said

    answer.__name__ = "never_says_" + missing.replace(", ", "_")
    return answer


OTHER = {"vanishing": "exploding", "exploding": "vanishing"}
ONE_SHORT = [
    never_says(f"{growth}, {motion}", f"{other}, {motion}")
    for growth, other in OTHER.items()
    for motion in ("aligning", "reflecting", "rotating")
]

WRONG = {
    "symmetric_power": [power_of_entries, forgets_the_vectors, one_factor_short, inverts_the_wrong_side],
    "alignment": [overflows, largest_not_largest_in_size, keeps_the_sign, already_there],
    "name": [
        looks_at_the_determinant_alone,
        forgets_the_size,
        never_turns,
        turns_when_the_determinant_is_large,
        looks_at_the_trace_alone,
        *ONE_SHORT,
    ],
}


@each(WRONG)
def test_typical_wrong_answers_are_rejected(name, answer):
    verdict = task(name).judge(answer)
    assert not verdict.right and "not written" not in verdict.text and "raises" not in verdict.text
