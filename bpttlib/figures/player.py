"""Pictures drawn ahead, as one file that plays without a kernel: a page for any browser, or a GIF."""

import base64
import io
import json
from collections.abc import Iterable
from html import escape
from pathlib import Path

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
  div {{ display: flex; gap: 1em; align-items: center }}
  input[type=range] {{ flex: 1 }}
  button {{ font: inherit; min-width: 5em; padding: .4em }}
</style>
<h1>{title}</h1>
<img id="picture" alt="">
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

    pictures  PNG and the words for those who cannot see it, in the order of play. Returns the path.
    """
    frames = list(pictures)
    width = Image.open(io.BytesIO(frames[0][0])).width // SHARP
    encoded = json.dumps([base64.b64encode(png).decode() for png, _ in frames])
    words = json.dumps([alt for _, alt in frames]).replace("<", "\\u003c")
    page = PAGE.format(title=escape(title), width=width, speed=speed, pictures=encoded, words=words)
    Path(path).write_text(page, encoding="utf-8")
    return Path(path)


def write_gif(path: str | Path, pictures: Iterable[tuple[bytes, str]], milliseconds: int | list[int] = 80) -> Path:
    """Write the pictures as an animated GIF that goes round for ever; milliseconds for each, or one for all."""
    first, *others = [Image.open(io.BytesIO(png)) for png, _ in pictures]
    first.save(path, save_all=True, append_images=others, duration=milliseconds, loop=0, optimize=True)
    return Path(path)
