"""The panels of the page on powers."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import ipywidgets as W
import numpy as np

from .. import clipping, longlag, powers
from ..figures.clipping import ClippingPicture
from ..figures.player import write_gif, write_page
from ..figures.powers import PowersPicture
from ..figures.spectrum import SpectrumPicture
from .base import Panel, choice, player, slider, stepper

__all__ = ["PRESETS", "ClippingPanel", "PowersPanel", "SpectrumPanel", "write_powers_gif", "write_powers_player"]

LAST = 40
FAN = np.radians(np.arange(16) * 22.5 + 11.25)
START = np.radians(118.0)  # of the arrow that stands out: 73° from the eigenline

PRESETS = {
    "vanishing": {"first": 0.85, "second": 0.6, "angle": 0, "departure": 0.0},
    "exploding": {"first": 1.2, "second": 0.85, "angle": 0, "departure": 0.0},
    "rotating": {"first": 1.0, "second": 0.6, "angle": 20, "departure": 0.0},
    "reflecting": {"first": -0.95, "second": 0.7, "angle": 0, "departure": 0.0},
    "defective": {"first": 0.95, "second": 0.95, "angle": 0, "departure": 0.3},
    "non-normal": {"first": 0.9, "second": 0.6, "angle": 0, "departure": 3.0},
    "identity": {"first": 1.0, "second": 1.0, "angle": 0, "departure": 0.0},
}


@lru_cache(maxsize=64)
def studied(first: float, second: float, angle: int, departure: float) -> dict:
    """What does not depend on k."""
    real = not angle
    M = powers.from_eigenvalues(first, second, departure) if real else powers.from_pair(first, angle, departure)
    x = np.array([np.cos(START), np.sin(START)])
    path, found = powers.iterate(M, x, LAST), powers.dominant(M)
    fan = powers.iterate(M, np.array([np.cos(FAN), np.sin(FAN)]), LAST)
    return {
        "M": M,
        "values": powers.eigenvalues(M),
        "line": found.vector,
        "second": powers.second_line(M),
        "why": found.why,
        "fan": fan.direction,
        "fan_log": fan.log_norm,
        "path": path.direction,
        "path_log": path.log_norm,
        "sines": None if found.vector is None else powers.sine(path.direction, found.vector),
        "limit": powers.asymptote(M, x, LAST),
        "power_log": powers.log_power_norms(M, LAST),
        "rho": powers.spectral_radius(M),
        "sigma": powers.largest_singular_value(M),
        "departure": powers.departure(M),
        "regime": str(powers.regime(M)),
    }


def powered(k: int, first: float, second: float, angle: int, departure: float, length: str) -> dict:
    """What `PowersPicture` shows in this state."""
    seen = studied(first, second, angle, departure)
    at_k = {"fan": seen["fan"][k], "fan_log": seen["fan_log"][k]}
    return seen | at_k | {"k": k, "true_length": length == "true"}


class PowersPanel(Panel):
    """Play k: a fan of arrows under M, M², M³ …"""

    def __init__(self):
        controls = {
            "k": slider("k  steps back", 6, 0, LAST),
            "first": slider("λ₁  eigenvalue", 0.85, -1.5, 1.5, 0.05),
            "second": slider("λ₂  eigenvalue", 0.6, -1.5, 1.5, 0.05),
            "angle": slider("±θ  makes λ₁ a pair", 0, 0, 180, 5),
            "departure": slider("n  non-normality", 0.0, 0.0, 4.0, 0.1),
            "length": choice("1", ["1", "true"]),
        }
        presets = [W.Button(description=name, layout=W.Layout(width="auto")) for name in PRESETS]
        for button in presets:
            button.on_click(lambda button: self.set(**PRESETS[button.description], k=0))
        rows = [
            ["k", player(controls["k"]), *stepper(controls["k"])],
            [W.Label("start from"), *presets],
            ["first", "second"],
            ["angle", "departure"],
            [W.Label("draw arrows with length"), "length"],
        ]
        super().__init__(controls, powered, PowersPicture, rows)


def drawn(state: dict, ks: range, length: str = "1") -> Iterator[tuple[bytes, str]]:
    """The pictures of one matrix and their words, from one live picture."""
    picture = PowersPicture()
    for k in ks:
        picture.update(**powered(k, **state, length=length))
        yield picture.png(), picture.alt


def write_powers_player(path: str | Path, preset: str = "vanishing", length: str = "1") -> Path:
    """Write the animation of one preset as a web page that plays in any browser, without a kernel."""
    return write_page(path, drawn(PRESETS[preset], range(LAST + 1), length), f"Powers of a matrix: {preset}")


def write_powers_gif(path: str | Path) -> Path:
    """Write a tour of four presets as a GIF."""
    tour = {"vanishing": 20, "rotating": 18, "reflecting": 14, "non-normal": 24}
    frames = [frame for preset, last in tour.items() for frame in drawn(PRESETS[preset], range(last + 1))]
    pauses = [wait for last in tour.values() for wait in [700, *[110] * (last - 1), 900]]
    return write_gif(path, frames, pauses)


class SpectrumPanel(Panel):
    """Real gradients of a random network, linear and tanh, far back."""

    def __init__(self):
        controls = {
            "h": slider("h  hidden units", 50, 2, 100),
            "rho": slider("ρ  scale of W_hh", 0.9, 0.5, 1.5, 0.05),
            "size": slider("s  size of the input", 0.5, 0.0, 5.0, 0.25),
            "real": choice(True, [("real", True), ("a complex pair", False)]),
        }
        rows = [["h", "rho"], ["size"], [W.Label("the largest eigenvalue is"), "real"]]
        super().__init__(controls, longlag.study, SpectrumPicture, rows)


class ClippingPanel(Panel):
    """Set θ: what is left of a gradient, and of training."""

    def __init__(self):
        controls = {
            "theta": slider("θ  longest step", 1.0, 0.1, 3.0, 0.1),
            "rho": slider("ρ  scale of W_hh", 1.2, 0.3, 1.5, 0.05),
        }
        super().__init__(controls, clipping.study, ClippingPicture)
