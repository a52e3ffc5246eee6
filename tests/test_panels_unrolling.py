"""The pictures of page 01: the graph lights what it says and fills its place; printed numbers add up as printed."""

from decimal import Decimal
from itertools import combinations, pairwise, product
from math import comb

import numpy as np
import pytest
from drawn import live
from matplotlib.colors import to_rgba

from bpttlib.experiments import sums, ways
from bpttlib.experiments.graph import ALL
from bpttlib.figures.graph import FROM, SIDE, UNDER
from bpttlib.figures.live import WIDEST
from bpttlib.figures.nodes import nodes
from bpttlib.figures.style import INK, QUIET, A, B, C
from bpttlib.figures.sums import SumsPicture
from bpttlib.figures.ways import FROM as BARS
from bpttlib.figures.ways import LONG, WaysPicture
from bpttlib.panels.graph import GraphPanel
from bpttlib.unrolling import SHARED, paths_to_loss


@pytest.fixture(scope="module")
def panel():
    return GraphPanel()


@pytest.mark.parametrize("parameter", SHARED)
def test_every_state_lights_what_it_says(panel, parameter, monkeypatch):
    monkeypatch.setattr(panel.picture, "png", lambda: panel.image.value)  # the artists are set, and not drawn
    for T in (1, 2, 5, 8):
        panel.set(**panel.start)
        panel.set(T=T, parameter=parameter)
        for t in range(1, T + 1):
            panel.set(t=t)
            for path in [value for _, value in panel.controls["path"].options]:
                panel.set(path=path)
                shown = panel.experiment(**panel.state)
                assert not panel.trouble
                assert len(shown["chosen"]) == (len(shown["found"]) if path == ALL else 1)
                assert f"{len(shown['found'])} path" in panel.picture.alt
                assert shown["in_all"] == (T if parameter == "W_qh" else comb(T + 1, 2))
    panel.set(**panel.start)


def test_a_single_path_is_told_once(panel):
    for state, said in (
        ({"T": 1, "t": 1}, "1 step unrolled: 1 path from W_hh to l_1 (lit)."),
        ({"T": 2, "t": 1}, "2 steps unrolled: 1 path from W_hh to l_1 (lit), 3 in all from W_hh to l_1 … l_2."),
    ):
        panel.set(**state)
        assert panel.alt == said
    panel.set(**panel.start)


def test_next_step_unrolls_one_more_and_stops_at_the_last(panel):
    panel.set(**panel.start)
    for T in (6, 7, 8, 8):
        panel.next_step.click()
        assert panel.state["T"] == panel.state["t"] == T  # the loss goes along with the last step
    assert panel.next_step.disabled
    panel.set(**panel.start)
    assert not panel.next_step.disabled


def test_a_loss_in_the_middle_stays_where_it_is(panel):
    panel.set(T=6, t=2, path=1)
    panel.next_step.click()
    assert (panel.state["t"], panel.state["path"]) == (2, 1)
    panel.controls["T"].value = 1
    assert (panel.state["t"], panel.state["path"]) == (1, 1)
    panel.set(**panel.start)


# ---- what is drawn ------------------------------------------------------------------------------------


@pytest.mark.parametrize("T", range(1, 9))
def test_the_nodes_fill_the_width_and_never_touch(T):
    graph = nodes(T)
    boxes = {node: outline.get_extents().get_points() for node, outline in graph.outlines.items()}
    assert len(boxes) == 8 * T + 6  # h_0, the parameters, Σ/T and L
    assert graph.place(("h", T)) == pytest.approx(
        nodes(8).place(("h", 8))
    )  # the last state stands where it always does
    for low, high in boxes.values():
        assert (low > 0).all() and high[0] < FROM - 0.4 and high[1] < 4.82
    for (low, high), (other_low, other_high) in combinations(boxes.values(), 2):
        assert (np.maximum(low, other_low) - np.minimum(high, other_high)).max() > 0.03
    for line in graph.lines.values():
        assert np.hypot(*(line[-1] - line[-2])) > 0.05  # room for a head


def lit(panel):
    """(colour, width) of every arrow that is not grey, the widest first."""
    colours, widths = panel.picture.edges.get_edgecolors(), panel.picture.edges.get_linewidths()
    bright = [(tuple(c), w) for c, w in zip(colours, widths, strict=True) if tuple(c) != to_rgba(QUIET)]
    return sorted(bright, key=lambda one: -one[1])


