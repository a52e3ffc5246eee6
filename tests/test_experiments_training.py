"""Four copies that learn side by side: against `train`, in pieces, broken off, and what is kept of them."""

from collections import OrderedDict
from itertools import count

import numpy as np
import pytest
from within import within

from bpttlib import RNN, Adam, Full, Learner, Random, Segments, Window, blocks, train, write
from bpttlib.experiments import training
from bpttlib.text import TITLE, Vocabulary

SETTINGS = {"seed": 1, "tau": 5, "pi": 0.8, "rate": 0.01, "text": TITLE}
KINDS = {"full": Full(), "segments": Segments(5), "window": Window(5), "random": Random(0.8)}


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(training, "kept", OrderedDict())


def run(updates, temperature=0.5, **settings):
    return training.run(**SETTINGS | settings, temperature=temperature, updates=updates)


def trained(**settings):
    return training.trained(**SETTINGS | settings)


def proceed(updates, seconds):
    training.proceed(**SETTINGS, updates=updates, seconds=seconds)


def assert_same(one, other):
    assert one.keys() == other.keys()
    for name in ("losses", "taken"):
        assert all(one[name][kind].tobytes() == other[name][kind].tobytes() for kind in KINDS)
    assert all(one[name] == other[name] for name in one if name not in ("losses", "taken"))


@pytest.fixture
def learnt(monkeypatch):
    """The strategy of every update that is made, in turn; `stops` breaks off the next."""
    made, learn = [], Learner.learn

    def noted(self, batch):
        if len(made) in noted.stops:
            noted.stops.remove(len(made))
            raise KeyboardInterrupt
        made.append(self.strategy)
        return learn(self, batch)

    noted.stops = []
    monkeypatch.setattr(Learner, "learn", noted)
    return made, noted.stops


@pytest.fixture
def ticks(monkeypatch):
    """A clock that goes on by a second whenever it is asked."""
    clock = count()
    monkeypatch.setattr(training, "perf_counter", lambda: next(clock))


@pytest.mark.parametrize("kind", KINDS)
def test_the_numbers_are_those_of_train(kind):
    text, n, temperature = training.RIVER, 20, 0.7
    letters = Vocabulary.of(text)
    net = RNN.random(len(letters), 32, len(letters), seed=1)
    batches = blocks(text, letters, 28, B=4)
    history = train(net, batches, KINDS[kind], Adam(0.01), clip=1.0, steps=n, seed=1)
    found = run(n, temperature, text=text)
    passes = [history.losses[max(0, end - 3) : end].mean() for end in range(1, n + 1)]
    np.testing.assert_allclose(found["losses"][kind], passes, rtol=1e-12)
    assert found["products"][kind] == history.products[-1]
    assert found["written"][kind] == write(history.net, letters, "A ", 54, temperature, seed=0)
    assert found["blind"] == np.log(len(letters))


def test_the_same_seed_has_the_same_numbers_in_pieces_or_at_once(ticks):
    for _ in range(4):
        proceed(30, seconds=30)
    assert trained() == 30
    pieces = run(30)
    training.kept.clear()
    assert_same(run(30), pieces)
    assert (run(30, seed=2)["losses"]["full"] != pieces["losses"]["full"]).any()


def test_a_piece_ends_when_its_time_is_up(ticks):
    proceed(300, seconds=23)  # the clock is asked before each update
    assert [one.trained for one in training.runners(**SETTINGS).values()] == [10, 10, 0, 0] and trained() == 0
    assert [one.learner.updates for one in training.runners(**SETTINGS).values()] == [10, 10, 3, 0]
    proceed(300, seconds=40)
    assert [one.trained for one in training.runners(**SETTINGS).values()] == [20, 20, 10, 10] and trained() == 10
    assert training.runners(**SETTINGS)["window"].learner.updates == 13


def test_a_piece_that_is_broken_off_loses_nothing_but_the_update_that_was_made(learnt):
    whole = run(30)
    training.kept.clear()
    made, stops = learnt
    made.clear()
    for stop in (0, 3, 10, 47, 80):
        stops.append(stop)
        with pytest.raises(KeyboardInterrupt):
            run(30)
        assert len(made) == stop and trained() == stop // 40 * 10
    assert_same(run(30), whole)
    assert len(made) == 4 * 30, "each update once"


def test_a_network_that_was_not_noted_in_time_is_noted_later():
    """Broken off between the tenth update and the note of its network."""
    one = training.runners(**SETTINGS)["full"]
    for batch in one.batches * 10:
        one.learner.learn(batch)
    assert one.trained == 0 and one.learner.updates == 10
    one.learn(10)
    assert one.trained == one.learner.updates == 10 and one.nets[10] is one.learner.net


def test_what_a_slider_does_not_concern_is_not_trained_anew(learnt):
    made, _ = learnt
    run(20)
    made.clear()
    run(20, 1.0), run(10), run(0)
    assert not made
    assert trained(tau=6) == 0
    run(20, tau=6)
    assert set(made) == {Segments(6), Window(6)}
    made.clear()
    run(10, pi=0.5)
    assert set(made) == {Random(0.5)}
    assert trained() == 20


def test_the_first_four_stay_and_of_the_others_the_latest(monkeypatch):
    monkeypatch.setattr(training, "KEPT", 9)
    for seed in (1, 2, 3):
        run(10, seed=seed)
    assert [trained(seed=seed) for seed in (1, 2, 3)] == [10, 0, 10] and len(training.kept) == 9
    run(20)
    assert [key[1] for key in training.kept] == [1] * 4 + [2] + [3] * 4


def test_to_look_trains_nothing_and_keeps_nothing(learnt):
    made, _ = learnt
    found = run(0)
    assert not made and not training.kept
    assert {len(one) for one in found["losses"].values()} == {0} and set(found["products"].values()) == {0}
    assert len(set(found["written"].values())) == 1, "all four begin as the same network"


def test_blocks_carry_the_state_from_one_to_the_next():
    assert [(one.T, one.B, one.fresh) for one in training.lesson(training.RIVER)] == [
        (28, 4, True),
        (28, 4, False),
        (28, 4, False),
    ]
    assert [(one.T, one.B) for one in training.lesson(TITLE)] == [(28, 1)]
    assert [(one.T, one.B) for one in training.lesson("abc" * 60)] == [(28, 2), (28, 2), (28, 2), (5, 2)]


def test_what_is_taken_are_all_the_stretches_of_five():
    rng = np.random.default_rng(0)
    text = "".join(rng.choice([*"ab"], 40))
    said = "".join(rng.choice([*"ab"], 60))
    inside = [n for n in range(56) if said[n : n + 5] in text]
    wanted = [any(n <= place < n + 5 for n in inside) for place in range(60)]
    assert training.taken(said, text).tolist() == wanted and 0 < sum(wanted) < 60


@within(
    "bad, says",
    [
        ({"text": "too short"}, "the text has 9 characters, at least 29 are needed"),
        ({"text": "a" * 40}, "all characters are 'a', two different ones are needed"),
        ({"updates": 15}, "updates must be one of 0, 10 … 300, got 15"),
        ({"updates": 310}, "got 310"),
        ({"tau": 0}, "tau must be"),
        ({"pi": 0.0}, "pi"),
        ({"rate": 0.0}, "rate must be"),
        ({"temperature": -1.0}, "temperature must be"),
    ],
)
def test_bad_input_is_refused_before_any_work(bad, says, learnt):
    with pytest.raises(ValueError, match=says):
        training.run(**SETTINGS | {"temperature": 0.5, "updates": 10} | bad)
    assert not learnt[0] or "temperature" in bad
