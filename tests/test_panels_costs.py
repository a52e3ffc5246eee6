"""The panels of the dice, of bias against variance at equal cost, and of the length of a window."""

import itertools

import numpy as np
import pytest
from drawn import live
from matplotlib.colors import to_rgba
from reference import assert_close

from bpttlib import Full, Random, Segments, Window, many_gradients
from bpttlib.experiments import dice, lags, tradeoff, variance
from bpttlib.experiments.reading import reading_of_title
from bpttlib.figures.dice import EDGES, DicePicture
from bpttlib.figures.lags import LOWEST, RUNGS, LagsPicture, rung
from bpttlib.figures.style import COLOUR
from bpttlib.figures.tradeoff import BOTTOM, REACH, TOP, TradeoffPicture, counted, percent
from bpttlib.figures.variance import FLOOR, ROOF, VariancePicture
from bpttlib.moments import moments_of
from bpttlib.panels.dice import DicePanel
from bpttlib.panels.lags import TOLERANCES, LagsPanel
from bpttlib.panels.tradeoff import BUDGETS, TradeoffPanel
from bpttlib.panels.variance import VariancePanel

# ---- the dice -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("pi, spectral_radius", [(0.8, 0.9), (0.3, 1.4), (1.0, 0.9)])
def test_every_throw_is_the_gradient_under_its_edge_weights(pi, spectral_radius):
    read = reading_of_title(spectral_radius)
    found = dice.run(pi=pi, throw=3, spectral_radius=spectral_radius)
    xi = Random(pi).draws(read.steps, dice.THROWS, seed=3)
    k, j = read.entry
    wanted = many_gradients(read.rnn, *read.data, xi).W_hh[:, k, j] / read.full.W_hh[k, j]
    assert_close(found["throws"], wanted, 1e-10)


def test_the_sd_of_the_dice_is_exact_and_the_fixed_values_are_those_of_their_gradients():
    read, found = reading_of_title(1.1), dice.run(pi=0.6, throw=1, spectral_radius=1.1)
    full = read.full.W_hh[read.entry]
    assert_close(found["sd"], np.sqrt(moments_of(read.problem, Random(0.6)).variance.W_hh[read.entry]) / abs(full))
    for kind, strategy in {"full": Full(), "segments": Segments(dice.TAU), "window": Window(dice.TAU)}.items():
        assert_close(found["fixed"][kind], read.gradient(strategy).W_hh[read.entry] / full)


def test_the_histogram_holds_every_throw_within_its_scale():
    shown = dice.run(pi=0.5, throw=2, spectral_radius=1.2)
    picture, throws = live(DicePicture).update(**shown), shown["throws"]
    heights, _, _ = picture.bars.get_data()
    inside = throws[(throws >= EDGES[0]) & (throws <= EDGES[-1])]
    counts = heights / heights.max() * np.histogram(inside, EDGES)[0].max()
    assert round(counts.sum()) == len(inside) < len(throws)
    below, above = throws[throws < EDGES[0]], throws[throws > EDGES[-1]]
    assert picture.below.get_text().startswith(f"← {len(below) / 2000:.1%},")
    assert picture.above.get_text() == f"{len(above) / 2000:.1%} →,\nup to {above.max():.0f} ×"
    assert {kind: line.get_xdata()[0] for kind, line in picture.lines.items()} == shown["fixed"]
    assert picture.mean.get_xdata()[0] == throws.mean()
    assert [end.get_marker() for end in picture.ends] == ["<", ">"], "the sd is wider than the scale"


def test_without_dice_nothing_leaves_the_full_value():
    shown = dice.run(pi=1.0, throw=1, spectral_radius=0.9)
    picture = live(DicePicture).update(**shown)
    assert (picture.below.get_text(), picture.above.get_text()) == ("", "")
    assert shown["sd"] == 0 and [end.get_marker() for end in picture.ends] == ["|", "|"]
    assert picture.values["exact"].get_text() == "1 ± 0 ×" and picture.values["mean"].get_text() == "1.00 ×"
    assert "mean 1.00 × the full value, exactly 1 ± 0;" in picture.alt


def test_new_dice_throw_again_and_leave_what_is_fixed():
    panel = DicePanel()
    before, values = panel.image.value, {name: text.get_text() for name, text in panel.picture.values.items()}
    (again,) = [button for button in panel.fields["throw"] if getattr(button, "description", "") == "new dice"]
    again.click()
    assert panel.state["throw"] == 2 and panel.image.value != before
    for name in ("exact", "full", "segments", "window"):
        assert panel.picture.values[name].get_text() == values[name]


# ---- corners ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("panel", [DicePanel, LagsPanel, VariancePanel])
def test_corners_are_drawn(panel):
    panel = panel()
    ends = [[control.values()[0], control.values()[-1]] for control in panel.described.values()]
    for corner in itertools.product(*ends):
        panel.set(**dict(zip(panel.described, corner, strict=True)))
        assert not panel.trouble


