"""The gate derived: every path of the symbolic Jacobians, against the networks' own and against plain differences."""

import cmath

import numpy as np
import pytest
import sympy as sp
from reference import assert_close
from within import within

from bpttlib import GRU, LSTM, RNN, Leaky
from bpttlib.derivation import gates

PAIRS = [(RNN, gates.plain), (Leaky, gates.leaky), (GRU, gates.gru), (LSTM, gates.lstm)]


def drawn(kind, seed):
    """A network of one unit with all weights and biases drawn, its tape, and what its last step meets."""
    rng, net = np.random.default_rng(seed), kind.random(1, 1, 1)
    net = net.with_parameters({name: rng.standard_normal(w.shape) for name, w in net.parameters.items()})
    tape = net.forward(rng.standard_normal((3, 1)), rng.standard_normal(net.s))
    numbers = {name.lower(): w.item() for name, w in net.by_gate(net.parameters).items()}
    return tape, numbers | {"x": tape.x[2, 0, 0]} | dict(zip("hc", tape.h[2, 0], strict=False))


@within("kind, unit", PAIRS)
@within("seed", [0, 1])
def test_the_jacobian_is_that_of_the_network(kind, unit, seed):
    tape, numbers = drawn(kind, seed)
    assert_close(gates.value(unit(), **numbers), tape.jacobian(3)[0], 1e-13)


FUNCTIONS = [{"tanh": cmath.tanh, "sigmoid": lambda u: 1 / (1 + cmath.exp(-u))}, "cmath"]


def number_of(expr, at):
    return complex(sp.lambdify([*at], expr, FUNCTIONS)(*at.values()))


@pytest.mark.parametrize("part", "figo")
def test_a_path_is_what_h_does_through_one_gate_alone(part):
    """A complex step in the h that this gate hears, and in no other."""
    unit, (_, numbers) = gates.lstm(), drawn(LSTM, 3)
    at = {gates.LETTERS.get(name, sp.Symbol(name)): number for name, number in numbers.items()}
    pushed = at | dict.fromkeys(unit.heard.values(), numbers["h"])
    pushed[unit.heard[part]] += 1e-30j
    for after in "hc":
        term = gates.written_out(unit, sp.Matrix([gates.paths(unit)[after, "h"].get(part, 0)]))[0]
        assert abs(number_of(unit.after[after], pushed).imag / 1e-30 - number_of(term, at)) < 1e-14, after


def test_the_four_blocks_say_what_they_lead_through():
    found = {block: list(terms) for block, terms in gates.paths(gates.lstm()).items()}
    assert found == {("h", "h"): [*"figo"], ("h", "c"): ["c_t"], ("c", "h"): [*"fig"], ("c", "c"): ["straight"]}
    assert str(gates.paths(gates.lstm())["c", "c"]["straight"]) == "f"
    assert list(gates.paths(gates.gru())["h", "h"]) == ["straight", *"znr"]


def test_lines_are_written_with_a_colour_for_what_goes_straight():
    text = gates.latex(gates.lstm())
    assert text.count(r"\frac{\partial") == 4 and text.count(r"\color{#009E73}") == 1 and text.count(r"\\") == 8
    assert text.index(r"\partial c_t}{\partial c_{t-1}") < text.index(r"\partial h_t}{\partial h_{t-1}")
    assert gates.latex(gates.leaky()).endswith(r"\text{through } \tanh\end{aligned}")


@pytest.mark.parametrize("function", [gates.paths, gates.jacobian, gates.value, gates.latex])
def test_what_is_no_unit_is_refused(function):
    with pytest.raises(TypeError, match=r"unit must be plain\(\), adding\(\)"):
        function(gates.plain)


def test_a_missing_number_is_named():
    with pytest.raises(ValueError, match="a number is needed for b_h, w_hx, x_t"):
        gates.value(gates.plain(), h=0.1, w_hh=0.5)
