"""The judge of an exercise rejects the stub and what is wrong, ends in a verdict whatever comes."""

import itertools
import sys
from decimal import Decimal
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
import sympy as sp
from within import within

from bpttlib import RNN
from bpttlib.checking import Installation, Verdict, check
from bpttlib.checking.installation import found


def spec(T, tau):
    return [[1 if 0 <= t - i <= tau - 1 else 0 for i in range(T)] for t in range(T)]


CASES = [(1, 1), (6, 1), (6, 3), (6, 9)]


def always(value):
    """An answer that returns the same for every case."""

    def answer(*case):
        return value

    return answer


def judged(value, wanted, **rest):
    """The verdict on one value where another is wanted."""
    return check(always(value), always(wanted), [()], **rest)


# ---- wrong, and why -----------------------------------------------------------------------------


def stub(T, tau):
    raise NotImplementedError


def one_step_too_long(T, tau):
    return np.tril(np.ones((T, T))) - np.tril(np.ones((T, T)), -tau - 1)


def transposed(T, tau):
    return np.transpose(spec(T, tau))


def forgets_to_return(T, tau):
    pass


def wrong_shape(T, tau):
    return np.ones(T)


def not_finite(T, tau):
    return np.full((T, T), np.nan)


def crashes(T, tau):
    return 1 / 0


def blocks(T, tau):
    block = np.arange(T) // tau
    return np.tril(block[:, None] == block)


@within(
    "answer, says",
    [
        (stub, "not written yet"),
        (one_step_too_long, "(6, 1) has row 0 right, rows 1 to 5 not; at [1, 0] yours is 1, off by 1"),
        (transposed, "(6, 3) has no row right; at [0, 1] yours is 1, off by 1"),
        (blocks, "(6, 3) has rows 0 to 2 and 5 right, rows 3 and 4 not; at [3, 1] yours is 0, off by 1"),
        (forgets_to_return, "(1, 1) returns nothing"),
        (wrong_shape, "(1, 1) has shape (1,), wanted shape (1, 1)"),
        (not_finite, "(1, 1) holds NaN or infinity at [0, 0]"),
        (crashes, "(1, 1) raises ZeroDivisionError: division by zero"),
    ],
)
def test_wrong_answers_are_rejected_with_a_reason(answer, says):
    verdict = check(answer, spec, CASES)
    assert not verdict.right
    assert verdict.text == says or verdict.text.removeprefix(answer.__name__).startswith(says)
    assert repr(verdict).startswith(f"✗ {answer.__name__} · ")
    assert "[[1" not in repr(verdict), "the answer is never shown"


def test_a_wrong_number_is_shown_and_the_right_one_is_not():
    verdict = check(lambda n: n * n, lambda n: 1000 * n + 7, [(3,)])
    assert verdict == Verdict("answer", False, "answer(3) is off by 2998, yours is 9")
    assert judged(Fraction(1, 3), 0.5).text == "answer() is off by 0.1667, yours is 1/3"


def test_the_first_wrong_case_is_shown_not_the_worst():
    assert "answer(2)" in check(lambda n: 1 if n == 1 else 100**n, lambda n: 1, [(1,), (2,), (9,)]).text


# ---- where it begins ----------------------------------------------------------------------------


def test_the_place_shown_is_where_it_begins_to_go_wrong_not_where_it_is_worst():
    assert (
        "has step 1 right, steps 2 and 3 not; at [1] yours is 5, off by 3"
        in judged([1, 5, 99], [1, 2, 3], entry="step").text
    )


def test_from_the_end_if_the_end_is_right():
    """A walk backwards goes wrong from right to left: the error begins beside what is right."""
    text = judged([[99, 9], [7, 5], [0, 0]], [[0, 9], [7, 4], [0, 0]], entry="step").text
    assert text.endswith("has step 3 right, steps 1 and 2 not; at [1, 1] yours is 5, off by 1")


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ([0, 0, 0], "has no entry right; at [0] yours is 0, off by 1"),
        ([1, 0, 1], "has entries 0 and 2 right, entry 1 not; at [1] yours is 0, off by 1"),
        ([0, 1, 0], "has entry 1 right, entries 0 and 2 not; at [0] yours is 0, off by 1"),
    ],
)
def test_entries_are_counted_from_0_as_in_code(value, says):
    assert judged(value, [1, 1, 1]).text == f"answer() {says}"


