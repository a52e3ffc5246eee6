"""The five products of the sweep as boxes, so that one sees what fits."""

from matplotlib.patches import Rectangle

from ..shapes import Product, Shape
from .live import Picture
from .style import FULL, NORMAL, QUIET, SMALL, A, B, C, tint

__all__ = ["ShapesPicture"]

UNIT = 0.135  # inches a row or column
SLOTS = (0.62, 1.72, 2.98)  # centres of left, right and result, in inches from the left of the cell
FILL = {"W_hh": C, "δₜ": A, "∂L/∂oₜ": B}


class ShapesPicture(Picture):
    """One cell per product: left · right = result, and whether the shapes would let it pass."""

    inches = (11.6, 4.5)

    def build(self) -> None:
        corners = [(0.15 + 3.85 * column, 2.3 * row) for row in (1, 0) for column in range(3)]
        self.cells = [Cell(self, x, y) for x, y in corners[:5]]
        x, y = corners[5]
        note = self.figure.text((x + 0.2) / 11.6, (y + 1.55) / 4.5, "", fontsize=NORMAL, va="top", linespacing=1.5)
        note.set_text("a box: rows × columns\ninner sizes must agree,\nouter sizes are the result")
        note.set_color(QUIET)

    def show(self, products: list[Product], forgotten: bool) -> str:
        for cell, product in zip(self.cells, products, strict=True):
            cell.set(product, forgotten)
        if not forgotten:
            return f"As it should be: all {len(products)} products fit."
        wrong = [product.name for product in products if unnoticed(product)]
        told = ": " + "; ".join(wrong) if wrong else ""
        return f"Transposes forgotten: {len(wrong)} of {len(products)} products fit all the same and are wrong{told}."


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

    def set(self, product: Product, forgotten: bool) -> None:
        self.title.set_text(product.name)
        result = product.result
        boxes = [(product.left, product.left_shape), (product.right, product.right_shape), ("", result)]
        for slot, box, name, (letter, shape) in zip(SLOTS, self.boxes, self.names, boxes, strict=True):
            place(box, slot, shape)
            box.set_facecolor(fill(letter))
            name.set_text(f"{letter}\n{shape[0]} × {shape[1]}" if shape else "nothing")
        if not forgotten:
            self.verdict.set_text("fits")
        elif product.scalar:
            self.verdict.set_text("numbers: nothing to transpose")
        elif product.fits:
            self.verdict.set_text("fits, and is wrong")
        elif result:
            self.verdict.set_text(f"wrong shape: {product.wanted[0]} × {product.wanted[1]} is wanted")
        else:
            self.verdict.set_text(f"an error: inner sizes {product.left_shape[1]} and {product.right_shape[0]}")
        self.verdict.set_fontweight("bold" if forgotten and unnoticed(product) else "normal")


def unnoticed(product: Product) -> bool:
    """With its transpose forgotten it fits, and means something else."""
    return product.fits and not product.scalar


def place(box: Rectangle, slot: float, shape: Shape | None) -> None:
    """A box of this shape in the middle of its slot."""
    height, width = (UNIT * n for n in shape or (0, 0))
    box.set(xy=(slot - width / 2, 1.2 - height / 2), width=width, height=height)


def fill(letter: str) -> tuple:
    """The colour of its role, pale."""
    return next((tint(colour, 0.35) for name, colour in FILL.items() if letter.startswith(name)), tint(FULL, 0.1))
