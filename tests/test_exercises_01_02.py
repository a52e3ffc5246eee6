"""The exercises of pages 01 and 02: what stands in the page and the typical wrong answers are rejected."""

from math import prod

import pytest

from bpttlib.check import check
from tests.pages import exercises

TASKS = exercises("01_unrolling.ipynb") | exercises("02_recurrence.ipynb")
SOLUTIONS = exercises("solutions/01_unrolling.ipynb") | exercises("solutions/02_recurrence.ipynb")
WITH_A_BUG = ["notebook_1", "notebook_2", "notebook_3", "my_regime"]


def test_every_exercise_has_a_solution():
    assert TASKS.keys() == SOLUTIONS.keys()
    assert len(TASKS) == 12


@pytest.mark.parametrize("name", TASKS)
def test_what_stands_in_the_page_is_rejected(name):
    verdict = check(*TASKS[name])
    assert not verdict.right
    assert verdict.text == "not written yet" or name in WITH_A_BUG


@pytest.mark.parametrize("name", TASKS)
def test_the_solution_is_accepted_by_the_page(name):
    _, *task = TASKS[name]
    verdict = check(SOLUTIONS[name][0], *task)
    assert verdict.right


def product_from_i(b, c):
    return [sum(prod(c[i : t + 1]) * b[i] for i in range(t)) + b[t] for t in range(len(b))]


def product_one_short(b, c):
    return [sum(prod(c[i + 1 : t]) * b[i] for i in range(t)) + b[t] for t in range(len(b))]


def without_b_t(b, c):
    return [sum(prod(c[i + 1 : t + 1]) * b[i] for i in range(t)) for t in range(len(b))]


def c_of_the_step_before(b, c):
    a = [b[0]]
    for t in range(1, len(b)):
        a.append(b[t] + c[t - 1] * a[-1])
    return a


def c_times_everything(b, c):
    a = [b[0]]
    for t in range(1, len(b)):
        a.append(c[t] * (b[t] + a[-1]))
    return a


def plain_sum(b, c):
    return [sum(b[: t + 1]) for t in range(len(b))]


ALL_OF_A = [product_from_i, product_one_short, without_b_t, c_of_the_step_before, c_times_everything, plain_sum]


def last_of(answer):
    return lambda b, c: answer(b, c)[-1]


@pytest.mark.parametrize("name", ["my_recurrence", "my_closed_form", "notebook_2"])
@pytest.mark.parametrize("answer", ALL_OF_A)
def test_wrong_recurrences_are_rejected(name, answer):
    _, *task = TASKS[name]
    assert not check(answer, *task).right
    assert not check(last_of(answer), *task).right


@pytest.mark.parametrize("name", ["notebook_1", "notebook_3"])
@pytest.mark.parametrize("answer", ALL_OF_A)
def test_half_mended_notebooks_are_rejected(name, answer):
    _, *task = TASKS[name]
    assert not check(last_of(answer), *task).right


def test_each_notebook_has_the_bug_the_page_names():
    b, c = (3, 5, 7, 2), (2, 3, -1, 4)
    assert TASKS["notebook_1"][0](b, c) == product_from_i(b, c)[-1]
    assert TASKS["notebook_2"][0](b, c) == c_of_the_step_before(b, c)
    assert TASKS["notebook_3"][0](b, c) == without_b_t(b, c)[-1]
    hint = [TASKS[f"notebook_{n}"][0]((1, 1), (3, 2)) for n in (1, 2, 3)]
    assert hint == [7, [1, 4], 2]  # and 3 is right: the hint shows all three
    assert TASKS["notebook_3"][0]((7,), (3,)) != 7 and TASKS["notebook_1"][0]((7,), (3,)) == 7


def table(entry):
    return lambda c: [[entry(c, t, i) if i <= t else 0 for i in range(len(c))] for t in range(len(c))]


@pytest.mark.parametrize(
    "answer",
    [
        table(lambda c, t, i: prod(c[i : t + 1])),  # starts at j = i
        table(lambda c, t, i: prod(c[i + 1 : t])),  # stops before t
        table(lambda c, t, i: prod(c[i + 1 : t + 1]) if i < t else 0),  # an empty diagonal
        table(lambda c, t, i: sum(c[i + 1 : t + 1])),  # sums
        lambda c: list(zip(*table(lambda c, t, i: prod(c[i + 1 : t + 1]))(c), strict=True)),  # transposed
        lambda c: [[prod(c[i + 1 : t + 1]) for i in range(len(c))] for t in range(len(c))],  # ones above the diagonal
    ],
)
def test_wrong_tables_of_paths_are_rejected(answer):
    _, *task = TASKS["my_paths"]
    assert not check(answer, *task).right


