"""How long from the hand on a slider to the new picture: a panel against `interact` building its figure anew.

    python benchmarks/latency.py [PAGE.ipynb] [--slider LABEL] [--json OUT]

Real JupyterLab, real headless Chromium, all sides by turns in one run. The peer is the same figure of the same
state, built from nothing by plain `ipywidgets.interact` and shown through the inline backend; the floor is a bare
kernel round trip: a slider that swaps a tiny ready-made picture. Two measurements:

step   an arrow key, then quiet: ms from the key event to the paint that first shows another picture
drag   60 mouse moves, 30 a second: pictures painted over values passed, the worst gap between two pictures, the
       backlog from the event of the last value to the last new picture, and whether that is the picture of the
       last value (one value off, and back)

Machines are noisy: quote the ratios. Needs Chromium (or its path in $CHROMIUM) and playwright.
"""

import argparse
import json
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import numpy as np
from playwright.sync_api import ElementHandle

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tools.lab import Lab, Notebook, browser, chromium  # noqa: E402

PAGE = Path(__file__).resolve().parents[1] / "notebooks" / "05_truncation.ipynb"
ROUNDS, STEPS, MOVES, TICK = 3, 10, 60, 1 / 30
GOAL, AIM, BACKLOG = 0.25, 0.18, 150