def test_rows_that_alternate_are_counted():
    value = [1, 0] * 8
    assert judged(value, [1] * 16).text == "answer() has 8 of 16 entries right; at [1] yours is 0, off by 1"
    assert "is wrong: at [0, 1] yours is 3, off by 1" in judged([[1, 3]], [[1, 2]]).text


# ---- exact, approximate, and how far off --------------------------------------------------------


@within(
    "value, wanted",
    [
        (3, 3),
        (3, 3.0),  # right whole numbers are exact, whatever the spec returns
        ([1, 2], np.array([1.0, 2.0])),
        (np.eye(2, dtype=bool), np.eye(2)),
        (np.bool_(True), 1),
        (Fraction(1, 3), Fraction(1, 3)),
        (sp.Rational(1, 3), Fraction(1, 3)),
        (10**400, 10**400),
        ("odd", "odd"),
        ((), []),
    ],
)
def test_exact_answers(value, wanted):
    verdict = judged(value, wanted)
    assert verdict.right and verdict.text.startswith("exact")


@within(
    "value, wanted",
    [
        (3.0, 3),  # a float, and so right by luck
        (3, 3.0 + 4e-16),
        (Fraction(1, 2), 0.5),  # the spec is not exact
        (Fraction(3, 10), 0.1 + 0.2),
        (10**17, 1e17),  # beyond 2^53 a float is not the whole number it looks like
        ([1, 2.0], [1, 2]),
        (Decimal("0.5"), 0.5),
        (np.float32(0.5), 0.5),
    ],
)
def test_approximate_answers(value, wanted):
    verdict = judged(value, wanted)
    assert verdict.right and verdict.text.startswith("approximate, max difference below 1e-12 of the largest number")


def test_one_inexact_case_makes_the_whole_approximate():
    assert check(lambda n: n, lambda n: n if n else 0.5, [(1,)]).text == "exact, 1 number in 1 case"
    assert check(lambda n: n / 1 if n > 1 else n, lambda n: n, [(1,), (2,)]).text.startswith("approximate")
    assert check(lambda n: n / 1 if n < 2 else n, lambda n: n, [(1,), (2,)]).text.startswith("approximate")


@pytest.mark.parametrize("size", [1e-20, 3e-13, 1.0, 1e20])
def test_the_tolerance_is_relative_to_the_largest_number_wanted(size):
    assert judged(size * (1 + 1e-13), size).right
    assert not judged(size * (1 + 1e-11), size).right
    assert not judged(0.0, size).right
    assert judged([size * 1e-14, size], [0, size]).right, "of the largest, not each of its own"
    assert judged(size * 1.01, size, tolerance=0.1).right


def test_each_case_has_a_largest_number_of_its_own():
    assert not check(lambda x: 0.0 if x < 1 else x, lambda x: x, [(1e-20,), (1.0,)]).right
    assert check(lambda x: x * (1 + 1e-13), lambda x: x, [(1e-20,), (1.0,)]).right


def test_in_a_case_of_zeros_the_largest_of_all_cases_counts():
    def wanted(n):
        return [0.0, 0.0] if n == 0 else [5.0, n]

    def off_by(gap):
        return lambda n: np.array(wanted(n)) + gap * (n == 0)

    assert check(off_by(1e-13), wanted, [(0,), (1,)]).right
    assert not check(off_by(1e-11), wanted, [(0,), (1,)]).right
    assert not check(off_by(1e-13), wanted, [(0,)]).right, "nothing is large: only 0 is 0"
    assert check(off_by(0), wanted, [(0,)]).right


