"""The panel of a derivation sets each line in type once and survives what is typed; that of constants names them."""

import base64
import io
import re

import numpy as np
import pytest
import sympy
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.mathtext import MathTextParser
from matplotlib.text import Text
from PIL import Image
from within import within

from bpttlib.derivation import concrete, conjecture, induction_proof, substitution, unroll
from bpttlib.derivation.typed import FUNCTIONS
from bpttlib.experiments.derivation import EXAMPLES, OWN
from bpttlib.figures.constant import ROOMS, VERDICT, WORDS
from bpttlib.figures.derivation import DerivationPicture
from bpttlib.figures.formula import rows, runs, set_in_type, wide
from bpttlib.figures.lines import INDENT, LEAST, LEFT, MARGIN, REASON, ROW, WIDTH, block, placed
from bpttlib.figures.style import INK, QUIET, B, C
from bpttlib.figures.typeset import Typeset
from bpttlib.panels.constant import ConstantPanel
from bpttlib.panels.derivation import DerivationPanel, term
from bpttlib.recurrence import Regime, regime

CHAPTERS = {"unroll": lambda: unroll(4), "guess": lambda: conjecture(4), "prove": induction_proof}
CHAPTERS |= {"substitute": substitution, OWN: lambda: concrete(EXAMPLES[1], 3)}


@pytest.fixture(scope="module")
def kept():
    return DerivationPanel(), ConstantPanel()


@pytest.fixture
def drawn(kept):
    kept[0].set(**kept[0].start)
    return kept[0]


@pytest.fixture
def panel(kept, monkeypatch):
    return undrawn(kept[0], monkeypatch)


@pytest.fixture
def constant(kept, monkeypatch):
    return undrawn(kept[1], monkeypatch)


def undrawn(panel, monkeypatch):
    """At its start; from now on its artists are set, and not drawn."""
    monkeypatch.setattr(panel.picture, "png", lambda: panel.image.value)
    panel.set(**panel.start)
    return panel


def buttons(panel):
    def children(widget):
        for child in getattr(widget, "children", ()):
            yield child
            yield from children(child)

    return {child.description or child.tooltip: child for child in children(panel) if hasattr(child, "click")}


DPI, ROOM = DerivationPicture().figure.dpi, WIDTH - 2 * LEFT - INDENT
LONGEST = [unroll(8), conjecture(8), induction_proof(), substitution(), *(concrete(f, 3) for f in EXAMPLES)]


def written(derivation):
    return [(line.latex, line.name, line.reason) for line in derivation.steps]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_picture_is_given_the_lines_of_the_derivation(panel, chapter):
    panel.set(chapter=chapter)
    lines = written(CHAPTERS[chapter]())
    assert panel.controls["step"].max == len(lines)
    for number in range(1, len(lines) + 1):
        panel.controls["step"].value = number
        assert not panel.trouble
        assert [*panel.picture.lines.lines] == lines and panel.picture.lines.current == number


@pytest.mark.parametrize("derivation", LONGEST, ids=lambda one: one.steps[-1].name)
def test_every_line_has_room_for_itself_and_its_words(derivation):
    """Its formula left, its words right of it or below it, and nothing at the edge; below each other as many as fit."""
    blocks = [block(line, DPI) for line in written(derivation)]
    for pixels in blocks:
        inked = np.flatnonzero(pixels[..., 3].any(axis=0)) / DPI
        assert 0.15 < inked[0] and inked[-1] < WIDTH - 0.05
    heights = [len(pixels) + LEAST * DPI for pixels in blocks]
    room = (DerivationPicture.inches[1] - 2 * MARGIN) * DPI
    for current in range(1, len(blocks) + 1):
        first, last = placed(heights, current, room)
        assert first < current <= last and sum(heights[first:last]) <= room
        assert last - first >= min(3, len(blocks))


def test_words_stand_clear_of_a_short_formula_and_below_a_long_one():
    short, long = (block((latex, "name", "reason"), DPI)[..., 3] for latex in ("a = b", "a = b" + " + c_{1} b_{1}" * 7))
    left, right = short[:, : round((REASON - 0.05) * DPI)], short[:, round(REASON * DPI) :]
    assert left.any() and right.any() and not short[:, left.shape[1] : -right.shape[1]].any()
    high = round(ROW * DPI)
    formula, words = long[:-high], long[-high:]
    assert formula[:, left.shape[1] :].any() and words.any() and not words[:, left.shape[1] :].any()


