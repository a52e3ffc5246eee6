"""Pictures drawn ahead, as one file that plays without a kernel: a page for any browser, or a GIF."""

import base64
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .live import SHARP

__all__ = ["write_gif", "write_page"]

PAGE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<style>
  body {{ font: 16px sans-serif; max-width: {width}px; margin: 1em auto; padding: 0 1em; color: #222 }}
  img {{ width: 100%; display: block }}
  figure {{ position: relative; margin: 0 }}
  figure img + img {{ position: absolute; top: 0 }}
  div {{ display: flex; gap: 1em; align-items: center }}
  input[type=range] {{ flex: 1 }}
  button {{ font: inherit; min-width: 5em; padding: .4em }}
</style>
<h1>{title}</h1>
<figure><img src="data:image/png;base64,{ground}" alt=""><img id="picture" alt=""></figure>
<div>
  <button id="play">play</button>
  <input id="place" type="range" min="0" value="0" aria-label="picture">
  <label>pictures a second <input id="speed" type="number" min="1" max="60" value="{speed}"></label>
</div>
<p id="alt" role="status"></p>
<script>
const pictures = {pictures}, words = {words};
const names = ['picture', 'play', 'place', 'speed', 'alt'];
const [picture, play, place, speed, alt] = names.map(name => document.getElementById(name));
const ready = pictures.map(src => Object.assign(new Image(), {{ src: 'data:image/png;base64,' + src }}));
let timer = 0, next = 0;
place.max = pictures.length - 1;
function show(i) {{
  place.value = i;
  picture.src = ready[i].src;
  picture.alt = alt.textContent = words[i];
}}
function tick(now) {{
  if (now >= next) {{  // on the clock: a late frame does not make the following ones late
    next = Math.max(next + 1000 / speed.value, now);
    show((+place.value + 1) % pictures.length);
  }}
  timer = requestAnimationFrame(tick);
}}
function toggle() {{
  if (timer) {{ cancelAnimationFrame(timer); timer = 0; }}
  else {{ next = performance.now(); timer = requestAnimationFrame(tick); }}
  play.textContent = timer ? 'pause' : 'play';
}}
play.onclick = toggle;
place.oninput = () => {{ if (timer) toggle(); show(+place.value); }};
Promise.all(ready.map(image => image.decode())).then(() => {{ show(0); toggle(); }});
</script>
</html>
"""


def write_page(path: str | Path, pictures: Iterable[tuple[bytes, str]], title: str, speed: int = 30) -> Path:
    """Write a web page that holds every picture and plays them at `speed` a second, with nothing but a browser.

    pictures  PNG and the words for those who cannot see it, in the order of play: all of one size and with the same
              colours. What they share is held once, and for each of them what lies over it. Returns the path.
    """
    shown, words = zip(*pictures, strict=True)
    first = Image.open(io.BytesIO(shown[0]))
    ground, *over = [encoded(layer) for layer in layers(shown)]
    held = json.dumps(over)
    said = json.dumps(words).replace("<", "\\u003c")
    about = {"title": escape(title), "width": first.width // SHARP, "speed": speed}
    page = PAGE.format(ground=ground, pictures=held, words=said, **about)
    Path(path).write_text(page, encoding="utf-8")
    return Path(path)


def write_gif(path: str | Path, pictures: Iterable[tuple[bytes, str]], milliseconds: int | list[int] = 80) -> Path:
    """Write the pictures as an animated GIF that goes round for ever; milliseconds for each, or one for all.

    One pixel for each of the page, or it would be four times as large.
    """
    first, *others = [on_page(png) for png, _ in pictures]
    first.save(path, save_all=True, append_images=others, duration=milliseconds, loop=0, optimize=True)
    return Path(path)


def on_page(png: bytes) -> Image.Image:
    """The picture with one pixel for each of the page, in its own colours."""
    sharp = Image.open(io.BytesIO(png))
    small = sharp.convert("RGB").reduce(SHARP)
    return small.quantize(palette=sharp, dither=Image.Dither.NONE) if sharp.mode == "P" else small


def layers(pictures: Sequence[bytes]) -> Iterator[Image.Image]:
    """A ground of what stands in most of them, and for each of them what differs from it, the rest transparent."""
    pixels = [np.asarray(in_colours(png)) for png in pictures]  # and no image is kept beside
    colours = in_colours(pictures[0]).getpalette()
    ground = np.stack([middle(rows) for rows in zip(*pixels, strict=True)])
    used = sum(np.bincount(one.ravel(), minlength=256) for one in pixels)
    free = int(np.flatnonzero(used == 0)[0])  # a colour that none of them has
    for layer in (ground, *(np.where(one == ground, free, one) for one in pixels)):
        image = Image.fromarray(layer.astype(np.uint8))  # grey, until it gets its colours
        image.putpalette(colours)
        image.info["transparency"] = free
        yield image


def in_colours(png: bytes) -> Image.Image:
    """The picture as the numbers of its colours."""
    return Image.open(io.BytesIO(png)).convert("P")


def middle(rows: tuple[NDArray, ...]) -> NDArray:
    """Of one row of every picture the colours in the middle, pixel by pixel: what most of them have."""
    return np.partition(rows, len(rows) // 2, axis=0)[len(rows) // 2]


def encoded(image: Image.Image) -> str:
    """As PNG in few bytes, in letters."""
    out = io.BytesIO()
    image.save(out, "png", optimize=True)
    return base64.b64encode(out.getvalue()).decode()
