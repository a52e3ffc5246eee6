"""The animation of the heart, drawn ahead as a GIF: τ through the puzzle, then the mean of more and more throws."""

from collections.abc import Iterator
from pathlib import Path

from ..experiments.truncation import run
from ..text import TITLE
from .player import write_gif
from .truncation import TruncationPicture

__all__ = ["write_truncation_gif"]

TAUS = [3, 4, 5, 6, 5, 6, 7, 8, 7, 6, 5]
THROWS = [2, 3, 4, 5, 7, 10, 14, 20, 30, 50, 80, 130, 220, 400, 800, 2000]
STILL = {"text": TITLE, "T": len(TITLE) - 1, "spectral_radius": 0.9, "pi": 0.8}
PAUSE = {"tau": 900, "throws": 450, "end": 3000}  # ms


def write_truncation_gif(path: str | Path) -> Path:
    """Write the animation: first τ is dragged to and fro, then the dice are thrown, up to 2000 times."""
    pauses = [PAUSE["tau"]] * len(TAUS) + [PAUSE["throws"]] * (len(THROWS) - 1) + [PAUSE["end"]]
    return write_gif(path, frames(), pauses)


def frames() -> Iterator[tuple[bytes, str]]:
    """The pictures and their words, from one live picture."""
    picture = TruncationPicture()
    states = [{"tau": tau, "throws": 1} for tau in TAUS] + [{"tau": TAUS[-1], "throws": n} for n in THROWS]
    for state in states:
        picture.update(**run(**STILL, **state))
        yield picture.png(), picture.alt
