"""Each page that has a panel, as a student meets it: opened in JupyterLab, run, and a hand on its first slider.

In a window of 1366 x 768 with the file browser open, on a screen with two pixels to each of the page.
"""

import json
import os
import shutil
from pathlib import Path

import nbformat
import pytest
from optional import MISSING, REASON, needs_torch
from playwright.sync_api import ElementHandle, Page

from bpttlib.figures.player import write_page
from bpttlib.figures.powers_player import frames
from tools.lab import Lab, Notebook, browser, chromium

pytestmark = pytest.mark.browser

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
REQUIRED = bool(os.environ.get("BPTT_REQUIRE_BROWSER")) or os.environ.get("CI") == "true"
OWN_FILE = "a file of your own"
UNLUCKY = "0"  # a kernel in which a set of names has a slider's value before its bounds
FOLLOWERS = {"01_unrolling": ("t ", "8"), "02_recurrence": ("line", "14")}  # goes along with the first slider, to there

# What the kernel holds for every slider with this label, as its readout would name it.
VALUES = """[
    state["_options_labels"][state["index"]] if "_options_labels" in state else state["value"]
    for state in (kept["state"] for kept in __import__("ipywidgets").Widget.get_manager_state()["state"].values())
    if state.get("description") == {label!r}
]"""

# What of the panels a student would not see at once, or not sharply; one line each.
FAULTS = """
window.top === window && (window.faults = {
  stored: cells => cells.map(i => lab.notebook().content.widgets[i].node.querySelector('.jp-Cell-outputArea')),
  // A stored view asks for its model for two seconds; JupyterLab reads the stored state when the kernel answers, and
  // then draws again the views that have given up. One whose two seconds end in the moment in which the state is read
  // is forgotten, and says "model not found" until it is drawn again: chance, and no fault of the page.
  lost: () => document.querySelector('.jp-Notebook').textContent.includes('model not found'),
  redraw: cells => cells.map(i => lab.notebook().content.widgets[i].outputArea.model)
    .forEach(outputs => outputs.fromJSON(outputs.toJSON())),
  dull: area => lab.images(area).map(img => img.naturalWidth / img.getBoundingClientRect().width)
    .filter(sharp => sharp < 1.999).map(sharp => `${sharp.toFixed(2)} pixels of the picture to one of the page`),
  outside: (inner, outer) => Math.max(
    outer.left - inner.left, inner.right - outer.right, outer.top - inner.top, inner.bottom - outer.bottom) > 1,
  hidden: (part, panel) => {
    if (!part.checkVisibility({ visibilityProperty: true })) return [];
    const name = part.textContent.trim() || part.title || part.className.split(' ').at(-1);
    const outside = faults.outside(part.getBoundingClientRect(), panel.getBoundingClientRect());
    return [...outside ? [`“${name}” stands outside`] : [],
      ...part.scrollWidth > part.clientWidth + 1 ? [`“${name}” is cut short`] : []];
  },
  too_large: (panel, room) => [
    ...panel.offsetHeight > room.clientHeight ? [`${panel.offsetHeight} of ${room.clientHeight} pixels high`] : [],
    ...panel.scrollWidth > panel.clientWidth ? [`${panel.scrollWidth} of ${panel.clientWidth} pixels wide`] : []],
  of: panel => {
    const parts = panel.querySelectorAll('button, input, select, .noUi-handle, .widget-label, .widget-readout, img');
    const room = document.querySelector('.jp-WindowedPanel-outer');
    const hidden = [...parts].flatMap(part => faults.hidden(part, panel));
    return [...faults.too_large(panel, room), ...faults.dull(panel), ...hidden];
  },
  all: () => lab.panels().flatMap((panel, n) => faults.of(panel).map(fault => `panel ${n + 1}: ${fault}`)),
});
"""


def cells_of(file: Path) -> list[dict]:
    return json.loads(file.read_text(encoding="utf-8"))["cells"]


def panels(file: Path) -> list[int]:
    """The cells of a page that make a panel."""
    return [
        n
        for n, cell in enumerate(cells_of(file))
        if cell["cell_type"] == "code" and "Panel(" in "".join(cell["source"])
    ]


@pytest.fixture(scope="module")
def window():
    if chromium() is None:
        (pytest.fail if REQUIRED else pytest.skip)("no Chromium: put it on the path, or its path in $CHROMIUM")
    with browser(FAULTS, width=1366, height=768, scale=2) as context:
        yield context


