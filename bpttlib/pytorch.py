"""PyTorch and the course, read into each other: the same weights, the same gradients, the same loss in both.

torch.nn.RNN, LSTM and GRU have the course's rows in the course's order, i f g o and r z n. They have two biases, one
beside W_hx x and one beside W_hh h; where these meet in one sum, only their sum is a number that anything hears.
PyTorch is optional: it is imported when something is made with it. What its autograd keeps: `bpttlib.autograd`.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from ._checks import as_array
from ._torch import as_installed, loaded
from .autograd import Graph, graph_of, unrolled
from .batches import Batch
from .cell import Cell, as_cell
from .gru import GRU
from .lstm import LSTM
from .parameters import Parameters
from .problem import as_targets
from .rnn import RNN

__all__ = ["Graph", "from_grads", "from_torch", "graph_of", "loss_of_block", "one_thread", "to_torch", "unrolled"]

THEIRS = {"W_hx": "weight_ih_l0", "W_hh": "weight_hh_l0", "b_h": "bias_ih_l0", "b_n": "bias_hh_l0"}
THEIRS_OF_READOUT = {"W_qh": "weight", "b_q": "bias"}


def from_torch(module: object, readout: object) -> Cell:
    """Take over the weights of a torch.nn.RNN, LSTM or GRU and of the torch.nn.Linear that reads it, in float64.

        b_h = bias_ih + bias_hh        of a GRU's n: b_nx = bias_ih, b_n = bias_hh

    module   one layer, one direction, φ = tanh, no projection; with or without bias. `batch_first` is how its input
             lies and no part of the network: ours reads (T,B,d)
    readout  (q, hidden_size), with or without bias
    Returns an RNN, LSTM or GRU. Raises TypeError for other modules, ValueError for one that the course does not have.

    >>> import torch
    >>> from_torch(torch.nn.LSTM(3, 8), torch.nn.Linear(8, 2))
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


def to_torch(net: Cell) -> tuple:
    """Build the torch.nn.RNN, LSTM or GRU and the torch.nn.Linear that compute what a network computes, in float64.

        bias_ih = b_h        bias_hh = 0, and stands still; of a GRU's n: bias_hh = b_n, and learns

    Two biases that both learnt would move their sum twice in a step, and count twice in ‖g‖². Of a GRU a hook holds
    the first 2h numbers still, and `copy.deepcopy` leaves hooks behind: call `to_torch` once more for a second copy.
    The weights are copies; torch's own random numbers are not touched.
    Returns (module, readout), and `from_torch(module, readout)` is the network again, bit by bit.
    Raises TypeError for a cell that torch does not have and for complex weights, ValueError for φ = identity,
    ImportError where PyTorch is not installed.

    >>> module, readout = to_torch(GRU.random(d=3, h=8, q=2))
    >>> module, readout.out_features
    (GRU(3, 8), 2)
    """
    as_known(net)
    torch = as_installed()
    module, readout = layers_of(torch, net)
    b_hh, still = np.zeros_like(net.b_h), len(net.b_h)
    if isinstance(net, GRU):
        still = 2 * net.h
        b_hh[still:] = net.b_n
    fill(torch, module, weight_ih_l0=net.W_hx, weight_hh_l0=net.W_hh, bias_ih_l0=net.b_h, bias_hh_l0=b_hh)
    fill(torch, readout, weight=net.W_qh, bias=net.b_q)
    hold_still(module.bias_hh_l0, still)
    return module, readout


def from_grads(module: object, readout: object) -> Parameters:
    """Read what `backward()` has left in .grad, under our names and in our shapes, as `gradient` gives it.

        b_h: the .grad of bias_ih        b_n: the last h numbers of that of bias_hh

    A copy, so that the next `zero_grad()` or `clip_grad_norm_` does not reach it. A bias that a layer does not have
    is left out. Raises ValueError where a .grad is missing, and the errors of `from_torch`.

    >>> import torch
    >>> module, readout = to_torch(RNN.random(d=3, h=8, q=2))
    >>> readout(module(torch.ones(5, 1, 3, dtype=torch.float64))[0]).sum().backward()
    >>> from_grads(module, readout)
    Parameters(W_hx (8, 3), W_hh (8, 8), W_qh (2, 8), b_h (8,), b_q (2,))
    """
    kind, found = as_kind_of(module, readout), {}
    for name in kind.names:
        owner, theirs = (module, THEIRS) if name in THEIRS else (readout, THEIRS_OF_READOUT)
        weights = getattr(owner, theirs[name], None)
        if weights is not None:
            found[name] = slope(theirs[name], weights)
    if "b_n" in found:
        found["b_n"] = found["b_n"][2 * module.hidden_size :]
    return Parameters(**found)


