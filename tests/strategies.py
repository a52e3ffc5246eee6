"""Ready-made problems for the tests, and the hypothesis builders that vary them."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bpttlib import RNN, Full, Problem, Random, Segments, Window

few = settings(max_examples=20)


PHIS = ("tanh", "identity")
LOSSES = ("cross_entropy", "squared")


@dataclass(frozen=True)
class Case:
    """A network W with data: x (T,B,d), y, h0 (B,h), and nothing in it is zero."""

    W: dict[str, NDArray]
    x: NDArray
    y: NDArray
    h0: NDArray
    phi: str
    loss: str

    @property
    def T(self) -> int:
        return self.x.shape[0]

    @property
    def B(self) -> int:
        return self.x.shape[1]

    @cached_property
    def rnn(self) -> RNN:
        return RNN(**self.W, phi=self.phi)

    @cached_property
    def problem(self) -> Problem:
        return Problem(self.rnn, self.x, self.y, self.loss, self.h0)

    def call(self, function, *args, **options):
        """A function of the library on this case."""
        return function(self.rnn, self.x, self.y, *args, loss=self.loss, h0=self.h0, **options)


def make_case(seed=0, T=6, B=2, d=2, h=3, q=3, phi="tanh", loss="cross_entropy", h0=True) -> Case:
    rng = np.random.default_rng(seed)
    shapes = {"W_hx": (h, d), "W_hh": (h, h), "W_qh": (q, h), "b_h": (h,), "b_q": (q,)}
    W = {name: rng.standard_normal(shape) / np.sqrt(shape[-1]) for name, shape in shapes.items()}
    W["W_hh"] *= 0.9 / np.linalg.norm(W["W_hh"], 2)  # so that no case explodes
    x = rng.standard_normal((T, B, d))
    start = rng.standard_normal((B, h))
    y = rng.integers(q, size=(T, B)) if loss == "cross_entropy" else rng.standard_normal((T, B, q))
    return Case(W, x, y, start if h0 else np.zeros((B, h)), phi, loss)


def cases(max_T: int = 7, max_B: int = 3):
    """Cases of any small shape."""
    return st.builds(
        make_case,
        seed=st.integers(0, 10_000),
        T=st.integers(1, max_T),
        B=st.integers(1, max_B),
        d=st.integers(1, 3),
        h=st.integers(1, 4),
        q=st.integers(1, 3),
        phi=st.sampled_from(PHIS),
        loss=st.sampled_from(LOSSES),
    )


def fractions(most: int):
    """Those of -most … most with a denominator up to 9, which `st.fractions` takes eight times as long to find."""
    return st.sampled_from(sorted({Fraction(n, d) for d in range(1, 10) for n in range(-most * d, most * d + 1)}))


taus = st.integers(1, 9)
probabilities = st.floats(0.25, 1)
truncations = st.one_of(
    st.just(Full()), st.builds(Window, taus), st.builds(Segments, taus), st.builds(Random, probabilities)
)
