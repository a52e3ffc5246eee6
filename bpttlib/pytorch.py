"""PyTorch and the course, read into each other: the same numbers in both, and what autograd keeps, as a graph.

torch.nn.RNN, LSTM and GRU have the course's rows in the course's order, i f g o and r z n. They have two biases, one
beside W_hx x and one beside W_hh h; where these meet in one sum, only their sum is a number that anything hears.
PyTorch is optional: it is imported where something is made with it, by `as_installed`, and by nothing else.
"""

import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_array
from .batches import Batch
from .cell import Cell, as_cell
from .gru import GRU
from .lstm import LSTM
from .parameters import Parameters
from .rnn import RNN

__all__ = ["Graph", "from_grads", "from_torch", "graph_of", "loss_of_block", "one_thread", "to_torch", "unrolled"]

THEIRS = {"W_hx": "weight_ih_l0", "W_hh": "weight_hh_l0", "b_h": "bias_ih_l0", "b_n": "bias_hh_l0"}
INSTALL = 'PyTorch is optional and not installed here: pip install -c constraints.txt -e ".[torch]"'


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


def to_torch(net: Cell) -> tuple:
    """Build the torch.nn.RNN, LSTM or GRU and the torch.nn.Linear that compute what a network computes, in float64.

        bias_ih = b_h        bias_hh = 0, and stands still; of a GRU's n: bias_hh = b_n, and learns

    Two biases that both learnt would move their sum twice in a step, and count twice in ‖g‖². The weights are copies;
    torch's own random numbers are not touched.
    Returns (module, readout), and `from_torch(module, readout)` is the network again, bit by bit.
    Raises TypeError for a cell that torch does not have and for complex weights, ValueError for φ = identity,
    ImportError where PyTorch is not installed.

    >>> module, readout = to_torch(GRU.random(d=3, h=8, q=2))  # doctest: +SKIP
    >>> module, readout.out_features  # doctest: +SKIP
    (GRU(3, 8), 2)
    """
    torch = as_installed()
    module, readout = layers_of(torch, as_known(net))
    b_hh = np.zeros_like(net.b_h)
    if isinstance(net, GRU):
        b_hh[2 * net.h :] = net.b_n
    fill(torch, module, weight_ih_l0=net.W_hx, weight_hh_l0=net.W_hh, bias_ih_l0=net.b_h, bias_hh_l0=b_hh)
    fill(torch, readout, weight=net.W_qh, bias=net.b_q)
    hold_still(module.bias_hh_l0, 2 * net.h if isinstance(net, GRU) else None)
    return module, readout


def from_grads(module: object, readout: object) -> Parameters:
    """Read what `backward()` has left in .grad, under our names and in our shapes, as `gradient` gives it.

        b_h: the .grad of bias_ih        b_n: the last h numbers of that of bias_hh

    A copy, so that the next `zero_grad()` or `clip_grad_norm_` does not reach it. A bias that a layer does not have
    is left out. Raises ValueError where a .grad is missing, and the errors of `from_torch`.

    >>> module, readout = to_torch(RNN.random(d=3, h=8, q=2))  # doctest: +SKIP
    >>> readout(module(torch.ones(5, 1, 3, dtype=torch.float64))[0]).sum().backward()  # doctest: +SKIP
    >>> from_grads(module, readout)  # doctest: +SKIP
    Parameters(W_hx (8, 3), W_hh (8, 8), W_qh (2, 8), b_h (8,), b_q (2,))
    """
    kind, found = as_kind_of(module, readout), {}
    for name in kind.names:
        owner = readout if name in ("W_qh", "b_q") else module
        theirs = {"W_qh": "weight", "b_q": "bias", **THEIRS}[name]
        weights = getattr(owner, theirs, None)
        if weights is not None:
            found[name] = slope(theirs, weights)
    if "b_n" in found:
        found["b_n"] = found["b_n"][2 * module.hidden_size :]
    return Parameters(**found)