def test_corners_of_the_trade_off_are_drawn():
    panel = TradeoffPanel()
    for cost, (_, *budgets) in BUDGETS.items():
        for budget, averaged, spectral_radius in itertools.product(budgets, [1, 10**6], [0.1, 2.0]):
            panel.set(cost=cost, budget=budget, averaged=averaged, spectral_radius=spectral_radius)
            assert not panel.trouble and panel.state["budget"] == budget


# ---- the variance law ---------------------------------------------------------------------------------


@pytest.mark.parametrize("c, pi, says", [(0.8, 0.7, "stays bounded"), (0.8, 0.6, "grows"), (0.5, 1.0, "is 0")])
def test_the_law_stands_over_its_curve(c, pi, says):
    shown = variance.run(c, pi)
    picture = live(VariancePicture).update(**shown)
    assert says in picture.title.get_text()
    drawn, inside = picture.recursive.get_ydata(), shown["recursive"] < ROOF
    assert_close(drawn[inside], np.maximum(shown["recursive"][inside], FLOOR / 10))
    assert picture.limit_words.get_text() == ("limit" if shown["limit"] else "")


def test_a_variance_over_the_roof_is_told_with_an_arrow():
    picture = live(VariancePicture).update(**variance.run(1.2, 0.05))
    assert plain(picture.last.get_text()) == "3.4 · 10¹⁴⁴ at t = 100 ↑"
    assert picture.last.get_position()[1] > ROOF, "where no curve runs"
    assert live(VariancePicture).update(**variance.run(0.8, 0.7)).last.get_text() == "80 at t = 100"


# ---- the trade-off ------------------------------------------------------------------------------------


def traded(**state) -> dict:
    return tradeoff.run(**{"cost": "paths_per_loss", "budget": 5, "averaged": 1, "spectral_radius": 0.9} | state)


def test_the_nearest_at_equal_cost_is_named_first():
    shown = traded()
    picture = live(TradeoffPicture).update(**shown)
    rms = {kind: curve.rms(1)[shown["place"][kind]] for kind, curve in shown["curves"].items()}
    places = [picture.alt.index(f"{kind} ") for kind in sorted(rms, key=rms.get)]
    assert picture.alt.startswith("With at most 5 paths per loss, averaging 1, nearest first: ")
    assert places == sorted(places) and all(percent(value) in picture.alt for value in rms.values())
    assert picture.title.get_text() == "one gradient, at most 5 paths per loss"
    assert picture.update(**traded(averaged=20)).title.get_text() == "mean of 20 gradients, at most 5 paths per loss"


@pytest.mark.parametrize("cost", BUDGETS)
def test_the_key_says_which_setting_is_marked_and_how_far_off_it_is(cost):
    shown = traded(cost=cost, budget=BUDGETS[cost][0], averaged=20)
    picture = live(TradeoffPicture).update(**shown)
    for kind, strategy in {"segments": Segments, "window": Window, "random": Random}.items():
        curve, place = shown["curves"][kind], shown["place"][kind]
        letter, setting = ("π", f"{curve.setting[place]:.3f}") if kind == "random" else ("τ", curve.setting[place])
        off = percent(np.hypot(curve.bias[place], curve.spread[place] / np.sqrt(20)))
        assert picture.keys[kind].get_text() == f"{kind}, {letter} = {setting}: {off} off"
        paid = getattr(strategy(curve.setting[place].item()), cost)(28)
        assert picture.dots[kind][0].get_xdata() == pytest.approx([paid]) and paid <= shown["budget"]
    assert picture.left.get_xlim() == REACH[cost]


def test_from_how_many_gradients_on_random_is_nearer_is_said_over_the_curves():
    picture = live(TradeoffPicture).update(**traded())
    assert picture.passes.get_text() == "random beats segments from n = 6,\nthe window from n = 8"
    assert (
        picture.update(**traded(cost="mean_products", budget=27))
        .passes.get_text()
        .startswith("random beats segments never")
    )


def test_what_lies_beyond_the_scale_is_an_arrow_at_its_edge():
    picture = live(TradeoffPicture).update(**traded(budget=2, spectral_radius=1.5))
    assert [dot.get_marker() for dot in picture.dots["random"]] == ["^", "^"]
    assert [dot.get_ydata()[0] for dot in picture.dots["random"]] == [TOP, TOP]
    picture.update(**traded(cost="mean_products", budget=27))
    for kind in ("segments", "random"):
        assert [(dot.get_marker(), dot.get_ydata()[0]) for dot in picture.dots[kind]] == [("v", BOTTOM)] * 2
    picture.update(**traded())
    assert [picture.dots[kind][0].get_marker() for kind in ("segments", "window", "random")] == ["s", "o", "D"]


def test_no_line_leads_from_the_last_cut_to_full():
    shown = traded(budget=14)
    picture = live(TradeoffPicture).update(**shown)
    for kind in ("segments", "window"):
        x, y = picture.curves[kind].get_data()
        assert x[-1] == 14.5 and np.isnan(y[-1]) and np.isfinite(y[:-1]).all()
    assert np.isfinite(picture.curves["random"].get_ydata()).all(), "dice have a setting at every place"


