"""What holds for the exercises of all pages: the stub and what stands there is rejected, the solution is right."""

import ast
from functools import partial
from pathlib import Path

import nbformat
import numpy as np
import pytest
from optional import installed
from within import within

import bpttlib
from tests.pages import NOTEBOOKS, exercises, names_in, needed

NAMES = {
    "01_unrolling": ["column", "my_loss", "my_shares", "my_pair"],
    "02_recurrence": [
        *("my_recurrence", "my_paths", "my_closed_form", "notebook_1", "notebook_2", "notebook_3"),
        *("my_regime", "my_largest"),
    ],
    "03_backward": ["sweep_back", "lab_states", "lab_bias", "first_state", "more_for_b_h"],
    "04_powers": ["symmetric_power", "alignment", "name"],
    "05_truncation": ["window_weights", "walk", "dice_variance"],
    "07_gates": ["gru_step", "leaky_jacobian", "lstm_step", "bias_for", "predicted"],
    "08_other_ways": ["compose", "doubling_scan", "states_needed", "swept"],
    "09_detach_in_pytorch": ["blocks_by_detach", "lstm_in_blocks", "touched", "path_weight"],
}
MARKS = {"09_detach_in_pytorch": installed}
PAGES = [pytest.param(page, marks=MARKS.get(page, ()), id=page) for page in NAMES]


def every_exercise(test):
    """For a test of (page, name): one for each page, which goes through its exercises."""

    @pytest.mark.parametrize("page", PAGES)
    def of_page(page):
        within("name", NAMES[page])(partial(test, page=page))()

    return of_page


WITH_A_BUG = {
    *("notebook_1", "notebook_2", "notebook_3", "my_regime", "lab_states", "lab_bias", "walk", "lstm_step"),
    *("doubling_scan", "blocks_by_detach", "lstm_in_blocks"),
}


def task(page, name):
    return exercises(f"{page}.ipynb")[name]


def solution(page, name):
    return exercises(f"solutions/{page}.ipynb")[name]


@pytest.mark.parametrize("page", PAGES)
def test_every_exercise_has_a_solution(page):
    assert list(exercises(f"{page}.ipynb")) == list(exercises(f"solutions/{page}.ipynb")) == NAMES[page]


@every_exercise
def test_what_stands_in_the_page_is_rejected(page, name):
    verdict = task(page, name).judge(task(page, name).answer)
    assert not verdict.right and verdict.name == name
    assert (verdict.text == "not written yet") == (name not in WITH_A_BUG)


@every_exercise
def test_the_solution_is_accepted_by_the_page_and_by_its_own_judge(page, name):
    answer = solution(page, name).answer
    assert task(page, name).judge(answer).right
    assert solution(page, name).judge(answer).right


@every_exercise
def test_both_judges_ask_for_the_same(page, name):
    one, other = task(page, name), solution(page, name)
    assert repr(one.cases) == repr(other.cases)
    assert one.rest.keys() == other.rest.keys() and one.rest.get("loops") == other.rest.get("loops")
    for case in one.cases if callable(one.rest.get("at_most")) else []:
        assert one.rest["at_most"](*case) == other.rest["at_most"](*case)


CLOTHES = {
    "list": lambda found: found.tolist(),
    "array": lambda found: found,
    "tuple": lambda found: tuple(found.tolist()) if found.ndim else found[()],
    "objects": lambda found: found.astype(object),
}
RAGS = {
    "nothing": lambda found: None,
    "generator": lambda found: (entry for entry in found.reshape(-1)),
    "dict": lambda found: dict(enumerate(found.reshape(-1))),
    "text": lambda found: f"it is {found}",
    "one dimension more": lambda found: found[None],
    "last entry lost": lambda found: found[:-1] if found.ndim else [],
    "complex": lambda found: found + 0j if found.dtype.kind in "biufc" else 0j,
    "NaN": lambda found: np.full(found.shape, np.nan),
    "ragged": lambda found: [[1], [1, 2]],
}


def dressed(answer, clothes):
    return lambda *case: clothes(np.asarray(answer(*case)))


@every_exercise
@within("clothes", CLOTHES)
def test_a_right_answer_may_come_as_a_list_a_tuple_or_an_array(page, name, clothes):
    answer = dressed(solution(page, name).answer, CLOTHES[clothes])
    assert task(page, name).judge(answer).right


@every_exercise
@within("clothes", RAGS)
def test_right_numbers_in_what_is_no_list_are_refused(page, name, clothes):
    answer = dressed(solution(page, name).answer, RAGS[clothes])
    verdict = task(page, name).judge(answer)
    assert not verdict.right and "Traceback" not in verdict.text


@every_exercise
def test_the_cases_are_fixed_and_small(page, name):
    """A learner can follow them by hand: the first cases are shown in full, and nothing is drawn at random."""
    verdict = task(page, name).judge(lambda *case: None)
    assert "array (" not in verdict.text and " of " not in verdict.text
    sources = [cell.source for cell in nbformat.read(NOTEBOOKS / f"{page}.ipynb", as_version=4).cells]
    assert not any("check(" in source and "default_rng" in source for source in sources)


@every_exercise
def test_no_judge_shows_the_answer(page, name):
    """The spec is no lambda that a learner reads by accident, and no function that the page has told to use; where
    more than numbers is demanded, it fails itself."""
    cells = nbformat.read(NOTEBOOKS / f"{page}.ipynb", as_version=4).cells
    source = next(cell.source for cell in cells if cell.cell_type == "code" and f"check({name}," in flat(cell.source))
    call = next(node for node in ast.walk(ast.parse(source)) if is_check_of(node, name))
    assert isinstance(call.args[1], ast.Name), "the spec has a name, and stands elsewhere"
    exercise = task(page, name)
    assert exercise.spec not in vars(bpttlib).values()
    if exercise.rest.keys() & {"loops", "at_most"}:
        assert exercise.judge(exercise.spec).text.startswith("is right, but")


def flat(source):
    return source.replace("check(\n    ", "check(")


def is_check_of(node, name):
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "check" and node.args[0].id == name


def test_only_what_an_exercise_needs_is_run():
    sources = [
        "a = 1; z = a",
        "b = a",
        "c = 2",
        "p = Panel()",
        "def f(x):\n    p = b\n    return x",
        "b += 1\ncheck(f)",
    ]
    assert needed([*sources, "a = 3"]) == [
        *("a = 1", "b = a", "def f(x):\n    p = b\n    return x", "b += 1", "check(f)")
    ]
    assert names_in(ast.parse("import numpy.linalg as la, os.path").body[0]) == ({"la", "os"}, set())
    assert names_in(ast.parse("y = [g(v) for v in w]").body[0]) == ({"y", "v"}, {"g", "w"})
    assert names_in(ast.parse("class C(B):\n    a = b\n    def f(self):\n        return self").body[0]) == (
        *({"C"}, {"B", "b"}),
    )


@pytest.mark.parametrize("path", sorted(Path(__file__).parent.glob("test_exercises*.py")), ids=lambda path: path.name)
def test_no_page_is_run_when_the_tests_are_collected(path):
    """Only functions, which run later, ask for an exercise."""
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        now = statement.decorator_list if isinstance(statement, ast.FunctionDef) else [statement]
        called = {getattr(node.func, "id", "") for part in now for node in ast.walk(part) if isinstance(node, ast.Call)}
        assert not called & {"exercises", "task", "tasks", "solution", "verdict"}
