"""Powers of a 2×2 matrix, watched: arrows falling into line, or not; their angle, their length, and where M lies."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from numpy.typing import NDArray

from ..experiments.powers import LAST
from ..powers import Dominant, Growth, Motion, NoLine, Orbit, Regime
from .arrows import arrows
from .live import Picture
from .numbers import number, signed
from .style import GREY, INK, NORMAL, PALE, SMALL, A, B, C, tint

__all__ = ["PowersPicture"]

REACH = 1.3  # the plane runs from -REACH to REACH
FARTHEST = 8.0  # true lengths: the plane is made smaller until the longest fits, but not more than that
LOG = np.log(10)

WORDS = {
    "angle": "|sin| of the angle to the eigenline",
    "k": "k  (steps back)",
    "length": "length",
    "lengths": (r"$\|M^k x\|$", r"$\|M^k\|$", r"$\rho^k$", r"$\sigma_{\max}^k$"),
    "map": "where M lies",
    "trace": "trace",
    "determinant": "determinant",
    "at": "k = {k}     length of the arrow: {length}",
    "power of ten": "10^{:.1f}",
    "no line": "no eigenline to fall onto:\n{why}",
    "like 1/k": "dashed: 1/k, no faster",
    "like a power": "dashed: $|\\lambda_2/\\lambda_1|^k$, ×{:.2f} a step",
    "regime": "{growth}, {motion}",
    "pair": "{:.2f} at ±{:.0f}°",
    "two": "{}, {}",
    "eigenvalues": "eigenvalues {values}",
    "measures": "ρ = max |λ| = {:.2f}     $\\sigma_{{\\max}}$ = {:.2f}",
    "departure": "departure from normal {:.2f}",
    "matrix": "M = ({}  {};  {}  {})",
    "no eigenline": "no eigenline",
    "nothing left": "nothing is left",
    "sine": "|sin| {:.1g}",
    "said": "{regime}: eigenvalues {values}, σ_max {largest:.2f}. At k = {k} the arrow has length {length}; {near}.",
}
GROWTH = {Growth.VANISHING: "vanishing", Growth.BORDER: "border", Growth.EXPLODING: "exploding"}
MOTION = {
    Motion.ROTATING: "rotating",
    Motion.ALIGNING: "aligning",
    Motion.REFLECTING: "reflecting",
    Motion.SWAPPING: "swapping",
    Motion.UNIFORM: "uniform",
    Motion.DEFECTIVE: "defective",
    Motion.DYING: "dying",
}
NO_LINE = {
    NoLine.ALL_ZERO: "every eigenvalue is 0",
    NoLine.PAIR: "a complex pair:\nno real eigenvector",
    NoLine.OPPOSITE: "λ and −λ are equally large",
    NoLine.SEVERAL: "one eigenvalue:\nseveral directions",
}


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
        ax.set_title(WORDS["angle"], fontweight="bold", fontsize=11, pad=20)
        self.limit = self.moving(ax.plot([], [], color=C, lw=2, ls=(0, (3, 1.5)))[0])
        self.sine = self.moving(ax.plot([], [], color=A, lw=2.5)[0])
        self.sine_now = self.moving(ax.plot([], [], "o", color=A, ms=8, clip_on=False)[0])
        self.slope = self.words(0.0, 1.04, ax, transform=ax.transAxes, fontsize=SMALL)
        middle = {"transform": ax.transAxes, "ha": "center", "va": "center", "linespacing": 1.4}
        self.why = self.words(0.5, 0.5, ax, fontsize=SMALL, **middle)

    def length(self, ax: Axes) -> None:
        ax.set(yscale="log", ylim=(1e-4, 1e4), xlim=(-0.5, 40.5), xlabel=WORDS["k"])
        ax.set_yticks([1e-4, 1e-2, 1, 1e2, 1e4])
        ax.minorticks_off()
        ax.axhline(1, color=PALE, lw=1, zorder=0)
        ax.set_title(WORDS["length"], fontweight="bold", fontsize=11, pad=20)
        self.most = self.moving(ax.plot([], [], color=tint(INK, 0.42), lw=4.5)[0])
        dotted, dashed = (self.moving(ax.plot([], [], color=C, lw=2, ls=(0, (n, 1.5)))[0]) for n in (1, 3))
        self.bounds = dashed, dotted  # ρ^k and σ_max^k
        self.norm = self.moving(ax.plot([], [], color=A, lw=2.5)[0])
        self.norm_now = self.moving(ax.plot([], [], "o", color=A, ms=8, clip_on=False)[0])
        over = {"loc": "lower left", "bbox_to_anchor": (-0.03, 0.97), "ncols": 4, "columnspacing": 0.7}
        look = {"handlelength": 1.3, "handletextpad": 0.3, "borderaxespad": 0.0}
        ax.legend([self.norm, self.most, *self.bounds], WORDS["lengths"], **over, **look)

    def map(self, ax: Axes) -> None:
        """Trace and determinant: ρ < 1 is the triangle, complex pairs lie above the parabola."""
        trace = np.linspace(-3, 3, 241)
        ax.fill_between(trace, -2.6, 2.6, color=tint(A, 0.15), lw=0)
        ax.fill([-2, 2, 0], [1, 1, -1], color=tint(B, 0.22), lw=0)
        ax.plot(trace, trace**2 / 4, color=INK, lw=1.2)
        ax.plot([0, 0], [-2.6, 0], color=INK, lw=1.2)
        ax.set(xlim=(-3, 3), ylim=(-2.6, 2.6), xticks=[-2, 0, 2], yticks=[-2, -1, 0, 1, 2])
        ax.set_xlabel(WORDS["trace"], labelpad=1)
        ax.set_ylabel(WORDS["determinant"], labelpad=0)
        ax.set_title(WORDS["map"], fontweight="bold", fontsize=11)
        middle = {"ha": "center", "va": "center", "fontsize": SMALL}
        ax.text(0, 1.9, MOTION[Motion.ROTATING], **middle)
        ax.text(-1.6, -2.1, MOTION[Motion.REFLECTING], **middle)
        ax.text(1.6, -2.1, MOTION[Motion.ALIGNING], **middle)
        ax.text(0.36, -1.75, MOTION[Motion.SWAPPING], rotation=90, **middle)
        ax.text(-2.1, 1.75, MOTION[Motion.DEFECTIVE], rotation=-46, **middle)
        ax.text(0.0, 0.62, GROWTH[Growth.VANISHING], color=B, **middle)
        ax.text(2.93, -1.0, GROWTH[Growth.EXPLODING], color="#A04500", **middle | {"ha": "right"})
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
        dominant: Dominant,
        second: NDArray | None,
        fan: Orbit,
        path: Orbit,
        sines: NDArray | None,
        limit: NDArray | None,
        power_log: NDArray,
        spectral_radius: float,
        largest_singular_value: float,
        departure: float,
        regime: Regime,
        true_length: bool,
    ) -> str:
        zoom = min(FARTHEST, np.exp(min(power_log.max(), 50))) if true_length else None
        self._lines(zoom or 1, dominant.vector, second)
        self.fan.set_verts(arrows(tips(fan.direction.T, fan.log_norm, zoom), 0.018, 0.10))
        self._path(k, tips(path.direction, path.log_norm, zoom))
        length = said_length(path.log_norm[k])
        self.at.set_text(WORDS["at"].format(k=k, length=length))
        self.why.set_text(WORDS["no line"].format(why=NO_LINE[dominant.why]) if dominant.why else "")
        self._angles(k, sines, limit, values)
        self._lengths(k, path.log_norm, power_log, (spectral_radius, largest_singular_value))
        self.dot.set_data([M[0, 0] + M[1, 1]], [M[0, 0] * M[1, 1] - M[0, 1] * M[1, 0]])
        name = WORDS["regime"].format(growth=GROWTH[regime.growth], motion=MOTION[regime.motion])
        self.regime.set_text(name)
        self._numbers(M, values, (spectral_radius, largest_singular_value), departure)
        seen = {"values": said(values), "largest": largest_singular_value, "k": k, "length": length}
        return WORDS["said"].format(regime=name, near=nearness(sines, k), **seen)

    def _lines(self, zoom: float, line: NDArray | None, second: NDArray | None) -> None:
        """The unit circle, and the eigenlines that there are."""
        self.circle.set_data(*(self.turn / zoom).T)
        for artist, along in ((self.line, line), (self.second, second)):
            artist.set_data(*((), ()) if along is None else np.outer(along, [-2, 2]))

    def _path(self, k: int, path: NDArray) -> None:
        """The arrow that stands out, and where its tip has been in the last twelve steps."""
        self.arrow.set_verts(arrows(path[k : k + 1], 0.05, 0.2))
        past = path[max(0, k - 12) : k + 1]
        self.dots.set_data(*past[:-1].T)
        self.trail.set_segments(list(np.stack([past[:-1], past[1:]], axis=1)))
        self.trail.set_color([tint(A, 0.15 + 0.5 * s) for s in np.linspace(0, 1, max(1, len(past) - 1))])

    def _angles(self, k: int, sines: NDArray | None, limit: NDArray | None, values: NDArray) -> None:
        """The angle so far, and dashed what it comes to; both end where rounding begins."""
        shown, far = (np.full(LAST + 1, np.nan) if line is None else line for line in (sines, limit))
        shown = np.where(shown >= 1e-6, shown, np.nan)
        self.sine.set_data(np.arange(LAST + 1), shown)
        self.sine_now.set_data(*([], []) if np.isnan(shown[k]) else ([k], [shown[k]]))
        self.limit.set_data(np.arange(LAST + 1), np.where(np.isfinite(far), np.maximum(far, 1e-9), np.nan))
        self.slope.set_text("" if sines is None else said_slope(values))

    def _lengths(self, k: int, path_log: NDArray, power_log: NDArray, bases: tuple[float, float]) -> None:
        steps, low, high = np.arange(LAST + 1), -12, 12  # in powers of ten; the frame cuts them off
        for artist, log in ((self.norm, path_log), (self.most, power_log)):
            artist.set_data(steps, 10 ** np.clip(log / LOG, low, high))
        for artist, base in zip(self.bounds, bases, strict=True):
            artist.set_data(steps, np.clip(float(base) ** steps, 10.0**low, 10.0**high))
        inside = abs(path_log[k]) <= 4 * LOG
        self.norm_now.set_data([k] if inside else [], [np.exp(path_log[k])] if inside else [])

    def _numbers(self, M: NDArray, values: NDArray, bases: tuple[float, float], departure: float) -> None:
        lines = [
            WORDS["eigenvalues"].format(values=said(values)),
            WORDS["measures"].format(*bases),
            WORDS["departure"].format(departure),
            WORDS["matrix"].format(*map(signed, M.flat)),
        ]
        self.values.set_text("\n".join(lines))


def tips(directions: NDArray, logs: NDArray, zoom: float | None) -> NDArray:
    """Where arrows (m,2) end: at length 1, or with a zoom at their true length over it."""
    return directions if zoom is None else np.exp(np.clip(logs, -50, 5))[:, None] * directions / zoom


def said(values: NDArray) -> str:
    """Two eigenvalues, a pair by modulus and angle."""
    if np.iscomplexobj(values):
        return WORDS["pair"].format(abs(values[0]), np.degrees(np.angle(values[0])))
    return WORDS["two"].format(*map(signed, values))


def said_length(log: float) -> str:
    """A length whose logarithm is given; as a power of ten where it is too far from 1."""
    if np.isneginf(log):
        return "0"
    return WORDS["power of ten"].format(log / LOG) if abs(log) > 9 else number(float(np.exp(log)))


def said_slope(values: NDArray) -> str:
    """How fast the angle falls."""
    if values[0] == values[1]:
        return WORDS["like 1/k"]
    return WORDS["like a power"].format(abs(values[1] / values[0]))


def nearness(sines: NDArray | None, k: int) -> str:
    """How near the arrow is to the eigenline."""
    if sines is None:
        return WORDS["no eigenline"]
    return WORDS["nothing left"] if np.isnan(sines[k]) else WORDS["sine"].format(sines[k])
