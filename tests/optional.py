"""What needs PyTorch is skipped where it is not installed; with BPTT_REQUIRE_TORCH=1 it is run, and fails there."""

import os
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest

REASON = "needs the optional dependency torch"
MISSING = find_spec("torch") is None and not os.environ.get("BPTT_REQUIRE_TORCH")
installed = pytest.mark.skipif(MISSING, reason=REASON)


def torch_or_skip() -> ModuleType:
    """PyTorch, for a file of tests that is nothing without it."""
    if MISSING:
        pytest.skip(REASON, allow_module_level=True)
    import torch

    torch.set_num_threads(1)  # two workers on two cores: more threads would only wait for each other
    return torch


def needs_torch(page: Path) -> bool:
    """Page 09 and its solutions; no other page imports PyTorch."""
    return page.suffix == ".ipynb" and page.name.startswith("09_")
