"""A learner's f is read, never run: what is allowed comes out exactly, anything else is refused in one line."""

import ast
import builtins
import cmath
import sys
import warnings
from pathlib import Path
from random import Random

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from within import within

from bpttlib.derivation import parse_f, typed
from bpttlib.derivation.typed import FUNCTIONS, SYMBOLS, VALUES, h, u, w, x

half, tenth, million = sp.Rational(1, 2), sp.Rational(1, 10), 10**6
tanh, sigmoid, sin, cos, exp, log, sqrt, atan = (
    FUNCTIONS[name] for name in ("tanh", "sigmoid", "sin", "cos", "exp", "log", "sqrt", "atan")
)

GOOD = {
    "tanh(w*h + u*x)": tanh(w * h + u * x),
    "w*h + u*x": w * h + u * x,
    "w*h": w * h,
    "  w*h  ": w * h,
    "w*h\n": w * h,
    "w * h": w * h,
    "(w)*(h)": w * h,
    "((((((((((((((((((((w*h))))))))))))))))))))": w * h,
    "-w*h": -w * h,
    "--w*h": w * h,
    "w - h": w - h,
    "w/h": w / h,
    "h/w/2": h / w / 2,
    "h/(w/2)": 2 * h / w,
    "w - h - x": w - h - x,
    "w - (h - x)": w - h + x,
    "w + 2*h": w + 2 * h,
    "0.5*w*h": half * w * h,
    ".5*w*h": half * w * h,
    "0.1*w*h + 0.2": tenth * w * h + 2 * tenth,
    "(0.1 + 0.2 - 0.3)*x + w*h": w * h,
    "1/3*w*h": sp.Rational(1, 3) * w * h,
    "1000*w*h": 1000 * w * h,
    "-1000*w*h": -1000 * w * h,
    "1000.0*w*h": 1000 * w * h,
    "w**2*h": w**2 * h,
    "w*h**2": w * h**2,
    "w*h*h": w * h**2,
    "w*h**3": w * h**3,
    "w*h**1": w * h,
    "w*h*x**0": w * h,
    "w*h*x**-1": w * h / x,
    "w*h*x**-3": w * h / x**3,
    "-w**2*h": -(w**2) * h,
    "(-w)**2*h": w**2 * h,
    "2**3*w*h": 8 * w * h,
    "(w + h)**2": (w + h) ** 2,
    "w*w*w*w*h": w**4 * h,
    "sigmoid(w*h)": sigmoid(w * h),
    "sin(w)*cos(h)": sin(w) * cos(h),
    "exp(-w*h)": exp(-w * h),
    "log(w*h)": log(w * h),
    "sqrt(w*w + h*h)": sqrt(w**2 + h**2),
    "atan(w*h)/2": atan(w * h) / 2,
    "tanh(tanh(tanh(w*h)))": tanh(tanh(tanh(w * h))),
    "tanh (w*h)": tanh(w * h),
    "sqrt(w*h*h)": sqrt(w * h**2),
    "log(exp(w*h))": log(exp(w * h)),
    "1000000*w*h/999999": sp.Rational(million, 999_999) * w * h,
    "0.333333*w*h": sp.Rational(333_333, million) * w * h,
    "w*h/1000000/2": w * h / (2 * million),
    "(w*w*w)**3*h": w**9 * h,
    "w**3*h**3*w**3": w**6 * h**3,
    "w*h*(x - x)**0": w * h,
    "x*w*h + u": x * w * h + u,
}


@within("text", GOOD)
def test_what_is_allowed_comes_out_exactly(text):
    assert parse_f(text) == GOOD[text]
    assert not parse_f(text).atoms(sp.Float)
    assert parse_f(text).free_symbols <= set(SYMBOLS.values())


def test_every_function_and_letter_is_known():
    assert set(SYMBOLS) == set("xhwu")
    assert set(FUNCTIONS) == {"tanh", "sigmoid", "sin", "cos", "exp", "log", "sqrt", "atan"}
    for name in FUNCTIONS:
        assert parse_f(f"{name}(w*h + 1)").free_symbols == {w, h}


