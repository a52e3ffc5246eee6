"""The lag task for four cells: its runs are trainings, the table that is kept is theirs, and the picture shows it."""

import numpy as np
import pytest

from bpttlib import Adam, Leaky, Window, gradient, train
from bpttlib.experiments import memory
from bpttlib.experiments.memory import Place
from bpttlib.figures.memory import MemoryPicture
from bpttlib.tasks import marked


def test_marked_asks_at_the_end_for_what_was_marked():
    batch = marked(lag=4, B=50, seed=3, symbols=3)
    assert batch.x.shape == (5, 50, 4) and (batch.x[..., :3].sum(axis=-1) == 1).all()
    assert (batch.x[0, :, 3] == 1).all() and not batch.x[1:, :, 3].any()
    assert (batch.x[0, :, :3].argmax(axis=-1) == batch.y[-1]).all()
    assert batch.mask.sum(axis=1).tolist() == [0, 0, 0, 0, 50]
    others = batch.x[1:, :, :3].argmax(axis=-1) == batch.y[-1]
    assert 0.2 < others.mean() < 0.5, "the coins behind it say nothing of it"


def test_all_cells_have_as_many_parameters_within_three_per_cent():
    sizes = {row[0]: memory.beginning(Place(*row, 5), 0).parameters.flat().size for row in memory.ROWS}
    assert sizes == {"RNN": 777, "leaky": 802, "GRU": 800, "LSTM": 794}
    assert all(abs(n - sizes["LSTM"]) < 0.03 * sizes["LSTM"] for n in sizes.values())


def test_the_bias_is_that_of_what_keeps():
    nets = {cell: memory.beginning(Place(cell, 3, 5), 0) for cell in ("leaky", "GRU", "LSTM")}
    assert (nets["LSTM"].by_gate(nets["LSTM"].parameters).b_f == 3).all()
    assert (nets["GRU"].by_gate(nets["GRU"].parameters).b_z == 3).all()
    assert np.allclose(nets["leaky"].b_z, 3, atol=1e-12)


@pytest.mark.parametrize("tau", [1, 3, 5])
def test_a_cut_gradient_looks_back_tau_steps_from_the_question(tau):
    place, batch = Place("LSTM", 3, 5, tau), marked(5, 4, seed=1)
    net = memory.beginning(place, 0)
    cut, window = (
        gradient(net, batch.x, batch.y, how, mask=batch.mask) for how in (memory.strategy(place), Window(tau))
    )
    assert np.allclose(cut.flat(), window.flat(), rtol=0, atol=1e-14)
    assert not cut.dL_dh[: 6 - tau].any() and cut.dL_dh[6 - tau].any()


def test_a_run_is_one_training_on_the_coins_of_its_seed():
    place, coins = Place("GRU", 1, 3), np.random.default_rng([4, 3])
    batches = [marked(3, memory.STREAMS, coins) for _ in range(25)]
    history = train(memory.beginning(place, 4), batches, optimizer=Adam(0.01), clip=memory.CLIP)
    assert memory.learnt(place, 4, updates=25) == (memory.right(history.net, 3) >= memory.PASSED)
    assert not memory.learnt(Place("GRU", 0, 80), 0, updates=1), "a network that has learnt nothing guesses"


@pytest.mark.parametrize("place", [Place("LSTM", 3, 5, 6), Place("LSTM", 3, 5, 0), Place("lstm", 3, 5)])
def test_what_is_no_place_is_refused(place):
    with pytest.raises(ValueError, match="must"):
        memory.learnt(place, 0, updates=1)


def test_the_kept_table_holds_every_place_and_seed_once():
    lines = memory.FILE.read_text(encoding="utf-8").splitlines()
    assert "\n".join(lines[: memory.HEAD.count("\n") + 1]) == memory.HEAD, "made with these settings"
    assert list(memory.kept()) == memory.places() and len(lines) == len(memory.places()) + memory.HEAD.count("\n") + 1
    assert all(len(seeds) == len(memory.SEEDS) and set(seeds) <= {"0", "1"} for seeds in memory.kept().values())


