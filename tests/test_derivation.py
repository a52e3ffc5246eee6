"""The lines of the derivations are those of the page, say what the numbers say, and none of them can be made false."""

import cmath
import re
from contextlib import suppress
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from in_numbers import NUMBERS, differ, value
from reference import path_sum, recurrence
from strategies import few, fractions
from within import within

import bpttlib
from bpttlib.derivation import (
    BOOK,
    Derivation,
    FalseStep,
    Theorem,
    chain,
    closed_form,
    concrete,
    conjecture,
    induction_proof,
    latex,
    parse_f,
    proof,
    substitution,
    unroll,
)
from bpttlib.derivation.agree import agreement
from bpttlib.derivation.step import a, b, c, j, t
from bpttlib.derivation.typed import FUNCTIONS, SYMBOLS
from bpttlib.notation import A, B, C

LENGTHS = range(1, 9)


def sigmoid(z):
    return 1 / (1 + cmath.exp(-z))


# text, and the same once more for complex numbers
CONCRETE = [
    ("tanh(w*h + u*x)", lambda x, h, w, u: cmath.tanh(w * h + u * x)),
    ("w*h + u*x", lambda x, h, w, u: w * h + u * x),
    ("sigmoid(w*h + u*x)", lambda x, h, w, u: sigmoid(w * h + u * x)),
    ("sin(w*h*h + x)", lambda x, h, w, u: cmath.sin(w * h * h + x)),
    ("cos(w*h)*u + x", lambda x, h, w, u: cmath.cos(w * h) * u + x),
    ("exp(-w*h) + x", lambda x, h, w, u: cmath.exp(-w * h) + x),
    ("log(w*h + 2) - u", lambda x, h, w, u: cmath.log(w * h + 2) - u),
    ("sqrt(w*w + h + 3)", lambda x, h, w, u: cmath.sqrt(w * w + h + 3)),
    ("atan(w*h - x)", lambda x, h, w, u: cmath.atan(w * h - x)),
    ("(w*h + x)/(w + 2)", lambda x, h, w, u: (w * h + x) / (w + 2)),
    ("w**3*h**2 - 0.25*x", lambda x, h, w, u: w**3 * h**2 - 0.25 * x),
    ("h + w*tanh(x)", lambda x, h, w, u: h + w * cmath.tanh(x)),
    ("w*sin(h)/h", lambda x, h, w, u: w * cmath.sin(h) / h),
]
LONGEST = CONCRETE[:4]  # what is written out to three steps; two show all but a product of three
WITH_T = [(text, f, T) for text, f in CONCRETE for T in ((1, 2, 3) if (text, f) in LONGEST else (2,))]
with_T = pytest.mark.parametrize(("text", "f", "T"), WITH_T, ids=[f"{text}, T={T}" for text, _, T in WITH_T])
DERIVATIONS = {
    "unroll": lambda: unroll(4),
    "conjecture": lambda: conjecture(4),
    "proof": induction_proof,
    "substitution": substitution,
    "tanh": lambda: concrete("tanh(w*h + u*x)", 2),
    "linear": lambda: concrete("w*h + u*x", 3),
}
every_derivation = pytest.mark.parametrize("build", DERIVATIONS.values(), ids=DERIVATIONS)


# ---- the derivations hold -----------------------------------------------------------------------


@within("T", LENGTHS)
def test_the_unrolling_is_a_theorem_that_supposes_nothing(T):
    theorem = unroll(T)
    assert type(theorem) is Theorem and not theorem.supposes
    assert (theorem.left, theorem.right) == (a[T], theorem.steps[-1].after)
    assert theorem.steps[-1].name == {1: "start", 2: "insert 2"}.get(T, f"expand {T}")


@within("T", LENGTHS)
def test_the_pattern_is_a_guess_and_no_theorem(T):
    pattern = conjecture(T)
    assert type(pattern) is Derivation and not hasattr(pattern, "right")
    assert [step.name for step in pattern.steps] == ["written out", "products", "one sum", "guess"]
    assert [step.guess for step in pattern.steps] == [False, False, False, True]
    assert [step.shown for step in pattern.steps] == [a[T], a[T], a[T], a[t]]
    assert pattern.steps[2].after == closed_form(T) and pattern.steps[3].after == closed_form(t)


