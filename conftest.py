"""The pages run under strict nbval; only what no reader needs is left out of the comparison."""


def pytest_collectstart(collector):
    if collector.fspath and collector.fspath.ext == ".ipynb":
        collector.skip_compare += ("stderr",)  # the kernel greets there, in words that change with its version
