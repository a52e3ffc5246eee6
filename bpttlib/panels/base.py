"""What every panel shares: controls above one picture, and one line for what went wrong.

A panel turns its controls into one call of an experiment and one of a picture; it computes nothing.
The front end holds back what comes faster than it is answered and sends the newest value alone, so
that no stale picture queues.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import ipywidgets as W

from ..figures.live import Picture, beside
from .alive import give_back, moved
from .controls import Control, Play, Presets, Stepper
from .message import message
from .widgets import field, player, presets, stepper, widget

__all__ = ["Panel"]

PICTURES = 120  # that a panel keeps, some 50 kB each
STOPPED = "stopped before it was drawn: the picture is the one before; move a control to draw it"
Item = str | Play | Stepper | Presets | W.Widget  # what may be named in a row


class Panel(W.VBox):
    """Controls, the picture of what they say, and below it one line: what can be seen, or what went wrong.

    controls    their descriptions; together their values are the whole state.
    experiment  called with the state as keywords, gives the keywords of `picture.show`.
    picture     the class of the picture; that of a panel left alone, or of a cell that was run again, is let go, and
                built anew when it is asked for.
    rows        how the controls are laid out in a grid of two columns: each row one or two items, or tuples of items
                that share a column: names, `Play`, `Stepper`, `Presets`, or widgets; else the names two by two.
    Then `controls` are the widgets, name → widget with a `value`; `fields` what stands in a row for each of them.
    A subclass whose controls bound each other says how in `fit`.
    """

    def __init__(
        self,
        controls: Sequence[Control],
        experiment: Callable[..., dict],
        picture: type[Picture],
        rows: Sequence[Sequence[Item]] | None = None,
    ):
        self.described = {control.name: control for control in controls}
        self.controls = {name: widget(control) for name, control in self.described.items()}
        self.fields = {name: field(control, self.controls[name]) for name, control in self.described.items()}
        self.experiment, self.kind = experiment, picture
        self.kept: OrderedDict[tuple, tuple[bytes, str]] = OrderedDict()  # state → its picture and what can be seen
        for name, control in self.controls.items():
            control.observe(partial(self._moved, name), "value")
        self.on_page = self._wake().on_page
        width, _ = self.on_page
        self.image = W.Image(format="png", layout=W.Layout(width=f"{width}px", max_width="100%", height="auto"))
        self.line = W.HTML(layout=W.Layout(min_height="1.6em", margin="0 2px"))
        self.reset = W.Button(icon="undo", tooltip="reset: back to where it started", layout=W.Layout(width="3em"))
        self.reset.on_click(lambda _: self.set(**self.start))
        self.grid = self._grid(rows or in_pairs([*self.controls]))
        super().__init__([self.grid, self.image, self.line])
        self.draw()

    def _grid(self, rows: Sequence[Sequence[Item | tuple[Item, ...]]]) -> W.GridBox:
        """Two columns of controls; a row of one item takes both. The reset button ends the last row."""
        cells = []
        for n, row in enumerate(rows, start=1):
            for column, items in enumerate(row, start=1):
                items = items if isinstance(items, tuple) else (items,)
                # each in its place: the mark of a lost kernel would else take the first and shift the others
                area = f"{n} / {column} / auto / {-1 if len(row) == 1 else 'auto'}"
                placed = [one for item in items for one in self._place(item)]
                cells.append(W.HBox(placed, layout=W.Layout(grid_area=area, align_items="center", min_width="0")))
        cells[-1].children += (self.reset,)
        width, _ = self.on_page
        columns = "minmax(0, 1fr) minmax(0, 1fr)"
        layout = W.Layout(grid_template_columns=columns, grid_gap="0 1em", width=f"{width}px", max_width="100%")
        return W.GridBox(cells, layout=layout)

    def _place(self, item: Item) -> list[W.Widget]:
        """The widgets that stand in a row for one item."""
        if isinstance(item, str):
            return self.fields[item]
        if isinstance(item, Play):
            return [player(self.controls[item.of], item.interval)]
        if isinstance(item, Stepper):
            return stepper(self.controls[item.of])
        if isinstance(item, Presets):
            return presets(item, self.set)
        return [item]

    @property
    def start(self) -> dict[str, Any]:
        """The state in which the panel began."""
        return {name: control.start for name, control in self.described.items()}

    @property
    def state(self) -> dict[str, Any]:
        """The values of the controls: the same state, the same picture. The browser hands back 0.8999999999999999."""
        values = {name: control.value for name, control in self.controls.items()}
        return {name: round(value, 9) if isinstance(value, float) else value for name, value in values.items()}

    def set(self, **state: Any) -> None:
        """Move several controls and draw once."""
        with self._told_last():
            with self.held():
                for name, value in [*state.items()] * 2:  # twice, for one control may bound another
                    self.controls[name].value = value
            self.draw()

    def fit(self, moved: str) -> None:
        """Fit the other controls to the one of this name that has moved, before the picture is asked for."""

    @contextmanager
    def held(self) -> Iterator[None]:
        """Draw nothing while controls move inside."""
        before, self._held = self._held, True
        try:
            yield
        finally:
            self._held = before

    @property
    def picture(self) -> Picture:
        """The picture of the state."""
        return self._picture or self._wake().update(**self.experiment(**self.state))

    def _wake(self) -> Picture:
        """The picture, which may have nothing in it yet."""
        self._picture = self._picture or self.kind()
        moved(self)
        return self._picture

    def sleep(self) -> None:
        """Hold no picture, drawn or to be drawn; at the next move it is built anew. What the browser shows stays."""
        self._picture = None
        self.kept.clear()

    _picture: Picture | None = None
    _held = False  # while several controls move at once
    _unfit: tuple[str, ...] = ()  # controls that have moved, while fitting the others to them was broken off
    alt = ""  # what can be seen in the picture
    trouble = ""  # what the last state was refused for

    def _moved(self, name: str, _: Any) -> None:
        with self._told_last():
            self._fit(name)
            if not self._held:
                self.draw()

    def _fit(self, name: str) -> None:
        """Fit the others to this one, and to those for which that was broken off."""
        again, self._unfit = self._unfit, ()
        try:
            with self.held():
                for one in dict.fromkeys([*again, name]):
                    self.fit(one)
        except BaseException:
            self._unfit = (*again, name, *self._unfit)
            raise

    @contextmanager
    def _told_last(self) -> Iterator[None]:
        """The browser hears of what became of the controls after the picture, which the hand waits for, and at once."""
        with ExitStack() as held:
            for control in self.controls.values():
                held.enter_context(control.hold_sync())
            yield

    def prepare(self) -> None:
        """What must be done once all controls stand, before the picture is asked for."""

    def draw(self) -> None:
        """The picture of the state, or one readable line; then the last good picture stays."""
        try:
            self.prepare()
            self.image.value, self.alt = self._drawn()
            self.trouble = ""
        except (ValueError, OSError) as error:
            self.trouble = str(error)
        except BaseException as error:
            self.trouble = f"{type(error).__name__}: {error}" if str(error) else STOPPED
            raise
        finally:
            self.line.value = message(self.trouble or self.alt, wrong=bool(self.trouble))

    def _drawn(self) -> tuple[bytes, str]:
        """The picture of the state and its sentence; kept, for a hand on a slider goes back and forth."""
        key = tuple(self.state.values())
        if key not in self.kept:
            drawn = self._wake().update(**self.experiment(**self.state))
            self.kept[key] = drawn.png(), drawn.alt
        self.kept.move_to_end(key)
        found = self.kept[key]
        while len(self.kept) > PICTURES:
            self.kept.popitem(last=False)
        return found

    def move_all(self) -> str:
        """Move every slider to both ends and its middle, go through every option of a choice, and come back.

        Returns how many pictures were drawn; raises RuntimeError where one could not be. No test runner
        moves a slider, so every page ends with this.
        """
        with self._told_last(), self.image.hold_sync():  # or the browser would answer when all is over
            drawn = sum(self._move(control) for control in self.described.values())
            self.set(**self.start)
        self.picture.rest()
        give_back()
        return f"{type(self).__name__}: {drawn} positions, every one drawn"

    def _move(self, control: Control) -> int:
        """Go through the values of one control and back to its start; returns how many there were."""
        values = control.values()
        for value in values:
            self.controls[control.name].value = value
            if self.trouble:
                raise RuntimeError(f"{control.name} = {value!r}: {self.trouble}")
        self.controls[control.name].value = control.start
        return len(values)

    def anew(self, **state: Any) -> Picture:
        """The same picture built from nothing, as `interact` would: what the benchmark measures against."""
        return self.kind().update(**self.experiment(**state))

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict, dict]:
        """Beside the widget its picture, for readers without a kernel."""
        still, alt = beside(self.image.value, self.alt, self.on_page)
        return {**super()._repr_mimebundle_(**options), **still}, alt


def in_pairs(names: list[str]) -> list[list[str]]:
    return [names[i : i + 2] for i in range(0, len(names), 2)]
