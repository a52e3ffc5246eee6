"""Backpropagation through time, unrolled: the small package behind the course."""

from .batches import Batch, blocks, windows
from .bptt import Gradient, gradient, many_gradients
from .checkpoints import SummedGradient, checkpointed_gradient, gradient_of_blocks
from .forward_mode import forward_gradient, forward_terms, rank_one_draws, rank_one_gradient, rank_one_moments
from .generation import write
from .gru import GRU
from .leaky import Leaky
from .lstm import LSTM
from .minimal import MinimalGRU
from .moments import Moments, moments, scalar_limit, scalar_moments
from .numerical import complex_step
from .optimizers import SGD, Adam, inverse_root
from .parameters import Parameters
from .paths import lag_norms, lag_shares, path_norms, path_shares
from .problem import Problem
from .recurrence import closed_form, path_products, solve
from .rnn import RNN, Trace
from .scan import scan, scan_matrices, scanned_gradient
from .tape import Tape
from .training import History, Learner, train
from .truncation import EdgeWeights, Full, Random, Segments, Strategy, Window

__version__ = "0.1.0"

__all__ = [
    "RNN",
    "LSTM",
    "GRU",
    "Leaky",
    "MinimalGRU",
    "Trace",
    "Tape",
    "Parameters",
    "Problem",
    "Gradient",
    "gradient",
    "many_gradients",
    "complex_step",
    "lag_norms",
    "lag_shares",
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
    "Batch",
    "blocks",
    "windows",
    "SGD",
    "Adam",
    "inverse_root",
    "History",
    "Learner",
    "train",
    "write",
    "forward_gradient",
    "forward_terms",
    "rank_one_draws",
    "rank_one_gradient",
    "rank_one_moments",
    "scan",
    "scan_matrices",
    "scanned_gradient",
    "SummedGradient",
    "checkpointed_gradient",
    "gradient_of_blocks",
]
