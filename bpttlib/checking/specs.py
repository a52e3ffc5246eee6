"""Specs that would give an exercise away if they stood beside it: plain, slow, and read only by who looks for them."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from ..bptt import gradient
from ..gru import GRU
from ..lstm import LSTM
from ..parameters import Parameters
from ..pytorch import from_grads, to_torch
from ..recurrence import solve
from ..rnn import RNN
from ..truncation import Full, Segments, Strategy

__all__ = ["changed_by_detach", "fewest_states", "largest_alternating", "more_less_same"]


def largest_alternating(T: int) -> float:
    """The largest of a_1 … a_T for b_t = 1 and c_t = 2, ¼, 2, ¼, … (page 02)."""
    return max(solve([1] * T, [2 if t % 2 == 0 else 0.25 for t in range(T)]))


def more_less_same() -> list[str]:
    """The five predictions about gates, found by running (page 07)."""
    pairs = [
        (left(deaf_lstm(2.0, units=48), 40), left(deaf_lstm(2.0, units=12), 40)),
        (left(deaf_gru(3.0), 10), left(deaf_gru(0.0), 10)),
        (shows(deaf_lstm(50.0, b_g=1.0), 50), shows(deaf_lstm(50.0, b_g=1.0), 5)),
        (in_blocks(deaf_lstm(5.0), 40, 10), left(deaf_lstm(5.0), 40)),
        (felt(deaf_lstm(5.0), 40, Segments(10)), felt(deaf_lstm(5.0), 40, Full())),
    ]
    return ["same" if np.isclose(new, old) else "more" if new > old else "less" for new, old in pairs]


def deaf_lstm(b_f: float, units: int = 1, b_g: float = 0.0) -> LSTM:
    """An LSTM whose gates hear nothing: all weights are 0, and the biases say everything."""
    W_hx, W_hh, b_h = np.zeros((4 * units, 1)), np.zeros((4 * units, units)), np.repeat([0, b_f, b_g, 0], units)
    return LSTM(W_hx, W_hh, np.ones((1, units)), b_h)


def deaf_gru(b_z: float) -> GRU:
    return GRU(np.zeros((3, 1)), np.zeros((3, 1)), [[1.0]], [0.0, b_z, 0.0])


def left(net: LSTM | GRU, n: int) -> float:
    """What the last number of a state of ones is after n steps."""
    return net.forward(np.zeros((n, 1)), np.ones(net.s)).h[-1, 0, -1]


def in_blocks(net: LSTM, n: int, tau: int) -> float:
    """The same, read in blocks of tau steps that carry the state."""
    state = np.ones((1, net.s))
    for _ in range(n // tau):
        state = net.forward(np.zeros((tau, 1)), state).h[-1]
    return state[0, -1]


def shows(net: LSTM, n: int) -> float:
    """∂h_n/∂c_0 of one unit, a product of Jacobians."""
    tape, product = net.forward(np.zeros((n, 1)), (np.zeros(1), np.ones(1))), np.eye(2)
    for t in range(1, n + 1):
        product = tape.jacobian(t)[0] @ product
    return product[0, 1]


def felt(net: LSTM, n: int, strategy: Strategy) -> float:
    """How strongly the loss of step n is felt at c_1."""
    last = np.arange(1, n + 1) == n
    return abs(gradient(net, np.zeros((n, 1)), np.ones((n, 1)), strategy, "squared", mask=last).dL_dh[0, 0, 1])


def fewest_states(T: int, reads: int) -> int:
    """How many states must be held at once to go back over T steps when each may be read so often (page 08).

    A state is made by reading from the one before; back over step t goes whoever holds h_{t-1} and h_t.
    """
    more = 1
    while longest(more, reads) < T:
        more += 1
    return 1 + more


@cache
def longest(more: int, reads: int) -> int:
    """How many steps can be gone back over with so many states beside the first one.

    Hold a state in the middle. What lies behind it has one state fewer; what lies before it has one reading fewer.
    """
    if reads == 1 or more == 1:
        return more
    return longest(more - 1, reads) + longest(more, reads - 1)


def changed_by_detach() -> list[str]:
    """The five predictions about one detach(), found by running (page 09); needs PyTorch."""
    six = range(1, 7)
    full = by_torch(six)
    pairs = [
        (by_torch(six, edge=4), full),
        (by_torch(six, edge=2), full),
        (by_torch([3], edge=4), by_torch([3])),
        (by_torch(six, output=6), full),
        (by_torch(six, weight=4), full),
    ]
    return [" ".join(name for name in old if not np.allclose(new[name], old[name], rtol=1e-9)) for new, old in pairs]


def by_torch(losses: Sequence[int], edge: int = 0, output: int = 0, weight: int = 0) -> Parameters:
    """PyTorch's gradient of ½‖o_t‖² at some of six steps; one detach() before a step, of its output or of its W_hh."""
    module, readout = to_torch(RNN.random(3, 2, 3, seed=1))
    W_hx, W_hh, b_h = module.weight_ih_l0, module.weight_hh_l0, module.bias_ih_l0
    h, loss = W_hh.new_zeros(2), 0
    for t in range(1, 7):
        W, before = W_hh.detach() if t == weight else W_hh, h.detach() if t == edge else h
        h = (W_hx[:, t % 3] + W @ before + b_h).tanh()
        o = readout(h).detach() if t == output else readout(h)
        loss = loss + (o**2).sum() / 2 * (t in losses)
    loss.backward()
    return from_grads(module, readout)
