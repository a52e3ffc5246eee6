"""The experiments of page 01: what is lit is what was asked for, and the smallest network judged by a complex step."""

from cmath import tanh
from math import comb

import numpy as np
import pytest
from within import within

from bpttlib.experiments import sums, ways
from bpttlib.experiments.graph import ALL, run, used_at
from bpttlib.unrolling import SHARED


@within("parameter", SHARED)
@within("T", range(1, 9))
def test_the_graph_lights_one_path_for_every_use_up_to_the_loss(parameter, T):
    for t in range(1, T + 1):
        uses = [t] if parameter == "W_qh" else list(range(1, t + 1))
        shown = run(T, t, parameter, ALL)
        assert used_at(parameter, t) == uses
        assert shown["chosen"] == shown["found"] and len(shown["found"]) == len(uses)
        for i in uses:
            (path,) = run(T, t, parameter, i)["chosen"]
            assert path[0] == (parameter, 0) and path[1] == ("g" if parameter == "W_qh" else "f", i)
            assert path[-1] == ("l", t) and sum(name == "h" for name, _ in path) == (t - i + 1) * (parameter != "W_qh")
        assert shown["in_all"] == (T if parameter == "W_qh" else comb(T + 1, 2))


def test_a_graph_without_steps_is_refused():
    for T, t in ((0, 1), (3, 4)):
        with pytest.raises(ValueError, match="must be"):
            run(T, t, "W_hh", ALL)


# ---- the smallest network, written out, with a weight of its own for every use ----------------------------


X, Y, W, EPS = [1.0, 0.0, 0.0, -1.0], [1.0, 0.5, 0.5, 0.0], 0.9, 1e-30


def states(weights, h_0=0.5):
    h = [h_0]
    for w, x in zip(weights, X, strict=False):
        h.append(tanh(w * h[-1] + 0.5 * x))
    return h


def nudged(use=None):
    """Every w, or only that of one use, moved by iε."""
    return [W + EPS * 1j * (use in (None, i)) for i in range(1, 5)]


def slope(value):
    return value.imag / EPS


def test_the_two_ways_to_h_2_are_those_of_a_complex_step():
    h_1 = states([W])[1]
    found = ways.run()
    assert found["immediate"] == pytest.approx(slope(states(nudged(use=2))[2]), abs=1e-15)
    assert found["total"] == pytest.approx(slope(states(nudged())[2]), abs=1e-15)
    assert found["before"] == pytest.approx(slope(states(nudged())[1]), abs=1e-15)
    assert found["passed"] == pytest.approx(slope(tanh(W * (h_1 + EPS * 1j) + 0.5 * X[1])), abs=1e-15)
    assert found["through"] == pytest.approx(slope(states(nudged(use=1))[2]), abs=1e-15)
    assert found["immediate"] + found["through"] == pytest.approx(found["total"], abs=1e-15)


def losses(weights):
    """l_t / T for every step."""
    return np.array([(2 * h - y) ** 2 / 2 / 4 for h, y in zip(states(weights)[1:], Y, strict=True)])


def test_every_share_is_what_the_loss_feels_of_that_use_alone():
    found = sums.run()
    shares = np.column_stack([slope(losses(nudged(use=i))) for i in range(1, 5)])
    assert np.allclose(found["shares"], shares, rtol=0, atol=1e-15) and not np.triu(found["shares"], 1).any()
    assert found["total"] == pytest.approx(slope(losses(nudged()).sum()), abs=1e-15)


def test_rows_and_columns_add_up_to_the_same_gradient():
    found = sums.run()
    assert np.allclose(found["by_rows"], found["shares"].sum(axis=1), rtol=0, atol=1e-15)
    assert np.allclose(found["by_columns"], found["shares"].sum(axis=0), rtol=0, atol=1e-15)
    for way in ("by_rows", "by_columns"):
        assert found[way].sum() == pytest.approx(found["total"], abs=1e-15)
