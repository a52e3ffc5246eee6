"""The experiments behind the opening page and the page on truncation, their numbers found again the slow way."""

import numpy as np
import pytest
import reference as ref
from reference import assert_close
from strategies import Case
from within import within

from bpttlib import Random, Window
from bpttlib.experiments import lags, tradeoff, triangle, truncation, variance
from bpttlib.experiments.reading import STEPS, Reading, comparison, reading, reading_of_title
from bpttlib.panels.tradeoff import BUDGETS
from bpttlib.text import TITLE

TEXT = "a bad cab"


def case_of(read: Reading) -> Case:
    W = {name: getattr(read.rnn, name) for name in ref.NAMES}
    return Case(W, *read.data, np.zeros((1, 16)), "tanh", "cross_entropy")


@pytest.fixture(scope="module")
def whole():
    """The reading of the title at ρ = 0.9, and the norms of its paths by plain loops: of ∂L/∂h_i and ∂L/∂W_hh."""
    case = case_of(reading_of_title(0.9))
    rows, shares = np.zeros((STEPS, STEPS)), np.zeros((STEPS, STEPS))
    for t, i, _, row, share in ref.paths(case):
        rows[t - 1, i - 1] = np.sqrt((row**2).sum())
        shares[t - 1, i - 1] = np.sqrt((share["W_hh"] ** 2).sum())
    return case, rows, shares


def off(case: Case, omega) -> float:
    """‖ĝ-g‖/‖g‖ of ∂L/∂W_hh."""
    full, seen = (ref.weighted_gradient(case, o)["W_hh"] for o in (ref.full_omega(case.T), omega))
    return np.sqrt(((seen - full) ** 2).sum() / (full**2).sum())


# ---- the reading ----------------------------------------------------------------------------------


def test_a_reading_guesses_the_next_character():
    read = Reading(TEXT, 6)
    x, y = read.data
    letters = sorted(set(TEXT))
    assert x.shape == (6, 1, len(letters)) and y.shape == (6, 1) and read.steps == 6
    for t in range(6):
        assert x[t, 0].tolist() == [float(TEXT[t] == letter) for letter in letters]
        assert letters[y[t, 0]] == TEXT[t + 1]
    assert_close(np.abs(np.linalg.eigvals(read.rnn.W_hh)).max(), 0.9)


def test_norms_and_lags_of_a_reading_are_those_of_its_paths(whole):
    _, rows, shares = whole
    assert_close(reading_of_title(0.9).norms, shares)
    for k in range(STEPS):
        of_lag = [rows[s, s - k] for s in range(k, STEPS)]
        assert_close(reading_of_title(0.9).lags[k, k:], of_lag)
        assert_close(reading_of_title(0.9).mean_by_lag[k], sum(of_lag) / len(of_lag))


def test_the_entry_of_a_reading_is_the_largest(whole):
    g = ref.weighted_gradient(whole[0], ref.full_omega(STEPS))["W_hh"]
    k, j = reading_of_title(0.9).entry
    assert np.abs(g[k, j]) == np.abs(g).max()


def test_what_was_worked_out_is_kept():
    assert reading(TEXT, 5, 0.9) is reading(TEXT, 5, 0.9)
    assert comparison(reading(TEXT, 5, 0.9), Window(2)) is comparison(Reading(TEXT, 5, 0.9), Window(2))
    assert comparison(reading(TEXT, 5, 0.9), Random(0.5), 1) is not comparison(reading(TEXT, 5, 0.9), Random(0.5), 2)


# ---- triangle and truncation ------------------------------------------------------------------------


@pytest.mark.parametrize("strategy, omega", [("segments", ref.segments_omega), ("window", ref.window_omega)])
@pytest.mark.parametrize("tau", [1, 5, STEPS])
def test_triangle_keeps_the_paths_and_is_off_as_the_page_says(whole, strategy, omega, tau):
    case, _, shares = whole
    found = triangle.run(tau=tau, spectral_radius=0.9, strategy=strategy)
    assert (found["text"], found["kind"], found["tau"]) == (TITLE, strategy, tau)
    assert_close(found["Omega"], omega(STEPS, tau))
    assert_close(found["norms"], shares)
    assert_close(found["error"], off(case, omega(STEPS, tau)))


@pytest.mark.parametrize("strategy, omega", [("segments", ref.segments_omega), ("window", ref.window_omega)])
def test_triangle_shows_the_gradient_and_what_is_left_of_it(whole, strategy, omega):
    found = triangle.run(tau=5, spectral_radius=0.9, strategy=strategy)
    assert_close(found["gradient"], ref.weighted_gradient(whole[0], ref.full_omega(STEPS))["W_hh"])
    assert_close(found["estimate"], ref.weighted_gradient(whole[0], omega(STEPS, 5))["W_hh"])


