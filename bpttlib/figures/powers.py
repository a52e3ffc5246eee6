"""Powers of a 2×2 matrix, watched: arrows falling into line, or not; their angle and their length."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from ..experiments.powers import FAN, LAST, NEAR, Followed, Measured
from ..powers import Growth, Motion, NoLine, Orbit, Regime
from .arrows import arrows
from .live import Picture
from .numbers import raised, signed
from .style import INK, PALE, SMALL, A, C, tint

__all__ = ["PowersPicture"]

REACH = 1.3  # the plane runs from -REACH to REACH
FARTHEST = 8.0  # true lengths: the plane is made smaller until the longest fits, but not more than that
STEPS = np.arange(LAST + 1)
LOG = np.log(10)
DASHED = (0, (3, 1.5))
GREEN = "#007A59"  # C, dark enough for text
SHADES = np.linspace(0.45, 0.75, len(FAN)).astype(str).tolist()  # so that the eye can follow a fan that turns

WORDS = {
    "plane": r"$(W_{hh}^\top)^k$ · an error",
    "at": "k = {k}     length of the orange arrow: {length}",
    "start": "k = 0, the start; circles: the orange arrow's way",
    "dominant": "v₁  dominant eigenvector",
    "turning": "another matrix",
    "never": "a complex pair:\nit never falls into line",
    "angle": "angle to v₁ (as |sin|)",
    "no line": "no line to fall onto:\n{why}",
    "like 1/k": "dashed: like 1/k, no faster",
    "like a power": "dashed: ×{:.2f} a step, |λ₂/λ₁|",
    "length": "length of the orange arrow",
    "k": "k  (steps back)",
    "lengths": "dashed: ×{:.2f} a step, ρ; grey: longest of all",
    "regime": "{growth}, {motion}",
    "nothing in the end": "in the end nothing is left",
    "like k": "in the end all grow, but only like k, and {}",
    "pair": "{:.2f} at ±{:.0f}°",
    "of the pair": "eigenvalues {}",
    "two": "{}, {}",
    "nothing left": "nothing is left",
    "sine": "|sin| {:.2g} to v₁",
    "said": "{regime}: eigenvalues {values}, ρ = {radius:.2f}. At k = {k} the orange "
    "arrow has length {length}; {near}. Beside it, a complex pair turns.",
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
ENDS = {
    Growth.VANISHING: "in the end all shrink and {}",
    Growth.BORDER: "in the end none vanishes or explodes; all {}",
    Growth.EXPLODING: "in the end all grow and {}",
}
DIRECTIONS = {
    Motion.ROTATING: "turn for ever",
    Motion.ALIGNING: "fall onto v₁",
    Motion.REFLECTING: "fall onto v₁, flipping",
    Motion.SWAPPING: "swap between two lines",
    Motion.UNIFORM: "keep to their lines",
    Motion.DEFECTIVE: "slowly fall onto v₁",
}
NO_LINE = {
    NoLine.ALL_ZERO: "every eigenvalue is 0",
    NoLine.PAIR: "a complex pair has\nno real eigenvector",
    NoLine.OPPOSITE: "λ and −λ are equally large",
    NoLine.SEVERAL: "one eigenvalue,\nevery line an eigenline",
}


class PowersPicture(Picture):
    """Left M^k on a fan of arrows, and a fan that only turns; right the angle to v₁ and the length of one of them."""

    inches = (9.6, 4.5)

    def build(self) -> None:
        self.plane(self.axes(0.05, 0.2, 3.5, 3.5))
        self.turning(self.axes(3.9, 1.15, 1.6, 1.6))
        self.angle(self.axes(6.4, 2.65, 3.0, 1.3))
        self.length(self.axes(6.4, 0.5, 3.0, 1.3))

    def plane(self, ax: Axes) -> None:
        frame(ax, REACH)
        self.figure.text(0.012, 0.985, WORDS["plane"], fontsize=13, fontweight="bold", va="top")
        self.regime = self.words(0.012, 0.91, self.figure, fontweight="bold", va="top")
        self.at = self.words(0.012, 0.86, self.figure, va="top")
        self.circle = self.moving(ax.plot([], [], color=PALE, lw=1.5)[0])
        self.line = self.moving(ax.plot([], [], color=tint(C, 0.6), lw=5, solid_capstyle="butt")[0])
        self.second = self.moving(ax.plot([], [], color=tint(C, 0.6), lw=2, ls=(0, (1, 2)))[0])
        self.fan, self.trail, self.arrow = polygons(self, ax, SHADES), strokes(self, ax), polygons(self, ax, A)
        self.dots = self.moving(ax.plot([], [], ".", color=tint(A, 0.65), ms=7)[0])
        self.ahead = circles(self, ax)
        look = {"ls": "", "color": GREEN, "mew": 0, "ms": 14}  # as markers: drawn in a tenth of the time of a text
        self.names = [self.moving(ax.plot([], [], marker=name, **look)[0]) for name in ("$v_1$", "$v_2$")]
        self.named = self.words(0.0, -0.005, ax, transform=ax.transAxes, color=GREEN, fontsize=SMALL, va="top")

    def turning(self, ax: Axes) -> None:
        frame(ax, 1.1)
        ax.plot(*circle(1), color=PALE, lw=1.5)
        ax.set_title(WORDS["turning"], fontweight="bold", pad=34)
        ax.text(0.0, 1.03, WORDS["never"], transform=ax.transAxes, fontsize=SMALL)
        self.turning_fan, self.turning_arrow = polygons(self, ax, SHADES), polygons(self, ax, A)
        self.turning_ahead = circles(self, ax)

    def angle(self, ax: Axes) -> None:
        over_k(ax, WORDS["angle"], (1e-6, 3), [1e-6, 1e-4, 1e-2, 1])
        self.limit = self.moving(ax.plot([], [], color=C, lw=2, ls=DASHED)[0])
        self.sine, self.sine_now = curve(self, ax)
        self.slope = self.words(0.0, 1.05, ax, transform=ax.transAxes, fontsize=SMALL)
        middle = {"transform": ax.transAxes, "ha": "center", "va": "center", "linespacing": 1.4}
        self.why = self.words(0.5, 0.5, ax, fontsize=SMALL, **middle)

    def length(self, ax: Axes) -> None:
        over_k(ax, WORDS["length"], (1e-4, 1e4), [1e-4, 1e-2, 1, 1e2, 1e4])
        ax.axhline(1, color=PALE, lw=1, zorder=0)
        self.most = self.moving(ax.plot([], [], color=tint(INK, 0.42), lw=4.5)[0])
        self.power = self.moving(ax.plot([], [], color=C, lw=2, ls=DASHED)[0])
        self.norm, self.norm_now = curve(self, ax)
        ax.set_xlabel(WORDS["k"])
        self.radius = self.words(0.0, 1.05, ax, transform=ax.transAxes, fontsize=SMALL)

    def show(
        self,
        k: int,
        matrix: Measured,
        arrow: Followed,
        fan: Orbit,
        turning: NDArray,
        true_length: bool,
    ) -> str:
        zoom = min(FARTHEST, np.exp(min(arrow.most.max(), 50))) if true_length else None
        self._lines(zoom or 1, matrix)
        self.fan.set_verts(arrows(tips(fan, zoom), 0.018, 0.10))
        self._path(k, tips(arrow.orbit, zoom))
        self.turning_fan.set_verts(arrows(turning[0, :-1], 0.03, 0.16))
        self.turning_arrow.set_verts(arrows(turning[0, -1:], 0.07, 0.28))
        self.turning_ahead.set_data(*turning[1:, -1].T)
        self._angles(k, arrow, matrix)
        self._lengths(k, arrow, matrix)
        self.regime.set_text(said_end(matrix))
        length = raised(float(np.exp(arrow.orbit.log_norm[k])))
        self.at.set_text(WORDS["at" if k else "start"].format(k=k, length=length))
        seen = {"k": k, "length": length, "near": nearness(arrow.sines, matrix.dominant.why, k)}
        about = {"values": said(matrix.values), "radius": matrix.spectral_radius}
        return WORDS["said"].format(regime=named(matrix.regime), **about, **seen)

    def _lines(self, zoom: float, matrix: Measured) -> None:
        """The unit circle, and the lines of the eigenvectors that there are, each with its name at one end."""
        self.circle.set_data(*circle(1 / zoom))
        lines = first, second = matrix.dominant.vector, matrix.second
        for artist, v in zip((self.line, self.second), lines, strict=True):
            artist.set_data(*([], []) if v is None else np.outer(v, [-2, 2]))
        self.named.set_text("" if first is None else WORDS["dominant"])
        apart = None if second is None else -second if first @ second > 0 else second
        for name, end, other in zip(self.names, (first, apart), (second, first), strict=True):
            name.set_data(*([], []) if end is None else beside(end, other)[:, None])

    def _path(self, k: int, path: NDArray) -> None:
        """The arrow that stands out, where its tip has been in the last twelve steps and will be in the next."""
        self.arrow.set_verts(arrows(path[k : k + 1], 0.05, 0.2))
        past = path[max(0, k - NEAR) : k + 1]
        self.dots.set_data(*past[:-1].T)
        self.ahead.set_data(*path[k + 1 : k + 1 + NEAR].T)
        self.trail.set_segments(list(np.stack([past[:-1], past[1:]], axis=1)))
        self.trail.set_color([tint(A, 0.15 + 0.5 * s) for s in np.linspace(0, 1, max(1, len(past) - 1))])

    def _angles(self, k: int, arrow: Followed, matrix: Measured) -> None:
        """The angle so far, and dashed what it comes to; both end where rounding begins. Or why there is none."""
        shown, far = (np.full(LAST + 1, np.nan) if line is None else line for line in (arrow.sines, arrow.limit))
        shown = np.where(shown >= 1e-6, shown, np.nan)
        self.sine.set_data(STEPS, shown)
        self.sine_now.set_data(*([], []) if np.isnan(shown[k]) else ([k], [shown[k]]))
        self.limit.set_data(STEPS, np.where(np.isfinite(far), np.maximum(far, 1e-9), np.nan))
        why = matrix.dominant.why
        self.slope.set_text(said_slope(matrix.values, why))
        self.why.set_text(WORDS["no line"].format(why=NO_LINE[why]) if why else "")

    def _lengths(self, k: int, arrow: Followed, matrix: Measured) -> None:
        low, high = -12, 12  # in powers of ten; the frame cuts them off
        log = arrow.orbit.log_norm
        for line, logs in ((self.norm, log), (self.most, arrow.most)):
            line.set_data(STEPS, 10 ** np.clip(logs / LOG, low, high))
        self.radius.set_text(WORDS["lengths"].format(matrix.spectral_radius))
        self.power.set_data(STEPS, np.clip(matrix.spectral_radius**STEPS, 10.0**low, 10.0**high))
        inside = abs(log[k]) <= 4 * LOG
        self.norm_now.set_data([k] if inside else [], [np.exp(log[k])] if inside else [])


# ---- its parts ----------------------------------------------------------------------------------


def frame(ax: Axes, reach: float) -> None:
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), xticks=[], yticks=[])
    ax.spines[:].set_visible(False)


def over_k(ax: Axes, title: str, limits: tuple[float, float], ticks: list[float]) -> None:
    """Axes over k with a logarithmic scale, and room for a line below the title."""
    ax.set(yscale="log", ylim=limits, xlim=(-0.5, LAST + 0.5))
    ax.set_yticks(ticks)
    ax.minorticks_off()
    ax.set_title(title, fontweight="bold", pad=17)


def polygons(picture: Picture, ax: Axes, colours: str | list[str]) -> PolyCollection:
    """Room for arrows."""
    return ax.add_collection(picture.moving(PolyCollection([], facecolors=colours, edgecolors="none")), autolim=False)


def strokes(picture: Picture, ax: Axes) -> LineCollection:
    return ax.add_collection(picture.moving(LineCollection([], linewidths=2)), autolim=False)


def circles(picture: Picture, ax: Axes) -> Line2D:
    """Where an arrow will be in the next steps."""
    return picture.moving(ax.plot([], [], "o", mec=tint(A, 0.65), mfc="white", ms=4, clip_on=False)[0])


def curve(picture: Picture, ax: Axes) -> tuple[Line2D, Line2D]:
    """The orange arrow's curve over k, and the place on it where k is."""
    whole, now = ax.plot([], [], color=A, lw=2.5)[0], ax.plot([], [], "o", color=A, ms=8, clip_on=False)[0]
    return picture.moving(whole), picture.moving(now)


