"""How long from the hand on a slider to the new picture: a panel against `interact` building its figure anew.

    python benchmarks/latency.py [PAGE.ipynb ...] [--json OUT]                     every slider of every page
    python benchmarks/latency.py [PAGE.ipynb] --slider LABEL [--panel NAME] …      one of them, at leisure

Real JupyterLab, real headless Chromium, all sides by turns in one run. The peer is the same figure of the same
state, built from nothing by plain `ipywidgets.interact` and shown through the inline backend; the floor is a bare
kernel round trip: a slider that swaps a tiny ready-made picture. Two measurements:

step   an arrow key, then quiet: ms from the key event to the paint that first shows another picture
drag   60 mouse moves (45 where every slider is measured), 30 a second: pictures painted over values passed, the
       worst gap between two pictures, the backlog from the event of the last value to the last new picture, and
       whether that is the picture of the last value (one value off, and back)

Before it is measured, a slider's panel goes back to where it starts. Machines are noisy: quote the ratios.
Needs Chromium (or its path in $CHROMIUM) and playwright.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import numpy as np
from playwright.sync_api import BrowserContext, ElementHandle

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tools.lab import Lab, Notebook, browser, chromium  # noqa: E402

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
PAGE = NOTEBOOKS / "05_truncation.ipynb"
ROUNDS, STEPS, MOVES, TICK = 3, 10, 60, 1 / 30
SWIFT = {"rounds": 2, "steps": 6, "peer_steps": 3, "moves": 45, "calm": 0.5}  # where all sliders are measured
GOAL, AIM, BACKLOG = 0.25, 0.18, 150

# The peers: for every slider its panel's picture, built anew for every value.
PEERS = """
%matplotlib inline
import gc
import ipywidgets as W
from IPython.display import display
from matplotlib.backends.backend_agg import FigureCanvasAgg
from bpttlib.figures.style import style
from bpttlib.panels.base import Panel

SLIDERS = W.IntSlider, W.FloatSlider, W.SelectionSlider
TRAITS = "min", "max", "step", "options", "value"
order = list(W.Widget.get_manager_state()["state"])  # as they were made
panels = [p for p in gc.get_objects() if isinstance(p, Panel) and p.model_id in order]
panels.sort(key=lambda panel: order.index(panel.model_id))
sliders = [
    (number, name, control) for number, panel in enumerate(panels) for name, control in panel.controls.items()
    if isinstance(control, SLIDERS)
]

def peer(number, name, slider):
    panel = panels[number]
    own = {trait: getattr(slider, trait) for trait in TRAITS if hasattr(slider, trait)}
    copy = type(slider)(**own, description=f"peer ({number} {name})", style=slider.style)

    def build_anew(value):
        picture = panel.anew(**panel.state | {name: value})
        for artist in picture._moving:
            artist.set_animated(False)  # or a plain draw would leave it out
        FigureCanvasAgg(picture.figure)  # which draws its texts as matplotlib does
        with style():
            display(picture.figure)

    W.interact(build_anew, value=copy)

for slider in sliders:
    peer(*slider)
listed = [
    (number, type(panels[number]).__module__.rpartition(".")[2], name, slider.description.strip())
    for number, name, slider in sliders
]
"""

# The floor: what any kernel-side picture costs, however small.
FLOOR = """
import io
import ipywidgets as W
import PIL.Image

def square(shade):
    out = io.BytesIO()
    PIL.Image.new("L", (64, 64), shade).save(out, "png")
    return out.getvalue()