def truncated(**state):
    return truncation.run(**{"text": TEXT, "T": 6, "spectral_radius": 0.9, "tau": 2, "pi": 0.6, "throws": 1} | state)


def test_truncation_holds_the_four_strategies_and_how_far_they_are_off():
    case, found = case_of(Reading(TEXT, 6)), truncated()
    omegas = {"full": ref.full_omega(6), "segments": ref.segments_omega(6, 2), "window": ref.window_omega(6, 2)}
    for name, omega in (omegas | {"random": ref.edge_omega(truncation.edge_weights(6, 0.6)[0])}).items():
        assert_close(found["Omegas"][name], omega)
        assert_close(found["gradients"][name], ref.weighted_gradient(case, omega)["W_hh"])
        assert_close(found["errors"][name], off(case, omega))
    assert (found["tau"], found["pi"], found["text"]) == (2, 0.6, TEXT)


def test_the_fixed_ones_know_how_far_off_one_shorter_is():
    case, found = case_of(Reading(TEXT, 6)), truncated(tau=3)
    assert_close(found["shorter"]["segments"], off(case, ref.segments_omega(6, 2)))
    assert_close(found["shorter"]["window"], off(case, ref.window_omega(6, 2)))
    assert truncated(tau=1)["shorter"] == {"segments": None, "window": None}


@pytest.mark.parametrize("throws", [1, 2, 5, 99, 100, 101, 230])
def test_the_mean_is_that_of_the_throws_so_far_and_each_has_its_error(throws):
    case, found = case_of(Reading(TEXT, 6)), truncated(throws=throws)
    drawn, which = np.unique(truncation.edge_weights(6, 0.6)[:throws, 1:], axis=0, return_inverse=True)
    omegas = [ref.edge_omega(np.append(1.0, one)) for one in drawn]
    each = np.array([ref.weighted_gradient(case, omega)["W_hh"] for omega in omegas])[which.ravel()]
    assert_close(found["gradients"]["random"], each.mean(axis=0))
    assert_close(found["thrown"], np.array([off(case, omega) for omega in omegas])[which.ravel()])
    assert_close(found["Omegas"]["random"], ref.edge_omega(truncation.edge_weights(6, 0.6)[throws - 1]))


def test_a_throw_more_leaves_the_others_and_the_fixed_ones_alone():
    first, second = truncated(throws=7), truncated(throws=8)
    assert first["thrown"].tolist() == second["thrown"][:7].tolist()
    for kind in ("full", "segments", "window"):
        assert first["gradients"][kind] is second["gradients"][kind]


def test_the_dice_are_fair():
    xi = truncation.edge_weights(6, 0.6)
    assert xi.shape == (truncation.MOST, 6) and set(xi.ravel()) == {0.0, 1 / 0.6}
    assert abs(np.mean(xi > 0) - 0.6) < 4 * np.sqrt(0.6 * 0.4 / xi.size)
    assert len(np.unique(xi, axis=0)) == 2**6


@within(
    "state, says",
    [
        ({"T": 9}, "9 steps need 10 characters"),
        ({"tau": 0}, "tau"),
        ({"pi": 0.0}, "pi"),
        ({"spectral_radius": 0.0}, "spectral_radius"),
        ({"text": "aaaaaaaa"}, "is 0"),
        ({"throws": 0}, "throws must lie in 1 … 2000"),
        ({"throws": 2001}, "throws must lie in 1 … 2000"),
    ],
)
def test_truncation_refuses_what_cannot_be_compared(state, says):
    with pytest.raises(ValueError, match=says):
        truncated(**state)


# ---- the laws ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("c, pi", [(0.8, 0.7), (0.8, 0.64), (1.2, 0.05), (0.0, 0.5), (0.5, 1.0)])
def test_variance_follows_its_recurrence(c, pi):
    found = variance.run(c=c, pi=pi)
    a = spread = 0.0
    for t in range(variance.STEPS):
        literal = c**2 * (1 / pi - 1) * a**2
        spread = c**2 / pi * spread + literal
        assert_close(found["literal"][t], literal, scale=max(1, literal))
        assert_close(found["recursive"][t], spread, scale=max(1, spread))
        a = 1 + c * a
    assert (found["c"], found["pi"]) == (c, pi)