NOT_PYTHON = [
    "", " ", "\t", "\n", "()", "(", ")", "((w*h)", "w*h)", "w*", "*h", "w h", "2w*h", "2 w*h", "w*h;", "w;h",
    "w\n*h", "w*h\nx", "w\r*h", "w*h\x00", "\x00", "w$h", "w?h", "w!h", "`w*h`", "w*h\\", "import os", "w = h",
    "w += h", "x: w*h", "def f(): pass", "return w*h", "del w", "pass", "yield w*h", "'w*h", '"', "w·h", "w×h", "w−h",
    "w*h²", "½*w*h", "\ufeffw*h", "w*\u200bh", "w*h\u202e", "\ud800", "٣w*h", "w*+*h", "w**", "1.2.3*w*h",
    "1e*w*h", "01*w*h", "tanh(w*h", "tanh w*h", "🙂",
]  # fmt: skip
NOT_ALLOWED = [
    "__import__('os').system('true')", "__import__('os')", "open('x')", "eval('w*h')", "exec('w')", "print(w*h)",
    "globals()", "getattr(w, 'h')", "w.h", "w.__class__", "(w*h).subs(w, h)", "tanh.__globals__", "().__class__",
    "w[h]", "w[0]", "w[:]", "[w, h]", "[w*h]", "(w, h)", "w*h,", "{w, h}", "{w: h}", "{}", "[]",
    "[w for w in h]", "(w for w in h)", "{w for w in h}", "{w: h for w in h}", "lambda: w*h", "lambda w: h",
    "(w := h)", "w if h else x", "w and h", "w or h", "not w", "not w*h", "~w", "~w*h", "w ^ h", "w // h", "w % h",
    "w @ h", "w << h", "w >> h", "w & h", "w | h", "w < h", "w == h", "w != h", "w is h", "w in h", "w < h < x",
    "await w", "(yield)", "(yield w)", "*w", "f'{w}'", "f'{w*h}'", "f'{__import__(\"os\")}'", "'w*h'", "b'w*h'",
    "'w'*h", "w*'h'", "None", "True", "False", "...", "True*w*h", "w*h*None", "w*h + ...",
    "tanh()", "tanh(w, h)", "tanh(*h)", "tanh(**h)", "tanh(x=w*h)", "tanh(w*h, x=1)", "tanh(w)(h)", "(tanh)(w)(h)",
    "(w*h)(x)", "2(w*h)", "(lambda: w)()", "tanh*w*h", "tanh", "w*h + tanh", "w(h)", "h(w)", "x(w*h)",
    "sinh(w*h)", "Tanh(w*h)", "TANH(w*h)", "relu(w*h)", "sympify(w*h)", "Symbol(w)", "sp(w)", "np.tanh(w*h)",
    "W*H", "W*h", "w*H", "a*w*h", "w_h*h", "wh", "w1*h", "_*w*h", "__name__*w*h", "__builtins__", "pi*w*h", "e*w*h",
    "I*w*h", "oo*w*h", "nan*w*h", "inf*w*h", "S*w*h", "é*w*h", "ħ*w", "µ*w*h",
    "х*w*h", "w*һ", "ԝ*h", "ω*h", "ｔａｎ(w*h)",  # Cyrillic, Greek and wide letters
    "1j*w*h",
    "5e-1*w*h", "1e-6*w*h", "1_000_000*w*h", "0.1234567890*w*h", "w*w*w*w*w*h",
    "(1+2j)*w*h", "1e400*w*h", "-1e400*w*h", "1e999", "1000001*w*h", "1000.001*w*h", "1e7*w*h",
    "-1000001*w*h", "1e-7*w*h", "w*h + 1000000*1000000", "w*h + 1/1000000/2", "0.3333333*w*h",
    "w*h + 1000*1000*x*(1000*1001)", "+w*h", "w*h + +x", "9" * 50 + "*w*h", "0xfffff*w*h",
    "x**h", "w*x**h", "2**h*w", "w**x*h", "x**4*w*h", "x**-4*w*h", "x**2.5*w*h", "x**2.0*w*h", "x**0.5*w*h",
    "x**True*w*h", "x**1j*w*h", "x**'2'*w*h", "x**None*w*h", "x**(1+1)*w*h", "x**--2*w*h", "x**(w)*h", "x**sin(1)*w*h",
    "10**10**10*w*h", "9**9**9", "9**9**9*w*h", "2**2**2*w*h", "10**100*w*h", "10**-100*w*h", "w*h**9**9**9",
    "1e400**2*w*h", "x**99999999999*w*h", "x**-99999999999*w*h",
    "(w**3)**3*h", "(w**2 + h)**2", "sin(w**2)**2*h", "(1 + 1/h**2)**-1*w", "(w**1)**1*h", "((w**3*h)**3)**3",
]  # fmt: skip
NOT_USABLE = [
    "1", "0", "x", "u", "w", "h", "w*x", "h*x", "h + 0*w", "w + 0*h", "0*w*h", "w*h - w*h", "w/w*h", "h - h + w",
    "w*h**0", "w**0*h", "h*h*h*w", "h + h + h + w", "tanh(h*h)*h*w", "h*w - h + h",
]  # fmt: skip
# found at the node where it happens, also where SymPy would lose it again on the way up
BY_ZERO = [
    "x/(h-h)*w*h", "w*h + x/(w-w)", "1/0*w*h", "w*h/0", "w*h + 1/0", "w*h/(1-1)", "w*h/0.0", "w*h/-0.0", "0**-1*w*h",
    "w*h + 0/0", "exp(1/0)*w*h", "tanh(1/0)*w*h", "sigmoid(1/0)*w*h", "w*h + x/(1/0)", "w*h + 1/(1/0)", "w*h*atan(1/0)",
    "h/(sin(w)**2+cos(w)**2-1)", "h*w/(1/(x+1)+x/(x+1)-1)", "w*h/(log(exp(w))-w)", "w*h*(exp(x)*exp(-x)-1)**-1",
    "w*h/(x*(tanh(u)-2*sigmoid(2*u)+1))",
    "(x-x)**-2*w*h", "w*h + 1/(0*x)", "w*h + x/(1/(x-x))", "w*h + 0*(1/0)", "w*h + (1/0)**0", "w*h + 1/(w-w)**3",
]  # fmt: skip
OF_A_NUMBER = [
    "sqrt(2)*w*h", "sin(2)*w*h", "w*h/sin(0)", "w*h/log(1)", "w*h*log(0)", "w*h + 1/log(0)", "w*h + atan(log(0))",
    "sqrt(-1)*w*h", "w*h + sqrt(-4)", "log(-0.5)*w*h", "sqrt(sqrt(-1))*w*h", "w*h*sqrt(1-exp(1))", "w*h*sqrt(sin(4))",
    "log(sin(w)**2+cos(w)**2-1)*h", "sin(x-x)*w*h", "log(x/x)*w*h", "sqrt(0*h)*w*h", "x*exp(1) + w*h",
]  # fmt: skip
# read as x, h, w, u and tanh, for Python takes these signs for the plain letters
LOOKALIKES = ["ｗ*h", "w*ｈ", "𝐰*h", "ｔanh(w*h)", "w*ℎ"]
# nor by way of a comment that names another encoding
DISGUISED = [f"#coding:{name}" for name in ("utf-7\n+/1c-*h", "unicode_escape\n\\uff57*h", "unicode_escape\n\\x77*h")]
TOO_MUCH = [
    "x" * 61, "w*h" + " + x" * 15, "(" * 100 + "w*h" + ")" * 100, "w*h" + " " * 57 + "+x", "9" * 10_000,
    "-" * 50 + "w*h", "-" * 8 + "w*h", "tanh(" * 9 + "w*h" + ")" * 9, "sin(" * 8 + "w*h" + ")" * 8,
    "x" * 1_000_000, "(" * 1_000_000, "-" * 60, "(" * 60, "[" * 60, "~" * 60, "not " * 15, "lambda:" * 8 + "w",
]  # fmt: skip


