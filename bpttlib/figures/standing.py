"""What stands still in a picture, kept as pixels: most of it is white ground, which takes no room."""

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from numpy.typing import NDArray

__all__ = ["Standing"]

WHITE = 0xFFFFFFFF
PIECE = 32  # pixels beside each other


class Standing:
    """The pixels of a canvas as they are now: a tenth of the room of them all, and laid back in the same time."""

    def __init__(self, canvas: FigureCanvasAgg):
        pieces, self.rest = in_pieces(canvas)
        self.places = np.flatnonzero((pieces != WHITE).any(axis=1))
        self.pieces, self.rest = pieces[self.places], self.rest.copy()

    def lay_on(self, canvas: FigureCanvasAgg) -> None:
        """Have the canvas show them, and nothing else."""
        pieces, rest = in_pieces(canvas)
        pieces.fill(WHITE)
        pieces[self.places], rest[:] = self.pieces, self.rest


def in_pieces(canvas: FigureCanvasAgg) -> tuple[NDArray, NDArray]:
    """The pixels themselves as (n, 32), to be read and written, and the few that are left over."""
    pixels = np.frombuffer(canvas.buffer_rgba(), np.uint32)
    whole = pixels.size // PIECE * PIECE
    return pixels[:whole].reshape(-1, PIECE), pixels[whole:]
