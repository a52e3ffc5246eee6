"""How letters are written: the colours of the three, the same on every page (Okabe & Ito), and subscripts."""

__all__ = ["A", "B", "C", "subscript"]

A = "#D55E00"  # a_t, the total derivative
B = "#0072B2"  # b_t, the immediate derivative
C = "#009E73"  # c_t, the Jacobian


def subscript(n: int) -> str:
    """The number in small figures below the line: 10 is ₁₀."""
    return str(n).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