def test_variance_has_a_limit_where_c_squared_is_less_than_pi():
    assert_close(variance.run(c=0.8, pi=0.7)["limit"], 0.8**2 * 0.3 / (0.2**2 * (0.7 - 0.8**2)))
    assert variance.run(c=0.8, pi=0.6)["limit"] is None and variance.run(c=0.8, pi=0.64)["limit"] is None


def test_trade_off_runs_over_every_tau_and_every_tenth_of_a_path(whole):
    found = tradeoff.run("paths_per_loss", budget=5, averaged=10, spectral_radius=0.9)
    assert (found["cost"], found["budget"], found["averaged"]) == ("paths_per_loss", 5, 10)
    curves = found["curves"]
    assert_close(curves["random"].paths_per_loss, np.arange(11, 146) / 10, 1e-9)
    assert_close(curves["random"].bias, np.zeros(135))
    for kind, omega in (("segments", ref.segments_omega), ("window", ref.window_omega)):
        assert curves[kind].setting.tolist() == list(range(1, STEPS + 1)) and not curves[kind].spread.any()
        for tau in (1, 4, STEPS):
            assert_close(curves[kind].bias[tau - 1], off(whole[0], omega(STEPS, tau)))
            assert_close(curves[kind].paths_per_loss[tau - 1], np.count_nonzero(omega(STEPS, tau)) / STEPS)


def test_the_spread_of_trade_off_is_that_of_the_moments():
    curve, read = reading_of_title(1.3).trade_off["random"], reading_of_title(1.3)
    for place in (0, 20, 60, 134):
        wanted = read.compare(Random(curve.setting[place])).spread
        assert_close(curve.spread[place], wanted, 1e-9, scale=max(wanted, 1e-9))


@within("cost", ["paths_per_loss", "mean_products", "states_held"])
@within("spectral_radius", [0.1, 0.9, 2.0])
def test_no_marked_setting_costs_more_than_the_budget_at_any_place_of_the_slider(cost, spectral_radius):
    _, low, high = BUDGETS[cost]
    for budget in range(low, high + 1):
        found = tradeoff.run(cost, budget, 1, spectral_radius)
        for kind, curve in found["curves"].items():
            paid, place = getattr(curve, cost), found["place"][kind]
            assert paid[place] <= budget + 1e-9
            assert place == len(paid) - 1 or paid[place + 1] > budget, "the next would still be within"
    assert found["full"] == {"paths_per_loss": (STEPS + 1) / 2, "mean_products": STEPS - 1, "states_held": STEPS + 1}


@pytest.mark.parametrize("budget, spectral_radius", [(5, 0.9), (5, 0.2), (2, 1.5), (14, 2.0)])
def test_random_passes_with_the_first_mean_that_is_nearer(budget, spectral_radius):
    found = tradeoff.run("paths_per_loss", budget, 1, spectral_radius)
    random, place = found["curves"]["random"], found["place"]
    for kind, n in found["passes"].items():
        bias = found["curves"][kind].bias[place[kind]]
        assert random.rms(n)[place["random"]] < bias
        assert n == 1 or random.rms(n - 1)[place["random"]] >= bias


def test_random_never_passes_what_has_no_bias():
    found = tradeoff.run("mean_products", 110, 1, 0.9)
    assert found["passes"]["segments"] == np.inf and found["passes"]["window"] == 1


@pytest.mark.parametrize("tolerance", [0.5, 0.1, 0.001])
def test_lags_choose_the_shortest_window_that_leaves_out_no_more(whole, tolerance):
    case, rows, _ = whole
    n = [np.mean([rows[s, s - k] for s in range(k, STEPS)]) for k in range(STEPS)]
    found = lags.run(tolerance=tolerance, spectral_radius=0.9)
    tau = found["tau"]
    assert_close(found["by_lag"], n)
    assert_close(found["share"], [sum(n[k:]) / sum(n) for k in range(STEPS + 1)])
    assert found["tolerance"] == tolerance
    assert sum(n[tau:]) <= tolerance * sum(n) < sum(n[tau - 1 :])
    assert_close(found["bias"]["window"][tau - 1], off(case, ref.window_omega(STEPS, tau)))
    assert_close(found["bias"]["segments"][tau - 1], off(case, ref.segments_omega(STEPS, tau)))


def test_decay_is_the_factor_of_a_geometric_decay():
    assert_close(lags.decay(3 * 0.7 ** np.arange(12)), 0.7)
    assert_close(lags.decay(np.array([5.0, 1.0, 0.25])), 0.25)  # not from lag 0 to lag 1
    assert_close(lags.decay(np.append(0.5 ** np.arange(6), np.ones(6))), 0.5)  # the first half