@dataclass(frozen=True)
class Graph:
    """What autograd will walk back over: its nodes by name, and from which it goes on to which.

    nodes   as PyTorch calls them, "TanhBackward0" …; the result first, then by distance from it. "AccumulateGrad" is
            the end of a walk, where a .grad is filled; all others do a step of the work, or of the layout
    edges   (from, to), places in `nodes`, in the direction of the walk
    places  by name, where the tensors stand that `graph_of` was told of, if the walk meets them at all

    >>> graph = Graph(("AddBackward0", "MulBackward0", "AccumulateGrad"), ((0, 1), (0, 2), (1, 2)), {"w": 2})
    >>> len(graph), graph.count("Backward"), graph.places
    (3, 2, {'w': 2})
    """

    nodes: tuple[str, ...]
    edges: tuple[tuple[int, int], ...]
    places: dict[str, int]

    def __len__(self) -> int:
        return len(self.nodes)

    def count(self, part: str) -> int:
        """How many nodes have this in their name. Names may change with PyTorch's version."""
        return sum(part in name for name in self.nodes)


def graph_of(tensor: object, named: Mapping[str, object] | None = None) -> Graph:
    """Walk from a tensor along `grad_fn.next_functions` over all that its `backward()` would meet.

    named  tensors by name, say {"h_1": h[1], "W_hh": module.weight_hh_l0}: those that are met are in `places`
    The order depends on nothing but the graph: breadth first, the inputs of each node from left to right.
    Raises TypeError for what is no tensor, ValueError for a tensor without a graph.

    >>> w = torch.ones(1, requires_grad=True)  # doctest: +SKIP
    >>> h = w * w  # doctest: +SKIP
    >>> [len(graph_of(loss, {"w": w})) for loss in (h * w, h.detach() * w)]  # doctest: +SKIP
    [3, 2]
    """
    check_tensors(tensor, named or {})
    first = tensor.grad_fn
    if first is None:
        raise ValueError("tensor must come out of a computation with requires_grad=True: this one has no graph")
    nodes, edges = {first: 0}, []  # a node has one Python object as long as someone holds it
    for node in (queue := [first]):
        for following, _ in node.next_functions:
            if following is not None:
                if following not in nodes:
                    nodes[following] = len(nodes)
                    queue.append(following)
                edges.append((nodes[node], nodes[following]))
    return Graph(tuple(node.name().split("::")[-1] for node in nodes), tuple(edges), found_among(nodes, named or {}))


def unrolled(W_hx: ArrayLike, W_hh: ArrayLike, x: ArrayLike, cuts: Collection[int] = ()) -> dict:
    """Read a sequence step by step in PyTorch, with `detach()` on some edges, and keep every tensor by its name.

        Wx_t = W_hx x_t    Wh_t = W_hh h_{t-1}    u_t = Wx_t + Wh_t    h_t = tanh u_t    l_t = Σ_j h_t[j]

    The least that there is to walk back over: h_0 = 0, no biases, and losses that add up the units.
    W_hx  (h,d);  W_hh  (h,h);  x  (T,d), a single sequence
    cuts  the steps t at which h_{t-1} goes into Wh_t through `detach()`: its value passes, no gradient comes back
    Returns {("W_hx", 0), ("W_hh", 0), ("Wx", 1), ("Wh", 1), ("u", 1), ("h", 1), ("l", 1), ("Wx", 2) …} → tensor, which
    `graph_of(tensor, named)` finds again. Raises ValueError or TypeError for other shapes or no numbers, and for a cut
    at no step; ImportError where PyTorch is not installed.

    >>> named = unrolled(np.eye(2), np.eye(2), np.ones((3, 2)), cuts=[3])  # doctest: +SKIP
    >>> list(graph_of(named["l", 3], named).places)  # doctest: +SKIP
    [('W_hx', 0), ('W_hh', 0), ('Wx', 3), ('Wh', 3), ('u', 3), ('h', 3), ('l', 3)]
    """
    W_hx = as_array("W_hx", W_hx, ("h", "d"))
    W_hh, x = as_array("W_hh", W_hh, (len(W_hx),) * 2), as_array("x", x, ("T", W_hx.shape[1]))
    check_cuts(cuts, len(x))
    torch = as_installed()
    W_hx, W_hh = (torch.tensor(W, requires_grad=True) for W in (W_hx, W_hh))
    named, h = {("W_hx", 0): W_hx, ("W_hh", 0): W_hh}, torch.zeros(len(W_hh), dtype=W_hh.dtype)
    for t, x_t in enumerate(torch.tensor(x), start=1):
        Wx, Wh = W_hx @ x_t, W_hh @ (h.detach() if t in cuts else h)
        h = torch.tanh(u := Wx + Wh)
        named |= {("Wx", t): Wx, ("Wh", t): Wh, ("u", t): u, ("h", t): h, ("l", t): h.sum()}
    return named


