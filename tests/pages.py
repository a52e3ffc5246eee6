"""Run the code of a page outside Jupyter, and see what it hands to the checker."""

import tempfile
from contextlib import chdir
from pathlib import Path
from unittest import mock

import nbformat

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"


def exercises(page: str) -> dict:
    """What the page hands to `check`, by the name of the answer: (answer, spec, cases)."""
    given = {}

    def noted(answer, spec, cases):
        given[answer.__name__] = answer, spec, cases

    names = {}
    with mock.patch("bpttlib.check.check", noted), tempfile.TemporaryDirectory() as folder, chdir(folder):
        for cell in nbformat.read(NOTEBOOKS / page, as_version=4).cells:
            if cell.cell_type == "code" and "Panel(" not in cell.source and "sweep()" not in cell.source:
                exec(cell.source, names)
    return given
