"""The tape: what a forward pass leaves behind, and all that a sweep may ask of it.

A sweep knows no cell. It starts with what the losses send to the states (`inject`), takes it from state to state
(`carry`), and hands what has come together back to be turned into gradients of the parameters (`collect`).
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ._checks import as_count
from .parameters import Parameters

__all__ = ["Tape", "rows"]


def rows(a: NDArray) -> NDArray:
    """(…,n) as (N,n): all steps and sequences below each other in one matrix."""
    return a.reshape(-1, a.shape[-1])


class Tape(ABC):
    """A forward pass over T steps of B sequences, with a state of size s and m pre-activations u.

    What has a row for each state has T+1 of them: row t belongs to h_t, row 0 to h_0. What has a row for each
    step has T: row t-1 belongs to step t.

    x (T,B,d)    h (T+1,B,s), h[t] = h_t    o (T,B,q), o[t-1] = o_t

    >>> from bpttlib import RNN
    >>> tape = RNN([[1.0]], [[0.5]], [[2.0]], phi="identity").forward([[1.0], [0.0]])
    >>> tape.inject(np.array([[[1.0]], [[3.0]]])).ravel(), tape.carry(np.array([[6.0]]), t=2)
    (array([0., 2., 6.]), array([[3.]]))
    """

    x: NDArray
    h: NDArray
    o: NDArray

    @abstractmethod
    def inject(self, dL_do: NDArray) -> NDArray:
        """What each loss sends to its own state, (T+1,B,s): row t is (∂o_t/∂h_t)ᵀ ∂L/∂o_t, and row 0 is 0."""

    @abstractmethod
    def carry(self, delta: NDArray, t: int | slice) -> NDArray:
        """J_tᵀ δ: what δ at h_t is worth at h_{t-1}; δ (…,B,s), or with a slice of steps (n,B,s), each by its own J."""

    @abstractmethod
    def to_u(self, delta: NDArray, t: int | slice) -> NDArray:
        """What δ at h_t is worth at the pre-activations u_t, (…,B,m)."""

    def to_W_hh(self, delta: NDArray, t: int | slice) -> NDArray:
        """What δ at h_t is worth at W_hh `hidden`[t-1], (…,B,rows of W_hh): at u_t, unless a cell says otherwise."""
        return self.to_u(delta, t)

    @property
    def hidden(self) -> NDArray:
        """What W_hh multiplies and the read-out reads, (T+1,B,h): the state, or that part of it."""
        return self.h

    @property
    def gates(self) -> Mapping[str, NDArray]:
        """The gates by name, each (T+1,B,h), row t at step t; row 0 means nothing."""
        return {}

    def jacobian(self, t: int) -> NDArray:
        """J_t (B,s,s) with J[b, k, l] = ∂state_t[k]/∂state_{t-1}[l], from `carry` with unit vectors.

        Raises ValueError or TypeError unless t is one of the steps 1 … T.

        >>> from bpttlib import RNN
        >>> RNN([[1.0]], [[0.5]], [[2.0]], phi="identity").forward([[1.0], [0.0]]).jacobian(2)
        array([[[0.5]]])
        """
        _, B, s = self.h.shape
        if as_count("t", t) >= len(self.h):
            raise ValueError(f"t must be one of the steps 1 … {len(self.h) - 1}, got {t}")
        units = np.broadcast_to(np.eye(s)[:, None], (s, B, s))  # row k of J_t is J_tᵀ times the k-th unit vector
        return self.carry(units, t).swapaxes(0, 1)

    @abstractmethod
    def met(self, t: int) -> NDArray:
        """What the recurrent weights multiply at step t to make u_t: x_t, h_{t-1} and 1, (B,m')."""

    @abstractmethod
    def named(self, recurrent: NDArray) -> Parameters:
        """Sort (m,m'), an entry for each u and each thing it met, into the parameters; those of the read-out are 0."""

    @abstractmethod
    def collect(self, dL_do: NDArray, delta: NDArray) -> Parameters:
        """Sum over steps and sequences: every shared weight gathers a term from each. δ (…,T+1,B,s)."""

    @abstractmethod
    def side_by_side(self, n: int) -> "Tape":
        """The same pass n times over as one batch of n·B sequences, so that one sweep does the work of n."""
