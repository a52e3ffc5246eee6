"""Run what the exercises of a page need, outside Jupyter, and see what it hands to the checker."""

import ast
import tempfile
from collections.abc import Callable
from contextlib import chdir, redirect_stdout
from copy import deepcopy
from dataclasses import dataclass
from functools import cache, cached_property
from io import StringIO
from pathlib import Path
from unittest import mock

import nbformat

from bpttlib.checking import Verdict, check
from tests.within import within

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"


@dataclass(frozen=True)
class Exercise:
    """What stands in the page as the answer, and its judge."""

    answer: Callable
    spec: Callable
    cases: list
    rest: dict

    def judge(self, answer: Callable) -> Verdict:
        return check(answer, self.remembered, self.cases, **self.rest)

    @cached_property
    def remembered(self) -> Callable:
        """The spec, which is slow, run once for each case."""
        wanted = {repr(case): self.spec(*deepcopy(case)) for case in self.cases}
        assert len(wanted) == len(self.cases), "no case is asked twice"
        return lambda *case: wanted[repr(case)]


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
    """The cells with a check in them, and the statements before that define what they use; so no panel is made."""
    wanted, kept = set(), []
    for source in reversed(sources):
        for statement in reversed(ast.parse(source).body):
            defined, used = names_in(statement)
            if "check(" in source or defined & wanted:
                kept.insert(0, ast.unparse(statement))
                wanted = (wanted - defined) | used
    return kept


def names_in(statement: ast.stmt) -> tuple[set[str], set[str]]:
    """(the names that a statement gives a value, those it needs from elsewhere)."""
    nodes = list(ast.walk(statement))
    stored = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    stored |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    loaded = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}, loaded - stored
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}, set()
    if isinstance(statement, ast.AugAssign):
        return stored, loaded | stored
    return stored, loaded - stored


def each(table: dict[str, list[Callable]]) -> Callable:
    """For a test of (name, answer): go through every answer in a table of those to the exercises."""
    cases = [(name, n, answer) for name, answers in table.items() for n, answer in enumerate(answers)]
    labels = [f"{name}-{n}-{getattr(answer, '__name__', '')}" for name, n, answer in cases]
    return within("name, answer", [(name, answer) for name, _, answer in cases], labels)
