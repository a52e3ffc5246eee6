"""Whether the words of a picture can be read: none is cut by its edge, covered by what is drawn later, or by others."""

from collections.abc import Iterable, Iterator
from itertools import combinations

import numpy as np
from matplotlib.axis import Axis, Tick
from matplotlib.text import Text

from bpttlib.figures.live import Picture
from bpttlib.figures.style import style

INKED, COVERED = 235, 60  # alpha that is a letter's own colour, and how far from that colour is another, of 255
CLEAR = (255, 255, 255, 0)  # what a canvas has where nothing is drawn
SHARE = 0.04  # of a text's ink may lie under a thin line
TOUCHING = 2  # pixels that the boxes of two texts may share


def faults(picture: Picture) -> list[str]:
    """What a reader could not read of the picture as it stands, one line each."""
    picture.png()
    ground = np.asarray(picture.canvas.buffer_rgba())
    whole, found, boxes = ground.copy(), [], []
    with style():
        for text in shown(picture):
            rows, columns, inside = place(picture, text)
            if not inside:
                found.append(f"{text.get_text()!r} is cut by the edge")
            ground[rows, columns] = CLEAR
            text.draw(picture.canvas.renderer)
            alone = ground[rows, columns].astype(int)
            ink = alone[..., 3] >= INKED
            if not ink.any():
                continue
            apart = np.abs(whole[rows, columns, :3][ink] - alone[..., :3][ink]).max(axis=-1)
            if (apart > COVERED).mean() > SHARE:
                found.append(f"{text.get_text()!r} is covered")
            boxes.append((text.get_text(), box(ink, rows.start, columns.start)))
    crossed = [(one, other) for (one, a), (other, b) in combinations(boxes, 2) if shared(a, b)]
    return found + [f"{one!r} and {other!r} overlap" for one, other in crossed]


def shown(picture: Picture) -> Iterator[Text]:
    """Every text that is drawn: of the labels that an axis keeps, those of its ticks."""
    axes = picture.figure.findobj(Axis)
    kept = labels(tick for axis in axes for tick in (*axis.majorTicks, *axis.minorTicks))
    here = labels(tick for axis in axes if axis.axes.axison and axis.get_visible() for tick in axis._update_ticks())
    for text in picture.figure.findobj(Text):
        if text.get_text().strip() and text.get_visible() and id(text) not in kept - here:
            yield text


def labels(ticks: Iterable[Tick]) -> set[int]:
    return {id(label) for tick in ticks for label in (tick.label1, tick.label2)}


def place(picture: Picture, text: Text) -> tuple[slice, slice, bool]:
    """Rows and columns of the pixels around the text, and whether the picture holds it whole."""
    width, height = picture.canvas.get_width_height()
    extent = text.get_window_extent()
    (left, bottom), (right, top) = np.round(extent.get_points()).astype(int)
    inside = left >= 0 and bottom >= 0 and right <= width and top <= height
    rows, columns = slice(max(0, height - top - 3), height - bottom + 3), slice(max(0, left - 3), right + 3)
    return rows, columns, bool(inside)


def box(ink: np.ndarray, top: int, left: int) -> tuple[int, int, int, int]:
    """Left, right, top and bottom of the ink."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return left + columns[0], left + columns[-1], top + rows[0], top + rows[-1]


def shared(a: tuple, b: tuple) -> bool:
    wide, high = min(a[1], b[1]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[2], b[2])
    return min(wide, high) > TOUCHING