def test_the_proof_is_a_theorem_about_every_t():
    theorem = induction_proof()
    assert type(theorem) is Theorem and not theorem.supposes
    assert (theorem.left, theorem.right) == (a[t], conjecture(4).steps[-1].after)
    assert [step.name for step in theorem.steps if step.guess] == ["claim"]


LINES = [
    "claim", "first step", "base case", "hypothesis", "recurrence", "insert", "distribute", "split of the product",
    "absorb", "split of the sum", "gather", "difference",
]  # fmt: skip


def test_the_lines_come_out_of_the_theorem_in_the_order_of_the_page():
    steps = {step.name: step for step in induction_proof().steps}
    assert list(steps) == LINES
    claim = steps["claim"].after
    assert steps["hypothesis"].after == claim == closed_form(t)
    assert (steps["base case"].shown, steps["base case"].after) == (claim.subs(t, 1), b[1])
    assert steps["first step"].after == b[1]
    assert steps["insert"].after == steps["recurrence"].after.subs(a[t], claim)
    assert steps["gather"].after == claim.subs(t, t + 1)
    assert sp.Add(*steps["difference"].shown.args) == a[t + 1] - claim.subs(t, t + 1)
    assert steps["difference"].after == 0


@pytest.mark.parametrize(
    ("name", "before", "split"),
    [("absorb", "distribute", "split of the product"), ("gather", "absorb", "split of the sum")],
)
def test_a_line_read_backwards_says_which(name, before, split):
    """What it makes of the line before is the named line, read from right to left."""
    steps = {step.name: step for step in induction_proof().steps}
    assert steps[name].reason == f"the {split}, read from right to left"
    assert LINES.index(split) == LINES.index(name) - 1
    named, line = steps[split], steps[before].after
    assert line != steps[name].after == taken_in(line, named.after, named.shown)


def taken_in(expr, old, new):
    """The expression with `new` for `old`, also where it is some of the terms or factors of a larger one."""
    if set(sp.Add.make_args(old)) < set(sp.Add.make_args(expr)):
        return expr - old + new
    if isinstance(expr, sp.Sum):
        return sp.Sum(sp.Mul(*(set(expr.function.args) - set(old.args)), new), *expr.limits)
    return sp.Add(*(taken_in(term, old, new) if isinstance(term, sp.Sum) else term for term in expr.args))


@with_T
def test_a_concrete_f_holds_term_by_term(text, f, T):
    derivation = concrete(text, T)
    paths = {f"path {n}": sp.prod([c[m] for m in range(n + 1, T + 1)]) * b[n] for n in range(T, 0, -1)}
    steps = {step.name: step for step in derivation.steps}
    assert list(steps) == ["f", "b", "c", "composition", *uses_and_paths(T), "sum"]
    assert {name: steps[name].after for name in paths} == paths
    assert steps["sum"].after == sum(paths.values()) == unroll(T).right
    for n in range(1, T + 1):
        assert steps[f"use {n}"].shown == steps[f"path {n}"].shown


def uses_and_paths(T):
    return [f"{what} {n}" for n in range(T, 0, -1) for what in ("use", "path")]


@every_derivation
def test_every_step_says_what_it_is(build):
    steps = build().steps
    assert len({step.name for step in steps}) == len(steps)
    for step in steps:
        assert step.reason.strip() and "\n" not in step.reason
        assert " = " in step.latex


@every_derivation
def test_every_line_in_letters_is_true_in_numbers(build):
    for step in build().steps:
        if isinstance(step.shown, sp.Expr) and step.after.has(sp.Indexed) and not step.after.free_symbols & {chain.w}:
            assert not differ(step.shown, step.after), step.name


# ---- and agree with the numbers -----------------------------------------------------------------


def numbered(numbers):
    return dict(enumerate(numbers, start=1))


some_exact = fractions(5)
sequences = st.lists(st.tuples(some_exact, some_exact), min_size=1, max_size=8)


