"""What one hears about detach() and its neighbours, asked of PyTorch itself: the sayings at the end of page 09."""

import weakref

import numpy as np
import pytest
from optional import torch_or_skip
from reference import assert_close

from bpttlib import LSTM, RNN, Full, Segments, gradient
from bpttlib.pytorch import from_grads, graph_of, to_torch

torch = torch_or_skip()

T, TAU = 6, 3
DICE = np.random.default_rng(0)
X, Y = DICE.standard_normal((T, 2, 3)), DICE.integers(4, size=(T, 2))
NET = RNN.random(3, 5, 4, seed=1)


def each_with(passed, state):
    return tuple(map(passed, state)) if isinstance(state, tuple) else passed(state)


def read(module, readout, passed=lambda state: state, tau=TAU):
    """The outputs of each block of τ steps, the state handed on through `passed`, and the last state."""
    o, state = [], None
    for block in torch.tensor(X).split(tau):
        h, state = module(block, state)
        state = each_with(passed, state)
        o.append(readout(h))
    return o, state


def losses_of(o):
    """One for each block, together the mean over all steps."""
    targets = torch.tensor(Y).split(len(o[0]))
    cross_entropy = torch.nn.functional.cross_entropy
    return [
        cross_entropy(o_b.flatten(0, 1), y_b.flatten(), reduction="sum") / Y.size
        for o_b, y_b in zip(o, targets, strict=True)
    ]


def test_detach_does_not_stop_values():
    """“The network forgets at every detach()." It computes the same, to the last bit."""
    for net in (NET, LSTM.random(3, 5, 4, seed=1)):
        layers = to_torch(net)
        (whole, last), (cut, cut_last) = read(*layers), read(*layers, torch.detach)
        assert torch.equal(torch.cat(whole), torch.cat(cut))
        for one, other in zip(last, cut_last, strict=True):
            assert torch.equal(one, other)
        assert_close(torch.cat(cut).detach().numpy(), net.forward(X).o)


def test_nothing_is_cut_by_itself():
    """“PyTorch truncates between two calls." Only where it is told to: a state that is handed on brings its graph."""
    for passed, strategy in ((lambda state: state, Full()), (torch.detach, Segments(TAU))):
        layers = to_torch(NET)
        sum(losses_of(read(*layers, passed)[0])).backward()
        assert_close(from_grads(*layers).flat(), gradient(NET, X, Y, strategy).flat())


def test_retain_graph_undoes_the_truncation_and_breaks_at_the_first_step_of_an_optimizer():
    """“retain_graph=True is the cure", for the message says so itself."""
    layers, walked = to_torch(NET), []
    for loss in losses_of(read(*layers, tau=1)[0]):
        walked.append(graph_of(loss).count("Tanh"))
        loss.backward(retain_graph=True)
    assert walked == [1, 2, 3, 4, 5, 6] and sum(walked) == T * (T + 1) // 2
    assert_close(from_grads(*layers).flat(), gradient(NET, X, Y).flat())
    (module, readout), state = to_torch(NET), None
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        for block in torch.tensor(X).split(TAU):
            h, state = module(block, state)
            readout(h).sum().backward(retain_graph=True)
            with torch.no_grad():
                module.weight_hh_l0 -= 0.1 * module.weight_hh_l0.grad  # as an optimizer does; torch.optim loads slowly


def test_no_grad_takes_more_than_detach():
    """“detach() is no_grad() for a state." It cuts one edge; no_grad() takes every use of a weight inside it."""
    (module, readout), second = to_torch(NET), np.repeat(np.arange(T)[:, None] >= TAU, 2, axis=1)
    with torch.no_grad():
        h, state = module(torch.tensor(X[:TAU]))
        first = readout(h)
    assert first.grad_fn is None and state.grad_fn is None
    h, _ = module(torch.tensor(X[TAU:]), state)
    torch.nn.functional.cross_entropy(readout(h).flatten(0, 1), torch.tensor(Y[TAU:]).flatten()).backward()
    found = from_grads(module, readout)
    assert_close(found.flat(), gradient(NET, X, Y, Segments(TAU), mask=second).flat())  # as if the first did not count
    cut, full = gradient(NET, X, Y, Segments(TAU)), gradient(NET, X, Y)
    for name in ("W_qh", "b_q"):
        assert_close(cut[name], full[name])
        assert np.abs(found[name] / 2 - full[name]).max() > 1e-3


