"""Tasks hold what they say, forecasts are those of their equations, and what is written is drawn as it should be."""

import csv
from pathlib import Path

import numpy as np
import pytest
from within import within

import bpttlib
from bpttlib import RNN, gradient, train, write
from bpttlib.forecasts import autoregression, holt, persistence, rms, smoothing
from bpttlib.generation import drawn
from bpttlib.tasks import PAD, Words, copy, recall, series, standardised, sunspots, words
from bpttlib.text import Vocabulary

# ---- tasks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("lag, T, B", [(1, 2, 1), (3, 7, 2), (5, 20, 3)])
def test_recall_asks_for_what_was_read(lag, T, B):
    batch = recall(lag, T, B, seed=1)
    for t in range(T):
        for b in range(B):
            assert batch.mask[t, b] == (t >= lag)
            assert t < lag or batch.x[t - lag, b, batch.y[t, b]] == 1
    assert (batch.x.sum(axis=-1) == 1).all()


def test_copy_asks_for_the_word_again():
    batch = copy(lag=5, length=3, B=4, seed=2, symbols=6)
    said = batch.x.argmax(axis=-1)
    assert batch.x.shape == (8, 4, 7)
    assert (said[3:] == 6).all() and (said[:3] < 6).all()
    assert (batch.y[5:] == said[:3]).all()
    assert batch.mask.sum(axis=1).tolist() == [0] * 5 + [4] * 3


def test_tasks_come_from_their_seed():
    for task in (lambda seed: recall(2, 20, seed=seed), lambda seed: copy(20, 20, seed=seed)):
        assert (task(1).x == task(1).x).all() and (task(1).x != task(2).x).any()


def test_a_network_learns_to_recall():
    net = RNN.random(4, 16, 4, seed=0)
    history = train(net, recall(1, 30, 8, seed=0), steps=60)
    fresh = recall(1, 30, 8, seed=1)
    right = (history.net.forward(fresh.x).o.argmax(axis=-1) == fresh.y)[fresh.mask].mean()
    assert right > 0.99, right


def test_padding_costs_nothing_and_its_word_is_never_asked_for():
    sentences = ["the wheel turns and turns", "the river runs", "a drop"]
    known, batch = words(sentences)
    assert [known.decode(row[counts]) for row, counts in zip(batch.y.T, batch.mask.T, strict=True)] == [
        f"{one} <eos>" for one in sentences
    ]
    assert not (batch.y[batch.mask] == known.words.index(PAD)).any()
    assert (batch.y[~batch.mask] == known.words.index(PAD)).all()
    assert (batch.x[0].argmax(axis=-1) == known.words.index("<bos>")).all()
    net = RNN.random(len(known), 4, len(known), seed=0)
    alone = [words([one])[1] for one in sentences]
    again = [Words.of(sentences).encode(f"<bos> {one} <eos>") for one in sentences]
    assert [one.T for one in alone] == [len(row) - 1 for row in again] == batch.mask.sum(axis=0).tolist()
    total = sum((len(row) - 1) * gradient(net, np.eye(len(known))[row[:-1]], row[1:]).flat() for row in again) / sum(
        len(row) - 1 for row in again
    )
    assert np.abs(gradient(net, batch.x, batch.y, mask=batch.mask).flat() - total).max() < 1e-14


def test_a_series_asks_for_the_next_value():
    batch = series(np.arange(11.0), B=2)
    assert batch.x.shape == batch.y.shape == (5, 2, 1)
    assert (batch.y == batch.x + 1).all() and batch.x[0, :, 0].tolist() == [0, 5]
    assert series([1.0, 2.0, 5.0], T=1).y.ravel().tolist() == [2.0]


def test_standardised_knows_nothing_of_what_comes_behind():
    values = np.random.default_rng(0).standard_normal(50) * 7 + 3
    known = standardised(values, 30)
    assert abs(known[:30].mean()) < 1e-15 and abs(known[:30].std() - 1) < 1e-15
    assert (standardised([*values[:30], *[1e9] * 20], 30)[:30] == known[:30]).all()


def test_sunspots_are_those_of_the_file():
    path = Path(bpttlib.__file__).parent / "data" / "sunspots.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    years, numbers = sunspots()
    assert years.tolist() == [int(row["year"]) for row in rows] == list(range(1700, 2009))
    assert numbers.tolist() == [float(row["sunspots"]) for row in rows]
    assert dict(zip(years, numbers, strict=True))[1957] == 190.2  # the highest
    assert any("Source: National Geophysical Data Center" in line for line in lines if line.startswith("#"))


