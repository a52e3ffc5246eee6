"""The lag task: its runs are trainings of the stream they say, and the picture shows what came of them."""

import numpy as np
import pytest
from drawn import live
from reference import assert_close

from bpttlib import RNN, Adam, Batch, Full, Segments, gradient, lag_norms, train
from bpttlib.experiments import recall
from bpttlib.figures.memory import MemoryPicture
from bpttlib.figures.recall import LEARNT, RecallPicture, verdict
from bpttlib.panels.recall import RecallPanel
from bpttlib.paths import mean_by_lag
from bpttlib.tasks import recall as lag_task


def test_a_carried_run_is_one_training_in_blocks():
    batches = lag_task(3, 24 * 4, 8, 1, 2).blocks(24)
    history = train(recall.untrained(), batches, Segments(6), Adam(recall.RATE), recall.CLIP)
    one = recall.learnt(3, 6, "carried", 4)
    assert (one.losses == history.losses).all() and (one.net.W_hh == history.net.W_hh).all()


def test_a_reset_run_begins_every_block_at_zero():
    """Its gradient is the mean of those of the blocks, each read alone."""
    batch, net = lag_task(2, 12, 3, 1, 2), recall.untrained()
    cut = recall.reset_every(batch, 4)
    whole = gradient(net, cut.x, cut.y, mask=cut.mask)
    blocks = [slice(n, n + 4) for n in (0, 4, 8)]
    alone = [gradient(net, batch.x[b], batch.y[b], mask=batch.mask[b]) for b in blocks]
    share = [batch.mask[b].sum() / batch.mask.sum() for b in blocks]
    assert_close(whole.W_hh, sum(s * g.W_hh for s, g in zip(share, alone, strict=True)))
    assert recall.learnt(2, 24, "reset", 1).losses == recall.learnt(2, 24, "carried", 1).losses, "the first is fresh"


def test_same_place_same_run_whatever_came_before():
    first = recall.learnt(2, 4, "reset", 3)
    recall.learnt.cache_clear()
    recall.learnt(6, 24, "carried", 3)
    again = recall.learnt(2, 4, "reset", 3)
    assert again is not first and (again.losses == first.losses).all() and (again.answered == first.answered).all()


def test_with_a_path_it_is_learnt_and_in_blocks_that_hold_no_coin_it_cannot_be():
    assert recall.learnt(1, 2, "carried", 60).right == 1
    one = recall.learnt(2, 2, "reset", 60)  # the coin lies before the block: nothing there tells which it was
    assert one.right < 0.6 and abs(one.losses[-20:].mean() - np.log(2)) < 0.03


def test_the_best_readout_finds_what_a_delay_line_holds():
    shift = np.eye(6)[:, [0]] @ [[1.0, -1.0]], np.eye(6, k=-1), np.zeros((2, 6))
    line = RNN(*shift, phi="identity")
    assert recall.held(line, 5) == 1
    assert 0.4 < recall.held(line, 6) < 0.6
    assert abs(line.forward(lag_task(5, 20, 1, 0, 2).x).o).max() == 0, "its own readout says nothing"


def test_lag_norms_of_the_untrained_network_are_the_gradient_that_comes_so_far():
    asked, net = recall.new_streams(4, "asked"), recall.untrained()
    x, y = asked.x[:5], asked.y[:5]
    last = np.arange(5)[:, None] == np.full(16, 4)
    delta = gradient(net, x, y, Full(), mask=last).dL_dh
    assert_close(lag_norms(net, x, y)[4, 4] * 5, np.linalg.norm(delta[0]), 1e-12)


def test_twelve_steps_back_a_loss_is_felt_as_little_as_the_page_says():
    asked = recall.new_streams(12, "asked")
    n = mean_by_lag(lag_norms(recall.untrained(), asked.x, asked.y))
    assert 0 < n[12] < n[4] < n[1] < n[0] and f"{n[12] / n[0]:.1g}" == "0.0002"