@few
@given(sequences)
def test_unrolled_it_is_what_the_loops_give(pairs):
    numbers_b, numbers_c = (list(part) for part in zip(*pairs, strict=True))
    letters = {"b": numbered(numbers_b), "c": numbered(numbers_c)}
    wanted = recurrence(numbers_b, numbers_c)
    for T in range(1, len(pairs) + 1):
        for expr in (unroll(T).right, conjecture(T).steps[2].after, closed_form(T)):
            assert value(expr, {}, letters) == wanted[T - 1] == path_sum(numbers_b, numbers_c)[T - 1]
        assert value(closed_form(t), {t: T}, letters) == wanted[T - 1]


@pytest.mark.parametrize("numeric", [bpttlib.solve, bpttlib.closed_form])
def test_the_symbols_and_the_library_agree_exactly(numeric):
    T = 8
    numbers_b, numbers_c = NUMBERS["b"][1 : T + 1], NUMBERS["c"][1 : T + 1]
    found = numeric(np.array(numbers_b, dtype=object), np.array(numbers_c, dtype=object))
    assert [value(unroll(n).right, {}) for n in range(1, T + 1)] == found.tolist()
    assert [value(closed_form(t), {t: n}) for n in range(1, T + 1)] == found.tolist()


def test_sympy_writes_the_closed_form_out_to_the_unrolling():
    for T in LENGTHS:
        assert sp.expand(closed_form(T).doit() - unroll(T).right) == 0
        assert sp.expand(closed_form(t).subs(t, T).doit() - unroll(T).right) == 0


@within("T", LENGTHS)
def test_the_unrolling_has_one_term_for_each_step(T):
    terms = sp.Add.make_args(unroll(T).right)
    assert set(terms) == {b[first] * sp.prod([c[n] for n in range(first + 1, T + 1)]) for first in range(1, T + 1)}


# ---- a concrete f against complex steps ---------------------------------------------------------

INPUTS, H_0, W, U = (None, 0.3, -0.4, 0.7), 0.6, 0.8, 0.9


def run(f, weights):
    """The states h_0 … h_T, use n of w being weights[n-1]."""
    states = [H_0]
    for n, weight in enumerate(weights, start=1):
        states.append(f(INPUTS[n], states[-1], weight, U))
    return states


def slope(function, at):
    """The derivative by a complex step."""
    return function(at + 1e-40j).imag / 1e-40


def number(expr, extra=None):
    """The value of an expression in x_1 …, h_0, w and u (and what `extra` names)."""
    known = {f"x_{n}": INPUTS[n] for n in (1, 2, 3)} | {"h_0": H_0, "w": W, "u": U} | (extra or {})
    letters = sorted(expr.free_symbols, key=str)
    function = sp.lambdify(letters, expr, modules=[{"sigmoid": sigmoid}, vars(cmath)])
    return complex(function(*(known[str(letter)] for letter in letters)))


def close(left, right):
    return cmath.isclose(left, right, rel_tol=1e-11, abs_tol=1e-13)


@with_T
def test_each_use_of_w_acts_along_its_path(text, f, T):
    steps = {step.name: step for step in concrete(text, T).steps}
    states = run(f, [W] * T)
    letters = {"b": {}, "c": {}}
    for n in range(1, T + 1):
        here = {"x_t": INPUTS[n], "h_{t-1}": states[n - 1]}
        letters["b"][n] = number(steps["b"].after, here)
        letters["c"][n] = number(steps["c"].after, here)
        assert close(letters["b"][n], slope(lambda w, n=n: f(INPUTS[n], states[n - 1], w, U), W))
        assert close(letters["c"][n], slope(lambda h, n=n: f(INPUTS[n], h, W, U), states[n - 1]))
    for n in range(1, T + 1):
        by_hand = slope(lambda w, n=n: run(f, [w if m == n else W for m in range(1, T + 1)])[T], W)
        assert close(number(steps[f"use {n}"].after, {f"h_{m}": state for m, state in enumerate(states)}), by_hand)
        assert close(value(steps[f"path {n}"].after, {}, letters), by_hand)
    whole = slope(lambda w: run(f, [w] * T)[T], W)
    assert close(value(steps["sum"].after, {}, letters), whole)


@with_T
def test_the_composition_runs_f_with_its_own_copies(text, f, T):
    copies = [0.8, 0.5, 1.1][:T]
    composition = concrete(text, T).steps[3].after
    assert close(number(composition, {f"w_{n}": w for n, w in enumerate(copies, start=1)}), run(f, copies)[T])