def refused(text, error=ValueError):
    """The message: one line that fits on the page, and no other kind of error, note or warning."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with pytest.raises(error) as caught:
            parse_f(text)
    assert not warned, warned[0].message
    assert type(caught.value) is error
    message = str(caught.value)
    assert message.strip() == message
    assert message.isprintable(), "one line, and nothing in it that cannot be shown"
    assert 10 < len(message) < 200
    assert "Traceback" not in message
    assert "Exceeds the limit" not in message
    assert caught.value.__cause__ is None
    return message


@within("text", NOT_PYTHON)
def test_what_is_not_an_expression_is_refused(text):
    assert refused(text)


@within("text", NOT_ALLOWED)
def test_what_is_not_arithmetic_is_refused(text):
    assert refused(text)


@within("text", NOT_USABLE)
def test_an_f_without_a_meaning_is_refused(text):
    message = refused(text)
    assert any(words in message for words in ("must depend on", "at most 2 are allowed"))


@within("text", BY_ZERO)
def test_a_division_by_zero_is_refused_where_it_happens(text):
    assert "f divides by zero" in refused(text)


NOT_ZERO = ["sin(w)**2+cos(w)**2", "exp(-20000*x)+0*u", "sqrt(w*w)-w", "exp(exp(exp(exp(900*x)))+1)+1", "exp(-90*x)-x"]


@pytest.mark.parametrize("text", NOT_ZERO)
def test_what_is_not_zero_everywhere_may_divide(text):
    """Though it is small, or zero in places, or too large for any memory."""
    assert parse_f(f"w*h/({text})").free_symbols >= {w, h}


@within("text", OF_A_NUMBER)
def test_a_function_of_a_number_is_refused(text):
    assert "must act on a letter, not on a number" in refused(text)


@pytest.mark.parametrize("text", ["1e-400*w*h + w*h", "0.99999999999999999999*w*h", "w*h + 1.00000000000000000001"])
def test_a_number_is_read_as_it_is_written_or_refused(text):
    assert refused(text)


@within("text", [*LOOKALIKES, *DISGUISED])
def test_a_letter_that_only_looks_right_is_refused(text):
    assert refused(text)


@within("text", TOO_MUCH, ids=lambda text: f"{text[:6]} {len(text)}")
def test_too_long_and_too_deep_is_refused(text):
    message = refused(text)
    assert ("at most 60" in message) == (len(text) > 60)


@within("sign", ["\x00", "\x01", "\U000e0001", "\ud800", "\\", "'", "字"], ids=ascii)
def test_the_message_is_short_whatever_is_typed(sign):
    assert refused(sign * 59)


@within("text", ["''", "'\\n'*w*h", "'\\x00'*w*h", "w*h*'\\ud800'", "w*h + 'a\\tb'", "w*h + '\\u202e'"])
def test_the_message_shows_a_string_as_it_was_typed(text):
    assert refused(text).isascii()


@pytest.mark.parametrize("text", ["1or w*h", "1if w else h", "'\\d'*w*h", "0x1for x in h", "w*h if 1else x"])
def test_python_warns_of_nothing(text):
    assert refused(text)


@within("value", [None, 5, 1.5, True, b"w*h", ["w*h"], ("w*h",), w * h, ast.parse("w*h"), object()])
def test_only_text_is_read(value):
    assert "f must be text" in refused(value, TypeError)


def test_the_limits_are_where_they_are_said_to_be():
    longest = "w*h" + " " * 55 + "+x"
    assert len(longest) == 60
    assert parse_f(longest) == parse_f(f"   {longest}\n ") == w * h + x
    assert "61 characters" in refused(longest.replace("+", " +"))
    assert parse_f("1000000*w*h") == million * w * h
    assert "up to a million" in refused("1000001*w*h")
    assert parse_f("x**3*w*h*h**-3") == x**3 * w / h**2
    assert "from -3 to 3" in refused("x**4*w*h")
    assert "from -3 to 3" in refused("x**-4*w*h")
    assert parse_f("-" * 7 + "w*h").free_symbols == {w, h}
    assert "8 levels" in refused("-" * 8 + "w*h")
    assert parse_f("sin(" * 6 + "w*h" + ")" * 6).free_symbols == {w, h}
    assert "8 levels" in refused("sin(" * 7 + "w*h" + ")" * 7)


def test_a_long_sum_is_not_deep():
    """Nine terms in a row are nested in nothing."""
    assert parse_f("w*h + u*x + 1 + x + u + 1 + x + u + w") == w * h + u * x + 2 * x + 2 * u + w + 2
    assert parse_f("w*h" + "+1" * 28) == w * h + 28
    assert parse_f("w*h" + "*x" * 28) == w * h * x**28
    assert "8 levels" in refused("1-(" * 8 + "w*h" + ")" * 8)


@within(
    "text, words",
    [
        ("relu(w*h)", "unknown function 'relu'"),
        ("w(h)", "unknown function 'w'"),
        ("tanh", "unknown letter 'tanh'"),
        ("a*w*h", "unknown letter 'a': use x, h, w, u"),
        ("w.h", "not allowed in f: 'w.h'"),
        ("w^h", "not allowed in f: 'w ^ h'; use + - * / **"),
        ("x**4*w*h", "from -3 to 3"),
        ("1e400*w*h", "write numbers plainly"),
        ("2w*h", "cannot read '2w*h' …: write it like tanh(w*h + u*x)"),
        ("h*h*h*w", "h stands 3 times, at most 2"),
        ("u*x*w", "f must depend on h"),
        ("u*x + h", "f must depend on w"),
        ("1/0*w*h", "f divides by zero"),
        ("(w**2)**2*h", "a power within a power"),
        ("1/1000000/2*w*h", "a fraction of whole numbers up to a million"),
        ("sin(1)*w*h", "must act on a letter"),
    ],
)
def test_the_message_names_what_is_wrong(text, words):
    assert words in refused(text)


# ---- the functions ------------------------------------------------------------------------------


def by_exp(z):
    return 1 / (1 + cmath.exp(-z))


PYTHONS = {name: getattr(cmath, name, by_exp) for name in FUNCTIONS}
REAL_PLACES = (0.2, 0.7, 1.9)


def in_numbers(f):
    """f as a function of x, h, w and u, by Python's own functions."""
    return sp.lambdify((x, h, w, u), f, modules=[PYTHONS])


