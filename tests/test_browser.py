"""Each page that has a panel, as a student meets it: opened in JupyterLab, run, and a hand on its first slider."""

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import ElementHandle, TimeoutError

from tools.lab import Lab, Notebook, browser, chromium

pytestmark = pytest.mark.browser

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
REQUIRED = bool(os.environ.get("BPTT_REQUIRE_BROWSER")) or os.environ.get("CI") == "true"
OWN_FILE = "a file of your own"

# What the kernel holds for every slider with this label, as its readout would name it.
VALUES = """[
    state["_options_labels"][state["index"]] if "_options_labels" in state else state["value"]
    for state in (kept["state"] for kept in __import__("ipywidgets").Widget.get_manager_state()["state"].values())
    if state.get("description") == {label!r}
]"""


def panels(file: Path) -> list[int]:
    """The cells of a page that make a panel."""
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    return [n for n, cell in enumerate(cells) if cell["cell_type"] == "code" and "Panel(" in "".join(cell["source"])]


@pytest.fixture(scope="module")
def opened():
    """Opens one page after the other in the same JupyterLab, as a student goes through the course."""
    if chromium() is None:
        (pytest.fail if REQUIRED else pytest.skip)("no Chromium: put it on the path, or its path in $CHROMIUM")
    with Lab(NOTEBOOKS) as lab, browser() as context:
        tabs = []

        def open_page(file: Path, trusted: bool = False) -> Notebook:
            if trusted:
                lab.trust(file)
            if tabs:
                tabs[0].go_on(lab, file)
            else:
                tabs.append(Notebook(lab, context, file))
            return tabs[0]

        yield open_page


PAGES = [file for file in sorted(NOTEBOOKS.glob("*.ipynb")) if panels(file)]


def test_a_page_as_after_a_clone(opened):
    """When only the stored PNG is trusted; that every panel of every page has one, `test_project` sees to."""
    shows_its_stored_picture(opened(PAGES[-1]))


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_page(opened, file):
    notebook = opened(file, trusted=True)  # as where it was run: the widgets, from their stored state
    try:
        shows_its_stored_picture(notebook, seconds=20)
    except TimeoutError:  # on a busy machine JupyterLab may draw a view before its state is read, and leave it so
        notebook = opened(file, trusted=True)  # a reader, too, would load the page again
        shows_its_stored_picture(notebook)
    assert notebook.run(panels(file)) == []  # what only a browser shows; nbval has run every cell
    slider = notebook.slider()
    a_key_moves_picture_and_kernel(notebook, slider)
    a_drag_ends_with_the_picture_of_its_last_value(notebook, slider)
    a_missing_file_leaves_the_picture(notebook, slider)


def shows_its_stored_picture(notebook: Notebook, seconds: float = 120) -> None:
    """Opened and not yet run, the page shows a picture wherever a panel will be."""
    kinds = [{kind for output in outputs for kind in output.get("data", {})} for outputs in notebook.outputs()]
    stored = [i for i, found in enumerate(kinds) if {"application/vnd.jupyter.widget-view+json", "image/png"} <= found]
    assert stored, "no panel is stored with its picture"
    for i in stored:
        output = notebook.cell_output(i)
        # the words "model not found" may stand there first, until the stored state has been read
        notebook.until("output => lab.picture(output) !== null", output, seconds)
        assert "model not found" not in output.inner_text()


def press(notebook: Notebook, slider: ElementHandle, key: str) -> str:
    """The picture after one more key."""
    slider.focus()
    notebook.page.keyboard.press(key)
    notebook.settle()
    return notebook.picture(slider)


def away_and_back(slider: ElementHandle) -> tuple[str, str]:
    """The arrow key that can move the slider from where it stands, and the opposite one."""
    at_end = slider.evaluate("handle => +handle.ariaValueNow >= +handle.ariaValueMax")
    return ("ArrowLeft", "ArrowRight") if at_end else ("ArrowRight", "ArrowLeft")


def a_key_moves_picture_and_kernel(notebook: Notebook, slider: ElementHandle) -> None:
    asked = VALUES.format(label=slider.evaluate("handle => lab.label(handle)"))
    values, picture = notebook.ask(asked), notebook.picture(slider)
    away, _ = away_and_back(slider)
    assert press(notebook, slider, away) != picture
    (moved,) = [new for old, new in zip(values, notebook.ask(asked), strict=True) if new != old]
    readout = slider.evaluate("handle => lab.readout(handle)")
    if isinstance(moved, str):
        assert moved == readout
    else:
        digits = len(readout.partition(".")[2])
        assert float(readout) == pytest.approx(moved, abs=0.501 * 10**-digits)


def a_drag_ends_with_the_picture_of_its_last_value(notebook: Notebook, slider: ElementHandle) -> None:
    """However many values were passed over."""
    track, mouse = slider.evaluate("lab.track"), notebook.page.mouse
    mouse.move(track["x"], track["y"])
    mouse.down()
    for share in [0.1, 0.9, 0.2, 0.8, 0.5]:
        mouse.move(track["left"] + share * (track["right"] - track["left"]), track["y"], steps=6)
    mouse.up()
    notebook.settle()
    final = notebook.picture(slider)
    away, back = away_and_back(slider)
    other = press(notebook, slider, away)
    assert press(notebook, slider, back) == final != other


def a_missing_file_leaves_the_picture(notebook: Notebook, slider: ElementHandle) -> None:
    """Where the panel reads files: one readable line, and the picture before it stays."""
    area = slider.evaluate_handle("lab.area").as_element()
    menu = area.query_selector(f"select:has(option:text('{OWN_FILE}'))")
    if menu is None:
        return
    menu.select_option(label=OWN_FILE)
    notebook.settle()
    picture = notebook.picture(slider)
    path = area.wait_for_selector("input[placeholder*='path']")
    path.fill("no_such_file.txt")
    path.press("Enter")
    line = area.wait_for_selector("[role=status]:has-text('no_such_file.txt')")
    notebook.settle()
    assert "\n" not in line.inner_text().strip()
    assert notebook.picture(slider) == picture