# ---- made false on purpose ----------------------------------------------------------------------


def limits(expr, kind, low=0, high=0):
    def moved(part):
        name, first, last = part.limits[0]
        return kind(part.function, (name, first + low, last + high))

    return expr.replace(lambda part: isinstance(part, kind), moved)


def wrong_versions(expr):
    """Typical mistakes."""
    yield from (-expr, 2 * expr, expr + b[t], sp.Integer(0), sp.Integer(1))
    yield from (limits(expr, sp.Product, low, high) for low, high in ((-1, 0), (1, 0), (0, -1), (0, 1)))
    yield from (limits(expr, sp.Sum, low, high) for low, high in ((-1, 0), (1, 0), (0, -1), (0, 1)))
    for letter in sorted(expr.atoms(sp.Indexed), key=str):
        shifted = (letter.base[letter.indices[0] + shift] for shift in (-1, 1))
        yield from (
            expr.xreplace({letter: other}) for other in (*shifted, sp.Integer(0), sp.Integer(1), 2 * letter, -letter)
        )
    for term in expr.args if expr.is_Add else ():
        yield from (expr - term, expr - 2 * term, expr + term)


def test_a_false_chain_rule_is_refused_by_name():
    total, tried = substitution().steps[2].after, 0
    for wrong in wrong_versions(total):
        if wrong.has(a[t - 2]) or differ(wrong, total):  # a_{-1} stands for nothing
            tried += 1
            with pytest.raises(FalseStep, match="^step 'chain rule' is false"):
                chain.check_chain_rule(wrong)
    assert tried > 20


def test_the_substitution_rests_on_the_chain_rule_and_on_the_theorem(monkeypatch):
    *_, chain_rule, closed = substitution().steps
    assert (closed.shown, closed.after) == (induction_proof().left, induction_proof().right)
    assert (chain_rule.shown, chain_rule.after) == (a[t], b[t] + c[t] * a[t - 1])
    monkeypatch.setattr(chain, "recurrence", lambda n: SimpleNamespace(left=a[n], right=b[n] + c[n] * a[n]))
    with pytest.raises(FalseStep, match="^step 'chain rule' is false"):
        substitution.__wrapped__()


def test_the_first_state_is_given():
    first = substitution().steps[1]
    assert (first.shown, first.after) == (a[0], 0)


def judged(monkeypatch, text, T, false=(), believed=False):
    """What `concrete` asks to be matched, by the names of the lines; one line may be made false, and be believed."""
    asked, judge = {}, chain.matched

    def matched(line, *args, **how):
        if line.name in false:
            line = replace(line, after=2 * line.after)
        asked[line.name] = (line, args, how)
        return line if line.name in false and believed else judge(line, *args, **how)

    with monkeypatch.context() as patch:
        patch.setattr(chain, "matched", matched)
        chain._concrete.__wrapped__(parse_f(text), T)
    return asked


def refusal(line, args, how):
    with pytest.raises(ValueError) as caught:
        chain.matched(line, *args, **how)
    return str(caught.value)


def in_plain_letters(expr):
    """b and c as symbols of their own, b_1, c_1, …"""
    return expr.xreplace({letter: sp.Symbol(f"{letter.base}_{letter.indices[0]}") for letter in expr.atoms(sp.Indexed)})


@pytest.mark.parametrize("which", ["tanh", "linear"])
def test_a_false_line_of_a_concrete_f_is_refused_by_name(which, monkeypatch):
    text, f, T = (*CONCRETE[0], 2) if which == "tanh" else (*CONCRETE[1], 3)
    lines, states, tried = judged(monkeypatch, text, T), run(f, [W] * T), 0
    known = {f"h_{n}": state for n, state in enumerate(states)} | {"x_t": 0.37, "h_{t-1}": 0.45}
    known |= {"b_0": 0, "c_0": 0, f"b_{T + 1}": 0.123, f"c_{T + 1}": 0.321, "b_t": 0.2}
    for n in range(1, T + 1):
        known[f"b_{n}"] = slope(lambda w, n=n: f(INPUTS[n], states[n - 1], w, U), W)
        known[f"c_{n}"] = slope(lambda h, n=n: f(INPUTS[n], h, W, U), states[n - 1])
    h_0, x_1 = sp.symbols("h_0 x_1")
    for name, (line, args, how) in lines.items():
        true = number(in_plain_letters(line.after), known)
        assert close(number(in_plain_letters(args[0]), known), true)
        for wrong in (*wrong_versions(line.after), line.after + h_0, line.after.subs(h_0, x_1), line.after + x_1 / 9):
            if not close(number(in_plain_letters(wrong), known), true):
                tried += 1
                assert refusal(replace(line, after=wrong), args, how).startswith(f"step {name!r} is false: "), wrong
    assert tried > 60


