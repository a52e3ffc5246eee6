"""Layers of PyTorch read as networks of the course, and back; autograd against our sweeps.

Where PyTorch is not installed only the refusals are tested.
"""

import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from optional import MISSING, installed, torch_or_skip
from reference import assert_close
from within import within

import bpttlib
from bpttlib import (
    GRU,
    LSTM,
    RNN,
    Adam,
    Batch,
    EdgeWeights,
    Full,
    Parameters,
    Random,
    Segments,
    Window,
    checkpointed_gradient,
    gradient,
    train,
)
from bpttlib.leaky import Leaky
from bpttlib.pytorch import from_grads, from_torch, graph_of, loss_of_block, one_thread, to_torch

if MISSING:
    torch, nn = None, SimpleNamespace(RNN=RNN, LSTM=LSTM, GRU=GRU)
else:
    torch = torch_or_skip()
    nn = torch.nn

KINDS = [(nn.RNN, RNN), (nn.LSTM, LSTM), (nn.GRU, GRU)]
T, B, D, H, Q = 7, 3, 2, 4, 5


def layers(kind, bias=True):
    torch.manual_seed(0)
    return kind(D, H, bias=bias, dtype=torch.float64), nn.Linear(H, Q, bias=bias, dtype=torch.float64)


def theirs(parameters, name):
    """The gradient of W_hx … where PyTorch keeps it; its two biases in one sum have one gradient."""
    return parameters[{"W_hx": "weight_ih_l0", "W_hh": "weight_hh_l0", "b_h": "bias_ih_l0"}[name]].grad.numpy()


@installed
@within("theirs_is, ours_is, bias", [(*kinds, bias) for kinds in KINDS for bias in (True, False)])
def test_outputs_and_every_gradient(theirs_is, ours_is, bias):
    module, readout = layers(theirs_is, bias)
    rng = np.random.default_rng(0)
    x, y, h0, c0 = rng.standard_normal((T, B, D)), rng.integers(Q, size=(T, B)), *rng.standard_normal((2, B, H))
    states = [torch.tensor(one)[None].requires_grad_() for one in (h0, c0)][: 2 if ours_is is LSTM else 1]
    o = readout(module(torch.tensor(x), tuple(states) if len(states) == 2 else states[0])[0])
    torch.nn.functional.cross_entropy(o.reshape(-1, Q), torch.tensor(y).reshape(-1)).backward()
    net = from_torch(module, readout)
    assert type(net) is ours_is
    start = (h0, c0) if ours_is is LSTM else h0
    assert_close(net.forward(x, start).o, o.detach().numpy())
    g, found = gradient(net, x, y, h0=start), dict(module.named_parameters())
    for name in ("W_hx", "W_hh", *(["b_h"] if bias else [])):
        assert_close(g[name], theirs(found, name), what=name)
    if bias:
        assert_close(g.b_q, readout.bias.grad.numpy())
    if bias and ours_is is GRU:
        assert_close(g.b_n, found["bias_hh_l0"].grad.numpy()[2 * H :])
    assert_close(g.W_qh, readout.weight.grad.numpy())
    assert_close(g.dL_dh0, np.concatenate([one.grad[0].numpy() for one in states], axis=-1))


@installed
def test_the_layout_of_the_input_is_no_part_of_the_network_and_weights_are_copied():
    module, readout = nn.GRU(D, H, batch_first=True), nn.Linear(H, Q)
    net, x = from_torch(module, readout), np.random.default_rng(0).standard_normal((T, B, D))
    o = readout(module(torch.tensor(x, dtype=torch.float32).transpose(0, 1))[0]).transpose(0, 1)
    assert_close(net.forward(x).o, o.detach().numpy(), tol=1e-6)
    with torch.no_grad():
        module.weight_hh_l0 += 1
    assert net.W_hh.dtype == float and abs(net.W_hh).max() < 1


