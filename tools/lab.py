"""A JupyterLab of our own in a headless Chromium: what the browser tests and the benchmarks share.

    with Lab(folder) as lab, browser() as context:
        page = Notebook(lab, context, folder / "page.ipynb")
        errors = page.run()
        slider = page.slider("τ")

The server runs on this interpreter, on the loopback alone, with a token and empty settings, and is gone
afterwards with everything it wrote. A notebook is opened, run and dropped; its file is never written.
"""

import ast
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

import nbformat
from nbformat.sign import NotebookNotary
from playwright.sync_api import BrowserContext, ElementHandle, TimeoutError, sync_playwright

__all__ = ["Lab", "Notebook", "browser", "chromium"]

REPOSITORY = Path(__file__).resolve().parents[1]

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
FLAGS += ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]  # what a page needs comes from here

SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "docmanager-extension/plugin": {"autosave": False},
}

# What a kernel does before the next notebook has it.
SWEEP = """
__import__("ipywidgets").Widget.close_all()
%reset -f
"""

# What the driver asks the browser: `lab.…` in every page.
SCRIPT = """
window.top === window && (window.lab = {
  notebook: () => window.jupyterapp?.shell?.currentWidget,
  kernel: () => lab.notebook()?.sessionContext?.session?.kernel,
  ready: () => lab.kernel()?.status === 'idle' && document.querySelector('.jp-Cell')
    && !document.querySelector('#jupyterlab-splash, .jp-Dialog'),
  outputs: () => lab.notebook().content.widgets.map(cell => cell.model.outputs?.toJSON() ?? []),

  panels: () => [...document.querySelectorAll('.jp-OutputArea-output:has(.widget-image)')],
  sliders: (within = document) => [...within.querySelectorAll('.noUi-handle')].filter(h => h.getClientRects().length),
  box: handle => handle.closest('.widget-slider'),
  label: handle => lab.box(handle)?.querySelector('.widget-label')?.textContent.trim() ?? '',
  readout: handle => lab.box(handle)?.querySelector('.widget-readout')?.textContent.trim() ?? '',
  track: handle => {  // its ends, and the middle of the handle
    const at = handle.getBoundingClientRect(), track = handle.closest('.noUi-base').getBoundingClientRect();
    return { left: track.left, right: track.right, x: at.x + at.width / 2, y: at.y + at.height / 2 };
  },
  area: node => node.closest('.jp-OutputArea-output'),

  images: area => [...area.querySelectorAll('img')].filter(img => img.width >= 40 && img.height >= 40),
  canvas: new OffscreenCanvas(1, 1),
  pixels: img => {  // a number for the picture, from every pixel of it
    const [w, h] = [img.naturalWidth, img.naturalHeight], canvas = lab.canvas;
    if (canvas.width !== w || canvas.height !== h) { canvas.width = w; canvas.height = h; }
    const pen = canvas.getContext('2d', { willReadFrequently: true });
    pen.globalCompositeOperation = 'copy';
    pen.drawImage(img, 0, 0);
    const pixels = new Uint32Array(pen.getImageData(0, 0, w, h).data.buffer);
    let hash = 2166136261;
    for (const pixel of pixels) hash = Math.imul(hash ^ pixel, 16777619);
    return hash >>> 0;
  },
  loaded: area => {  // whether there is a picture, and all of it
    const images = lab.images(area);
    return images.length > 0 && images.every(img => img.complete && img.naturalWidth);
  },
  picture: area => lab.images(area).map(lab.pixels).join(),
  // Messages that are not yet answered. To ask the kernel something and wait would not do: JupyterLab has the messages
  // of widgets answered in a thread of their own.
  open: new Set(),
  listen: () => {
    lab.open.clear();
    lab.kernel().anyMessage.connect((_, { msg, direction }) => {
      if (direction === 'send') msg.channel === 'shell' && lab.open.add(msg.header.msg_id);
      else if (msg.content.execution_state === 'idle') lab.open.delete(msg.parent_header.msg_id);
    });
  },
  still: ms => new Promise((done, fail) => {  // no message is open, and no picture has changed, for so long
    const sources = () => [...document.querySelectorAll('.jp-Cell img')].map(img => img.complete && img.src).join();
    const begun = performance.now();
    let last = sources(), since = begun;
    const look = () => {
      const found = sources(), now = performance.now();
      if (found !== last || lab.open.size) { last = found; since = now; }
      if (now - begun > 60_000) fail(Error('not still within a minute'));
      now - since > ms ? done() : setTimeout(look, 20);
    };
    look();
  }),
});
"""


