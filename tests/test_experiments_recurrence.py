"""The experiments behind the page on the recurrence: rows read off the lines themselves, constants run by hand."""

import re
from math import prod

import pytest
import sympy as sp
from in_numbers import NUMBERS, value
from within import within

from bpttlib.derivation.step import t
from bpttlib.experiments import constant, derivation
from bpttlib.experiments.derivation import CHAPTERS, EXAMPLES, OWN


def row_read(line, now, last):
    """The n of the vermillion a_n or ∂h_n on the left, read off its LaTeX; of a line without one, the last row."""
    found = re.match(r"\{\\color\{#D55E00\}\{(?:a|\\frac\{\\partial h)_\{(\d+|t(?: \+ 1)?)\}", line.latex)
    if line.name == "base case":
        return 1
    return {"0": last, "t": now, "t + 1": now + 1}.get(found[1]) or int(found[1]) if found else last


def times_t(chapter, T):
    """What t stands for beside a chapter, and how many rows there are: the proof goes from 3 to 4."""
    return {"prove": (3, 4), "substitute": (4, 4)}.get(chapter, (T, T))


@within("chapter", CHAPTERS)
@within("T", [1, 3])
def test_the_row_is_that_of_the_line(chapter, T):
    lines, (now, last) = derivation.derivation(chapter, T, EXAMPLES[1]).steps, times_t(chapter, T)
    rows = []
    for number, line in enumerate(lines, start=1):
        for i in (1, 2, 3):
            found = derivation.run(chapter, T, EXAMPLES[1], number, i)
            row = row_read(line, now, last)
            assert (found["T"], found["row"], found["i"]) == (last, row, min(i, row)), line.name
            assert found["t"] == (3 if chapter == "prove" else None)
        rows.append(row)
    assert max(rows) == last


@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.parametrize("T", [1, 2, 3])
def test_the_cells_add_up_to_the_line_summand_by_summand(chapter, T):
    """In exact fractions: each part of the row is worth one summand of what stands right of the equals sign."""
    checked = 0
    for number, line in enumerate(derivation.derivation(chapter, T, EXAMPLES[2]).steps, start=1):
        found = derivation.run(chapter, T, EXAMPLES[2], number, 1)
        if not any(str(one.base) in "ab" for one in line.after.atoms(sp.Indexed)):
            assert found["parts"] == (), line.name
            continue
        where = {t: times_t(chapter, T)[0]}
        summands = sorted(value(part, where) for part in sp.Add.make_args(line.after))
        cells = [sum(cell(found["row"], i) for i in range(first, last + 1)) for first, last in found["parts"]]
        assert sorted(cells) == [worth for worth in summands if worth], line.name  # an empty Σ has no cells
        checked += 1
    assert checked


def cell(n, i):
    """c_n … c_{i+1} b_i in numbers."""
    return prod(NUMBERS["c"][i + 1 : n + 1]) * NUMBERS["b"][i]


def test_a_line_multiplies_where_c_n_is_written_in_it():
    said = {line.name: run["times"] for line, run in with_runs("prove")}
    assert [name for name, times in said.items() if times] == [
        *("recurrence", "insert", "distribute", "split of the product", "absorb", "split of the sum")
    ]
    assert [run["times"] for _, run in with_runs("unroll")] == [False, *[True] * 5]
    assert [run["times"] for _, run in with_runs("guess")] == [True, False, False, False]


def with_runs(chapter):
    lines = derivation.derivation(chapter, 4, "").steps
    return [(line, derivation.run(chapter, 4, "", number, 1)) for number, line in enumerate(lines, start=1)]


def test_unrolling_takes_one_row_after_another():
    assert [derivation.run("unroll", 3, "", n, 1)["row"] for n in (1, 2, 3, 4)] == [1, 2, 3, 3]


def test_the_proof_speaks_of_the_step_before_and_of_this_one():
    for T in (1, 5, 8):  # T belongs to other chapters
        assert [derivation.run("prove", T, "", n, 1)["row"] for n in range(1, 13)] == [3, 1, 1, 3, *[4] * 8]


def test_an_f_that_cannot_be_read_is_refused():
    with pytest.raises(ValueError):
        derivation.run(OWN, 2, "x + u", 1, 1)


@within("b", [-2.0, 0.0, 1.5])
@within("c", [-1.5, -1.0, -0.5, 0.0, 0.8, 1.0, 1.5])
def test_constants_against_the_loop(b, c):
    found, a = constant.run(abs(c), -1 if c < 0 else 1, b, 12), [0.0]
    for _ in range(4000):
        a.append(max(-1e300, min(1e300, b + c * a[-1])))
    assert found["a"].tolist() == pytest.approx(a[1:13], rel=1e-12)
    assert (found["b"], found["c"]) == (b, c)
    settles = b != 0 and a[-1] == pytest.approx(a[-2], rel=1e-12) and abs(a[-1]) < 1e299
    assert (found["limit"] is not None) == settles
    assert not settles or found["limit"] == pytest.approx(a[-1], rel=1e-9)
