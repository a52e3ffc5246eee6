"""The experiments behind the page on the recurrence: rows read off the lines themselves, constants run by hand."""

import re

import pytest

from bpttlib.experiments import constant, derivation
from bpttlib.experiments.derivation import CHAPTERS, EXAMPLES, OWN


def row_read(line, T):
    """The n of the vermillion a_n or ∂h_n on the left, read off its LaTeX; every other line is about a_T."""
    found = re.match(r"\{\\color\{#D55E00\}\{(?:a|\\frac\{\\partial h)_\{(\d+|t(?: \+ 1)?)\}", line.latex)
    n = found[1] if found else "t + 1"
    return max(1, T - 1) if n == "t" else T if n in ("0", "t + 1") else int(n)


@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.parametrize("T", [1, 3])
def test_the_row_is_that_of_the_line(chapter, T):
    lines = derivation.derivation(chapter, T, EXAMPLES[1]).steps
    rows = []
    for number, line in enumerate(lines, start=1):
        for i in (1, 2, 3):
            found = derivation.run(chapter, T, EXAMPLES[1], number, i)
            row = row_read(line, T)
            assert found == {"T": T, "row": row, "i": min(i, row)}
        rows.append(row)
    assert max(rows) == T


def test_unrolling_takes_one_row_after_another():
    assert [derivation.run("unroll", 3, "", n, 1)["row"] for n in (1, 2, 3, 4)] == [1, 2, 3, 3]


def test_the_proof_speaks_of_the_step_before_and_of_this_one():
    rows = {derivation.run("prove", 5, "", n, 1)["row"] for n in range(1, 9)}
    assert rows == {1, 4, 5}


def test_an_f_that_cannot_be_read_is_refused():
    with pytest.raises(ValueError):
        derivation.run(OWN, 2, "x + u", 1, 1)


@pytest.mark.parametrize("b", [-2.0, 0.0, 1.5])
@pytest.mark.parametrize("c", [-1.5, -1.0, -0.5, 0.0, 0.8, 1.0, 1.5])
def test_constants_against_the_loop(b, c):
    found, a = constant.run(abs(c), -1 if c < 0 else 1, b, 12), [0.0]
    for _ in range(4000):
        a.append(max(-1e300, min(1e300, b + c * a[-1])))
    assert found["a"].tolist() == pytest.approx(a[1:13], rel=1e-12)
    assert (found["b"], found["c"]) == (b, c)
    settles = b != 0 and a[-1] == pytest.approx(a[-2], rel=1e-12) and abs(a[-1]) < 1e299
    assert (found["limit"] is not None) == settles
    assert not settles or found["limit"] == pytest.approx(a[-1], rel=1e-9)