def loss_of_block(module: object, readout: object, batch: Batch, state: object = None) -> tuple:
    """Read a block from a state on, and give its loss, with the graph of all that led to it, and its last state.

        loss = mean of -log softmax(o_t)[y_t] over all letters of the block that count

    module, readout  as `to_torch` gives them;  state  of the block before, or None for 0
    Returns (loss, state). Whether the walk goes on through the state is for the caller to say: by `detach()`.
    Raises the errors of `from_torch`, ValueError for a block whose y are no letters.

    >>> block = Batch(np.zeros((5, 2, 3)), np.zeros((5, 2), int))  # doctest: +SKIP
    >>> loss, state = loss_of_block(*to_torch(RNN.random(d=3, h=8, q=2)), block)  # doctest: +SKIP
    >>> round(loss.item(), 4), state.shape  # doctest: +SKIP
    (0.6931, torch.Size([1, 2, 8]))
    """
    as_kind_of(module, readout)
    if batch.y.ndim != 2:
        raise ValueError(f"batch.y must have shape (T, B), the number of each letter, got {batch.y.shape}")
    torch = as_installed()
    h, state = module(torch.tensor(batch.x, dtype=readout.weight.dtype), state)
    counts = torch.ones(batch.y.shape, dtype=torch.bool) if batch.mask is None else torch.tensor(batch.mask)
    return torch.nn.functional.cross_entropy(readout(h)[counts], torch.tensor(batch.y)[counts]), state


@contextmanager
def one_thread() -> Iterator[None]:
    """Let PyTorch work on one thread, and then on as many as before: for small matrices more only wait for each other.

    Raises ImportError where PyTorch is not installed.

    >>> with one_thread():  # doctest: +SKIP
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


def check_cuts(cuts: Collection[int], T: int) -> None:
    for t in cuts:
        if t not in range(1, T + 1):
            raise ValueError(f"cuts must be steps from 1 to T = {T}, got {t!r}")


def check_tensors(tensor: object, named: Mapping[str, object]) -> None:
    if not hasattr(tensor, "grad_fn"):
        raise TypeError(f"tensor must be a torch.Tensor, got {tensor!r:.60}")
    for name, one in named.items():
        if not hasattr(one, "grad_fn"):
            raise TypeError(f"named must hold tensors, got {one!r:.60} for {name!r}")


def found_among(nodes: dict, named: Mapping[str, object]) -> dict[str, int]:
    """Where named tensors stand: behind the node that made one, or at the node that fills its .grad."""
    filled = {id(node.variable): place for node, place in nodes.items() if hasattr(node, "variable")}
    where = {name: nodes.get(tensor.grad_fn, filled.get(id(tensor))) for name, tensor in named.items()}
    return {name: place for name, place in where.items() if place is not None}


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


def hold_still(bias: object, rows: int | None) -> None:
    """Let all of a bias be no parameter to learn, or its first rows have no gradient."""
    if rows is None:
        bias.requires_grad_(False)
    else:
        moves = (np.arange(len(bias)) >= rows).tolist()
        bias.register_hook(lambda g: g * g.new_tensor(moves))


def as_installed() -> object:
    """PyTorch, or the error that says how to get it."""
    try:
        import torch
    except ImportError:
        raise ImportError(INSTALL) from None
    return torch


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