@within("name", FUNCTIONS)
def test_each_slope_is_that_of_a_complex_step(name):
    f = FUNCTIONS[name]
    slope, chained, twice = f(x).diff(x), f(w * h + u).diff(w), f(x).diff(x, 2)
    for place in REAL_PLACES:
        by_step = PYTHONS[name](place + 1e-40j).imag / 1e-40
        assert cmath.isclose(in_numbers(slope)(place, 0, 0, 0), by_step, rel_tol=1e-13)
        by_step = PYTHONS[name]((place + 1e-40j) * 1.3 + 0.4).imag / 1e-40
        assert cmath.isclose(in_numbers(chained)(0, 1.3, place, 0.4), by_step, rel_tol=1e-13)
        by_step = in_numbers(slope)(place + 1e-40j, 0, 0, 0).imag / 1e-40
        assert cmath.isclose(in_numbers(twice)(place, 0, 0, 0), by_step, rel_tol=1e-12, abs_tol=1e-15)


def test_every_function_has_a_value():
    assert all(name in VALUES or hasattr(cmath, name) for name in FUNCTIONS)
    assert not set(VALUES) - set(FUNCTIONS)


@within("z", [-30, -1.5, 0, 0.4, 3, 40, 0.3 + 2j])
def test_the_value_of_sigmoid(z):
    """Half a tanh, moved up."""
    assert cmath.isclose(VALUES["sigmoid"](z), (1 + cmath.tanh(z / 2)) / 2, rel_tol=1e-12, abs_tol=1e-15)