def test_every_marked_setting_stands_on_its_axis():
    for cost, (_, low, high) in BUDGETS.items():
        for budget in (low, high):
            shown = traded(cost=cost, budget=budget)
            for kind, curve in shown["curves"].items():
                paid = getattr(curve, cost)[shown["place"][kind]]
                assert REACH[cost][0] < paid < REACH[cost][1]
            assert REACH[cost][0] < budget < REACH[cost][1]


def test_where_the_window_leaves_the_axis_it_says_how_far_it_goes():
    picture = live(TradeoffPicture).update(**traded(cost="mean_products", budget=22))
    assert picture.on.get_text() == "window: up to 378 →"
    assert picture.update(**traded(cost="states_held", budget=6)).on.get_text() == ""


def test_another_cost_has_another_budget():
    panel = TradeoffPanel()
    for cost, (start, low, high) in BUDGETS.items():
        panel.controls["cost"].value = cost
        slider = panel.controls["budget"]
        assert (slider.value, slider.min, slider.max) == (start, low, high) and not panel.trouble
    panel.set(cost="mean_products", budget=100)
    assert panel.state["cost"] == "mean_products" and panel.state["budget"] == 100
    panel.reset.click()
    assert panel.state == panel.start and not panel.trouble


def plain(text):
    """With ordinary spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_numbers_stay_short():
    assert [plain(percent(x)) for x in (0, 1e-16, 1.6e-4, 0.051, 0.2218, 193, 4e7)] == [
        *("0 %", "0 %", "0.016 %", "5.1 %", "22 %", "19\N{THIN SPACE}300 %", "4 · 10⁹ %")
    ]
    assert plain(percent(5e-8)) == "5 · 10⁻⁶ %"
    assert [plain(counted(n)) for n in (1, 287_000, 10**7 - 1, 73_000_000)] == [
        *("1", "287\N{THIN SPACE}000", "9\N{THIN SPACE}999\N{THIN SPACE}999", "7 · 10⁷")
    ]


# ---- how long a window --------------------------------------------------------------------------------


def test_the_chosen_window_is_marked_and_its_bias_told():
    shown = lags.run(0.1, 0.9)
    picture, tau = live(LagsPicture).update(**shown), shown["tau"]
    assert picture.tau.get_xdata()[0] == tau and picture.level.get_ydata()[0] == 0.1
    assert picture.beyond.get_x() == tau - 0.5, "lags 0 … τ-1 are kept"
    assert picture.crosshair.get_text() == f"10 % tolerated → τ = {tau}"
    wanted = {"share": shown["share"][tau], **{kind: shown["bias"][kind][tau - 1] for kind in ("window", "segments")}}
    for name, value in wanted.items():
        assert picture.values[name].get_text() == percent(value)
        assert_close(np.ravel(picture.dots[name].get_data()), [tau, value])
    assert to_rgba(picture.curves["window"].get_color()) == to_rgba(COLOUR["window"])
    assert f"Tolerating 10 %: τ = {tau} leaves out {percent(shown['share'][tau])}." in picture.alt
    told = ", ".join(f"{percent(shown['bias'][kind][tau - 1])} as {kind}" for kind in ("window", "segments"))
    assert picture.alt.endswith(f"Its true bias in W_hh: {told}.")


def test_a_bias_below_the_scale_of_the_lags_is_an_arrow_and_not_told_as_nothing():
    picture = live(LagsPicture).update(**lags.run(0.001, 0.9))
    assert picture.values["window"].get_text() == "0.011 %"
    assert (picture.dots["window"].get_marker(), picture.dots["window"].get_ydata()[0]) == ("v", LOWEST)
    assert live(LagsPicture).update(**lags.run(0.1, 0.9)).dots["window"].get_marker() == "o"


@pytest.mark.parametrize("spectral_radius", [0.1, 0.5, 0.9, 1.2, 2.0])
def test_the_means_fill_their_frame(spectral_radius):
    by_lag = lags.run(0.1, spectral_radius)["by_lag"]
    picture = live(LagsPicture).update(**lags.run(0.1, spectral_radius))
    low, high = picture.left.get_ylim()
    weakest, strongest = (by_lag / by_lag[0]).min(), (by_lag / by_lag[0]).max()
    assert low == rung(by_lag) in RUNGS and strongest < high
    assert low <= weakest or low == RUNGS[-1]
    assert all(one > weakest for one in RUNGS if one > low), "a higher rung would do"


def test_the_tolerance_runs_from_small_to_large_and_stays_in_the_frame():
    assert list(TOLERANCES) == sorted(TOLERANCES) and TOLERANCES[0] > LOWEST
    for tolerance in (TOLERANCES[0], TOLERANCES[-1]):
        for spectral_radius in (0.1, 2.0):
            picture = live(LagsPicture).update(**lags.run(tolerance, spectral_radius))
            picture.png()
            box, page = picture.crosshair.get_window_extent(), picture.figure.bbox
            assert page.x0 <= box.x0 and box.x1 <= page.x1 and box.y1 <= page.y1
