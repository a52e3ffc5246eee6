"""Many trainings on the river: the same as `train`, paired by seed, and read off by other routes."""

from itertools import islice

import numpy as np
import pytest
from reference import assert_close

from bpttlib import Adam, Full, Random, Segments, Window, gradient, lag_norms, train, windows
from bpttlib.batches import streams
from bpttlib.comparison import choose_tau
from bpttlib.experiments import cost, runs, seeds, taus, trained
from bpttlib.text import next_character

SMALL = {"seeds": 2, "updates": 20}


@pytest.fixture(scope="module")
def all_runs():
    return runs.every_run(**SMALL)


def test_the_text_is_split_and_both_parts_have_the_same_letters():
    learnt, unseen, vocabulary = runs.halves()
    assert len(learnt) == 3 * len(unseen) == 1668
    assert set(learnt) == set(vocabulary.characters) >= set(unseen), "no letter is met for the first time in the test"


@pytest.mark.parametrize("strategy", [Segments(5), runs.STRATEGIES["random"][0]], ids=repr)
def test_a_run_is_what_train_makes(all_runs, strategy):
    learnt, _, vocabulary = runs.halves()
    batches = list(islice(windows(learnt, vocabulary, 28, 8, seed=1), 20))
    wanted = train(runs.beginning(1), batches, strategy, Adam(0.02), clip=1.0, seed=1)
    found = all_runs[strategy][1]
    assert np.array_equal(found.losses, wanted.losses) and np.array_equal(found.products, wanted.products)
    assert np.array_equal(found.net.W_hh, wanted.net.W_hh)


def test_all_strategies_begin_alike_and_go_different_ways(all_runs):
    assert len(all_runs) == 11
    for seed in (0, 1):
        some = [one[seed] for one in all_runs.values()]
        assert len({one.losses[0] for one in some}) == len({one.unseen[0] for one in some}) == 1
        assert len({one.training for one in some}) == 11


def test_the_loss_on_a_text_is_the_mean_over_its_windows():
    net, (_, unseen, vocabulary) = runs.beginning(0), runs.halves()
    each = [gradient(net, *next_character(unseen[n : n + 29], 28, vocabulary)).loss for n in range(0, 532, 28)]
    assert_close(runs.loss_on(net, unseen), np.mean(each))


def test_the_dice_cost_what_the_segments_cost():
    for segments, dice in zip(map(Segments, runs.TAUS), runs.STRATEGIES["random"], strict=True):
        assert_close(dice.mean_products(28), segments.jacobian_products(28))


def test_what_is_trained_is_kept(all_runs):
    seen = []
    again = runs.every_run(**SMALL, progress=lambda pairs: seen.extend(pairs) or pairs)
    assert seen[:2] == [(Full(), 0), (Segments(1), 0)] and len(seen) == 22
    assert all(again[one][seed] is all_runs[one][seed] for one, seed in seen)


def test_an_interrupt_loses_a_single_run():
    def interrupted(pairs):
        yield from pairs[:2]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        runs.every_run(seeds=1, updates=3, progress=interrupted)
    hits = runs.trained.cache_info().hits
    runs.trained(Full(), 0, 3), runs.trained(Segments(1), 0, 3)
    assert runs.trained.cache_info().hits == hits + 2


@pytest.mark.parametrize("wrong", [{"seeds": 0}, {"updates": 0}, {"seeds": 1.5}])
def test_no_run_without_a_seed_or_an_update(wrong):
    with pytest.raises((ValueError, TypeError), match=f"{next(iter(wrong))} must be a whole number"):
        runs.every_run(**SMALL | wrong)


# ---- cost -----------------------------------------------------------------------------------------


