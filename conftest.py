"""How every test is run: what hypothesis may do, and what of a page is compared."""

from hypothesis import settings

# The same cases on every machine, however slow it is; a failing one is printed so that it can be run again.
settings.register_profile("course", deadline=None, derandomize=True, database=None, print_blob=True)
settings.load_profile("course")


def pytest_collectstart(collector):
    """The pages run under strict nbval; only what no reader needs is left out of the comparison."""
    if collector.fspath and collector.fspath.ext == ".ipynb":
        collector.skip_compare += ("stderr",)  # the kernel greets there, in words that change with its version


def pytest_collection_modifyitems(items):
    """What takes longest first, so that two workers end together: the pages in the browser, then those without."""
    items.sort(key=lambda item: (item.path.name != "test_browser.py", item.path.suffix != ".ipynb"))
