"""What is left of an LSTM's memory n steps later: the product of its forget gates, and what really arrives.

    ∂c_T/∂c_{T-n} = diag(f_T ∘ … ∘ f_{T-n+1})  straight on, and all paths c → h → gates → c besides

The network is as it was drawn, untrained, and reads the story of the river.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .._checks import as_count, as_finite
from ..cell import sigmoid
from ..lstm import LSTM, LSTMTape
from .gates import letters, story

__all__ = ["LEFT", "LONGEST", "UNITS", "constant_length", "left_after", "network", "read", "run"]

UNITS, SEED = 8, 3
LONGEST = 1000  # letters
LEFT = 1e-6  # a millionth
MOST = 30  # of a bias, either way: soon behind it σ(b) is rounded to 0 or 1, and has no logarithm or no length
BLOCK = 50  # letters at a time, the state carried on: products small enough for one core


def run(forget_bias: float, scale: float, T: int) -> dict:
    """Read T letters, and ask at every lag n how much of c_{T-n} is left in c_T.

    scale multiplies W_hx and W_hh: at 0 the gates hear nothing. "left" name → (T+1,), log10 at n = 0 … T: "constant",
    σ(b)^n; "gates", the product of the forget gates; "all", ‖∂c_T/∂c_{T-n}‖ on all paths; the latter two as root
    mean squares over the units. "length" name → the first n at which less than a millionth is left, or None if there
    is none up to T (that of "constant" is known beyond); "gate", σ(b).
    Raises ValueError or TypeError for a bias outside -30 … 30, where rounding makes σ(b) 0 or 1, or T outside 1 … 1000.

    >>> found = run(forget_bias=1.0, scale=0.0, T=50)
    >>> found["length"], round(found["gate"], 2)
    ({'constant': 45, 'gates': 45, 'all': 45}, 0.73)
    """
    on_text = left_after(forget_bias, scale, T)
    left = {"constant": np.arange(T + 1) * np.log10(sigmoid(forget_bias)), **on_text}
    length = {name: first_below(one) for name, one in left.items()} | {"constant": constant_length(forget_bias)}
    shown = {"left": left, "length": length, "gate": float(sigmoid(forget_bias))}
    return shown | {"forget_bias": forget_bias, "scale": scale, "T": T}


def first_below(left: NDArray) -> int | None:
    """The first n at which less than a millionth is left."""
    below = left < np.log10(LEFT)
    return int(below.argmax()) if below.any() else None


def constant_length(forget_bias: float) -> int:
    """The first n with σ(b)^n < 10⁻⁶: the first above ln 10⁻⁶ / ln σ(b). Raises ValueError for a bias as in `run`."""
    return int(np.floor(np.log(LEFT) / np.log(sigmoid(as_forget_bias(forget_bias))))) + 1


@lru_cache(maxsize=256)
def left_after(forget_bias: float, scale: float, T: int, seed: int = SEED) -> dict[str, NDArray]:
    """log10 of what is left at n = 0 … T by the "gates" and on "all" paths, in the network of this seed.

    Errors as in `run`.
    """
    tapes = read(as_forget_bias(forget_bias), scale, T, seed)
    f = np.concatenate([tape.gates["f"][1:, 0] for tape in tapes])
    gates = np.cumsum(np.log(f[::-1]), axis=0)
    return {"gates": np.append(0, rms_of_logs(gates)), "all": np.append(0, on_all_paths(tapes))}


def rms_of_logs(logs: NDArray) -> NDArray:
    """log10 of the root mean square of what has these natural logarithms, (n,h) → (n,)."""
    return (np.logaddexp.reduce(2 * logs, axis=1) - np.log(logs.shape[1])) / (2 * np.log(10))


def on_all_paths(tapes: list[LSTMTape]) -> NDArray:
    """log10 of ‖∂c_T/∂c_{T-n}‖_F / √h for n = 1 … T: the rows of the product that belong to c_T, carried back."""
    h, found, before = UNITS, [], 0.0
    D = np.eye(2 * h)[h:]
    for tape in reversed(tapes):
        products = np.empty((len(tape.x), h, 2 * h))
        for n, J_t in enumerate(jacobians(tape)):
            D = np.dot(D, J_t, products[n])
        found.append(before + np.log10(np.linalg.norm(products[:, :, h:], axis=(1, 2)) / np.sqrt(h)))
        size = np.linalg.norm(D)
        D, before = D / size, before + np.log10(size)  # so that nothing underflows
    return np.concatenate(found)


def jacobians(tape: LSTMTape) -> NDArray:
    """The last J_t of a single sequence first, (T,s,s): at every step each unit vector is carried back by one."""
    s = tape.net.s
    units = np.broadcast_to(np.eye(s), (len(tape.x), s, s))
    return tape.carry(units, slice(1, None))[::-1]


def read(forget_bias: float, scale: float, T: int, seed: int = SEED) -> list[LSTMTape]:
    """The first T letters of the story, block by block."""
    if as_count("T", T) > LONGEST:
        raise ValueError(f"T must lie in 1 … {LONGEST}, got {T}")
    net, x, tapes = network(forget_bias, scale, seed), story(T), []
    for first in range(0, T, BLOCK):
        tapes.append(net.forward(x[first : first + BLOCK], tapes[-1].h[-1] if tapes else None))
    return tapes


def network(forget_bias: float, scale: float, seed: int = SEED) -> LSTM:
    """An LSTM as it is drawn, with its weights multiplied."""
    net = LSTM.random(len(letters()), UNITS, 1, seed, forget_bias)
    return net.with_parameters({**net.parameters, "W_hx": scale * net.W_hx, "W_hh": scale * net.W_hh})


def as_forget_bias(forget_bias: float) -> float:
    if abs(as_finite("forget_bias", forget_bias)) > MOST:
        raise ValueError(f"forget_bias must lie in {-MOST} … {MOST}, got {forget_bias!r}")
    return forget_bias