def test_exact_numbers_that_differ_by_less_than_rounding_differ():
    assert not judged(Fraction(1, 3) + Fraction(1, 10**40), Fraction(1, 3)).right
    assert not judged(10**20 + 1, 10**20).right


# ---- one answer in many clothes -----------------------------------------------------------------


@within(
    "value",
    [
        [[1, 2], [3, 4]],
        ((1, 2), (3, 4)),
        [(1, 2), [3.0, 4]],
        np.array([[1, 2], [3, 4]]),
        np.array([[1, 2], [3, 4]], dtype=np.float32),
        np.array([[1, 2], [3, 4]], dtype=object),
        [np.array([1, 2]), np.array([3, 4])],
        np.ma.masked_array([[1, 2], [3, 4]]),
        [[Fraction(1), sp.Integer(2)], [np.int64(3), Decimal(4)]],
        [range(1, 3), range(3, 5)],
    ],
)
def test_lists_tuples_and_arrays_are_one_answer(value):
    assert judged(value, [[1, 2], [3, 4]]).right
    assert judged([[1, 2], [3, 4]], value).right


@pytest.mark.parametrize("value", [["a", "b"], ("a", "b"), np.array(["a", "b"])])
def test_words_are_words_in_a_list_a_tuple_or_an_array(value):
    for wanted in (["a", "b"], ("a", "b"), np.array(["a", "b"])):
        assert judged(value, wanted).text == "exact, 2 words in 1 case"
        assert not judged(value, ["a", "c"]).right
    assert judged(value, ["a", "c"]).text == "answer() has entry 0 right, entry 1 not; at [1] yours is 'b'"


def test_words_are_compared_as_they_stand_and_never_shown():
    def named(n):
        return ["even", "odd"][n % 2]

    verdict = check(always("even"), named, [(0,), (1,)])
    assert verdict.text == "answer(1) is not 'even'"
    assert check(named, named, [(0,), (1,)]).right
    assert judged(3, "odd").text == "answer() gives numbers, words are wanted"


# ---- whatever comes, a verdict ------------------------------------------------------------------


class Scalar:
    """Like a number of another library: it makes an array of itself."""

    def __init__(self, value):
        self.value = value

    def __array__(self, dtype=None, copy=None):
        if isinstance(self.value, Exception):
            raise self.value
        return np.asarray(self.value, dtype)


class Stubborn:
    def __float__(self):
        raise SystemExit("no")


itself: list = []
itself.append(itself)

ODD = {
    "None": None,
    "None inside": [1, None],
    "ragged": [[1], [1, 2]],
    "ragged deeper": [[[1]], [[1, 2]]],
    "array beside number": [np.ones(2), 1],
    "word": "2",
    "words": ["1", "2"],
    "word among numbers": [1, "2"],
    "bytes": b"2",
    "NaN": np.nan,
    "NaN inside": [1, np.nan],
    "Decimal NaN": Decimal("sNaN"),
    "infinity": [np.inf, 1],
    "complex": 1 + 1j,
    "complex inside": [1, 2j],
    "complex array": np.array([1, 2 + 0j]),
    "huge": 10**400,
    "huge inside": [10**400, -(10**400)],
    "generator": (n for n in [1, 2]),
    "endless": itertools.count(),
    "map": map(abs, [1, 2]),
    "dict": {0: 1, 1: 2},
    "set": {1, 2},
    "function": abs,
    "class": Scalar,
    "NotImplemented": NotImplemented,
    "ellipsis": ...,
    "masked": np.ma.masked_array([1, 2], [False, True]),
    "array of no array": Scalar(RuntimeError("requires grad")),
    "stubborn": Stubborn(),
    "symbol": sp.Symbol("w"),
    "date": np.datetime64("2020-01-01"),
    "record": np.zeros(2, dtype=[("a", float)]),
    "itself": itself,
    "empty": [],
    "far too many": np.zeros((2000, 2000)),
    "far too many to hold": range(10**12),
    "far too many to count": range(10**30),
    "itself in an object": np.array([{}, []], dtype=object),
}