def test_every_arrow_of_the_lit_paths_has_the_colour_of_its_role(panel):
    panel.set(**panel.start)
    found = paths_to_loss(5, "W_hh", 5)
    assert len(lit(panel)) == len({edge for path in found for edge in pairwise(path)})
    colours = [colour for colour, _ in lit(panel)]
    assert [colours.count(to_rgba(c)) for c in (B, C, INK)] == [6, 8, 4]  # 5 uses and f → h_1; 2 a step; h → g … l
    assert lit(panel)[0][1] == pytest.approx(1.6 + 0.45 * 5)  # all five share the last
    panel.set(path=5)
    assert [[c for c, _ in lit(panel)].count(to_rgba(c)) for c in (B, C, INK)] == [2, 0, 4]
    panel.set(parameter="W_qh", path=ALL)
    assert [[c for c, _ in lit(panel)].count(to_rgba(c)) for c in (B, C, INK)] == [1, 0, 3]
    panel.set(**panel.start)


@pytest.mark.parametrize("T", (1, 2, 5, 8))
def test_the_triangle_has_an_orange_cell_for_every_lit_path(panel, T):
    panel.set(T=T, parameter="W_hh", path=ALL)
    orange = np.round(255 * np.array(to_rgba(A)))
    assert (panel.picture.cells.colours == orange).all(axis=-1).sum() == T
    (left, top), (right, bottom) = panel.picture.small.transData.transform([(0.5, 0.5), (T + 0.5, T + 0.5)]) / 192
    assert right - left == pytest.approx(SIDE * min(1, T / 3)) and top - bottom == pytest.approx(right - left)
    assert (left, bottom) == pytest.approx((FROM, UNDER))  # it grows from this corner
    panel.set(**panel.start)


def test_beside_each_state_stands_how_many_lit_paths_run_through_it(panel):
    panel.set(T=6, t=4, path=ALL)
    texts = panel.picture.labels.texts
    places = panel.picture.labels.get_offsets()
    beside = nodes(6).place(("h", 1))[1] + 0.25
    assert [text for text, (_, y) in zip(texts, places, strict=True) if y == beside] == ["1 path", "2", "3", "4"]
    for parameter, T in product(("W_hh", "W_hx", "W_qh"), (1, 3)):
        panel.set(T=T, t=T, parameter=parameter, path=ALL)
        words = [text for text in panel.picture.labels.texts if text.endswith("path")]
        assert words == (["1 path"] if parameter != "W_qh" else []), "the read-out comes after the states"
    panel.set(**panel.start)


@pytest.mark.parametrize("picture, experiment", [(WaysPicture, ways), (SumsPicture, sums)])
def test_the_two_still_pictures_fit_and_show_all_their_words(picture, experiment):
    shown = live(picture).update(**experiment.run())
    assert shown.inches[0] <= WIDEST and shown.png()
    frame = shown.figure.bbox
    for text in shown.ax.texts:
        box = text.get_window_extent()
        assert text.get_text() and frame.x0 < box.x0 and box.x1 < frame.x1 and frame.y0 < box.y0 and box.y1 < frame.y1
        assert text.get_fontsize() >= 10
    boxes = [text.get_window_extent() for text in shown.ax.texts]
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))


def test_the_two_ways_lie_end_to_end():
    found, shown = ways.run(), live(WaysPicture).update(**ways.run())
    bars = shown.bars
    assert bars["immediate"].get_x() == bars["total"].get_x() == BARS
    assert bars["through"].get_x() == pytest.approx(BARS + bars["immediate"].get_width())
    assert bars["through"].get_x() + bars["through"].get_width() == pytest.approx(BARS + LONG)
    assert bars["immediate"].get_width() / LONG == pytest.approx(found["immediate"] / found["total"])
    for value in found.values():
        assert f"{value:.3f}" in shown.alt and any(f"{value:.3f}" in text.get_text() for text in shown.ax.texts)


def test_the_numbers_of_the_two_ways_add_up_as_printed():
    found = {name: Decimal(f"{value:.3f}") for name, value in ways.run().items()}
    assert found["immediate"] + found["through"] == found["total"]


def printed(text):
    return Decimal(text.get_text().replace("−", "-"))


def test_the_printed_shares_add_up_to_the_printed_sums():
    shown = live(SumsPicture).update(**sums.run())
    for kind, place in (("row", 0), ("column", 1)):
        for n, total in enumerate(shown.sums[kind], start=1):
            terms = [printed(text) for path, text in shown.shares[kind].items() if path[place] == n]
            assert len(terms) == (n if kind == "row" else 5 - n) and sum(terms) == printed(total)
        assert sum(map(printed, shown.sums[kind])) == printed(shown.totals[kind]) == Decimal("0.379")
