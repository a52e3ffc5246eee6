"""From the description of a control to its widget, which has a `value`, and to what stands around it in a row."""

from collections.abc import Callable, Iterable
from functools import singledispatch
from typing import Any

import ipywidgets as W

from .controls import Choice, Control, Dice, Presets, Range, Steps, Text, Typed, pairs
from .source import TextSource

__all__ = ["field", "player", "presets", "stepper", "widget"]

LABEL = {"description_width": "10.5em"}


class BoundsFirst(W.Widget):
    """Tells the browser of its bounds before its value, which would else be held to the old ones and sent back so.

    What is told at once is a set of names, and so in an order that differs from kernel to kernel.
    """

    def send_state(self, key: str | Iterable[str] | None = None) -> None:
        super().send_state(sorted(key, key=lambda name: (name == "value", name)) if isinstance(key, set) else key)


class IntSlider(BoundsFirst, W.IntSlider):
    pass


class FloatSlider(BoundsFirst, W.FloatSlider):
    pass


class SelectionSlider(W.SelectionSlider):
    """Tells the browser of more options before the place among them, which would else be held to the old ones.

    In one message it would not do: there the place is set first, whatever the order. Of fewer options it is told
    together with the place, or it would hold the old place to them, and send that back.
    """

    told = 0  # how many options the browser knows

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.told = len(self.options)

    def send_state(self, key: str | Iterable[str] | None = None) -> None:
        names = {key} if isinstance(key, str) else set(self.keys if key is None else key)
        if {"_options_labels", "index"} <= names and self.told <= self.index:
            super().send_state("_options_labels")
            key = names - {"_options_labels"}
        if "_options_labels" in names:
            self.told = len(self.options)
        super().send_state(key)


@singledispatch
def widget(control: Control) -> W.Widget:
    """The widget of a description; its `value` is what the control says."""
    raise TypeError(f"no widget is known for {control!r}")


@widget.register
def _(control: Range) -> W.Widget:
    kind = IntSlider if isinstance(control.step, int) else FloatSlider
    places = {"value": control.start, "min": control.low, "max": control.high, "step": control.step}
    layout = W.Layout(flex="1 1 12em", width="auto", min_width="0")
    return kind(**places, description=control.label, style=LABEL, layout=layout)


@widget.register
def _(control: Steps) -> W.Widget:
    look = {"style": LABEL, "layout": W.Layout(flex="1 1 12em", width="auto", min_width="0")}
    return SelectionSlider(value=control.start, options=pairs(control.options), description=control.label, **look)


@widget.register
def _(control: Choice) -> W.Widget:
    return W.ToggleButtons(value=control.start, options=pairs(control.options), style={"button_width": "auto"})


@widget.register
def _(control: Dice) -> W.Widget:
    look = {"style": {"description_width": "3.5em"}, "layout": W.Layout(width="9em")}
    return W.BoundedIntText(control.start, min=control.low, max=control.high, description=control.words, **look)


@widget.register
def _(control: Typed) -> W.Widget:
    return W.Combobox(value=control.start, options=list(control.options), continuous_update=False)


@widget.register
def _(control: Text) -> W.Widget:
    return TextSource(control)


def field(control: Control, made: W.Widget) -> list[W.Widget]:
    """What stands in a row for a control: its widget, and what its own label cannot say."""
    if isinstance(control, Choice) and control.words:  # a label of its own would stand above the buttons
        return [W.Label(control.words), made]
    if isinstance(control, Typed):
        return [W.HBox([W.Label(control.words), made, W.Label(control.note)])]
    if isinstance(control, Dice):
        many = [throw(made, control.many, f"throw {control.many}")] if control.many > 1 else []
        return [throw(made, 1, control.again), *many, made]
    return [made]


def throw(number: W.BoundedIntText, times: int, words: str) -> W.Button:
    """A button that throws the dice so many times; after the last throw comes the first."""
    button = W.Button(description=words, icon="random", tooltip="throw again", layout=W.Layout(width="auto"))

    def on_click(_: W.Button) -> None:
        number.value = number.min if number.value == number.max else min(number.value + times, number.max)

    button.on_click(on_click)
    return button


def stepper(slider: W.IntSlider) -> list[W.Button]:
    """Buttons first, back, next and last for a whole-number slider; with the focus it takes the arrow keys itself."""
    moves = {
        "first": ("fast-backward", lambda: slider.min),
        "back": ("step-backward", lambda: max(slider.min, slider.value - slider.step)),
        "next": ("step-forward", lambda: min(slider.max, slider.value + slider.step)),
        "last": ("fast-forward", lambda: slider.max),
    }
    buttons = []
    for name, (icon, place) in moves.items():
        button = W.Button(icon=icon, tooltip=name, layout=W.Layout(width="3em"))
        button.on_click(lambda _, place=place: setattr(slider, "value", place()))
        buttons.append(button)
    return buttons


def player(slider: W.IntSlider, interval: int = 75) -> W.Play:
    """A play button for a whole-number slider, linked in the browser; `interval` in ms between two values."""
    play = W.Play(value=slider.value, min=slider.min, max=slider.max, step=slider.step, interval=interval)
    W.jslink((play, "value"), (slider, "value"))
    return play


def presets(of: Presets, set_: Callable[..., None]) -> list[W.Widget]:
    """Buttons in one row, each as wide as its word; a click hands its state to `set_`."""
    row = [W.Label(of.words)]
    for name, state in of.states.items():
        button = W.Button(description=name, layout=W.Layout(width="auto", flex="0 1 auto"))
        button.on_click(lambda _, state=state: set_(**state))
        row.append(button)
    return row
