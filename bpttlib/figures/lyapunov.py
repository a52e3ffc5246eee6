"""The largest Lyapunov exponent: over ρ for a tanh network, and before and after training for three cells."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from ..experiments.gates import CELLS
from .live import Picture
from .style import GREY, INK, QUIET, SMALL, A, C, tint

__all__ = ["LyapunovPicture"]

LOWEST, HIGHEST = -1.25, 0.65
STRENGTHS = (0.4, 1.0)  # of the colour, no input and much
APART = 0.2  # from the middle of a cell to where each of its two is drawn

WORDS = {
    "title": "Do gradients grow or shrink? 50 tanh units",
    "cells": "What training does: ○ before, ● after",
    "radius": r"$\rho(W_{hh})$",
    "exponent": "growth per step, its logarithm λ₁",
    "grow": "grows",
    "shrink": "shrinks",
    "linear": r"$\log\,\rho$: without tanh",
    "input": ("no input", "input of size {:g}"),
    "starts": {"RNN": "ρ\n{:g}", "GRU": "bias\n{:g}", "LSTM": "bias\n{:g}"},
    "said": "λ₁ at ρ = {rho:g}, where log ρ = {log:.2f} and log σ_max = {bound:.2f}: {over}. "
    "Before and after training: {cells}.",
    "one": "input {:g} {:.2f}",
    "trained": "{cell} of {start:g} {before:.2f} → {after:.2f}",
}


class LyapunovPicture(Picture):
    """Left λ_1 over ρ, with the least and the most input, and log ρ; right, at the same height, three cells."""

    inches = (9.6, 4.2)

    def build(self) -> None:
        self.over_rho(self.axes(0.85, 0.55, 4.85, 3.25))
        self.of_cells(self.axes(6.0, 0.55, 3.5, 3.25))

    def over_rho(self, ax: Axes) -> None:
        ax.set(xlim=(0.5, 1.5), ylim=(LOWEST, HIGHEST), xlabel=WORDS["radius"], xticks=[0.5, 0.75, 1, 1.25, 1.5])
        ax.set(yticks=[-1, -0.5, 0, 0.5], ylabel=WORDS["exponent"])
        ax.set_title(WORDS["title"], fontweight="bold")
        ax.axhline(0, color=INK, lw=1, zorder=0)
        for y, words in ((0.035, WORDS["grow"]), (-0.1, WORDS["shrink"])):
            ax.text(0.68, y, words, fontsize=SMALL, color=QUIET)
        self.inputs = [self.moving(ax.plot([], [], color=tint(A, one), lw=3)[0]) for one in STRENGTHS]
        self.linear = self.moving(ax.plot([], [], color=C, lw=2, ls=(0, (3, 1.5)))[0])
        self.ax = ax

    def of_cells(self, ax: Axes) -> None:
        ax.set(xlim=(-0.5, len(CELLS) - 0.5), ylim=(LOWEST, HIGHEST), yticks=[])
        ax.set_title(WORDS["cells"], fontweight="bold")
        ax.spines["left"].set_visible(False)
        ax.axhline(0, color=INK, lw=1, zorder=0)
        ax.tick_params(axis="x", length=0)
        for x, cell in enumerate(CELLS):
            ax.text(x, 0.4, cell, ha="center", fontweight="bold")
        self.strokes = self.moving(LineCollection([], colors=GREY, linewidths=3))
        ax.add_collection(self.strokes, autolim=False)
        looks = {"mfc": "white", "ms": 11}, {"mfc": INK, "ms": 6.5}  # both seen where they agree
        self.dots = [self.moving(ax.plot([], [], "o", mec=INK, mew=1.5, **look)[0]) for look in looks]
        self.right = ax

    def show(self, radii: NDArray, tanh: dict[float, NDArray], sigma: float, cells: dict) -> str:
        drawn = min(tanh), max(tanh)
        if not self.still((drawn, tuple(cells))):
            self._name(drawn, cells)
        self.linear.set_data(radii, np.log(radii))
        for line, size in zip(self.inputs, drawn, strict=True):
            line.set_data(radii, tanh[size])
        x, both = places(cells), np.array([*cells.values()])
        self.strokes.set_segments([[(at, one) for one in pair] for at, pair in zip(x, both, strict=True)])
        for dots, y in zip(self.dots, both.T, strict=True):
            dots.set_data(x, y)
        over = ", ".join(WORDS["one"].format(size, round(exponents[-1], 2) + 0) for size, exponents in tanh.items())
        told = ", ".join(
            WORDS["trained"].format(cell=cell, start=start, before=before, after=after)
            for (cell, start), (before, after) in cells.items()
        )
        logs = {"log": np.log(radii[-1]), "bound": np.log(sigma * radii[-1])}
        return WORDS["said"].format(rho=radii[-1], **logs, over=over, cells=told)

    def _name(self, sizes: tuple[float, float], cells: dict) -> None:
        """What the lines are, and where each training began."""
        none, some = WORDS["input"]
        named = [some.format(size) if size else none for size in sizes]
        self.ax.legend([self.linear, *self.inputs], [WORDS["linear"], *named], loc="lower right")
        self.right.set_xticks(
            places(cells), [WORDS["starts"][cell].format(start).replace("-", "−") for cell, start in cells]
        )


def places(cells: dict) -> list[float]:
    """Left of the middle the first of a cell, right of it the second.

    >>> places({("RNN", 0.9): 0, ("RNN", 1.3): 0, ("GRU", 3): 0})
    [-0.2, 0.2, 0.8]
    """
    names = [cell for cell, _ in cells]
    return [CELLS.index(cell) + (APART if cell in names[:n] else -APART) for n, cell in enumerate(names)]
