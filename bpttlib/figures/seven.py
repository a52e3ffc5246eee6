"""Seven ways to one gradient as a table: what each takes, how far off it is; the best of every column marked."""

from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from ..experiments.seven import COLUMNS, ORDER, Way
from .live import Picture
from .numbers import number
from .style import GREY, INK, NORMAL, QUIET, SMALL, tint

__all__ = ["SevenPicture"]

TOP, STEP = 2.83, 0.39  # inches: the first row, and from row to row
PLACES = dict(zip(COLUMNS, (2.95, 4.65, 6.0, 7.25, 8.6), strict=True))  # the middles of the columns
HALF = 0.56  # of a mark
BEST = tint(INK, 0.17)

WORDS = {
    "full": "full, one sweep",
    "checkpointed": "full, checkpoints",
    "forward": "forward (RTRL)",
    "rank one": "forward, rank one",
    "segments": "segments, τ = 5",
    "window": "window, τ = 5",
    "random": "dice, π = 0.8",
    "heads": {
        "products": "multiplications\nfull = 1",
        "numbers": "numbers held\nfor T = {T}",
        "bias": "bias\nof ∂L/∂W_hh",
        "spread": "spread\nof ∂L/∂W_hh",
        "update": "first update\nafter step",
    },
    "grows": {"full": " (like T)", "checkpointed": " (like √T)"},
    "sampled": "{} ± {:.0f}",
    "nothing": "0",
    "mean": "{:.0f} on average",
    "note": "Grey: the best of its column.",
    "one": "{name}: multiplications {products}, numbers {numbers}, bias {bias}, spread {spread}, update after {update}",
    "said": "Nobody is best everywhere. {ways}.",
}


class SevenPicture(Picture):
    """A row for each way, a column for each question; where nobody is better the cell is grey and bold."""

    inches = (9.6, 3.75)

    def build(self) -> None:
        self.place = {"transform": self.figure.dpi_scale_trans}
        self.names = {name: self._name(name, TOP - n * STEP) for n, name in enumerate(ORDER)}
        self.cells = {(name, one): self._cell(self.names[name], x) for name in ORDER for one, x in PLACES.items()}
        heads = {"fontsize": SMALL, "color": QUIET, "ha": "center", "va": "center", **self.place}
        self.heads = {one: self.words(x, 3.4, self.figure, **heads) for one, x in PLACES.items()}
        self.figure.add_artist(Line2D([0.15, 9.45], [3.1, 3.1], color=GREY, lw=1, **self.place))
        self.figure.text(0.15, 0.1, WORDS["note"], fontsize=SMALL, color=QUIET, **self.place)

    def _name(self, name: str, y: float) -> float:
        self.figure.text(0.15, y, WORDS[name], fontsize=NORMAL, va="center", **self.place)
        return y

    def _cell(self, y: float, x: float) -> tuple:
        """The mark below, the words over it."""
        mark = Rectangle((x - HALF, y - 0.16), 2 * HALF, 0.32, color=BEST, lw=0, **self.place)
        self.figure.add_artist(mark)
        return mark, self.words(x, y, self.figure, fontsize=NORMAL, ha="center", va="center", **self.place)

    def show(self, ways: dict[str, Way], best: dict[str, list[str]], T: int) -> str:
        self.still(tuple((one, *names) for one, names in best.items()))
        for one, words in WORDS["heads"].items():
            self.heads[one].set_text(words.format(T=T))
        told = {name: told_of(name, way, ways["full"]) for name, way in ways.items()}
        for (name, one), (mark, text) in self.cells.items():
            mark.set_visible(name in best[one])
            text.set_text(told[name][one])
            text.set_fontweight("bold" if name in best[one] else "normal")
        return WORDS["said"].format(ways="; ".join(sentence(name, cells) for name, cells in told.items()))


def told_of(name: str, way: Way, full: Way) -> dict[str, str]:
    """What stands in the cells of a row."""
    times = way.products / full.products
    spread = percent(way.spread)
    return {
        "products": number(times),
        "numbers": f"{way.numbers:.0f}" + WORDS["grows"].get(name, ""),
        "bias": percent(way.bias),
        "spread": WORDS["sampled"].format(spread, 100 * way.error) if way.error else spread,
        "update": f"{way.update:.0f}" if way.update == round(way.update) else WORDS["mean"].format(way.update),
    }


def percent(share: float) -> str:
    """Rounding is nothing.

    >>> percent(1e-15), percent(0.35)
    ('0', '35 %')
    """
    return f"{100 * share:.0f} %" if share > 1e-9 else WORDS["nothing"]


def sentence(name: str, cells: dict[str, str]) -> str:
    return WORDS["one"].format(name=WORDS[name], **cells)
