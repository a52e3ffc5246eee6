"""The panel of a derivation sets each line in type once and survives what is typed; that of constants names them."""

import numpy as np
import pytest
import sympy

from bpttlib.derivation import concrete, conjecture, induction_proof, substitution, unroll
from bpttlib.experiments.derivation import EXAMPLES, OWN
from bpttlib.figures.constant import VERDICT
from bpttlib.panels.constant import ConstantPanel
from bpttlib.panels.derivation import DerivationPanel, term
from bpttlib.recurrence import Regime, regime

CHAPTERS = {"unroll": lambda: unroll(4), "guess": lambda: conjecture(4), "prove": induction_proof}
CHAPTERS |= {"substitute": substitution, OWN: lambda: concrete(EXAMPLES[1], 3)}


@pytest.fixture(scope="module")
def kept():
    return DerivationPanel(), ConstantPanel()


@pytest.fixture
def panel(kept):
    kept[0].set(**kept[0].start)
    return kept[0]


@pytest.fixture
def constant(kept):
    kept[1].set(**kept[1].start)
    return kept[1]


def in_sight(panel):
    lines = panel.board.lines
    return [n for n, line in enumerate(lines) if (line.layout.display, line.layout.visibility) == ("block", "visible")]


def buttons(panel):
    def children(widget):
        for child in getattr(widget, "children", ()):
            yield child
            yield from children(child)

    return {child.description or child.tooltip: child for child in children(panel) if hasattr(child, "click")}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_board_shows_the_lines_of_the_derivation(panel, chapter):
    panel.set(chapter=chapter)
    steps = CHAPTERS[chapter]().steps
    assert panel.controls["step"].max == len(steps)
    for number in range(1, len(steps) + 1):
        panel.controls["step"].value = number
        assert not panel.trouble
        assert in_sight(panel) == list(range(max(0, number - panel.board.ROWS), number))
        line = panel.board.lines[number - 1]
        assert "&lt;" in line.value or steps[number - 1].latex.replace("&", "&amp;") in line.value
        assert "transparent" not in line.layout.border_left


def test_every_derivation_fits_the_board(panel):
    longest = [unroll(8), conjecture(8), induction_proof(), substitution(), concrete(EXAMPLES[1], 3)]
    assert max(len(derivation.steps) for derivation in longest) <= panel.board.LINES


def test_stepping_neither_runs_sympy_nor_sets_a_line_again(panel, monkeypatch):
    for chapter in CHAPTERS:
        panel.set(chapter=chapter)
        written = []
        for line in panel.board.lines:
            line.observe(written.append, "value")
        with monkeypatch.context() as patch:
            for name in ("expand", "simplify", "diff", "latex"):
                patch.setattr(sympy, name, None)
            buttons(panel)["last"].click()
            buttons(panel)["first"].click()
            for _ in range(3):
                buttons(panel)["next"].click()
        assert not panel.trouble and not written


def test_buttons_and_ends(panel):
    found = buttons(panel)
    found["first"].click()
    assert panel.controls["step"].value == 1
    found["back"].click()
    assert panel.controls["step"].value == 1
    found["last"].click()
    assert panel.controls["step"].value == panel.controls["step"].max == 6
    found["next"].click()
    assert panel.controls["step"].value == 6
    found["back"].click()
    assert panel.controls["step"].value == 5


def test_the_terms_are_those_of_the_line(panel):
    panel.set(T=5)
    for number, step in enumerate(unroll(5).steps, start=1):
        panel.controls["step"].value = number
        n = int(step.shown.indices[0])
        assert [value for _, value in panel.controls["i"].options] == list(range(n, 0, -1))
        assert f"row of a_{n} " in panel.picture.alt
    assert [term(i, 4) for i in (4, 3, 1)] == ["b₄", "c₄b₃", "c₄c₃c₂b₁"]


