"""The examples in the docstrings: they run, and no public name is without one."""

import doctest
import importlib
import linecache
import pkgutil
from pathlib import Path

import pytest
from optional import installed

import bpttlib
from bpttlib import autograd, pytorch

NEED_TORCH = {"bpttlib.autograd", "bpttlib.pytorch"}  # for their examples
MODULES = [found.name for found in pkgutil.walk_packages(bpttlib.__path__, "bpttlib.")]


def case(name):
    return pytest.param(name, marks=installed if name in NEED_TORCH else ())


@pytest.mark.parametrize("name", [case(name) for name in ("bpttlib", *MODULES)])
def test_examples_run(name, capsys):
    linecache.clearcache()  # or doctest would look for each source that was ever read, whether it is still the same
    found = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert not found.failed, capsys.readouterr().out


def test_modules_of_every_folder_are_found():
    assert {"bpttlib.powers", "bpttlib.derivation.typed", "bpttlib.panels.base"} <= set(MODULES)


def test_no_example_is_skipped_in_another_way():
    for path in Path(bpttlib.__file__).parent.rglob("*.py"):
        assert "doctest: +SKIP" not in path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize("module", [bpttlib, autograd, pytorch], ids=lambda module: module.__name__)
def test_a_public_name_is_explained_by_an_example(module):
    for name in module.__all__:
        assert ">>>" in (getattr(module, name).__doc__ or ""), name