def chromium() -> str | None:
    """The browser: $CHROMIUM or the first of the usual names on the path; None if there is none."""
    names = [os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    return next(filter(None, map(shutil.which, names)), None)


@contextmanager
def browser(script: str = "", width: int = 1500, height: int = 1300, scale: float = 1) -> Iterator[BrowserContext]:
    """A headless Chromium with nothing remembered; `script` runs first in every page, after the driver's own.

    The window has so many pixels of the page, and the screen `scale` pixels to each of them.
    """
    with sync_playwright() as playwright:
        program = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        context = program.new_context(viewport={"width": width, "height": height}, device_scale_factor=scale)
        context.add_init_script(SCRIPT + script)
        yield context
        context.close()
        program.close()


class Lab:
    """A JupyterLab serving one folder, as a context; raises RuntimeError with its last words if it does not start.

    startup: Python code that every kernel runs before its first cell.
    """

    def __init__(self, folder: str | Path, startup: str = ""):
        self.folder, self.startup = Path(folder).absolute(), startup

    def __enter__(self) -> "Lab":
        self._kept = tempfile.TemporaryDirectory(prefix="lab-", ignore_cleanup_errors=True)
        own = Path(self._kept.name)
        for name, values in SETTINGS.items():
            file = own / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(values))
        first = own / "ipython" / "profile_default" / "startup" / "first.py"
        first.parent.mkdir(parents=True)
        first.write_text(self.startup)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url, self.token = f"http://127.0.0.1:{port}", secrets.token_hex(16)
        places = {
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "IPYTHONDIR": "ipython",
        }
        environment = os.environ | {name: str(own / place) for name, place in places.items()}
        environment["JUPYTER_TOKEN"] = self.token
        environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(REPOSITORY), os.environ.get("PYTHONPATH")]))
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1"]
        command += [f"--port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={self.folder}"]
        command += ["--LanguageServerManager.autodetect=False"]  # it would ask npm, for what is not used here
        command += ["--KernelManager.shutdown_wait_time=0.1"]  # none has anything to put away
        command += [f"--FileCheckpoints.checkpoint_dir={own / 'checkpoints'}"]
        command += [f"--{app}.expose_app_in_browser=True" for app in ("LabApp", "JupyterNotebookApp")]
        self._log = open(own / "log", "w+")  # noqa: SIM115 (closed with the server)
        self._server = subprocess.Popen(
            command, env=environment, stdout=self._log, stderr=self._log, start_new_session=True
        )
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _wait(self, seconds: float = 90) -> None:
        """Until the server answers."""
        status = Request(f"{self.url}/api/status", headers={"Authorization": f"token {self.token}"})
        end = time.monotonic() + seconds
        while True:
            try:
                urlopen(status, timeout=2).read()
                return
            except OSError:
                if self._server.poll() is not None or time.monotonic() > end:
                    self._log.seek(0)
                    raise RuntimeError(f"JupyterLab did not start: {self._log.read()[-2000:]}") from None
                time.sleep(0.05)

    def __exit__(self, *_: Any) -> None:
        self._server.terminate()
        try:
            self._server.wait(15)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
        self._log.close()
        self._kept.cleanup()

    def trust(self, notebook: Path) -> None:
        """Sign the notebook, so that its stored widgets are shown as well as its pictures, as where it was run."""
        NotebookNotary(data_dir=str(Path(self._kept.name) / "data")).sign(nbformat.read(notebook, as_version=4))

    def path(self, notebook: Path) -> str:
        """Where the server has it."""
        return notebook.absolute().relative_to(self.folder).as_posix()

    def address(self, notebook: Path, app: str = "lab/tree") -> str:
        """Where an application shows it: "lab/tree", "notebooks" (Notebook 7) or "voila/render"."""
        return f"{self.url}/{app}/{quote(self.path(notebook))}?reset&token={self.token}"


