"""Checkpoints: the gradient is the whole one, and what is held, read and allocated is what was promised."""

import tracemalloc
import weakref

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import assert_close
from strategies import LOSSES, cases, few, make_case
from within import within

from bpttlib import GRU, LSTM, RNN, Leaky, checkpointed_gradient, complex_step, gradient, gradient_of_blocks
from bpttlib.checkpoints import states_held, steps_read

CELLS = (RNN, LSTM, GRU, Leaky)
NAMED = [kind.__name__ for kind in CELLS]


def problem(kind, T=11, B=2, loss="cross_entropy"):
    """A network, x and y, and h_0; nothing in it is zero."""
    rng, net = np.random.default_rng(0), kind.random(2, 3, 3, seed=1)
    y = rng.integers(3, size=(T, B)) if loss == "cross_entropy" else rng.standard_normal((T, B, 3))
    return (net, rng.standard_normal((T, B, 2)), y), {"loss": loss, "h0": rng.standard_normal((B, net.s))}


def assert_whole(found, whole):
    assert list(found) == list(whole)
    assert_close(found.flat(), whole.flat())
    assert_close(found.loss, whole.loss)
    assert_close(found.dL_dh0, whole.dL_dh0)


# ---- the same gradient --------------------------------------------------------------------------


@within("kind", CELLS, ids=NAMED)
@within("loss", LOSSES)
@within("block", [None, 1, 4, 11, 99])
def test_it_is_the_whole_gradient(kind, loss, block):
    data, more = problem(kind, loss=loss)
    assert_whole(checkpointed_gradient(*data, block, **more), gradient(*data, **more))


@within("kind", CELLS, ids=NAMED)
def test_against_the_complex_step(kind):
    data, more = problem(kind, T=5)
    assert_close(checkpointed_gradient(*data, 2, **more).flat(), complex_step(*data, **more).flat())


@few
@given(cases(), st.integers(1, 8))
def test_any_case(case, block):
    assert_whole(case.call(checkpointed_gradient, block), case.call(gradient))


@within("kind", CELLS, ids=NAMED)
def test_a_long_sequence(kind):
    data, more = problem(kind, T=1003, B=1)
    whole, found = gradient(*data, **more), checkpointed_gradient(*data, **more)
    assert np.abs(whole.W_hh).max() > 1e-4
    assert_whole(found, whole)


def test_blocks_in_which_no_loss_counts_and_losses_that_must_not_be_multiplied():
    (net, x, y), more = problem(RNN, T=9, loss="squared")
    mask = np.zeros((9, 2))
    mask[1, 0] = mask[7] = 1  # of the blocks 1-3, 4-6, 7-9 the second has none
    y = np.where(mask[..., None] == 1, y, 1e300)  # its square is infinite
    assert_whole(checkpointed_gradient(net, x, y, 3, mask=mask, **more), gradient(net, x, y, mask=mask, **more))


def test_a_single_sequence_a_pair_as_first_state_and_other_types():
    lstm, x, y = LSTM.random(2, 3, 2), np.arange(10).reshape(5, 2).tolist(), [0, 1, 1, 0, 1]
    pair, mask = ([0.5, 0, -0.5], [1, 2, 3]), [0, 1, 1, 0, 1]
    wanted = gradient(lstm, x, y, h0=pair, mask=mask)
    assert_whole(checkpointed_gradient(lstm, x, y, 2, h0=pair, mask=mask), wanted)
    narrow = lstm.with_parameters(lstm.parameters.map(np.float32))
    narrow = LSTM(**narrow.parameters, dtype=np.float32)
    assert {a.dtype for a in checkpointed_gradient(narrow, x, y, 2).values()} == {np.dtype(np.float32)}


def test_what_lies_on_disk_may_stay_there(tmp_path):
    data, more = problem(RNN)
    x = np.memmap(tmp_path / "x", float, "w+", shape=data[1].shape)
    x[:] = data[1]
    assert_whole(checkpointed_gradient(data[0], x, data[2], 4, **more), gradient(*data, **more))


def test_the_deltas_of_all_steps_are_not_there():
    found = make_case().call(checkpointed_gradient)
    with pytest.raises(AttributeError, match="no 'dL_dh'"):
        found.dL_dh  # noqa: B018
    assert found.dL_dh0.shape == (2, 3)


# ---- what it holds and reads --------------------------------------------------------------------


@pytest.fixture
def tapes(monkeypatch):
    """Every tape that is read: how many steps, and how many tapes before it were still held."""
    read, alive, noted = RNN.read, [], []

    def noting(self, x, h0):
        noted.append((len(x), sum(one() is not None for one in alive)))
        tape = read(self, x, h0)
        alive.append(weakref.ref(tape.h))
        return tape

    monkeypatch.setattr(RNN, "read", noting)
    return noted


