"""How far back a loss is felt, before and after training; what a window leaves out, and what that costs."""

import numpy as np
from numpy.typing import NDArray

from .bands import Band
from .live import Picture
from .numbers import added
from .style import FIXED, FULL, GREY, INK, QUIET, SMALL

__all__ = ["LOWEST", "TrainedPicture"]

LOWEST = 1e-5
COLOURS = {"before": GREY, "after": FULL}
WORDS = {
    "felt": "How strongly is a loss felt k steps back?",
    "lag": "lag k (steps back); at lag 0: 1",
    "norms": ["1", "0.1", "0.01", "0.001", "10⁻⁴", "10⁻⁵"],
    "share": "What share of it does a window leave out?",
    "tau": "truncation length τ",
    "percent": ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"],
    "tolerated": "10 %",
    "before": "before training",
    "after": "after, with the full gradient",
    "price": "trained so, the loss\nis {above} against full",
    "said": (
        "A window of 5 leaves out {before:.0%} before training and {after:.0%} after it; to leave out 10 % it takes "
        "τ = {tau_before:.0f} and {tau_after:.0f}. Yet trained with a window of 5 the loss changes "
        "by {above}."
    ),
}


class TrainedPicture(Picture):
    """Left n_k over the lag, right what a window leaves out; at three lengths the price of training with it."""

    inches = (9.6, 3.9)

    def build(self) -> None:
        left, right = self.axes(0.75, 0.55, 4.0, 2.85), self.axes(5.6, 0.55, 3.85, 2.85)
        left.set(yscale="log", ylim=(LOWEST, 2), xlim=(-1, 61), xlabel=WORDS["lag"])
        left.set_yticks(10.0 ** np.arange(0, -6, -1), WORDS["norms"])
        left.minorticks_off()
        left.set_title(WORDS["felt"], fontweight="bold")
        right.set(ylim=(0, 1), xlim=(0, 30), xlabel=WORDS["tau"], xticks=[1, 2, 5, 10, 15, 20, 25, 30])
        right.set_yticks(np.arange(0, 1.1, 0.2), WORDS["percent"])
        right.axhline(0.1, color=QUIET, lw=1, ls=(0, (1, 2)))
        right.text(30, 0.11, WORDS["tolerated"], ha="right", fontsize=SMALL, color=QUIET)
        right.set_title(WORDS["share"], fontweight="bold")
        self.felt = {when: Band(self, left, colour) for when, colour in COLOURS.items()}
        self.share = {when: Band(self, right, colour) for when, colour in COLOURS.items()}
        self.dots = self.moving(right.plot([], [], "o", color=FIXED, mec=INK, ms=8)[0])
        self.prices = [self.words(0, 0, right, fontsize=SMALL, va="bottom") for _ in range(3)]
        left.legend([self.felt[when].line for when in COLOURS], [WORDS[when] for when in COLOURS], loc="upper right")

    def show(
        self, felt: dict[str, NDArray], share: dict[str, NDArray], tau: dict[str, float], above: dict[int, float]
    ) -> str:
        for when in COLOURS:
            lags = np.arange(felt[when].shape[1])
            self.felt[when].set(lags, np.maximum(felt[when], LOWEST / 10))
            self.share[when].set(np.arange(len(lags) + 1), share[when])
        after = share["after"][1]
        self.dots.set_data(list(above), [after[length] for length in above])
        for text, (length, price) in zip(self.prices, above.items(), strict=True):
            text.set(text=WORDS["price"].format(above=added(price)), x=length + 0.7, y=after[length] + 0.01)
        said = {"before": share["before"][1, 5], "after": after[5], "above": added(above[5])}
        return WORDS["said"].format(**said, tau_before=tau["before"], tau_after=tau["after"])