class Notebook:
    """A notebook open in JupyterLab, with its kernel idle and nothing run yet; `page` is Playwright's.

    `app` is the application that shows it, "lab/tree" or "notebooks", which is Notebook 7.
    """

    def __init__(self, lab: Lab, context: BrowserContext, file: Path, app: str = "lab/tree", seconds: float = 120):
        self.page = context.new_page()
        self.page.set_default_timeout(1000 * seconds)
        self.page.goto(lab.address(file, app), wait_until="commit")
        self.until("() => window.lab?.ready()")
        self.page.evaluate("() => lab.listen()")

    def go_on(self, lab: Lab, file: Path, same_kernel: bool = False) -> None:
        """Drop this notebook and its kernel, and open another in the same tab.

        The other can have the same kernel, if that is idle, with no name and no widget left: its modules are imported.
        """
        self.page.evaluate(
            """async ([path, sweep]) => {
                const { id, name, status } = lab.kernel() ?? {};
                const swept = sweep && status === 'idle'
                    && (await lab.kernel().requestExecute({ code: sweep }).done).content.status === 'ok';
                if (!swept) await lab.notebook().sessionContext.shutdown();
                lab.notebook().dispose();
                const kernel = swept ? { id, name } : undefined;
                await jupyterapp.commands.execute('docmanager:open', { path, factory: 'Notebook', kernel });
            }""",
            [lab.path(file), SWEEP if same_kernel else ""],
        )
        self.until("path => lab.notebook()?.context?.path === path && lab.ready()", lab.path(file))
        self.page.evaluate("() => lab.listen()")

    def drop(self) -> None:
        """Close the tab, and with it the kernel."""
        self.page.evaluate("() => lab.notebook().sessionContext.shutdown()")
        self.page.close()

    def until(self, condition: str, given: Any = None, seconds: float = 120) -> None:
        """Wait for a condition in JavaScript; Playwright's TimeoutError if it does not come."""
        self.page.wait_for_function(condition, arg=given, polling=50, timeout=1000 * seconds)

    def keep(self, cells: list[int]) -> None:
        """Drop all other cells of the open notebook; the file keeps them."""
        self.page.evaluate(
            """cells => {
                const model = lab.notebook().content.model.sharedModel;
                model.transact(() => {
                    for (let i = model.cells.length - 1; i >= 0; i--) if (!cells.includes(i)) model.deleteCell(i);
                });
            }""",
            cells,
        )

    def run(self) -> list[str]:
        """Run all cells; the errors among the outputs, one line each."""
        self.page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")
        self.until("() => lab.kernel()?.status === 'idle'")
        errors = [output for outputs in self.outputs() for output in outputs if output["output_type"] == "error"]
        return [f"{error['ename']}: {error['evalue']}" for error in errors]

    def outputs(self) -> list[list[dict]]:
        """The outputs of every cell as the notebook holds them."""
        return self.page.evaluate("() => lab.outputs()")

    def ask(self, expression: str) -> Any:
        """The value of a Python expression in the kernel: numbers, strings, and lists of them."""
        asked = self.page.evaluate(
            """async asked => (await lab.kernel().requestExecute(
                { code: 'pass', silent: true, user_expressions: { asked } }).done).content.user_expressions.asked""",
            expression,
        )
        if asked["status"] != "ok":
            raise RuntimeError(f"{asked['ename']}: {asked['evalue']}")
        return ast.literal_eval(asked["data"]["text/plain"])

    def settle(self) -> None:
        """Until every message is answered, the one the front end held back too, and the picture stands still."""
        self.page.evaluate("() => lab.still(100)")

    def slider(self, label: str = "", panel: int | None = None) -> ElementHandle:
        """The handle of the first slider whose label begins so, scrolled to; LookupError names those there are.

        Asked for in one panel, by its number from 0, or in the whole page.
        """
        within = "document" if panel is None else f"lab.panels()[{panel}] ?? document.createElement('p')"
        try:
            self.until(f"label => lab.sliders({within}).some(h => lab.label(h).startsWith(label))", label, seconds=15)
        except TimeoutError:
            there = self.page.evaluate(f"() => lab.sliders({within}).map(lab.label)")
            raise LookupError(f"no slider {label!r}; there are {there}") from None
        found = f"label => lab.sliders({within}).find(handle => lab.label(handle).startsWith(label))"
        handle = self.page.evaluate_handle(found, label).as_element()
        self.show(handle)
        return handle

    def show(self, node: ElementHandle) -> None:
        """Scroll to the output that holds this node, so that controls and picture stand in view."""
        # what comes into view may change its height: until two frames show it in the same place
        node.evaluate(
            """async node => {
                const area = lab.area(node), top = () => area.getBoundingClientRect().top;
                const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
                let last = NaN;
                for (let n = 0; n < 20 && top() !== last; n++) {
                    last = top();
                    area.scrollIntoView({ block: 'start' });
                    await frame();
                    await frame();
                }
            }"""
        )

    def picture(self, node: ElementHandle) -> str:
        """A signature, from every pixel, of the picture in the output that holds this node."""
        self.until("node => lab.loaded(lab.area(node))", node)
        return node.evaluate("node => lab.picture(lab.area(node))")
