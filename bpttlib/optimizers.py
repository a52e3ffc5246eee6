"""Optimizers: how the parameters follow a gradient.

Each keeps what it must remember in a memory that it hands back, and changes nothing in place, so that a step can be
made, looked at and forgotten. The equations stand in `move`, where w and g are all parameters in one vector (n,).
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._checks import as_positive, is_number
from .parameters import Parameters

__all__ = ["SGD", "Adam", "InverseRoot", "Memory", "Optimizer", "inverse_root"]

Rate = float | Callable[[int], float]


class Memory(NamedTuple):
    """What an optimizer remembers: how many steps it has made, and running means m and v as vectors (n,)."""

    steps: int = 0
    m: NDArray | float = 0.0
    v: NDArray | float = 0.0


@dataclass(frozen=True)
class InverseRoot:
    """A rate that falls: η_n = η/√n at step n = 1, 2 …"""

    rate: float

    def __post_init__(self):
        as_positive("rate", self.rate)

    def __call__(self, n: int) -> float:
        return self.rate / math.sqrt(n)


def inverse_root(rate: float) -> InverseRoot:
    """The schedule η/√(1+t), with t = n-1 steps behind: it adds up to infinity, and steps die out nevertheless.

    Raises ValueError unless rate is positive. Source: Robbins & Monro 1951 for why a rate should fall.

    >>> schedule = inverse_root(0.3)
    >>> schedule(1), round(schedule(9), 6)
    (0.3, 0.1)
    """
    return InverseRoot(rate)


class Optimizer(ABC):
    """What all optimizers share: a rate η, a number or a function of the step n = 1, 2 …, and steps."""

    rate: Rate

    def __post_init__(self):
        if not callable(self.rate):
            as_positive("rate", self.rate)

    def start(self, parameters: Parameters) -> Memory:
        """The memory before the first step."""
        return Memory()

    def step(self, parameters: Parameters, gradient: Parameters, memory: Memory) -> tuple[Parameters, Memory]:
        """One step down the gradient: the new parameters, and the memory for the next step."""
        w, memory = self.move(parameters.flat(), parameters.map(lambda _, g: g, gradient).flat(), memory)
        return parameters.cut(w), memory

    @abstractmethod
    def move(self, w: NDArray, g: NDArray, memory: Memory) -> tuple[NDArray, Memory]:
        """`step` on vectors (n,)."""

    def rate_at(self, n: int) -> float:
        """η_n. Raises ValueError where a schedule gives no positive number."""
        return as_positive("rate", self.rate(n)) if callable(self.rate) else self.rate


@dataclass(frozen=True)
class SGD(Optimizer):
    """Go down the gradient, with a running sum of the gradients before if there is a momentum.

        m ← μ m + g        w ← w - η m

    rate η, momentum μ. Raises ValueError unless rate > 0 and 0 ≤ momentum < 1.
    Source: Polyak 1964; torch.optim.SGD makes the same steps.

    >>> w, g, sgd = Parameters(W=[1.0]), Parameters(W=[2.0]), SGD(0.1, momentum=0.5)
    >>> w, memory = sgd.step(w, g, sgd.start(w))
    >>> w.W, sgd.step(w, g, memory)[0].W
    (array([0.8]), array([0.5]))
    """

    rate: Rate
    momentum: float = 0.0

    def __post_init__(self):
        super().__post_init__()
        as_share("momentum", self.momentum)

    def move(self, w: NDArray, g: NDArray, memory: Memory) -> tuple[NDArray, Memory]:
        n = memory.steps + 1
        m = self.momentum * memory.m + g if self.momentum else g
        return w - self.rate_at(n) * m, Memory(n, m)


@dataclass(frozen=True)
class Adam(Optimizer):
    """Divide a running mean of the gradient by the root of a running mean of its square, entry by entry.

        m ← β1 m + (1-β1) g      v ← β2 v + (1-β2) g²      w ← w - η m̂/(√v̂ + ε)

    with m̂ = m/(1-β1ⁿ) and v̂ = v/(1-β2ⁿ), for both began at 0. Raises ValueError unless rate > 0, epsilon > 0 and
    0 ≤ beta < 1. Source: Kingma & Ba 2015; torch.optim.Adam makes the same steps.

    >>> w, g, adam = Parameters(W=[1.0, 1.0]), Parameters(W=[100.0, -0.01]), Adam(0.1)
    >>> w, memory = adam.step(w, g, adam.start(w))
    >>> w.W.round(6), memory.steps  # at first every entry moves by η, however large its gradient is
    (array([0.9, 1.1]), 1)
    """

    rate: Rate = 0.01
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def __post_init__(self):
        super().__post_init__()
        as_share("beta1", self.beta1)
        as_share("beta2", self.beta2)
        as_positive("epsilon", self.epsilon)

    def move(self, w: NDArray, g: NDArray, memory: Memory) -> tuple[NDArray, Memory]:
        n = memory.steps + 1
        m = self.beta1 * memory.m + (1 - self.beta1) * g
        v = self.beta2 * memory.v + (1 - self.beta2) * g**2
        m_hat, v_hat = m / (1 - self.beta1**n), v / (1 - self.beta2**n)
        return w - self.rate_at(n) * m_hat / (np.sqrt(v_hat) + self.epsilon), Memory(n, m, v)


def as_share(name: str, value: float) -> float:
    """A number from 0 on and below 1."""
    if not is_number(value) or not 0 <= value < 1:
        raise ValueError(f"{name} must lie in [0, 1), got {value!r}")
    return value
