"""What a class needs of a server: n kernels run a page at once; how long it takes, and how much memory they hold.

    python benchmarks/classroom.py [PAGE.ipynb] [-n 5]

Every kernel runs all cells of the page, one after the other, as a student does, and stays open. Memory is what is
resident once the page has run, and the most it ever was (Linux); a page's pictures, panels and caches are in it.
Exercises that are not written yet print their verdict, so nothing has to be filled in.
"""

import argparse
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import numpy as np
from jupyter_client import KernelManager

PAGE = Path(__file__).resolve().parents[1] / "notebooks" / "05_truncation.ipynb"
SECONDS = 600


def start(folder: Path) -> tuple[KernelManager, object]:
    """A kernel of this interpreter, ready."""
    kernel = KernelManager(kernel_name="python3")
    kernel.start_kernel(cwd=str(folder))
    client = kernel.blocking_client()
    client.start_channels()
    client.wait_for_ready(SECONDS)
    return kernel, client


def run(client, cells: list[str]) -> float:
    """Seconds for all cells; RuntimeError at the first that fails."""
    begun = time.perf_counter()
    for cell in cells:
        reply = client.execute_interactive(cell, timeout=SECONDS, output_hook=lambda message: None)
        if reply["content"]["status"] != "ok":
            raise RuntimeError(f"{reply['content']['ename']}: {reply['content']['evalue']}")
    return time.perf_counter() - begun


def memory(kernel: KernelManager) -> tuple[float, float]:
    """MB resident now, and at the most."""
    kept = dict(re.findall(r"(VmRSS|VmHWM):\s+(\d+) kB", Path(f"/proc/{kernel.provisioner.pid}/status").read_text()))
    return int(kept["VmRSS"]) / 1000, int(kept["VmHWM"]) / 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("page", nargs="?", type=Path, default=PAGE)
    parser.add_argument("-n", type=int, default=5, help="kernels")
    asked = parser.parse_args()
    cells = [c.source for c in nbformat.read(asked.page, as_version=4).cells if c.cell_type == "code"]
    with ThreadPoolExecutor(asked.n) as pool:
        begun = time.perf_counter()
        class_ = list(pool.map(start, [asked.page.parent] * asked.n))
        ready = time.perf_counter() - begun
        try:
            seconds = list(pool.map(lambda one: run(one[1], cells), class_))
            now, most = np.array([memory(kernel) for kernel, _ in class_]).T
        finally:
            for kernel, client in class_:
                client.stop_channels()
                kernel.shutdown_kernel(now=True)
    print(f"{asked.page.name}, {asked.n} kernels: all ready after {ready:.0f} s; then the page takes", end=" ")
    print(f"{np.median(seconds):.0f} s (the slowest {max(seconds):.0f} s)")
    print(f"MB in each: {np.median(now):.0f}, at the most {np.median(most):.0f}; in all {now.sum():.0f}")


if __name__ == "__main__":
    main()
