"""What each strategy loses and costs, recomputed the slow way."""

import numpy as np
import pytest
import reference as ref
from hypothesis import assume, given
from hypothesis import strategies as st
from reference import assert_close
from strategies import LOSSES, cases, few, make_case, probabilities, taus, truncations
from within import within

from bpttlib import EdgeWeights, Full, Random, Segments, Window
from bpttlib.comparison import Tradeoff, choose_tau, compare, pi_for_paths_per_loss, tail_share, trade_off

STRATEGIES = [Full(), Window(1), Window(3), Segments(1), Segments(3), Random(0.6), Random([0.5, 0.9, 0.4, 1, 0.3, 0.7])]


def omega_of(strategy, T, seed=None):
    """Ω from the formulas of the page; only the dice are the library's."""
    if isinstance(strategy, Window):
        return ref.window_omega(T, strategy.tau)
    if isinstance(strategy, Segments):
        return ref.segments_omega(T, strategy.tau)
    if isinstance(strategy, Full):
        return ref.full_omega(T)
    return ref.edge_omega(strategy.edge_weights(T, seed))


def mean_and_total_variance(case, strategy):
    """E ∂L/∂W_hh and the sum of the variances of its entries, by enumeration."""
    if not isinstance(strategy, Random):
        return ref.weighted_gradient(case, omega_of(strategy, case.T))["W_hh"], 0.0
    p, rows = zip(*ref.outcomes(np.broadcast_to(strategy.pi, case.T)), strict=True)
    g = np.array([ref.weighted_gradient(case, ref.edge_omega(xi))["W_hh"] for xi in rows])
    mean = np.tensordot(p, g, 1)
    return mean, np.tensordot(p, (g - mean) ** 2, 1).sum()


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("strategy", STRATEGIES, ids=str)
@within("seed", [0, 3])
def test_every_number_of_a_comparison(seed, strategy, loss):
    case = make_case(T=6, B=2, loss=loss)
    (found,) = compare(case.problem, [strategy], seed=seed)
    omega = omega_of(strategy, 6, seed)
    full = ref.weighted_gradient(case, ref.full_omega(6))["W_hh"]
    seen = ref.weighted_gradient(case, omega)["W_hh"]
    mean, variance = mean_and_total_variance(case, strategy)
    size = np.sqrt((full**2).sum())
    assert found.strategy is strategy
    assert_close(found.error, np.sqrt(((seen - full) ** 2).sum()) / size)
    assert_close(found.cosine, (seen * full).sum() / np.sqrt((seen**2).sum()) / size)
    assert_close(found.bias, np.sqrt(((mean - full) ** 2).sum()) / size)
    assert_close(found.spread, np.sqrt(variance) / size)
    assert found.reach == max(t - i + 1 for t, i in zip(*np.nonzero(omega), strict=True))
    assert found.jacobian_products == strategy.jacobian_products(6, seed)


def test_a_comparison_keeps_the_order_and_its_kinds_of_error():
    full, window, dice = compare(make_case().problem, [Full(), Window(2), Random(0.5)], seed=0)
    assert (full.error, full.bias, full.spread) == (0, 0, 0) and abs(full.cosine - 1) < 1e-12
    assert window.error == window.bias > 0.01 and window.spread == 0
    assert dice.bias < 1e-12 and dice.spread > 0.01


@pytest.mark.parametrize("generator", [False, True], ids=["no seed", "generator"])
def test_products_and_reach_belong_to_the_same_throw(generator):
    case = make_case(T=3, B=1)
    for start in range(40):
        (found,) = compare(case.problem, [Random(0.5)], seed=np.random.default_rng(start) if generator else None)
        assert found.reach == found.jacobian_products + 1


def test_a_generator_throws_what_its_int_seed_throws():
    case = make_case(T=8)
    for seed in range(10):
        assert compare(case.problem, [Random(0.5)], seed=np.random.default_rng(seed)) == compare(
            case.problem, [Random(0.5)], seed=seed
        )


def test_edge_weights_of_its_own_for_every_sequence_can_be_compared():
    case = make_case(T=4, B=2)
    xi = np.array([[1, 1], [1, 0], [0, 1], [1, 0.0]])
    (found,) = compare(case.problem, [EdgeWeights(xi)])
    omega = np.array([ref.edge_omega(column) for column in xi.T])
    full, seen = (ref.weighted_gradient(case, o)["W_hh"] for o in (ref.full_omega(4), omega))
    assert_close(found.error, np.linalg.norm(seen - full) / np.linalg.norm(full))
    assert found.reach == 2