@pytest.mark.parametrize(("text", "T"), [("tanh(w*h + u*x)", 2), ("w*h + u*x", 3)])
def test_every_line_of_a_concrete_f_is_matched_but_the_two_that_say_what_is_meant(text, T, monkeypatch):
    names = [step.name for step in concrete(text, T).steps]
    assert [name for name in names if name not in judged(monkeypatch, text, T)] == ["f", "composition"]
    for name in names:
        if name not in ("f", "composition"):
            with pytest.raises(FalseStep, match=f"^step '{name}' is false"):
                judged(monkeypatch, text, T, false=(name,))


@pytest.mark.parametrize("n", [1, 2, 3])
def test_a_path_rests_on_the_line_above_it(n, monkeypatch):
    """If a false line about a use were believed, the line about its path would be refused."""
    with pytest.raises(FalseStep, match=f"^step 'path {n}' is false"):
        judged(monkeypatch, "w*h + u*x", 3, false=(f"use {n}",), believed=True)


@pytest.mark.parametrize("T", [2, 3])
def test_the_paths_are_the_terms_of_the_theorem(T, monkeypatch):
    """With a term too many, too few or another one in its place, there is a line that does not hold."""
    theorem = unroll(T).right
    wrong = {
        theorem - b[T] + c[T] * b[T]: f"path {T}",
        theorem.subs(c[2], c[1]): "path 1",
        theorem + c[1] * sp.Symbol("h_0"): "sum",
    }
    for paths, name in wrong.items():
        monkeypatch.setattr(chain, "unroll", lambda _, paths=paths: SimpleNamespace(right=paths))
        with pytest.raises(FalseStep, match=f"^step '{name}' is false"):
            chain._concrete.__wrapped__(parse_f("tanh(w*h + u*x)"), T)


@pytest.mark.parametrize(
    "text", ["w*h + u*x", "w**3*h**2 - x", "tanh(w*h + u*x)", "sigmoid(w*h)", "(w*h + x)/(w + 2)", "sin(w*h*h)"]
)
def test_what_is_said_to_be_exact_is_exact(text, monkeypatch):
    """A factor 1 + 10⁻¹⁰ is smaller than what numbers of 9 digits could show."""
    exact = [step.name for step in concrete(text, 2).steps if step.reason.endswith("exactly")]
    assert exact == ["path 2", "path 1", "sum"]
    lines = judged(monkeypatch, text, 2)
    for name in exact:
        line, args, how = lines[name]
        assert chain.matched(line, *args, **how).reason.endswith(f", {EXACTLY}")
        wrong = replace(line, after=line.after * (1 + sp.Rational(1, 10**10)))
        with suppress(FalseStep):
            assert chain.matched(wrong, *args, **how).reason.endswith(f", {NUMERICALLY}")


@pytest.mark.parametrize("text", ["w*h/1000/1000/1000/1000/1000", "(w*h/1000000/1000000/1000000/1000000)**3"])
def test_a_false_term_is_named_even_if_it_is_tiny(text, monkeypatch):
    """Down to numbers that a float can only take for 0."""
    for name, (line, args, how) in judged(monkeypatch, text, 3).items():
        said = refusal(replace(line, after=2 * line.after), args, how)
        assert said.startswith(f"step {name!r} is false") or "leaves the range" in said


# ---- whether two expressions agree --------------------------------------------------------------