@within("wanted", [3.0, 3, [1, 2], [[1.0], [2.0]], "word", ["a", "b"]])
@within("odd", ODD)
def test_odd_things_are_wrong_and_no_traceback(odd, wanted):
    verdict = judged(ODD[odd], wanted)
    assert isinstance(verdict, Verdict)
    assert not verdict.right or (odd, wanted) == ("word", "2")
    assert len(verdict.text) < 300 and "\n" not in verdict.text


@within(
    "odd, says",
    [
        ("ragged", "has rows of different lengths"),
        ("word", "gives words, numbers are wanted"),
        ("word among numbers", "gives words, numbers are wanted"),
        ("complex", "gives complex numbers, real ones are wanted"),
        ("generator", "gives a generator, where a number or a word is wanted"),
        ("None inside", "gives None, where a number or a word is wanted"),
        ("masked", "hides numbers behind a mask"),
        ("dict", "gives a dict, where"),
        ("far too many", "gives more than 100,000 entries"),
        ("far too many to hold", "gives more than 100,000 entries"),
        ("huge", "is a single number, wanted shape (2,)"),
        ("huge inside", "yours is beyond 2e+308, off by beyond 2e+308"),
        ("array of no array", "cannot be read as numbers: RuntimeError: requires grad"),
        ("stubborn", "cannot be read as numbers: SystemExit: no"),
    ],
)
def test_odd_things_are_called_by_their_name(odd, says):
    assert says in judged(ODD[odd], [1.0, 2.0]).text


def test_numbers_of_another_library_are_numbers():
    assert judged(Scalar(2.5), 2.5).right
    assert judged([Scalar(1.0), Scalar(2)], [1, 2]).right
    assert judged(sp.sqrt(2), 2**0.5).right


def test_a_number_is_no_match_for_one_that_no_float_can_hold():
    assert not judged(1e300, 10**400).right
    assert not judged(np.inf, 10**400).right


@within(
    "error",
    [ValueError("bad"), RecursionError("deep"), MemoryError(), SystemExit(3), GeneratorExit(), StopIteration(1)],
)
def test_whatever_is_raised_ends_in_a_verdict(error):
    def answer(n):
        raise error

    assert check(answer, lambda n: n, [(1,)]).text.startswith(f"answer(1) raises {type(error).__name__}")


def test_an_error_that_cannot_be_said_and_endless_recursion():
    class Mute(BaseException):
        def __str__(self):
            raise ValueError

    def mute(n):
        raise Mute

    def deep(n):
        return deep(n)

    assert check(mute, abs, [(1,)]).text == "mute(1) raises Mute"
    assert "RecursionError" in check(deep, abs, [(1,)]).text
    assert "SystemExit" in check(lambda n: sys.exit("bye"), abs, [(1,)]).text


def test_the_learners_own_interrupt_passes():
    def waits(n):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(waits, abs, [(1,)])


class Doubler:
    def __call__(self, n):
        return 2 * n

    def method(self, n):
        return 2 * n


def add(m, n):
    return m + n


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (Doubler(), "Doubler"),
        (Doubler().method, "method"),
        (lambda n: 2 * n, "answer"),
        (partial(add, 0), "add"),
        (partial(partial(add, 0)), "add"),
    ],
)
def test_whatever_can_be_called_is_judged_under_a_name(answer, name):
    verdict = check(answer, lambda n: 2 * n, [(3,)])
    assert verdict.name == name
    assert verdict.right == (name != "add")
    assert "add(3) is off by 3, yours is 3" in verdict.text or verdict.right


def test_what_cannot_be_called_is_no_answer():
    assert check(3, abs, [(1,)]) == Verdict("answer", False, "is 3, a function is wanted")
    assert not check(None, abs, [(1,)]).right


# ---- the cases ----------------------------------------------------------------------------------


def test_no_case_is_no_pass():
    for cases in ([], (), iter([])):
        with pytest.raises(ValueError, match="no case"):
            check(abs, abs, cases)