def test_a_line_that_is_to_come_keeps_its_place_and_is_not_seen(drawn):
    drawn.set(step=2)
    two = np.asarray(Image.open(io.BytesIO(drawn.image.value)).convert("L"))[:, : round(REASON * DPI)]
    drawn.set(step=6)
    six = np.asarray(Image.open(io.BytesIO(drawn.image.value)).convert("L"))[:, : round(REASON * DPI)]
    first = slice(0, len(two) // 6)
    np.testing.assert_array_equal(two[first, 20:], six[first, 20:])
    assert (two[len(two) // 2 :] > 250).all() and not (six[len(six) // 2 :] > 250).all()


def test_lines_to_come_are_set_in_type_as_far_as_they_have_a_place(panel):
    panel.set(T=8, step=1)
    panel.picture.canvas.draw()
    block.cache_clear()
    panel.picture.figure.draw_artist(panel.picture.lines)
    assert 5 <= block.cache_info().misses < len(panel.picture.lines.lines) == 14


def test_stepping_neither_runs_sympy_nor_sets_a_line_again(panel, monkeypatch):
    for chapter in CHAPTERS:
        panel.set(chapter=chapter)
        panel.picture.canvas.draw()
        for step in (1, panel.controls["step"].max):
            panel.controls["step"].value = step
            panel.picture.figure.draw_artist(panel.picture.lines)
        before = block.cache_info().misses
        with monkeypatch.context() as patch:
            for name in ("expand", "simplify", "diff", "latex"):
                patch.setattr(sympy, name, None)
            patch.setattr("bpttlib.derivation.step.latex", None)
            buttons(panel)["last"].click()
            buttons(panel)["first"].click()
            for _ in range(3):
                buttons(panel)["next"].click()
            for step in (panel.controls["step"].max, 1):  # not by a button, which swallows errors
                panel.controls["step"].value = step
                panel.picture.figure.draw_artist(panel.picture.lines)
        assert not panel.trouble
        assert block.cache_info().misses == before


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
        assert panel.picture.alt.startswith(f"Row {n}, the terms of a_{n}")
    assert [term(i, 4) for i in (4, 3, 1)] == ["b₄", "c₄b₃", "c₄c₃c₂b₁"]
    assert term(1, 8) == "c₈…c₂b₁"


def test_the_panel_opens_full_and_grows_with_T(panel):
    assert panel.controls["step"].value == panel.controls["step"].max == 6
    for T, lines in ((8, 14), (1, 1), (4, 6)):
        panel.controls["T"].value = T
        assert panel.state["step"] == panel.controls["step"].max == lines
    panel.set(T=4, step=3)
    panel.controls["T"].value = 6
    assert panel.state["step"] == 3


def test_a_line_about_one_term_marks_it(panel):
    panel.set(chapter=OWN)
    for number, line in enumerate(concrete(EXAMPLES[1], 3).steps, start=1):
        panel.controls["step"].value = number
        if line.name.startswith("path"):
            assert f"path {panel.state['i']}" == line.name


BARE = re.compile(r"\\left(?![a-z])|\\right(?![a-z])|\\,|[\s{}]")


def test_a_long_line_is_cut_and_nothing_is_lost():
    for derivation in LONGEST:
        for line in derivation.steps:
            found = rows(line.latex, ROOM, DPI)
            whole, cut = runs(line.latex), [run for row in found for run in row]
            assert BARE.sub("", "".join(text for text, _ in cut)) == BARE.sub("", "".join(text for text, _ in whole))
            assert {colour for _, colour in cut} == {colour for _, colour in whole}
            assert all(wide(row, DPI) <= ROOM * DPI for row in found), "so none is set smaller"
            assert all(text.count("{") == text.count("}") for text, _ in cut)
    for line in (*unroll(8).steps, *conjecture(8).steps, *induction_proof().steps, *substitution().steps):
        assert all(row[0][0].startswith((r"\,+", r"\,-")) for row in rows(line.latex, ROOM, DPI)[1:])
    assert len(rows(unroll(8).steps[-1].latex, ROOM, DPI)) == 3


@pytest.mark.parametrize("f", [f"{name}(w*h + u*x)" for name in FUNCTIONS] + ["w*h + u*x/(1 + exp(-h))", "h**(-2)*w/u"])
def test_whatever_can_be_typed_can_be_set_in_type(panel, f):
    panel.set(chapter=OWN)
    panel.controls["f"].value = f
    for line in panel.picture.lines.lines:
        assert block(line, DPI)[..., 3].any()
    assert not panel.trouble


def test_what_cannot_be_cut_is_set_smaller():
    (row,) = rows("+".join(["x"] * 80), 4.0, DPI)
    assert 3.5 * DPI < set_in_type(row, 4.0, DPI).shape[1] <= 4.0 * DPI


# ---- the triangle beside the lines ------------------------------------------------------------------


def cells_of(picture):
    """(row, first, last) → colour of the edge, as drawn."""
    boxes = [path.get_extents() for path in picture.cells.get_paths()]
    places = [(round((box.y0 + box.y1) / 2), round(box.x0 + 0.46), round(box.x1 - 0.46)) for box in boxes]
    return dict(zip(places, map(to_hex, picture.cells.get_edgecolors()), strict=True))


@pytest.mark.parametrize("T", [1, 4, 8])
def test_the_triangle_has_as_many_rows_as_steps(panel, T):
    panel.set(T=T)
    drawn = cells_of(panel.picture)
    assert {(n, i) for n, first, last in drawn for i in range(first, last + 1)} == {
        (n, i) for n in range(1, T + 1) for i in range(1, n + 1)
    }
    low, high = panel.picture.triangle.get_ylim()
    assert (low, high) == (max(T, 3) + 0.5, 0.5)


def test_the_proof_shows_how_a_row_becomes_the_next(panel):
    """Row 3 times c_4, plus one cell: first in one piece, then cell by cell, then gathered again."""
    panel.set(chapter="prove")
    parts = {
        "recurrence": [(1, 3), (4, 4)],
        "distribute": [(1, 2), (3, 3), (4, 4)],
        "absorb": [(1, 2), (3, 3), (4, 4)],
        "gather": [(1, 3), (4, 4)],
    }
    names = [line.name for line in induction_proof().steps]
    for name, wanted in parts.items():
        panel.controls["step"].value = names.index(name) + 1
        picture, drawn = panel.picture, cells_of(panel.picture)
        assert {key[1:]: colour for key, colour in drawn.items() if key[0] == 4} == {
            part: (B if part == (4, 4) else C).lower() for part in wanted
        }
        down = [tuple(np.round(line[:, 0]).astype(int)) for line in picture.down.get_segments()]
        assert down == ([] if name == "gather" else [(1, 1), (2, 2), (3, 3)])
        said = "row 3 times" in picture.alt and picture.split["row above"].get_text() == "row 3 times c₄,"
        assert said == (name != "gather") and picture.here.get_text() == "here t = 3"


def in_cells(picture):
    """(row, column) → the term that stands there, without its colours."""
    return {(y, x): " ".join(text for text, _ in runs) for x, y, runs in picture.terms.labels if x >= 1}


def test_the_terms_stand_in_their_cells_where_there_is_room(panel):
    for T in (4, 5):
        panel.set(T=T)
        assert len(in_cells(panel.picture)) == (10 if T == 4 else 0)
    panel.set(T=4, step=3)  # a_3: row 4 is still to come
    terms = {(1, 1): "b_1", (2, 1): "c_2 b_1", (2, 2): "b_2", (3, 1): "c_3 c_2 b_1", (3, 2): "c_3 b_2", (3, 3): "b_3"}
    assert in_cells(panel.picture) == terms
    coloured = {(y, x): [colour for _, colour in runs] for x, y, runs in panel.picture.terms.labels if x >= 1}
    assert coloured[3, 1] == [C, C, B] and coloured[2, 1] == [QUIET, QUIET]
    panel.set(i=1)
    named = {text for _, _, runs in panel.picture.names.labels for text, _ in runs}
    assert named == {"h_1", "h_2", "h_3", "h_4", "c_2", "c_3", "b_1"}


@pytest.mark.parametrize("runs", [(("b_1", B),), (("c_4 c_3", C), ("b_2", B)), (("g_y", C), ("b_1", B))])
def test_a_label_in_type_is_the_text_of_matplotlib(runs):
    """Laid down once and stamped, it covers the pixels that the text itself would."""
    figure = Figure(dpi=192)
    canvas, ax = FigureCanvasAgg(figure), figure.add_axes((0, 0, 1, 1))
    ax.axis("off")
    label = Typeset(ax)
    label.labels = [(0.5, 0.5, runs)]
    canvas.draw()
    stamped = np.argwhere(np.asarray(canvas.buffer_rgba())[..., :3].min(axis=2) < 250)
    label.labels = []
    ax.text(0.5, 0.5, "$" + " ".join(text for text, _ in runs) + "$", ha="center", va="center", fontsize=11)
    canvas.draw()
    written = np.argwhere(np.asarray(canvas.buffer_rgba())[..., :3].min(axis=2) < 250)
    assert np.abs(stamped.min(axis=0) - written.min(axis=0)).max() <= 3
    assert np.abs(stamped.max(axis=0) - written.max(axis=0)).max() <= 3


# ---- what is stored -----------------------------------------------------------------------------------


@pytest.mark.parametrize("chapter, T", [("unroll", 8), *((name, 3) for name in CHAPTERS if name != "unroll")])
def test_every_line_can_be_written_without_mathjax(chapter, T):
    """Cut at its colours, each run is a formula that matplotlib understands, and nothing of the line is lost."""
    lines = unroll(T).steps if chapter == "unroll" else CHAPTERS[chapter]().steps
    for text in {text for line in lines for text, _ in runs(line.latex)}:
        MathTextParser("path").parse(f"${text}$")
    for line in lines:
        cut = runs(line.latex)
        plain = re.sub(r"\{\\color\{#\w+\}(.*?)", r"{", line.latex).replace(r"\frac", r"\dfrac")
        assert BARE.sub("", "".join(text for text, _ in cut)) == BARE.sub("", plain), line.name
        assert {colour for _, colour in cut} - {INK} == set(re.findall(r"#\w{6}", line.latex))


def test_the_stored_picture_keeps_the_lines(drawn):
    data, metadata = drawn._repr_mimebundle_()
    stored = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    size = metadata["image/png"]
    assert (stored.width // 2, stored.height // 2) == (size["width"], size["height"])
    assert (size["width"], size["height"]) == drawn.picture.on_page and size["alt"] == drawn.picture.alt
    left = np.asarray(stored.convert("L"))[:, : stored.width // 2]
    inked = (left < 128).any(axis=1)
    assert (np.diff(inked.astype(int)) == 1).sum() >= 6, "six lines below each other"


@pytest.mark.parametrize(
    "text", ["", "__import__('os').system('true')", "w*h**9", "x + u", "w*h/(1-1)", "w*" * 40 + "h"]
)
def test_what_cannot_be_read_leaves_lines_and_picture(drawn, text):
    drawn.set(chapter=OWN)
    drawn.set(step=4)
    lines, picture = drawn.picture.lines.lines, drawn.image.value
    drawn.controls["f"].value = text
    assert drawn.trouble and "\n" not in drawn.trouble
    assert drawn.image.value == picture
    drawn.controls["f"].value = "w*h + sin(u*x)"
    assert not drawn.trouble
    assert drawn.picture.lines.lines != lines


def test_what_is_typed_is_text_and_never_markup(panel):
    panel.set(chapter=OWN)
    panel.controls["f"].value = "<img src=x onerror=alert(1)>"
    assert panel.trouble and "<img" not in panel.line.value


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


@within("b", [-2.0, 0.0, 0.25, 2.0])
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


def numbers_beside(picture):
    texts = [tick.get_text() for ticks in picture.ticks.values() for tick in ticks.values() if tick.get_text()]
    return [float(text.replace("−", "-")) for text in texts]


@pytest.mark.parametrize("b, room, limit", [(0.25, 5, 5), (2.0, 50, 40), (-0.5, 10, -10)])
def test_the_left_axis_has_just_room_for_the_limit(constant, b, room, limit):
    constant.set(b=b, size=0.95, sign=1, T=40)
    picture = constant.picture
    low, high = min(numbers_beside(picture)), max(numbers_beside(picture))
    assert (low, high) == ((0, room) if b > 0 else (-room, 0)) and "beyond" not in picture.alt
    assert picture.limit.get_visible() and picture.limit.get_ydata() == pytest.approx([limit / room] * 2)
    constant.set(b=b, size=1.5)
    assert not picture.limit.get_visible() and "beyond the axis" in picture.alt


@within("b", [-2.0, -0.25, 0.0, 1.0])
@within("size", [0.0, 0.05, 0.8, 1.0, 1.05, 1.5])
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("T", [1, 25, 40])
def test_no_value_leaves_an_axis_in_silence(constant, b, size, sign, T):
    """Every a_t is drawn at its place or marked at the edge; so is every term that is not 0."""
    constant.set(b=b, size=size, sign=sign, T=T)
    picture, a = constant.picture, constant.experiment(**constant.state)["a"]
    reach = max(numbers_beside(picture), key=abs)
    assert abs(reach) in ROOMS and (abs(reach) == ROOMS[-1] or np.abs(a).max() <= abs(reach) * (1 + 1e-9))
    seen = dict(picture.a.get_xydata())
    for t, value in enumerate(a, start=1):
        if abs(value) <= abs(reach) * (1 + 1e-9):
            assert seen[t] * abs(reach) == pytest.approx(value, abs=1e-9)
        else:
            assert t in (picture.above if value > 0 else picture.below).get_xdata()
    low, high = (powers_beside(picture)[place] for place in (0, -1))
    terms = abs(b) * size ** np.arange(T)
    levels, small = dict(picture.terms.get_xydata()), {*picture.small.get_xdata().tolist()}
    for lag, worth in enumerate(terms):
        assert worth < 10.0**high
        if worth >= 10.0**low:
            assert levels[lag] == pytest.approx(np.log10(worth) - low)
        assert (lag in small) == (0 < worth < 10.0**low)


def powers_beside(picture):
    texts = [text.get_text() for text in picture.powers.values()]
    return [0 if text == "1" else int(re.fullmatch(r"\$10\^\{(-?\d+)\}\$", text)[1]) for text in texts]


def test_the_axis_is_as_tight_as_the_numbers(constant):
    picture = constant.picture
    assert numbers_beside(picture) == [0, 1, 2, 3, 4, 5]
    constant.set(size=0.0)
    assert numbers_beside(picture) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1])


@pytest.mark.parametrize(
    "state, said",
    [
        ({"size": 0.0, "sign": -1}, "b = 1, c = 0: a_t converges to b/(1−c) = 1; a_25 = 1."),
        ({"b": -0.5, "size": 0.95}, "b = −0.5, c = 0.95: a_t converges to b/(1−c) = −10; a_25 = −7.226."),
        ({"size": 1.5}, "b = 1, c = 1.5: a_t explodes; a_25 = 5.05 · 10⁴, beyond the axis."),
    ],
)
def test_the_sentence_writes_numbers_as_the_page_does(constant, state, said):
    constant.set(**state)
    assert constant.picture.alt.replace("\N{NO-BREAK SPACE}", " ") == said


def test_what_is_marked_beyond_the_left_axis_stands_clear_of_its_title(constant):
    constant.set(size=1.5)
    picture = constant.picture
    title = next(text for text in picture.left.findobj(Text) if text.get_text() == WORDS["recurrence"])
    marks = picture.above.get_window_extent().y1  # half a mark of 7 points stands over the edge
    assert len(picture.above.get_xdata()) and title.get_window_extent().y0 > marks


def test_every_regime_has_words_of_its_own():
    assert VERDICT.keys() == set(Regime) and len(set(VERDICT.values())) == len(Regime)


@pytest.mark.parametrize("b, c", [("1", 1), (1, 1j), ([1], 1), (None, 1)])
def test_a_regime_needs_real_numbers(b, c):
    with pytest.raises(TypeError, match="real numbers"):
        regime(b, c)
    with pytest.raises(ValueError, match="NaN"):
        regime(float("nan"), 1)