@within("name", FUNCTIONS)
def test_sympy_leaves_a_function_as_it_stands(name):
    f = FUNCTIONS[name]
    for argument in (x, -x, x**2, f(x), log(x), exp(x), 2 * x):
        assert f(argument).args == (argument,)
        assert type(f(argument)) is f
    assert f(x) * f(-x) != f(x) * f(x)
    assert f(x).free_symbols == {x}


# ---- nothing is run -----------------------------------------------------------------------------

watching, seen = [], []


def watch(event, _):
    if watching and event.split(".")[0] in ("exec", "import", "open", "os", "subprocess", "socket", "shutil", "ctypes"):
        seen.append(event)


sys.addaudithook(watch)


def test_the_watch_sees_what_is_run():
    seen.clear()
    watching.append(True)
    try:
        eval("1 + 1")
    finally:
        watching.clear()
    assert "exec" in seen


def test_nothing_is_run(monkeypatch):
    """No code, no import, no file: by the interpreter's own audit, and with eval and exec taken away."""

    def explode(*_, **__):
        raise AssertionError("something was run")

    texts = [*GOOD, *NOT_PYTHON, *NOT_ALLOWED, *NOT_USABLE, *BY_ZERO, *DISGUISED]
    for text in texts:  # what SymPy imports at first use is not to be seen below
        outcome(text)
    seen.clear()
    with monkeypatch.context() as patch:
        patch.setattr(sp, "sympify", explode)
        patch.setattr(sp, "parse_expr", explode)
        for name in ("eval", "exec"):
            patch.setattr(builtins, name, explode)
        watching.append(True)
        try:
            for text in texts:
                outcome(text)
        finally:
            watching.clear()
    assert not seen


