"""Pictures as cases of a test: those that are drawn from PyTorch's graph are skipped where it is missing."""

from collections.abc import Iterable

import pytest
from optional import installed

FROM_TORCH = {"valve", "retained"}  # their stems


def cases(pictures: Iterable[str | type]) -> list:
    """Stems, or classes of the floors that stand for them, each with the mark of what it needs."""
    return [pytest.param(one, marks=installed if stem(one) in FROM_TORCH else ()) for one in pictures]


def stem(picture: str | type) -> str:
    return picture if isinstance(picture, str) else picture.__module__.rpartition(".")[2]
