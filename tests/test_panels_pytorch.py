"""The pictures of page 09: what PyTorch's graph holds, counted by hand; nothing overlaps; the times are never told."""

from itertools import combinations, product

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from optional import installed
from readable import faults
from within import within

from bpttlib import Segments
from bpttlib.experiments import retained, valve
from bpttlib.experiments.reading import Reading
from bpttlib.figures.labels import glyphs
from bpttlib.figures.retained import RetainedPicture
from bpttlib.figures.style import FIXED, SMALL, B, C
from bpttlib.figures.valve import ValvePicture, box, cell_colours, funnel, label
from bpttlib.figures.valve import valve as drawn_valve
from bpttlib.panels.valve import ValvePanel

# ---- the valve, computed ------------------------------------------------------------------------------


@installed
@within("T", [2, 5, 12])
def test_the_triangle_of_the_graph_is_that_of_segments(T):
    for tau in range(1, T + 1):
        assert np.array_equal(valve.run(T, tau, 1)["reached"], Segments(tau).path_weights(T) > 0)


@installed
@within("T, tau, t", [(8, 4, 7), (12, 12, 12), (12, 5, 3), (2, 1, 2)])
def test_nodes_and_edges_counted_by_hand(T, tau, t):
    found, steps = valve.run(T, tau, t), (t - 1) % tau + 1
    nodes, edges = found["walked"]
    assert (len(nodes), len(edges)) == (4 * steps + 3, 6 * steps)  # 4 a step, the loss, two weights
    assert len(found["nodes"]) == 5 * T + 2 and len(found["edges"]) == 7 * T - 1 - len(found["cuts"])
    assert set(nodes) <= set(found["nodes"]) and edges <= found["edges"]
    assert found["nodes"]["h", 1] == "Tanh" and found["nodes"]["W_hh", 0] == "AccumulateGrad"
    assert not any("0" in name for name in found["nodes"].values())


@installed
def test_values_pass_the_valves():
    reading, h, last = Reading(), np.zeros(16), valve.run(12, 1, 12)
    for x_t in reading.data[0][:12, 0]:
        h = np.tanh(reading.rnn.W_hx @ x_t + reading.rnn.W_hh @ h)
    assert last["values"] == pytest.approx((h.sum(), h.sum()), rel=1e-12)
    assert last["values"][0] == last["values"][1]


@within("wrong, message", [((13, 1, 1), "T must lie in 1 … 12"), ((5, 6, 1), "tau must"), ((5, 1, 0), "t must")])
def test_what_cannot_be_drawn_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        valve.run(*wrong)


# ---- the valve, drawn ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def panel():
    return ValvePanel()


@installed
@within("T, tau, t", [(8, 4, 7), (12, 12, 12), (2, 1, 1)])
def test_what_is_walked_is_bright(panel, T, tau, t):
    panel.set(T=T, tau=tau, t=t)
    shown, picture = panel.experiment(**panel.state), panel.picture
    picture.update(**shown)
    steps = (t - 1) % tau + 1
    coloured = [tuple(colour) for colour in picture.edges.get_edgecolors()]
    assert len(coloured) == len(shown["edges"])
    assert coloured.count(to_rgba(C)) == 3 * steps - 1  # tanh → sum → product, and on to the tanh before
    assert coloured.count(to_rgba(B)) == 3 * steps
    assert f"{4 * steps + 3} of {5 * T + 2} nodes" in picture.alt and str(t) in picture.names.texts
    funnels = [tuple(colour) for colour in picture.funnels.get_facecolors()] if shown["cuts"] else []
    assert len(funnels) == len(shown["cuts"])
    assert funnels.count(to_rgba(FIXED)) == (1 if t > tau else 0)  # the one at which the walk ends


@installed
def test_the_last_loss_stays_the_last_and_no_valve_stays_none(panel):
    panel.set(T=8, t=8, tau=8)
    for T in (12, 3, 5):
        panel.controls["T"].value = T
        assert panel.state == {"T": T, "t": T, "tau": T} and "no detach()" in panel.alt
    panel.set(T=8, t=2, tau=3)
    panel.controls["T"].value = 12
    assert panel.state == {"T": 12, "t": 2, "tau": 3}
    panel.set(T=12, t=5, tau=1)
    assert panel.alt.startswith(
        "12 steps, detach() at every step. backward() from loss 5 stops at a valve: it reaches "
    )
    assert "it reaches state 5, 7 of 62 nodes and 6 of 72 edges." in panel.alt
    panel.set(**panel.start)


