"""Tables that take minutes to make and are kept in data/: remarks behind #, the names of the columns, a line each."""

import csv
import sys
from collections.abc import Callable, Iterable
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import chain
from pathlib import Path

__all__ = ["from_shell", "kept_in", "read", "write"]


def kept_in(name: str) -> Traversable:
    """The file of this name among the data of the package.

    >>> kept_in("scan.csv").is_file()
    True
    """
    return files("bpttlib") / "data" / name


def read(file: Traversable) -> list[dict[str, str]]:
    """Every line, as column → what stands there.

    >>> read(kept_in("scan.csv"))[0]["c"]
    'diagonal'
    """
    with file.open(encoding="utf-8") as table:
        return list(csv.DictReader(line for line in table if not line.startswith("#")))


def write(file: Path, head: str, lines: Iterable[str]) -> None:
    """Write the head and each line as it comes; who stops it finds the old table as it was."""
    begun = file.with_suffix(".part")
    with begun.open("w", encoding="utf-8") as table:
        for line in chain([head], lines):
            print(line, file=table, flush=True)
    begun.replace(file)


def from_shell(make: Callable[[Path, Callable[[Iterable], Iterable]], None], file: Traversable) -> None:
    """Make a table anew, with a bar of what is done: where the command says, or in its own place."""
    from tqdm import tqdm

    make(Path(sys.argv[1] if sys.argv[1:] else str(file)), tqdm)