@within("T, block", [(1, None), (9, None), (10, None), (10, 3), (10, 1), (10, 10), (10, 50)])
def test_steps_read_and_one_tape_at_a_time(T, block, tapes):
    data, more = problem(RNN, T)
    tapes.clear()
    checkpointed_gradient(*data, block, **more)
    steps, others = zip(*tapes, strict=True)
    assert sum(steps) == steps_read(T, block) <= 2 * T
    assert set(others) == {0}
    blocks, last = (len(steps) + 1) // 2, steps[(len(steps) - 1) // 2]  # the last is read once only
    assert states_held(T, block) == max(blocks + last, blocks - 1 + max(steps))


def test_a_tape_that_is_kept_would_be_seen(tapes):
    net, x, _ = problem(RNN)[0]
    kept = net.forward(x)
    net.forward(x)
    assert tapes == [(11, 0), (11, 1)] and kept is not None


@within("T", [1, 2, 3, 4, 5, 24, 25, 26, 99, 1000])
def test_no_other_length_of_a_block_holds_fewer_states(T):
    fewest = min(states_held(T, k) for k in range(1, T + 1))
    assert states_held(T) == fewest <= 2 * np.sqrt(T) + 1
    assert states_held(T, T) == T + 1  # without checkpoints


def peak(function, *data):
    """Bytes allocated at most while it runs."""
    tracemalloc.start()
    try:
        function(*data)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_four_times_the_steps_take_twice_the_memory():
    rng, net, few, many = np.random.default_rng(0), RNN.random(2, 16, 2), 600, 2400
    x, y = rng.standard_normal((many, 1, 2)), rng.integers(2, size=(many, 1))
    growth = {f: peak(f, net, x, y) / peak(f, net, x[:few], y[:few]) for f in (checkpointed_gradient, gradient)}
    assert 1.3 < growth[checkpointed_gradient] < 2.6
    assert growth[gradient] > 3.4


# ---- what is refused ----------------------------------------------------------------------------

PLACES = {
    "NaN far back": ("x", (8, 1, 1), np.nan, "x may not hold NaN or infinity"),
    "y far back": ("y", (8, 1), 3, "y must lie in 0 … 2"),
    "mask far back": ("mask", (8, 1), 0.5, "mask must hold 0 and 1, got 0.5"),
}


@within("name, place, value, message", PLACES.values(), ids=PLACES)
def test_the_last_block_is_looked_at_before_the_first_is_read(name, place, value, message, tapes):
    (net, x, y), more = problem(RNN, T=9)
    given = {"x": x, "y": y, "mask": np.ones((9, 2))}
    given[name][place] = value
    with pytest.raises(ValueError, match=message):
        checkpointed_gradient(net, block=3, **given, **more)
    assert not tapes


SHAPES = {
    "x shorter": ({"x": np.ones((5, 2, 2))}, "y must have shape (5, 2), got (6, 2)"),
    "y longer by a block": ({"y": np.zeros((8, 2), int)}, "y must have shape (6, 2), got (8, 2)"),
    "mask shorter": ({"mask": np.ones((4, 2))}, "mask must have shape (6, 2), got (4, 2)"),
    "no loss": ({"mask": np.zeros((6, 2))}, "mask must hold at least one 1"),
    "a number": ({"x": 3.0}, "x must have shape (T, B, 2), got ()"),
    "no steps": ({"x": np.ones((0, 2, 2))}, "x must have shape (T, B, 2), got (0, 2, 2)"),
    "h0": ({"h0": np.ones(7)}, "h0 must have shape (3,), got (7,)"),
    "block": ({"block": 0}, "block must be a whole number from 1 on, got 0"),
    "loss": ({"loss": "hinge"}, "loss must be one of cross_entropy, squared, got 'hinge'"),
}


@within("wrong, message", SHAPES.values(), ids=SHAPES)
def test_the_whole_says_what_does_not_fit(wrong, message, tapes):
    (net, x, y), more = problem(RNN, T=6)
    with pytest.raises(ValueError) as caught:
        checkpointed_gradient(**{"rnn": net, "x": x, "y": y, "block": 2, **more, **wrong})
    assert message in str(caught.value) and not tapes


def test_what_is_no_network_and_no_count():
    (_, x, y), _ = problem(RNN)
    with pytest.raises(TypeError, match="rnn must be a network such as"):
        checkpointed_gradient("rnn", x, y)
    with pytest.raises(TypeError, match=r"block must be a whole number, got 2\.5"):
        states_held(10, 2.5)
    with pytest.raises(ValueError, match="T must be a whole number from 1 on, got 0"):
        steps_read(0)


