"""Arrows from the origin as polygons: many of them are one artist, and a short one is small all over."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["arrows"]


def arrows(tips: NDArray, width: float, head: float) -> NDArray:
    """Arrows from 0 to each tip (n,2) as polygons (n,7,2), in units of the plane; short ones are smaller all over."""
    length = np.linalg.norm(tips, axis=1)[:, None, None]
    along = tips[:, None] / np.where(length > 0, length, 1)
    across = np.stack([-along[..., 1], along[..., 0]], axis=-1)
    size = np.minimum(1, length / (2 * head))
    shaft, neck, half = size * width / 2, length - size * head, size * head * 0.42
    zero = np.zeros_like(length)
    tip = [(length, zero)]
    upper, lower = ([(zero, side), (neck, side), (neck, wing)] for side, wing in ((shaft, half), (-shaft, -half)))
    return np.concatenate([a * along + s * across for a, s in [*upper, *tip, *lower[::-1]]], axis=1)
