"""The five products of the sweep as boxes, so that one sees what fits."""

from matplotlib.patches import Rectangle

from ..experiments.transposes import MatrixProduct, Shape
from .live import Picture
from .style import FULL, NORMAL, QUIET, SMALL, A, B, C, tint

__all__ = ["TransposesPicture"]

UNIT = 0.135  # inches a row or column
SLOTS = (0.62, 1.72, 2.98)  # centres of left, right and result, in inches from the left of the cell
FILL = {"W_hh": C, "δₜ": A, "∂L/∂oₜ": B}

WORDS = {
    "note": "a box: rows × columns\ninner sizes must agree,\nouter sizes are the result",
    "own loss": "to hₜ from its own loss",
    "later": "to hₜ from later",
    "shape": "{} × {}",
    "nothing": "nothing",
    "fits": "fits",
    "numbers": "numbers: nothing to transpose",
    "unnoticed": "fits, and is wrong",
    "wrong shape": "wrong shape: {} × {} is wanted",
    "error": "an error: inner sizes {} and {}",
    "all fit": "As it should be: all {n} products fit.",
    "forgotten": "Transposes forgotten: {wrong} of {n} products fit all the same and are wrong{which}.",
}


class TransposesPicture(Picture):
    """One cell per product: left · right = result, and whether the shapes would let it pass."""

    inches = (11.6, 4.5)

    def build(self) -> None:
        corners = [(0.15 + 3.85 * column, 2.3 * row) for row in (1, 0) for column in range(3)]
        self.cells = [Cell(self, x, y) for x, y in corners[:5]]
        x, y = corners[5]
        note = self.figure.text((x + 0.2) / 11.6, (y + 1.55) / 4.5, "", fontsize=NORMAL, va="top", linespacing=1.5)
        note.set_text(WORDS["note"])
        note.set_color(QUIET)

    def show(self, matrix_products: list[MatrixProduct], forgotten: bool) -> str:
        for cell, product in zip(self.cells, matrix_products, strict=True):
            cell.set(product, forgotten)
        n = len(matrix_products)
        if not forgotten:
            return WORDS["all fit"].format(n=n)
        wrong = [title(product) for product in matrix_products if product.unnoticed]
        which = ": " + "; ".join(wrong) if wrong else ""
        return WORDS["forgotten"].format(wrong=len(wrong), n=n, which=which)


class Cell:
    """The boxes of one product."""

    def __init__(self, picture: Picture, x: float, y: float):
        self.ax = picture.axes(x, y, 3.6, 2.1, xlim=(0, 3.6), ylim=(0, 2.1))
        self.ax.set_axis_off()
        centre = {"ha": "center", "va": "center"}
        self.title = picture.words(0.1, 1.95, self.ax, fontsize=NORMAL, fontweight="bold", va="center")
        self.boxes = [picture.moving(self.ax.add_patch(Rectangle((0, 0), 0, 0, ec=FULL, lw=1.2))) for _ in SLOTS]
        self.names = [picture.words(slot, 0.47, self.ax, fontsize=SMALL, **centre) for slot in SLOTS]
        self.verdict = picture.words(0.1, 0.08, self.ax, fontsize=SMALL, va="center")
        for middle, sign in ((1.17, "·"), (2.35, "=")):
            self.ax.text(middle, 1.2, sign, fontsize=16, **centre)

    def set(self, product: MatrixProduct, forgotten: bool) -> None:
        self.title.set_text(title(product))
        factors = [(product.left, product.left_shape), (product.right, product.right_shape), ("", product.result)]
        for slot, box, name, (letter, shape) in zip(SLOTS, self.boxes, self.names, factors, strict=True):
            place(box, slot, shape)
            box.set_facecolor(fill(letter))
            name.set_text(f"{letter}\n{WORDS['shape'].format(*shape)}" if shape else WORDS["nothing"])
        self.verdict.set_text(verdict(product) if forgotten else WORDS["fits"])
        self.verdict.set_fontweight("bold" if forgotten and product.unnoticed else "normal")


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
    box.set(xy=(slot - width / 2, 1.2 - height / 2), width=width, height=height)


def fill(letter: str) -> tuple:
    """The colour of its role, pale."""
    return next((tint(colour, 0.35) for name, colour in FILL.items() if letter.startswith(name)), tint(FULL, 0.1))
