"""Sunspots: nobody sees a held-out year before it is forecast, and the bars are the errors."""

import numpy as np
import pytest
from reference import assert_close
from stopping import at_an_update, stopped

from bpttlib.experiments import sunspots
from bpttlib.figures.sunspots import NAMES, SunspotsPicture


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(sunspots, "SEEDS", range(3))
    learnt = sunspots.trained
    monkeypatch.setattr(sunspots, "trained", lambda seed: learnt(seed, 5))


def test_years_are_held_out_from_1950_on():
    years, numbers, first = sunspots.split()
    assert years[first] == 1950 and years[first - 1] == 1949 and len(years) == len(numbers) == 309


def test_a_forecast_knows_only_the_years_before(monkeypatch):
    """Change the last year: no forecast of any year changes, for that year was the last to be forecast."""
    years, numbers, first = sunspots.split()
    before = sunspots.others() | {"RNN": sunspots.trained.__wrapped__(0, 3)}
    monkeypatch.setattr(sunspots, "sunspots", lambda: (years, np.append(numbers[:-1], 999.0)))
    after = sunspots.others() | {"RNN": sunspots.trained.__wrapped__(0, 3)}
    for name, forecast in before.items():
        assert (after[name] == forecast).all(), name
    monkeypatch.setattr(sunspots, "sunspots", lambda: (years, np.append(numbers[:first], numbers[first:] + 50)))
    assert_close(sunspots.trained.__wrapped__(0, 3)[0], before["RNN"][0])


def test_a_network_that_is_half_trained_is_not_kept():
    assert stopped(lambda: sunspots.trained(11, 4), 3, at_an_update)
    assert (sunspots.trained(11, 4) == sunspots.trained.__wrapped__(11, 4)).all()


def test_the_numbers_of_the_picture_are_the_errors(few):
    shown = sunspots.run()
    picture = SunspotsPicture().update(**shown)
    assert set(shown["errors"]) == set(NAMES) and len(shown["errors"]["RNN"]) == 3
    for name, forecast in shown["forecasts"].items():
        found = np.sqrt(np.mean((forecast - shown["numbers"]) ** 2))
        assert_close(found, np.median(shown["errors"][name]))
    ends = [segment[1, 0] for segment in picture.lengths.get_segments()]
    assert_close(ends, [np.mean(shown["errors"][name]) for name in NAMES])
    assert f"Least: {min(NAMES, key=lambda name: np.mean(shown['errors'][name]))}." in picture.alt
    assert list(picture.dots.get_xdata()) == shown["errors"]["RNN"]


def test_what_comes_out_without_a_network():
    errors = {name: np.sqrt(np.mean((one - sunspots.split()[1][250:]) ** 2)) for name, one in sunspots.others().items()}
    assert {name: round(error) for name, error in errors.items()} == {
        "persistence": 33,
        "smoothing": 33,
        "AR(2)": 22,
        "AR(9)": 19,
    }
    assert (sunspots.others()["smoothing"] == sunspots.others()["persistence"]).all(), "the best α is 1"
