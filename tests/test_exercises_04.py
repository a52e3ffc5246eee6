"""The exercises of page 04: the stub and typical wrong answers are rejected, the solution is right."""

import numpy as np
import pytest

from bpttlib.check import check
from tests.pages import exercises

TASKS, SOLUTIONS = exercises("04_powers.ipynb"), exercises("solutions/04_powers.ipynb")


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


def always_saves(rho):
    return "saves it"


def saves_wherever_it_bites(rho):
    return "changes nothing" if rho < 1 else "saves it"


def mends_what_vanishes(rho):
    return "saves it" if rho < 1 or rho > 1.2 else "slows it down"


WRONG = {
    "symmetric_power": [power_of_entries, forgets_the_vectors, one_factor_short, inverts_the_wrong_side],
    "alignment": [overflows, largest_not_largest_in_size, keeps_the_sign, already_there],
    "name": [looks_at_the_determinant_alone, forgets_the_size, never_turns],
    "clipping_here": [always_saves, saves_wherever_it_bites, mends_what_vanishes],
}


def test_page_and_solutions_have_the_same_exercises():
    assert TASKS.keys() == SOLUTIONS.keys() == WRONG.keys()
    assert all(TASKS[name][2] == SOLUTIONS[name][2] for name in TASKS)


@pytest.mark.parametrize("name", WRONG)
def test_stub_is_not_written_yet_and_solution_is_right(name):
    stub, *task = TASKS[name]
    assert check(stub, *task).text == "not written yet"
    assert check(SOLUTIONS[name][0], *task).right


@pytest.mark.parametrize(("name", "wrong"), [(name, answer) for name, some in WRONG.items() for answer in some])
def test_typical_wrong_answers_are_rejected(name, wrong):
    _, *task = TASKS[name]
    verdict = check(wrong, *task)
    assert not verdict.right and "not written" not in verdict.text and "raises" not in verdict.text