@installed
def test_what_the_course_does_not_have_is_refused():
    read = nn.Linear(H, Q)
    for module, message in [
        (nn.LSTM(D, H, num_layers=2), "num_layers = 1, got 2"),
        (nn.GRU(D, H, bidirectional=True), "bidirectional = False, got True"),
        (nn.LSTM(D, H, proj_size=2), "proj_size = 0, got 2"),
        (nn.RNN(D, H, nonlinearity="relu"), "nonlinearity = 'tanh', got 'relu'"),
        (nn.RNN(D, H + 1), "readout must read hidden_size = 5 numbers, got 4"),
    ]:
        with pytest.raises(ValueError) as caught:
            from_torch(module, read)
        assert message in str(caught.value)
    with pytest.raises(TypeError, match="readout must be a torch.nn.Linear, got LSTM"):
        from_torch(nn.LSTM(D, H), nn.LSTM(D, H))
    with pytest.raises(TypeError, match="module must be a torch.nn.RNN, LSTM or GRU, got LSTMCell"):
        from_torch(nn.LSTMCell(D, H), read)


@within("module", [None, LSTM.random(D, H, Q), "nn.LSTM"])
def test_what_is_no_layer_is_refused(module):
    with pytest.raises(TypeError, match="module must be a torch.nn.RNN, LSTM or GRU, got"):
        from_torch(module, None)


# ---- torch is optional ------------------------------------------------------------------------------


def test_torch_is_imported_in_one_place_and_not_before_it_is_asked_for():
    folder = Path(bpttlib.__file__).parent
    sources = {path.name: path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
    lines = r"^\s*(import torch|from torch)\b|modules.*torch"
    assert [name for name, source in sources.items() if re.search(lines, source, re.M)] == ["_torch.py"]
    asks = {name for name, source in sources.items() if "as_installed" in source}
    assert asks == {"_torch.py", "autograd.py", "pytorch.py"}
    code = "import sys, bpttlib.pytorch; print('torch' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=folder.parent)
    assert run.stdout.strip() == "False"


def test_without_torch_the_way_there_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)  # as if it were not there
    with pytest.raises(ImportError, match=r"pip install -c constraints.txt -e \"\.\[torch\]\""):
        to_torch(RNN.random(D, H, Q))


# ---- the way back -----------------------------------------------------------------------------------


def nets():
    """One of each cell, no bias 0."""
    for kind in (RNN, LSTM, GRU):
        w = kind.random(D, H, Q, seed=1).parameters
        yield kind(**w.like(w.flat() + 0.1 * np.random.default_rng(2).standard_normal(w.flat().shape)))