# ---- forecasts ----------------------------------------------------------------------------------


def test_an_autoregression_finds_the_rule_that_made_a_series():
    v = [1.0, 0.5, -0.3]
    for _ in range(40):
        v.append(0.2 + 0.5 * v[-1] - 0.4 * v[-2] + 0.3 * v[-3])
    assert np.abs(autoregression(v, 20, 3) - v[20:]).max() < 1e-9


def test_an_autoregression_is_the_least_squares_of_its_normal_equations():
    v = np.random.default_rng(0).standard_normal(30)
    A = np.array([[1, v[t - 1], v[t - 2]] for t in range(2, 20)])
    a = np.linalg.solve(A.T @ A, A.T @ v[2:20])
    wanted = [a[0] + a[1] * v[t - 1] + a[2] * v[t - 2] for t in range(20, 30)]
    assert np.abs(autoregression(v, 20, 2) - wanted).max() < 1e-12


def test_smoothing_is_a_weighted_sum_of_all_before():
    v, alpha = np.random.default_rng(1).standard_normal(12), 0.3
    for place, found in enumerate(smoothing(v, 5, alpha), start=5):
        wanted = sum(alpha * 0.7**k * v[place - 1 - k] for k in range(place - 1)) + 0.7 ** (place - 1) * v[0]
        assert abs(found - wanted) < 1e-14
    assert np.abs(smoothing(v, 5, 1) - persistence(v, 5)).max() == 0


def test_smoothing_finds_its_alpha_on_the_first_values():
    v = np.cumsum(np.random.default_rng(2).standard_normal(60)) + 3 * np.random.default_rng(3).standard_normal(60)
    errors = {}
    for alpha in np.arange(1, 101) / 100:
        errors[alpha] = rms(smoothing(v, 1, alpha)[:39] - v[1:40])
    best = min(errors, key=errors.get)
    assert 0.05 < best < 0.95
    assert np.abs(smoothing(v, 40) - smoothing(v, 40, best)).max() < 1e-12


def wandering(N):
    return np.cumsum(np.random.default_rng(5).standard_normal(N)) + np.random.default_rng(6).standard_normal(N)


def test_holt_is_its_two_lines_in_a_plain_loop():
    v, alpha, beta = wandering(30), 0.4, 0.7
    level, rise, said = v[0], 0.0, []
    for n in range(1, 30):
        said.append(level + rise)
        risen = alpha * v[n] + (1 - alpha) * (level + rise)
        level, rise = risen, beta * (risen - level) + (1 - beta) * rise
    assert np.abs(holt(v, 5, alpha, beta) - said[4:]).max() < 1e-12


def test_holt_finds_alpha_and_beta_on_the_first_values():
    v = wandering(40)
    pairs = [(a / 20, b / 20) for a in range(1, 21) for b in range(1, 21)]
    errors = {pair: rms(holt(v, 1, *pair)[:29] - v[1:30]) for pair in pairs}
    best = min(errors, key=errors.get)
    assert np.abs(holt(v, 30) - holt(v, 30, *best)).max() < 1e-12
    known = {beta: rms(holt(v, 1, 0.5, beta)[:29] - v[1:30]) for _, beta in pairs[:20]}
    assert np.abs(holt(v, 30, alpha=0.5) - holt(v, 30, 0.5, min(known, key=known.get))).max() < 1e-12


@pytest.mark.parametrize("forecast", [persistence, lambda v, n: autoregression(v, n, 2), smoothing, holt])
def test_a_forecast_knows_nothing_of_what_comes(forecast):
    v = np.random.default_rng(4).standard_normal(30)
    whole = forecast(v, 12)
    assert len(whole) == 18
    for n in range(13, 30):
        assert np.abs(forecast([*v[:n], *[99.0] * (30 - n)], 12)[: n - 11] - whole[: n - 11]).max() < 1e-12


# ---- writing ------------------------------------------------------------------------------------


class Even:
    """Dice that fall evenly."""

    def __init__(self, n):
        self.throws = iter((np.arange(n) + 0.5) / n)

    def random(self):
        return next(self.throws)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_drawn_as_often_as_the_softmax_says(temperature):
    o = np.array([1.0, -2.0, 0.3, 2.0])
    even = Even(1000)
    often = np.bincount([drawn(o, temperature, even) for _ in range(1000)], minlength=4) / 1000
    p = np.exp(o / temperature)
    assert np.abs(often - p / p.sum()).max() <= 1.01e-3


