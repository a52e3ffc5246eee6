"""Pictures drawn ahead: every one arrives, in its order, in a file that asks for nothing else."""

import base64
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bpttlib.experiments.powers import PRESETS, run
from bpttlib.figures import powers_player
from bpttlib.figures.arrows import arrows
from bpttlib.figures.player import write_gif, write_page
from bpttlib.figures.powers import PowersPicture
from bpttlib.figures.powers_player import TOUR, write_powers_gif, write_powers_player


def square(shade):
    out = io.BytesIO()
    Image.new("L", (8, 8), shade).save(out, "png")
    return out.getvalue()


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def held(page):
    """The pictures as a browser shows them: each laid over the ground."""
    layers = [re.search(r'base64,(.*?)"', page)[1], *json.loads(re.search(r"pictures = (\[.*?\]), words", page)[1])]
    ground, *over = [Image.open(io.BytesIO(base64.b64decode(layer))).convert("RGBA") for layer in layers]
    return [np.asarray(Image.alpha_composite(ground, one).convert("RGB")) for one in over]


def test_page_holds_every_picture_with_its_words_and_no_address(tmp_path):
    pictures = [(square(10 * i), f"picture {i} <b>") for i in range(5)]
    page = write_page(tmp_path / "page.html", pictures, "a < b").read_text(encoding="utf-8")
    assert [np.array_equal(one, pixels(png)) for one, (png, _) in zip(held(page), pictures, strict=True)] == [True] * 5
    words = json.loads(re.search(r"words = (\[.*?\]);", page)[1])
    assert words == [alt for _, alt in pictures] and "<b>" not in page and "a &lt; b" in page
    assert "http" not in page and "src=" not in page.replace("src='", "").replace('src="data:', "")


def test_gif_holds_every_picture_at_its_size_on_the_page(tmp_path):
    pictures = [(square(10 * i), "") for i in range(5)]
    with Image.open(write_gif(tmp_path / "some.gif", pictures, 80)) as gif:
        assert gif.size == (4, 4) and gif.n_frames == 5 and gif.info["duration"] == 80 and gif.info["loop"] == 0


def test_player_shows_the_pictures_of_the_panel(tmp_path, monkeypatch):
    """The first nine of them; the page writes all."""
    monkeypatch.setattr(powers_player, "LAST", 8)
    page = write_powers_player(tmp_path / "player.html", "rotating").read_text(encoding="utf-8")
    shown = PowersPicture().update(**run(7, **PRESETS["rotating"], true_length=False)).png()
    there = held(page)
    assert len(there) == 9 and np.abs(there[7].astype(int) - pixels(shown)).mean() < 0.05


def test_gif_of_the_tour_is_small():
    path = Path(__file__).resolve().parents[1] / "docs" / "powers.gif"
    with Image.open(path) as gif:
        assert path.stat().st_size < 2_000_000 and gif.n_frames == sum(last + 1 for last in TOUR.values())


def test_gif_goes_on_tour_through_the_presets(tmp_path, monkeypatch):
    monkeypatch.setattr(powers_player, "TOUR", {"vanishing": 2, "rotating": 3})
    with Image.open(write_powers_gif(tmp_path / "powers.gif")) as gif:
        pauses = [gif.seek(n) or gif.info["duration"] for n in range(gif.n_frames)]
    assert pauses == [700, 110, 900, 700, 110, 110, 900]


@pytest.mark.parametrize("tip", [(1.0, 0.0), (0.3, -0.4), (0.0, 0.0), (1e-9, 0.0)])
def test_arrows_reach_their_tip_and_start_at_zero(tip):
    (outline,) = arrows(np.array([tip]), 0.05, 0.2)
    assert np.allclose(outline[3], tip) and np.allclose((outline[0] + outline[-1]) / 2, 0)
    assert np.isfinite(outline).all()
