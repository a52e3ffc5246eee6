"""Move a panel as a hand would, at random, and break a move off."""

import io
from contextlib import contextmanager, nullcontext
from inspect import CO_GENERATOR
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from PIL import Image
from stopping import stopped

import bpttlib
from bpttlib.panels.controls import Dice, Range

OURS = tuple(str(Path(bpttlib.__file__).parent / part) for part in ("figures", "panels"))
THEIRS = str(Path(matplotlib.__file__).parent)
MOVES, SEEN = 6, 3  # at random for each panel before it is stopped; every third is drawn
PLACES = 250  # where it may be stopped; most moves come through more


def is_place(frame, event):
    """A call of a function of a panel or a picture, or of one of matplotlib that sets or draws an artist."""
    code = frame.f_code
    drawing = code.co_filename.startswith(THEIRS) and code.co_name.startswith(("set", "draw"))
    ours = code.co_filename.startswith(OURS) and not code.co_flags & CO_GENERATOR  # which is entered again and again
    return event == "call" and (drawing or ours)


def some_move(panel, random):
    """One control and a value that it may take now, but has not."""
    moves = []
    for name, described in panel.described.items():
        now = panel.controls[name]
        fits = [value for value in tried(described, now.value, random) if may_be(now, value) and value != now.value]
        moves += [(name, value) for value in fits if name != "text"]
    return random.choice(moves)


def tried(described, now, random):
    """The values of a control, and of a slider another one; of dice the next throw."""
    if isinstance(described, Dice):
        return [now % described.high + 1]
    if not isinstance(described, Range):
        return described.values()
    step = random.randint(0, round((described.high - described.low) / described.step))
    return [*described.values(), type(described.step)(round(described.low + step * described.step, 9))]


def may_be(control, value):
    if hasattr(control, "max"):
        return control.min <= value <= control.max
    return value in getattr(control, "_options_values", [value])


@contextmanager
def unseen(panel):
    """Where nobody looks: all is set, and nothing is drawn."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(panel.picture, "png", lambda: b"")
        yield


def wander(panel, random):
    """Move at random."""
    for n in range(MOVES):
        with nullcontext() if n % SEEN == 0 else unseen(panel):
            name, value = some_move(panel, random)
            panel.controls[name].value = value
        assert not panel.trouble, (panel.state, name)


def stop_and_go_on(panel, random):
    """Stop a move somewhere, and make it again or another one: the picture is the one built anew."""
    name, value = some_move(panel, random)
    before, place = panel.state, random.randint(1, PLACES)
    error = random.choice([KeyboardInterrupt, MemoryError])
    stopped(lambda: setattr(panel.controls[name], "value", value), place, is_place, error)
    if random.random() < 0.5:
        panel.set(**{name: value})
    else:
        name, value = some_move(panel, random)
        panel.controls[name].value = value
    assert_as_anew(panel, before, name, value, place)


def assert_as_anew(panel, *where):
    """What is seen is the picture built anew: blitting, kept words and moved artists leave nothing behind."""
    assert not panel.trouble, where
    drawn, anew = panel.image.value, panel.anew(**panel.state).png()
    assert drawn == anew or np.abs(pixels(drawn) - pixels(anew)).mean() < 0.05, where


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(np.int16)
