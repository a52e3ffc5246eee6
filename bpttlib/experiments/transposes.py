"""The five products of the backward sweep as shapes, the right way and with the transpose forgotten."""

from dataclasses import dataclass

from .._checks import as_count

__all__ = ["MatrixProduct", "Shape", "backward_products", "run"]

Shape = tuple[int, int]


@dataclass(frozen=True)
class MatrixProduct:
    """left · right, which should have the shape `wanted`; vectors are columns (n,1) or rows (1,n).

    name  what it contributes to: a parameter's gradient, or h_t, from its "own loss" or from "later".
    """

    name: str
    left: str
    left_shape: Shape
    right: str
    right_shape: Shape
    wanted: Shape

    @property
    def result(self) -> Shape | None:
        """The shape that comes out, None if nothing does."""
        fits = self.left_shape[1] == self.right_shape[0]
        return (self.left_shape[0], self.right_shape[1]) if fits else None

    @property
    def fits(self) -> bool:
        """Whether a check of shapes lets it pass."""
        return self.result == self.wanted

    @property
    def scalar(self) -> bool:
        """Whether two single numbers are multiplied: then a transpose changes nothing."""
        return self.left_shape == self.right_shape == (1, 1)

    @property
    def unnoticed(self) -> bool:
        """Whether it fits with its transpose forgotten, and means something else."""
        return self.fits and not self.scalar


def run(d: int, h: int, q: int, forgotten: bool) -> dict:
    """List the five products as "matrix_products", with their transposes or, if `forgotten`, without."""
    return {"matrix_products": backward_products(d, h, q, forgotten), "forgotten": forgotten}


def backward_products(d: int, h: int, q: int, forgotten: bool = False) -> list[MatrixProduct]:
    """List what the sweep multiplies, for sizes d, h, q of input, state and output.

        ∂L/∂o_t h_tᵀ    W_qhᵀ ∂L/∂o_t    W_hhᵀ δ_{t+1}    δ_t x_tᵀ    δ_t h_{t-1}ᵀ

    forgotten  drop the transpose of a matrix, and turn u vᵀ into v uᵀ.
    Raises ValueError or TypeError unless the sizes are whole numbers from 1 on.

    >>> [product.name for product in backward_products(2, 3, 4, forgotten=True) if product.fits]
    ['later', '∂L/∂W_hh']
    """
    d, h, q = as_count("d", d), as_count("h", h), as_count("q", q)
    return [
        outer("∂L/∂W_qh", "∂L/∂oₜ", q, "hₜ", h, forgotten),
        back("own loss", "W_qh", (q, h), "∂L/∂oₜ", q, forgotten),
        back("later", "W_hh", (h, h), "δₜ₊₁", h, forgotten),
        outer("∂L/∂W_hx", "δₜ", h, "xₜ", d, forgotten),
        outer("∂L/∂W_hh", "δₜ", h, "hₜ₋₁", h, forgotten),
    ]


def outer(name: str, column: str, n: int, row: str, m: int, forgotten: bool) -> MatrixProduct:
    if forgotten:
        return MatrixProduct(name, row, (m, 1), f"{column}ᵀ", (1, n), (n, m))
    return MatrixProduct(name, column, (n, 1), f"{row}ᵀ", (1, m), (n, m))


def back(name: str, matrix: str, shape: Shape, column: str, n: int, forgotten: bool) -> MatrixProduct:
    if forgotten:
        return MatrixProduct(name, matrix, shape, column, (n, 1), (shape[1], 1))
    return MatrixProduct(name, f"{matrix}ᵀ", shape[::-1], column, (n, 1), (shape[1], 1))
