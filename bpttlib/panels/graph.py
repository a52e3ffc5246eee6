"""The panel of the unrolled graph."""

import ipywidgets as W

from ..experiments.graph import ALL, run, used_at
from ..figures.graph import LONGEST, GraphPicture
from ..unrolling import SHARED
from .base import Panel
from .controls import Choice, Range, Steps

__all__ = ["GraphPanel"]

WORDS = {"all": "all together", "one": "used at i = {}"}


def ways(parameter: str, t: int) -> dict[str, int]:
    """All paths to l_t, and each by the step at which it starts."""
    return {WORDS["all"]: ALL} | {WORDS["one"].format(i): i for i in used_at(parameter, t)}


CONTROLS = (
    Range("T", "T", "steps", 5, 1, LONGEST),
    Range("t", "t", "loss step", 5, 1, 5),
    Steps("path", "", "path", ALL, ways("W_hh", 5)),
    Choice("parameter", "paths from", "W_hh", SHARED),
)


class GraphPanel(Panel):
    """Unroll the network step by step and light up the paths from a parameter to a loss."""

    def __init__(self):
        look = {"icon": "step-forward", "tooltip": "unroll one more time step", "layout": W.Layout(width="auto")}
        self.next_step = W.Button(description="next step", **look)
        self.next_step.on_click(lambda _: self.set(T=min(LONGEST, self.state["T"] + 1)))
        super().__init__(CONTROLS, run, GraphPicture, [[("T", self.next_step), "t"], ["path", "parameter"]])

    def fit(self, moved: str) -> None:
        """The loss moves along with the last step; only steps up to t can be felt at t."""
        T, t, path, parameter = self.controls.values()
        if moved == "T":
            was_last, t.max = t.value == t.max, T.value
            t.value = T.value if was_last else t.value
            self.next_step.disabled = T.value == LONGEST
        before, options = path.value, ways(parameter.value, t.value)
        if tuple(options.items()) != path.options:
            path.options = tuple(options.items())
            path.value = before if before in options.values() else ALL
