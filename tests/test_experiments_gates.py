"""Three triangles on one text: the paths of the networks that are named, drawn or trained, as the picture's cells."""

import numpy as np
import pytest
from readable import faults
from reference import assert_close
from stopping import at_an_update, stopped
from within import within

from bpttlib import GRU, LSTM, RNN, Adam, blocks, path_norms, train
from bpttlib.experiments import gates
from bpttlib.figures.gates import NOTHING, GatesPicture, share
from bpttlib.panels.gates import GatesPanel
from bpttlib.text import TITLE, Vocabulary, next_character, river

LETTERS = Vocabulary.of(river().lower())
DRAWN = {
    "RNN": lambda setting: RNN.random(28, 16, 28, 3, spectral_radius=setting),
    "GRU": lambda setting: GRU.random(28, 16, 28, 3, update_bias=setting),
    "LSTM": lambda setting: LSTM.random(28, 16, 28, 3, forget_bias=setting),
}


@within("cell, setting", [("RNN", 1.3), ("GRU", -2), ("LSTM", 5)])
def test_the_triangles_are_the_path_norms_of_these_networks(cell, setting):
    bias, rho = (3, setting) if cell == "RNN" else (setting, 0.9)
    seen = gates.run(bias, rho, 14, "drawn")
    norms = path_norms(DRAWN[cell](setting), *next_character(TITLE, 14, LETTERS))
    assert_close(seen["paths"][cell] * np.trace(norms) / 13, norms, 1e-12)
    assert len(seen["left"][cell]) == len(seen["alone"][cell]) == 11
    for k in (0, 3, 10):
        steps = range(1, 14 - k)
        expected = sum(norms[i + k, i] for i in steps) / sum(norms[i, i] for i in steps)
        assert_close(seen["left"][cell][k], expected, 1e-12)


def test_what_the_gates_say_alone_is_their_product_step_by_step():
    x, _ = next_character(TITLE, 14, LETTERS)
    tape = DRAWN["LSTM"](1).forward(x)
    f = tape.gates["f"]
    seen = gates.run(1, 1.1, 14, "drawn")
    expected = np.mean([np.prod(f[t - 3 : t], axis=0) for t in range(4, 16)])
    assert_close([seen["alone"]["LSTM"][k] for k in (0, 3)], [1, expected], 1e-12)
    assert_close(seen["gate"]["LSTM"], [f[1:].mean()] * 2, 1e-12)
    assert_close(seen["alone"]["RNN"], 1.1 ** np.arange(11), 1e-12)


@within("cell, setting", [("RNN", 0.9), ("GRU", 0), ("LSTM", 0)])
def test_a_trained_network_is_one_training_on_the_story(cell, setting):
    story = blocks(river().lower(), LETTERS, 28, B=8)
    net = train(DRAWN[cell](setting), story, optimizer=Adam(0.02), clip=1.0, steps=3).net
    assert (gates.net_of(cell, setting, 3).parameters.flat() == net.parameters.flat()).all()


def test_trained_is_seen_whether_or_not_all_were_trained_before():
    gates.learnt.cache_clear()
    gates.reading.cache_clear()
    first = gates.run(0, 0.9, 16, "trained")
    every = gates.trained_nets()
    assert len(every) == 25 and every["LSTM", 0] is gates.net_of("LSTM", 0, gates.UPDATES)
    gates.reading.cache_clear()
    again = gates.run(0, 0.9, 16, "trained")
    assert all((again["paths"][cell] == first["paths"][cell]).all() for cell in gates.CELLS)
    assert again["gate"]["GRU"][0] != again["gate"]["GRU"][1]


def test_a_network_that_is_half_trained_is_not_kept():
    assert stopped(lambda: gates.net_of("RNN", 0.7, 4), 3, at_an_update)
    found = gates.net_of("RNN", 0.7, 4)
    assert (found.W_hh == gates.learnt.__wrapped__("RNN", 0.7, 4).net.W_hh).all()
    assert found is gates.net_of("RNN", 0.7, 4)


def test_who_stops_the_training_keeps_what_is_trained():
    gates.learnt.cache_clear()

    def stops(places):
        yield from places[:2]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        gates.trained_nets(stops)
    kept = gates.learnt.cache_info().currsize
    gates.net_of("RNN", gates.RADII[1], gates.UPDATES)
    assert gates.learnt.cache_info().currsize == kept


@within("cell", ["GRU", "LSTM"])
def test_the_triangle_fills_as_the_bias_rises(cell):
    x, y = next_character(TITLE, 28, LETTERS)
    for seed in range(4):
        nets = (gates.beginning(cell, bias, seed) for bias in (-3, 0, 1, 3))
        left = [gates.left_by_lag(path_norms(net, x, y))[gates.AFTER] for net in nets]
        assert 0.01 > left[0] and left[0] < left[1] < left[2] < left[3] and left[3] > 0.4


def test_other_weights_and_steps_are_refused():
    with pytest.raises(ValueError, match="weights must be drawn or trained, got 'new'"):
        gates.run(0, 0.9, 16, "new")
    for T in (13, 29):
        with pytest.raises(ValueError, match=f"T must lie in 14 … 28, got {T}"):
            gates.run(0, 0.9, T, "drawn")
    with pytest.raises(TypeError, match="T must be a whole number, got 20.5"):
        gates.run(0, 0.9, 20.5, "drawn")
    with pytest.raises(ValueError, match="cell must be one of RNN, GRU, LSTM, got 'leaky'"):
        gates.net_of("leaky", 3)


def test_one_scale_for_all_three_and_nearly_white_below_a_thousandth():
    picture = GatesPicture()
    levels = picture.levels(np.array([1e-3, 0.1, 1.0, 1e9]))
    assert (levels[0] == picture.table[0]).all() and (levels[-1] == picture.table[-1]).all()
    picture.update(**gates.run(-3, 0.9, 28, "drawn"))
    colours, paths = picture.triangles["LSTM"].colours, gates.run(-3, 0.9, 28, "drawn")["paths"]["LSTM"]
    below = np.tri(28, dtype=bool)
    assert ((colours == NOTHING).all(axis=-1) == (below & (paths < 1e-3))).all()
    assert (colours[~below] == 0).all()
    (key,) = (one for one in picture.triangles["LSTM"].axes.child_axes if one.images)
    scale = key.images[0].get_array()
    assert (scale[-1, -1] == picture.table[-1]).all(), "the key ends where the colours do"
    assert [share(x) for x in (1, 0.0996, 0.0994, 0.00096, 0.00094)] == ["100 %", "10 %", "9.9 %", "0.1 %", "0.09 %"]


def test_the_panel_says_what_is_left():
    panel = GatesPanel()
    assert faults(panel.picture) == []
    assert panel.alt.startswith("Drawn weights, bias 3, ρ = 0.9. Left after 10 steps: RNN ")
    panel.set(weights="trained", T=16)
    assert not panel.trouble and panel.alt.startswith("Trained weights")


def test_tanh_takes_away_what_a_larger_rho_gives_after_training():
    x, _ = next_character(TITLE, 28, LETTERS)
    drawn, trained = (gates.net_of("RNN", 0.9, updates) for updates in (0, 100))
    slopes = [net.forward(x).slopes[1:].mean() for net in (drawn, trained)]
    assert gates.radius(trained) > gates.radius(drawn) and slopes == pytest.approx([0.90, 0.59], abs=0.01)
