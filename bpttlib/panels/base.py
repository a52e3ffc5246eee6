"""What every panel shares: controls above one picture, and one line for what went wrong.

A panel turns its controls into one call of the mathematics and one of a picture; it computes nothing.
The front end holds back what comes faster than it is answered and sends the newest value alone, so
that no stale picture queues.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from html import escape
from typing import Any

import ipywidgets as W

from ..figures.live import Picture, beside

__all__ = ["Panel", "choice", "message", "player", "slider", "slider_of", "stepper"]

QUIET = "var(--jp-ui-font-color1, #595959)"  # readable on a dark page as well
WIDE = {"description_width": "10.5em"}


def slider(label: str, value: float, low: float, high: float, step: float = 1, **options: Any) -> W.Widget:
    """A slider labelled with its symbol; whole numbers if `step` is one."""
    kind = W.IntSlider if isinstance(step, int) else W.FloatSlider
    layout = W.Layout(width="35em", max_width="100%")
    return kind(value=value, min=low, max=high, step=step, description=label, style=WIDE, layout=layout, **options)


def slider_of(label: str, value: Any, options: list) -> W.SelectionSlider:
    """A slider over a list of values, such as powers of ten."""
    return W.SelectionSlider(value=value, options=options, description=label, style=WIDE, layout=W.Layout(width="35em"))


def choice(value: Any, options: list) -> W.ToggleButtons:
    """Buttons of which one is pressed; its label stands beside it in the row, for its own would stand above."""
    return W.ToggleButtons(value=value, options=options, style={"button_width": "auto"})


def stepper(control: W.IntSlider) -> list[W.Button]:
    """Buttons first, back, next and last for a whole-number slider; with the focus it takes the arrow keys itself."""
    moves = {
        "first": ("fast-backward", lambda: control.min),
        "back": ("step-backward", lambda: max(control.min, control.value - control.step)),
        "next": ("step-forward", lambda: min(control.max, control.value + control.step)),
        "last": ("fast-forward", lambda: control.max),
    }
    buttons = []
    for name, (icon, place) in moves.items():
        button = W.Button(description=name, icon=icon, layout=W.Layout(width="6em"))
        button.on_click(lambda _, place=place: setattr(control, "value", place()))
        buttons.append(button)
    return buttons


def player(control: W.IntSlider, interval: int = 75) -> W.Play:
    """A play button for a whole-number slider, linked in the browser; `interval` in ms between two values."""
    play = W.Play(value=control.value, min=control.min, max=control.max, step=control.step, interval=interval)
    W.jslink((play, "value"), (control, "value"))
    return play


def message(text: str, wrong: bool = True) -> str:
    """A line for an HTML widget: the text as text, never as markup; red if something is wrong."""
    look = "color:#B00020; font-weight:600" if wrong else f"color:{QUIET}"
    return f'<span role="status" style="{look}">{escape(text)}</span>' if text else ""


def ends(control: W.Widget) -> list:
    """Both ends and the middle of a slider; every option of a choice."""
    if hasattr(control, "min"):
        step = getattr(control, "step", 1)
        middle = control.min + step * round((control.max - control.min) / 2 / step)  # a place the handle can stand
        return [control.min, type(control.value)(round(middle, 9)), control.max]
    return [option[1] if isinstance(option, tuple) else option for option in getattr(control, "options", [])]


class Panel(W.VBox):
    """Controls, the picture of what they say, and below it one line: what can be seen, or what went wrong.

    controls  name → widget with a `value`; together they are the whole state.
    arrays    called with the state as keywords, gives the keywords of `picture.update`.
    picture   the class of the picture, kept alive for as long as the panel.
    rows      how the controls are laid out: lists of names, or of further widgets.
    """

    def __init__(
        self,
        controls: dict[str, W.Widget],
        arrays: Callable[..., dict],
        picture: type[Picture],
        rows: list[list[str | W.Widget]] | None = None,
    ):
        self.controls, self.arrays, self.new_picture = controls, arrays, picture
        self.start = dict(self.state)
        self.picture = picture()
        width, height = (round(100 * inch) for inch in self.picture.inches)
        self.image = W.Image(format="png", layout=W.Layout(width=f"{width}px", max_width="100%", height="auto"))
        self.line = W.HTML(layout=W.Layout(min_height="1.6em"))
        self.reset = W.Button(description="reset", icon="undo", tooltip="back to where it started")
        self.reset.on_click(lambda _: self.set(**self.start))
        for control in controls.values():
            control.observe(self._moved, "value")
        rows = rows or [list(controls)]
        rows = [*rows[:-1], [*rows[-1], self.reset]]
        boxes = [W.HBox([controls.get(n) if isinstance(n, str) else n for n in row]) for row in rows]
        for box in boxes:
            box.layout.flex_flow = "row wrap"
        super().__init__([*boxes, self.image, self.line])
        self.draw()

    @property
    def state(self) -> dict[str, Any]:
        """The values of the controls: the same state, the same picture. The browser hands back 0.8999999999999999."""
        values = {name: control.value for name, control in self.controls.items()}
        return {name: round(value, 9) if isinstance(value, float) else value for name, value in values.items()}

    def set(self, **state: Any) -> None:
        """Move several controls and draw once."""
        with self.held():
            for name, value in [*state.items()] * 2:  # twice, for one control may bound another
                self.controls[name].value = value
        self.draw()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Draw nothing while controls move inside."""
        before, self._held = self._held, True
        try:
            yield
        finally:
            self._held = before

    _held = False  # while several controls move at once
    trouble = ""  # what the last state was refused for

    def _moved(self, _: Any) -> None:
        if not self._held:
            self.draw()

    def draw(self) -> None:
        """The picture of the state, or one readable line; then the last good picture stays."""
        try:
            self.picture.update(**self.arrays(**self.state))
            self.image.value = self.picture.png()
            self.trouble = ""
        except (ValueError, OSError) as error:
            self.trouble = str(error)
        except Exception as error:
            self.trouble = f"{type(error).__name__}: {error}"
            raise
        finally:
            self.line.value = message(self.trouble or self.picture.alt, wrong=bool(self.trouble))

    def sweep(self) -> str:
        """Move every slider to both ends and its middle, go through every option of a choice, and come back.

        Returns how many pictures were drawn; raises RuntimeError where one could not be. No test runner
        moves a slider, so every page ends with this.
        """
        drawn = 0
        with ExitStack() as held:
            for widget in (*self.controls.values(), self.image):  # or the browser would answer when all is over
                held.enter_context(widget.hold_sync())
            for name, control in self.controls.items():
                for value in ends(control):
                    control.value = value
                    drawn += 1
                    if self.trouble:
                        raise RuntimeError(f"{name} = {value!r}: {self.trouble}")
                control.value = self.start[name]
            self.set(**self.start)
        return f"{type(self).__name__}: {drawn} positions, every one drawn"

    def anew(self, **state: Any) -> Picture:
        """The same picture built from nothing, as `interact` would: what the benchmark measures against."""
        return self.new_picture().update(**self.arrays(**state))

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict, dict]:
        """Beside the widget its picture, for readers without a kernel."""
        still, alt = beside(self.image.value, self.picture.alt)
        return {**super()._repr_mimebundle_(**options), **still}, alt
