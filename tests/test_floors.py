"""Who may import whom: mathematics knows no pictures, pictures know no widgets."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import bpttlib

PACKAGE = Path(bpttlib.__file__).parent
WIDGETS = {"ipywidgets", "IPython"}
HEAVY = {"sympy", "matplotlib", *WIDGETS}
DERIVATION = sorted((PACKAGE / "derivation").glob("*.py"))
MATHEMATICS = sorted(PACKAGE.glob("*.py")) + DERIVATION
PICTURES = sorted((PACKAGE / "figures").rglob("*.py"))


def imports(source: str, package: tuple[str, ...] = ("bpttlib",)) -> set[str]:
    """Every module that the source imports anywhere, by its full dotted name."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return found


def forbidden(path: Path, names: set[str]) -> set[str]:
    package = ("bpttlib", *path.relative_to(PACKAGE).parts[:-1])
    return {
        module
        for module in imports(path.read_text(encoding="utf-8"), package)
        if any(module == name or module.startswith(name + ".") for name in names)
    }


def test_the_parser_sees_every_kind_of_import():
    source = """
import matplotlib.pyplot as plt, numpy
from IPython import display
from .panels import base
from . import figures
def late():
    import sympy
"""
    found = imports(source)
    assert {"matplotlib.pyplot", "numpy", "IPython.display", "bpttlib.panels.base", "bpttlib.figures"} <= found
    assert "sympy" in found
    assert "bpttlib.rnn.RNN" in imports("from ..rnn import RNN", ("bpttlib", "figures"))


@pytest.mark.parametrize("path", MATHEMATICS, ids=lambda path: path.name)
def test_mathematics_knows_neither_pictures_nor_widgets(path):
    names = HEAVY | {"bpttlib.figures", "bpttlib.panels", "bpttlib.checking"}
    assert not forbidden(path, names - {"sympy"} if path in DERIVATION else names)


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.name)
def test_pictures_know_no_widgets(path):
    assert not forbidden(path, WIDGETS | {"bpttlib.panels", "bpttlib.checking"})


def test_the_files_are_found():
    assert {"rnn.py", "bptt.py", "moments.py"} <= {path.name for path in MATHEMATICS}


def test_import_bpttlib_loads_nothing_heavy():
    code = "import sys, bpttlib; print(*{module.partition('.')[0] for module in sys.modules})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    loaded = set(run.stdout.split())
    assert {"bpttlib", "numpy"} <= loaded and not loaded & HEAVY
