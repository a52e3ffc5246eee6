"""The exercises of pages 01 and 02: right answers written in other ways are right, typical mistakes are not."""

from fractions import Fraction
from functools import reduce
from itertools import accumulate
from math import prod

import numpy as np
import pytest
from within import within

from bpttlib import closed_form, path_products, solve
from bpttlib.recurrence import regime
from tests.pages import each, exercises


def tasks():
    return exercises("01_unrolling.ipynb") | exercises("02_recurrence.ipynb")


def verdict(name, answer):
    return tasks()[name].judge(answer)


# ---- right, in other ways -----------------------------------------------------------------------


def loss_on_arrays(w_h, w_x, w_o, x, y):
    lag = np.subtract.outer(range(len(x)), range(len(x)))
    h = np.tril(float(w_h) ** abs(lag)) @ (w_x * np.array(x))
    return 0.5 * np.mean((w_o * h - np.array(y)) ** 2)


def loss_in_fractions(w_h, w_x, w_o, x, y):
    h, L = Fraction(0), Fraction(0)
    for x_t, y_t in zip(x, y, strict=True):
        h = Fraction(w_h) * h + w_x * x_t
        L += (w_o * h - y_t) ** 2
    return L / (2 * len(x))


def loss_by_recursion(w_h, w_x, w_o, x, y):
    def state(t):
        return w_h * state(t - 1) + w_x * x[t] if t >= 0 else 0

    return sum((w_o * state(t) - y[t]) ** 2 for t in range(len(x))) / len(x) / 2


def shares_backwards(w, h_0, x):
    states = list(accumulate(x, lambda h, x_t: w * h + x_t, initial=h_0))
    delta, shares = 1, []
    for h in reversed(states[:-1]):
        shares.insert(0, delta * h)
        delta *= w
    return shares


def shares_on_arrays(w, h_0, x):
    states = [h_0]
    for x_t in x[:-1]:
        states.append(w * states[-1] + x_t)
    return float(w) ** np.arange(len(x) - 1, -1, -1) * states


def shares_by_a_quotient(w, h_0, x):
    def last(copies):
        return reduce(lambda h, step: step[0] * h + step[1], zip(copies, x, strict=True), h_0)

    return tuple(last([w + 3 * (j == i) for j in range(len(x))]) / 3 - last([w] * len(x)) / 3 for i in range(len(x)))


def pair_multiplied_out(w, h_0, x_1, x_2, x_3):
    return [w**2 * h_0 + w * x_1 + x_2, 3 * w**2 * h_0 + 2 * w * x_1 + x_2]


def recurrence_from_the_first(b, c):
    a = [b[0]]
    for t in range(1, len(b)):
        a.append(b[t] + c[t] * a[-1])
    return tuple(a)


def recurrence_into_zeros(b, c):
    a = np.zeros(len(b))
    a[0] = b[0]
    for t in range(1, len(b)):
        a[t] = b[t] + c[t] * a[t - 1]
    return a


def recurrence_accumulated(b, c):
    return list(accumulate(zip(b, c, strict=True), lambda a, step: step[0] + step[1] * a, initial=0))[1:]


def recurrence_by_recursion(b, c):
    if len(b) == 1:
        return [b[0]]
    before = recurrence_by_recursion(b[:-1], c[:-1])
    return [*before, b[-1] + c[-1] * before[-1]]


def recurrence_in_fractions(b, c):
    a, every = Fraction(0), []
    for b_t, c_t in zip(b, c, strict=True):
        a = b_t + c_t * a
        every.append(a)
    return every


def paths_by_prod(c):
    return [[prod(c[i + 1 : t + 1]) if i <= t else 0 for i in range(len(c))] for t in range(len(c))]


def paths_row_from_row(c):
    P = np.eye(len(c))
    for t in range(1, len(c)):
        P[t, :t] = c[t] * P[t - 1, :t]
    return P


def last_by_solve(b, c):
    return solve(b, c)[-1]


def last_forwards(b, c):
    return reduce(lambda a, step: step[0] + step[1] * a, zip(b, c, strict=True), 0)