def test_numbers_that_leave_their_range():
    grows = RNN([[1.0]], [[3.0]], [[1.0]], phi="identity")
    x = np.ones((900, 1))
    with pytest.raises(ValueError, match="states and outputs grow to"):
        checkpointed_gradient(grows, x, x, loss="squared")
    with pytest.raises(ValueError, match="its loss is"):
        checkpointed_gradient(grows, x[:400], x[:400], loss="squared")


# ---- blocks that are made when asked for ----------------------------------------------------------


class Made:
    """Blocks of k steps, made anew when asked for; it knows how many of those that it made are still held."""

    def __init__(self, x, y, k, mask=None):
        self.data, self.k = [a for a in (x, y, mask) if a is not None], k
        self.made, self.alive, self.most = [], [], 0

    def __len__(self):
        return -(-len(self.data[0]) // self.k)

    def __getitem__(self, n):
        block = [a[n * self.k : (n + 1) * self.k].copy() for a in self.data]
        self.alive = [one for one in self.alive if one() is not None] + [weakref.ref(block[0])]
        self.made, self.most = [*self.made, n], max(self.most, len(self.alive))
        return tuple(block)


@within("kind", CELLS, ids=NAMED)
@within("loss", LOSSES)
@within("k", [1, 4, 20])
def test_blocks_give_the_whole_gradient(kind, loss, k):
    (net, x, y), more = problem(kind, loss=loss)
    mask = np.arange(22).reshape(11, 2) % 3 > 0
    for how in (None, mask):
        blocks = Made(x, y, k, how)
        assert_whole(gradient_of_blocks(net, blocks, **more), gradient(net, x, y, mask=how, **more))
        assert blocks.most <= 2 and max(blocks.made.count(n) for n in range(len(blocks))) <= 4


def test_blocks_of_other_lengths_and_a_single_sequence():
    (net, x, y), more = problem(LSTM, T=9, B=1)
    blocks = [(x[a:b, 0], y[a:b, 0]) for a, b in ((0, 2), (2, 3), (3, 9))]
    assert_whole(gradient_of_blocks(net, blocks, **more), gradient(net, x, y, **more))


def test_not_even_x_is_held():
    net, T, k = RNN.random(2, 16, 2), 2500, 50

    class Noise:
        def __len__(self):
            return T // k

        def __getitem__(self, n):
            rng = np.random.default_rng(n)
            return rng.standard_normal((k, 1, 2)), rng.integers(2, size=(k, 1))

    assert peak(gradient_of_blocks, net, Noise()) < 2 * 8 * 16 * (k + T / k) * 3 < 8 * 16 * T / 4


X, Y = np.ones((2, 2, 2)), np.zeros((2, 2), int)
NO_BLOCKS = {
    "a generator": (lambda: ((x, y) for x, y in [(X, Y)]), TypeError, "every block again, the last one first, got gen"),
    "none": (list, ValueError, "blocks must hold at least one block"),
    "x alone": (lambda: X, TypeError, "block 0 must be (x, y) or (x, y, mask), got ndarray"),
    "of another width": (lambda: [(X, Y), (X[..., :1], Y)], ValueError, "block 1: x must have shape (T, B, 2)"),
    "y of another length": (lambda: [(X, Y), (X, Y[:1])], ValueError, "block 1: y must have shape (2, 2), got (1, 2)"),
    "other sequences": (lambda: [(X, Y), (X[:, :1], Y[:, :1])], ValueError, "block 1: x must hold 2 sequences"),
    "no loss": (lambda: [(X, Y, np.zeros((2, 2)))], ValueError, "one loss must count"),
    "y of floats": (lambda: [(X, Y), (X, Y / 2)], TypeError, "block 1: for cross-entropy y must hold whole numbers"),
}


@within("make, error, message", NO_BLOCKS.values(), ids=NO_BLOCKS)
def test_blocks_that_do_not_fit(make, error, message, tapes):
    with pytest.raises(error) as caught:
        gradient_of_blocks(RNN.random(2, 3, 3), make())
    assert message in str(caught.value) and not tapes


def test_a_first_state_or_a_network_that_does_not_fit_the_blocks():
    with pytest.raises(ValueError, match=r"h0 must have shape \(3,\), got \(7,\)"):
        gradient_of_blocks(RNN.random(2, 3, 3), [(X, Y)], h0=np.ones(7))
    with pytest.raises(TypeError, match="rnn must be a network such as"):
        gradient_of_blocks("rnn", [(X, Y)])
