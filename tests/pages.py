"""Run the code of a page outside Jupyter, and see what it hands to the checker."""

import re
import tempfile
from contextlib import chdir
from pathlib import Path
from unittest import mock

import nbformat

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
NEITHER = r"Panel\(|move_all\(\)|Picture\("  # panels and clocks: the exercises need none


def exercises(page: str) -> dict:
    """What the page hands to `check`, by the name of the answer: (answer, spec, cases, tolerance)."""
    given = {}

    def noted(answer, spec, cases, tolerance=1e-12):
        given[answer.__name__] = answer, spec, cases, tolerance

    names = {}
    with mock.patch("bpttlib.check.check", noted), tempfile.TemporaryDirectory() as folder, chdir(folder):
        for cell in nbformat.read(NOTEBOOKS / page, as_version=4).cells:
            if cell.cell_type == "code" and not re.search(NEITHER, cell.source):
                exec(cell.source, names)
    return given