def largest_by_halves(T):
    """After the steps 1, 3, 5, … a_t is 1, 3½, 4¾, …: what is missing to 6 is halved."""
    return 6 - 5 * 0.5 ** ((T - 1) // 2) if T != 2 else 1.25


def largest_in_fractions(T):
    a = every = Fraction(1)
    for t in range(1, T):
        a = 1 + (Fraction(1, 4) if t % 2 else 2) * a
        every = max(a, every)
    return every


def regime_by_two_questions(c):
    if abs(c) == 1:
        return "grows linearly" if c == 1 else "alternates"
    return "converges" if abs(c) < 1 else "explodes"


def regime_by_the_steps(c):
    """Each step of a is c times the one before."""
    steps = list(accumulate(range(3000), lambda step, _: c * step, initial=1.0))
    if abs(steps[-1]) < 1e-3:
        return "converges"
    return "explodes" if abs(steps[-1]) > 1e3 else "grows linearly" if steps[-1] == steps[-2] else "alternates"


RIGHT = {
    "column": [lambda T, i: T + 1 - i, lambda T, i: len(range(i, T + 1)), lambda T, i: np.float64(T - i) + 1],
    "my_loss": [loss_on_arrays, loss_in_fractions, loss_by_recursion],
    "my_shares": [shares_backwards, shares_on_arrays, shares_by_a_quotient],
    "my_pair": [pair_multiplied_out, lambda *case: np.array(pair_multiplied_out(*case))],
    "my_recurrence": [
        *(recurrence_from_the_first, recurrence_into_zeros, recurrence_accumulated),
        *(recurrence_by_recursion, recurrence_in_fractions, solve),
    ],
    "my_paths": [paths_by_prod, paths_row_from_row, path_products],
    "my_closed_form": [lambda b, c: path_products(c) @ np.array(b), closed_form, recurrence_in_fractions],
    "notebook_1": [last_by_solve, last_forwards],
    "notebook_2": [recurrence_from_the_first, recurrence_in_fractions],
    "notebook_3": [last_by_solve, last_forwards],
    "my_regime": [regime_by_two_questions, regime_by_the_steps, lambda c: regime(1, c)],
    "my_largest": [largest_in_fractions, lambda T: max(largest_by_halves(t) for t in range(1, T + 1))],
}


@each(RIGHT)
def test_right_answers_written_in_another_way_are_right(name, answer):
    assert verdict(name, answer).right


@within("name", RIGHT)
def test_exact_answers_are_called_exact(name):
    """Whole numbers in, whole numbers out: nobody is told "approximate" for the spec's sake."""
    exact = {"column": 1, "my_shares": 0, "my_pair": 0, "my_recurrence": 0, "my_paths": 0, "notebook_2": 0}
    if name in exact:
        assert verdict(name, RIGHT[name][exact[name]]).text.startswith("exact")


# ---- what is demanded ---------------------------------------------------------------------------


def column_counted(T, i):
    return sum(1 for t in range(1, T + 1) if t >= i)


def column_walked(T, i):
    count = 0
    while i <= T:
        count, i = count + 1, i + 1
    return count


@pytest.mark.parametrize("answer", [column_counted, column_walked])
def test_a_column_may_not_be_counted_in_a_loop(answer):
    assert "there is a loop" in verdict("column", answer).text


def recurrence_path_by_path(b, c):
    return [sum(prod(c[i + 1 : t + 1]) * b[i] for i in range(t + 1)) for t in range(len(b))]


def recurrence_with_products_shared(b, c):
    every = []
    for t in range(len(b)):
        total, product = b[t], 1
        for i in range(t - 1, -1, -1):
            product = product * c[i + 1]
            total = total + product * b[i]
        every.append(total)
    return every


@pytest.mark.parametrize("answer", [recurrence_path_by_path, recurrence_with_products_shared, closed_form])
def test_each_c_once_at_most(answer):
    text = verdict("my_recurrence", answer).text
    assert text.startswith("is right, but") and "multiplications" in text
    assert verdict("my_closed_form", answer).right, "where nothing is demanded, it is right"


# ---- wrong --------------------------------------------------------------------------------------


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


@within("name", ["my_recurrence", "my_closed_form", "notebook_2"])
@within("answer", ALL_OF_A)
def test_wrong_recurrences_are_rejected(name, answer):
    assert not verdict(name, answer).right
    assert not verdict(name, last_of(answer)).right


@within("name", ["notebook_1", "notebook_3"])
@within("answer", ALL_OF_A)
def test_half_mended_notebooks_are_rejected(name, answer):
    assert not verdict(name, last_of(answer)).right


def test_each_notebook_has_the_bug_the_page_names():
    b, c = (3, 5, 7, 2), (2, 3, -1, 4)
    assert tasks()["notebook_1"].answer(b, c) == product_from_i(b, c)[-1]
    assert tasks()["notebook_2"].answer(b, c) == c_of_the_step_before(b, c)
    assert tasks()["notebook_3"].answer(b, c) == without_b_t(b, c)[-1]
    hint = [tasks()[f"notebook_{n}"].answer((1, 1), (3, 2)) for n in (1, 2, 3)]
    assert hint == [7, [1, 4], 2]  # and 3 is right: the hint shows all three
    assert tasks()["notebook_3"].answer((7,), (3,)) != 7 and tasks()["notebook_1"].answer((7,), (3,)) == 7


def table(entry):
    return lambda c: [[entry(c, t, i) if i <= t else 0 for i in range(len(c))] for t in range(len(c))]


@within(
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
    assert not verdict("my_paths", answer).right


@pytest.mark.parametrize("word", ["converges", "explodes", "grows linearly", "alternates"])
def test_one_word_for_every_regime_is_rejected(word):
    assert not verdict("my_regime", lambda c: word).right


@pytest.mark.parametrize(
    "answer",
    [
        lambda c: "converges" if c < 1 else "grows linearly" if c == 1 else "explodes",  # forgets |c|
        lambda c: "converges" if abs(c) < 1 else "grows linearly" if abs(c) == 1 else "explodes",
        lambda c: "alternates" if c < 0 else "converges" if c < 1 else "grows linearly" if c == 1 else "explodes",
    ],
)
def test_typical_wrong_regimes_are_rejected(answer):
    assert not verdict("my_regime", answer).right


@within("c", [-2, -1.2, -1.01, -1, -0.99, -0.5, 0, 0.5, 0.99, 1, 1.01, 2])
def test_the_judge_of_the_regimes_sees_them_in_the_numbers(c):
    """It is slow and knows no rule, so that nobody reads the answer off it; yet it is right for every c."""
    assert tasks()["my_regime"].spec(c) == regime(1, c)


def test_the_smallest_table_of_the_page_is_right():
    table = [[1, 0, 0], [2, 1, 0], [6, 3, 1]]
    assert tasks()["my_paths"].spec((7, 2, 3)) == path_products([7, 2, 3]).tolist() == table
    assert ((7, 2, 3),) not in tasks()["my_paths"].cases, "a worked case is not asked"


def test_the_alternating_c_do_as_the_page_predicts():
    a = solve([Fraction(1)] * 80, [Fraction(2), Fraction(1, 4)] * 40)
    assert list(a[:5:2]) == [1, Fraction(7, 2), Fraction(19, 4)] and max(a) < 6
    assert 0 < 6 - a[-2] < 1e-9 and 0 < Fraction(5, 2) - a[-1] < 1e-9


@pytest.mark.parametrize("answer", [lambda T: 2**T, lambda T: 6, lambda T: 1 + 2 * (T > 1), lambda T: float("inf")])
def test_wrong_largest_values_are_rejected(answer):
    assert not verdict("my_largest", answer).right


@pytest.mark.parametrize("answer", [lambda T, i: T - i, lambda T, i: i, lambda T, i: T, lambda T, i: T - i + 2])
def test_wrong_columns_are_rejected(answer):
    assert not verdict("column", answer).right


@pytest.mark.parametrize(
    "step",
    [
        lambda w_h, w_x, h, x: w_x * x,  # no memory
        lambda w_h, w_x, h, x: w_h * (h + w_x * x),
        lambda w_h, w_x, h, x: w_x * h + w_h * x,  # the weights exchanged
    ],
)
def test_wrong_forward_passes_are_rejected(step):
    def my_loss(w_h, w_x, w_o, x, y):
        h = L = 0
        for x_t, y_t in zip(x, y, strict=True):
            h = step(w_h, w_x, h, x_t)
            L += (w_o * h - y_t) ** 2 / 2
        return L / len(x)

    assert not verdict("my_loss", my_loss).right


@pytest.mark.parametrize("factor", [lambda T: T, lambda T: 2, lambda T: 0.5])
def test_losses_without_the_mean_or_the_half_are_rejected(factor):
    assert not verdict("my_loss", lambda *case: factor(len(case[-1])) * loss_on_arrays(*case)).right


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
    assert not verdict("my_shares", shares_with(term)).right


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

    assert not verdict("my_pair", my_pair).right


def test_what_the_learner_reads_says_where_it_begins():
    text = verdict("notebook_2", tasks()["notebook_2"].answer).text
    assert text.endswith("has step 1 right, steps 2 to 5 not; at [1] yours is 11, off by 10")
    text = verdict("my_shares", shares_with(lambda w, h, i, T: h[i - 1])).text
    assert "uses" in text or "use " in text