x, h, w, u = SYMBOLS.values()
EXACTLY, NUMERICALLY = "exactly", "to 9 digits at three places"
TANH, EXP, SIGMOID = (FUNCTIONS[name] for name in ("tanh", "exp", "sigmoid"))
LONG = (1 + 2 * x + 3 * h + 5 * w + 7 * u) ** 6
TOO_LARGE = sp.expand(LONG)
PAIRS = {
    "letters": (w * h, h * w),
    "a square": ((w + h) ** 2, w**2 + 2 * w * h + h**2),
    "functions": (TANH(w) * (1 - TANH(w) ** 2), TANH(w) - TANH(w) ** 3),
    "nested": (EXP(SIGMOID((w + h) * x)) * (1 + h), EXP(SIGMOID(w * x + h * x)) * h + EXP(SIGMOID((w + h) * x))),
    "too large": (LONG, TOO_LARGE),
    "too large, with functions": (LONG * TANH(w), sp.expand(TOO_LARGE * TANH(w))),
}
pairs = pytest.mark.parametrize(("left", "right"), PAIRS.values(), ids=PAIRS)


@pairs
def test_equal_expressions_agree(left, right):
    how = agreement(left, right)
    assert how == agreement(right, left)
    assert how == (NUMERICALLY if right.count_ops() > 800 else EXACTLY)


@pytest.mark.parametrize("factor", [0, -1, 1 + sp.Rational(1, 10**6)], ids=str)
@pairs
def test_unequal_expressions_do_not(left, right, factor):
    assert agreement(left, factor * right) == ""
    assert agreement(factor * left, right) == ""


@pairs
def test_a_part_in_ten_thousand_million_is_never_exact(left, right):
    assert agreement(left, (1 + sp.Rational(1, 10**10)) * right) != EXACTLY


@pytest.mark.parametrize("power", [30, 400])
def test_tiny_expressions_agree_only_if_they_are_equal(power):
    tiny = sp.Rational(1, 10**power)
    for expr in (w, TANH(w), TOO_LARGE):
        assert agreement(tiny * expr, tiny * expr) == EXACTLY
        with_numbers = outcome(lambda expr=expr: agreement(tiny * expr, 2 * tiny * expr))
        assert with_numbers in ("", "leaves the range"), expr.func


def outcome(call):
    try:
        return call()
    except ValueError as error:
        assert "leaves the range of numbers" in str(error)
        return "leaves the range"


@pytest.mark.parametrize("factor", [-1, 2, sp.Rational(1, 2)], ids=str)
def test_numbers_too_large_for_a_float_do_not_agree(factor):
    """A product runs to infinity without an error, and infinity must not pass for equal."""
    huge = EXP(800 * w) * EXP(799 * w) * EXP(798 * w) * h
    assert outcome(lambda: agreement(huge, factor * huge)) in ("", "leaves the range")


def test_equal_numbers_too_large_for_a_float_are_refused_in_a_sentence():
    huge = EXP(800 * w) * EXP(799 * w) * EXP(798 * w)
    with pytest.raises(ValueError, match="leaves the range of numbers"):
        agreement(TOO_LARGE * huge, LONG * huge)


@pytest.mark.parametrize("T", [1, 2, 3])
def test_what_is_zero_is_not_lost_in_rounding(T):
    """h_2 = h_0 for every w, so the paths of the sum cancel."""
    composition = {step.name: step for step in concrete("w/h + 1/h", T).steps}["composition"].after
    tied = dict.fromkeys(sp.symbols(f"w_1:{T + 1}"), SYMBOLS["w"])
    whole = number(composition.subs(tied).diff(SYMBOLS["w"]))
    by_hand = slope(lambda w: run(lambda x, h, w, u: w / h + 1 / h, [w] * T)[T], W)
    assert abs(whole - by_hand) < 1e-13
    assert abs(by_hand) < 1e-13 if T == 2 else abs(by_hand) > 0.1


# ---- as the page shows it -----------------------------------------------------------------------


def coloured(letter, colour, index):
    return rf"{{\color{{{colour}}}{{{letter}_{{{index}}}}}}}"


@within("T", LENGTHS)
def test_the_latest_step_comes_first(T):
    terms = []
    for first in range(T, 0, -1):
        factors = [coloured("c", C, n) for n in range(T, first, -1)] + [coloured("b", B, first)]
        terms.append(" ".join(factors))
    assert unroll(T).steps[-1].latex == f"{coloured('a', A, T)} = {' + '.join(terms)}"


