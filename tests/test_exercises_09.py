"""The exercises of page 09: right answers written in other ways are right, typical mistakes are not."""

import math
from functools import partial

import numpy as np
import pytest
from optional import torch_or_skip

from bpttlib import LSTM, RNN, EdgeWeights, Full, Segments, gradient
from bpttlib.checking.specs import by_torch, changed_by_detach
from bpttlib.experiments.reading import Reading
from bpttlib.pytorch import from_grads, to_torch
from tests.pages import each, exercises

torch = torch_or_skip()

TITLE = Reading("the time machine by h g wells")
LSTM_OF_TITLE = LSTM.random(15, 16, 15, seed=3)
X, Y = map(torch.tensor, TITLE.data)


def task(name):
    return exercises("09_detach_in_pytorch.ipynb")[name]


def keep(state):
    return state


def cut(state):
    return tuple(map(cut, state)) if isinstance(state, tuple) else state.detach()


def learnt(net, o, module, readout):
    torch.nn.functional.cross_entropy(torch.cat(o).flatten(0, 1), Y.flatten()).backward()
    return from_grads(module, readout).W_hh


# ---- right, in other ways -----------------------------------------------------------------------


def by_blocks(net, tau, between=cut):
    """Read a block at once, and hand its last state on."""
    (module, readout), o, state = to_torch(net), [], None
    for block in X.split(tau):
        out, state = module(block, state)
        state = between(state)
        o.append(readout(out))
    return learnt(net, o, module, readout)


def by_step(net, tau, before=keep, after=keep, heard=keep, cuts=lambda t, tau: t % tau == 0):
    """Letter by letter: what is done to the state before and after the steps at which a cut is made, and to h for o."""
    (module, readout), o, state = to_torch(net), [], torch.zeros(1, 1, net.h, dtype=torch.float64)
    state = (state, state) if isinstance(net, LSTM) else state
    for t in range(len(X)):
        now = cuts(t, tau)
        out, state = module(X[t : t + 1], before(state) if now else state)
        state = after(state) if now else state
        o.append(readout(heard(out) if now else out))
    return learnt(net, o, module, readout)


def last_of_a_block(t, tau):
    return (t + 1) % tau == 0


def by_new_leaves(net, tau):
    """A cut state is a number to begin with, and none of the graph."""
    return by_blocks(net, tau, lambda state: torch.tensor(state.tolist(), dtype=torch.float64, requires_grad=True))


def by_separate_walks(net, tau):
    """Each block has a backward() of its own, and .grad adds them up."""
    (module, readout), state = to_torch(net), None
    for block, target in zip(X.split(tau), Y.split(tau), strict=True):
        out, state = module(block, None if state is None else cut(state))
        loss = torch.nn.functional.cross_entropy(readout(out).flatten(0, 1), target.flatten(), reduction="sum")
        (loss / len(X)).backward()
    return from_grads(module, readout).W_hh


def path_of_the_library(xi, t, i):
    return EdgeWeights(xi).path_weights(len(xi))[t - 1, i - 1]


def path_by_detach(xi, t, i):
    """With detach() alone; a tensor that a gradient hangs on is an answer."""
    h = first = torch.ones((), dtype=torch.float64, requires_grad=True)
    for edge in xi[i:t]:
        h = h.detach() + edge * (h - h.detach())
    return torch.autograd.grad(h, first)[0] * first