def test_cold_is_the_likeliest_and_nothing_overflows():
    o = np.array([1e300, -1e300, 1.0])
    for temperature in (0, 1e-300, 1e-3, 1.0):
        assert drawn(o, temperature, Even(1)) == 0
    even = Even(3)
    assert sorted(drawn(o, 1e305, even) for _ in range(3)) == [0, 1, 2]


def test_the_state_is_carried_from_character_to_character():
    """What is written equals what one long pass over it would have chosen."""
    vocabulary, net = Vocabulary("abcde"), RNN.random(5, 6, 5, seed=3, spectral_radius=1.2)
    text = write(net, vocabulary, "ab", 30, temperature=0)
    o = net.forward(np.eye(5)[vocabulary.encode(text)]).o[:, 0]
    assert text[:2] == "ab" and len(text) == 32
    assert text[2:] == vocabulary.decode(o[1:-1].argmax(axis=-1))


def test_the_same_seed_writes_the_same():
    vocabulary, net = Vocabulary("abcde"), RNN.random(5, 6, 5, seed=3)
    once, again, other = (write(net, vocabulary, "a", 40, seed=seed) for seed in (1, 1, 2))
    assert once == again != other


def test_words_are_written_with_blanks():
    known = Words.of(["a river runs"])
    text = write(RNN.random(len(known), 4, len(known), seed=0), known, "<bos> a", 5)
    assert text.startswith("<bos> a ") and len(text.split()) == 7


# ---- bad input ----------------------------------------------------------------------------------

NET = RNN.random(2, 3, 2, seed=0)
BAD = {
    "T at the lag": (lambda: recall(3, 3), ValueError, "T must be above the lag, 3"),
    "a lag of 0": (lambda: recall(0, 3), ValueError, "lag must be a whole number from 1 on"),
    "half a symbol": (lambda: recall(1, 3, symbols=0.5), TypeError, "symbols must be a whole number"),
    "a lag below the length": (lambda: copy(2, 3), ValueError, "lag must be at least the length, 3, got 2"),
    "no sentences": (lambda: words([]), TypeError, "sentences must be a list of texts"),
    "a sentence alone": (lambda: words("a river"), TypeError, "sentences must be a list of texts"),
    "an empty sentence": (lambda: words(["a", " "]), ValueError, "a sentence is empty"),
    "a strange word": (lambda: Words.of(["a"]).encode("b"), ValueError, "not among the 4 words"),
    "a number too large": (lambda: Words.of(["a"]).decode([4]), ValueError, "numbers must lie in 0 … 3"),
    "a series too short": (lambda: series([1.0]), ValueError, "1 stretches of 1 steps need 2 values, got 1"),
    "NaN in a series": (lambda: series([1.0, np.nan]), ValueError, "values may not hold NaN"),
    "no spread": (lambda: standardised([1.0, 1.0, 2.0], 2), ValueError, "2 values that are all alike"),
    "nothing to forecast": (lambda: persistence([1.0, 2.0], 2), ValueError, "first must leave a value to forecast"),
    "too few to learn from": (lambda: autoregression(np.ones(9), 4, 2), ValueError, "order 2 needs 5 values"),
    "beta of 2": (lambda: holt([1.0, 2.0], 1, 0.5, 2), ValueError, r"beta must lie in \(0, 1\], got 2"),
    "alpha of 0": (lambda: smoothing([1.0, 2.0], 1, 0), ValueError, r"alpha must lie in \(0, 1\]"),
    "an empty start": (lambda: write(NET, Vocabulary("ab"), "", 3), ValueError, "start is empty"),
    "a strange start": (lambda: write(NET, Vocabulary("ab"), "c", 3), ValueError, "not among the 2 characters"),
    "nothing to write": (lambda: write(NET, Vocabulary("ab"), "a", 0), ValueError, "n must be a whole number from 1"),
    "below cold": (lambda: write(NET, Vocabulary("ab"), "a", 3, -1), ValueError, "temperature must be a number from 0"),
    "infinitely hot": (lambda: write(NET, Vocabulary("ab"), "a", 3, np.inf), ValueError, "temperature must be"),
    "another vocabulary": (lambda: write(NET, Vocabulary("abc"), "a", 3), ValueError, "a vocabulary of 3 does not fit"),
}


@within("make, error, words", BAD.values(), ids=BAD)
def test_what_is_refused(make, error, words):
    with pytest.raises(error, match=words):
        make()
