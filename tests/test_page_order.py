"""The cells of a page may be run again, and in any order after a first run: what one reads, one other cell defines."""

import ast
import symtable
from collections import defaultdict
from functools import cache

import nbformat
import pytest
from pages import NOTEBOOKS, names_in

PAGES = sorted(path.name for path in NOTEBOOKS.glob("0*.ipynb"))


@cache
def cells(page):
    """The statements of each cell."""
    sources = [cell.source for cell in nbformat.read(NOTEBOOKS / page, as_version=4).cells if cell.cell_type == "code"]
    return [ast.parse(source).body for source in sources]


@cache
def defined(statement):
    """The names that a statement leaves behind; those inside a comprehension or a function are gone."""
    found = symtable.symtable(ast.unparse(statement), "cell", "exec").get_symbols()
    return {symbol.get_name() for symbol in found if symbol.is_assigned() or symbol.is_imported()}


def needed(cell):
    """What a cell reads that it has not defined before."""
    known, found = set(), set()
    for statement in cell:
        caught = {node.name for node in ast.walk(statement) if isinstance(node, ast.ExceptHandler)}
        found |= names_in(statement)[1] - known - caught
        known |= defined(statement)
    return found


def ambiguous(page):
    """Names that a cell reads from elsewhere, and that different statements define in several cells."""
    meanings = defaultdict(dict)
    for n, cell in enumerate(cells(page)):
        for statement in cell:
            for name in defined(statement):
                same = ("import", names_of(statement)[name]) if names_of(statement) else ast.unparse(statement)
                meanings[name].setdefault(same, n)
    read = set().union(*map(needed, cells(page)))
    return {name for name in read if len(set(meanings[name].values())) > 1}


def names_of(statement):
    """What an import brings, name → what it is called there; nothing for another statement."""
    if not isinstance(statement, ast.Import | ast.ImportFrom):
        return {}
    return {alias.asname or alias.name: (getattr(statement, "module", ""), alias.name) for alias in statement.names}


@pytest.mark.parametrize("page", PAGES)
def test_what_a_cell_reads_has_one_meaning_on_the_page(page):
    assert not ambiguous(page)


@pytest.mark.parametrize("page", PAGES)
def test_nothing_grows_when_a_cell_is_run_again(page):
    """No cell adds to what it has not made itself."""
    for cell in cells(page):
        known = set()
        for statement in cell:
            grows = isinstance(statement, ast.AugAssign) and names_in(statement)[0] - known
            assert not grows, ast.unparse(statement)
            known |= defined(statement)


@pytest.mark.parametrize("page", PAGES)
def test_dice_have_a_seed(page):
    calls = [node for cell in cells(page) for part in cell for node in ast.walk(part) if isinstance(node, ast.Call)]
    assert all(call.args or call.keywords for call in calls if ast.unparse(call.func).endswith("default_rng"))
