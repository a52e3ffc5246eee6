"""Draw the README's animation anew: docs/powers.gif, from the picture class of page 04.

python tools/save_animation.py
"""

from pathlib import Path

from bpttlib.figures.powers_player import write_powers_gif

if __name__ == "__main__":
    path = write_powers_gif(Path(__file__).resolve().parents[1] / "docs" / "powers.gif")
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")