def test_nothing_is_relative_to_a_gradient_of_zero():
    case = make_case(T=1, h0=False)
    with pytest.raises(ValueError, match="is 0"):
        compare(case.problem, [Full()])


# ---- cost ---------------------------------------------------------------------------------------


@few
@given(cases(max_B=1), truncations, st.integers(0, 99))
def test_products_are_those_a_naive_sweep_counts(case, strategy, seed):
    if isinstance(strategy, Window):
        delta, count = ref.counted_window_sweep(case, strategy.tau)
    else:
        delta, count = ref.counted_edge_sweep(case, strategy.edge_weights(case.T, seed))
    assert strategy.jacobian_products(case.T, seed) == count
    assert_close(delta, ref.weighted_gradient(case, omega_of(strategy, case.T, seed))["dL_dh"][:, 0])


def test_ten_steps_cost_9_products_and_45_by_the_naive_sum():
    assert Full().jacobian_products(10) == 9
    assert Window(10).jacobian_products(10) == 45
    assert [Segments(tau).jacobian_products(10) for tau in (1, 3, 5, 10)] == [0, 6, 8, 9]
    assert [Window(tau).jacobian_products(10) for tau in (1, 2, 3)] == [0, 9, 17]


@few
@given(st.integers(1, 9), st.integers(0, 999))
def test_paths_per_loss_of_random_are_the_mean_over_every_outcome(T, seed):
    pi = np.random.default_rng(seed).uniform(0.1, 1, T)
    wanted = sum(p * np.count_nonzero(ref.edge_omega(xi)) for p, xi in ref.outcomes(pi)) / T
    assert_close(Random(pi).paths_per_loss(T), wanted)
    assert_close(Random(0.3).paths_per_loss(T), sum(0.3**k for t in range(T) for k in range(t + 1)) / T)


@few
@given(st.integers(1, 8), st.integers(0, 999))
def test_products_and_states_of_random_are_the_mean_over_every_outcome(T, seed):
    pi = np.random.default_rng(seed).uniform(0.1, 1, T)
    products = states = 0.0
    for p, xi in ref.outcomes(pi):
        products += p * np.count_nonzero(xi[1:])
        states += p * (1 + longest_chain(xi))
    assert_close(Random(pi).mean_products(T), products)
    assert_close(Random(pi).states_held(T), states)


def longest_chain(xi):
    """Steps in a row that no cut parts; the edge before the first step counts for nothing."""
    longest = here = 1
    for kept in xi[1:]:
        here = here + 1 if kept else 1
        longest = max(longest, here)
    return longest


@few
@given(st.integers(1, 12), taus)
def test_states_held_of_the_others_are_their_longest_chain_and_one_before(T, tau):
    assert Full().states_held(T) == T + 1
    assert Segments(tau).states_held(T) == Window(tau).states_held(T) == min(tau, T) + 1
    for strategy in (Full(), Window(tau), Segments(tau)):
        assert strategy.mean_products(T) == strategy.jacobian_products(T)
    xi = np.random.default_rng(tau).integers(0, 2, T)
    assert EdgeWeights(xi).states_held(T) == longest_chain(xi) + 1


@few
@given(st.integers(1, 12), taus)
def test_paths_per_loss_of_the_others_count_the_paths_kept(T, tau):
    for strategy in (Full(), Window(tau), Segments(tau), EdgeWeights(np.arange(T) % 3)):
        assert strategy.paths_per_loss(T) == (omega_of(strategy, T) != 0).sum() / T
    assert Full().paths_per_loss(T) == (T + 1) / 2


def test_paths_per_loss_are_per_loss_and_so_averages_over_sequences():
    xi = np.array([[1, 1], [1, 0], [1, 1.0]])
    assert_close(EdgeWeights(xi).paths_per_loss(3), (6 / 3 + 4 / 3) / 2)