def data(T=T, B=B, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((T, B, D)), rng.integers(Q, size=(T, B))


def loss_of(o, y):
    return nn.functional.cross_entropy(o.flatten(0, -2), torch.tensor(y).flatten())


@installed
def test_there_and_back_is_the_same_network_and_draws_nothing():
    before = torch.random.get_rng_state()
    for net in nets():
        module, readout = to_torch(net)
        back = from_torch(module, readout)
        assert type(back) is type(net) and type(module).__name__ == type(net).__name__
        assert all(np.array_equal(back[name], w) for back in [back.parameters] for name, w in net.parameters.items())
        assert {p.dtype for p in (*module.parameters(), *readout.parameters())} == {torch.float64}
        with torch.no_grad():
            module.weight_hh_l0 += 1  # a copy
        assert_close(net.W_hh, back.W_hh, tol=0)
    assert torch.equal(before, torch.random.get_rng_state())
    half = RNN.random(D, H, Q, dtype=np.float32)
    assert np.array_equal(from_torch(*to_torch(half)).W_hh, half.W_hh.astype(float))


def test_a_cell_that_torch_does_not_have_is_refused():
    """Whether or not it is installed."""
    for net, error, message in [
        (Leaky.random(D, H, Q), TypeError, "net must be an RNN, LSTM or GRU, the layers that torch has, got Leaky"),
        (RNN.random(D, H, Q, phi="identity"), ValueError, "net must have phi = 'tanh', .* got 'identity'"),
        (RNN.random(D, H, Q, dtype=complex), TypeError, "net must hold real numbers, got dtype complex128"),
        (None, TypeError, "net must be a network such as RNN.random"),
    ]:
        with pytest.raises(error, match=message):
            to_torch(net)


@installed
def test_gradients_are_read_under_our_names_as_copies():
    for net in nets():
        module, readout = to_torch(net)
        with pytest.raises(ValueError, match=r"weight_ih_l0 must have a gradient: call backward\(\) first"):
            from_grads(module, readout)
        x, y = data()
        loss_of(readout(module(torch.tensor(x))[0]), y).backward()
        found, wanted = from_grads(module, readout), gradient(net, x, y)
        assert list(found) == list(net.names)
        assert_close(found.flat(), wanted.flat())
        nn.utils.clip_grad_norm_([*module.parameters(), *readout.parameters()], 1e-3)
        assert_close(found.flat(), wanted.flat())
    with pytest.raises(TypeError, match="readout must be a torch.nn.Linear"):
        from_grads(module, module)


@installed
def test_what_stands_still_has_no_gradient_however_large_it_would_be():
    for net in nets():
        bias = to_torch(net)[0].bias_hh_l0
        if isinstance(net, GRU):
            (bias * torch.inf).sum().backward()
            assert not bias.grad[: 2 * H].any() and bias.grad[2 * H :].isinf().all()
        else:
            assert not bias.requires_grad


@installed
def test_a_bias_that_is_not_there_has_no_gradient():
    module, readout = layers(nn.GRU, bias=False)
    loss_of(readout(module(torch.tensor(data()[0]))[0]), data()[1]).backward()
    assert list(from_grads(module, readout)) == ["W_hx", "W_hh", "W_qh"]


# ---- strategies by detach() and by a function of autograd -------------------------------------------


def through(valve, state):
    """Both halves of an LSTM's state."""
    return tuple(map(valve, state)) if isinstance(state, tuple) else valve(state)


def edge(xi):
    """h forwards, ξ times what comes back; where there is none it is nothing."""

    class Edge(torch.autograd.Function):
        @staticmethod
        def forward(ctx, h):
            return h.view_as(h)

        @staticmethod
        def backward(ctx, delta):
            return xi * delta

    return Edge.apply


def by_autograd(net, x, y, valves):
    """The gradient with valves[t] on the edge from h_t to h_{t+1}."""
    (module, readout), state, o = to_torch(net), None, []
    for t, x_t in enumerate(torch.tensor(x)):
        h, state = module(x_t[None], through(valves[t], state) if t else None)
        o.append(readout(h))
    loss_of(torch.cat(o), y).backward()
    return from_grads(module, readout)


@installed
def test_every_edge_weight_is_a_valve():
    x, y = data()
    xi, per_sequence = np.random.default_rng(3).standard_normal((2, T, B))
    for net in nets():
        for strategy in (Full(), Segments(3), Segments(1), Random(0.6).thrown(T, seed=1), EdgeWeights(xi[:, 0])):
            weights = strategy.edge_weights(T)
            wanted = gradient(net, x, y, strategy).flat()
            assert_close(by_autograd(net, x, y, [edge(w) for w in weights]).flat(), wanted, what=f"{net} {strategy}")
            if set(weights) <= {0, 1}:
                valves = [torch.clone if w else torch.detach for w in weights]
                assert_close(by_autograd(net, x, y, valves).flat(), wanted, what=f"detach {net} {strategy}")
        valves = [edge(torch.tensor(row)[:, None]) for row in per_sequence]
        assert_close(by_autograd(net, x, y, valves).flat(), gradient(net, x, y, EdgeWeights(per_sequence)).flat())


@installed
@within("tau", [1, 3, T])
def test_a_window_costs_a_walk_for_every_loss(tau):
    x, y = data()
    for net in nets():
        (module, readout), crossed = to_torch(net), 0
        for t in range(1, T + 1):
            start = max(0, t - tau)
            before = through(torch.detach, module(torch.tensor(x[:start]))[1]) if start else None
            h, _ = module(torch.tensor(x[start:t]), before)
            (loss_of(readout(h[-1]), y[t - 1]) / T).backward()
            crossed += t - start - 1
        assert_close(from_grads(module, readout).flat(), gradient(net, x, y, Window(tau)).flat(), what=str(net))
        assert crossed == Window(tau).jacobian_products(T)


# ---- blocks -------------------------------------------------------------------------------------


@installed
def test_the_loss_of_a_block_is_ours_and_the_state_goes_on():
    batch = Batch(*data(), mask=np.arange(T)[:, None] < [2, T, 4])
    for net in nets():
        module, readout = to_torch(net)
        before, state = loss_of_block(module, readout, batch)
        loss, _ = loss_of_block(module, readout, batch, through(torch.detach, state))
        ours = gradient(net, batch.x, batch.y, mask=batch.mask)
        assert_close(before.item(), ours.loss)
        last = net.forward(batch.x).h[-1]
        ours = gradient(net, batch.x, batch.y, mask=batch.mask, h0=last)
        loss.backward()
        assert_close(loss.item(), ours.loss)
        assert_close(from_grads(module, readout).flat(), ours.flat())


@installed
def test_a_block_that_layers_cannot_read_is_refused():
    module, readout = layers(nn.GRU)
    first = nn.GRU(D, H, batch_first=True, dtype=torch.float64)
    block, x = Batch(*data()), data()[0]
    for error, message, given in [
        (TypeError, "batch must be a Batch, got None", (module, readout, None)),
        (ValueError, "module must have batch_first = False", (first, readout, block)),
        (ValueError, r"batch.x must have shape \(T, B, 2\)", (module, readout, Batch(np.ones((T, B, D + 1)), block.y))),
        (TypeError, "y must hold whole numbers", (module, readout, Batch(x, np.ones((T, B, Q))))),
        (ValueError, "y must lie in 0 … 4, got 5", (module, readout, Batch(x, np.full((T, B), Q)))),
        (TypeError, "module must be a torch.nn.RNN", (None, readout, block)),
    ]:
        with pytest.raises(error, match=message):
            loss_of_block(*given)


@installed
def test_one_thread_and_then_as_many_as_before():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    with pytest.raises(KeyError), one_thread():
        assert torch.get_num_threads() == 1
        raise KeyError
    assert torch.get_num_threads() == 2
    torch.set_num_threads(before)


# ---- what goes wrong, as it reads -------------------------------------------------------------------


def two_blocks(after_each=lambda sgd: None, passed=lambda state: state, **how):
    """Two blocks of three steps, the state carried; returns how many steps each walk goes back."""
    module, readout = to_torch(next(nets()))
    (x, y), state, found, sgd = data(6), None, [], torch.optim.SGD(module.parameters(), 0.1)
    for block in (slice(0, 3), slice(3, 6)):
        h, state = module(torch.tensor(x[block]), state)
        loss = loss_of(readout(h), y[block])
        found.append(graph_of(loss).count("Tanh"))
        loss.backward(**how)
        state = passed(state)
        after_each(sgd)
    return found


@installed
def test_a_graph_is_walked_once():
    with pytest.raises(RuntimeError, match="Trying to backward through the graph a second time"):
        two_blocks()
    assert two_blocks(retain_graph=True) == [3, 6]  # the wrong cure
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        two_blocks(torch.optim.SGD.step, retain_graph=True)
    assert two_blocks(torch.optim.SGD.step, torch.detach) == [3, 3]  # the right one


@installed
def test_a_state_of_another_batch():
    module, _ = to_torch(next(nets()))
    with pytest.raises(RuntimeError, match=r"Expected hidden size \(1, 3, 4\)"):
        module(torch.zeros(T, 3, D, dtype=torch.float64), torch.zeros(1, 2, H, dtype=torch.float64))


# ---- training ---------------------------------------------------------------------------------------


def counted(o, batch):
    mask = np.ones(batch.y.shape, bool) if batch.mask is None else batch.mask
    return loss_of(o[torch.tensor(mask)], batch.y[mask])


def learnt_by_torch(net, batches, rate):
    (module, readout), state, losses = to_torch(net), None, []
    adam = torch.optim.Adam([*module.parameters(), *readout.parameters()], rate)
    for batch in batches:
        x, before = torch.tensor(batch.x), None if batch.fresh else state
        loss = counted(readout(module(x, before)[0]), batch)
        state = through(torch.detach, module(x[: batch.keep], before)[1]) if batch.keep else before
        adam.zero_grad()
        loss.backward()
        adam.step()
        losses.append(loss.item())
    return losses, from_torch(module, readout).parameters.flat()


@installed
@within("k1, k2", [(4, 4), (2, 6)])
def test_training_step_by_step(k1, k2):
    batches = 2 * Batch(*data(12)).blocks(k1, k2)
    for net in nets():
        ours, (losses, weights) = train(net, batches, optimizer=Adam(0.01)), learnt_by_torch(net, batches, 0.01)
        assert_close(losses, ours.losses, what=str(net))
        assert_close(weights, ours.net.parameters.flat(), what=str(net))


@installed
def test_two_biases_that_learn_move_their_sum_twice():
    net, (x, y) = next(nets()), data()
    for learns, times in ((False, 1), (True, 2)):
        module, readout = to_torch(net)
        module.bias_hh_l0.requires_grad_(learns)
        loss_of(readout(module(torch.tensor(x))[0]), y).backward()
        torch.optim.SGD(module.parameters(), 0.1).step()
        assert_close(from_torch(module, readout).b_h - net.b_h, -0.1 * times * gradient(net, x, y).b_h)


@installed
def test_clipping_returns_the_length_before_and_divides_by_a_millionth_more():
    net, (x, y), theta = next(nets()), data(), 0.01
    module, readout = to_torch(net)
    loss_of(readout(module(torch.tensor(x))[0]), y).backward()
    norm = nn.utils.clip_grad_norm_([*module.parameters(), *readout.parameters()], theta).item()
    g = gradient(net, x, y)
    assert_close(norm, np.linalg.norm(g.flat()))
    clipped = Parameters(**g) * (theta / (norm + 1e-6))
    assert_close(from_grads(module, readout).flat(), clipped.flat(), tol=1e-15)


@installed
def test_checkpoints_read_every_block_twice():
    from torch.utils.checkpoint import checkpoint

    x, y = data()
    for net in nets():
        (module, readout), read, o = to_torch(net), [], []
        state = torch.zeros(1, B, H, dtype=torch.float64)
        state = (state, state) if isinstance(net, LSTM) else state
        module.register_forward_pre_hook(lambda _, given, read=read: read.append(len(given[0])))
        for block in torch.tensor(x).split(3):
            h, state = checkpoint(module, block, state, use_reentrant=False)
            o.append(readout(h))
        loss_of(torch.cat(o), y).backward()
        assert_close(from_grads(module, readout).flat(), checkpointed_gradient(net, x, y, block=3).flat())
        assert sum(read) == 2 * T


@installed
def test_packed_sequences_are_our_mask():
    (x, y), lengths = data(), np.array([2, T, 4])
    mask = np.arange(T)[:, None] < lengths
    for net in nets():
        module, readout = to_torch(net)
        pack = [torch.tensor(one) for one in (x, y)]
        pack = [nn.utils.rnn.pack_padded_sequence(one, torch.tensor(lengths), enforce_sorted=False) for one in pack]
        h, last = module(pack[0])
        nn.functional.cross_entropy(readout(h.data), pack[1].data).backward()
        assert_close(from_grads(module, readout).flat(), gradient(net, x, y, mask=mask).flat())
        h_T = (last[0] if isinstance(last, tuple) else last)[0].detach().numpy()
        hidden = net.forward(x).hidden
        assert_close(h_T, hidden[lengths, range(B)])  # of each sequence its own last state


@installed
def test_gates_by_their_blocks():
    for net in (LSTM.random(D, H, Q), GRU.random(D, H, Q)):
        module, ours = to_torch(net)[0], net.by_gate(net.parameters)
        for theirs, end in ((module.weight_ih_l0, "x"), (module.weight_hh_l0, "h")):
            for name, block in zip(net.blocks[f"W_h{end}"], theirs.chunk(net.stacked), strict=True):
                assert np.array_equal(block.detach(), ours[name])
