"""The panel of bias against variance at equal cost."""

from ..experiments import tradeoff
from ..figures.tradeoff import TradeoffPicture
from .base import Panel
from .controls import Choice, Range, Steps

__all__ = ["BUDGETS", "TradeoffPanel"]

BUDGETS = {  # what is counted: where the slider of the budget starts, and its ends
    "paths_per_loss": (5, 2, 14),
    "mean_products": (22, 3, 110),
    "states_held": (6, 4, 29),
}
COUNTED = {"paths per loss": "paths_per_loss", "Jacobian products": "mean_products", "states held": "states_held"}
AVERAGED = [*(digit * 10**k for k in range(6) for digit in (1, 2, 5)), 10**6]
CONTROLS = (
    Choice("cost", "cost:", "paths_per_loss", COUNTED),
    Range("budget", "", "at most", *BUDGETS["paths_per_loss"]),
    Steps("averaged", "n", "averaged", 1, AVERAGED),
    Range("spectral_radius", "ρ", "scale of W_hh", 0.9, 0.1, 2.0, 0.05),
)


class TradeoffPanel(Panel):
    """Who is nearest at equal cost, for one gradient and for the mean of many."""

    def __init__(self):
        rows = [["cost", "budget"], ["averaged", "spectral_radius"]]
        super().__init__(CONTROLS, tradeoff.run, TradeoffPicture, rows)

    def fit(self, moved: str) -> None:
        """Another cost has another budget."""
        if moved == "cost":
            slider = self.controls["budget"]
            start, low, high = BUDGETS[self.controls["cost"].value]
            slider.min, slider.max = min(low, slider.min), max(high, slider.max)
            slider.value = start
            slider.min, slider.max = low, high