def test_spent_is_counted_and_the_order_read_off_the_curves(all_runs):
    found = cost.run(**SMALL)
    products = {kind: one[-1] for kind, one in found["spent"]["products"].items()}
    dice = np.mean([one.products[-1] for one in all_runs[cost.MIDDLE["random"]]])
    assert products == {"full": 540, "segments": 440, "window": 2040, "random": dice}
    budget, losses = found["orders"]["products"]
    rounded = [round(loss, 2) for loss in losses.values()]
    assert budget == min(products.values()) and rounded == sorted(rounded)
    assert set(found["orders"]["states"][1]) == {"segments", "window", "random"}, "full holds 29 states"
    assert_close(found["curves"]["full"][1, 0], np.mean([one.losses.mean() for one in all_runs[Full()]]))


def test_the_lowest_loss_within_a_budget_of_states():
    held = {"full": np.array([29.0]), "segments": np.array([2.0, 6.0, 11.0]), "random": np.array([6.3])}
    ends = {"full": [[0], [1.0], [0]], "segments": [[0] * 3, [1.5, 1.3, 1.1], [0] * 3], "random": [[0], [1.2], [0]]}
    found = cost.within(held, {kind: np.array(one) for kind, one in ends.items()}, 7)
    assert found == (7, {"random": 1.2, "segments": 1.3}) and [*found[1]] == ["random", "segments"]


def test_losses_at_a_budget_lie_between_those_of_two_pieces():
    curves = {"full": np.array([[0, 0], [3.0, 1.0], [0, 0]]), "segments": np.array([[0, 0], [3.0, 1.9], [0, 0]])}
    spent = {"full": np.array([10.0, 20.0]), "segments": np.array([8.0, 16.0])}
    assert cost.nearest(curves, spent) == (16, {"full": pytest.approx(1.8), "segments": 1.9})


def test_too_few_updates_for_a_mean_are_refused():
    with pytest.raises(ValueError, match="updates must be at least 20, .* got 19"):
        cost.run(updates=19)


# ---- the three reasons ----------------------------------------------------------------------------


def test_felt_is_the_mean_over_the_losses_that_reach_so_far():
    net, (_, unseen, vocabulary) = runs.beginning(0), runs.halves()
    batch = streams(unseen, vocabulary, trained.STREAMS)
    G = lag_norms(net, batch.x, batch.y)
    n = [np.mean(G[k, k:]) for k in range(batch.T)]
    assert_close(trained.felt(net), np.array(n) / n[0])


def test_a_window_is_held_against_the_full_gradient_of_the_same_seed(all_runs):
    found = trained.run(**SMALL)
    a, b = (all_runs[Window(5)][seed].training - all_runs[Full()][seed].training for seed in (0, 1))
    assert found["above"][5] == pytest.approx((a + b) / 2)
    after = [choose_tau(trained.felt(one.net), 0.1) for one in all_runs[Full()]]
    assert found["tau"]["after"] == np.mean(after)
    assert found["share"]["before"][:, 0] == pytest.approx(1) and found["felt"]["after"][:, 0] == pytest.approx(1)


def test_dice_and_segments_are_paired_by_price_and_seed(all_runs):
    found = seeds.run(**SMALL)
    assert found["products"].tolist() == [14, 22, 25] and found["taus"] == [2, 5, 10]
    for row, pi in enumerate(found["pis"]):
        wanted = [a.training - b.training for a, b in zip(all_runs[Random(pi)], all_runs[Full()], strict=True)]
        assert found["above"]["random"][row] == pytest.approx(wanted)


def test_the_longest_tau_is_the_full_gradient(all_runs):
    found, full = taus.run(**SMALL), all_runs[Full()]
    five = all_runs[Segments(5)]
    assert found["taus"].tolist() == [1, 2, 5, 10, 28]
    assert found["above"] == pytest.approx([a.training - b.training for a, b in zip(five, full, strict=True)])
    for place, some in ((-1, full), (2, five)):
        assert found["training"][1, place] == pytest.approx(np.mean([one.training for one in some]))
        assert found["best"][1, place] == pytest.approx(np.mean([one.unseen.min() for one in some]))
    assert found["gained"]["last"] == pytest.approx(
        [a.unseen[-1] - b.unseen[-1] for a, b in zip(full, five, strict=True)]
    )
