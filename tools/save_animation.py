"""Draw the README's animations anew, from the picture classes of pages 04 and 05: docs/powers.gif, docs/truncation.gif.

python tools/save_animation.py
"""

from pathlib import Path

from bpttlib.figures.powers_player import write_powers_gif
from bpttlib.figures.truncation_player import write_truncation_gif

DOCS = Path(__file__).resolve().parents[1] / "docs"

if __name__ == "__main__":
    for path in (write_powers_gif(DOCS / "powers.gif"), write_truncation_gif(DOCS / "truncation.gif")):
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")
