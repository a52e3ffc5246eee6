"""One line below a panel or a control: what can be seen, or what went wrong."""

from html import escape

__all__ = ["QUIET", "message"]

QUIET = "var(--jp-ui-font-color1, #595959)"  # these two are readable on a dark page as well
WRONG = "var(--jp-error-color1, #B00020)"


def message(text: str, wrong: bool = True) -> str:
    """A line for an HTML widget: the text as text, never as markup; red if something is wrong."""
    look = f"color:{WRONG}; font-weight:600" if wrong else f"color:{QUIET}"
    close = "display:block; line-height:1.35"
    return f'<span role="status" style="{look}; {close}">{escape(text)}</span>' if text else ""
