"""A stream in blocks, the state carried on by `detach()` or kept with its graph: what each walk back takes."""

from itertools import cycle, islice
from time import perf_counter
from typing import NamedTuple

import numpy as np

from .._checks import as_count
from ..autograd import graph_of
from ..batches import blocks
from ..pytorch import loss_of_block, one_thread, to_torch
from ..rnn import RNN
from ..text import Vocabulary, river

__all__ = ["run"]

BLOCKS = 30
HOW = {"detach": True, "retain": False}  # how the state is carried on: whether it is cut off its graph
TIMES = 3  # the shortest time counts: the first walk of all sets PyTorch up
K1, STREAMS, UNITS = 14, 8, 32  # steps to a block, at once, of the network


def run(n: int = BLOCKS) -> dict:
    """Read n blocks of the river in both ways, and walk back from each block's loss; no weight moves.

    "nodes"    "detach" and "retain" → n numbers: nodes of PyTorch's graph that the walk from each block's loss meets
    "seconds"  the same for the time that reading and walking took: different at every call
    "blocks"   blocks walked over in all, read off the steps in the graphs
    Raises ValueError or TypeError unless n is a whole number from 1 on, ImportError where PyTorch is not installed.
    """
    as_count("n", n)
    with one_thread():
        found = {how: [grown(n, detach) for _ in range(TIMES)] for how, detach in HOW.items()}
    nodes = {how: tries[0].nodes for how, tries in found.items()}
    seconds = {how: np.min([one.seconds for one in tries], axis=0).tolist() for how, tries in found.items()}
    walked = {how: sum(tries[0].steps) // K1 for how, tries in found.items()}
    return {"nodes": nodes, "seconds": seconds, "blocks": walked}


class Grown(NamedTuple):
    """Block by block the nodes of its graph, the seconds it took, and how many steps the graph goes back."""

    nodes: list[int]
    seconds: list[float]
    steps: list[int]


def grown(n: int, detach: bool) -> Grown:
    """Read n blocks, and walk back from the loss of each."""
    letters = Vocabulary.of(text := river().lower())
    module, readout = to_torch(RNN.random(len(letters), UNITS, len(letters), seed=0))
    stream, state, found = [one for one in blocks(text, letters, K1, B=STREAMS) if one.T == K1], None, []
    for block in islice(cycle(stream), n):
        begun = perf_counter()
        loss, state = loss_of_block(module, readout, block, state)
        loss.backward(retain_graph=not detach)
        seconds = perf_counter() - begun
        graph, state = graph_of(loss), state.detach() if detach else state
        found.append((len(graph), seconds, graph.count("Tanh")))
    return Grown(*map(list, zip(*found, strict=True)))
