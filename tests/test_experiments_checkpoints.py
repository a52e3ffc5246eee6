"""What the pictures of checkpoints show was counted and measured by running them: what is held, how much, how long."""

import numpy as np
import pytest
from readable import faults
from reference import assert_close
from within import within

from bpttlib import RNN, gradient
from bpttlib.checkpoints import states_held, steps_read
from bpttlib.experiments import checkpoints, million
from bpttlib.experiments.checkpoints import BACK, FIRST, READ, Counting, watched
from bpttlib.experiments.measuring import peak
from bpttlib.figures.checkpoints import CheckpointsPicture
from bpttlib.figures.million import LOOK, MillionPicture
from bpttlib.panels.checkpoints import CheckpointsPanel

# ---- moment by moment -----------------------------------------------------------------------------


@within("T, k", [(1, 1), (4, 2), (7, 3), (29, 6), (36, 6), (36, 1), (36, 36), (64, 8), (10, 64)])
def test_what_was_seen_is_what_was_promised(T, k):
    found = checkpoints.run(T, k)
    everything, blocks = found["everything"], found["checkpoints"]
    assert (everything.most, everything.steps_read) == (T + 1, T)
    assert (blocks.most, blocks.steps_read) == (states_held(T, k), steps_read(T, k))
    assert found["curve"].tolist() == [states_held(T, one) for one in range(1, T + 1)]
    assert found["same"] and found["k"] == min(k, T)


def test_every_moment_of_a_small_case():
    """Three steps in blocks of two: h_0 and h_2 are kept, and let go when their block is done."""
    o, held, first, read, back = range(5)
    wanted = [
        # read 1, 2, 3   back  read again  back
        [o, o, read, back, o, o, o, o],  # h_3
        [o, read, first, first, o, read, back, held],
        [read, held, o, o, read, held, held, back],
        [first] * 8,  # h_0
    ]
    assert checkpoints.run(3, 2)["checkpoints"].seen[::-1].tolist() == wanted


def test_each_step_goes_back_once_in_order_and_is_read_at_most_twice():
    for k in (1, 5, 8, 40):
        seen = checkpoints.run(40, k)["checkpoints"].seen
        swept, moments = np.nonzero(seen == BACK)
        assert swept[np.argsort(moments)].tolist() == list(range(40, 0, -1))
        assert (seen == READ).sum(axis=1).max() <= 2 and not (seen[0] == READ).any()
        assert ((seen == BACK).sum(axis=0) + (seen == READ).sum(axis=0) == 1).all()
        assert (seen[0] == FIRST).all()


def test_a_state_that_somebody_keeps_is_seen():
    """The other way round: nothing is taken for let go that is not."""
    net, x = Counting(4), np.ones((2, 1, 1))
    tape = net.read(x, np.zeros((1, 1)))
    net.read(x, tape.h[-1])
    assert [int((moment > 0).sum()) for moment in net.witness.seen] == [2, 3, 4, 5]
    del tape
    net.read(x[:1], np.full((1, 1), 2.0))
    assert np.flatnonzero(net.witness.seen[-1]).tolist() == [2, 3]


def test_the_network_that_counts_is_an_rnn():
    x, y = np.ones((5, 1, 1)), np.zeros((5, 1, 1))
    plain = gradient(RNN([[1.0]], [[1.0]], [[1.0]], phi="identity"), x, y, loss="squared")
    assert_close(watched(5, None)[1], plain.flat())
    assert_close(watched(5, 2)[1], plain.flat())


@within("T, k, message", [(65, 1, "T must lie in 1 … 64, got 65"), (0, 1, "T must be a whole"), (4, 0, "k must be a")])
def test_what_cannot_be_shown_is_refused(T, k, message):
    with pytest.raises(ValueError, match=message):
        checkpoints.run(T, k)


def test_the_picture_says_the_counts_and_marks_the_block():
    picture = CheckpointsPicture().update(**checkpoints.run(36, 6))
    assert [picture.most[name].get_text() for name in ("everything", "checkpoints")] == ["37", "12"]
    assert picture.read["checkpoints"].get_text() == "66 steps read"
    assert "Checkpoints: 12 states held at once, 66 steps read; the same gradient." in picture.alt
    assert_close(picture.dot.get_xydata(), [[5 / 35, 12 / 37]])
    assert picture.root.get_xdata() == [5 / 35] * 2, "and √T is there"
    assert picture.line.get_ydata().min() == picture.dot.get_ydata()[0]
    assert [label.get_text() for label in picture.line.axes.get_yticklabels()] == ["0", "T + 1"]
    assert picture.line.get_ydata()[[0, -1]].tolist() == [1, 1], "all 37 for k = 1 and k = T, the T + 1 of the axis"
    drawn = picture.maps["checkpoints"].seen
    assert (drawn > 0).sum(axis=0).max() == 12 and drawn.shape[0] == 37


def test_a_block_is_no_longer_than_the_text():
    panel = CheckpointsPanel()
    first = panel.image.value
    panel.set(k=36)
    assert panel.picture.most["checkpoints"].get_text() == "37"
    panel.controls["T"].value = 9
    assert panel.state == {"T": 9, "k": 9} and not panel.trouble and panel.alt.startswith("T = 9, blocks of 9.")
    panel.reset.click()
    assert panel.image.value == first and panel.state == {"T": 36, "k": 12}


# ---- up to a million ------------------------------------------------------------------------------


def test_the_table_says_what_the_page_says():
    kept = million.kept()
    assert all(set(values) == set(million.LENGTHS) for ways in kept.values() for values in ways.values())
    slopes = [round(million.slope(values), 1) for values in kept["memory"].values()]
    assert slopes == [1.0, 0.5]
    assert all(times <= 1.5 for T, times in million.ratio(kept, "time").items() if T >= 100_000)
    assert kept["memory"]["everything"][10**6] > 1000 and kept["memory"]["checkpoints"][10**6] < 1.5


def test_memory_here_is_that_of_the_table():
    """It depends on the lengths alone, but for what Python itself needs."""
    for name, way in million.WAYS.items():
        assert peak(way, *million.case(1000)) == pytest.approx(million.kept()["memory"][name][1000], rel=0.15)


def test_a_table_that_is_made_anew_is_read_again(tmp_path, monkeypatch):
    monkeypatch.setattr(million, "LENGTHS", (20,))
    million.make(tmp_path / "table.csv")
    monkeypatch.setattr(million, "FILE", tmp_path / "table.csv")
    found = million.kept.__wrapped__()
    assert all(value > 0 for ways in found.values() for values in ways.values() for value in values.values())
    assert list(found["time"]["checkpoints"]) == [20] and [*tmp_path.iterdir()] == [tmp_path / "table.csv"]


def test_slope_and_ratio():
    assert million.slope({1: 5.0, 10: 7.0, 1000: 700.0}, start=10) == pytest.approx(1)
    table = {"time": {"everything": {10: 2.0}, "checkpoints": {10: 3.0}}}
    assert million.ratio(table, "time") == {10: 1.5}


def test_the_picture_of_the_million_shows_the_table():
    assert million.run() == million.run() == {"kept": million.kept()}
    picture = MillionPicture().update(**million.run())
    for what, lines in picture.lines.items():
        for way in LOOK:
            assert dict(lines[way].get_xydata().tolist()) == million.kept()[what][way]
    assert "grows like T to the power 1.0 and 0.5" in picture.alt and picture.alt.startswith("A million steps: 1032 MB")
    assert faults(picture) == []
