"""The pictures of many trainings show the numbers they are given, and their words fit."""

from itertools import combinations

import numpy as np
import pytest
from drawn import live

from bpttlib.figures.cost import HIGHEST, LOWEST, CostPicture, lowest
from bpttlib.figures.numbers import added, grouped
from bpttlib.figures.seeds import SeedsPicture
from bpttlib.figures.taus import TausPicture
from bpttlib.figures.trained import TrainedPicture

KINDS = ["full", "segments", "window", "random"]


def around(values, by=0.03):
    """Quartiles that lie so far apart."""
    return np.stack([np.array(values) - by, values, np.array(values) + by])


def cost():
    n = np.arange(1, 11)
    curves = {kind: around(1.2 + 0.8 / n + 0.05 * row) for row, kind in enumerate(KINDS)}
    spent = {"products": dict(zip(KINDS, (540 * n, 440 * n, 2040 * n, 441.0 * n), strict=True))}
    spent["seconds"] = dict.fromkeys(KINDS, 0.016 * n)
    held = dict(zip(KINDS, ([29.0], [2.0, 3, 6, 11], [3.0, 6, 11], [6.3, 12.4, 19]), strict=True))
    ends = {kind: around(np.linspace(1.5, 1.25, len(states))) for kind, states in held.items()}
    losses = {"segments": 1.28, "random": 1.31, "full": 1.31, "window": 1.98}
    orders = {"products": (4400.0, losses), "states": (7, {"window": 1.24}), "seconds": (0.15, losses)}
    return {"curves": curves, "spent": spent, "held": held, "ends": ends, "orders": orders}


def trained():
    felt, T = around(0.82 ** np.arange(61), 0), np.arange(62)
    share = around(0.82**T, 0)
    both = dict.fromkeys(("before", "after"), share)
    tau = {"before": 11.0, "after": 12.5}
    return {"felt": dict.fromkeys(both, felt), "share": both, "tau": tau, "above": {2: 0.117, 5: -0.004, 10: -0.007}}


def seeds():
    rows = np.array([[0.1, 0.16, 0.2], [0.04, 0.05, 0.06], [-0.02, 0.01, 0.02]])
    above = {"segments": rows, "random": rows + [[0.1], [0.03], [0.01]]}
    return {"above": above, "products": np.array([14, 22, 25]), "taus": [2, 5, 10], "pis": [0.519, 0.815, 0.926]}


def taus():
    lengths = np.array([1, 2, 5, 10, 28])
    curves = [around(np.geomspace(*ends, len(lengths))) for ends in ((1.48, 1.19), (1.98, 2.05), (1.92, 1.94))]
    gained = {"last": np.array([0.05, 0.07]), "best": np.array([-0.001, 0.001])}
    above = np.array([0.04, 0.06])
    names = ("taus", "training", "last", "best", "above", "gained")
    return dict(zip(names, (lengths, *curves, above, gained), strict=True))


STATES = {CostPicture: cost, TrainedPicture: trained, SeedsPicture: seeds, TausPicture: taus}


@pytest.fixture(scope="module", params=STATES, ids=lambda kind: kind.__name__)
def drawn(request):
    picture = live(request.param).update(**STATES[request.param]())
    picture.png()
    return picture


def test_words_fit_are_large_enough_and_do_not_lie_over_each_other(drawn):
    page, axes = drawn.figure.bbox, drawn.figure.axes
    texts = [*drawn.figure.texts, *(text for ax in axes for text in (*ax.texts, ax._left_title, ax.xaxis.label))]
    texts = [text for text in texts if text.get_text()]
    boxes = [text.get_window_extent() for text in texts]
    for text, box in zip(texts, boxes, strict=True):
        assert page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 and box.y1 <= page.y1, text
        assert text.get_fontsize() >= 10
    for (one, a), (other, b) in combinations(zip(texts, boxes, strict=True), 2):
        assert not a.overlaps(b), (one.get_text(), other.get_text())
    assert drawn.on_page[0] <= 922 and drawn.on_page[1] <= 470


def test_the_same_numbers_the_same_picture(drawn):
    again = type(drawn)().update(**STATES[type(drawn)]())
    assert again.png() == drawn.png() and again.alt == drawn.alt


def test_cost_tells_who_is_first_on_each_axis_and_no_time():
    picture = live(CostPicture).update(**cost())
    assert picture.lowest["products"].get_text() == "lowest: segments"
    assert picture.lowest["states"].get_text() == "lowest: window"
    assert [line.get_xdata()[0] for line in picture.budgets.values()] == [4400, 7, 0.15]
    assert "After 4400 Jacobian products: segments 1.28, random 1.31" in picture.alt and "0.15" not in picture.alt
    assert picture.beyond.get_text() == f"window: to {grouped(20400)} →"
    median = picture.curves["products"]["full"].line.get_ydata()
    assert np.array_equal(median, cost()["curves"]["full"][1]) and LOWEST < median.min() and median.max() < HIGHEST


def test_what_two_decimals_do_not_tell_apart_is_as_low():
    assert lowest({"full": 1.244, "window": 1.236, "segments": 1.25}) == "full, window"
    assert lowest({"segments": 1.25, "full": 1.244}) == "full"
    assert lowest(dict.fromkeys(KINDS, 1.25)) == "all alike"


def test_the_price_of_a_window_stands_at_what_it_leaves_out():
    picture = live(TrainedPicture).update(**trained())
    assert picture.dots.get_ydata() == pytest.approx([0.82**2, 0.82**5, 0.82**10])
    assert [text.get_text().split()[-3] for text in picture.prices] == ["+0.12", "0.00", "−0.01"]
    assert "τ = 11 and 12" in picture.alt and "the loss changes by 0.00" in picture.alt


def test_every_seed_has_its_dot_and_every_column_its_median():
    picture = live(SeedsPicture).update(**seeds())
    for kind, rows in seeds()["above"].items():
        assert picture.dots[kind].get_ydata() == pytest.approx(rows.ravel())
        assert picture.told[kind][0].get_text() == f"{added(np.median(rows[0]))}\nsd {rows[0].std(ddof=1):.3f}"
    assert "14 products: segments +0.16 (0.050), random +0.26 (0.050)" in picture.alt


def test_over_tau_the_two_losses_on_unseen_text_are_told_apart():
    picture = live(TausPicture).update(**taus())
    assert "training loss +0.05; on unseen text −0.06 at the end, 0.00 at the best moment" in picture.alt
    for name in ("training", "last", "best"):
        assert np.array_equal(picture.lines[name].line.get_ydata(), taus()[name][1])
    assert picture.ends["last"].get_position()[1] > picture.ends["best"].get_position()[1]


@pytest.mark.parametrize("x, said", [(0.117, "+0.12"), (-0.004, "0.00"), (0.004, "0.00"), (-0.007, "−0.01")])
def test_a_difference_that_rounds_to_nothing_has_no_sign(x, said):
    assert added(x) == said
