"""How every test is run: on how many threads, what hypothesis may do, and what of a page is compared."""

import gc
import os

import pytest
from hypothesis import settings

from tests.optional import installed, needs_torch

# Two workers and their kernels on two cores: more threads for our small matrices would only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy is imported

# The same cases on every machine, however slow it is; a failing one is printed so that it can be run again.
settings.register_profile("course", deadline=None, derandomize=True, database=None, print_blob=True)
settings.load_profile("course")


def pytest_collectstart(collector):
    """The pages run under strict nbval, if what they need is installed; only what no reader needs is not compared."""
    if collector.fspath and collector.fspath.ext == ".ipynb":
        collector.skip_compare += ("stderr",)  # the kernel greets there, in words that change with its version
        if needs_torch(collector.path):
            collector.add_marker(installed)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session):
    """What is loaded to collect the tests stays to the end: the search for garbage need not go through it again.

    Nor so often through what the tests keep, panels and what SymPy remembers: it took a twelfth of their time.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(50_000)
        gc.enable()


LONGEST = ["test_browser.py", "test_derivation.py", "test_panels.py"]


def pytest_collection_modifyitems(items):
    """What takes longest first, so that two workers end together: the longest files, the pages, all others."""
    order = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: (order.get(item.path.name, len(order)), item.path.suffix != ".ipynb"))