squares = [square(6 * value) for value in range(41)]
square_slider = W.IntSlider(5, 0, 40, description="floor")
square_image = W.Image(value=squares[5])
square_slider.observe(lambda change: setattr(square_image, "value", squares[change.new]), "value")
W.VBox([square_slider, square_image])
"""

# In every page, on one clock: when an event came, when the slider's value changed, when a picture was on screen.
# The look at a new picture comes after all animation frames and layout, right before the paint: in the callback of a
# ResizeObserver that an animation frame provokes. A message posted from there arrives after the paint. So that
# watching costs the page little, frames are asked for only while a picture is on its way, and pictures are told
# apart by the bytes of their PNG.
RECORDER = """
window.top === window && (() => {
  const now = () => performance.now();
  const seen = window.seen = { event: 0, values: [], pictures: [], area: null };
  for (const kind of ['keydown', 'pointermove'])
    window.addEventListener(kind, event => { seen.event = event.timeStamp; }, true);

  const bytes = async img => {
    const png = new Uint8Array(await (await fetch(img.src)).arrayBuffer());
    return png.reduce((hash, byte) => Math.imul(hash ^ byte, 16777619), 2166136261);
  };
  const print = async () => (await Promise.all(lab.images(seen.area).map(bytes))).join();
  const mark = document.createElement('div'), after = new MessageChannel();
  mark.style.cssText = 'position:fixed; left:-9px; top:0; width:1px; height:1px; contain:strict';
  const painting = [];
  after.port1.onmessage = () => { painting.shift().time = now(); };
  let shown = '', awaited = false;
  const sources = () => lab.images(seen.area).map(img => img.src).join(' ');
  const frame = () => { mark.style.width = mark.style.width === '1px' ? '2px' : '1px'; };
  const look = () => {
    if (!awaited || !seen.area) return;
    const images = lab.images(seen.area);
    if (!images.length || images.some(img => !img.complete)) return requestAnimationFrame(frame);
    awaited = false;
    shown = sources();
    const picture = { print: print() };
    seen.pictures.push(picture);
    painting.push(picture);
    after.port2.postMessage(null);
  };
  new ResizeObserver(look).observe(mark);
  const pictures = new MutationObserver(() => {
    if (!awaited && sources() !== shown) { awaited = true; requestAnimationFrame(frame); }
  });
  const values = new MutationObserver(([{ target }]) => {
    const value = target.getAttribute('aria-valuetext');
    if (value !== seen.value) { seen.value = value; seen.values.push(seen.event); }
  });

  seen.watch = async handle => {
    document.body.append(mark);
    seen.area = lab.area(handle);
    awaited = false;  // what was on its way when the last watch ended
    shown = sources();
    seen.value = handle.getAttribute('aria-valuetext');
    await seen.clear();
    values.observe(handle, { attributeFilter: ['aria-valuetext'] });
    pictures.observe(seen.area, { subtree: true, childList: true, attributeFilter: ['src'] });
  };
  seen.stop = () => { seen.area = null; values.disconnect(); pictures.disconnect(); };
  seen.clear = async () => { seen.first = await print(); seen.values = []; seen.pictures = []; };
  // the times at which another picture was painted
  seen.times = async () => {
    const prints = [seen.first, ...await Promise.all(seen.pictures.map(picture => picture.print))];
    return seen.pictures.filter((_, i) => prints[i] !== prints[i + 1]).map(picture => picture.time);
  };
  // quiet: kernel idle and no new picture for so many ms, after the first one if one is due
  seen.quiet = (ms, due) => new Promise(done => {
    const begun = now();
    let answered = begun;
    const check = () => {
      const painted = seen.pictures.at(-1)?.time ?? 0;
      if (lab.kernel().status === 'busy') answered = now();
      const quiet = now() - Math.max(begun, painted, answered) > ms;
      quiet && (seen.pictures.length || !due || now() - begun > 5000) ? done() : setTimeout(check, 20);
    };
    check();
  });
})();
"""


@dataclass
class Slider:
    """One of a page: the number of its panel there, the panel's stem, the control's name and label."""

    number: int
    panel: str
    name: str
    label: str


@dataclass
class Side:
    """One slider with its picture, and what was measured on it."""

    name: str
    notebook: Notebook = field(repr=False)
    label: str
    panel: int | None = None  # its number, if labels alone do not tell sliders apart
    calm: float = 1  # how long it is left alone, as a share of what is usual
    steps: list[float] = field(default_factory=list)
    missed: int = 0
    drags: list[dict] = field(default_factory=list)
    key: str = "ArrowRight"

    def warm_up(self, steps: int = 3) -> None:
        """Imports, fonts, caches."""
        self.round(steps, moves=0)
        self.steps, self.missed = [], 0

    def round(self, steps: int = STEPS, moves: int = MOVES) -> None:
        """A few steps and one drag."""
        self.notebook.page.bring_to_front()
        handle = self.notebook.slider(self.label, self.panel)
        handle.evaluate("handle => seen.watch(handle)")
        self._quiet(800)
        for _ in range(steps):
            self._step(handle)
        if moves:
            self._drag(handle, moves)
        self._js("seen.stop()")

    def _js(self, script: str):
        return self.notebook.page.evaluate(script)

    def _quiet(self, ms: int, due: bool = False) -> None:
        self._js(f"seen.quiet({ms * self.calm}, {json.dumps(due)})")

    def _press(self, handle: ElementHandle) -> None:
        """One value further; the other way at the end of the track."""
        handle.focus()
        for _ in range(2):
            self._js("seen.clear()")
            self.notebook.page.keyboard.press(self.key)
            if self._js("seen.values.length"):
                return
            self.key = {"ArrowRight": "ArrowLeft", "ArrowLeft": "ArrowRight"}[self.key]
        raise RuntimeError(f"the arrow keys do not move the slider {self.label!r}")

    def _step(self, handle: ElementHandle) -> None:
        self._press(handle)
        self._quiet(250, due=True)
        event, pictures = self._js("seen.values[0]"), self._js("seen.times()")
        if pictures:
            self.steps.append(pictures[0] - event)
        else:
            self.missed += 1

    def _drag(self, handle: ElementHandle, moves: int) -> None:
        """Hold the handle and move it on the clock, as a hand does, there and back where the track ends."""
        before = handle.evaluate("lab.track")
        self._press(handle)
        self._quiet(400)
        track = handle.evaluate("lab.track")
        stride = max(2.0, 1.02 * abs(track["x"] - before["x"]))  # pixels from one value to the next
        x, y, path = track["x"], track["y"], []
        for _ in range(moves + 1):
            stride = stride if track["left"] <= x + stride <= track["right"] else -stride
            path.append(x := x + stride)
        mouse = self.notebook.page.mouse
        mouse.move(track["x"], y)
        mouse.down()
        self._quiet(400)
        self._js("seen.clear()")
        begun, sent = time.perf_counter(), []
        for x in path[:-1]:
            # on the clock, whether or not the page has answered the last one: Mouse.move itself would wait for it
            sent.append(mouse._loop.create_task(mouse._impl_obj.move(x, y, steps=1)))
            left = begun + len(sent) * TICK - time.perf_counter()
            self.notebook.page.wait_for_timeout(max(0.0, 1000 * left))
        while not all(move.done() for move in sent):
            self.notebook.page.wait_for_timeout(5)
        self._quiet(1200)
        values, pictures, last = self._js("seen.values"), self._js("seen.times()"), self.notebook.picture(handle)
        mouse.move(path[-1], y)
        self._quiet(500)
        off = self.notebook.picture(handle)
        mouse.move(path[-2], y)
        self._quiet(500)
        back = self.notebook.picture(handle)
        mouse.up()
        self._quiet(300)
        self.drags.append(
            {"values": len(values), "pictures": len(pictures), "final_ok": back == last != off}
            | {"worst_gap": max(np.diff(pictures), default=np.nan)}
            | {"backlog": pictures[-1] - values[-1] if pictures else np.nan}
        )

    @property
    def median(self) -> float:
        return float(np.median(self.steps)) if self.steps else np.nan

    @property
    def backlog(self) -> float:
        return float(np.median([drag["backlog"] for drag in self.drags]))

    @property
    def final_ok(self) -> str:
        return "yes" if all(drag["final_ok"] for drag in self.drags) else "NO"

    def row(self, peer: float) -> list[str]:
        drags = {key: [drag[key] for drag in self.drags] for key in self.drags[0]}
        return [
            self.name,
            f"{self.median:.0f}",
            f"{np.quantile(self.steps, 0.95):.0f}" if self.steps else "-",
            f"{self.median / peer:.2f}",
            f"{sum(drags['pictures'])}/{sum(drags['values'])}",
            f"{max(drags['worst_gap']):.0f}",
            f"{self.backlog:.0f}",
            self.final_ok,
        ]


def prepare(page: Path, folder: Path) -> tuple[Path, Path]:
    """Two copies of a page in a folder that looks like its own; peers and floor end the second."""
    home = folder / page.parent.name
    home.mkdir(exist_ok=True)
    for here, there in ((page.parent.parent, folder), (page.parent, home)):
        for beside in here.iterdir():
            if not (there / beside.name).exists() and beside.suffix != ".ipynb" and not beside.name.startswith("."):
                (there / beside.name).symlink_to(beside)
    own, with_peers = home / page.name, home / f"{page.stem}_and_peers.ipynb"
    notebook = nbformat.read(page, as_version=4)
    notebook.metadata.setdefault("kernelspec", {"name": "python3", "display_name": "Python 3", "language": "python"})
    notebook.cells = [cell for cell in notebook.cells if "moves-every-slider" not in cell.metadata.get("tags", [])]
    nbformat.write(notebook, own)
    notebook.cells += [nbformat.v4.new_code_cell(cell.strip()) for cell in (PEERS, FLOOR)]
    nbformat.write(notebook, with_peers)
    return own, with_peers


def open_both(lab: Lab, context: BrowserContext, page: Path, tabs: list[Notebook]) -> list[Slider]:
    """The page and its copy with the peers, both run, each in its tab; the sliders of the page."""
    for place, copy in enumerate(prepare(page, lab.folder)):
        if place < len(tabs):
            tabs[place].page.bring_to_front()
            tabs[place].go_on(lab, copy)
        else:
            tabs.append(Notebook(lab, context, copy))
        report(tabs[place].run())
    return [Slider(*found) for found in tabs[1].ask("listed")]


@contextmanager
def jupyter() -> Iterator[tuple[Lab, BrowserContext]]:
    with tempfile.TemporaryDirectory(prefix="latency-") as folder, browser(RECORDER) as context, Lab(folder) as lab:
        yield lab, context


def reset(panel: Notebook, number: int) -> None:
    panel.page.bring_to_front()
    panel.page.evaluate("n => lab.panels()[n].querySelector('button[title^=reset]').click()", number)
    panel.settle()


def sides(panel: Notebook, peer: Notebook, slider: Slider, calm: float = 1) -> list[Side]:
    """The panel and its peer, warmed up."""
    reset(panel, slider.number)
    own = Side("panel", panel, slider.label, slider.number, calm)
    other = Side("peer", peer, f"peer ({slider.number} {slider.name})", calm=calm)
    own.warm_up()
    other.warm_up(2)
    return [own, other]


def measure(page: Path, label: str, stem: str) -> tuple[Slider, list[Side]]:
    """One slider at leisure: panel, peer and floor, by turns."""
    with jupyter() as (lab, context):
        sliders = open_both(lab, context, page, tabs := [])
        fits = [one for one in sliders if one.label.startswith(label) and stem in ("", one.panel)]
        if not fits:
            sys.exit(f"no slider {label!r}; there are " + ", ".join(f"{one.label!r} of {one.panel}" for one in sliders))
        found = [*sides(*tabs, fits[0]), Side("floor", tabs[1], "floor")]
        found[-1].warm_up()
        for _ in range(ROUNDS):
            for side in found:
                side.round()
    return fits[0], found


def survey(pages: list[Path]) -> Iterator[tuple[Path, Slider, list[Side]]]:
    """Every slider of the pages: panel and peer, by turns; nothing of one that cannot be moved, but a word on it."""
    with jupyter() as (lab, context):
        tabs: list[Notebook] = []
        for page in pages:
            for slider in open_both(lab, context, page, tabs):
                try:
                    found = sides(*tabs, slider, SWIFT["calm"])
                    for _ in range(SWIFT["rounds"]):
                        found[0].round(SWIFT["steps"], SWIFT["moves"])
                        found[1].round(SWIFT["peer_steps"], moves=0)
                except (LookupError, RuntimeError) as error:
                    print(f"{page.name}, {slider.panel}: {error}", file=sys.stderr)
                    found = []
                yield page, slider, found


def report(errors: list[str]) -> None:
    if errors:
        sys.exit("errors in the page: " + "; ".join(errors))


HEAD = ["", "median ms", "p95 ms", "× peer", "pictures/values", "worst gap ms", "backlog ms", "final ok"]
GOALS = ["goal for the panel", "", "", f"≤ {GOAL}, aim {AIM}", "", "", f"≤ {BACKLOG}", "yes"]
HEAD_OF_ALL = ["page", "panel", "slider", "median ms", "× `interact`", "last picture of a drag, ms", "final ok"]


def table(rows: list[list[str]], left: int = 1) -> str:
    """In Markdown; the first row is its head, and so many columns hold words, the others numbers."""
    wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    flush = "<" * left + ">" * (len(wide) - left)
    lines = ["| " + " | ".join(f"{c:{f}{w}}" for c, f, w in zip(row, flush, wide, strict=True)) + " |" for row in rows]
    rule = ("-" * (w + 1) + ("-" if f == "<" else ":") for f, w in zip(flush, wide, strict=True))
    return "\n".join([lines[0], "|" + "|".join(rule) + "|", *lines[1:]])


def row_of_all(page: Path, slider: Slider, found: list[Side]) -> list[str]:
    """Dashes for a slider of which nothing was measured."""
    label = " ".join(slider.label.split()).replace("|", "\\|")
    about = [page.stem.partition("_")[0], slider.panel, label]
    if not found:
        return [*about, "–", "–", "–", "–"]
    own, peer = found
    return [*about, f"{own.median:.0f}", f"{own.median / peer.median:.2f}", f"{own.backlog:.0f}", own.final_ok]


def plain(side: Side) -> dict:
    return {key: value for key, value in vars(side).items() if key not in ("notebook", "key")}


def all_of_them(pages: list[Path]) -> list[dict]:
    """Measure, print each slider as it comes, then all in one table; everything found."""
    rows, found = [HEAD_OF_ALL], []
    for page, slider, measured in survey(pages):
        rows.append(row_of_all(page, slider, measured))
        found.append(vars(slider) | {"page": page.name, "sides": [plain(side) for side in measured]})
        missed = measured and measured[0].missed
        print(*rows[-1], f"{missed} steps without another picture" if missed else "", file=sys.stderr, sep="  ")
    print(table(rows, left=3))
    print("\n" + summary(rows[1:]))
    return found


def summary(rows: list[list[str]]) -> str:
    done = [row for row in rows if row[-1] != "–"]
    shares, backlogs = (np.array([float(row[i]) for row in done]) for i in (4, 5))
    return (
        f"{len(done)} of {len(rows)} sliders. × interact: median {np.median(shares):.2f}, worst {shares.max():.2f}, "
        f"{(shares > GOAL).sum()} over {GOAL}, {(shares > AIM).sum()} over {AIM}. Last picture of a drag: worst "
        f"{backlogs.max():.0f} ms, {(backlogs > BACKLOG).sum()} over {BACKLOG} ms."
    )


def one_of_them(page: Path, label: str, stem: str) -> list[dict]:
    slider, found = measure(page, label, stem)
    about = f"{page.name}, {slider.panel}, slider “{slider.label}”"
    print(f"{about}, {len(found[0].steps)} steps and {ROUNDS} drags each\n")
    print(table([HEAD, *(side.row(found[1].median) for side in found), GOALS]))
    for side in found:
        if side.missed:
            print(f"{side.name}: {side.missed} steps without another picture")
    return [plain(side) for side in found]


def main() -> None:
    about, _, more = __doc__.partition("\n\n")
    parser = argparse.ArgumentParser(description=about, epilog=more, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("pages", nargs="*", type=Path, help="notebooks with panels; if none is named, the course")
    parser.add_argument("--slider", help="one slider alone: its label, or how that begins")
    parser.add_argument("--panel", default="", help="the stem of its panel, if another of the page has one so named")
    parser.add_argument("--json", type=Path, help="write everything measured to this file")
    asked = parser.parse_args()
    if chromium() is None:
        sys.exit("no Chromium found: put it on the path, or its path in $CHROMIUM")
    pages = [page.absolute() for page in asked.pages]
    if asked.slider is not None:
        found = one_of_them((pages or [PAGE])[0], asked.slider, asked.panel)
    else:
        found = all_of_them(pages or sorted(NOTEBOOKS.glob("*.ipynb")))
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
