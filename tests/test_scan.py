"""The scan against plain loops, fractions and symbols; its rounds against the paths that they collect."""

from fractions import Fraction
from math import ceil, log2

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from reference import assert_close, assert_same_gradient, recurrence
from strategies import few, fractions
from within import within

from bpttlib import GRU, RNN, complex_step, gradient, scan, scan_matrices, scanned_gradient, solve
from bpttlib.derivation import FalseStep, Theorem, pairs
from bpttlib.derivation.step import a, b, c, t
from bpttlib.scan import ORDERS, collected_from, meetings, rounds
from bpttlib.scan import pairs as count_pairs

BOTH = pytest.mark.parametrize("order", ORDERS)
LENGTHS = [*range(1, 18), 31, 32, 33, 100]


def drawn(*shape, seed=0, kind=float):
    rng = np.random.default_rng(seed)
    return sum(unit * rng.uniform(-1, 1, shape) for unit in ([1, 1j] if kind is complex else [1]))


# ---- the same as the loop -----------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("kind", [float, complex])
def test_equals_the_loop_at_any_length(order, kind):
    for T in LENGTHS:
        b, c = drawn(T, kind=kind), drawn(T, seed=1, kind=kind)
        assert_close(scan(b, c, order), np.array(recurrence(b.tolist(), c.tolist())))


@BOTH
@few
@given(seed=st.integers(0, 999), T=st.integers(1, 40), lead=st.sampled_from([(2,), (2, 3), (4, 1)]))
def test_a_diagonal_and_batches_are_more_sequences(order, seed, T, lead):
    b, c = drawn(*lead, T, seed=seed), drawn(lead[-1], T, seed=seed + 1)
    assert_close(scan(b, c, order), solve(b, c))
    assert_close(scan(b, c[..., :1], order), solve(b, c[..., :1]))


@BOTH
def test_long_sequences(order):
    b, c = drawn(30_000), drawn(30_000, seed=1)
    assert_close(scan(b, c, order), solve(b, c))
    assert_close(scan(b, np.ones(1), order), np.cumsum(b))


@BOTH
@within("kind", [float, complex])
@within("h", [1, 3])
def test_matrices(order, kind, h):
    for T in (1, 2, 3, 7, 8, 13):
        b, c = drawn(T, h, kind=kind), drawn(T, h, h, seed=1, kind=kind)
        wanted = [b[0]]
        for b_t, c_t in zip(b[1:], c[1:], strict=True):
            wanted.append(b_t + c_t.dot(wanted[-1]))
        assert_close(scan_matrices(b, c, order), np.array(wanted))


@BOTH
@few
@given(st.lists(st.tuples(*[fractions(3)] * 2), min_size=1, max_size=12))
def test_fractions_stay_exact(order, steps):
    b, c = (np.array(one, dtype=object) for one in zip(*steps, strict=True))
    found = scan(b, c, order)
    assert found.tolist() == recurrence(b, c) == scan_matrices(b[:, None], c[:, None, None], order)[:, 0].tolist()
    assert all(isinstance(one, Fraction) for one in found)


@BOTH
def test_letters_that_do_not_commute_keep_their_places(order):
    B, C = ([sp.Symbol(f"{name}{n}", commutative=False) for n in range(1, 7)] for name in "BC")
    found = scan(np.array(B, dtype=object), np.array(C, dtype=object), order)
    assert [sp.expand(one) for one in found] == [sp.expand(one) for one in recurrence(B, [0, *C[1:]])]


@BOTH
def test_c_1_never_matters_and_the_arguments_stay(order):
    b, c = drawn(9), drawn(9, seed=1)
    moved = c.copy()
    moved[0] = 1e308
    before = b.copy(), moved.copy()
    assert (scan(b, moved, order) == scan(b, c, order)).all()
    assert (before[0] == b).all() and (before[1] == moved).all()


@BOTH
def test_products_beyond_all_numbers_are_told(order):
    b, c = [0, 0, 0, 0, 1], [1e200] * 5  # `solve` never multiplies the c alone
    assert solve(b, c).tolist() == b
    with pytest.raises(ValueError, match="multiplies the c of a path, and here that leaves the range of numbers"):
        scan(b, c, order)


