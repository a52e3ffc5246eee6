"""Every picture that a test looks at has been drawn: panels keep none."""

import pytest

from bpttlib.panels import base


@pytest.fixture(autouse=True, scope="session")
def draws_every_picture():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base, "PICTURES", 0)
        yield
