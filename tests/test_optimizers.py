"""Optimizers: their equations entry by entry in plain numbers, and torch.optim where it is installed."""

import numpy as np
import pytest
from optional import torch_or_skip
from strategies import make_case
from within import within

from bpttlib import SGD, Adam, Parameters, inverse_root

GRADIENTS = np.random.default_rng(0).standard_normal((5, 7)) * 10.0 ** np.arange(-3, 4)
START = np.random.default_rng(1).standard_normal(7)
OPTIMIZERS = [SGD(0.1), SGD(0.1, momentum=0.9), Adam(0.01), Adam(0.1, 0.5, 0.9, 1e-3)]


def steps(optimizer, gradients=GRADIENTS, start=START):
    """Where the weights are after each step."""
    w, places = Parameters(W=start[:4].reshape(2, 2), b=start[4:]), []
    memory = optimizer.start(w)
    for g in gradients:
        w, memory = optimizer.step(w, w.like(g), memory)
        places.append(w.flat())
    return np.array(places)


def by_hand(optimizer):
    """Every entry by itself, in floats."""
    places = np.empty(GRADIENTS.shape)
    for k, w in enumerate(START.tolist()):
        m = v = 0.0
        for n, g in enumerate(GRADIENTS[:, k].tolist(), start=1):
            if isinstance(optimizer, SGD):
                m = optimizer.momentum * m + g
                w -= optimizer.rate * m
            else:
                m = optimizer.beta1 * m + (1 - optimizer.beta1) * g
                v = optimizer.beta2 * v + (1 - optimizer.beta2) * g * g
                down = (v / (1 - optimizer.beta2**n)) ** 0.5 + optimizer.epsilon
                w -= optimizer.rate * m / (1 - optimizer.beta1**n) / down
            places[n - 1, k] = w
    return places


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=repr)
def test_every_entry_by_hand(optimizer):
    assert np.allclose(steps(optimizer), by_hand(optimizer), rtol=1e-13, atol=0)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=repr)
def test_torch_makes_the_same_steps(optimizer):
    torch = torch_or_skip()
    w = torch.nn.Parameter(torch.tensor(START))
    if isinstance(optimizer, SGD):
        theirs = torch.optim.SGD([w], optimizer.rate, optimizer.momentum)
    else:
        theirs = torch.optim.Adam([w], optimizer.rate, (optimizer.beta1, optimizer.beta2), optimizer.epsilon)
    for g, found in zip(GRADIENTS, steps(optimizer), strict=True):
        w.grad = torch.tensor(g)
        theirs.step()
        assert np.abs(found - w.detach().numpy()).max() < 1e-12 * max(1, np.abs(found).max())


def test_nothing_is_changed_in_place():
    for optimizer in OPTIMIZERS:
        w, g = Parameters(W=np.ones(3)), Parameters(W=np.full(3, 2.0))
        _, memory = optimizer.step(w, g, optimizer.start(w))
        once, again = (optimizer.step(w, g, memory)[0].W for _ in range(2))
        assert (once == again).all() and (w.W == 1).all() and (g.W == 2).all()


def test_a_gradient_may_name_its_arrays_in_another_order():
    w, g = Parameters(a=[1.0], b=[[2.0]]), Parameters(b=[[10.0]], a=[1.0])
    after = SGD(0.1).step(w, g, SGD(0.1).start(w))[0]
    assert after.a.tolist() == [0.9] and after.b.tolist() == [[1.0]]
    with pytest.raises(ValueError, match="does not fit"):
        SGD(0.1).step(w, Parameters(a=[1.0]), SGD(0.1).start(w))


def test_a_schedule_is_asked_for_every_step():
    asked = []

    def schedule(n):
        asked.append(n)
        return 1 / n

    moved = steps(SGD(schedule), np.ones((4, 7)), np.zeros(7))
    assert asked == [1, 2, 3, 4]
    assert np.allclose(moved[:, 0], -np.cumsum([1, 1 / 2, 1 / 3, 1 / 4]))
    root = steps(SGD(inverse_root(0.5)), np.ones((4, 7)), np.zeros(7))
    assert np.allclose(root[:, 0], -0.5 * np.cumsum([1, 2**-0.5, 3**-0.5, 0.5]))


def test_optimizers_are_equal_by_their_settings():
    """So that a run may be kept by them."""
    assert SGD(inverse_root(0.1)) == SGD(inverse_root(0.1)) != SGD(0.1)
    assert len({Adam(0.1), Adam(0.1), Adam(0.2)}) == 2


def test_a_narrow_type_stays():
    net = make_case().rnn
    w = net.parameters.map(lambda a: a.astype(np.float32))
    for optimizer in OPTIMIZERS:
        assert optimizer.step(w, w, optimizer.start(w))[0].W_hh.dtype == np.float32


@within("rate", [0, -1, np.nan, np.inf, "0.1", None, True, [0.1]])
def test_a_rate_that_is_none(rate):
    for build in (SGD, Adam, inverse_root):
        with pytest.raises(ValueError, match="rate must be a positive number"):
            build(rate)
    w = Parameters(W=[1.0])
    with pytest.raises(ValueError, match="rate must be a positive number"):
        SGD(lambda n: rate).step(w, w, SGD(1.0).start(w))


@within("share", [1, -0.1, np.nan, "x", None, True])
def test_a_share_that_is_none(share):
    for build in (lambda b: SGD(0.1, b), lambda b: Adam(0.1, b), lambda b: Adam(0.1, 0.9, b)):
        with pytest.raises(ValueError, match=r"must lie in \[0, 1\)"):
            build(share)
    with pytest.raises(ValueError, match="epsilon must be a positive number"):
        Adam(0.1, epsilon=0)
