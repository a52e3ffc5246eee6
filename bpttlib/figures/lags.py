"""How far back is a loss felt, and how long must a window be?"""

import numpy as np
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from .live import Picture
from .style import COLOUR, DASH, INK, PALE, QUIET

__all__ = ["LagsPicture"]

BOTTOM = 1e-6
WORDS = {
    "felt": r"how far back a loss is felt: $\|\partial L_s/\partial h_{s-k}\|$, mean 1 at lag 0",
    "lag": "lag k (steps back)",
    "cut": "what a cut leaves out, and what that does",
    "tau": "truncation length τ",
    "percent": ["0.1 %", "1 %", "10 %", "100 %"],
    "share": "left out",
    "window": "window's bias",
    "segments": "segments' bias",
    "as": {"window": "{bias:.1%} as window", "segments": "{bias:.1%} as segments"},
    "sentence": (
        "A loss is felt less by a factor {decay:.2f} a step. Tolerating {tolerance:.1%}: τ = {tau} leaves out "
        "{share:.1%}. Its true bias in W_hh: {biases}."
    ),
}


class LagsPicture(Picture):
    """Left ‖∂L_s/∂h_{s-k}‖ against the lag k; right what a window leaves out, and what that does."""

    inches = (11.6, 4.6)

    def build(self) -> None:
        left, right = self.axes(0.95, 0.70, 4.7, 3.2), self.axes(6.75, 0.70, 4.6, 3.2)
        left.set(yscale="log", ylim=(BOTTOM, 30), xlabel=WORDS["lag"], xlim=(-0.7, 28))
        left.set_title(WORDS["felt"], pad=10)
        left.minorticks_off()
        self.each = self.moving(left.add_collection(LineCollection([], colors="#B8B8B8", linewidths=1), autolim=False))
        self.mean = self.moving(left.plot([], [], "-o", color=INK, ms=4)[0])
        right.set(yscale="log", ylim=(1e-3, 1.6), xlim=(0.5, 28.5), xlabel=WORDS["tau"])
        right.set(yticks=[1e-3, 1e-2, 0.1, 1], yticklabels=WORDS["percent"])
        right.minorticks_off()
        right.set_title(WORDS["cut"], pad=28)
        (self.share,) = right.plot([], [], color=QUIET, lw=2, ls=(0, (1, 1)))
        self.bias = {k: right.plot([], [], color=COLOUR[k], ls=DASH[k], lw=3)[0] for k in ("window", "segments")}
        self.level = right.axhline(0.1, color=INK, lw=1.2)
        self.taus = [ax.axvline(5, color=INK, lw=1.2) for ax in (left, right)]
        for line in (self.share, *self.bias.values(), self.level, *self.taus):
            self.moving(line)
        names = [WORDS[name] for name in ("share", *self.bias)]
        over = {"loc": "lower left", "bbox_to_anchor": (-0.03, 0.985), "ncols": 3, "columnspacing": 1.1}
        right.legend([self.share, *self.bias.values()], names, **over)
        right.axhline(1, color=PALE, lw=1, zorder=0)

    def show(
        self,
        lags: NDArray,
        by_lag: NDArray,
        decay: float,
        share: NDArray,
        bias: dict[str, NDArray],
        tolerance: float,
        tau: int,
    ) -> str:
        self._felt(lags, by_lag)
        taus = np.arange(1, len(lags) + 1)
        for line, values in ((self.share, share[1:]), *((line, bias[kind]) for kind, line in self.bias.items())):
            line.set_data(taus, np.maximum(values, 1e-9))
        self.level.set_ydata([tolerance] * 2)
        self.taus[0].set_xdata([tau - 0.5] * 2)  # lags 0 … τ-1 are kept
        self.taus[1].set_xdata([tau] * 2)
        biases = ", ".join(WORDS["as"][kind].format(bias=bias[kind][tau - 1]) for kind in bias)
        return WORDS["sentence"].format(decay=decay, tolerance=tolerance, tau=tau, share=share[tau], biases=biases)

    def _felt(self, lags: NDArray, by_lag: NDArray) -> None:
        """A line for each loss, and their mean; the mean at lag 0 is the unit."""
        k, unit = np.arange(len(lags)), by_lag[0]
        shown = np.maximum(lags / unit, BOTTOM / 10)
        self.each.set_segments([np.stack([k[: s + 1], shown[: s + 1, s]], axis=1) for s in k])
        self.mean.set_data(k, np.maximum(by_lag / unit, BOTTOM / 10))