def test_what_the_page_gives_must_make_sense():
    with pytest.raises(TypeError, match="tuple"):
        check(abs, abs, [(1), (2)])
    for tolerance in (0, -1e-12, np.nan, 1, np.inf):
        with pytest.raises(ValueError, match="tolerance"):
            check(abs, abs, [(1,)], tolerance=tolerance)
    for bad in (np.nan, [1, np.inf], None, {}, [[1], [1, 2]], 1j):
        with pytest.raises(ValueError):
            check(abs, always(bad), [(1,)])


def spoils_an_array(b):
    b[0] = 9
    return [9, 2]


def spoils_deeply(b):
    b[1][0].append(3)


def spoils_a_dict(b):
    b["a"][0] = 2


def spoils_a_network(rnn):
    rnn.W_hh[0, 0] = 7


@within(
    "answer, argument",
    [
        (spoils_an_array, np.array([1, 2])),
        (spoils_an_array, [1, 2]),
        (spoils_deeply, (1, [[2]])),
        (spoils_a_dict, {"a": [1]}),
        (spoils_a_network, RNN([[1]], [[1]], [[1]])),
        (lambda b: b[0].append(3), np.array([[1], None], dtype=object)),
        (lambda b: b.add(3), {1, 2}),
        (lambda b: b.__setitem__(0, 3), [np.ones(2)]),
        (lambda b: b.__setitem__(0, 1.0), [1]),
        (lambda b: b.sort(), [2, 1]),
        (lambda b: b.append(1), [1]),
        (lambda b: b.pop("a"), {"a": 1}),
        (lambda b: b.resize(2, refcheck=False), np.ones(1)),
    ],
)
def test_an_answer_may_not_change_its_case(answer, argument):
    cases = [(argument,)]
    before = repr(argument)
    assert check(answer, always([9, 2]), cases).text.endswith("changes what it was given")
    assert repr(argument) == before


def test_arguments_left_alone_are_no_change_and_nan_equals_itself():
    def reads(array, nested, rnn):
        return 1

    case = (np.array([np.nan, -0.0]), [(1, [2.5, "x", np.nan])], RNN([[1]], [[1]], [[1]]))
    assert check(reads, always(1), [case]).right
    case = ({"a": np.array([Fraction(1, 3), [np.nan]], dtype=object)}, {1, 2}, abs)
    assert check(reads, always(1), [case]).right


def test_an_object_may_note_something_new_about_itself():
    trace = RNN([[1]], [[1]], [[1]]).forward([[1.0]])
    assert check(lambda trace: trace.slopes[1, 0, 0], lambda trace: 1 - trace.h[1, 0, 0] ** 2, [(trace,)]).right
    assert "slope" not in vars(trace), "each run has a copy of its own"


def test_a_spec_may_spoil_its_own_case():
    def first_and_last(b):
        b.sort()
        return [b[0], b[-1]]

    def right(b):
        return [min(b), max(b)] if b[0] == 3 else "was sorted before"

    cases = [([3, 1, 2],), ([3, 9, 2],)]
    assert check(right, first_and_last, cases).right
    assert cases == [([3, 1, 2],), ([3, 9, 2],)]


@within(
    "case, says",
    [
        ((np.array([[1.0, 0.5], [2, 3]]),), "f(array([[1, 0.5], [2, 3]]))"),
        ((np.arange(12),), "f(array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]))"),
        ((np.zeros((13, 1)),), "f(array (13, 1))"),
        (((7,), [1.0, Fraction(1, 2)], 0.1 + 0.2, True), "f((7,), [1, Fraction(1, 2)], 0.3, True)"),
        (([1] * 13, "word"), "f(list of 13, 'word')"),
        (([[1] * 7, [2] * 7],), "f(list of 2)"),
        ((RNN([[1]], [[1]], [[1]]),), "f(RNN(d=1, h=1, q=1, phi='tanh'))"),
    ],
)
def test_small_cases_are_shown_in_full(case, says):
    def f(*case):
        return 1

    assert check(f, always(2), [case]).text == f"{says} is off by 1, yours is 1"


# ---- demands ------------------------------------------------------------------------------------


