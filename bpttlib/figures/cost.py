"""What was learnt for what it cost, on three axes: Jacobian products, states held at once, seconds."""

import numpy as np
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from .bands import KINDS, MARKER, Band
from .live import Picture
from .numbers import grouped
from .style import COLOUR, DASH, INK, QUIET, SMALL

__all__ = ["HIGHEST", "LOWEST", "CostPicture"]

LOWEST, HIGHEST = 1.15, 2.1  # the loss
AXES = ["products", "states", "seconds"]
HELD = [2, 3, 6, 11, 19, 29]
WORDS = {
    "kinds": {"full": "full", "segments": "segments", "window": "window", "random": "random"},
    "budget": "the same price",
    "headline": "Whose training loss is the lowest for the same price?",
    "loss": "training loss",
    "titles": ["on the way: Jacobian products", "at the end: states held", "on the way: seconds, here"],
    "axes": ["made so far, τ = 5", "held at once; a mark for each τ, π", "spent so far, τ = 5"],
    "lowest": "lowest: {}",
    "as low": ", ",
    "all": "all alike",
    "beyond": "window: to {} →",
    "one": "{kind} {loss:.2f}",
    "said": "Training loss, lowest first. After {n:.0f} Jacobian products: {products}. At most {few} states: {states}.",
}


class CostPicture(Picture):
    """Three times the training loss, against another cost each; over it who is the lowest at one budget."""

    inches = (9.6, 4.7)

    def build(self) -> None:
        self.sides = {name: self.axes(0.7 + 3.05 * n, 0.55, 2.6, 2.6) for n, name in enumerate(AXES)}
        for ax, title, words in zip(self.sides.values(), WORDS["titles"], WORDS["axes"], strict=True):
            ax.set(ylim=(LOWEST, HIGHEST), yticks=[1.2, 1.4, 1.6, 1.8, 2.0], xlabel=words)
            ax.text(0, 1.235, title, fontweight="bold", va="bottom", transform=ax.transAxes)
            ax.tick_params(labelleft=ax is self.sides["products"])
        self.sides["products"].set_ylabel(WORDS["loss"])
        self.sides["states"].set(xscale="log", xlim=(1.7, 36))
        self.sides["states"].set_xticks(HELD, map(str, HELD))
        self.sides["states"].minorticks_off()
        self.budgets = {name: self.moving(ax.axvline(1, color=QUIET, lw=1)) for name, ax in self.sides.items()}
        self.curves = {name: self._bands(name) for name in AXES}
        self._lowest()
        self._keys()

    def _bands(self, name: str) -> dict[str, Band]:
        marked = name == "states"
        looks = {kind: {"ls": DASH[kind], "marker": MARKER[kind] if marked else "", "ms": 6} for kind in KINDS}
        return {kind: Band(self, self.sides[name], COLOUR[kind], **looks[kind]) for kind in KINDS}

    def _lowest(self) -> None:
        """Over each side who is the lowest at its line."""
        look = {"va": "bottom"}
        self.lowest = {name: self.words(0, 1.13, ax, transform=ax.transAxes, **look) for name, ax in self.sides.items()}
        ax = self.sides["products"]
        self.beyond = self.words(1, 1.01, ax, ha="right", color=QUIET, fontsize=SMALL, transform=ax.transAxes, **look)

    def _keys(self) -> None:
        place = {"transform": self.figure.dpi_scale_trans}
        self.figure.text(0.1, 4.5, WORDS["headline"], va="center", fontweight="bold", **place)
        for x, kind in zip((0.7, 2.05, 3.75, 5.35), KINDS, strict=True):
            look = {"color": COLOUR[kind], "ls": DASH[kind], "marker": MARKER[kind], "mec": INK, "markevery": [1]}
            self.figure.add_artist(Line2D(x + np.array([0, 0.25, 0.5]), [4.17] * 3, **look, **place))
            self.figure.text(x + 0.6, 4.17, WORDS["kinds"][kind], va="center", fontsize=SMALL, **place)
        self.figure.add_artist(Line2D([7.15] * 2, [4.07, 4.27], color=QUIET, lw=1, **place))
        self.figure.text(7.3, 4.17, WORDS["budget"], va="center", fontsize=SMALL, **place)

    def show(
        self,
        curves: dict[str, NDArray],
        spent: dict[str, dict[str, NDArray]],
        held: dict[str, NDArray],
        ends: dict[str, NDArray],
        orders: dict[str, tuple[float, dict[str, float]]],
    ) -> str:
        for kind in KINDS:
            for name, one in spent.items():
                self.curves[name][kind].set(one[kind], curves[kind])
            self.curves["states"][kind].set(held[kind], ends[kind])
        self._reach(spent)
        for name, (budget, losses) in orders.items():
            self._order(name, budget, losses)
        told = {name: listed(losses) for name, (_, losses) in orders.items()}
        return WORDS["said"].format(n=orders["products"][0], few=orders["states"][0], **told)

    def _reach(self, spent: dict[str, dict[str, NDArray]]) -> None:
        """The products end a little behind those of full, for the window goes far beyond."""
        ends = {name: {kind: one[-1] for kind, one in some.items()} for name, some in spent.items()}
        self.still(tuple(sorted(ends["products"].items())) + tuple(ends["seconds"].values()))
        self.sides["products"].set_xlim(0, 1.1 * ends["products"]["full"])
        self.sides["seconds"].set_xlim(0, 1.05 * max(ends["seconds"].values()))
        self.beyond.set_text(WORDS["beyond"].format(grouped(round(ends["products"]["window"]))))

    def _order(self, name: str, budget: float, losses: dict[str, float]) -> None:
        self.budgets[name].set_xdata([budget] * 2)
        self.lowest[name].set_text(WORDS["lowest"].format(lowest(losses)))


def lowest(losses: dict[str, float]) -> str:
    """The kind with the lowest loss, and with it those that two decimals do not tell apart from it."""
    told = {kind: round(loss, 2) for kind, loss in losses.items()}
    names = [WORDS["kinds"][kind] for kind, loss in told.items() if loss == min(told.values())]
    return WORDS["all"] if len(names) == len(KINDS) else WORDS["as low"].join(names)


def listed(losses: dict[str, float]) -> str:
    return ", ".join(WORDS["one"].format(kind=WORDS["kinds"][kind], loss=loss) for kind, loss in losses.items())
