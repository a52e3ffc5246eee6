"""Choose a text: a built-in one, or any UTF-8 file by path or upload."""

import ipywidgets as W
import traitlets

from ..text import as_path, read_text
from .controls import Text
from .message import message

__all__ = ["TextSource"]

OWN = "a file of your own"


class TextSource(W.VBox):
    """A menu whose `value` is a text; a file that cannot be read changes nothing but the line below.

    Of a file the first characters are taken, as many as the control allows; the menu then names it.
    """

    value = traitlets.Unicode()

    def __init__(self, control: Text):
        self.built_in, self.shortest, self.longest = dict(control.options), control.shortest, control.longest
        layout, style = W.Layout(width="auto"), {"description_width": "10.5em"}
        self.menu = W.Dropdown(options=[*self.built_in, OWN], description=control.words, layout=layout, style=style)
        self.path = W.Text(placeholder="path of a UTF-8 text, then Enter", continuous_update=False, layout=layout)
        self.again = W.Button(icon="refresh", tooltip="read this file again", layout=W.Layout(width="3em"))
        self.upload = W.FileUpload(description="or upload", multiple=False)
        self.note = W.HTML()
        self.own = W.HBox([self.path, self.again, self.upload], layout=W.Layout(display="none"))
        self.menu.observe(self._picked, "value")
        self.path.observe(lambda change: change.new and self.take(change.new), "value")
        self.again.on_click(lambda _: self.path.value and self.take(self.path.value))
        self.upload.observe(lambda change: change.new and self._take_upload(change.new[0]), "value")
        whole = W.Layout(flex="1 1 auto", min_width="0")
        super().__init__([self.menu, self.own, self.note], value=control.start, layout=whole)

    def _picked(self, change) -> None:
        self.own.layout.display = "none" if change.new in self.built_in else ""
        if change.new in self.built_in:
            self.note.value, self.value = "", self.built_in[change.new]

    def _take_upload(self, sent) -> None:
        self.take(sent["content"], sent["name"])

    def take(self, source: str | bytes, name: str = "") -> None:
        """Read a path or the bytes of an upload; what is wrong with it becomes one line."""
        try:
            text, note = read_text(source)
            text = enough(text[: self.longest], self.shortest)
        except (ValueError, OSError) as error:
            self.note.value = message(f"{error}; the text before it stays")
            return
        self._name(name or (as_path(source).name if isinstance(source, str) else OWN))
        self.note.value, self.value = message(note), text

    def _name(self, file: str) -> None:
        """Have the menu say which file is shown."""
        self.menu.options = [*self.built_in, *dict.fromkeys([OWN, file])]
        self.menu.value = file

    @traitlets.observe("value")
    def _value_set(self, change) -> None:
        for name, text in self.built_in.items():
            if text == change.new:
                self.note.value, self.menu.value = "", name


def enough(text: str, shortest: int) -> str:
    """A text that can be read; raises ValueError for one that is too short, or has nothing to guess."""
    if len(text) < shortest:
        characters = "1 character" if len(text) == 1 else f"{len(text)} characters"
        raise ValueError(f"the text has {characters}, at least {shortest} are needed")
    if len(set(text)) == 1:
        raise ValueError(f"of the first {len(text)} characters all are {text[0]!r}, two different ones are needed")
    return text
