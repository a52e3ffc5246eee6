"""Choose a text: a built-in one, or any UTF-8 file by path or upload."""

import ipywidgets as W
import traitlets

from ..text import read_text
from .controls import Text
from .message import message

__all__ = ["TextSource"]

OWN = "a file of your own"
AT_LEAST = 3  # characters: two steps, and one to guess


class TextSource(W.VBox):
    """A menu whose `value` is a text; a file that cannot be read changes nothing but the line below."""

    value = traitlets.Unicode()

    def __init__(self, control: Text):
        self.built_in = dict(control.options)
        layout, style = W.Layout(width="auto"), {"description_width": "10.5em"}
        self.menu = W.Dropdown(options=[*self.built_in, OWN], description=control.words, layout=layout, style=style)
        self.path = W.Text(placeholder="path of a UTF-8 text, then Enter", continuous_update=False, layout=layout)
        self.upload = W.FileUpload(description="or upload", multiple=False)
        self.note = W.HTML()
        self.own = W.HBox([self.path, self.upload], layout=W.Layout(display="none"))
        self.menu.observe(self._picked, "value")
        self.path.observe(lambda change: change.new and self.take(change.new), "value")
        self.upload.observe(lambda change: change.new and self.take(change.new[0]["content"]), "value")
        whole = W.Layout(flex="1 1 auto", min_width="0")
        super().__init__([self.menu, self.own, self.note], value=control.start, layout=whole)

    def _picked(self, change) -> None:
        self.own.layout.display = "" if change.new == OWN else "none"
        if change.new in self.built_in:
            self.note.value, self.value = "", self.built_in[change.new]

    def take(self, source: str | bytes) -> None:
        """Read a path or the bytes of an upload; what is wrong with it becomes one line."""
        try:
            text, note = read_text(source)
            if len(text) < AT_LEAST:
                raise ValueError(f"the text has {len(text)} characters, at least {AT_LEAST} are needed")
        except (ValueError, OSError) as error:
            self.note.value = message(f"{error}; the text before it stays")
            return
        self.note.value, self.value = message(note), text

    @traitlets.observe("value")
    def _value_set(self, change) -> None:
        for name, text in self.built_in.items():
            if text == change.new:
                self.note.value, self.menu.value = "", name
