"""The loop of training: each update by another route, the state carried, and whatever ends it early."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest
import reference as ref
from optional import torch_or_skip
from reference import assert_close, assert_same_gradient
from stopping import stopped
from strategies import make_case
from within import within

from bpttlib import (
    RNN,
    SGD,
    Adam,
    Batch,
    Full,
    Learner,
    Random,
    Segments,
    Window,
    blocks,
    gradient,
    train,
    windows,
)
from bpttlib.clipping import clip_by_norm
from bpttlib.optimizers import Memory, Optimizer
from bpttlib.tasks import recall
from bpttlib.text import PARABLE, Vocabulary
from bpttlib.training import Diverged

STRATEGIES = [Full(), Segments(3), Window(2), Random(0.7)]


@dataclass(frozen=True)
class Standstill(Optimizer):
    """An optimizer that stays where it is and writes down every gradient."""

    rate: float = 1.0
    seen: list = field(default_factory=list)

    def move(self, w, g, memory):
        self.seen.append(g)
        return w, Memory(memory.steps + 1)


def long_case(T=12, B=2, **more):
    """A case from h_0 = 0, and its data as one batch."""
    case = make_case(T=T, B=B, h0=False, **more)
    return case, Batch(case.x, case.y)


def seen_by(case, batches):
    """Every gradient of a training that stands still, and its history."""
    still = Standstill()
    history = train(case.rnn, batches, optimizer=still, loss=case.loss)
    return [case.rnn.parameters.like(g) for g in still.seen], history


# ---- updates ------------------------------------------------------------------------------------


@within("strategy", STRATEGIES[:3])
@within("optimizer", [SGD(0.3), SGD(0.1, 0.9), Adam(0.05)])
def test_the_loop_is_the_equations_one_behind_another(strategy, optimizer):
    case, batch = long_case()
    net, memory, losses, norms = case.rnn, optimizer.start(case.rnn.parameters), [], []
    for _ in range(3):
        g = gradient(net, case.x, case.y, strategy)
        losses.append(g.loss)
        norms.append(np.linalg.norm(g.flat()))
        w, memory = optimizer.step(net.parameters, g.like(clip_by_norm(g.flat(), 0.1)), memory)
        net = net.with_parameters(w)
    history = train(case.rnn, batch, strategy, optimizer, clip=0.1, steps=3)
    assert_same_gradient(history.net.parameters, net.parameters)
    assert_close(history.losses, losses)
    assert_close(history.norms, norms)
    assert history.products.tolist() == [n * strategy.jacobian_products(12) for n in (1, 2, 3)]
    assert min(norms) > 0.1, "nothing was clipped"


@pytest.mark.parametrize("optimizer", [SGD(0.3), SGD(0.1, 0.9), Adam(0.05)], ids=repr)
def test_torch_learns_the_same(optimizer):
    torch = torch_or_skip()
    case, batch = long_case()
    theta = 0.1
    w = {name: torch.tensor(array, requires_grad=True) for name, array in case.rnn.parameters.items()}
    if isinstance(optimizer, SGD):
        theirs = torch.optim.SGD(w.values(), optimizer.rate, optimizer.momentum)
    else:
        theirs = torch.optim.Adam(w.values(), optimizer.rate)
    losses, x, y = [], torch.tensor(case.x), torch.tensor(case.y)
    for _ in range(3):
        theirs.zero_grad()
        h, o = torch.zeros(2, 3, dtype=torch.float64), []
        for x_t in x:
            h = torch.tanh(x_t @ w["W_hx"].T + h @ w["W_hh"].T + w["b_h"])
            o.append(h @ w["W_qh"].T + w["b_q"])
        loss = torch.nn.functional.cross_entropy(torch.cat(o), y.reshape(-1))
        loss.backward()
        norm = torch.cat([p.grad.reshape(-1) for p in w.values()]).norm()
        told = torch.nn.utils.clip_grad_norm_(w.values(), theta * (norm + 1e-6) / norm)  # torch divides by ‖g‖ + 1e-6
        assert abs(told - norm) < 1e-12 < theta < norm
        theirs.step()
        losses.append(loss.item())
    history = train(case.rnn, batch, optimizer=optimizer, clip=theta, steps=3)
    assert_close(history.losses, losses)
    assert_same_gradient(history.net.parameters, {name: p.detach().numpy() for name, p in w.items()})


def test_the_network_given_stays_as_it_is():
    case, batch = long_case()
    before = case.rnn.parameters.flat()
    after = train(case.rnn, batch, steps=2).net
    assert (case.rnn.parameters.flat() == before).all() and (after.parameters.flat() != before).all()


def test_a_mask_reaches_the_gradient():
    case, _ = long_case(T=5)
    mask = np.array([[1, 1], [1, 0], [0, 0], [1, 0], [1, 1]])
    seen, history = seen_by(case, Batch(case.x, case.y, mask))
    wanted = case.call(gradient, mask=mask)
    assert_same_gradient(seen[0], wanted, tol=0)
    assert history.losses.tolist() == [wanted.loss]


def test_a_network_without_a_quick_way_is_taken_too():
    class Slow:
        """What a cell must know, and no more."""

        d, q, parameters = 2, 3, property(lambda self: self.net.parameters)

        def __init__(self, net):
            self.net, self.as_input, self.read = net, net.as_input, net.read

        def with_parameters(self, parameters):
            return Slow(self.net.with_parameters(parameters))

    case, batch = long_case()
    slow, quick = train(Slow(case.rnn), batch, steps=3), train(case.rnn, batch, steps=3)
    assert (slow.losses == quick.losses).all() and slow.losses[2] < slow.losses[0]


# ---- seeds --------------------------------------------------------------------------------------


@pytest.mark.parametrize("strategy", STRATEGIES, ids=repr)
def test_the_same_seed_gives_the_same_bytes(strategy):
    vocabulary, net = Vocabulary.of(PARABLE), RNN.random(29, 4, 29, seed=0)
    runs = [
        train(net, windows(PARABLE, vocabulary, 8, 2, seed=1), strategy, clip=1.0, steps=4, seed=seed)
        for seed in (3, 3, 4)
    ]
    first, again, other = (run.net.parameters.flat().tobytes() + run.losses.tobytes() for run in runs)
    assert first == again
    assert (first == other) != strategy.dice


def test_every_update_throws_dice_of_its_own():
    case, batch = long_case()
    still = Standstill()
    train(case.rnn, batch, Random(0.5), still, steps=4, seed=0)
    assert len({g.tobytes() for g in still.seen}) == 4


# ---- the state carried --------------------------------------------------------------------------


@pytest.mark.parametrize("k1", [1, 5, 12, 20])
def test_blocks_that_carry_the_state_are_one_long_pass(k1):
    """In values: the weights stand still. With the losses weighted by their shares of the steps."""
    case, batch = long_case()
    whole, learner = case.rnn.forward(case.x), Learner(case.rnn, optimizer=Standstill())
    ends, total = [*range(k1, 12, k1), 12], 0
    for start, end, block in zip([0, *ends], ends, batch.blocks(k1), strict=False):
        assert block.fresh == (start == 0) and block.T == end - start
        total += (end - start) / 12 * learner.learn(block)
        assert_close(learner.state, whole.h[end])
    assert_close(total, gradient(case.rnn, case.x, case.y).loss)


@pytest.mark.parametrize("k1", [1, 5, 12])
def test_the_gradients_of_the_blocks_add_up_to_that_of_segments(k1):
    case, batch = long_case()
    parts = batch.blocks(k1)
    seen, _ = seen_by(case, parts)
    total = sum((part.T / 12 * g for part, g in zip(parts, seen, strict=True)), 0 * seen[0])
    assert_same_gradient(total, gradient(case.rnn, case.x, case.y, Segments(k1)))


@within("k1, k2", [(1, 3), (2, 3), (4, 6), (3, 12), (4, 20)])
@within("loss", ["cross_entropy", "squared"])
def test_losses_of_k1_steps_that_reach_back_over_k2(k1, k2, loss):
    """By the naive sum over paths: the loss at t counts path (t, i) unless i lies before its block's beginning."""
    case, batch = long_case(seed=4, loss=loss)
    seen, history = seen_by(case, batch.blocks(k1, k2))
    first = {t: max(1, -(-t // k1) * k1 - k2 + 1) for t in range(1, 13)}
    omega = ref.triangle(12, lambda t, i: float(i >= first[t]))
    total = k1 / 12 * sum(seen[1:], seen[0])
    assert_same_gradient(total, ref.weighted_gradient(case, omega))
    assert_close(k1 / 12 * history.losses.sum(), ref.loss(case, case.W))


def test_a_window_is_one_loss_an_update():
    """k1 = 1, k2 = τ."""
    case, batch = long_case()
    seen, _ = seen_by(case, batch.blocks(1, 4))
    assert_same_gradient(1 / 12 * sum(seen[1:], seen[0]), gradient(case.rnn, case.x, case.y, Window(4)))


def test_after_an_update_the_state_is_that_of_the_weights_before():
    case, batch = long_case(T=4)
    learner = Learner(case.rnn, optimizer=SGD(1.0))
    first, second = batch.blocks(2)
    learner.learn(first)
    assert_close(learner.state, case.rnn.forward(case.x).h[2])
    net, state = learner.net, learner.state
    learner.learn(second)
    assert_close(learner.state, net.forward(case.x[2:], state).h[2])


def test_a_fresh_batch_forgets():
    case, batch = long_case()
    once, twice = (seen_by(case, [batch] * n)[1] for n in (1, 2))
    carried = seen_by(case, [batch, replace(batch, fresh=False)])[1]
    assert twice.losses.tolist() == [*once.losses, *once.losses]
    assert carried.losses[0] == once.losses[0] != carried.losses[1]


def test_steps_that_ask_nothing_join_the_next_block():
    batch = recall(lag=5, T=12)
    parts = batch.blocks(2)
    assert [part.T for part in parts] == [6, 2, 2, 2]
    assert [int(part.mask.sum()) for part in parts] == [1, 2, 2, 2]
    masked = Batch(batch.x, batch.y, np.arange(12)[:, None] < 5)
    assert [part.T for part in masked.blocks(2)] == [2, 2, 2]
    assert sum(part.mask.sum() for part in masked.blocks(2, 4)) == 5


def test_a_text_in_blocks_is_the_text():
    vocabulary, text = Vocabulary.of("abcdefghij"), "abcdefghij"
    parts = blocks(text, vocabulary, k1=3, B=2)
    x, y = (np.concatenate(pieces) for pieces in zip(*[(p.x.argmax(axis=-1), p.y) for p in parts], strict=True))
    assert [vocabulary.decode(row) for row in (*x.T, *y.T)] == ["abcd", "efgh", "bcde", "fghi"]


def test_windows_come_from_everywhere_and_ask_for_what_follows():
    vocabulary = Vocabulary.of("abcdefg")
    some = windows("abcdefg", vocabulary, T=4, B=3, seed=0)
    starts = set()
    for _ in range(10):
        batch = next(some)
        assert batch.fresh and (batch.y[:-1] == batch.x.argmax(axis=-1)[1:]).all()
        starts |= {vocabulary.decode(row) for row in batch.y.T}
    assert starts == {"bcde", "cdef", "defg"}


# ---- what ends a run ----------------------------------------------------------------------------


def test_steps_go_round_and_round_and_a_generator_ends():
    case, batch = long_case()
    assert len(train(case.rnn, [batch, batch]).losses) == 2
    assert len(train(case.rnn, [batch, batch], steps=5).losses) == 5
    assert len(train(case.rnn, [batch, batch], steps=1).losses) == 1
    assert len(train(case.rnn, (batch for _ in range(3)), steps=5).losses) == 3


def test_progress_sees_every_update():
    case, batch = long_case()
    for steps, wanted in ((5, 5), (None, 2)):
        told = []

        def progress(some, told=told):
            told.append(len(some))
            for one in some:
                yield one
                told.append(1)

        history = train(case.rnn, [batch, batch], steps=steps, progress=progress)
        assert told == [wanted, *[1] * wanted] and len(history.losses) == wanted


def until(batch, n):
    yield from [batch] * n
    raise KeyboardInterrupt


def test_an_interrupt_keeps_what_was_learnt():
    case, batch = long_case()
    stopped, whole = train(case.rnn, until(batch, 3)), train(case.rnn, batch, steps=3)
    assert stopped.stopped == "interrupted after 3 updates" and whole.stopped is None
    assert (stopped.net.parameters.flat() == whole.net.parameters.flat()).all()
    assert (stopped.losses == whole.losses).all()
    assert train(case.rnn, until(batch, 0)).losses.shape == (0,)


def interrupted(learner, batch, place):
    """An interrupt at the place-th call inside `learn`, of Python or of C; whether it came so far."""
    return stopped(lambda: learner.learn(batch), place, lambda frame, event: event in ("call", "c_call"))


def standing(learner):
    history = learner.history()
    arrays = learner.net.parameters.flat(), learner.state, history.losses, history.norms, history.products
    return [array.tobytes() for array in arrays]


def test_an_update_is_made_whole_or_not_at_all():
    """Wherever it is interrupted; and the learner goes on as if nothing had been, the dice included."""
    case, batch = long_case(T=3)
    batch = replace(batch, fresh=False)
    steady = Learner(case.rnn, Random(0.5), seed=0)
    wanted = [(steady.learn(batch), standing(steady))[1] for _ in range(3)]
    place, came = 1, True
    while came:
        learner = Learner(case.rnn, Random(0.5), seed=0)
        learner.learn(batch)
        came = interrupted(learner, batch, place)
        assert standing(learner) == wanted[learner.updates - 1], place
        while learner.updates < 3:
            learner.learn(batch)
        assert standing(learner) == wanted[2], place
        place += 1 if place < 4 else 5
    assert place > 100, "the hook saw too little"


GROWING = RNN([[1.0]], [[1.5]], [[1.0]], phi="identity")
NUMBERS = Batch(np.ones((8, 1)), np.zeros((8, 1)))


def test_a_loss_that_overflows_stops_with_one_line_and_the_last_good_network():
    history = train(GROWING, NUMBERS, optimizer=SGD(0.01), steps=100, loss="squared")
    assert (
        history.stopped == f"at update {len(history.losses) + 1} the loss has overflowed; the last good network is kept"
    )
    assert np.isfinite(history.losses).all() and 1 < len(history.losses) < 100
    again = gradient(history.net, NUMBERS.x, NUMBERS.y, loss="squared")
    assert again.loss == history.losses[-1]


def test_a_learner_goes_back_and_may_go_on():
    learner = Learner(GROWING, optimizer=SGD(0.01), loss="squared")
    with pytest.raises(Diverged, match="the loss has overflowed"):
        for _ in range(100):
            learner.learn(NUMBERS)
    learner.optimizer = SGD(1e-300)
    assert learner.learn(NUMBERS) == learner.history().losses[-2]


def test_a_gradient_that_overflows_stops_before_the_first_update():
    net = RNN([[1.0]], [[1e50]], [[1e-200]], phi="identity")
    history = train(net, Batch(np.ones((7, 1)), np.zeros((7, 1))), steps=3, loss="squared")
    assert history.stopped == "at update 1 the gradient has overflowed; the last good network is kept"
    assert (history.net.parameters.flat() == net.parameters.flat()).all() and history.losses.shape == (0,)


def test_weights_that_overflow_stop():
    history = train(GROWING, NUMBERS, optimizer=SGD(1e308), steps=3, loss="squared")
    assert history.stopped == "at update 1 the weights have overflowed; the last good network is kept"
    assert (history.net.parameters.flat() == GROWING.parameters.flat()).all()


# ---- bad input ----------------------------------------------------------------------------------


@pytest.fixture
def no_work(monkeypatch):
    def explode(*_):
        raise AssertionError("work was done before the input was checked")

    monkeypatch.setattr(RNN, "read", explode)


X, Y = np.ones((4, 2, 2)), np.zeros((4, 2), int)
GOOD = Batch(X, Y)
NAN = np.full((4, 2, 2), np.nan)
BAD_BATCHES = {
    "NaN in x": (lambda: Batch(NAN, Y), ValueError, "x may not hold NaN or infinity"),
    "NaN in y": (lambda: Batch(X, NAN), ValueError, "y may not hold NaN or infinity"),
    "no steps": (lambda: Batch(X[:0], Y[:0]), ValueError, "x must have shape"),
    "no sequences": (lambda: Batch(X[:, :0], Y[:, :0]), ValueError, "x must have shape"),
    "y too short": (lambda: Batch(X, Y[:3]), ValueError, r"y must have shape \(4, 2\) or \(4, 2, 'q'\), got \(3, 2\)"),
    "a number as y": (lambda: Batch(X[:, 0], 1), ValueError, "y must have shape"),
    "an empty mask": (lambda: Batch(X, Y, 0 * Y), ValueError, "mask must hold at least one 1"),
    "keep too long": (lambda: Batch(X, Y, keep=5), ValueError, r"keep must lie in 0 … T = 4, got 5"),
    "keep below 0": (lambda: Batch(X, Y, keep=-1), ValueError, "keep must be a whole number"),
    "k1 of 0": (lambda: GOOD.blocks(0), ValueError, "k1 must be a whole number from 1 on"),
    "k2 below k1": (lambda: GOOD.blocks(3, 2), ValueError, "k2 must be at least k1 = 3"),
    "streams of one letter": (lambda: blocks("a", Vocabulary("a"), 1), ValueError, "1 streams need at least 2"),
    "windows of one letter": (lambda: windows("a", Vocabulary("a"), 1), ValueError, "1 steps need 2 characters"),
    "a strange letter": (lambda: windows("ab", Vocabulary("a"), 1), ValueError, "not among the 1 characters"),
}


@within("make, error, words", BAD_BATCHES.values(), ids=BAD_BATCHES)
def test_batches_that_are_none(make, error, words):
    with pytest.raises(error, match=words):
        make()


BAD_RUNS = {
    "no batch": ({"batches": []}, ValueError, "batches must hold at least one batch"),
    "no iterable": ({"batches": 3}, TypeError, "batches must be an iterable of Batch, got 3"),
    "pairs": ({"batches": [(X, Y)]}, TypeError, r"a batch must be a Batch\(x, y\)"),
    "a last batch of another d": ({"batches": [GOOD, Batch(X[..., :1], Y)]}, ValueError, "x must have shape"),
    "a class too many": ({"batches": [Batch(X, Y + 3)]}, ValueError, "y must lie in 0 … 2, got 3 … 3"),
    "pi of another T": ({"strategy": Random([0.5])}, ValueError, "pi has 1 entries, but there are T = 4 edges"),
    "a word as strategy": ({"strategy": "full"}, TypeError, r"strategy must be Full\(\)"),
    "a word as optimizer": ({"optimizer": "adam"}, TypeError, r"optimizer must be SGD\(rate\)"),
    "a class as optimizer": ({"optimizer": Adam}, TypeError, r"optimizer must be SGD\(rate\)"),
    "clip of 0": ({"clip": 0}, ValueError, "clip must be a positive number, got 0"),
    "no steps": ({"steps": 0}, ValueError, "steps must be a whole number from 1 on, got 0"),
    "half a step": ({"steps": 0.5}, TypeError, "steps must be a whole number, got 0.5"),
    "an unknown loss": ({"loss": "hinge"}, ValueError, "loss must be one of cross_entropy, squared"),
    "y of another loss": ({"loss": "squared"}, ValueError, "y must have shape"),
    "no network": ({"net": RNN}, TypeError, "net must be a network"),
    "a bad seed": ({"seed": -1}, ValueError, "seed must be a whole number from 0 on"),
}


@within("what, error, words", BAD_RUNS.values(), ids=BAD_RUNS)
def test_runs_that_are_none(what, error, words, no_work):
    given = {"net": make_case().rnn, "batches": [GOOD], **what}
    with pytest.raises(error, match=words):
        train(**given)


def test_a_tau_longer_than_every_batch_is_refused(no_work):
    case, batch = long_case()
    for strategy in (Segments(batch.T + 1), Window(99)):
        with pytest.raises(ValueError, match=f"tau must be at most {batch.T}, .* got {strategy.tau}; Full"):
            train(case.rnn, batch, strategy)


def test_a_tau_longer_than_some_batches_is_the_full_gradient_there():
    case, batch = long_case()
    learner = Learner(case.rnn, Segments(99))
    learner.learn(batch)
    assert_close(learner.history().norms, train(case.rnn, batch).norms)
    shorter = batch.blocks(batch.T - 1)
    assert len({one.T for one in shorter}) == 2 and len(train(case.rnn, shorter, Window(batch.T - 1)).losses) == 2


def test_a_state_of_another_batch_is_refused():
    learner = Learner(make_case().rnn)
    learner.learn(GOOD)
    with pytest.raises(ValueError, match="a batch of 1 sequences cannot go on from 2 states: it needs fresh=True"):
        learner.learn(Batch(X[:, 0], Y[:, 0], fresh=False))
    assert learner.updates == 1