def test_the_closed_form_reads_as_in_the_book():
    path = rf"\left(\prod_{{j=i + 1}}^{{t}} {coloured('c', C, 'j')}\right)"
    wanted = rf"{coloured('b', B, 't')} + \sum_{{i=1}}^{{t - 1}} {path} {coloured('b', B, 'i')}"
    assert latex(closed_form(t)) == wanted
    assert induction_proof().steps[0].latex == f"{coloured('a', A, 't')} = {wanted}"


def test_the_book_has_derivatives_for_letters():
    assert latex(a[t], BOOK) == rf"{{\color{{{A}}}{{\frac{{\partial h_{{t}}}}{{\partial w_h}}}}}}"
    assert latex(b[t], BOOK) == rf"{{\color{{{B}}}{{\frac{{\partial f(x_{{t}},h_{{t - 1}},w_h)}}{{\partial w_h}}}}}}"
    assert (
        latex(c[j], BOOK)
        == rf"{{\color{{{C}}}{{\frac{{\partial f(x_{{j}},h_{{j - 1}},w_h)}}{{\partial h_{{j - 1}}}}}}}}"
    )
    assert latex(a[3], BOOK) == latex(a[t], BOOK).replace("h_{t}", "h_{3}")
    assert all(step.names is BOOK for step in substitution().steps)


COLOUR_OF = {"a": A, "b": B, "c": C}
FOR_LATEX = DERIVATIONS | {text: lambda text=text: concrete(text, 2) for text, _ in CONCRETE[::2]}
POWERS = [f"{name}(w*h + 2)**3/{name}(h)" for name in FUNCTIONS]
FOR_LATEX |= {text: lambda text=text: concrete(text, 1) for text in POWERS}
TYPESET = [
    "conjecture",
    "proof",
    "substitution",
    "tanh",
    POWERS[-1],
]  # one of each kind of line, for the parser is slow


@pytest.mark.parametrize("build", FOR_LATEX.values(), ids=FOR_LATEX)
def test_every_line_is_sound_latex(build):
    for step in build().steps:
        line = step.latex
        depth = 0
        for sign in line:
            depth += {"{": 1, "}": -1}.get(sign, 0)
            assert depth >= 0
        assert depth == 0
        assert len(re.findall(r"\\left(?![a-z])", line)) == len(re.findall(r"\\right(?![a-z])", line))
        assert not re.search(r"(?<![a-zA-Z])[abc]\{\\left", line)
        assert not re.search(r"\\(sqrt|frac)\^", line), "a power between a sign and what it stands before"
        assert not re.search(r"Indexed|Sum|Product|None|\[|\bDummy", line)
        for colour, letter in re.findall(r"\\color\{(#\w+)\}\{([abc])_", line):
            assert colour == COLOUR_OF[letter]
        assert set(re.findall(r"\\color\{(.*?)\}", line)) <= set(COLOUR_OF.values())
        assert not re.search(r"(?<![a-zA-Z{])[abc]_\{", line), "a letter without its colour"


@pytest.mark.parametrize("name", TYPESET)
def test_every_line_can_be_typeset(name):
    """But for the colours, which matplotlib's mathtext does not know."""
    from matplotlib.mathtext import MathTextParser

    typeset = MathTextParser("path")
    for step in FOR_LATEX[name]().steps:
        line = re.sub(r"\\color\{#\w+\}", "", step.latex)
        typeset.parse(f"${line}$")


# ---- work is done once --------------------------------------------------------------------------


def test_the_second_call_brings_the_same_object(monkeypatch):
    calls = [
        lambda: unroll(5),
        lambda: conjecture(5),
        lambda: conjecture(),
        induction_proof,
        substitution,
        lambda: concrete("tanh(w*h + u*x)", 2),
        lambda: concrete("w*h + u*x"),
    ]
    first = [call() for call in calls]

    def explode(*_, **__):
        raise AssertionError("SymPy worked again")

    for module, name in ((chain, "agreement"), (chain, "nested_states"), (proof, "closed_form"), (proof, "recurrence")):
        monkeypatch.setattr(module, name, explode)
    for call, known in zip(calls, first, strict=True):
        assert call() is known