def loss_of_block(module: object, readout: object, batch: Batch, state: object = None) -> tuple:
    """Read a block from a state on, and give its loss, with the graph of all that led to it, and its last state.

        loss = mean of -log softmax(o_t)[y_t] over all letters of the block that count

    module, readout  as `to_torch` gives them;  state  of the block before, or None for 0
    Returns (loss, state). Whether the walk goes on through the state is for the caller to say: by `detach()`.
    Raises the errors of `from_torch`, and ValueError or TypeError for a module with batch_first=True, which would take
    steps for sequences, and for a block whose x or y does not fit.

    >>> block = Batch(np.zeros((5, 2, 3)), np.zeros((5, 2), int))
    >>> loss, state = loss_of_block(*to_torch(RNN.random(d=3, h=8, q=2)), block)
    >>> round(loss.item(), 4), state.shape
    (0.6931, torch.Size([1, 2, 8]))
    """
    as_kind_of(module, readout)
    x, y = as_read(module, readout, batch)
    torch = as_installed()
    h, state = module(torch.tensor(x, dtype=readout.weight.dtype), state)
    counts = torch.ones(y.shape, dtype=torch.bool) if batch.mask is None else torch.tensor(batch.mask)
    return torch.nn.functional.cross_entropy(readout(h)[counts], torch.tensor(y)[counts]), state


@contextmanager
def one_thread() -> Iterator[None]:
    """Let PyTorch work on one thread, and then on as many as before: for small matrices more only wait for each other.

    Raises ImportError where PyTorch is not installed.

    >>> import torch
    >>> with one_thread():
    ...     torch.get_num_threads()
    1
    """
    torch = as_installed()
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def as_read(module: object, readout: object, batch: Batch) -> tuple[NDArray, NDArray]:
    """The x and the y of a block that these layers can read, or the error that says why they cannot."""
    if not isinstance(batch, Batch):
        raise TypeError(f"batch must be a Batch, got {batch!r:.60}")
    if module.batch_first:
        raise ValueError("module must have batch_first = False: a block has its steps first, (T, B, d)")
    x = as_array("batch.x", batch.x, ("T", "B", module.input_size))
    return x, as_targets(batch.y, x.shape[:2], readout.out_features, "cross_entropy").astype(int)


def slope(name: str, weights: object) -> NDArray:
    """The .grad of one parameter as an array of its own."""
    if weights.grad is None:
        raise ValueError(f"{name} must have a gradient: call backward() first, and let one path reach it")
    return numbers(weights.grad).copy()


def numbers(weights: object) -> NDArray | None:
    """A tensor as an array of float64; the network makes a copy of it."""
    return None if weights is None else weights.detach().cpu().double().numpy()


def layers_of(torch: object, net: Cell) -> tuple:
    """The module and the readout of a network's sizes; what torch draws for their weights it draws again later."""
    kind = {RNN: torch.nn.RNN, LSTM: torch.nn.LSTM, GRU: torch.nn.GRU}[type(net)]
    with torch.random.fork_rng(devices=[]):
        return kind(net.d, net.h, dtype=torch.float64), torch.nn.Linear(net.h, net.q, dtype=torch.float64)


def fill(torch: object, module: object, **arrays: NDArray) -> None:
    module.load_state_dict({name: torch.tensor(array, dtype=torch.float64) for name, array in arrays.items()})


def hold_still(bias: object, rows: int) -> None:
    """Let the first rows of a bias have the gradient 0; if these are all of it, let it have none."""

    def without(g: object) -> object:
        g = g.clone()
        g[:rows] = 0  # not 0·g: that is NaN where g is infinite
        return g

    if rows == len(bias):
        bias.requires_grad_(False)
    else:
        bias.register_hook(without)


def as_known(net: Cell) -> Cell:
    """A network that torch has a layer for, or the error that says why it has none."""
    if type(as_cell("net", net)) not in (RNN, LSTM, GRU):
        raise TypeError(f"net must be an RNN, LSTM or GRU, the layers that torch has, got {net!r:.60}")
    if net.dtype.kind == "c":
        raise TypeError(f"net must hold real numbers, got dtype {net.dtype}")
    if getattr(net, "phi", "tanh") != "tanh":
        raise ValueError(f"net must have phi = 'tanh', for torch.nn.RNN has no other of ours, got {net.phi!r}")
    return net


def as_kind_of(module: object, readout: object) -> type[Cell]:
    """Which of our networks a module is, or the error that says why it is none."""
    nn = getattr(loaded(), "nn", None)
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