# ---- who meets whom -----------------------------------------------------------------------------


@BOTH
def test_every_meeting_joins_neighbouring_paths_until_all_reach_back_to_step_1(order):
    """Played with sets: each element holds the steps whose paths it has collected."""
    for T in LENGTHS:
        held = {step: {step} for step in range(1, T + 1)}
        first = collected_from(T, order)
        for met, row in zip([np.empty((0, 2), int), *meetings(T, order)], first, strict=True):
            before = held.copy()
            for earlier, later in met.tolist():
                assert max(before[earlier]) + 1 == min(before[later])
                held[later] = before[earlier] | before[later]
            assert row.tolist() == [min(held[step]) for step in range(1, T + 1)]
        assert all(held[step] == set(range(1, step + 1)) for step in held)


def test_depth_and_work():
    for T in LENGTHS:
        n = ceil(log2(T))
        assert rounds(T) == len(meetings(T)) == n
        assert count_pairs(T) == sum(map(len, meetings(T))) == T * n - 2**n + 1
        up, down = int(log2(T)), max(0, int(log2(2 * T / 3 + 1e-9)))
        assert rounds(T, "halving") == len(meetings(T, "halving")) == up + down
        assert T - 1 <= count_pairs(T, "halving") == sum(map(len, meetings(T, "halving"))) < 2 * T


# ---- associativity ------------------------------------------------------------------------------


def test_the_kernel_says_that_two_steps_are_the_composed_pair():
    proved = pairs.two_steps()
    joined_c, joined_b = pairs.compose((c[t + 1], b[t + 1]), (c[t], b[t]))
    assert type(proved) is Theorem and not proved.supposes and proved.left == a[t + 1]
    assert proved.right == sp.expand(joined_b + joined_c * a[t - 1])


def test_the_kernel_says_that_the_grouping_does_not_matter():
    three = [(c[n], b[n]) for n in (t, t + 1, t + 2)]
    for proved, (whole_c, whole_b) in zip(pairs.three_steps(), pairs.groupings(*three), strict=True):
        assert type(proved) is Theorem and not proved.supposes and proved.left == a[t + 2]
        assert proved.right == sp.expand(whole_b + whole_c * a[t - 1])


def test_matrices_in_both_groupings_and_what_does_not_hold():
    first_two, last_two = pairs.associativity().steps[-2:]
    assert first_two.shown != last_two.shown and first_two.after == last_two.after
    one, two = ((pairs.matrix(f"C{n}"), pairs.matrix(f"B{n}")) for n in (1, 2))
    assert [sp.expand(x - y) for x, y in zip(pairs.compose(two, one), pairs.compose(one, two), strict=True)] != [0, 0]


def test_a_product_in_the_wrong_order_is_found_out(monkeypatch):
    """c₂ b₁ written as b₁ c₂ is right for numbers and wrong for matrices."""
    monkeypatch.setattr(
        pairs, "compose", lambda second, first: (second[0] * first[0], first[1] * second[0] + second[1])
    )
    with pytest.raises(FalseStep, match="three pairs of matrices are not the same"):
        pairs.of_matrices()


# ---- the gradient -------------------------------------------------------------------------------


def linear(h=4, seed=0, dtype=float):
    rng = np.random.default_rng(seed)
    W = [rng.standard_normal(shape) for shape in [(h, 2), (3, h), (h,), (3,)]]
    return RNN(W[0], np.diag(rng.uniform(-1, 1, h)), *W[1:], phi="identity", dtype=dtype)


@within("loss", ["cross_entropy", "squared"])
@within("T", [1, 2, 13])
def test_the_gradient_by_two_scans(loss, T):
    rng, rnn = np.random.default_rng(T), linear()
    x, h0, mask = rng.standard_normal((T, 2, 2)), rng.standard_normal((2, 4)), rng.integers(2, size=(T, 2))
    mask[0] = 1
    y = rng.integers(3, size=(T, 2)) if loss == "cross_entropy" else rng.standard_normal((T, 2, 3))
    found = scanned_gradient(rnn, x, y, loss, h0, mask)
    wanted = gradient(rnn, x, y, loss=loss, h0=h0, mask=mask)
    assert_same_gradient(found, complex_step(rnn, x, y, loss=loss, h0=h0, mask=mask))
    assert_same_gradient(found, wanted)
    for name in ("loss", "dL_dh", "dL_dh0"):
        assert_close(getattr(found, name), getattr(wanted, name))