def test_the_map_holds_every_run_and_goes_through_the_progress():
    seen = []
    found = recall.success_map(lambda places: (seen.append(place) or place for place in places))
    assert len(seen) == len(set(seen)) == 96
    for lag, tau, state in [(1, 1, "carried"), (12, 24, "reset"), (4, 6, "carried")]:
        place = recall.LAGS.index(lag), recall.TAUS.index(tau)
        assert found[state][place] == recall.learnt(lag, tau, state, recall.UPDATES).right


@pytest.mark.parametrize(("tau", "state"), [(5, "carried"), (0, "reset"), (6, "kept")])
def test_what_is_not_on_the_map_is_refused(tau, state):
    with pytest.raises(ValueError, match="tau must be one of"):
        recall.learnt(1, tau, state, 1)


def test_the_picture_frames_the_place_and_shows_the_answers():
    panel = RecallPanel()
    panel.set(lag=4, tau=8, state="reset")
    picture, one = panel.picture, recall.learnt(4, 8, "reset", recall.UPDATES)
    assert picture.frame.get_xy() == (recall.LAGS.index(4) - 0.5, recall.TAUS.index(8) - 0.5)
    assert picture.paths.get_text() == "4 of 8 losses have a path to their coin"
    assert "Coin of ℓ = 4, blocks of τ = 8" in picture.alt
    wrong = sum(len(coins.get_xdata()) for name, coins in picture.coins.items() if "wrong" in name)
    assert wrong == (one.answered[4:] != one.read[:-4]).sum()
    assert sum(len(coins.get_xdata()) for coins in picture.coins.values()) == 32 + 2 * 28
    assert [text.get_text() for text in picture.shares[0]] == [f"{100 * s:.0f}" for s in panel_map(panel)[:, 0]]
    assert np.array_equal(picture.cells.get_array(), panel_map(panel).T)


def test_the_map_lies_as_that_of_the_memory_does_and_its_line_parts_where_paths_begin():
    """Lag across and τ down, and what stands below the line has a path: τ > ℓ."""
    ax, other = live(RecallPicture).ax, live(MemoryPicture).right
    assert (ax.get_xlabel(), ax.get_ylabel()) == (other.get_xlabel(), other.get_ylabel())
    assert ax.get_ylabel() == RecallPanel().controls["tau"].description == "τ  steps in a block"
    assert ax.yaxis_inverted() and other.yaxis_inverted()
    assert [label.get_text() for label in ax.get_xticklabels()] == [str(lag) for lag in recall.LAGS]
    assert [label.get_text() for label in ax.get_yticklabels()] == [str(tau) for tau in recall.TAUS]
    line = ax.lines[-1]
    for x, lag in enumerate(recall.LAGS):
        below = [y > np.interp(x, *line.get_data()) for y in range(len(recall.TAUS))]
        assert below == [tau > lag for tau in recall.TAUS]


def panel_map(panel):
    return recall.run(**panel.state)["success"]


def test_the_words_fit_and_say_what_the_numbers_say():
    assert [verdict(LEARNT, 1), verdict(LEARNT, 0), verdict(LEARNT - 0.01, 3)] == [
        "learnt",
        "learnt without a path",
        "not learnt",
    ]
    picture = RecallPicture().update(**recall.run(12, 24, "reset"))
    picture.png()
    right = picture.figure.bbox.x1
    for text in (picture.paths, picture.number, picture.verdict):
        assert text.get_window_extent().x1 <= right, text.get_text()
    picture.number.set_text("100% right")
    picture.verdict.set_text("learnt without a path")
    assert picture.number.get_window_extent().x1 < picture.verdict.get_window_extent().x0


def test_a_batch_without_a_mask_is_cut_too():
    assert recall.reset_every(Batch(np.ones((4, 2, 1)), np.zeros((4, 2), int)), 2).mask is None
