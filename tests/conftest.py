"""Every picture that a test looks at has been drawn: panels keep none, and none of them sleeps."""

import pytest

from bpttlib.panels import alive, base


@pytest.fixture(autouse=True, scope="session")
def draws_every_picture():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base, "PICTURES", 0)
        patch.setattr(alive, "AT_MOST", 1000)
        yield
