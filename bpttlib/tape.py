"""The tape: what a forward pass leaves behind, and all that a sweep may ask of it.

A sweep knows no cell. It starts with what the losses send to the states (`inject`), takes it from state to state
(`carry`), and hands what has come together back to be turned into gradients of the parameters (`collect`).
"""

from abc import ABC, abstractmethod

from numpy.typing import NDArray

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

    >>> import numpy as np
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
