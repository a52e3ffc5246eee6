"""The table of seven ways: its products by counting, its numbers against strategies, its picture."""

import numpy as np
import pytest
from readable import faults
from reference import assert_close
from test_forward_mode import in_numbers
from test_gates import make_problem

from bpttlib import RNN, Random, Segments, Window, gradient, rank_one_gradient
from bpttlib.counting import count_products
from bpttlib.experiments import seven
from bpttlib.figures.seven import WORDS, SevenPicture
from bpttlib.forward_mode import reverse_cost


def sweep(W, slopes, direct, met, xi):
    """In plain numbers; an edge of weight 1 is not weighed."""
    total, delta = 0, direct[-1]
    for t in range(len(direct) - 1, -1, -1):
        dL_du = slopes[t] * delta
        total = total + np.outer(dL_du, met[t])
        if t:
            delta = direct[t - 1]
            if xi[t]:
                sent = W.T @ dL_du
                delta = delta + (sent if xi[t] == 1 else xi[t] * sent)
    return total


def window(W, slopes, direct, met, tau):
    """Each loss walks back alone, so that there is something to update with at once."""
    total = 0
    for t, delta in enumerate(direct):
        for i in range(t, max(t - tau, -1), -1):
            dL_du = slopes[i] * delta
            total = total + np.outer(dL_du, met[i])
            if i > max(t - tau + 1, 0):
                delta = W.T @ dL_du
    return total


@pytest.fixture
def small(monkeypatch):
    problem = make_problem(RNN, T=6, B=1, h=3, d=2)
    monkeypatch.setattr(seven, "T", 6), monkeypatch.setattr(seven, "H", 3), monkeypatch.setattr(seven, "D", 2)
    return problem


def found_by(strategy, problem):
    g = gradient(problem.net, problem.x, problem.y, strategy, problem.loss, problem.h0)
    return np.column_stack([g.W_hx, g.W_hh, g.b_h])


def test_the_products_are_counted(small):
    numbers = in_numbers(small)
    assert seven.swept(seven.Full()) == reverse_cost(6, 3, 2).products - 9  # nothing is sent to h_0
    for strategy in (seven.Full(), Segments(2), Segments(4)):
        edges = tuple(int(one) for one in strategy.edge_weights(6))
        found, products = count_products(lambda *given, xi=edges: sweep(*given, xi), *numbers)
        assert_close(found, found_by(strategy, small))
        assert products == seven.swept(strategy)


def test_the_products_of_a_window_are_counted(small):
    for tau in (1, 2, 3, 6):
        found, products = count_products(lambda *given, tau=tau: window(*given, tau), *in_numbers(small))
        assert_close(found, found_by(Window(tau), small))
        assert products == seven.swept(Window(tau))


def test_the_products_of_the_dice_are_the_mean_over_all_cuts(small):
    numbers, mean = in_numbers(small), 0.0
    for xi, p in zip(*Random(0.7).all_cuts(6), strict=True):
        mean += p * count_products(lambda *given, xi=xi: sweep(*given, xi.tolist()), *numbers)[1]
    assert mean == pytest.approx(seven.swept(Random(0.7)))


def test_the_first_cut_of_the_dice_by_listing():
    xi, p = Random(0.8).all_cuts(10)
    cut = np.append(xi[:, 1:] == 0, np.ones((len(xi), 1), bool), axis=1)
    first = p @ (cut.argmax(axis=1) + 1)
    assert first == pytest.approx((0.8 ** np.arange(10)).sum())
    assert seven.first_update(Random(0.8)) == pytest.approx((0.8 ** np.arange(28)).sum())


def test_nobody_is_best_everywhere_and_the_exact_ones_are_exact():
    found = seven.run()
    assert set.intersection(*map(set, found["best"].values())) == set()
    assert found["best"]["bias"] == ["full", "checkpointed", "forward", "rank one", "random"]
    assert found["best"]["spread"] == ["full", "checkpointed", "forward", "segments", "window"]
    ways = found["ways"]
    assert [round(100 * ways[name].bias) for name in ("segments", "window")] == [35, 19]
    assert round(100 * ways["random"].spread) == 59
    assert 0 < ways["rank one"].error < 0.01 * ways["rank one"].spread


def test_the_sampled_spread_is_that_of_single_throws():
    read, g = seven.READ, seven.judge()
    errors = [np.sum((rank_one_gradient(read.rnn, *read.data, seed=one).W_hh - g) ** 2) for one in range(100, 130)]
    assert np.sqrt(np.mean(errors)) / np.linalg.norm(g) == pytest.approx(
        seven.run()["ways"]["rank one"].spread, rel=0.3
    )


def test_the_table_as_it_is_read():
    picture = SevenPicture().update(**seven.run())
    marked = {place for place, (mark, _) in picture.cells.items() if mark.get_visible()}
    assert marked == {(name, column) for column, names in seven.run()["best"].items() for name in names}
    assert "segments, τ = 5: multiplications 0.94, numbers 112, bias 35 %, spread 0, update after 5" in picture.alt
    assert all("nan" not in text.get_text() for _, text in picture.cells.values())
    assert [*WORDS["grows"]] == list(seven.ORDER[:2])
    assert "numbers 480 (like T)" in picture.alt and "numbers 176 (like √T)" in picture.alt
    assert faults(picture) == []
