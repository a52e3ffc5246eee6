"""The examples in the docstrings: they run, and no public name is without one."""

import doctest
import importlib
import pkgutil

import pytest

import bpttlib

MODULES = [found.name for found in pkgutil.walk_packages(bpttlib.__path__, "bpttlib.")]


@pytest.mark.parametrize("name", ["bpttlib", *MODULES])
def test_examples_run(name, capsys):
    found = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert not found.failed, capsys.readouterr().out


def test_modules_of_every_folder_are_found():
    assert {"bpttlib.powers", "bpttlib.derivation.typed", "bpttlib.panels.base"} <= set(MODULES)


@pytest.mark.parametrize("name", bpttlib.__all__)
def test_a_public_name_is_explained_by_an_example(name):
    assert ">>>" in (getattr(bpttlib, name).__doc__ or ""), name