def test_the_module_itself_asks_for_no_evaluation():
    names = {
        node.id for node in ast.walk(ast.parse(Path(typed.__file__).read_text("utf-8"))) if isinstance(node, ast.Name)
    }
    assert not names & {"eval", "exec", "compile", "getattr", "globals", "__import__"}


# ---- whatever is typed --------------------------------------------------------------------------


def outcome(text):
    """An f in the four letters, or a ValueError; anything else goes through."""
    try:
        return parse_f(text)
    except ValueError as error:
        assert type(error) is ValueError
        return None


fuzz = settings(max_examples=300)


@fuzz
@given(st.text("xhwu0123456789.+-*/() ,tanhsicoexplgqrmd", max_size=62))
def test_signs_in_any_order_do_no_harm(text):
    f = outcome(text)
    assert f is None or {w, h} <= f.free_symbols <= {w, h, x, u}


@fuzz
@given(st.text(max_size=62))
def test_any_text_does_no_harm(text):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it warns of nothing has a test of its own
        outcome(text)


pieces = st.sampled_from(
    ["x", "h", "w", "u", "w*h", "2", "0.5", "0", "1000", "+", "-", "*", "/", "**", "(", ")", "tanh(", "log(", "sqrt("]
)


@fuzz
@given(st.lists(pieces, max_size=14).map("".join))
def test_pieces_in_any_order_do_no_harm(text):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        f = outcome(text)
    assert f is None or not f.has(sp.zoo, sp.nan, sp.oo, sp.I)


def test_random_expressions_mean_what_python_means():
    """Written at random from what is allowed, and worked out at a point by Python's own arithmetic."""
    import math

    random, tried = Random(3), 0
    place = {"x": 0.7, "h": 1.3, "w": 0.9, "u": 1.1}
    tools = {name: getattr(math, name, lambda z: 1 / (1 + math.exp(-z))) for name in FUNCTIONS}

    def write(depth):
        if depth == 0 or random.random() < 0.2:
            return random.choice(["x", "w", "u", "h", "2", "0.5", "3"])
        left, right = write(depth - 1), write(depth - 1)
        how = random.choice(["+", "-", "*", "/", "**", "-1", "call", "bare"])
        if how == "call":
            return f"{random.choice(list(tools))}({left})"
        if how == "**":
            return f"({left})**{random.choice([0, 1, 2, 3, -1, -2, -3])}"
        return {"-1": f"-({left})", "bare": f"{left}*{right}"}.get(how, f"({left}){how}({right})")

    for _ in range(1500):
        text = write(2) + random.choice("+-*/") + write(2)
        f = outcome(text)
        if f is None:
            continue
        try:
            wanted = eval(text, {"__builtins__": {}}, place | tools)
        except (ArithmeticError, ValueError):
            continue
        assert cmath.isclose(in_numbers(f)(**place), wanted, rel_tol=1e-9, abs_tol=1e-9), text
        tried += 1
    assert tried > 200