@pytest.mark.parametrize("word", ["converges", "explodes", "grows linearly", "alternates"])
def test_one_word_for_every_regime_is_rejected(word):
    _, *task = TASKS["my_regime"]
    assert not check(lambda c: word, *task).right


@pytest.mark.parametrize(
    "answer",
    [
        lambda c: "converges" if c < 1 else "grows linearly" if c == 1 else "explodes",  # forgets |c|
        lambda c: "converges" if abs(c) < 1 else "grows linearly" if abs(c) == 1 else "explodes",
        lambda c: "alternates" if c < 0 else "converges" if c < 1 else "grows linearly" if c == 1 else "explodes",
    ],
)
def test_typical_wrong_regimes_are_rejected(answer):
    _, *task = TASKS["my_regime"]
    assert not check(answer, *task).right


@pytest.mark.parametrize("answer", [lambda T: 2**T, lambda T: 6, lambda T: 1 + 2 * (T > 1), lambda T: float("inf")])
def test_wrong_largest_values_are_rejected(answer):
    _, *task = TASKS["my_largest"]
    assert not check(answer, *task).right


@pytest.mark.parametrize("answer", [lambda T, i: T - i, lambda T, i: i, lambda T, i: T, lambda T, i: T - i + 2])
def test_wrong_columns_are_rejected(answer):
    _, *task = TASKS["column"]
    assert not check(answer, *task).right


@pytest.mark.parametrize(
    "step",
    [
        lambda w, u, h, x: u * x,  # no memory
        lambda w, u, h, x: w * (h + u * x),
        lambda w, u, h, x: u * h + w * x,  # the weights exchanged
    ],
)
def test_wrong_forward_passes_are_rejected(step):
    def my_loss(w, u, v, x, y):
        h = L = 0
        for x_t, y_t in zip(x, y, strict=True):
            h = step(w, u, h, x_t)
            L += (v * h - y_t) ** 2 / 2
        return L / len(x)

    _, *task = TASKS["my_loss"]
    assert not check(my_loss, *task).right


@pytest.mark.parametrize("factor", [lambda T: T, lambda T: 2, lambda T: 0.5])
def test_losses_without_the_mean_or_the_half_are_rejected(factor):
    right, *task = SOLUTIONS["my_loss"][0], *TASKS["my_loss"][1:]
    assert not check(lambda w, u, v, x, y: factor(len(x)) * right(w, u, v, x, y), *task).right


def shares_with(term):
    def my_shares(w, h_0, x):
        h = [h_0]
        for x_t in x:
            h.append(w * h[-1] + x_t)
        return [term(w, h, i, len(x)) for i in range(1, len(x) + 1)]

    return my_shares


@pytest.mark.parametrize(
    "term",
    [
        lambda w, h, i, T: h[i - 1],  # nothing is passed on
        lambda w, h, i, T: w ** (T - i + 1) * h[i - 1],  # one Jacobian too many
        lambda w, h, i, T: w ** (T - i) * h[i],  # the state after
        lambda w, h, i, T: w ** (i - 1) * h[i - 1],  # powers the wrong way round
        lambda w, h, i, T: sum(w ** (T - j) * h[j - 1] for j in range(1, T + 1)) / T,  # the average
    ],
)
def test_wrong_shares_are_rejected(term):
    _, *task = TASKS["my_shares"]
    assert not check(shares_with(term), *task).right


@pytest.mark.parametrize(
    "pair",
    [
        lambda w, h_0, h_1, h_2: (h_2, h_2),  # no recursion
        lambda w, h_0, h_1, h_2: (h_2 + w * (h_1 + w * h_0), h_2),  # exchanged
        lambda w, h_0, h_1, h_2: (h_2, h_2 + w * h_1),  # one step back only
        lambda w, h_0, h_1, h_2: (h_1, h_1 + w * h_0),  # of h_2
        lambda w, h_0, h_1, h_2: (h_2, h_2 + h_1 + h_0),  # nothing carried
    ],
)
def test_wrong_pairs_are_rejected(pair):
    def my_pair(w, h_0, x_1, x_2, x_3):
        h_1 = w * h_0 + x_1
        return pair(w, h_0, h_1, w * h_1 + x_2)

    _, *task = TASKS["my_pair"]
    assert not check(my_pair, *task).right
