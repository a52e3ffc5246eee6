"""The fan of arrows, against powers multiplied out, NumPy's own solvers, and what each preset promises."""

import itertools

import numpy as np
import pytest
from within import within

from bpttlib.experiments.powers import LAST, PRESETS, TURNING, matrix, run
from bpttlib.powers import NoLine, from_eigenvalues, from_pair

STATE = {"first": 0.9, "second": -0.5, "angle": 0, "departure": 0.7}
PAIR = {"first": 1.1, "second": 0.0, "angle": 35, "departure": 0.4}


def test_an_angle_makes_a_pair():
    assert np.array_equal(matrix(0.9, 0.5, 0, 1.0), from_eigenvalues(0.9, 0.5, 1.0))
    assert np.array_equal(matrix(0.9, 0.5, 30, 1.0), from_pair(0.9, 30, 1.0))
    assert np.linalg.eigvals(matrix(0.9, 0.5, 30)) == pytest.approx(0.9 * np.exp(1j * np.pi / np.array([6, -6])))
    for angle, departure in ((-5, 0.0), (185, 0.0), (0, -0.1)):
        with pytest.raises(ValueError):
            matrix(0.9, 0.5, angle, departure)


@within("state", [STATE, PAIR])
@within("k", [0, 1, 6, LAST])
def test_arrows_are_powers_multiplied_out(state, k):
    found = run(k, **state, true_length=True)
    assert (found["k"], found["true_length"]) == (k, True)
    power = np.linalg.matrix_power(matrix(**state), k)
    assert np.array_equal(found["matrix"].M, matrix(**state))
    angles = np.radians(np.arange(11.25, 360, 22.5))
    fan = np.exp(found["fan"].log_norm)[:, None] * found["fan"].direction
    assert fan.T == pytest.approx(power @ [np.cos(angles), np.sin(angles)], abs=1e-9)
    start = [np.cos(np.radians(118)), np.sin(np.radians(118))]
    orbit, most = found["arrow"].orbit, found["arrow"].most
    assert np.exp(orbit.log_norm[k]) * orbit.direction[k] == pytest.approx(power @ start, rel=1e-9)
    assert most[k] == pytest.approx(np.log(np.linalg.norm(power, 2)), abs=1e-9)
    assert len(orbit.direction) == len(orbit.log_norm) == len(most) == LAST + 1


@pytest.mark.parametrize("k", [0, 1, 7, LAST])
def test_the_pair_beside_it_only_turns_whatever_the_matrix(k):
    steps = np.arange(k, min(k + 12, LAST) + 1)[:, None]
    angles = np.radians([*np.arange(11.25, 360, 22.5), 118]) - steps * np.radians(TURNING["angle"])
    turned = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    for state in (STATE, PAIR):
        assert run(k, **state, true_length=False)["turning"] == pytest.approx(turned, abs=1e-12)


@pytest.mark.parametrize("state", [STATE, PAIR])
def test_the_measures_of_the_matrix(state):
    found, M = run(3, **state, true_length=False)["matrix"], matrix(**state)
    lam = np.linalg.eigvals(M)
    assert np.sort_complex(found.values) == pytest.approx(np.sort_complex(lam))
    assert found.spectral_radius == pytest.approx(max(abs(lam)))
    assert np.sqrt((M**2).sum() - (abs(lam) ** 2).sum()) == pytest.approx(state["departure"])


def test_the_angle_to_the_line_and_what_it_comes_to():
    found, M = run(0, **STATE, true_length=False), matrix(**STATE)
    lines, arrow = found["matrix"], found["arrow"]
    assert M @ lines.dominant.vector == pytest.approx(0.9 * lines.dominant.vector)
    assert M @ lines.second == pytest.approx(-0.5 * lines.second)
    x, y = lines.dominant.vector
    by_hand = [abs(u * y - v * x) for u, v in arrow.orbit.direction]
    assert arrow.sines == pytest.approx(by_hand, abs=1e-12) and lines.dominant.why is None
    assert arrow.sines[20:30] / arrow.limit[20:30] == pytest.approx(np.ones(10), abs=1e-3)


def test_without_a_line_there_is_no_angle_and_a_reason():
    found = run(0, **PAIR, true_length=False)
    lines, arrow = found["matrix"], found["arrow"]
    assert lines.dominant.vector is lines.second is arrow.sines is arrow.limit is None
    assert lines.dominant.why is NoLine.PAIR
    for values, why in (((0.9, -0.9), NoLine.OPPOSITE), ((1.0, 1.0), NoLine.SEVERAL)):
        assert run(0, *values, 0, 0.0, False)["matrix"].dominant.why is why
    assert run(0, 0.0, 0.0, 0, 1.0, False)["matrix"].dominant.why is NoLine.ALL_ZERO


PROMISED = {
    "vanishing": ("vanishing", "aligning"),
    "exploding": ("exploding", "aligning"),
    "rotating": ("border", "rotating"),
    "reflecting": ("vanishing", "reflecting"),
    "defective": ("vanishing", "defective"),
    "non-normal": ("vanishing", "aligning"),
    "identity": ("border", "uniform"),
}


def test_every_preset_does_what_its_name_says():
    assert PRESETS.keys() == PROMISED.keys()
    for (name, state), k in itertools.product(PRESETS.items(), (0, LAST)):
        found = run(k, **state, true_length=False)
        assert (found["matrix"].regime.growth, found["matrix"].regime.motion) == PROMISED[name]
    most = run(0, **PRESETS["non-normal"], true_length=False)["arrow"].most
    assert most.max() > np.log(2) and most[-1] < most.max()
