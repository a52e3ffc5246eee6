"""Who may import whom: mathematics, experiments, figures, panels and checking; an arrow never runs upward."""

import ast
import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest
from drawn import FROM_TORCH, cases
from within import within

import bpttlib

PACKAGE = Path(bpttlib.__file__).parent
WIDGETS = {"ipywidgets", "IPython"}
HEAVY = {"sympy", "matplotlib", *WIDGETS}
FLOORS = ("experiments", "figures", "panels", "checking")
GRADIENTS = {
    "bptt",
    "checkpoints",
    "crossings",
    "sweep",
    "tape",
    "moments",
    "numerical",
    "paths",
    "longlag",
    "lyapunov",
    "attention",
    "balancing",
    "after_estimate",
    "forward_mode",
    "scan",
    "best_dice",
    "autograd",
    "pytorch",
}  # a figure works none of them out


def floor(name: str) -> list[Path]:
    return sorted((PACKAGE / name).glob("*.py"))


def above(name: str) -> set[str]:
    """The floors that a floor must not know: those above it, of which panels and checking are one."""
    first = 0 if name in ("mathematics", "derivation") else 1 + FLOORS.index(name)
    return {f"bpttlib.{one}" for one in FLOORS[first:]}


FORBIDDEN = {
    "mathematics": above("mathematics") | HEAVY | {"bpttlib.derivation"},
    "derivation": above("derivation") | HEAVY - {"sympy"},
    "experiments": above("experiments") | HEAVY,
    "figures": above("figures") | WIDGETS | {f"bpttlib.{name}" for name in GRADIENTS} | {"bpttlib.gradient", "sympy"},
    "panels": {"numpy", "matplotlib", "sympy", "bpttlib.checking"},  # a panel computes nothing and draws nothing
}
MODULES = [(name, path) for name in FORBIDDEN for path in floor("" if name == "mathematics" else name)]


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


@within("name, path", MODULES)
def test_no_arrow_runs_upward(name, path):
    assert not forbidden(path, FORBIDDEN[name])


@pytest.mark.parametrize(
    "name, module",
    [
        ("mathematics", "rnn"),
        ("derivation", "chain"),
        ("experiments", "reading"),
        ("figures", "live"),
        ("panels", "base"),
    ],
)
def test_the_files_of_every_floor_are_found(name, module):
    assert (name, module) in {(name, path.stem) for name, path in MODULES}


def modules_of(name: str) -> list[str]:
    return [f"bpttlib.{name}.{path.stem}" for path in floor(name)]


IMPORTED = {
    "bpttlib": ["bpttlib"],
    "controls": ["bpttlib.panels.controls"],
    "from torch": [f"bpttlib.experiments.{stem}" for stem in sorted(FROM_TORCH)],
    "experiments": modules_of("experiments"),
    "figures": modules_of("figures"),
}  # in this order, by one Python, so that it is started only once


@pytest.fixture(scope="module")
def loaded() -> dict[str, set[str]]:
    """What is in memory after each of these imports and all above it, by the first name."""
    lines = [
        f"import {', '.join(modules)}; print(*{{name.partition('.')[0] for name in sys.modules}})"
        for modules in IMPORTED.values()
    ]
    code = "\n".join(["import sys", *lines])
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    return {name: set(line.split()) for name, line in zip(IMPORTED, run.stdout.splitlines(), strict=True)}


def test_import_bpttlib_loads_nothing_heavy(loaded):
    assert {"bpttlib", "numpy"} <= loaded["bpttlib"] and not loaded["bpttlib"] & HEAVY


def test_controls_are_known_without_a_widget(loaded):
    assert not loaded["controls"] & HEAVY


def test_experiments_need_no_pictures_and_figures_no_widgets(loaded):
    """Whatever they import in turn."""
    assert "sympy" in loaded["experiments"] and not loaded["experiments"] & (HEAVY - {"sympy"})
    assert "matplotlib" in loaded["figures"] and not loaded["figures"] & WIDGETS


# ---- one stem a picture ---------------------------------------------------------------------------


def classes(floor: str, kind: str) -> dict[str, type]:
    """stem → the class in floor/stem.py whose name ends so."""
    found = {}
    for path in (PACKAGE / floor).glob("[!_]*.py"):
        module = importlib.import_module(f"bpttlib.{floor}.{path.stem}")
        for name, one in inspect.getmembers(module, inspect.isclass):
            if name.endswith(kind) and name != kind and one.__module__ == module.__name__:
                assert path.stem not in found, f"two of them in {path}"
                found[path.stem] = one
    return found


PANELS, PICTURES = classes("panels", "Panel"), classes("figures", "Picture")


def keywords(function) -> set[str]:
    return {name for name in inspect.signature(function).parameters if name != "self"}


@within("stem", PICTURES)
def test_every_picture_has_its_experiment(stem):
    assert PICTURES[stem].__name__.lower() == f"{stem.replace('_', '')}picture"
    assert callable(importlib.import_module(f"bpttlib.experiments.{stem}").run)


@pytest.mark.parametrize("stem", cases(PANELS))
def test_every_panel_has_its_picture_and_its_experiment(stem, monkeypatch):
    monkeypatch.setattr(PANELS[stem], "draw", lambda self: None)  # the pictures have their own tests
    panel, experiment = PANELS[stem](), importlib.import_module(f"bpttlib.experiments.{stem}")
    assert PANELS[stem].__name__.lower() == f"{stem.replace('_', '')}panel"
    assert panel.experiment is experiment.run and type(panel.picture) is PICTURES[stem]
    assert keywords(experiment.run) == set(panel.controls)
    start = panel.start | {name: 10 for name in panel.start if name == "updates"}  # it starts with hundreds of them
    assert set(experiment.run(**start)) == keywords(PICTURES[stem].show)


def test_the_stems_are_those_of_the_course():
    pages = "triangle graph derivation constant sweep transposes powers spectrum clipping truncation variance tradeoff"
    pages += " balancing growing recall training gates forgetting checkpoints forward scan valve"
    assert set(PANELS) == {*pages.split(), "bylag", "dice", "lags"}
    stills = (
        "memory cancellation regimes efficiency sums ways cost trained seeds taus sunspots attention lyapunov million"
    )
    stills += " rank_one seven best_dice minimal scan_times retained"
    assert set(PICTURES) == {*PANELS, *stills.split()}


def test_what_needs_torch_is_what_asks_it(loaded):
    sources = {path.stem: path.read_text(encoding="utf-8") for path in floor("experiments")}
    asked = {"bpttlib.autograd", "bpttlib.pytorch", "bpttlib._torch"}
    asks = {stem for stem, source in sources.items() if asked & imports(source, ("bpttlib", "experiments"))}
    assert asks == FROM_TORCH and "torch" not in loaded["from torch"]
