"""The panel of the graph: every state lights what it says, and the loss goes along with the last step."""

from math import comb

import pytest

from bpttlib.experiments.graph import ALL
from bpttlib.panels.graph import GraphPanel
from bpttlib.unrolling import SHARED


@pytest.fixture(scope="module")
def panel():
    return GraphPanel()


@pytest.mark.parametrize("parameter", SHARED)
def test_every_state_lights_what_it_says(panel, parameter):
    for T in (1, 2, 5, 8):
        panel.set(**panel.start)
        panel.set(T=T, parameter=parameter)
        for t in range(1, T + 1):
            panel.set(t=t)
            for path in [value for _, value in panel.controls["path"].options]:
                panel.set(path=path)
                shown = panel.experiment(**panel.state)
                assert not panel.trouble
                assert len(shown["chosen"]) == (len(shown["found"]) if path == ALL else 1)
                assert f"{len(shown['found'])} path" in panel.picture.alt
                assert shown["in_all"] == (T if parameter == "W_qh" else comb(T + 1, 2))
    panel.set(**panel.start)


def test_next_step_unrolls_one_more_and_stops_at_the_last(panel):
    panel.set(**panel.start)
    for T in (4, 5, 6, 7, 8, 8):
        panel.next_step.click()
        assert panel.state["T"] == panel.state["t"] == T  # the loss goes along with the last step
    assert panel.next_step.disabled
    panel.set(**panel.start)
    assert not panel.next_step.disabled


def test_a_loss_in_the_middle_stays_where_it_is(panel):
    panel.set(T=6, t=2, path=1)
    panel.next_step.click()
    assert (panel.state["t"], panel.state["path"]) == (2, 1)
    panel.controls["T"].value = 1
    assert (panel.state["t"], panel.state["path"]) == (1, 1)
    panel.set(**panel.start)
