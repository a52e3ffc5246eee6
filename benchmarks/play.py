"""How many pictures a second a page shows while Play runs, and what is still to come when it is stopped.

    python benchmarks/play.py [PAGE.ipynb] [--slider LABEL]

Real JupyterLab, real headless Chromium. Play starts from the low end of the slider and is stopped by a click before
it gets to the other. Counted are different pictures painted, from the first to the last before the click; the backlog
is the time from the click to the last new picture. Last, one value off and back must show the picture it stopped at.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import ElementHandle

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.latency import RECORDER, prepare, report  # noqa: E402
from tools.lab import Lab, Notebook, browser, chromium  # noqa: E402

PAGE = Path(__file__).resolve().parents[1] / "notebooks" / "04_powers.ipynb"
ROUNDS, SECONDS = 5, 1.5
GOAL, BACKLOG = 10, 150

CLICKS = """
window.addEventListener('click', event => { window.clicked = event.timeStamp; }, true);
"""


def played(notebook: Notebook, handle: ElementHandle) -> dict:
    """Play once from the low end and stop by hand."""
    page = notebook.page
    where = "handle => lab.area(handle).querySelector('.widget-play button, .jupyter-widget-play button')"
    button = handle.evaluate_handle(where)
    handle.focus()
    page.keyboard.press("Home")
    page.evaluate("seen.quiet(500, false)")
    page.evaluate("seen.clear()")
    button.as_element().click()
    page.wait_for_timeout(1000 * SECONDS)
    button.as_element().click()
    clicked = page.evaluate("clicked")
    page.evaluate("seen.quiet(800, false)")
    times, values = np.array(page.evaluate("seen.times()")), page.evaluate("seen.values.length")
    before = times[times <= clicked]
    stopped = notebook.picture(handle)
    handle.focus()
    page.keyboard.press("ArrowLeft")
    page.evaluate("seen.quiet(400, false)")
    off = notebook.picture(handle)
    page.keyboard.press("ArrowRight")
    page.evaluate("seen.quiet(400, false)")
    return {
        "values": values,
        "pictures": len(times),
        "rate": (len(before) - 1) / (before[-1] - before[0]) * 1000,
        "worst_gap": float(np.diff(before).max()),
        "backlog": max(0.0, float(times[-1] - clicked)),
        "final_ok": notebook.picture(handle) == stopped != off,
    }


def measure(page: Path, label: str) -> list[dict]:
    with tempfile.TemporaryDirectory(prefix="play-") as temporary, browser(RECORDER + CLICKS) as context:
        own, _ = prepare(page, Path(temporary))
        with Lab(Path(temporary)) as lab:
            notebook = Notebook(lab, context, own)
            report(notebook.run())
            handle = notebook.slider(label)
            handle.evaluate("handle => seen.watch(handle)")
            played(notebook, handle)  # warm up
            return [played(notebook, handle) for _ in range(ROUNDS)]


def main() -> None:
    about, _, more = __doc__.partition("\n\n")
    parser = argparse.ArgumentParser(description=about, epilog=more, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("page", nargs="?", type=Path, default=PAGE, help="a page with a Play button")
    parser.add_argument("--slider", default="", help="its label, or how that begins; the first slider if not given")
    asked = parser.parse_args()
    if chromium() is None:
        sys.exit("no Chromium found: put it on the path, or its path in $CHROMIUM")
    rounds = measure(asked.page.absolute(), asked.slider)
    rates, backlogs = [one["rate"] for one in rounds], [one["backlog"] for one in rounds]
    print(f"{asked.page.name}, {len(rounds)} times {SECONDS} s of Play")
    print(f"pictures a second   median {np.median(rates):.1f}, worst {min(rates):.1f}    goal ≥ {GOAL}")
    print(f"pictures / values   {sum(r['pictures'] for r in rounds)} / {sum(r['values'] for r in rounds)}")
    print(f"worst gap           {max(r['worst_gap'] for r in rounds):.0f} ms")
    print(f"backlog             median {np.median(backlogs):.0f} ms, worst {max(backlogs):.0f} ms    goal ≤ {BACKLOG}")
    print(f"final picture ok    {'yes' if all(one['final_ok'] for one in rounds) else 'NO'}")


if __name__ == "__main__":
    main()
