"""Pictures as cases of a test, and one of each kind that many tests set: it is kept alive, as a panel keeps it."""

from collections.abc import Iterable
from functools import cache

import pytest
from optional import installed

from bpttlib.figures.live import Picture

FROM_TORCH = {"valve", "retained"}  # their stems


def cases(pictures: Iterable[str | type]) -> list:
    """Stems, or classes of the floors that stand for them; what is drawn from PyTorch's graph is skipped without it."""
    return [pytest.param(one, marks=installed if stem(one) in FROM_TORCH else ()) for one in pictures]


def stem(picture: str | type) -> str:
    return picture if isinstance(picture, str) else picture.__module__.rpartition(".")[2]


@cache
def live(kind: type[Picture]) -> Picture:
    """The picture of this kind, to be updated: it takes ten times as long to build one."""
    return kind()
