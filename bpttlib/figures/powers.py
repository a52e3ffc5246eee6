"""Powers of a 2×2 matrix, watched: arrows falling into line, or not; their angle, their length, and where M lies."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from numpy.typing import NDArray

from ..powers import NoLine
from .live import Picture
from .style import GREY, INK, NORMAL, PALE, SMALL, A, B, C, number, tint

__all__ = ["PowersPicture", "arrows"]

REACH = 1.3  # the plane runs from -REACH to REACH
FARTHEST = 8.0  # true lengths: the plane is made smaller until the longest fits, but not more than that
LOG = np.log(10)
NO_LINE = {
    NoLine.ALL_ZERO: "every eigenvalue is 0",
    NoLine.PAIR: "a complex pair:\nno real eigenvector",
    NoLine.OPPOSITE: "λ and −λ are equally large",
    NoLine.SEVERAL: "one eigenvalue:\nseveral directions",
}


def arrows(tips: NDArray, width: float, head: float) -> NDArray:
    """Arrows from 0 to each tip (n,2) as polygons (n,7,2), in units of the plane; short ones are smaller all over."""
    length = np.linalg.norm(tips, axis=1)[:, None, None]
    along = tips[:, None] / np.where(length > 0, length, 1)
    across = np.stack([-along[..., 1], along[..., 0]], axis=-1)
    size = np.minimum(1, length / (2 * head))
    shaft, neck, half = size * width / 2, length - size * head, size * head * 0.42
    zero = np.zeros_like(length)
    outline = [
        (zero, shaft),
        (neck, shaft),
        (neck, half),
        (length, zero),
        (neck, -half),
        (neck, -shaft),
        (zero, -shaft),
    ]
    return np.concatenate([a * along + s * across for a, s in outline], axis=1)


class PowersPicture(Picture):
    """Left M^k on a fan of arrows; middle their angle to the eigenline and their length over k; right the map of M."""

    inches = (11.6, 5.3)

    def build(self) -> None:
        self.plane(self.axes(0.2, 0.35, 4.5, 4.5))
        self.angle(self.axes(5.5, 3.0, 2.75, 1.65))
        self.length(self.axes(5.5, 0.6, 2.75, 1.65))
        self.map(self.axes(9.0, 2.6, 2.45, 2.25))
        self.numbers(self.axes(8.55, 0.1, 2.95, 1.85))

    def plane(self, ax: Axes) -> None:
        ax.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH), xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        turn = np.linspace(0, 2 * np.pi, 200)
        self.turn = np.column_stack([np.cos(turn), np.sin(turn)])
        self.circle = self.moving(ax.plot([], [], color=PALE, lw=1.5)[0])
        line = {"color": tint(C, 0.6), "lw": 5, "solid_capstyle": "butt"}
        self.line = self.moving(ax.plot([], [], **line)[0])
        self.second = self.moving(ax.plot([], [], color=tint(C, 0.6), lw=2, ls=(0, (1, 2)))[0])
        self.fan = self.moving(PolyCollection([], facecolors=GREY, edgecolors="none"))
        self.trail = self.moving(LineCollection([], linewidths=2))
        self.dots = self.moving(ax.plot([], [], ".", color=tint(A, 0.65), ms=7)[0])
        self.arrow = self.moving(PolyCollection([], facecolors=A, edgecolors="none"))
        for found in (self.fan, self.trail, self.arrow):
            ax.add_collection(found, autolim=False)
        self.at = self.words(0.0, 1.055, ax, transform=ax.transAxes, fontsize=NORMAL, fontweight="bold", va="top")

    def angle(self, ax: Axes) -> None:
        ax.set(yscale="log", ylim=(1e-6, 3), xlim=(-0.5, 40.5), xticklabels=[])
        ax.set_yticks([1e-6, 1e-4, 1e-2, 1])
        ax.minorticks_off()
        ax.set_title("|sin| of the angle to the eigenline", fontweight="bold", fontsize=11, pad=20)
        self.limit = self.moving(ax.plot([], [], color=C, lw=2, ls=(0, (3, 1.5)))[0])
        self.sine = self.moving(ax.plot([], [], color=A, lw=2.5)[0])
        self.sine_now = self.moving(ax.plot([], [], "o", color=A, ms=8, clip_on=False)[0])
        self.slope = self.words(0.0, 1.04, ax, transform=ax.transAxes, fontsize=SMALL)
        middle = {"transform": ax.transAxes, "ha": "center", "va": "center", "linespacing": 1.4}
        self.why = self.words(0.5, 0.5, ax, fontsize=SMALL, **middle)

    def length(self, ax: Axes) -> None:
        ax.set(yscale="log", ylim=(1e-4, 1e4), xlim=(-0.5, 40.5), xlabel="k  (steps back)")
        ax.set_yticks([1e-4, 1e-2, 1, 1e2, 1e4])
        ax.minorticks_off()
        ax.axhline(1, color=PALE, lw=1, zorder=0)
        ax.set_title("length", fontweight="bold", fontsize=11, pad=20)
        self.most = self.moving(ax.plot([], [], color=tint(INK, 0.42), lw=4.5)[0])
        self.sigma = self.moving(ax.plot([], [], color=C, lw=2, ls=(0, (1, 1.5)))[0])
        self.rho = self.moving(ax.plot([], [], color=C, lw=2, ls=(0, (3, 1.5)))[0])
        self.norm = self.moving(ax.plot([], [], color=A, lw=2.5)[0])
        self.norm_now = self.moving(ax.plot([], [], "o", color=A, ms=8, clip_on=False)[0])
        names = [r"$\|M^k x\|$", r"$\|M^k\|$", r"$\rho^k$", r"$\sigma_{\max}^k$"]
        over = {"loc": "lower left", "bbox_to_anchor": (-0.03, 0.97), "ncols": 4, "columnspacing": 0.7}
        look = {"handlelength": 1.3, "handletextpad": 0.3, "borderaxespad": 0.0}
        ax.legend([self.norm, self.most, self.rho, self.sigma], names, **over, **look)

    def map(self, ax: Axes) -> None:
        """Trace and determinant: ρ < 1 is the triangle, complex pairs lie above the parabola."""
        trace = np.linspace(-3, 3, 241)
        ax.fill_between(trace, -2.6, 2.6, color=tint(A, 0.15), lw=0)
        ax.fill([-2, 2, 0], [1, 1, -1], color=tint(B, 0.22), lw=0)
        ax.plot(trace, trace**2 / 4, color=INK, lw=1.2)
        ax.plot([0, 0], [-2.6, 0], color=INK, lw=1.2)
        ax.set(xlim=(-3, 3), ylim=(-2.6, 2.6), xticks=[-2, 0, 2], yticks=[-2, -1, 0, 1, 2])
        ax.set_xlabel("trace", labelpad=1)
        ax.set_ylabel("determinant", labelpad=0)
        ax.set_title("where M lies", fontweight="bold", fontsize=11)
        ax.text(0, 1.9, "rotating", ha="center", va="center", fontsize=SMALL)
        ax.text(-1.6, -2.1, "reflecting", ha="center", va="center", fontsize=SMALL)
        ax.text(1.6, -2.1, "aligning", ha="center", va="center", fontsize=SMALL)
        ax.text(0.36, -1.75, "swapping", ha="center", va="center", rotation=90, fontsize=SMALL)
        ax.text(-2.1, 1.75, "defective", ha="center", va="center", rotation=-46, fontsize=SMALL)
        ax.text(0.0, 0.62, "vanishing", ha="center", va="center", fontsize=SMALL, color=B)
        ax.text(2.93, -1.0, "exploding", ha="right", va="center", fontsize=SMALL, color="#A04500")
        self.dot = self.moving(ax.plot([], [], "o", color=C, mec="black", ms=11, clip_on=False)[0])

    def numbers(self, ax: Axes) -> None:
        ax.set_axis_off()
        look = {"transform": ax.transAxes, "va": "top", "fontsize": SMALL, "linespacing": 1.45}
        self.regime = self.words(0.0, 1.0, ax, **look | {"fontsize": NORMAL, "fontweight": "bold"})
        self.values = self.words(0.0, 0.83, ax, **look)

    def show(
        self,
        k: int,
        M: NDArray,
        values: NDArray,
        line: NDArray | None,
        second: NDArray | None,
        why: NoLine | None,
        fan: NDArray,
        fan_log: NDArray,
        path: NDArray,
        path_log: NDArray,
        sines: NDArray | None,
        limit: NDArray | None,
        power_log: NDArray,
        rho: float,
        sigma: float,
        departure: float,
        regime: str,
        true_length: bool,
    ) -> str:
        steps = np.arange(len(path))
        zoom = min(FARTHEST, np.exp(min(power_log.max(), 50))) if true_length else 1
        shown = np.exp(np.clip(path_log, -50, 5))[:, None] * path / zoom if true_length else path
        tips = np.exp(np.clip(fan_log, -50, 5)) * fan / zoom if true_length else fan
        self.circle.set_data(*(self.turn / zoom).T)
        for artist, along in ((self.line, line), (self.second, second)):
            artist.set_data(*((), ()) if along is None else np.outer(along, [-2, 2]))
        self.fan.set_verts(arrows(tips.T, 0.018, 0.10))
        self.arrow.set_verts(arrows(shown[k : k + 1], 0.05, 0.2))
        past = shown[max(0, k - 12) : k + 1]
        self.dots.set_data(*past[:-1].T)
        self.trail.set_segments(list(np.stack([past[:-1], past[1:]], axis=1)))
        self.trail.set_color([tint(A, 0.15 + 0.5 * s) for s in np.linspace(0, 1, max(1, len(past) - 1))])
        length = "0" if np.isneginf(path_log[k]) else f"10^{path_log[k] / LOG:.1f}" if abs(path_log[k]) > 9 else ""
        length = length or number(float(np.exp(path_log[k])))
        self.at.set_text(f"k = {k}     length of the arrow: {length}")
        self.why.set_text(f"no eigenline to fall onto:\n{NO_LINE[why]}" if why else "")
        self._angles(k, steps, sines, limit, values)
        self._lengths(k, steps, path_log, power_log, rho, sigma)
        self.dot.set_data([M[0, 0] + M[1, 1]], [M[0, 0] * M[1, 1] - M[0, 1] * M[1, 0]])
        self.regime.set_text(regime)
        self.values.set_text(
            f"eigenvalues {said(values)}\nρ = max |λ| = {rho:.2f}     $\\sigma_{{\\max}}$ = {sigma:.2f}\n"
            f"departure from normal {departure:.2f}\n"
            f"M = ({signed(M[0, 0])}  {signed(M[0, 1])};  {signed(M[1, 0])}  {signed(M[1, 1])})"
        )
        near = "no eigenline" if sines is None else "nothing is left" if np.isnan(sines[k]) else f"|sin| {sines[k]:.1g}"
        found = f"{regime}: eigenvalues {said(values)}, σ_max {sigma:.2f}."
        return f"{found} At k = {k} the arrow has length {length}; {near}."

    def _angles(self, k: int, steps: NDArray, sines: NDArray | None, limit: NDArray | None, values: NDArray) -> None:
        none = np.full(len(steps), np.nan)
        shown = none if sines is None else np.maximum(sines, 1e-8)
        self.sine.set_data(steps, np.where(shown >= 1e-6, shown, np.nan))
        inside = shown[k] >= 1e-6
        self.sine_now.set_data([k] if inside else [], [shown[k]] if inside else [])
        self.limit.set_data(
            steps, none if limit is None else np.where(np.isfinite(limit), np.maximum(limit, 1e-9), np.nan)
        )
        if sines is None:
            text = ""
        elif values[0] == values[1]:
            text = "dashed: 1/k, no faster"
        else:
            text = f"dashed: $|\\lambda_2/\\lambda_1|^k$, ×{abs(values[1] / values[0]):.2f} a step"
        self.slope.set_text(text)

    def _lengths(self, k: int, steps: NDArray, path_log: NDArray, power_log: NDArray, rho: float, sigma: float) -> None:
        low, high = -12, 12  # in powers of ten; the frame cuts them off
        for artist, log in ((self.norm, path_log), (self.most, power_log)):
            artist.set_data(steps, 10 ** np.clip(log / LOG, low, high))
        for artist, base in ((self.rho, rho), (self.sigma, sigma)):
            artist.set_data(steps, np.clip(float(base) ** steps, 10.0**low, 10.0**high))
        inside = abs(path_log[k]) <= 4 * LOG
        self.norm_now.set_data([k] if inside else [], [np.exp(path_log[k])] if inside else [])


def signed(x: float) -> str:
    """Two decimals, with a true minus and no -0.00."""
    return f"{round(x, 2) + 0.0:.2f}".replace("-", "−")


def said(values: NDArray) -> str:
    """Two eigenvalues, a pair by modulus and angle."""
    if np.iscomplexobj(values):
        return f"{abs(values[0]):.2f} at ±{np.degrees(np.angle(values[0])):.0f}°"
    return f"{signed(values[0])}, {signed(values[1])}"