@pytest.mark.parametrize(
    "text", ["", "__import__('os').system('true')", "w*h**9", "x + u", "w*h/(1-1)", "w*" * 40 + "h"]
)
def test_what_cannot_be_read_leaves_lines_and_picture(panel, text):
    panel.set(chapter=OWN)
    panel.set(step=4)
    lines, picture = [line.value for line in panel.board.lines], panel.image.value
    panel.controls["f"].value = text
    assert panel.trouble and "\n" not in panel.trouble
    assert ([line.value for line in panel.board.lines], panel.image.value) == (lines, picture)
    panel.controls["f"].value = "w*h + sin(u*x)"
    assert not panel.trouble
    assert [line.value for line in panel.board.lines] != lines


def test_what_is_typed_is_text_and_never_markup(panel):
    panel.set(chapter=OWN)
    panel.controls["f"].value = "<img src=x onerror=alert(1)>"
    assert panel.trouble and "<img" not in panel.line.value
    assert not any("<img" in line.value for line in panel.board.lines)


@pytest.mark.parametrize("f", EXAMPLES)
def test_every_example_is_derived(panel, f):
    panel.set(chapter=OWN)
    panel.controls["f"].value = f
    panel.controls["step"].value = panel.controls["step"].max
    assert not panel.trouble


def test_your_own_f_takes_few_steps_and_gives_them_back(panel):
    panel.set(T=7)
    panel.controls["chapter"].value = OWN
    assert (panel.controls["T"].value, panel.controls["T"].max) == (3, 3)
    panel.controls["chapter"].value = "unroll"
    assert (panel.controls["T"].value, panel.controls["T"].max) == (7, 8)


@pytest.mark.parametrize("b", [-2.0, 0.0, 0.25, 2.0])
@pytest.mark.parametrize("size, sign", [(0, 1), (0.5, -1), (0.95, 1), (1, 1), (1, -1), (1.05, 1), (1.5, -1)])
def test_the_constant_panel_names_what_the_numbers_do(constant, b, size, sign):
    """The regime read off 4 000 steps of the recurrence itself."""
    c, a = sign * size, [b]
    for _ in range(4000):
        a.append(max(-1e300, min(1e300, b + c * a[-1])))
    tail = np.array(a[-4:])
    if b == 0:
        seen = "stays at 0"
    elif np.allclose(tail, tail[0], rtol=1e-9) and abs(tail[0]) < 1e30:
        seen = "converges"
    elif abs(tail[0]) > 1e30:
        seen = "explodes"
    else:
        every_other_is_equal = np.allclose(tail[::2], tail[0]) and np.allclose(tail[1::2], tail[1])
        seen = "alternates" if every_other_is_equal else "grows linearly"
    assert regime(b, c) == seen
    constant.set(b=b, size=size, sign=sign, T=40)
    assert seen in constant.picture.alt


@pytest.mark.parametrize("b, room, limit", [(0.25, 12, 5), (2.0, 45, 40)])
def test_the_left_axis_has_room_for_the_limit(constant, b, room, limit):
    constant.set(b=b, size=0.95, sign=1, T=40)
    picture = constant.picture
    assert picture.left.get_ylim() == (-room, room) and "beyond" not in picture.alt
    assert picture.limit.get_visible() and picture.limit.get_ydata() == pytest.approx([limit] * 2)
    constant.set(b=b, size=1.5)
    assert not picture.limit.get_visible() and "beyond the axis" in picture.alt


def test_every_regime_has_words_of_its_own():
    assert VERDICT.keys() == set(Regime) and len(set(VERDICT.values())) == len(Regime)


@pytest.mark.parametrize("b, c", [("1", 1), (1, 1j), ([1], 1), (None, 1)])
def test_a_regime_needs_real_numbers(b, c):
    with pytest.raises(TypeError, match="real numbers"):
        regime(b, c)
    with pytest.raises(ValueError, match="NaN"):
        regime(float("nan"), 1)
