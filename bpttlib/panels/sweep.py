"""The panels of the backward page: step through one sweep, and see which transposes the shapes force."""

from ..efficiency import carried_paths, products_so_far, scalar_problem
from ..figures.shapes import ShapesPicture
from ..figures.sweep import STEPS, SweepPicture
from ..shapes import backward_products
from .base import Panel, choice, player, slider, stepper

__all__ = ["ShapesPanel", "SweepPanel"]


def swept(walked: int, w: float) -> dict:
    """What `SweepPicture` shows in this state."""
    _, direct, _, _ = scalar_problem(STEPS, w)
    paths, delta = carried_paths(w, direct)
    products = products_so_far(STEPS, walked)
    return {"w": w, "walked": walked, "paths": paths, "delta": delta, "direct": direct, "products": products}


class SweepPanel(Panel):
    """Next, back and play along the sweep; drag w to see the paths fade or grow."""

    def __init__(self):
        walked = slider("n  steps walked back", 4, 0, STEPS)
        controls = {"walked": walked, "w": slider("w  weight of the past", 0.8, -1.2, 1.2, 0.05)}
        super().__init__(controls, swept, SweepPicture, [["walked", player(walked, 1000), *stepper(walked)], ["w"]])


def shaped(d: int, h: int, q: int, forgotten: bool) -> dict:
    """What `ShapesPicture` shows in this state."""
    return {"products": backward_products(d, h, q, forgotten), "forgotten": forgotten}


class ShapesPanel(Panel):
    """Forget the transposes, choose the sizes, and see what still fits."""

    def __init__(self):
        controls = {
            "d": slider("d  size of the input", 2, 1, 6),
            "h": slider("h  size of the state", 3, 1, 6),
            "q": slider("q  size of the output", 4, 1, 6),
            "forgotten": choice(False, [("as it should be", False), ("transposes forgotten", True)]),
        }
        super().__init__(controls, shaped, ShapesPicture, [["forgotten"], ["d", "h"], ["q"]])