# The peer: the panel that holds the slider, its picture built anew for every value.
PEER = """
%matplotlib inline
import gc
import ipywidgets as W
from IPython.display import display
from bpttlib.figures.style import style
from bpttlib.panels.base import Panel

order = list(W.Widget.get_manager_state()["state"])  # as they were made
panels = [p for p in gc.get_objects() if isinstance(p, Panel) and p.model_id in order]
panels.sort(key=lambda panel: order.index(panel.model_id))
found = [
    (panel, name, control) for panel in panels for name, control in panel.controls.items()
    if getattr(control, "description", "").strip() == LABEL
]
if not found:
    raise LookupError(f"no panel of this page holds the slider {LABEL!r}")
panel, name, slider = found[0]
own = {trait: getattr(slider, trait) for trait in ("min", "max", "step", "options", "value") if hasattr(slider, trait)}
copy = type(slider)(**own, description="peer " + LABEL, style=slider.style, layout=slider.layout)

def build_anew(value):
    picture = panel.anew(**panel.state | {name: value})
    for artist in picture._moving:
        artist.set_animated(False)  # or a plain draw would leave it out
    with style():
        display(picture.figure)

W.interact(build_anew, value=copy);
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
class Side:
    """One slider with its picture, and what was measured on it."""

    name: str
    notebook: Notebook = field(repr=False)
    label: str
    steps: list[float] = field(default_factory=list)
    missed: int = 0
    drags: list[dict] = field(default_factory=list)
    key: str = "ArrowRight"

    def round(self, steps: int = STEPS, drag: bool = True) -> None:
        """A few steps and one drag."""
        self.notebook.page.bring_to_front()
        handle = self.notebook.slider(self.label)
        handle.evaluate("handle => seen.watch(handle)")
        self._quiet(800)
        for _ in range(steps):
            self._step(handle)
        if drag:
            self._drag(handle)
        self._js("seen.stop()")

    def _js(self, script: str):
        return self.notebook.page.evaluate(script)

    def _quiet(self, ms: int, due: bool = False) -> None:
        self._js(f"seen.quiet({ms}, {json.dumps(due)})")

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

    def _drag(self, handle: ElementHandle) -> None:
        """Hold the handle and move it on the clock, as a hand does, there and back where the track ends."""
        before = handle.evaluate("lab.track")
        self._press(handle)
        self._quiet(400)
        track = handle.evaluate("lab.track")
        stride = max(2.0, 1.02 * abs(track["x"] - before["x"]))  # pixels from one value to the next
        x, y, path = track["x"], track["y"], []
        for _ in range(MOVES + 1):
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

    def row(self, peer: float) -> list[str]:
        drags = {key: [drag[key] for drag in self.drags] for key in self.drags[0]}
        return [
            self.name,
            f"{self.median:.0f}",
            f"{np.quantile(self.steps, 0.95):.0f}" if self.steps else "-",
            f"{self.median / peer:.2f}",
            f"{sum(drags['pictures'])}/{sum(drags['values'])}",
            f"{max(drags['worst_gap']):.0f}",
            f"{np.median(drags['backlog']):.0f}",
            "yes" if all(drags["final_ok"]) else "NO",
        ]


def prepare(page: Path, folder: Path, label: str = "") -> tuple[Path, Path]:
    """Two copies of a page in a folder that looks like its own; if `label` is given, peer and floor end the second."""
    home = folder / page.parent.name
    home.mkdir(exist_ok=True)
    for here, there in ((page.parent.parent, folder), (page.parent, home)):
        for beside in here.iterdir():
            if not (there / beside.name).exists() and beside != page and not beside.name.startswith("."):
                (there / beside.name).symlink_to(beside)
    own, with_peer = home / page.name, home / f"{page.stem}_and_peer.ipynb"
    notebook = nbformat.read(page, as_version=4)
    notebook.metadata.setdefault("kernelspec", {"name": "python3", "display_name": "Python 3", "language": "python"})
    nbformat.write(notebook, own)
    cells = [f"LABEL = {label!r}\n" + PEER.strip(), FLOOR.strip()]
    notebook.cells += [nbformat.v4.new_code_cell(cell) for cell in cells]
    nbformat.write(notebook, with_peer)
    return own, with_peer


def measure(page: Path, label: str = "") -> list[Side]:
    """Panel, peer and floor, by turns."""
    with tempfile.TemporaryDirectory(prefix="latency-") as temporary, browser(RECORDER) as context:
        folder = Path(temporary)
        own, _ = prepare(page, folder)
        with Lab(folder) as lab:
            panel = Notebook(lab, context, own)
            report(panel.run())
            label = panel.slider(label).evaluate("handle => lab.label(handle)")
            _, with_peer = prepare(page, folder, label)
            peer = Notebook(lab, context, with_peer)
            report(peer.run())
            sides = [Side("panel", panel, label), Side("peer", peer, "peer " + label), Side("floor", peer, "floor")]
            for side in sides:
                side.round(steps=3, drag=False)  # warm up: imports, fonts, caches
                side.steps, side.missed = [], 0
            for _ in range(ROUNDS):
                for side in sides:
                    side.round()
    return sides


def report(errors: list[str]) -> None:
    if errors:
        sys.exit("errors in the page: " + "; ".join(errors))


HEAD = ["", "median ms", "p95 ms", "× peer", "pictures/values", "worst gap ms", "backlog ms", "final ok"]


def table(sides: list[Side]) -> str:
    peer = next(side.median for side in sides if side.name == "peer")
    rows = [HEAD, *(side.row(peer) for side in sides)]
    rows.append(["goal for the panel", "", "", f"≤ {GOAL}, aim {AIM}", "", "", f"≤ {BACKLOG}", "yes"])
    wide = [max(len(row[i]) for row in rows) for i in range(len(HEAD))]
    lines = ["| " + " | ".join(f"{cell:>{w}}" for cell, w in zip(row, wide, strict=True)) + " |" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (w + 1) + ":" for w in wide) + "|")
    return "\n".join(lines)


def main() -> None:
    about, _, more = __doc__.partition("\n\n")
    parser = argparse.ArgumentParser(description=about, epilog=more, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("page", nargs="?", type=Path, default=PAGE, help="a notebook with a panel")
    parser.add_argument("--slider", default="", help="its label, or how that begins; the first slider if not given")
    parser.add_argument("--json", type=Path, help="write everything measured to this file")
    asked = parser.parse_args()
    if chromium() is None:
        sys.exit("no Chromium found: put it on the path, or its path in $CHROMIUM")
    sides = measure(asked.page.absolute(), asked.slider)
    print(f"{asked.page.name}, slider “{sides[0].label}”, {len(sides[0].steps)} steps and {ROUNDS} drags each\n")
    print(table(sides))
    for side in sides:
        if side.missed:
            print(f"{side.name}: {side.missed} steps without another picture")
    if asked.json:
        found = [{k: v for k, v in vars(side).items() if k not in ("notebook", "key")} for side in sides]
        asked.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
