"""The panel of the unrolled graph."""

import ipywidgets as W

from ..figures.graph import LONGEST, GraphPicture
from ..unrolling import PARAMETERS, computational_graph, paths, paths_to_loss
from .base import Panel, choice, slider, slider_of

__all__ = ["GraphPanel"]

ALL = "all together"


def lit(T: int, t: int, parameter: str, path: int | str) -> dict:
    """What `GraphPicture` shows in this state."""
    found = paths_to_loss(T, parameter, t)
    chosen = found if path == ALL else [one for one in found if one[1][1] == path]
    in_all = len(list(paths(computational_graph(T), (parameter, 0), ("L", 0))))
    return {"T": T, "t": t, "parameter": parameter, "found": found, "chosen": chosen, "in_all": in_all}


def ways(parameter: str, t: int) -> list:
    """All paths to l_t, and each by the step at which it starts."""
    used_at = [path[1][1] for path in paths_to_loss(t, parameter, t)]
    return [(ALL, ALL), *((f"used at i = {i}", i) for i in used_at)]


class GraphPanel(Panel):
    """Unroll the network step by step and light up the paths from a parameter to a loss."""

    def __init__(self):
        controls = {
            "T": slider("T  steps", 3, 1, LONGEST),
            "t": slider("t  loss step", 3, 1, 3),
            "path": slider_of("path", ALL, ways("W_hh", 3)),
            "parameter": choice("W_hh", list(PARAMETERS)),
        }
        self.unroll = W.Button(description="next step", icon="step-forward", tooltip="unroll one more time step")
        self.unroll.on_click(lambda _: setattr(controls["T"], "value", min(LONGEST, controls["T"].value + 1)))
        for name in ("T", "t", "parameter"):
            controls[name].observe(self._fit, "value")
        rows = [["T", self.unroll], ["t", "path"], [W.Label("paths from"), "parameter"]]
        super().__init__(controls, lit, GraphPicture, rows)

    def _fit(self, change) -> None:
        """The loss moves along with the last step; only steps up to t can be felt at t."""
        with self.held():
            T, t, path, parameter = self.controls.values()
            if change.owner is T:
                was_last, t.max = t.value == t.max, T.value
                t.value = T.value if was_last else t.value
                self.unroll.disabled = T.value == LONGEST
            before, options = path.value, ways(parameter.value, t.value)
            if options != list(path.options):
                path.options = options
                path.value = before if before in [value for _, value in options] else ALL