def circle(radius: float) -> NDArray:
    """Points (2,200) of a circle round 0."""
    turn = np.linspace(0, 2 * np.pi, 200)
    return radius * np.array([np.cos(turn), np.sin(turn)])


def beside(v: NDArray, other: NDArray | None) -> NDArray:
    """Where the name of the line of v stands: beside its end, outside the circle, away from the other line."""
    across = np.array([-v[1], v[0]])
    away = other is not None and (across @ other) * (v @ other) > 0
    return 1.17 * v + 0.16 * (-across if away else across)


def tips(orbit: Orbit, zoom: float | None) -> NDArray:
    """Where arrows (m,2) end: at length 1, or with a zoom at their true length over it."""
    if zoom is None:
        return orbit.direction
    return np.exp(np.clip(orbit.log_norm, -50, 5))[:, None] * orbit.direction / zoom


# ---- its words ----------------------------------------------------------------------------------


def named(regime: Regime) -> str:
    """What becomes of lengths, and of directions."""
    return WORDS["regime"].format(growth=GROWTH[regime.growth], motion=MOTION[regime.motion])


def said_end(matrix: Measured) -> str:
    """The same as a sentence about the arrows; where ρ = 0 they have neither length nor direction in the end."""
    growth, motion = matrix.regime.growth, matrix.regime.motion
    if matrix.dominant.why is NoLine.ALL_ZERO:
        return WORDS["nothing in the end"]
    like_k = growth is Growth.BORDER and motion is Motion.DEFECTIVE
    return (WORDS["like k"] if like_k else ENDS[growth]).format(DIRECTIONS[motion])


def said(values: NDArray) -> str:
    """Two eigenvalues, a pair by modulus and angle."""
    if np.iscomplexobj(values):
        return WORDS["pair"].format(abs(values[0]), np.degrees(np.angle(values[0])))
    return WORDS["two"].format(*map(signed, values))


def said_slope(values: NDArray, why: NoLine | None) -> str:
    """How fast the angle falls; of a pair, how it turns; nothing where there is no line for another reason."""
    if why:
        return WORDS["of the pair"].format(said(values)) if why is NoLine.PAIR else ""
    if values[0] == values[1]:
        return WORDS["like 1/k"]
    return WORDS["like a power"].format(abs(values[1] / values[0]))


def nearness(sines: NDArray | None, why: NoLine | None, k: int) -> str:
    """How near the arrow is to v₁, or that there is none."""
    if sines is None:
        return WORDS["no line"].format(why=NO_LINE[why]).replace("\n", " ")
    return WORDS["nothing left"] if np.isnan(sines[k]) else WORDS["sine"].format(sines[k])