def test_a_derivation_cannot_be_changed():
    with pytest.raises(AttributeError):
        unroll(2).steps[0].after = b[2]
    for derivation in (unroll(2), conjecture(2), substitution(), concrete(LINEAR, 1)):
        with pytest.raises(AttributeError, match="does not change"):
            derivation.steps = ()


# ---- bad input ----------------------------------------------------------------------------------

BAD_T = [(0, ValueError), (-1, ValueError), (True, ValueError), (1.5, TypeError), (1.0, TypeError), ("3", TypeError)]
LINEAR = "w*h + u*x"


@within("T, error", [*BAD_T, (None, TypeError), ([1], TypeError)])
@within("build", [unroll, conjecture, lambda T: concrete(LINEAR, T)])
def test_a_bad_length_is_refused(build, T, error):
    build(1)  # what is remembered for 1 must not answer for True and 1.0
    with pytest.raises(error) as caught:
        build(T)
    assert type(caught.value) is error
    if T != [1]:
        assert "T must be a whole number" in str(caught.value)


def test_numpy_counts_too():
    assert unroll(np.int64(3)).steps[-1].after == unroll(3).right


@pytest.mark.parametrize("T", [4, 5, 100])
def test_a_composition_that_would_be_too_long_is_refused(T):
    with pytest.raises(ValueError, match=f"up to 3, got {T}"):
        concrete(LINEAR, T)


@pytest.mark.parametrize("text", [None, 5, b"w*h", 1.5])
def test_a_concrete_f_must_be_text(text):
    with pytest.raises(TypeError, match="f must be text"):
        concrete(text, 2)


def test_a_concrete_f_is_parsed_safely():
    with pytest.raises(ValueError, match="not allowed in f"):
        concrete("__import__('os').getcwd()", 1)


# how the sum of each is found to hold
NASTY = {
    "exp(exp(exp(w*h)))": EXACTLY,
    "exp(exp(w*h))*exp(h)": EXACTLY,
    "sqrt(sqrt(sqrt(w*h+x)))": EXACTLY,
    "log(log(log(w*h)))": EXACTLY,
    "log(exp(w*h))": EXACTLY,
    "sqrt(w*h*h)": EXACTLY,
    "sqrt(-1-w*w)*h": EXACTLY,
    "w/h": EXACTLY,
    "w/h**3": EXACTLY,
    "h**3*w**3": EXACTLY,
    "exp(1000*w*h)": EXACTLY,
    "h*(w+1) - w*h": EXACTLY,
    "w*h/1000/1000/1000/1000/1000": EXACTLY,
    "w*h/1000000/1000000/1000000/1000000/1000000/1000000/1000000": EXACTLY,
    "999999/999998*w*h+999997/999996": EXACTLY,
    "sin(cos(sin(cos(sin(cos(w*h))))))": NUMERICALLY,
    "tanh(tanh(tanh(w*h)))*tanh(tanh(tanh(h)))": NUMERICALLY,
    "exp(-exp(-w*h))/exp(-exp(h))": "leaves the range",
    "(w+h)/(h-w)+x+exp(800*w)*exp(799*w)": EXACTLY,
}


@pytest.mark.parametrize("text", NASTY)
def test_a_nasty_f_holds_or_is_refused_in_a_sentence(text):
    try:
        derivation = concrete(text, 3)
    except FalseStep:
        raise
    except ValueError as error:
        assert str(error) == "unrolled, this f leaves the range of numbers: try one that grows or shrinks less"
        assert NASTY[text] == "leaves the range"
    else:
        assert all(step.latex for step in derivation.steps)
        assert derivation.steps[-1].reason.endswith(f", {NASTY[text]}")


def test_how_surely_a_line_is_known_stands_behind_it():
    reasons = {step.name: step.reason for step in concrete("tanh(tanh(tanh(w*h)))*tanh(tanh(tanh(h)))", 3).steps}
    assert reasons["path 3"] == f"it equals path 3, {EXACTLY}"
    assert reasons["path 1"] == f"it equals path 1, {NUMERICALLY}"
    assert reasons["sum"] == f"one w again: the paths add up, {NUMERICALLY}"
