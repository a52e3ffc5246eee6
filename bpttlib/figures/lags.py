"""How far back is a loss felt, and how long must a window be?"""

import numpy as np
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from .live import Picture
from .style import COLOUR, DASH, INK, PALE, QUIET

__all__ = ["LagPicture"]

BOTTOM = 1e-6


class LagPicture(Picture):
    """Left ‖∂L_s/∂h_{s-k}‖ against the lag k; right what a window leaves out, and what that does."""

    inches = (11.6, 4.6)

    def build(self) -> None:
        left, right = self.axes(0.95, 0.70, 4.7, 3.2), self.axes(6.75, 0.70, 4.6, 3.2)
        left.set(yscale="log", ylim=(BOTTOM, 30), xlabel="lag k (steps back)", xlim=(-0.7, 28))
        left.set_title(r"how far back a loss is felt: $\|\partial L_s/\partial h_{s-k}\|$, mean 1 at lag 0", pad=10)
        left.minorticks_off()
        self.each = self.moving(left.add_collection(LineCollection([], colors="#B8B8B8", linewidths=1), autolim=False))
        self.mean = self.moving(left.plot([], [], "-o", color=INK, ms=4)[0])
        right.set(yscale="log", ylim=(1e-3, 1.6), xlim=(0.5, 28.5), xlabel="truncation length τ")
        right.set(yticks=[1e-3, 1e-2, 0.1, 1], yticklabels=["0.1 %", "1 %", "10 %", "100 %"])
        right.minorticks_off()
        right.set_title("what a cut leaves out, and what that does", pad=28)
        (self.share,) = right.plot([], [], color=QUIET, lw=2, ls=(0, (1, 1)))
        self.bias = {k: right.plot([], [], color=COLOUR[k], ls=DASH[k], lw=3)[0] for k in ("window", "segments")}
        self.level = right.axhline(0.1, color=INK, lw=1.2)
        self.taus = [ax.axvline(5, color=INK, lw=1.2) for ax in (left, right)]
        for line in (self.share, *self.bias.values(), self.level, *self.taus):
            self.moving(line)
        names = ["left out", "window's bias", "segments' bias"]
        over = {"loc": "lower left", "bbox_to_anchor": (-0.03, 0.985), "ncols": 3, "columnspacing": 1.1}
        right.legend([self.share, *self.bias.values()], names, **over)
        right.axhline(1, color=PALE, lw=1, zorder=0)

    def show(
        self, lags: NDArray, by_lag: NDArray, share: NDArray, bias: dict[str, NDArray], tolerance: float, tau: int
    ) -> str:
        T = len(lags)
        k = np.arange(T)
        unit = by_lag[0]
        shown = np.maximum(lags / unit, BOTTOM / 10)
        self.each.set_segments([np.stack([k[: s + 1], shown[: s + 1, s]], axis=1) for s in range(T)])
        self.mean.set_data(k, np.maximum(by_lag / unit, BOTTOM / 10))
        fit = slice(1, max(3, T // 2))
        decay = np.exp(np.polyfit(k[fit], np.log(by_lag[fit]), 1)[0])
        taus = np.arange(1, T + 1)
        self.share.set_data(taus, np.maximum(share[1:], 1e-9))
        for name, line in self.bias.items():
            line.set_data(taus, np.maximum(bias[name], 1e-9))
        self.level.set_ydata([tolerance] * 2)
        self.taus[0].set_xdata([tau - 0.5] * 2)  # lags 0 … τ-1 are kept
        self.taus[1].set_xdata([tau] * 2)
        told = ", ".join(f"{bias[name][tau - 1]:.1%} as {name}" for name in bias)
        return (
            f"A loss is felt less by a factor {decay:.2f} a step. Tolerating {tolerance:.1%}: τ = {tau} leaves out "
            f"{share[tau]:.1%}. Its true bias in W_hh: {told}."
        )