@few
@given(cases(max_T=5, max_B=2), probabilities)
def test_trade_off_holds_bias_and_spread_of_every_setting(case, pi):
    full = ref.weighted_gradient(case, ref.full_omega(case.T))["W_hh"]
    assume(full.any())
    curves = trade_off(case.problem, [pi, 1.0])
    assert list(curves) == ["segments", "window", "random"]
    assert curves["segments"].setting.tolist() == curves["window"].setting.tolist() == list(range(1, case.T + 1))
    assert curves["random"].setting.tolist() == [pi, 1.0]
    size = np.sqrt((full**2).sum())
    for name, kind in [("segments", Segments), ("window", Window), ("random", Random)]:
        for n, setting in enumerate(curves[name].setting):
            mean, variance = mean_and_total_variance(case, kind(setting))
            assert_close(curves[name].bias[n], np.sqrt(((mean - full) ** 2).sum()) / size)
            assert_close(curves[name].spread[n] ** 2, variance / size**2)
            assert_close(curves[name].paths_per_loss[n], kind(setting).paths_per_loss(case.T))
            assert_close(curves[name].mean_products[n], kind(setting).mean_products(case.T))
            assert_close(curves[name].states_held[n], kind(setting).states_held(case.T))


@pytest.mark.parametrize("loss", LOSSES)
def test_averaging_n_gradients_divides_the_variance_and_keeps_the_bias(loss):
    for curve in trade_off(make_case(T=6, loss=loss).problem, [0.3, 0.6]).values():
        assert_close(curve.rms() ** 2, curve.bias**2 + curve.spread**2)
        assert_close(curve.rms(4) ** 2, curve.bias**2 + curve.spread**2 / 4)


@few
@given(st.lists(st.integers(0, 20), min_size=1).map(sorted), st.integers(0, 20))
def test_within_a_budget_is_the_most_paths_that_are_no_more(kept, budget):
    kept = np.array(kept, dtype=float)
    curve = Tradeoff(kept, kept, 2 * kept, 3 * kept, kept, kept)
    for times, cost in enumerate(["paths_per_loss", "mean_products", "states_held"], start=1):
        affordable = [n for n, paths in enumerate(kept) if times * paths <= budget]
        assert curve.within(budget, cost) == max(affordable, default=0)
    assert curve.within(budget) == curve.within(budget, "paths_per_loss")


@pytest.mark.parametrize("loss", LOSSES)
def test_trade_off_ends_without_error(loss):
    curves = trade_off(make_case(T=7, loss=loss).problem, [0.5, 1.0])
    for name in ("segments", "window", "random"):
        assert curves[name].rms()[-1] < 1e-12
        assert curves[name].rms()[0] > 0.01
        assert_close(curves[name].paths_per_loss[-1], 4.0)


def test_trade_off_has_nothing_to_measure_against_a_gradient_of_zero():
    with pytest.raises(ValueError, match="is 0"):
        trade_off(make_case(T=1, h0=False).problem, [0.5])


# ---- choosing tau -------------------------------------------------------------------------------


by_lags = st.lists(st.integers(0, 1000).map(lambda n: n / 8), min_size=1, max_size=12).filter(any)


@few
@given(by_lags)
def test_tail_share_is_what_a_window_leaves_out(n):
    wanted = [sum(n[tau:]) / sum(n) for tau in range(len(n) + 1)]
    assert_close(tail_share(n), wanted)
    assert tail_share(n)[0] == 1 and tail_share(n)[-1] == 0


@few
@given(by_lags, st.sampled_from([0, 0.01, 0.1, 0.5, 0.99]))
def test_choose_tau_is_the_shortest_window_that_is_good_enough(n, tolerance):
    tau = choose_tau(n, tolerance)
    assert tau == min(k for k in range(1, len(n) + 1) if sum(n[k:]) <= tolerance * sum(n) * (1 + 1e-14))
    assert isinstance(tau, int)


def test_choose_tau_of_a_geometric_decay():
    assert [choose_tau(0.5 ** np.arange(30), share) for share in (0.6, 0.3, 0.2, 0.1)] == [1, 2, 3, 4]
    assert choose_tau([1, 0, 0], 0) == 1 and choose_tau([0, 0, 1], 0.5) == 3


def test_pi_for_paths_per_loss_is_the_inverse():
    for T in (2, 5, 28, 200):
        for kept in np.linspace(1.01, (T + 1) / 2, 7):
            assert abs(Random(pi_for_paths_per_loss(kept, T)).paths_per_loss(T) - kept) < 1e-9
        several = pi_for_paths_per_loss([1.2, 1.5], T)
        assert several.tolist() == [pi_for_paths_per_loss(kept, T) for kept in (1.2, 1.5)]
    for kept in (1, 0, 15):
        with pytest.raises(ValueError, match="paths per loss must lie in"):
            pi_for_paths_per_loss(kept, 28)