@installed
def test_the_line_over_the_graph_is_true_at_every_place_of_the_sliders():
    """It stops where a block begins behind a valve, and meets none from the first block or where there are none."""
    picture = ValvePicture()
    for T in (2, 7, 12):
        for tau, t in product(range(1, T + 1), repeat=2):
            picture.update(**valve.run(T, tau, t))
            first = t - (t - 1) % tau
            meets = "stops at a valve" if first > 1 else "meets no valve"
            states = f"states {first} to {t}" if first < t else f"state {t}"
            assert picture.told.get_text() == f"backward() from loss {t} {meets}: it reaches {states}"
            nodes, value = picture.value.get_text().split(". ", 1)
            assert nodes == f"It walks over {4 * (t - first) + 7} of {5 * T + 2} nodes"
            assert value.startswith(f"The value of loss {t}: ") and ("with detach()" in value) == (tau < T)


@installed
@within("T, tau, t", [(8, 4, 7), (12, 12, 12), (12, 5, 12), (2, 1, 1)])
def test_the_words_of_the_graph_can_be_read(T, tau, t):
    assert faults(ValvePicture().update(**valve.run(T, tau, t))) == []


@within("T", [2, 5, 12])
def test_the_nodes_and_the_valves_never_touch(T):
    names = ("l", "h", "u", "Wh", "Wx")
    outlines = [box((name, t), T) for name in names for t in range(1, T + 1)]
    outlines += [box(("W_hx", 0), T), box(("W_hh", 0), T)]
    outlines = [outline.get_extents() for outline in outlines]
    funnels = [drawn_valve(t, T)[0].get_extents() for t in range(2, T + 1)]
    for one, other in [*combinations(outlines, 2), *product(funnels, outlines)]:
        assert not one.overlaps(other)
    assert max(one.x1 for one in outlines) < 7.0


def test_a_valve_is_twice_as_long_as_wide_so_that_it_is_no_arrowhead():
    box = funnel(np.zeros(2), np.array([1.0, 0.0]))[0].get_extents()
    assert box.width >= 2 * box.height


def test_names_fit_into_their_boxes():
    for node, name in {("l", 1): "Sum", ("h", 1): "Tanh", ("u", 1): "Add", ("Wh", 1): "Mv", ("W_hh", 0): "…"}.items():
        text = glyphs(label(node, name), SMALL).get_extents()
        outline = box(node, 12).get_extents()
        assert text.width < outline.width and text.height < outline.height


def test_cells_that_are_not_reached_are_grey():
    colours = cell_colours(np.array([[True, False], [False, True]]), t=2)
    assert colours[0, 1, 3] == 0 and len({tuple(colours[t, i]) for t, i in ((0, 0), (1, 0), (1, 1))}) == 3


# ---- what retain_graph retains ------------------------------------------------------------------------


@installed
def test_retained_graphs_grow_by_a_block_at_every_block():
    found = retained.run(4)
    assert found["blocks"] == {"detach": 4, "retain": 10}
    assert len(set(found["nodes"]["detach"])) == 1 and len(set(np.diff(found["nodes"]["retain"]))) == 1
    assert found["nodes"]["retain"][0] == found["nodes"]["detach"][0] < found["nodes"]["retain"][1]
    assert all(len(some) == 4 and min(some) > 0 for some in found["seconds"].values())


def test_no_blocks_are_refused():
    with pytest.raises(ValueError, match="n must be a whole number from 1 on"):
        retained.run(0)


def test_the_picture_tells_the_counts_and_no_times():
    counts = {"nodes": {"detach": [7, 7, 7], "retain": [7, 13, 19]}, "blocks": {"detach": 3, "retain": 6}}
    pictures = [RetainedPicture().update(**counts, seconds=times(*some)) for some in ((0.01, 0.02), (0.5, 3.0))]
    assert pictures[0].alt == pictures[1].alt and "3 blocks" in pictures[0].alt and "6 blocks" in pictures[0].alt
    assert [list(one.curves["nodes"]["retain"].get_ydata()) for one in pictures] == [[7, 13, 19]] * 2
    assert pictures[1].curves["seconds"]["retain"].get_ydata()[-1] == 3000 < pictures[1].sides["seconds"].get_ylim()[1]


def times(short, long):
    return {"detach": [short] * 3, "retain": [short, (short + long) / 2, long]}
