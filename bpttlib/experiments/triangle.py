"""Which paths a fixed truncation keeps of a real gradient, and how far off it is then."""

from ..text import TITLE
from ..truncation import Segments, Window
from .reading import STEPS, comparison, reading_of_title

__all__ = ["run"]

FIXED = {"segments": Segments, "window": Window}


def run(tau: int, spectral_radius: float, strategy: str) -> dict:
    """Cut the reading of the title into "segments" or by a "window" of length τ: norms, Ω and error of ∂L/∂W_hh.

    "gradient" and "estimate" are ∂L/∂W_hh in full and as the cut leaves it, (16,16).

    >>> seen = run(tau=5, spectral_radius=0.9, strategy="segments")
    >>> print(seen["Omega"].shape, f"{seen['error']:.0%}")
    (28, 28) 35%
    """
    read, cut = reading_of_title(spectral_radius), FIXED[strategy](tau)
    return {
        "text": TITLE,
        "norms": read.norms,
        "Omega": cut.path_weights(STEPS),
        "gradient": read.full.W_hh,
        "estimate": read.gradient(cut).W_hh,
        "kind": strategy,
        "tau": tau,
        "error": comparison(read, cut).error,
    }
