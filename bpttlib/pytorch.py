"""A layer from PyTorch, read as a network of the course: the same numbers, and every function of the course for them.

torch.nn.RNN, LSTM and GRU have the course's rows in the course's order, i f g o and r z n. They have two biases, one
beside W_hx x and one beside W_hh h; where these meet in one sum, only their sum is a number that anything hears.
PyTorch is not imported here: whoever has a layer of it has imported it.
"""

import sys

import numpy as np
from numpy.typing import NDArray

from .cell import Cell
from .gru import GRU
from .lstm import LSTM
from .rnn import RNN

__all__ = ["from_torch"]


def from_torch(module: object, readout: object) -> Cell:
    """Take over the weights of a torch.nn.RNN, LSTM or GRU and of the torch.nn.Linear that reads it, in float64.

        b_h = bias_ih + bias_hh        of a GRU's n: b_nx = bias_ih, b_n = bias_hh

    module   one layer, one direction, φ = tanh, no projection; with or without bias. `batch_first` is how its input
             lies and no part of the network: ours reads (T,B,d)
    readout  (q, hidden_size), with or without bias
    Returns an RNN, LSTM or GRU. Raises TypeError for other modules, ValueError for one that the course does not have.

    >>> import torch  # doctest: +SKIP
    >>> from_torch(torch.nn.LSTM(3, 8), torch.nn.Linear(8, 2))  # doctest: +SKIP
    LSTM(d=3, h=8, q=2)
    """
    kind = as_kind_of(module, readout)
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    W_hx, W_hh, b_x, b_h = (numbers(getattr(module, name, None)) for name in names)
    W_qh, b_q = numbers(readout.weight), numbers(readout.bias)
    if b_x is None or kind is not GRU:
        return kind(W_hx, W_hh, W_qh, None if b_x is None else b_x + b_h, b_q=b_q)
    r_z, n = slice(2 * module.hidden_size), slice(2 * module.hidden_size, None)
    return GRU(W_hx, W_hh, W_qh, np.concatenate([b_x[r_z] + b_h[r_z], b_x[n]]), b_h[n], b_q)


def numbers(weights: object) -> NDArray | None:
    """A tensor as an array of float64; the network makes a copy of it."""
    return None if weights is None else weights.detach().cpu().double().numpy()


def as_kind_of(module: object, readout: object) -> type[Cell]:
    """Which of our networks a module is, or the error that says why it is none."""
    nn = getattr(sys.modules.get("torch"), "nn", None)
    kinds = {} if nn is None else {nn.RNN: RNN, nn.LSTM: LSTM, nn.GRU: GRU}
    found = [ours for theirs, ours in kinds.items() if isinstance(module, theirs)]
    if not found:
        raise TypeError(f"module must be a torch.nn.RNN, LSTM or GRU, got {module!r:.60}")
    if not isinstance(readout, nn.Linear):
        raise TypeError(f"readout must be a torch.nn.Linear, got {readout!r:.60}")
    check_settings(module, found[0])
    if readout.in_features != module.hidden_size:
        raise ValueError(f"readout must read hidden_size = {module.hidden_size} numbers, got {readout.in_features}")
    return found[0]


def check_settings(module: object, kind: type[Cell]) -> None:
    """Refuse a layer of which the course has no network."""
    wanted = {"num_layers": 1, "bidirectional": False, "proj_size": 0}
    wanted |= {"nonlinearity": "tanh"} if kind is RNN else {}
    for name, value in wanted.items():
        if getattr(module, name) != value:
            raise ValueError(f"module must have {name} = {value!r}, got {getattr(module, name)!r}")
