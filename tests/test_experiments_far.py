"""Attention and Lyapunov exponents in pictures: their numbers are those of the networks they say."""

import numpy as np
import pytest
from within import within

from bpttlib import GRU, LSTM, attention, path_norms
from bpttlib.experiments import attention as direct
from bpttlib.experiments import gates
from bpttlib.experiments import lyapunov as rates
from bpttlib.experiments.spectrum import draw
from bpttlib.figures.attention import AttentionPicture
from bpttlib.figures.lyapunov import LyapunovPicture
from bpttlib.longlag import cosines, sent_back
from bpttlib.lyapunov import exponents, log_stretches
from bpttlib.text import TITLE, next_character, river


def test_the_four_triangles_are_path_norms_over_their_diagonal():
    found = direct.run()
    x, y = next_character(TITLE, 28, gates.letters())
    layer = direct.layer(gates.UPDATES)
    code = np.concatenate([x, attention.positions(28, 4)[:, None]], axis=-1)
    wanted = {
        "attention": attention.path_norms(layer, code, y),
        "LSTM": path_norms(gates.net_of("LSTM", 1, gates.UPDATES), x, y),
    }
    for name, N in wanted.items():
        assert found["paths"][name] == pytest.approx(N / np.diag(N)[1:].mean(), abs=1e-12)
        left = sum(N[t, t - 10] for t in range(11, 28)) / sum(N[t, t] for t in range(1, 18))
        assert found["left"][name] == pytest.approx(left)
    assert found["pairs"] == 28 * 29 // 2
    assert "attention" in AttentionPicture().update(**found).alt


def test_training_makes_the_layer_better():
    batch, net = gates.lesson()[0], direct.layer(8)
    before, after = (
        attention.gradient(n, direct.with_positions(batch.x), batch.y).loss for n in (direct.layer(0), net)
    )
    assert after < before - 0.1


def test_silence_has_the_logarithm_of_rho_and_input_less():
    silent, little, much = (rates.over_noise(0.8, size) for size in rates.SIZES)
    assert silent == pytest.approx(np.log(0.8), abs=1e-3)
    assert much < little < silent


def test_the_bound_and_a_little_input_are_as_the_page_says():
    sigma = rates.largest_singular_value(draw(rates.UNITS, 1.0).W_hh)
    assert f"{np.log(sigma):.1f}" == "0.6", "above log ρ, at every ρ"
    assert 0 < rates.over_noise(1.5, 0.25) - rates.over_noise(1.5, 0.0) < 0.05


def test_what_is_drawn_of_the_exponents(monkeypatch):
    monkeypatch.setattr(rates, "RADII", np.array([0.5, 1.5]))
    monkeypatch.setattr(rates, "STEPS", 220)
    found = rates.run.__wrapped__()
    x, _ = next_character(river().lower(), 220, gates.letters())
    net = gates.net_of("LSTM", 3)
    wanted = exponents(net.forward(x[150:], net.forward(x[:150]).h[-1]), 1, skip=50)[0, 0]
    assert found["cells"]["LSTM", 3][0] == pytest.approx(wanted)
    assert found["tanh"][1.0][0] == pytest.approx(rates.over_noise(0.5, 1.0))
    picture = LyapunovPicture().update(**found)
    assert "LSTM of 3" in picture.alt and "input 0.25" in picture.alt
    drawn = [line.get_ydata() for line in (picture.linear, *picture.inputs)]
    assert np.allclose(drawn, [np.log([0.5, 1.5]), found["tanh"][0.0], found["tanh"][1.0]], rtol=0, atol=0)


def test_the_slowest_gate_alone():
    net, x = gates.net_of("GRU", 3, gates.UPDATES), next_character(river().lower(), 400, gates.letters())[0]
    z = net.forward(x).gates["z"][151:, 0]
    assert rates.slowest_gate("GRU", 3) == pytest.approx(max(np.log(np.prod(z, axis=0)) / 250))


def test_a_cell_without_a_gate_is_refused():
    with pytest.raises(ValueError, match="cell must be one of GRU, LSTM, got 'RNN'"):
        rates.slowest_gate("RNN", 0.9)


@within("net", [LSTM.random(3, 4, 2), GRU.random(3, 4, 2, update_bias=1.0)])
def test_exponents_of_a_gated_cell_add_up_to_its_determinants(net):
    tape = net.forward(np.random.default_rng(0).standard_normal((30, 2, 3)))
    sums = [np.linalg.slogdet(tape.jacobian(t))[1] for t in range(1, 31)]
    assert log_stretches(tape).sum(axis=-1) == pytest.approx(np.array(sums), abs=1e-8)


def test_the_determinant_of_an_lstm_by_hand():
    """|det J_t| = Π f · |det(diag(tanh c o(1-o)) W_oh)|: a row of the h-block less its share of the c-block."""
    lstm = LSTM.random(3, 4, 2)
    tape = lstm.forward(np.random.default_rng(1).standard_normal((9, 1, 3)))
    W_oh, (f, o) = lstm.by_gate(lstm.parameters).W_oh, (tape.gates[name][1:, 0] for name in "fo")
    c = tape.h[1:, 0, 4:]
    by_hand = np.log(f * np.abs(np.tanh(c)) * o * (1 - o)).sum(axis=-1) + np.linalg.slogdet(W_oh)[1]
    assert log_stretches(tape).sum(axis=-1)[:, 0] == pytest.approx(by_hand, abs=1e-8)


def test_gradients_fall_into_line_as_the_gap_says():
    apart, together, soon = (rates.lining_up(2, 0.9, size) for size in (0.0, 0.5, 2.0))
    assert abs(apart["gap"]) < 0.02 and abs(apart["rate"]) < 0.02 and apart["likeness"] < 0.9
    for one in (together, soon):
        assert one["rate"] == pytest.approx(one["gap"], rel=0.3) and one["likeness"] > 0.999
    assert soon["gap"] > 1 > together["gap"] > 0.1


def test_sines_against_cosines():
    D = sent_back(draw(3), np.zeros((9, 4)), np.eye(4)[:2])
    assert rates.sines(D) ** 2 + cosines(D) ** 2 == pytest.approx(np.ones(9))
    assert rates.rate(np.append(np.exp(-2.0 * np.arange(12)), 0)) == pytest.approx(2.0)