@pytest.fixture(scope="module")
def lab(window, tmp_path_factory):
    """A JupyterLab with the course, where a test may add a page; networks are hardly trained, as in all tests."""
    folder = tmp_path_factory.mktemp("course")
    for file in PAGES:
        shutil.copy(file, folder)
    hardly = "from bpttlib.experiments import gates, recall\ngates.UPDATES = recall.UPDATES = 2\n"
    with pytest.MonkeyPatch.context() as kernels:
        kernels.setenv("PYTHONHASHSEED", UNLUCKY)
        with Lab(folder, startup=hardly) as server:
            yield server


@pytest.fixture(scope="module")
def opened(window, lab):
    """Opens one page after the other in the same JupyterLab, as a student goes through the course.

    They share a kernel, in which nothing is left but modules: that a page runs from nothing, nbval sees to.
    """
    tabs = []

    def open_page(file: Path, trusted: bool = True) -> Notebook:
        file = lab.folder / file.name
        if trusted:
            lab.trust(file)
        if tabs:
            tabs[0].go_on(lab, file, same_kernel=True)
        else:
            tabs.append(Notebook(lab, window, file))
        return tabs[0]

    return open_page


PAGES = [file for file in sorted(NOTEBOOKS.glob("*.ipynb")) if panels(file)]
CLONED = PAGES[-1]  # not yet trusted when it is opened; the others are, as where they were run
FOUR = NOTEBOOKS / "05_truncation.ipynb"
LAST = "every cell has run"


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_page(opened, file):
    notebook = opened(file, trusted=file != CLONED)
    faults = shows_its_stored_pictures(notebook, file)  # the widgets, from their stored state
    if file == CLONED:  # that was the PNG alone; that every panel has one, `test_project` sees to
        press_trust(notebook)
        faults += shows_its_stored_pictures(notebook, file)
    if needs_torch(file) and MISSING:
        assert faults == []  # it reads well as stored
        pytest.skip(REASON)
    notebook.keep(panels(file))  # what only a browser shows; nbval has run every cell
    assert notebook.run() == []
    faults += faults_of_panels(notebook, file)
    slider = notebook.slider()
    a_drag_ends_with_the_picture_of_its_last_value(notebook, slider)
    another_goes_along(notebook, slider, *FOLLOWERS.get(file.stem, ()))
    a_missing_file_leaves_the_picture(notebook, slider)
    assert faults == []


@pytest.fixture(scope="module")
def whole(lab):
    """Page 05, but for the cell that moves every slider, which nbval runs; the last cell says that all have run."""
    page = nbformat.read(lab.folder / FOUR.name, as_version=4)
    page.cells = [cell for cell in page.cells if "moves-every-slider" not in cell.metadata.get("tags", [])]
    page.cells.append(nbformat.v4.new_code_cell(f"print({LAST!r})"))
    file = lab.folder / "whole.ipynb"
    nbformat.write(page, file)
    return file


def test_notebook_7_runs_a_whole_page(window, lab, whole):
    notebook = Notebook(lab, window, whole, app="notebooks")
    assert notebook.run() == []
    assert notebook.page.evaluate("lab.outputs().at(-1)[0].text").strip() == LAST
    a_hand_on_the_first_slider_changes_the_picture(notebook.page)
    notebook.drop()


def test_voila_runs_a_whole_page(window, lab, whole):
    page = window.new_page()
    stop_animations(page)
    page.goto(lab.address(whole, app="voila/render"), wait_until="commit")
    all_run = "([last, count]) => document.body?.innerText.includes(last) && lab.panels().length === count"
    page.wait_for_function(all_run, arg=[LAST, len(panels(FOUR))], timeout=120_000)
    a_hand_on_the_first_slider_changes_the_picture(page)
    page.close()


def stop_animations(page: Page) -> None:
    """Those that say that a page is on its way take a good part of a core to draw."""
    session = page.context.new_cdp_session(page)
    session.send("Animation.enable")
    session.send("Animation.setPlaybackRate", {"playbackRate": 0})


