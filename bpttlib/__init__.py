"""Backpropagation through time, unrolled: the small package behind the course."""

from .bptt import Gradient, complex_step, gradient, lag_norms, many_gradients, path_norms, path_shares
from .moments import Moments, moments, scalar_limit, scalar_moments
from .recurrence import closed_form, path_products, solve
from .rnn import RNN, Trace
from .truncation import EdgeWeights, Full, Random, Segments, Strategy, Window

__version__ = "0.1.0"

__all__ = [
    "RNN",
    "Trace",
    "Gradient",
    "gradient",
    "many_gradients",
    "complex_step",
    "lag_norms",
    "path_norms",
    "path_shares",
    "Moments",
    "moments",
    "scalar_limit",
    "scalar_moments",
    "closed_form",
    "path_products",
    "solve",
    "EdgeWeights",
    "Full",
    "Random",
    "Segments",
    "Strategy",
    "Window",
]
