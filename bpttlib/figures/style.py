"""The look of the course: one palette with fixed roles, one type size that a projector can carry."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager

from ..notation import A, B, C

# Okabe & Ito, colour-blind safe; the roles never change between pages
FULL = "#000000"
FIXED = "#56B4E9"  # truncation at a fixed place: Segments solid, Window dashed
RANDOM = "#CC79A7"
INK = "#222222"
QUIET = "#595959"  # second-rank text: 7 : 1 on white
GREY = "#9A9A9A"  # what is there for comparison
PALE = "#E6E6E6"
BEYOND = "#F0F0F0"  # ground for what is left out, or too dear

COLOUR = {"full": FULL, "segments": FIXED, "window": FIXED, "random": RANDOM}
DASH = {"full": "-", "segments": "-", "window": (0, (3, 1.5)), "random": "-"}
MAGNITUDE = "viridis"
SIZES = "viridis_r"  # on white ground: the larger, the darker
SIGNED = "RdBu_r"

SMALL, NORMAL, LARGE = 10, 11, 13  # points, as on the page

RC = {
    "font.family": "DejaVu Sans",
    "font.size": NORMAL,
    "mathtext.fontset": "dejavusans",
    "text.color": INK,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.titlesize": NORMAL,
    "axes.titlelocation": "left",
    "axes.titley": 1.0,  # or it is looked for at every drawing, among the labels of all ticks
    "axes.labelsize": SMALL,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "legend.frameon": False,
    "legend.fontsize": SMALL,
    "lines.linewidth": 2,
    "hatch.linewidth": 0.6,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
}


@cache
def letters() -> list[str]:
    """Fonts for the characters of a text: a fixed-width one, then whatever is installed for other scripts."""
    wanted = ["Noto Sans Mono CJK SC", "Noto Sans CJK SC", "Noto Sans CJK JP", "PingFang SC", "Hiragino Sans GB"]
    wanted += ["Microsoft YaHei", "SimHei", "WenQuanYi Micro Hei", "Noto Sans", "Arial Unicode MS"]
    installed = set(font_manager.get_font_names())
    return ["DejaVu Sans Mono", *(name for name in wanted if name in installed)]


@cache
def visible(character: str) -> str:
    """A space as a middle dot so that it can be seen, and a box for what no installed font can draw."""
    if character.isspace():
        return "·"
    fonts = (font_manager.get_font(font_manager.findfont(name)) for name in letters())
    return character if any(font.get_char_index(ord(character)) for font in fonts) else "□"


def tint(colour: str, strength: float) -> tuple:
    """The colour mixed with white: like transparency, but the same over everything."""
    return tuple(1 - strength * (1 - np.array(mpl.colors.to_rgb(colour))))


def palette(*colours: str) -> list[int]:
    """256 colours for a picture: greys, every role in 14 strengths, and 128 steps shared by its colour maps."""
    greys = np.append(np.linspace(0, 0.94, 43), 1)[:, None] * np.ones(3)  # nothing near white but white
    roles = [tint(c, s) for c in (A, B, C, FIXED, RANDOM, INK) for s in np.linspace(1, 0.15, 14)]
    each = 128 // len(colours)
    each -= 1 - each % 2  # an odd number, so that the middle of a map is among them
    steps = [mpl.colormaps[name](np.linspace(0, 1, each))[:, :3] for name in colours]
    rest = np.ones((128 - each * len(colours), 3))
    return np.round(255 * np.concatenate([greys, roles, *steps, rest])).astype(int).ravel().tolist()


PROGRAM = (
    "backend",
    "date.epoch",
    "docstring",
    "figure.max",
    "figure.raise",
    "interactive",
    "timezone",
    "tk",
    "toolbar",
)


@cache
def settings() -> dict:
    """Matplotlib's own defaults for all that has to do with looks, and ours over them, checked once."""
    defaults = {name: value for name, value in mpl.rcParamsDefault.items() if not name.startswith(PROGRAM)}
    return dict(dict.items(mpl.RcParams(defaults | RC)))


@contextmanager
def style() -> Iterator[None]:
    """The style as a context: `with style(): …`; whatever was set before, and it changes nothing outside.

    Like `matplotlib.rc_context`, which would check three hundred settings anew every time (1 ms).
    """
    before = dict(dict.items(mpl.rcParams))
    dict.update(mpl.rcParams, settings())
    try:
        yield
    finally:
        dict.update(mpl.rcParams, before)
