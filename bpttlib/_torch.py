"""PyTorch, which is optional: imported here and nowhere else, and not before something is made with it."""

import sys
from types import ModuleType

INSTALL = 'PyTorch is optional and not installed here: pip install -c constraints.txt -e ".[torch]"'


def as_installed() -> ModuleType:
    """PyTorch, or the error that says how to get it."""
    try:
        import torch
    except ImportError:
        raise ImportError(INSTALL) from None
    return torch


def loaded() -> ModuleType | None:
    """PyTorch if anything has imported it; if nothing has, nothing is one of its tensors or layers."""
    return sys.modules.get("torch")


def is_tensor(value: object) -> bool:
    return isinstance(value, getattr(loaded(), "Tensor", ()))
