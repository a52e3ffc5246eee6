"""Layers of PyTorch read as networks of the course; where PyTorch is not installed only the refusals are tested."""

from types import SimpleNamespace

import numpy as np
import pytest
from reference import assert_close
from within import within

from bpttlib import GRU, LSTM, RNN, gradient
from bpttlib.pytorch import from_torch

try:
    import torch
    from torch import nn
except ImportError:
    torch, nn = None, SimpleNamespace(RNN=RNN, LSTM=LSTM, GRU=GRU)

installed = pytest.mark.skipif(torch is None, reason="needs the optional dependency torch")
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
