"""Named arrays that belong together: the weights of a network, a gradient, a step of training, a variance."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_array

__all__ = ["Parameters"]


class Parameters(Mapping):
    """One array for each name, in a fixed order; read as `p["W_hh"]` or `p.W_hh`.

    They add and subtract entry by entry, and a number multiplies them all, so that a step of gradient descent reads
    as its equation, w - η g. Raises ValueError where names or shapes do not fit.

    >>> w = Parameters(W=[[1.0, 2.0]], b=[3.0])
    >>> g = Parameters(W=[[10.0, 0.0]], b=[20.0])
    >>> (w - 0.1 * g).flat()
    array([0., 2., 1.])
    """

    def __init__(self, **arrays: ArrayLike):
        self._arrays = {name: np.asarray(array) for name, array in arrays.items()}

    def __getitem__(self, name: str) -> NDArray:
        return self._arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def __getattr__(self, name: str) -> NDArray:
        if name.startswith("_") or name not in self._arrays:
            raise AttributeError(f"{type(self).__name__} has no {name!r}")
        return self._arrays[name]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name} {array.shape}' for name, array in self.items())})"

    __hash__ = None
    __eq__ = object.__eq__  # arrays are compared entry by entry, and never by accident

    def flat(self) -> NDArray:
        """All entries one behind another in one vector (n,)."""
        return np.concatenate([array.ravel() for array in self.values()])

    def like(self, flat: ArrayLike) -> "Parameters":
        """The way back: a vector (n,) cut into arrays of these names and shapes."""
        flat = np.asarray(flat)
        flat = as_array("flat", flat, (sum(array.size for array in self.values()),), flat.dtype)
        return self.cut(flat)

    def cut(self, flat: NDArray) -> "Parameters":
        """`like` for a vector that is known to fit: not checked, and the arrays are views of it."""
        pieces, start = {}, 0
        for name, array in self.items():
            pieces[name] = flat[start : start + array.size].reshape(array.shape)
            start += array.size
        return Parameters(**pieces)

    def map(self, function: Callable[..., NDArray], *others: "Parameters") -> "Parameters":
        """The function of each array, and of the arrays of the same name in others."""
        for other in others:
            if not isinstance(other, Parameters) or shapes(other) != shapes(self):
                raise ValueError(f"{other!r} does not fit {self!r}")
        return Parameters(**{name: function(array, *(other[name] for other in others)) for name, array in self.items()})

    def __add__(self, other: "Parameters") -> "Parameters":
        return self.map(np.add, other)

    def __sub__(self, other: "Parameters") -> "Parameters":
        return self.map(np.subtract, other)

    def __mul__(self, number: float) -> "Parameters":
        if not np.isscalar(number):
            return NotImplemented
        return self.map(lambda array: number * array)

    __rmul__ = __mul__

    def __neg__(self) -> "Parameters":
        return -1 * self


def shapes(parameters: Parameters) -> dict[str, tuple]:
    return {name: array.shape for name, array in parameters.items()}
