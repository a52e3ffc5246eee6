"""A mask says which losses count: what is padded costs nothing, and what remains is what it is alone."""

import numpy as np
import pytest
import reference as ref
from reference import assert_close, assert_same_gradient
from strategies import LOSSES, make_case
from within import within

from bpttlib import EdgeWeights, Full, Problem, Segments, Window, complex_step, gradient, many_gradients, path_shares
from bpttlib.problem import LOSSES as FUNCTIONS

LENGTHS = 6, 4, 1
COUNTED = sum(LENGTHS)
XI = np.array([1.0, 0.5, 2.0, 0.0, 1.5, 1.0])
STRATEGIES = [Full(), Segments(3), Window(2), EdgeWeights(XI)]


def padded(loss="cross_entropy"):
    """Three sentences of different lengths, filled up with steps of which nothing may depend."""
    case = make_case(seed=3, T=6, B=3, loss=loss)
    return case, np.arange(6)[:, None] < np.array(LENGTHS)


def sentence(case, b, T):
    """One of them alone, and without its padding."""
    return type(case)(case.W, case.x[:T, b : b + 1], case.y[:T, b : b + 1], case.h0[b : b + 1], case.phi, case.loss)


def omega(strategy, T):
    if isinstance(strategy, EdgeWeights):
        return ref.edge_omega(XI[:T])
    if isinstance(strategy, Window):
        return ref.window_omega(T, strategy.tau)
    return ref.segments_omega(T, getattr(strategy, "tau", T))


@within("loss", LOSSES)
@within("strategy", STRATEGIES)
def test_a_padded_batch_is_the_sum_of_its_sentences(strategy, loss):
    """Each weighted by its share of the characters; and each by the naive sum over its paths."""
    case, mask = padded(loss)
    g = case.call(gradient, strategy, mask=mask)
    wanted = dict.fromkeys(ref.NAMES, 0)
    for b, T in enumerate(LENGTHS):
        alone = sentence(case, b, T)
        for name, share in ref.weighted_gradient(alone, omega(strategy, T)).items():
            if name in wanted:
                wanted[name] = wanted[name] + T / COUNTED * share
    assert_same_gradient(g, wanted)
    assert_close(g.loss, sum(T / COUNTED * ref.loss(sentence(case, b, T), case.W) for b, T in enumerate(LENGTHS)))


@pytest.mark.parametrize("loss", LOSSES)
def test_any_mask_by_complex_step(loss):
    case = make_case(seed=5, T=4, B=2, loss=loss)
    mask = np.array([[0, 1], [1, 0], [0, 0], [1, 1]])
    found = case.call(gradient, mask=mask)
    assert_same_gradient(found, case.call(complex_step, mask=mask))
    again = case.call(many_gradients, np.ones((1, 4)), mask=mask)
    assert_close(again.W_hh[0], found.W_hh)
    assert_close(case.call(path_shares, mask=mask).sum(axis=(0, 1)), found.W_hh)


def test_the_complex_step_counts_what_the_mask_counts():
    """A mask on the last step alone: its loss is T times its share of L without a mask, minus all before."""
    case = make_case(seed=6, T=3, B=1)
    before = type(case)(case.W, case.x[:2], case.y[:2], case.h0, case.phi, case.loss)
    whole, part = ref.complex_step(case), ref.complex_step(before)
    wanted = {name: 3 * whole[name] - 2 * part[name] for name in ref.NAMES}
    assert_same_gradient(case.call(complex_step, mask=[0, 0, 1]), wanted)


def test_what_does_not_count_may_be_anything():
    case, mask = padded("squared")
    y = case.y.copy()
    y[~mask] = 1e300  # its square overflows
    found = gradient(case.rnn, case.x, y, loss="squared", h0=case.h0, mask=mask)
    assert_same_gradient(found, case.call(gradient, mask=mask), tol=0)


def test_a_mask_of_ones_is_none():
    case = make_case(T=5, B=2)
    with_mask, without = case.call(gradient, mask=np.ones((5, 2))), case.call(gradient)
    assert with_mask.loss == without.loss
    assert_same_gradient(with_mask, without, tol=0)


def test_a_single_sequence_may_leave_the_batch_out():
    case = make_case(T=4, B=1)
    with_B, without = (case.call(gradient, mask=mask) for mask in ([[1], [0], [1], [1]], [True, False, True, True]))
    assert_same_gradient(with_B, without, tol=0)


def test_cross_entropy_by_its_definition():
    rng = np.random.default_rng(0)
    o, y = rng.standard_normal((3, 2, 4)), rng.integers(4, size=(3, 2))
    losses, dl_do = FUNCTIONS["cross_entropy"](o, y)
    p = np.exp(o) / np.exp(o).sum(axis=-1, keepdims=True)
    assert_close(losses, -np.log((p * np.eye(4)[y]).sum(axis=-1)))
    assert_close(dl_do, p - np.eye(4)[y])


@within(
    "mask, error, words",
    [
        (np.zeros((4, 2)), ValueError, "mask must hold at least one 1: no loss counts"),
        (np.full((4, 2), 0.5), ValueError, "mask must hold 0 and 1, got 0.5"),
        (np.full((4, 2), -1), ValueError, "mask must hold 0 and 1, got -1"),
        (np.full((4, 2), np.nan), ValueError, "mask may not hold NaN or infinity"),
        (np.ones((4, 3)), ValueError, r"mask must have shape \(4, 2\), got \(4, 3\)"),
        (np.ones(4), ValueError, r"mask must have shape \(4, 2\), got \(4,\)"),
        (1, ValueError, r"mask must have shape \(4, 2\), got \(\)"),
        (np.full((4, 2), "a"), TypeError, "mask must hold real numbers"),
    ],
)
def test_a_mask_that_is_none(mask, error, words):
    case = make_case(T=4, B=2)
    with pytest.raises(error, match=words):
        Problem(case.rnn, case.x, case.y, case.loss, case.h0, mask)
