"""The files around the course agree with each other."""

import ast
import re
import runpy
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import distributions, packages_distributions
from pathlib import Path

import nbformat
import pytest
import yaml
from optional import needs_torch

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(p for p in (ROOT / "notebooks").rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts)
COURSE = [page for page in PAGES if page.parent.name == "notebooks"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def normal(name):
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", name)[0]).lower()


def pins():
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if line and line[0] != "#"]
    return {normal(line.split("==")[0]): line for line in lines}


def test_constraints_pin_exact_versions_without_addresses():
    for line in pins().values():
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", line), line


def test_constraints_pin_every_dependency():
    wanted = [*PROJECT["dependencies"], *sum(PROJECT["optional-dependencies"].values(), [])]
    assert {normal(name) for name in wanted} <= pins().keys()


def imported(source):
    """The packages that a source imports anywhere, its own course's apart."""
    nodes = list(ast.walk(ast.parse(source)))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names


def test_the_parser_sees_every_kind_of_import():
    source = "import os, yaml.nodes as y\nfrom . import base\ndef late():\n    from PIL.Image import open"
    assert imported(source) == {"yaml", "PIL"}


given_by = cache(packages_distributions)
OWN = {"bpttlib", "tests", "tools", "benchmarks", *(path.stem for path in (ROOT / "tests").glob("*.py"))}


@pytest.mark.parametrize(
    ("folder", "extras"), [("bpttlib", ["torch"]), *((f, ["torch", "test"]) for f in ("tests", "tools", "benchmarks"))]
)
def test_what_is_imported_is_declared(folder, extras):
    """In the package what everyone installs; `torch` stays optional everywhere."""
    wanted = [*PROJECT["dependencies"], *(name for extra in extras for name in PROJECT["optional-dependencies"][extra])]
    declared = {normal(name) for name in wanted}
    for path in (ROOT / folder).rglob("*.py"):
        for name in imported(path.read_text(encoding="utf-8")) - OWN:
            assert {normal(found) for found in given_by().get(name, [name])} & declared, f"{path}: {name}"


def test_environment_agrees_with_pyproject_and_constraints():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    *conda, from_pip = environment["dependencies"]
    python = next(line for line in conda if line.startswith("python="))
    low = tuple(map(int, re.findall(r"\d+", PROJECT["requires-python"])))
    assert tuple(map(int, re.findall(r"\d+", python))) >= low
    assert from_pip == {"pip": ["-c constraints.txt", "-e ."]}  # so versions and dependencies are those two files'
    assert not {normal(line) for line in conda} & pins().keys(), "a version may be named in one place only"


def test_installed_packages_are_pinned():
    """Whatever the two commands installed into this environment stands in constraints.txt."""
    if Path(sys.prefix) != ROOT / ".venv":
        pytest.skip("only the README's own environment holds nothing but the course's packages")
    installed = {normal(d.metadata["Name"]) for d in distributions()} - {"bpttlib", "pip", "setuptools", "wheel"}
    assert installed <= pins().keys()


def test_ci_runs_the_command_of_the_readme():
    commands = re.findall(r"^(python3 -m venv .*pytest)$", README, re.M)
    assert commands == [
        'python3 -m venv .venv && .venv/bin/pip install -c constraints.txt -e ".[test]" && .venv/bin/pytest'
    ]
    assert "README.md" in (ROOT / ".ci" / "run").read_text()


def test_ci_installs_torch_as_the_readme_says_and_then_skips_nothing_for_it():
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    (command,) = re.findall(r"`(\S+pip install .*\[torch\]\")`", README)
    reads_readme = next(n for n, line in enumerate(lines) if "README.md" in line and line[0] != "#")
    assert lines.index(command) < lines.index("export BPTT_REQUIRE_TORCH=1") < reads_readme


def test_a_skip_for_torch_becomes_a_failure_where_it_is_required(monkeypatch):
    for there, required, missing in (("there", "1", False), ("there", "", False), (None, "", True), (None, "1", False)):
        monkeypatch.setattr("importlib.util.find_spec", lambda name, there=there: there)
        monkeypatch.setenv("BPTT_REQUIRE_TORCH", required)
        assert runpy.run_path(str(ROOT / "tests" / "optional.py"))["MISSING"] is missing


def test_no_test_is_skipped_for_torch_in_another_way():
    """For BPTT_REQUIRE_TORCH would not be heard there."""
    sources = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("*.py")}
    assert not [name for name, source in sources.items() if re.search(r"importorskip\(.torch.", source)]


def test_only_page_09_needs_torch():
    """Where it is missing that page is not run, and says so; every other page runs on what everyone installs."""
    sources = {
        path: [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"] for path in PAGES
    }
    for path, cells in sources.items():
        plain = [line for source in cells for line in source.splitlines() if not line.startswith("%")]
        assert ("torch" in imported("\n".join(plain))) == needs_torch(path), path


def test_readme_names_only_files_that_exist():
    for link in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / link).exists(), link


def test_readme_maps_every_page():
    for page in COURSE:
        assert f"(notebooks/{page.name})" in README


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=" ".join)
def test_ruff_is_clean(command):
    done = subprocess.run([sys.executable, "-m", "ruff", *command, "."], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_page_is_stored_as_run_with_its_pictures(path):
    page = nbformat.read(path, as_version=4)
    code = [cell for cell in page.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert path.stat().st_size < 1_500_000
    view = "application/vnd.jupyter.widget-view+json"
    for output in (output for cell in code for output in cell.outputs):
        assert output.output_type != "error"
        data = output.get("data", {})
        if view in data:
            assert {"image/png", "text/html"} & data.keys(), "a saved widget shows nothing on the web"
            assert data[view]["model_id"] in page.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
        if "image/png" in data:
            assert output.metadata["image/png"]["alt"], "a picture needs words for those who cannot see it"


@pytest.mark.parametrize("path", COURSE, ids=lambda path: path.name)
def test_page_moves_its_sliders_and_keeps_its_cells_short(path):
    page = nbformat.read(path, as_version=4)
    code = [cell for cell in page.cells if cell.cell_type == "code"]
    assert any("moves-every-slider" in cell.metadata.get("tags", []) for cell in code)
    for cell in code:
        lines = [line for line in cell.source.splitlines() if line.strip()]
        assert len(lines) <= 12, cell.source
        assert not cell.source.rstrip().endswith(";")
