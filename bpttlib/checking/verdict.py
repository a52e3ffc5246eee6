"""What a judge says: a name, right or wrong, and how well or by how much not."""

from dataclasses import dataclass

__all__ = ["Verdict"]


@dataclass(frozen=True)
class Verdict:
    """What a judge found; `right` says whether the two agree, the text says how well or by how much they do not.

    >>> Verdict("W_hh", False, "wrong · max difference 0.5")
    ✗ W_hh · wrong · max difference 0.5
    """

    name: str
    right: bool
    text: str

    def __repr__(self) -> str:
        return f"{'✓' if self.right else '✗'} {self.name} · {self.text}"
