"""From a text to the arrays that a character network reads.

At step t the network reads character t and is asked for character t+1.
"""

import codecs
import os
import stat
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_count, unmasked

__all__ = ["PARABLE", "TITLE", "Vocabulary", "next_character", "one_hot", "read_text", "river"]

TITLE = "the time machine by h g wells"

PARABLE = """\
A river has no memory, the miller said, it only knows the hill it came from. But the wheel
remembered: every drop that had struck it was still in its turning, the last one strongly,
the one before a little less, and the rain of yesterday hardly at all. Ask the wheel which
drop made it turn, and it must count them back one by one, each through all the turns since.
"""

LIMIT = 1_000_000  # bytes read of a file


@cache
def river() -> str:
    """The story of the miller's river, long enough to be split: what a network learns from, and what it has not seen.

    2 224 characters, over four hundred words of our own; line ends are spaces.

    >>> len(river()), river()[:42]
    (2224, 'The mill stands where the river bends. In ')
    """
    return read_text((files(__package__) / "data" / "river.txt").read_bytes())[0]


def read_text(source: str | Path | bytes) -> tuple[str, str]:
    """Read UTF-8 text from a path, or from the bytes of an upload.

    Returns (text, note): line ends and runs of white space become one space; the note is empty, or says
    that only the first megabyte was taken. A path may begin with ~ or file://, and stand in quotes as Windows
    copies it. Raises ValueError for text that is empty or not UTF-8 (a picture, a zip file) and for what is no
    regular file (a folder, a device, a pipe), OSError for a file that cannot be opened.

    >>> read_text("über\\n  Nacht".encode())
    ('über Nacht', '')
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        data = bytes(source[: LIMIT + 1])
    elif not isinstance(source, (str, os.PathLike)):
        raise TypeError(f"a text comes from a path or from bytes, got {source!r}")
    else:
        data = first_bytes(as_path(source))
    huge = len(data) > LIMIT
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(data[:LIMIT], final=not huge)
    except UnicodeDecodeError as error:
        place = min(len(data), LIMIT) - len(error.object) + error.start  # the decoder drops a byte order mark
        raise ValueError(f"this is not UTF-8 text: byte {place} is 0x{data[place]:02x}") from None
    binary = next((c for c in text if ord(c) < 32 and c not in "\t\n\v\f\r"), None)
    if binary is not None:
        raise ValueError(f"this is not a text but binary data: it holds the control character {ascii(binary)}")
    text = " ".join(text.split())
    if not text:
        raise ValueError("the text is empty")
    return text, f"only the first {LIMIT // 1_000_000} MB of the file was taken" if huge else ""


def as_path(source: str | os.PathLike) -> Path:
    """The path that was meant: without blanks and quotes round it, from a file:// address, with ~ for one's home.

    >>> as_path(' "some file.txt" ').name, as_path("file:///some%20file.txt").name
    ('some file.txt', 'some file.txt')
    """
    if isinstance(source, str):
        source = source.strip().strip("\"'").strip()
        if source.lower().startswith("file://"):
            source = url2pathname(urlsplit(source).path)
    return Path(source).expanduser()


def first_bytes(path: Path) -> bytes:
    """Up to a megabyte and one byte of a regular file: to open a pipe would wait for ever."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise ValueError(f"{path} is no regular file")
    with open(path, "rb") as file:
        return file.read(LIMIT + 1)


@dataclass(frozen=True)
class Vocabulary:
    """The characters a network knows, in a fixed order; a character's number is its place.

    >>> letters = Vocabulary.of("banana")
    >>> letters, letters.encode("nab")
    (Vocabulary(characters='abn'), array([2, 0, 1]))
    >>> letters.decode([1, 0, 2])
    'ban'
    """

    characters: str

    @classmethod
    def of(cls, text: str) -> "Vocabulary":
        """Every character of the text, sorted. Raises ValueError for an empty text."""
        if not text:
            raise ValueError("the text is empty")
        return cls("".join(sorted(set(text))))

    def __len__(self) -> int:
        return len(self.characters)

    def encode(self, text: str) -> NDArray:
        """Characters to numbers, (len(text),). Raises ValueError naming the characters it does not know."""
        unknown = sorted(set(text) - set(self.characters))
        if unknown:
            shown = " ".join(repr(c) for c in unknown[:5]) + (" …" if len(unknown) > 5 else "")
            raise ValueError(f"not among the {len(self)} characters of the vocabulary: {shown}")
        place = {c: n for n, c in enumerate(self.characters)}
        return np.array([place[c] for c in text], dtype=int)

    def decode(self, numbers: ArrayLike) -> str:
        """Numbers to characters. Raises ValueError for a number outside the vocabulary."""
        numbers = unmasked("numbers", numbers)
        if numbers.size and numbers.dtype.kind not in "iu":
            raise TypeError(f"decode needs whole numbers, got dtype {numbers.dtype}")
        if numbers.ndim != 1:
            raise ValueError(f"numbers must have shape (T,), got {numbers.shape}")
        if numbers.size and not (0 <= numbers.min() and numbers.max() < len(self)):
            raise ValueError(f"numbers must lie in 0 … {len(self) - 1}, got {numbers.min()} … {numbers.max()}")
        return "".join(self.characters[n] for n in numbers)


def one_hot(numbers: ArrayLike, size: int) -> NDArray:
    """A 1 in the place of each number: (T,) or (T,B) becomes (T,size) or (T,B,size).

    >>> one_hot([2, 0], 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    numbers = unmasked("numbers", numbers)
    if numbers.dtype.kind not in "iu":
        raise TypeError(f"one_hot needs whole numbers, got dtype {numbers.dtype}")
    if numbers.size and not (0 <= numbers.min() and numbers.max() < as_count("size", size)):
        raise ValueError(f"numbers must lie in 0 … {size - 1}, got {numbers.min()} … {numbers.max()}")
    return np.eye(size)[numbers]


def next_character(text: str, T: int | None = None, vocabulary: Vocabulary | None = None) -> tuple[NDArray, NDArray]:
    """The first T steps of a text as input and target: x (T,1,d) one-hot, y (T,1) the character after.

    T defaults to len(text) - 1. Raises ValueError for a text too short, or a character not in the vocabulary.

    >>> x, y = next_character("banana")
    >>> x.shape, y[:, 0]  # b is followed by a, a by n …
    ((5, 1, 3), array([0, 2, 0, 2, 0]))
    """
    T = len(text) - 1 if T is None else as_count("T", T)
    if T < 1 or len(text) < T + 1:
        raise ValueError(f"{max(T, 1)} steps need {max(T, 1) + 1} characters, the text has {len(text)}")
    vocabulary = Vocabulary.of(text) if vocabulary is None else vocabulary
    numbers = vocabulary.encode(text[: T + 1])[:, None]
    return one_hot(numbers[:-1], len(vocabulary)), numbers[1:]