def test_a_long_gradient_and_a_complex_network():
    rng = np.random.default_rng(3)
    x, y = rng.standard_normal((2000, 2)), rng.integers(3, size=2000)
    for rnn in (linear(), linear(dtype=complex)):
        assert_same_gradient(scanned_gradient(rnn, x, y), gradient(rnn, x, y))


def test_neither_pass_is_the_loop(monkeypatch):
    def looped(*_):
        raise AssertionError("a loop over the steps")

    monkeypatch.setattr(RNN, "_run", looped)
    monkeypatch.setattr("bpttlib.rnn.Trace.carry", looped)
    scanned_gradient(linear(), np.ones((5, 2)), [0] * 5)


# ---- what is refused ----------------------------------------------------------------------------

TWO, X, Y = np.ones((2, 2)), np.ones((3, 2)), [0, 1, 0]
FULL_W = RNN(TWO, [[0.5, 0.0], [0.25, 0.5]], TWO, phi="identity")
REFUSED = {
    "order of scan": (lambda: scan([1], [1], "tree"), ValueError, "order must be one of doubling, halving, got 'tree'"),
    "order of a list": (lambda: meetings(4, []), ValueError, "order must be one of doubling, halving, got []"),
    "no step": (lambda: scan([], []), ValueError, "at least one time step"),
    "lengths": (lambda: scan([1, 2, 3], [1, 2]), ValueError, "the shapes of b and c do not fit"),
    "NaN": (lambda: scan([1, np.nan], [1, 1]), ValueError, "NaN or infinity"),
    "words": (lambda: scan(["a"], [1]), TypeError, "must hold numbers"),
    "matrices that do not fit": (lambda: scan_matrices(TWO, np.ones((2, 2, 3))), ValueError, "c (T, h, h)"),
    "numbers for matrices": (lambda: scan_matrices([1, 2], [1, 2]), ValueError, "got (2,) and (2,)"),
    "no matrix": (lambda: scan_matrices(np.ones((0, 2)), np.ones((0, 2, 2))), ValueError, "with a step at least"),
    "T": (lambda: meetings(0), ValueError, "T must be a whole number from 1 on, got 0"),
    "T of rounds": (lambda: rounds(2.0), TypeError, "T must be a whole number, got 2.0"),
    "T of pairs": (lambda: count_pairs(True), ValueError, "T must be a whole number from 1 on, got True"),
    "T of paths": (lambda: collected_from(-1), ValueError, "T must be a whole number from 1 on, got -1"),
    "tanh": (
        lambda: scanned_gradient(RNN(TWO, np.eye(2), TWO), X, Y),
        ValueError,
        "phi must be 'identity', got 'tanh'",
    ),
    "full W_hh": (lambda: scanned_gradient(FULL_W, X, Y), ValueError, "W_hh must be diagonal"),
    "its entry": (lambda: scanned_gradient(FULL_W, X, Y), ValueError, "got 0.25 in row 1, column 0"),
    "a GRU": (
        lambda: scanned_gradient(GRU.random(2, 3, 2), X, Y),
        TypeError,
        "must be a MinimalGRU, or an RNN with phi='identity'",
    ),
    "no network": (lambda: scanned_gradient("rnn", X, Y), TypeError, "rnn must be a network such as"),
    "x": (lambda: scanned_gradient(linear(), np.ones((3, 5)), Y), ValueError, "x must have shape"),
}


@within("wrong, error, message", REFUSED.values(), ids=REFUSED)
def test_refused_before_any_work(wrong, error, message, monkeypatch):
    monkeypatch.setattr(RNN, "read", lambda *_: pytest.fail("work was done"))
    with pytest.raises(error) as caught:
        wrong()
    assert type(caught.value) is error and message in str(caught.value)
