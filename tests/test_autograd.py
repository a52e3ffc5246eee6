"""The graph that autograd keeps: counted, named, cut, and walked from every loss.

Where PyTorch is not installed only the refusals are tested.
"""

import numpy as np
import pytest
from optional import MISSING, installed, torch_or_skip
from reference import assert_close
from within import within

from bpttlib import RNN, EdgeWeights, Full, Segments, gradient
from bpttlib.autograd import graph_of, unrolled

torch = None if MISSING else torch_or_skip()

T, D, H = 7, 2, 4


def states(cut=()):
    W, h = torch.tensor([[0.5]], requires_grad=True), [torch.ones(1)]
    for t in range(5):
        h.append(torch.tanh(W @ (h[-1].detach() if t in cut else h[-1])))
    return W, h


@installed
def test_the_graph_of_five_steps():
    W, h = states()
    graph = graph_of(h[5], {"W": W, 3: h[3], "elsewhere": torch.ones(1), "other": torch.ones(1, requires_grad=True)})
    assert len(graph) == 11 and graph.count("Tanh") == graph.count("Mv") == 5 and graph.count("AccumulateGrad") == 1
    assert graph.nodes[0].startswith("Tanh") and graph.edges[0] == (0, 1) and len(graph.edges) == 14
    assert set(graph.places) == {"W", 3}
    assert graph.nodes[graph.places["W"]] == "AccumulateGrad" and "Tanh" in graph.nodes[graph.places[3]]
    assert graph_of(h[5]) == graph_of(states()[1][5])  # the order is the graph's own


@installed
def test_a_function_of_ones_own_is_a_node_by_its_name():
    class Doubled(torch.autograd.Function):
        @staticmethod
        def forward(ctx, h):
            return 2 * h

    _, h = states()
    assert graph_of(Doubled.apply(h[1])).nodes[0].startswith("Doubled")


@installed
@within("strategy", [Full(), Segments(2), Segments(1)])
def test_what_a_loss_reaches_is_its_row_of_the_triangle(strategy):
    _, h = states(np.flatnonzero(strategy.edge_weights(5) == 0))
    named = {i: h[i] for i in range(1, 6)}
    reached = [[i in graph_of(h[t].sum(), named).places for i in named] for t in named]
    assert np.array_equal(reached, strategy.path_weights(5) > 0)


def test_what_is_no_tensor_is_refused():
    for other in (None, 1.5, np.ones(2)):
        with pytest.raises(TypeError, match="tensor must be a torch.Tensor, got"):
            graph_of(other)


@installed
def test_what_has_no_graph_is_refused():
    with pytest.raises(ValueError, match="this one has no graph"):
        graph_of(torch.ones(2, requires_grad=True))
    with pytest.raises(TypeError, match="named must hold tensors, got None for 'h'"):
        graph_of(states()[1][2], {"h": None})


@installed
@within("cuts", [(), (3,), (2, 5), (1,)])
def test_unrolled_has_the_states_of_our_network_and_the_gradients_of_its_cuts(cuts):
    x, rnn = np.random.default_rng(0).standard_normal((T, D)), RNN.random(D, H, 1)
    named, h = unrolled(rnn.W_hx, rnn.W_hh, x, cuts), rnn.forward(x).h[:, 0]
    for t in range(1, T + 1):
        assert_close(named["h", t].detach().numpy(), h[t])
    sum(named["l", t] for t in range(1, T + 1)).backward()
    summed = RNN(rnn.W_hx, rnn.W_hh, np.ones((1, H)))  # its output is l_t, and with y = l_t - T so is the slope
    xi = np.array([t not in cuts for t in range(1, T + 1)], float)
    g = gradient(summed, x, summed.forward(x).o[:, 0] - T, EdgeWeights(xi), loss="squared")
    assert_close(named["W_hh", 0].grad.numpy(), g.W_hh)
    assert_close(named["W_hx", 0].grad.numpy(), g.W_hx)


def test_unrolled_refuses_what_does_not_fit():
    W_hx, W_hh, x = np.ones((H, D)), np.eye(H), np.ones((T, D))
    for error, message, given in [
        (ValueError, "W_hh must have shape", (W_hx, np.eye(D), x)),
        (ValueError, "x must have shape", (W_hx, W_hh, x[:, :1])),
        (TypeError, "W_hx must hold real numbers", (1j * W_hx, W_hh, x)),
        (ValueError, "cuts must be steps from 1 to T = 7, got 0", (W_hx, W_hh, x, [0])),
        (ValueError, "cuts must be steps from 1 to T = 7, got 8", (W_hx, W_hh, x, [8])),
    ]:
        with pytest.raises(error, match=message):
            unrolled(*given)