def a_hand_on_the_first_slider_changes_the_picture(page: Page) -> None:
    """By mouse: Notebook 7 takes the arrow keys for itself."""
    page.wait_for_function("() => window.lab?.panels().length && lab.loaded(lab.panels()[0])", timeout=120_000)
    picture = page.evaluate("lab.picture(lab.panels()[0])")
    page.evaluate("lab.panels()[0].scrollIntoView({ block: 'start' })")
    track = page.evaluate("lab.track(lab.sliders()[0])")
    page.mouse.move(track["x"], track["y"])
    page.mouse.down()
    page.mouse.move((track["left"] + track["right"]) / 2, track["y"])
    page.mouse.up()
    changed = "before => lab.loaded(lab.panels()[0]) && lab.picture(lab.panels()[0]) !== before"
    page.wait_for_function(changed, arg=picture, polling=100, timeout=120_000)


def faults_of_panels(notebook: Notebook, file: Path) -> list[str]:
    """What a student would not see at once of any panel, or not sharply."""
    notebook.until("count => lab.panels().length === count && lab.panels().every(lab.loaded)", len(panels(file)))
    assert notebook.page.is_visible(".jp-FileBrowser")  # which takes its part of the window
    return notebook.page.evaluate("faults.all()")


def shows_its_stored_pictures(notebook: Notebook, file: Path) -> list[str]:
    """Opened and not yet run, the page shows a picture wherever a panel will be; what is not sharp about them."""
    kinds = [{kind for output in cell.get("outputs", []) for kind in output.get("data", {})} for cell in cells_of(file)]
    stored = [i for i, found in enumerate(kinds) if {"application/vnd.jupyter.widget-view+json", "image/png"} <= found]
    assert stored, "no panel is stored with its picture"
    drawn = "cells => faults.lost() || faults.stored(cells).every(area => area && lab.loaded(area))"
    notebook.until(drawn, stored)
    if notebook.page.evaluate("faults.lost()"):
        notebook.page.evaluate("cells => faults.redraw(cells)", stored)
        notebook.until(drawn, stored)
    assert not notebook.page.evaluate("faults.lost()")
    return notebook.page.evaluate("cells => faults.stored(cells).flatMap(faults.dull)", stored)


def press_trust(notebook: Notebook) -> None:
    assert notebook.page.evaluate("lab.panels().length") == 0
    notebook.page.evaluate("() => { jupyterapp.commands.execute('notebook:trust'); }")
    notebook.page.click(".jp-Dialog .jp-mod-accept")
    notebook.until("() => lab.panels().length > 0")


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


def a_drag_ends_with_the_picture_of_its_last_value(notebook: Notebook, slider: ElementHandle) -> None:
    """However many values were passed over; then one key away, as the kernel knows, and one back."""
    track, mouse = slider.evaluate("lab.track"), notebook.page.mouse
    mouse.move(track["x"], track["y"])
    mouse.down()
    for share in [0.1, 0.9, 0.5]:
        mouse.move(track["left"] + share * (track["right"] - track["left"]), track["y"], steps=5)
    mouse.up()
    notebook.settle()
    final = notebook.picture(slider)
    asked = VALUES.format(label=slider.evaluate("lab.label"))
    away, back = away_and_back(slider)
    values = notebook.ask(asked)
    assert press(notebook, slider, away) != final
    (moved,) = [new for old, new in zip(values, notebook.ask(asked), strict=True) if new != old]
    agree(slider.evaluate("lab.readout"), moved)
    assert press(notebook, slider, back) == final


def another_goes_along(notebook: Notebook, slider: ElementHandle, label: str = "", last: str = "") -> None:
    """From one end to the other, where there is another slider that goes along."""
    if label:
        press(notebook, slider, "Home")
        press(notebook, slider, "End")
        assert notebook.slider(label).evaluate("lab.readout") == last


def agree(readout: str, value: str | float) -> None:
    """What the slider says of itself, and what the kernel holds."""
    if isinstance(value, str):
        assert value == readout
    else:
        digits = len(readout.partition(".")[2])
        assert float(readout) == pytest.approx(value, abs=0.501 * 10**-digits)


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


def test_player_plays_stops_and_steps_with_nothing_but_a_browser(window, tmp_path):
    path = write_page(tmp_path / "player.html", frames("reflecting", last=9), "ten of the pictures")
    page = window.new_page()
    page.goto(path.as_uri())
    page.wait_for_function("+place.value > 2")
    page.click("#play")
    stopped = page.evaluate("place.value")
    page.wait_for_timeout(300)
    assert page.evaluate("place.value") == stopped and page.inner_text("#play") == "play"
    page.fill("#place", "7")
    assert "At k = 7 " in page.inner_text("#alt") == page.evaluate("picture.alt")