def saved(work):
    """How many numbers saved for the way back are still held once the work is done; and its result."""
    alive = []

    class Kept:
        def __init__(self, tensor):
            self.tensor = tensor.detach()  # the tensor itself would hold on to its graph, and that to this

    def pack(tensor):
        kept = Kept(tensor)
        alive.append(weakref.ref(kept))
        return kept

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda kept: kept.tensor):
        result = work()
    return sum(one() is not None for one in alive), result


def running_sum(kept, walks):
    layers, total = to_torch(NET), 0
    for loss in losses_of(read(*layers, torch.detach)[0]):
        if walks:
            loss.backward()
        total = total + kept(loss)
    return total


def test_a_sum_of_losses_for_a_log_holds_on_to_their_graphs():
    """“total += loss is harmless." All nodes stay; after backward() without what was saved, before it with all."""
    held, total = saved(lambda: running_sum(lambda loss: loss, walks=False))
    assert held > 0 and graph_of(total).count("Tanh") == T
    held, total = saved(lambda: running_sum(lambda loss: loss, walks=True))
    assert held == 0 and graph_of(total).count("Tanh") == T
    for kept in (torch.Tensor.item, torch.Tensor.detach):
        held, total = saved(lambda kept=kept: running_sum(kept, walks=False))
        assert held == 0 and getattr(total, "grad_fn", None) is None


def test_zero_grad_forgets_gradients_and_nothing_else():
    """“zero_grad() begins anew." The state, its graph and the weights stay; only .grad no longer adds up."""
    module, readout = to_torch(NET)
    (o, state), before = read(module, readout), [p.clone() for p in module.parameters()]
    kept, nodes = state.clone(), len(graph_of(state))
    for times in (1, 2):
        sum(losses_of(o)).backward(retain_graph=True)
        assert_close(from_grads(module, readout).flat(), times * gradient(NET, X, Y).flat())
    module.zero_grad()  # as that of an optimizer
    assert all(p.grad is None for p in module.parameters())
    assert torch.equal(state, kept) and len(graph_of(state)) == nodes
    assert all(map(torch.equal, before, module.parameters()))


def test_a_cut_every_tau_steps_is_no_window():
    """“Each loss looks τ steps back." The first of a block sees itself alone, the last τ steps."""
    W, h = torch.ones(1, requires_grad=True, dtype=torch.float64), [torch.ones(1, dtype=torch.float64)]
    for t in range(T):
        h.append(torch.tanh(W * (h[-1].detach() if t % TAU == 0 else h[-1])))
    assert [graph_of(state).count("Tanh") for state in h[1:]] == [1, 2, 3, 1, 2, 3]


def test_a_detached_tensor_is_no_copy():
    """“detach() makes a copy." It is the same memory: written into, the other changes, and the way back is barred."""
    W = torch.ones(1, requires_grad=True)
    h = torch.tanh(W)
    h.detach().zero_()
    assert h.item() == 0
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        h.backward()
    (h := torch.tanh(W)).detach().clone().zero_()
    h.backward()


def test_eval_changes_no_gradient():
    """“eval() switches gradients off." It switches dropout off, and an RNN of one layer has none."""
    module, readout = to_torch(NET)
    module.eval(), readout.eval()
    sum(losses_of(read(module, readout)[0])).backward()
    assert_close(from_grads(module, readout).flat(), gradient(NET, X, Y).flat())
