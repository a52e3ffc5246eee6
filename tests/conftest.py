"""Every picture that a test looks at is drawn: panels keep none, and none sleeps. What they train is hardly trained.

Nor do they look through all objects of all tests for garbage once they were moved; the pages do, and test_alive.py.
"""

import pytest


@pytest.fixture(autouse=True, scope="session")
def draws_every_picture():
    from bpttlib.panels import alive, base  # here and below: who only shares the work out needs none of it

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base, "PICTURES", 0)
        patch.setattr(alive, "AT_MOST", 1000)
        patch.setattr(base, "give_back", lambda: None)
        yield


@pytest.fixture(autouse=True, scope="session")
def trains_the_map_of_the_lag_task_for_two_updates():
    """For its 96 networks take the time of the whole suite; the page trains them in full."""
    from bpttlib.experiments import recall

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recall, "UPDATES", 2)
        yield


@pytest.fixture(autouse=True, scope="session")
def trains_the_three_cells_for_two_updates():
    """The page trains its 25 networks in full."""
    from bpttlib.experiments import gates

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gates, "UPDATES", 2)
        yield
