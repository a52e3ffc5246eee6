"""Run the pages and store their outputs, with the widget state, so that a page opened and not yet run shows pictures.

The first picture of page 05 becomes the picture of the README.

    python tools/save_pages.py [PAGE.ipynb ...]        all pages if none is named

A page that raises is left as it was, and the exit status is 1.
"""

import base64
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
PICTURE = NOTEBOOKS.parent / "docs" / "truncation_panel.png"


def save(path: Path) -> None:
    page = nbformat.read(path, as_version=4)
    page.metadata.pop("widgets", None)
    where = {"metadata": {"path": path.parent}}
    client = NotebookClient(page, timeout=120, kernel_name="python3", coalesce_streams=True, resources=where)
    client.execute()
    page.metadata.kernelspec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    page.metadata.language_info = {"name": "python"}
    for cell in page.cells:
        cell.metadata.pop("execution", None)  # clock times: noise in every diff
        if "outputs" in cell:  # and progress bars
            cell.outputs = [one for one in cell.outputs if one.get("name") != "stderr"]
    nbformat.validate(page)
    nbformat.write(page, path)
    if path.resolve() == NOTEBOOKS / "05_truncation.ipynb":
        data = next(
            o.data["image/png"] for c in page.cells for o in c.get("outputs", []) if "image/png" in o.get("data", {})
        )
        PICTURE.write_bytes(base64.b64decode(data))


def main() -> int:
    failed = 0
    for path in [Path(name) for name in sys.argv[1:]] or sorted(NOTEBOOKS.rglob("*.ipynb")):
        if ".ipynb_checkpoints" in path.parts:
            continue
        try:
            save(path)
            print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")
        except CellExecutionError as error:
            failed = 1
            print(f"{path.name}: {error}", file=sys.stderr)
    return failed


if __name__ == "__main__":
    sys.exit(main())