RNN_OF_TITLE = TITLE.rnn
RIGHT = {
    "blocks_by_detach": [
        partial(by_step, RNN_OF_TITLE, after=cut, cuts=last_of_a_block),
        partial(by_blocks, RNN_OF_TITLE),
        partial(by_new_leaves, RNN_OF_TITLE),
        partial(by_separate_walks, RNN_OF_TITLE),
    ],
    "lstm_in_blocks": [
        partial(by_step, LSTM_OF_TITLE, before=cut),
        partial(by_blocks, LSTM_OF_TITLE),
        partial(by_separate_walks, LSTM_OF_TITLE),
    ],
    "touched": [
        lambda: ("W_hx W_hh b_h", "W_hx b_h", "", "W_hx W_hh W_qh b_h b_q", "W_hh"),
        lambda: np.array(["W_hx W_hh b_h", "W_hx b_h", "", "W_hx W_hh W_qh b_h b_q", "W_hh"]),
        lambda: changed_by_detach(),
    ],
    "path_weight": [
        lambda xi, t, i: np.prod(xi[i:t]),
        lambda xi, t, i: 1 if t == i else xi[t - 1] * math.prod(xi[i : t - 1]),
        path_of_the_library,
        path_by_detach,
    ],
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_answers_written_in_another_way_are_right(name):
    for answer in RIGHT[name]:
        verdict = task(name).judge(answer)
        assert verdict.right, verdict.text


def test_every_exercise_has_right_and_wrong_answers():
    assert set(exercises("09_detach_in_pytorch.ipynb")) == set(RIGHT) == set(WRONG)


# ---- what the judge runs ------------------------------------------------------------------------


def test_the_predictions_are_those_of_our_own_sweep():
    """A cut is ξ = 0, a loss that does not count is masked, a use of W_hh that learns nothing is a term left out."""
    net, six = RNN.random(3, 2, 3, seed=1), np.arange(1, 7)
    x, nothing = np.eye(3)[six % 3], np.zeros((6, 3))

    def ours(losses, edge=0):
        g = gradient(net, x, nothing, EdgeWeights(1.0 * (six != edge)), "squared", mask=np.isin(six, losses))
        return g.flat() * len(losses)  # ours is the mean over the losses that count

    for losses, edge in ((six, 0), (six, 4), (six, 2), ([3], 0), ([3], 4)):
        assert np.allclose(by_torch(losses, edge=edge).flat(), ours(losses, edge), rtol=0, atol=1e-12)
    assert np.allclose(by_torch(six, output=6).flat(), ours(six[:5]), rtol=0, atol=1e-12)
    full, h = gradient(net, x, nothing, Full(), "squared"), net.forward(x).h[:, 0]
    delta = 6 * full.dL_dh[3, 0] * (1 - h[4] ** 2)
    without = by_torch(six).W_hh - np.outer(delta, h[3])
    assert np.allclose(by_torch(six, weight=4).W_hh, without, rtol=0, atol=1e-12)


# ---- wrong --------------------------------------------------------------------------------------


def without_graph(net, tau):
    """The first step of each block but the first under no_grad(): it has no graph at all."""
    (module, readout), o, h = to_torch(net), [], torch.zeros(1, 1, net.h, dtype=torch.float64)
    for t in range(len(X)):
        with torch.set_grad_enabled(t == 0 or t % tau != 0):
            out, h = module(X[t : t + 1], h)
        o.append(readout(out))
    return learnt(net, o, module, readout)


def half(n):
    """Of an LSTM's pair one alone passes the valve."""
    return lambda state: tuple(cut(one) if k == n else one for k, one in enumerate(state))


WRONG = {
    "blocks_by_detach": [
        partial(by_step, RNN_OF_TITLE, before=cut, cuts=lambda t, tau: True),  # every edge
        partial(by_step, RNN_OF_TITLE, before=cut, cuts=last_of_a_block),  # a step too early
        partial(by_step, RNN_OF_TITLE, after=cut),  # a step too late
        partial(by_step, RNN_OF_TITLE, before=cut, cuts=lambda t, tau: t % tau),  # just where it should not
        partial(by_step, RNN_OF_TITLE, before=cut, cuts=lambda t, tau: t == tau),  # once
        partial(by_step, RNN_OF_TITLE, heard=cut, cuts=lambda t, tau: t and t % tau == 0),  # what the readout hears
        partial(by_step, RNN_OF_TITLE, before=torch.zeros_like),  # the value is stopped, too
        partial(by_step, RNN_OF_TITLE, before=lambda h: h.detach().requires_grad_() * 0 + h),  # called, and not used
        partial(without_graph, RNN_OF_TITLE),
        lambda tau: gradient(RNN_OF_TITLE, *TITLE.data, Segments(tau + 1)).W_hh,
    ],
    "lstm_in_blocks": [
        partial(by_blocks, LSTM_OF_TITLE, between=half(0)),  # h alone
        partial(by_blocks, LSTM_OF_TITLE, between=half(1)),  # c alone
        partial(by_blocks, LSTM_OF_TITLE, between=keep),  # taken out
        partial(by_blocks, LSTM_OF_TITLE, between=lambda state: None),  # nothing handed on
        partial(by_step, LSTM_OF_TITLE, before=cut, cuts=lambda t, tau: True),
        partial(by_step, LSTM_OF_TITLE, before=cut, cuts=last_of_a_block),
    ],
    "touched": [
        lambda: ["W_hx W_hh b_h"] * 5,
        lambda: ["W_hx W_hh b_h", "W_hx W_hh b_h", "", "W_hx W_hh W_qh b_h b_q", "W_hh"],  # h_0 = 0 forgotten
        lambda: ["W_hh", "W_hh", "", "W_qh b_q", "W_hh"],  # W_hh alone passes through time
        lambda: ["W_hx W_hh W_qh b_h b_q", "W_hx W_qh b_h b_q", "", "W_hx W_hh W_qh b_h b_q", "W_hh"],
        lambda: ["W_hx W_hh b_h", "W_hx b_h", "W_hx W_hh b_h", "W_hx W_hh W_qh b_h b_q", "W_hh"],
        lambda: ["W_hx W_hh b_h", "W_hx b_h", "", "", "W_hh"],  # detach() at the very end changes nothing
        lambda: ["W_hx W_hh b_h", "W_hx b_h", "", "W_hx W_hh W_qh b_h b_q", "W_hx W_hh b_h"],  # a cut edge
        lambda: ["W_hh W_hx b_h", "W_hx b_h", "", "W_hx W_hh W_qh b_h b_q", "W_hh"],  # another order
    ],
    "path_weight": [
        lambda xi, t, i: math.prod(xi[i - 1 : t]),  # the edge into step i as well
        lambda xi, t, i: math.prod(xi[i : t - 1]),  # the last one forgotten
        lambda xi, t, i: math.prod(xi[i - 1 : t - 1]),  # one edge too early
        lambda xi, t, i: math.prod(xi[i + 1 : t + 1]),  # ξ counted from 1
        lambda xi, t, i: sum(xi[i:t]),
        lambda xi, t, i: float(all(xi[i:t])),  # kept is 1
        lambda xi, t, i: 2 ** (t - i) if all(xi[i:t]) else 0,  # 1/π for every edge, whatever ξ
        lambda xi, t, i: xi[t - 1],  # the last edge alone
        lambda xi, t, i: math.prod(xi[:t]),
    ],
}


@each(WRONG)
def test_typical_wrong_answers_are_rejected(name, answer):
    verdict = task(name).judge(answer)
    assert not verdict.right and "not written" not in verdict.text and "raises" not in verdict.text


def test_half_right_predictions_are_told_which():
    verdict = task("touched").judge(lambda: ["W_hx W_hh b_h", "W_hx W_hh b_h", "", "", "W_hh"])
    assert "has questions 1, 3 and 5 right, questions 2 and 4 not" in verdict.text


def test_the_bug_of_the_page_is_a_cut_at_every_edge():
    bug = task("lstm_in_blocks").answer
    for tau in (28, 7):
        every = gradient(LSTM_OF_TITLE, *TITLE.data, Segments(1)).W_hh
        assert np.allclose(bug(tau), every, rtol=0, atol=1e-12)
