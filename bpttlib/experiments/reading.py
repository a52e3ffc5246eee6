"""A character network reading a text: what the pages and several experiments share."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from ..bptt import Gradient, differentiate
from ..comparison import Comparison, Tradeoff, compare, pi_for_paths_per_loss, trade_off
from ..paths import lag_norms, mean_by_lag, path_norms
from ..problem import Problem
from ..rnn import RNN
from ..text import TITLE, Vocabulary, next_character
from ..truncation import Full, Strategy

__all__ = ["STEPS", "Reading", "comparison", "reading", "reading_of_title"]

HIDDEN, SEED = 16, 3
STEPS = len(TITLE) - 1  # of the reading of the title


@dataclass(frozen=True)
class Reading:
    """An RNN of 16 tanh units, drawn at random, reading the first T characters and guessing the next.

    text             its characters are the vocabulary
    T                number of steps; all of the text if not given
    spectral_radius  max |λ(W_hh)|, the scale of W_hh
    The loss is cross-entropy and h_0 = 0. Everything is worked out once, when first asked for. Raises
    ValueError for a text shorter than T + 1 characters, or a spectral radius that is not positive.
    """

    text: str = TITLE
    T: int | None = None
    spectral_radius: float = 0.9

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary.of(self.text)

    @cached_property
    def rnn(self) -> RNN:
        size = len(self.vocabulary)
        return RNN.random(size, HIDDEN, size, seed=SEED, spectral_radius=self.spectral_radius)

    @cached_property
    def data(self) -> tuple[NDArray, NDArray]:
        """x (T,1,d) one-hot and y (T,1), the character after."""
        return next_character(self.text, self.T, self.vocabulary)

    @cached_property
    def problem(self) -> Problem:
        return Problem(self.rnn, *self.data)

    @property
    def steps(self) -> int:
        return len(self.data[0])

    @cached_property
    def full(self) -> Gradient:
        return self.gradient()

    @cached_property
    def norms(self) -> NDArray:
        """`path_norms` of this reading, (T,T)."""
        return path_norms(self.rnn, *self.data)

    @cached_property
    def lags(self) -> NDArray:
        """`lag_norms` of this reading, (T,T)."""
        return lag_norms(self.rnn, *self.data)

    @property
    def mean_by_lag(self) -> NDArray:
        """Mean of ‖∂L_s/∂h_{s-k}‖ over the losses that reach back k steps, (T,)."""
        return mean_by_lag(self.lags)

    @cached_property
    def entry(self) -> tuple[int, int]:
        """Where |∂L/∂W_hh| is largest."""
        k, j = np.unravel_index(np.abs(self.full.W_hh).argmax(), self.full.W_hh.shape)
        return int(k), int(j)

    def gradient(self, strategy: Strategy | None = None, seed: int | None = None) -> Gradient:
        return differentiate(self.problem, Full() if strategy is None else strategy, seed)

    def compare(self, strategy: Strategy, seed: int = 0) -> Comparison:
        """The strategy beside the full gradient, for one throw of the dice."""
        return compare(self.problem, [strategy], seed)[0]

    @cached_property
    def trade_off(self) -> dict[str, Tradeoff]:
        """Bias and spread, exact, of every τ, and of dice that keep a tenth of a path more per loss each."""
        return trade_off(self.problem, tenths_of_paths(self.steps))


@lru_cache(maxsize=64)
def tenths_of_paths(T: int) -> tuple[float, ...]:
    """The π of dice that keep 1.1, 1.2 … (T+1)/2 paths per loss."""
    return tuple(pi_for_paths_per_loss(np.arange(11, 5 * (T + 1) + 1) / 10, T).tolist())


@lru_cache(maxsize=64)
def reading(text: str, T: int, spectral_radius: float) -> Reading:
    """A Reading, kept so that a slider that comes back finds it worked out."""
    return Reading(text, T, spectral_radius)


def reading_of_title(spectral_radius: float) -> Reading:
    """The reading of the whole title."""
    return reading(TITLE, STEPS, spectral_radius)


@lru_cache(maxsize=256)
def comparison(read: Reading, strategy: Strategy, seed: int = 0) -> Comparison:
    """Worked out once for each strategy and throw, so that a slider that moves one leaves the others alone."""
    return read.compare(strategy, seed)
