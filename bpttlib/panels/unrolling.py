"""The panel of the unrolled graph."""

import ipywidgets as W

from ..figures.graph import LONGEST, GraphPicture
from ..unrolling import PARAMETERS, paths_to_loss
from .base import Panel, choice, slider, slider_of

__all__ = ["GraphPanel"]

ALL = "all together"


def lit(T: int, t: int, parameter: str, path: int | str) -> dict:
    """What `GraphPicture` shows in this state."""
    found = paths_to_loss(T, parameter, t)
    chosen = found if path == ALL else [one for one in found if one[1][1] == path]
    in_all = sum(len(paths_to_loss(T, parameter, step)) for step in range(1, T + 1))
    return {"T": T, "t": t, "parameter": parameter, "found": found, "chosen": chosen, "in_all": in_all}


def used_at(t: int) -> list:
    return [(ALL, ALL), *((f"used at i = {i}", i) for i in range(1, t + 1))]


class GraphPanel(Panel):
    """Unroll the network step by step and light up the paths from a parameter to a loss."""

    def __init__(self):
        controls = {
            "T": slider("T  steps", 3, 1, LONGEST),
            "t": slider("t  loss step", 3, 1, 3),
            "path": slider_of("path", ALL, used_at(3)),
            "parameter": choice("W_hh", list(PARAMETERS)),
        }
        unroll = W.Button(description="next step", icon="step-forward", tooltip="unroll one more time step")
        unroll.on_click(lambda _: setattr(controls["T"], "value", controls["T"].value % LONGEST + 1))
        controls["T"].observe(self._fewer_losses, "value")
        controls["t"].observe(self._fewer_paths, "value")
        rows = [["T", unroll], ["t", "path"], [W.Label("paths from"), "parameter"]]
        super().__init__(controls, lit, GraphPicture, rows)

    def _fewer_losses(self, change) -> None:
        """The loss moves along with the last step."""
        held, self._held = self._held, True
        try:
            t = self.controls["t"]
            was_last = t.value == t.max
            t.max = change.new
            t.value = change.new if was_last else t.value
        finally:
            self._held = held

    def _fewer_paths(self, change) -> None:
        """Only steps up to t can be felt at t."""
        held, self._held = self._held, True
        try:
            path = self.controls["path"]
            before = path.value
            path.options = used_at(change.new)
            path.value = before if before in range(1, change.new + 1) else ALL
        finally:
            self._held = held
