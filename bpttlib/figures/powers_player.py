"""The animation of the page on powers, drawn ahead: a page for any browser, and a GIF."""

from collections.abc import Iterator
from pathlib import Path

from ..experiments.powers import LAST, PRESETS, run
from .player import write_gif, write_page
from .powers import PowersPicture

__all__ = ["frames", "write_powers_gif", "write_powers_player"]

TITLE = "Powers of a matrix: {}"
TOUR = {"vanishing": 20, "rotating": 18, "reflecting": 14, "non-normal": 24}  # preset → its last k


def write_powers_player(path: str | Path, preset: str = "vanishing", true_length: bool = False) -> Path:
    """Write the animation of one preset as a web page that plays in any browser, without a kernel."""
    return write_page(path, frames(preset, LAST, true_length), TITLE.format(preset))


def write_powers_gif(path: str | Path) -> Path:
    """Write a tour of four presets as a GIF."""
    pictures = [frame for preset, last in TOUR.items() for frame in frames(preset, last)]
    pauses = [wait for last in TOUR.values() for wait in [700, *[110] * (last - 1), 900]]
    return write_gif(path, pictures, pauses)


def frames(preset: str, last: int, true_length: bool = False) -> Iterator[tuple[bytes, str]]:
    """The pictures of one preset for k = 0 … last and their words, from one live picture."""
    picture = PowersPicture()
    for k in range(last + 1):
        picture.update(**run(k, **PRESETS[preset], true_length=true_length))
        yield picture.png(), picture.alt
