"""The experiment behind the unrolled graph: what is lit is what was asked for, and counted by the triangle."""

from math import comb

import pytest

from bpttlib.experiments.graph import ALL, run, used_at
from bpttlib.unrolling import SHARED


@pytest.mark.parametrize("parameter", SHARED)
@pytest.mark.parametrize("T", range(1, 9))
def test_the_graph_lights_one_path_for_every_use_up_to_the_loss(parameter, T):
    for t in range(1, T + 1):
        uses = [t] if parameter == "W_qh" else list(range(1, t + 1))
        shown = run(T, t, parameter, ALL)
        assert used_at(parameter, t) == uses
        assert shown["chosen"] == shown["found"] and len(shown["found"]) == len(uses)
        for i in uses:
            (path,) = run(T, t, parameter, i)["chosen"]
            assert path[0] == (parameter, 0) and path[1] == ("g" if parameter == "W_qh" else "f", i)
            assert path[-1] == ("l", t) and sum(name == "h" for name, _ in path) == (t - i + 1) * (parameter != "W_qh")
        assert shown["in_all"] == (T if parameter == "W_qh" else comb(T + 1, 2))


def test_a_graph_without_steps_is_refused():
    for T, t in ((0, 1), (3, 4)):
        with pytest.raises(ValueError, match="must be"):
            run(T, t, "W_hh", ALL)
