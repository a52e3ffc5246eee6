"""Run what the exercises of a page need, outside Jupyter, and see what it hands to the checker."""

import ast
import builtins
import tempfile
from collections.abc import Callable
from contextlib import chdir, redirect_stdout
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from unittest import mock

import nbformat

from bpttlib.checking import Verdict, check

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"


@dataclass(frozen=True)
class Exercise:
    """What stands in the page as the answer, and its judge."""

    answer: Callable
    spec: Callable
    cases: list
    rest: dict

    def judge(self, answer: Callable) -> Verdict:
        return check(answer, self.spec, self.cases, **self.rest)


@cache
def exercises(page: str) -> dict[str, Exercise]:
    """The exercises of a page, by the name of the answer; the page is run when first asked for."""
    given = {}

    def noted(answer, spec, cases, tolerance=1e-12, **rest):
        given[answer.__name__] = Exercise(answer, spec, cases, {"tolerance": tolerance, **rest})

    sources = [cell.source for cell in nbformat.read(NOTEBOOKS / page, as_version=4).cells if cell.cell_type == "code"]
    names = {}
    with (
        mock.patch("bpttlib.checking.check", noted),
        tempfile.TemporaryDirectory() as folder,
        chdir(folder),
        redirect_stdout(StringIO()),
    ):
        for source in needed(sources):
            exec(source, names)
    return given


def needed(sources: list[str]) -> list[str]:
    """The cells with a check in them, and those before that define what they use; so no panel, and no proof."""
    wanted, kept = set(), []
    for source in reversed(sources):
        defined, used = names_in(source)
        if "check(" in source or defined & wanted:
            kept.insert(0, source)
            wanted = (wanted - defined) | used
    return kept


def names_in(source: str) -> tuple[set[str], set[str]]:
    """(the names that a cell gives a value, those it needs from elsewhere)."""
    defined, used = set(), set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.alias):
            defined.add(node.asname or node.name.partition(".")[0])
        elif isinstance(node, ast.FunctionDef):
            defined.add(node.name)
        elif isinstance(node, ast.Name):
            (defined if isinstance(node.ctx, ast.Store) else used).add(node.id)
    return defined, used - defined - set(dir(builtins))