@pytest.mark.parametrize("place", [Place("LSTM", 3, 5), Place("leaky", 3, 5), Place("LSTM", 3, 5, 1)])
def test_a_run_anew_says_what_the_table_says(place):
    assert memory.learnt(place, 0) == (memory.kept()[place][0] == "1")


def test_the_table_is_written_as_it_is_read(tmp_path, monkeypatch):
    few, file = [Place("RNN", 0.9, 5), Place("LSTM", 5, 10, 5, 0.03)], tmp_path / "memory.csv"
    monkeypatch.setattr(memory, "places", lambda: few)
    monkeypatch.setattr(memory, "learnt", lambda place, seed: seed % 2 == 0)
    memory.make(file)
    monkeypatch.setattr(memory, "FILE", file)
    assert memory.kept.__wrapped__() == dict.fromkeys(few, "1010101010")


def test_each_row_is_shown_at_the_better_of_its_rates_and_an_uncut_gradient_is_the_full_one():
    shown, kept = memory.run(), memory.kept()
    for row, counts, rate in zip(memory.ROWS, shown["success"], shown["rates"], strict=True):
        both = {r: [kept[Place(*row, lag, None, r)].count("1") for lag in memory.LAGS] for r in memory.RATES}
        assert both[rate] == counts.tolist() and sum(both[rate]) == max(map(sum, both.values()))
    for tau, counts in zip((*memory.TAUS, 999), shown["cut"], strict=True):
        for lag, n in zip(memory.LAGS, counts, strict=True):
            assert n == kept[Place(*memory.GATED, lag, tau if tau <= lag else None)].count("1")


def test_the_picture_writes_every_number():
    shown = memory.run()
    picture = MemoryPicture().update(**shown)
    for name in ("success", "cut"):
        cells, numbers = getattr(picture, name)
        assert [[int(text.get_text()) for text in row] for row in numbers] == shown[name].tolist()
        assert (cells.get_array() == shown[name]).all()
    assert "Learnt at a lag of 40" in picture.alt and picture.png()
    assert (
        picture.left.get_title(loc="left") == "say a coin ℓ steps later: runs, of ten, that learn it"
        and len(memory.SEEDS) == 10
    )


def test_the_best_readout_finds_what_the_state_holds():
    """A leaky unit that keeps 0.9 of itself and hears the marked coin alone, whatever the others show."""
    hears = Leaky([[1.0, -1.0, 0.0]], [[0.0]], np.zeros((2, 1)), [2.2], phi="identity")
    assert memory.held(memory.beginning(Place("LSTM", 3, 5), 0), 5) > 0.98
    assert 0.4 < memory.held(memory.beginning(Place("LSTM", 0, 40), 0), 40) < 0.6
    by_hand = np.mean([np.sign(h) == np.sign(1 - 2 * y) for h, y in zip(*echoes(hears, 4), strict=True)])
    assert abs(memory.held(hears, 4) - by_hand) < 0.06


def echoes(net, lag):
    asked = marked(lag, memory.ASKED, 1000 + lag)
    return net.forward(asked.x).h[-1, :, 0], asked.y[-1]


def test_felt_is_the_share_of_the_gradient_that_reaches_the_mark():
    """A leaky network without W_hh keeps z at every step, and nothing else leads back."""
    deaf = Leaky(np.ones((1, 3)), [[0.0]], np.array([[1.0], [-1.0]]), [1.5])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memory, "beginning", lambda place, seed: deaf)
        assert np.isclose(memory.felt(Place("leaky", 1.5, 7)), deaf.z.item() ** 7, rtol=1e-12)


def test_a_table_that_is_stopped_leaves_the_old_one(tmp_path, monkeypatch):
    file = tmp_path / "memory.csv"
    file.write_text("as it was")
    monkeypatch.setattr(memory, "places", lambda: [Place("RNN", 0.9, 5)])
    monkeypatch.setattr(memory, "learnt", lambda place, seed: 1 // (1 - seed) > 0)
    with pytest.raises(ZeroDivisionError):
        memory.make(file)
    assert file.read_text() == "as it was"
