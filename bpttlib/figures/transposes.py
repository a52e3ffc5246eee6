"""The five products of the sweep as boxes, so that one sees what fits."""

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ..experiments.transposes import MatrixProduct, Shape
from .live import Picture
from .style import FULL, LARGE, NORMAL, QUIET, SMALL, A, B, C, tint

__all__ = ["TransposesPicture"]

UNIT = 0.12  # inches a row or column
SLOTS = (0.49, 1.51, 2.55)  # centres of left, right and result, in inches from the left of the cell
CELL = (3.05, 1.92)  # inches
MIDDLE = 1.14  # of the boxes, in inches from the bottom of the cell
FILL = {"W_hh": C, "δₜ": A, "∂L/∂oₜ": B}

WORDS = {
    "heading": (
        "Every transpose in its place: all five products fit",
        "Transposes forgotten or misplaced: which does a check of shapes catch?",
    ),
    "sizes": "inner sizes must agree,\nouter sizes are the result",
    "wanted": "the shape that is wanted",
    "own loss": "to hₜ from its own loss",
    "later": "to hₜ from later",
    "shape": "{} × {}",
    "nothing": "nothing",
    "fits": "fits",
    "numbers": "single numbers: no mistake",
    "unnoticed": "not caught: fits, and is wrong",
    "wrong shape": "caught: {} × {} is wanted",
    "error": "caught: inner sizes {} and {}",
    "all fit": "As it should be: all {n} products fit.",
    "forgotten": "Transposes forgotten: {wrong} of {n} products fit all the same and are wrong{which}.",
}


class TransposesPicture(Picture):
    """One cell per product: left · right = result, and whether the shapes would let it pass."""

    inches = (9.6, 4.3)

    def build(self) -> None:
        place = {"transform": self.figure.dpi_scale_trans, "va": "center"}
        self.heading = self.words(0.1, 4.13, self.figure, fontsize=LARGE, fontweight="bold", **place)
        corners = [(0.08 + 3.2 * column, 1.98 * row) for row in (1, 0) for column in range(3)]
        self.cells = [Cell(self, x, y) for x, y in corners[:5]]
        self.key(*corners[5])

    def key(self, x: float, y: float) -> None:
        """When shapes fit, and what a dashed box says."""
        ax = inches(self, x, y)
        words = {"fontsize": SMALL, "va": "center", "color": QUIET, "linespacing": 1.4}
        ax.text(0.35, MIDDLE, WORDS["sizes"], **words)
        ax.text(0.98, 0.61, WORDS["wanted"], **words)
        ax.add_patch(Rectangle((0.35, 0.5), 0.45, 0.22, fill=False, ec=FULL, ls="--", lw=1.2))

    def show(self, matrix_products: list[MatrixProduct], forgotten: bool) -> str:
        for cell, product in zip(self.cells, matrix_products, strict=True):
            cell.set(product, forgotten)
        n = len(matrix_products)
        self.heading.set_text(WORDS["heading"][forgotten])
        if not forgotten:
            return WORDS["all fit"].format(n=n)
        wrong = [title(product) for product in matrix_products if product.unnoticed]
        which = ": " + "; ".join(wrong) if wrong else ""
        return WORDS["forgotten"].format(wrong=len(wrong), n=n, which=which)


class Cell:
    """The boxes of one product."""

    def __init__(self, picture: Picture, x: float, y: float):
        self.ax = inches(picture, x, y)
        self.frame = self.box(picture, fill=False, lw=2.5)
        self.frame.set(xy=(0.03, 0.03), width=CELL[0] - 0.06, height=CELL[1] - 0.06)
        self.boxes = [self.box(picture, lw=1.2) for _ in SLOTS]
        self.wanted = self.box(picture, fill=False, lw=1.2, ls="--")
        centre = {"ha": "center", "va": "center"}
        self.title = picture.words(0.13, 1.73, self.ax, fontsize=NORMAL, fontweight="bold", va="center")
        self.names = [picture.words(slot, 0.53, self.ax, fontsize=SMALL, **centre) for slot in SLOTS]
        self.verdict = picture.words(0.13, 0.18, self.ax, fontsize=SMALL, va="center")
        for middle, sign in ((1.0, "·"), (2.03, "=")):
            self.ax.text(middle, MIDDLE, sign, fontsize=16, **centre)

    def box(self, picture: Picture, **look) -> Rectangle:
        return picture.moving(self.ax.add_patch(Rectangle((0, 0), 0, 0, ec=FULL, **look)))

    def set(self, product: MatrixProduct, forgotten: bool) -> None:
        self.title.set_text(title(product))
        factors = [(product.left, product.left_shape), (product.right, product.right_shape), ("", product.result)]
        for slot, box, name, (letter, shape) in zip(SLOTS, self.boxes, self.names, factors, strict=True):
            place(box, slot, shape)
            box.set_facecolor(fill(letter))
            name.set_text(f"{letter}\n{WORDS['shape'].format(*shape)}" if shape else WORDS["nothing"])
        place(self.wanted, SLOTS[2], None if product.fits else product.wanted)
        caught_not = forgotten and product.unnoticed
        self.frame.set_visible(caught_not)
        self.verdict.set_text(verdict(product) if forgotten else WORDS["fits"])
        self.verdict.set_fontweight("bold" if caught_not else "normal")


def inches(picture: Picture, x: float, y: float) -> Axes:
    """Bare axes of the size of a cell, in which an inch is one."""
    ax = picture.axes(x, y, *CELL, xlim=(0, CELL[0]), ylim=(0, CELL[1]))
    ax.set_axis_off()
    return ax


def title(product: MatrixProduct) -> str:
    """What it contributes to."""
    return WORDS.get(product.name, product.name)


def verdict(product: MatrixProduct) -> str:
    """What becomes of a product whose transpose is forgotten."""
    if product.scalar:
        return WORDS["numbers"]
    if product.fits:
        return WORDS["unnoticed"]
    if product.result:
        return WORDS["wrong shape"].format(*product.wanted)
    return WORDS["error"].format(product.left_shape[1], product.right_shape[0])


def place(box: Rectangle, slot: float, shape: Shape | None) -> None:
    """A box of this shape in the middle of its slot."""
    height, width = (UNIT * n for n in shape or (0, 0))
    box.set(xy=(slot - width / 2, MIDDLE - height / 2), width=width, height=height)


def fill(letter: str) -> tuple:
    """The colour of its role, pale."""
    return next((tint(colour, 0.35) for name, colour in FILL.items() if letter.startswith(name)), tint(FULL, 0.1))
