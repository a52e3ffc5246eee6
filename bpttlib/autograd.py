"""What PyTorch's autograd keeps of a computation: the graph that `backward()` walks, node by node.

Every tensor that is made of one with requires_grad=True knows the node that made it, `grad_fn`, and every node the
nodes before it, `next_functions`. `detach()` gives the same value without its node: there the walk ends.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from numpy.typing import ArrayLike

from ._checks import as_array
from ._torch import as_installed, is_tensor

__all__ = ["Graph", "graph_of", "unrolled"]


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

    >>> import torch
    >>> w = torch.ones(1, requires_grad=True)
    >>> h = w * w
    >>> [len(graph_of(loss, {"w": w})) for loss in (h * w, h.detach() * w)]
    [3, 2]
    """
    named = named or {}
    check_tensors(tensor, named)
    first = tensor.grad_fn
    if first is None:
        raise ValueError("tensor must come out of a computation with requires_grad=True: this one has no graph")
    nodes, edges = {first: 0}, []  # a node has one Python object as long as someone holds it
    for node in (queue := [first]):
        for following in (one for one, _ in node.next_functions if one is not None):
            if following not in nodes:
                nodes[following] = len(nodes)
                queue.append(following)
            edges.append((nodes[node], nodes[following]))
    return Graph(tuple(node.name().split("::")[-1] for node in nodes), tuple(edges), found_among(nodes, named))


def unrolled(W_hx: ArrayLike, W_hh: ArrayLike, x: ArrayLike, cuts: Collection[int] = ()) -> dict:
    """Read a sequence step by step in PyTorch, with `detach()` on some edges, and keep every tensor by its name.

        Wx_t = W_hx x_t    Wh_t = W_hh h_{t-1}    u_t = Wx_t + Wh_t    h_t = tanh u_t    l_t = Σ_j h_t[j]

    The least that there is to walk back over: h_0 = 0, no biases, and losses that add up the units.
    W_hx  (h,d);  W_hh  (h,h);  x  (T,d), a single sequence
    cuts  the steps t at which h_{t-1} goes into Wh_t through `detach()`: its value passes, no gradient comes back
    Returns {("W_hx", 0), ("W_hh", 0), ("Wx", 1), ("Wh", 1), ("u", 1), ("h", 1), ("l", 1), ("Wx", 2) …} → tensor, which
    `graph_of(tensor, named)` finds again. Raises ValueError or TypeError for other shapes or no numbers, and for a cut
    at no step; ImportError where PyTorch is not installed.

    >>> named = unrolled(W_hx=[[1]], W_hh=[[0.5]], x=[[1], [1], [1]], cuts=[3])
    >>> list(graph_of(named["l", 3], named).places)
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


def check_cuts(cuts: Collection[int], T: int) -> None:
    for t in cuts:
        if t not in range(1, T + 1):
            raise ValueError(f"cuts must be steps from 1 to T = {T}, got {t!r}")


def check_tensors(tensor: object, named: Mapping[str, object]) -> None:
    if not is_tensor(tensor):
        raise TypeError(f"tensor must be a torch.Tensor, got {tensor!r:.60}")
    for name, one in named.items():
        if not is_tensor(one):
            raise TypeError(f"named must hold tensors, got {one!r:.60} for {name!r}")


def found_among(nodes: dict, named: Mapping[str, object]) -> dict[str, int]:
    """Where named tensors stand: behind the node that made one, or at the node that fills its .grad."""
    filled = {id(node.variable): place for node, place in nodes.items() if hasattr(node, "variable")}
    where = {name: nodes.get(tensor.grad_fn, filled.get(id(tensor))) for name, tensor in named.items()}
    return {name: place for name, place in where.items() if place is not None}