def square_by_sums(n):
    total = 0
    for _ in range(n):
        total = total + n
    return total


def total_by_while(n):
    total = 0
    while n > 0:
        total, n = total + n, n - 1
    return total


def total_by_comprehension(n):
    return max([k * (k + 1) // 2 for k in range(n + 1)])


def total_by_generator(n):
    return sum(k for k in range(n + 1))


def total_by_inner_function(n):
    def inner():
        return sum(k for k in range(n + 1))

    return inner()


def total_by_a_helper(n):
    return total_by_while(n)


def total_with_one_turn(n):
    for k in range(n, n + 1):
        return k * (k + 1) // 2


def total(n):
    return sum(range(n + 1))


def formula(n):
    return n * (n + 1) // 2


LOOPING = [
    total_by_while,
    total_by_comprehension,
    total_by_generator,
    total_by_inner_function,
    total_with_one_turn,
    total_by_a_helper,
    partial(total_by_while),
]


@within("answer", LOOPING)
def test_a_loop_is_seen_where_none_is_wanted(answer):
    cases = [(1,), (5,)]
    verdict = check(answer, total, cases, loops=False)
    assert not verdict.right and verdict.text.startswith("is right, but there is a loop in total_")
    assert check(answer, total, cases).right


@within("answer", [total, formula, partial(formula), abs, Doubler(), Doubler().method])
def test_what_numpy_or_sum_do_inside_is_no_loop(answer):
    verdict = check(answer, answer, [(1,), (5,)], loops=False)
    assert verdict.right and verdict.text.endswith(", without a loop")


def test_a_loop_in_a_helper_is_named():
    verdict = check(total_by_a_helper, total, [(3,)], loops=False)
    assert verdict.text == "is right, but there is a loop in total_by_while, and none is wanted"


def power(x, k):
    result = 1
    for _ in range(k):
        result = result * x
    return result


def power_by_squares(x, k):
    if k < 2:
        return x if k else 1
    half = power_by_squares(x, k // 2)
    return half * half * (x if k % 2 else 1)


def test_multiplications_are_counted_case_by_case():
    cases = [(2, 3), (3, 4)]
    assert check(power, pow, cases, at_most=4).right
    assert check(power, pow, cases, at_most=lambda x, k: k).text.endswith(", with no multiplication too many")
    verdict = check(power, pow, cases, at_most=3)
    assert verdict == Verdict("power", False, "is right, but power(3, 4) takes 4 multiplications, 3 are enough")
    assert not check(power, pow, cases, at_most=lambda x, k: k - 1).right
    assert "off by" in check(lambda x, k: x, pow, cases, at_most=0).text, "first of all it must be right"


def test_products_of_matrices_are_counted_by_their_factors():
    M = np.array([[1.0, 2.0], [0.0, 1.0]])
    assert check(lambda M: M @ M @ M, lambda M: np.linalg.matrix_power(M, 3), [(M,)], at_most=16).right
    verdict = check(lambda M: M @ M @ M, lambda M: np.linalg.matrix_power(M, 3), [(M,)], at_most=15)
    assert "takes 16 multiplications, 15 are enough" in verdict.text


def test_what_cannot_be_counted_is_told():
    def by_eigenvalues(M):
        lam, V = np.linalg.eigh(M)
        return (V * lam**2) @ V.T

    M = np.array([[2.0, 1.0], [1.0, 2.0]])
    verdict = check(by_eigenvalues, lambda M: M @ M, [(M,)], at_most=100)
    assert not verdict.right and "cannot be counted" in verdict.text
    assert check(by_eigenvalues, lambda M: M @ M, [(M,)]).right


# ---- the installation ---------------------------------------------------------------------------


def test_installation_reports_this_environment():
    report = Installation()
    assert report.passed
    assert "numpy" in report.value and "ipywidgets" in report.value and "torch" not in report.value
    assert found("no-such-package") == (False, "no-such-package is missing")
    data = report._repr_mimebundle_()
    assert "no slider moves" in data["text/plain"]
