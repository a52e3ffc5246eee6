"""A theorem is made by a rule or not at all: what the rules make is true in numbers, and no attack gets past them."""

import copy
import dataclasses
import pickle
from fractions import Fraction
from types import SimpleNamespace

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from in_numbers import NUMBERS, PLACES, differ, is_true, places_of, value
from reference import path_sum
from strategies import few, fractions
from within import within

from bpttlib.derivation import FalseStep, Step, Theorem, closed_form, conjecture, induction_proof, substitution, unroll
from bpttlib.derivation.kernel import (
    at,
    backwards,
    distribute,
    induction,
    insert,
    recurrence,
    split_last,
    suppose,
    write_out,
)
from bpttlib.derivation.proof import path
from bpttlib.derivation.step import Derivation, a, b, c, i, j, t

CLAIM = closed_form(t)
TERM = path(t + 1) * b[i]  # of the sum for t + 1
FIRST = insert(recurrence(1), recurrence(0))


def base_of(claim):
    """a_1 = claim(1), if writing out is enough to see it."""
    return insert(FIRST, backwards(write_out(claim.subs(t, 1))))


def step_of(claim):
    """From a_t = claim as far towards t + 1 as the proof of the page goes."""
    spread = distribute(insert(recurrence(t + 1), suppose(claim)))
    absorbed = insert(spread, backwards(split_last(path(t + 1))))
    return insert(absorbed, backwards(split_last(sp.Sum(TERM, (i, 1, t)))))


BASE, STEP = base_of(CLAIM), step_of(CLAIM)


def refused(rule, why="", error=FalseStep):
    return pytest.raises(error, match=f"^{rule}: .*{why}")


# ---- what the rules make is true ----------------------------------------------------------------


def test_the_theorem_supposes_nothing_and_says_the_claim():
    theorem = induction(BASE, STEP)
    assert type(theorem) is Theorem and theorem.supposes == frozenset()
    assert (theorem.left, theorem.right) == (a[t], CLAIM)
    assert repr(theorem).startswith("⊢ a[t] = ")


letters = st.lists(fractions(5), min_size=7, max_size=7)


@few
@given(letters, letters)
def test_the_theorem_is_true_in_numbers(numbers_b, numbers_c):
    """The recurrence in a loop, the sum over paths in loops, and the theorem: exact fractions, T = 1 … 6."""
    numbers = {"b": numbers_b, "c": numbers_c, "a": [Fraction(0)]}
    for n in range(1, 7):
        numbers["a"].append(numbers_b[n] + numbers_c[n] * numbers["a"][-1])
    theorem = induction_proof()
    for T in range(1, 7):
        wanted = path_sum(numbers_b[1 : T + 1], numbers_c[1 : T + 1])[-1]
        assert value(theorem.left, {t: T}, numbers) == value(theorem.right, {t: T}, numbers) == wanted


@within("T", range(1, 7))
def test_sympy_writes_the_theorem_out_to_the_unrolling(T):
    instance = at(induction_proof(), T)
    assert instance.left == unroll(T).left == a[T]
    assert sp.expand(instance.right.doit() - unroll(T).right) == 0
    assert insert(instance, write_out(instance.right)).right == unroll(T).right


MADE = {
    "a_0": recurrence(0),
    "a_1": FIRST,
    "recurrence": recurrence(t),
    "recurrence at t+3": recurrence(t + 3),
    "hypothesis": suppose(CLAIM),
    "insert": insert(recurrence(t + 1), suppose(CLAIM)),
    "distribute": distribute(insert(recurrence(t + 1), suppose(CLAIM))),
    "minus": distribute(backwards(write_out(b[t] - (c[t] + 1) * sp.Sum((b[i] + 2) ** 2, (i, 1, t))))),
    "product": split_last(path(t + 1)),
    "product up to i": split_last(sp.Product(c[j] + b[j], (j, 2, i))),
    "product without i": split_last(sp.Product(c[j] ** 2, (j, 1, t))),
    "sum": split_last(sp.Sum(TERM, (i, 1, t))),
    "sum from 0": split_last(sp.Sum(TERM, (i, 0, t - 1))),
    "empty": write_out(sp.Sum(b[i], (i, 3, 2)) + sp.Product(c[j], (j, i, i - 1))),
    "written out": write_out(closed_form(5)),
    "of fixed length": write_out(sp.Product(c[j] + t, (j, i - 1, i + 1))),
    "absorb": insert(distribute(insert(recurrence(t + 1), suppose(CLAIM))), backwards(split_last(path(t + 1)))),
    "a part of a product": insert(write_out(a[t] * b[t] * c[t]), backwards(write_out(b[t] * c[t]))),
    "a power": insert(write_out((a[t] + b[i]) ** 2), recurrence(t)),
    "at": at(recurrence(t), 4),
    "base": BASE,
    "step": STEP,
    "induction": induction(BASE, STEP),
}


@pytest.mark.parametrize("theorem", MADE.values(), ids=MADE)
def test_what_the_rules_make_is_true_in_numbers(theorem):
    assert is_true(theorem) and is_true(backwards(theorem))
    assert len(places_of(theorem)) > 5


def test_a_hypothesis_and_a_condition_are_carried():
    hypothesis, condition = sp.Eq(a[t], CLAIM, evaluate=False), sp.Le(i + 1, t + 1, evaluate=False)
    for theorem in (suppose(CLAIM), backwards(suppose(CLAIM)), MADE["insert"], MADE["distribute"], STEP):
        assert theorem.supposes == {hypothesis} == theorem.line("", "").supposes
    product = split_last(path(t + 1))
    assert product.supposes == {condition} == backwards(product).supposes
    both = insert(split_last(sp.Product(a[t] * c[j], (j, i + 1, t + 1))), suppose(b[t]))
    assert both.supposes == {sp.Eq(a[t], b[t], evaluate=False), condition}
    assert "i + 1 <= t + 1 ⊢" in repr(product)
    assert BASE.supposes == frozenset() == MADE["sum"].supposes


indices = st.sampled_from([t, t - 1, t + 1, i, i + 1, sp.Integer(1), sp.Integer(2)])
ends = st.sampled_from([t - 1, t, t + 1, sp.Integer(0), sp.Integer(1), sp.Integer(3)])
simple = st.one_of(
    st.builds(lambda n: b[n], indices), st.builds(lambda n: c[n], indices), st.integers(-2, 2).map(sp.Integer)
)
products = st.builds(
    lambda low, high: sp.Product(c[j], (j, low, high)), st.one_of(indices, ends), st.one_of(indices, ends)
)
mixed = st.lists(st.one_of(simple, products), min_size=1, max_size=3)
bodies = st.builds(lambda parts, plus: sp.Mul(*parts) + plus, mixed, simple)
sums = st.builds(lambda body, low, high: sp.Sum(body, (i, low, high)), bodies, ends, ends)


def combine(add, one, two):
    return one + two if add else one * two


formulas = st.recursive(
    st.one_of(simple, products, sums), lambda part: st.builds(combine, st.booleans(), part, part), max_leaves=4
)


def attempt(rule, *args):
    try:
        return [rule(*args)]
    except FalseStep as error:
        assert str(error).startswith(rule.__name__)
        return []


@few
@given(formulas, st.lists(st.one_of(products, sums), min_size=1, max_size=2))
def test_whatever_the_rules_make_of_any_formula_is_true_in_numbers(formula, wholes):
    """Not only in the proof: every rule is sound by itself, or refuses by its own name."""
    made = [theorem for rule in (write_out, suppose) for theorem in attempt(rule, formula)]
    known = [
        theorem for whole in (*wholes, *formula.atoms(sp.Sum, sp.Product)) for theorem in attempt(split_last, whole)
    ]
    known += [backwards(theorem) for theorem in known]
    made += [new for old in made for rule in (distribute, backwards) for new in attempt(rule, old)]
    made += [new for old in made for theorem in known for new in attempt(insert, old, theorem)]
    made += [new for old in made for n in (2, t + 1) for new in attempt(at, old, n)]
    for theorem in made + known:
        assert all(
            value(theorem.left, place) == value(theorem.right, place) for place in places_of(theorem) if small(place)
        )


def small(place):
    return place[t] <= 3


# ---- the attacks of the issue -------------------------------------------------------------------


def test_no_induction_without_its_base_case():
    with pytest.raises(TypeError):
        induction(STEP)
    with pytest.raises(TypeError):
        induction(step=STEP)
    for nothing in (None, (), sp.true, True):
        with refused("induction", "takes theorems only"):
            induction(nothing, STEP)
    empty = write_out(CLAIM.subs(t, 1))
    for other in (STEP, FIRST, recurrence(0), recurrence(1), at(induction_proof(), 2), empty, backwards(empty)):
        with refused("induction", "the base case must be ⊢ a.1. = b.1. [+] Sum"):
            induction(other, STEP)


def test_no_induction_without_its_hypothesis():
    """The step that rests on the claim instead, or on nothing."""
    for claim in (CLAIM, conjecture(4).steps[-1], induction_proof().steps[0], sp.Eq(a[t], CLAIM), (a[t], CLAIM)):
        with refused("insert", "takes theorems only"):
            insert(recurrence(t + 1), claim)
    for step in (recurrence(t + 1), at(induction_proof(), t + 1), induction_proof(), split_last(path(t + 1))):
        with refused("induction", "the step must suppose the claim, and nothing else"):
            induction(BASE, step)


def test_the_claim_at_the_next_t_is_no_step():
    with refused("at", "supposed for one t, nothing may be put for it"):
        at(suppose(CLAIM), t + 1)
    with refused("at", "supposed for one t"):
        at(suppose(CLAIM), 1)
    for step in (suppose(CLAIM.subs(t, t + 1)), suppose(CLAIM), insert(FIRST, backwards(suppose(b[1])))):
        with refused("induction", "the step must reach a.t [+] 1. ="):
            induction(BASE, step)


def test_a_line_that_is_only_said_is_no_theorem():
    said = Step("given", a[t], CLAIM, "given")
    for given_ in (said, Derivation([said]), conjecture(4), substitution(), said.after, "a[t] = 0", None):
        for rule in (backwards, distribute, lambda one: at(one, 1)):
            with pytest.raises(FalseStep, match="takes theorems only, got a"):
                rule(given_)
        for pair in ((given_, BASE), (BASE, given_)):
            for rule in (insert, induction):
                with refused(rule.__name__, "takes theorems only, got a"):
                    rule(*pair)


EXTRA = {
    "true up to t = 5": (t - 1) * (t - 2) * (t - 3) * (t - 4) * (t - 5) * b[1],
    "true at t = 1": (t - 1) * b[1],
    "twice the path": sp.Sum(path(t) * b[i], (i, 1, t - 1)),
}
WRONG = {name: CLAIM + more for name, more in EXTRA.items()} | {
    "product from j = i": b[t] + sp.Sum(sp.Product(c[j], (j, i, t)) * b[i], (i, 1, t - 1)),
    "product up to t-1": b[t] + sp.Sum(sp.Product(c[j], (j, i + 1, t - 1)) * b[i], (i, 1, t - 1)),
    "sum from i = 2": b[t] + sp.Sum(path(t) * b[i], (i, 2, t - 1)),
    "sum up to t-2": b[t] + sp.Sum(path(t) * b[i], (i, 1, t - 2)),
    "zero": sp.Integer(0),
    "b_t": b[t],
    "b_1": b[1],
}


@pytest.mark.parametrize("claim", WRONG.values(), ids=WRONG)
def test_a_false_claim_gets_through_no_induction(claim):
    """Most have a true base case; all have a step that can be begun, and none that arrives."""
    assert differ(a[t], claim)
    bases, steps = [BASE, FIRST, *if_allowed(lambda: base_of(claim))], [suppose(claim)]
    steps += if_allowed(lambda: insert(recurrence(t + 1), suppose(claim)))
    steps += if_allowed(lambda: distribute(insert(recurrence(t + 1), suppose(claim))))
    steps += if_allowed(lambda: step_of(claim))
    assert len(steps) > 1
    for base in bases:
        for step in steps:
            with refused("induction", "the step must reach"):
                induction(base, step)


def if_allowed(build):
    try:
        return [build()]
    except FalseStep:
        return []


def test_the_false_theorem_of_five_factors_has_a_true_base_and_no_step():
    claim = WRONG["true up to t = 5"]
    assert [differ(a[t].subs(t, T), claim.subs(t, T)) for T in (1, 2, 5, 6)] == [False, False, False, True]
    assert (base_of(claim).left, base_of(claim).right) == (a[1], claim.subs(t, 1))
    with refused("insert", "does not stand in"):
        insert(step_of(CLAIM), backwards(suppose(claim.subs(t, t + 1))))
    with refused("induction", "the step must reach"):
        induction(base_of(claim), step_of(claim))


# ---- and more of them ---------------------------------------------------------------------------


def test_a_theorem_cannot_be_made_by_hand():
    for arguments in ((), (a[t], b[1]), (a[t], b[1], frozenset(), ())):
        with pytest.raises(TypeError, match="made by a rule of the kernel, not by hand"):
            Theorem(*arguments)
    with pytest.raises(TypeError, match="not by hand"):
        Theorem(left=a[t], right=b[1], supposes=frozenset(), steps=())
    with pytest.raises(TypeError, match="not by hand"):
        suppose(b[1]).__init__(a[t], b[1])
    with pytest.raises(AttributeError):
        backwards(Theorem.__new__(Theorem))


def test_a_theorem_has_no_other_kind():
    with pytest.raises(TypeError, match="no other kind"):
        type("Lemma", (Theorem,), {"__init__": lambda self: None})
    alike = SimpleNamespace(left=a[1], right=b[7], supposes=frozenset(), steps=())
    pretending = type("Pretending", (), {"__class__": Theorem, **vars(alike)})()
    assert isinstance(pretending, Theorem)
    for fake in (alike, pretending):
        with refused("backwards", "takes theorems only"):
            backwards(fake)


@pytest.mark.parametrize("theorem", [MADE["induction"], STEP], ids=["theorem", "step"])
def test_a_theorem_does_not_change(theorem):
    before = repr(theorem)
    for name in ("left", "right", "supposes", "steps", "new"):
        with pytest.raises(AttributeError, match="does not change"):
            setattr(theorem, name, frozenset())
    for name in ("supposes", "right"):
        with pytest.raises(AttributeError, match="does not change"):
            delattr(theorem, name)
    with pytest.raises(TypeError):
        vars(theorem)
    with pytest.raises(TypeError):
        dataclasses.replace(theorem, right=b[1])
    assert not hasattr(theorem, "__setstate__")
    assert type(theorem.supposes) is frozenset and type(theorem.steps) is tuple
    assert repr(theorem) == before


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_a_theorem_is_not_copied(again):
    with pytest.raises((AttributeError, TypeError)):
        again(STEP)


def test_a_step_under_two_hypotheses_is_refused():
    two = insert(insert(recurrence(t + 1), suppose(a[t] * b[t])), suppose(CLAIM))
    assert len(two.supposes) == 2
    with refused("induction", "nothing else"):
        induction(BASE, two)


def test_a_base_case_that_supposes_is_refused():
    """Under a_t = b_1 = claim(1) anything can be said of a_1."""
    cheap = insert(insert(FIRST, backwards(suppose(b[1]))), suppose(CLAIM.subs(t, 1)))
    assert (cheap.left, cheap.right) == (BASE.left, BASE.right)
    with refused("induction", "the base case must be ⊢"):
        induction(cheap, STEP)


def test_base_and_step_must_be_about_one_claim():
    trivial = suppose(a[t])
    with refused("induction", "the step must reach"):
        induction(BASE, trivial)
    with refused("induction", "the base case must be"):
        induction(base_of(b[t]), STEP)
    with refused("induction", "takes theorems only"):
        induction(STEP, None)
    with refused("induction", "the step must suppose the claim"):
        induction(STEP, BASE)


def test_a_hypothesis_is_about_t_alone():
    for formula in (b[i], sp.Product(c[j], (j, i, t)), i, c[j], sp.Symbol("t"), a[sp.Symbol("n", integer=True)]):
        with refused("suppose", "not a formula about t alone"):
            suppose(formula)


NO_FORMULA = [
    sp.nan, sp.oo, sp.zoo, sp.I, sp.Float(1), 1 / b[t], c[t] ** t, sp.sin(b[t]), sp.sqrt(2), sp.Max(b[t], 1), b[t / 2],
    b[2 * t],
    b[1.0], b[t, 1], b[b[t]], sp.IndexedBase("d")[t], sp.Symbol("t"), sp.Symbol("i"), j, sp.Symbol("u"), sp.Dummy("t"),
    sp.Sum(b[i], (i, 1, i)), sp.Sum(b[j], (j, 1, t)), sp.Sum(b[t], (t, 1, 3)), sp.Sum(b[i], (i, 1, sp.oo)),
    sp.Sum(b[i], (i, 1, 2), (j, 1, 2)), sp.Sum(sp.Sum(b[i], (i, 1, t)), (i, 1, t)), sp.Product(c[i], (i, 1, t)),
    sp.Product(c[j], (j, 1, j)), sp.Product(sp.Sum(b[i], (i, 1, t)), (j, 1, t)),
    sp.Product(sp.Product(c[j], (j, 1, 2)), (j, 1, 2)),
    sp.Sum(b[i], (i, 1, 2 * t)), sp.Sum(b[i], (i, 1, a[t])), sp.Integral(i, (i, 0, 1)),
    sp.Piecewise((1, b[t] > 0), (0, True)), a[t] > 0, sp.true, "b[t]", None, 1.5, (b[t],),
]  # fmt: skip


@within("thing", NO_FORMULA)
def test_what_is_no_formula_is_refused(thing):
    """Infinities, divisions, other letters, sums within sums: nothing that a rule could be fooled by."""
    for rule in (suppose, write_out, split_last):
        with refused(rule.__name__):
            rule(thing)


@within("n", [-1, t - 1, i, j, t + i, 2 * t, sp.Rational(1, 2), sp.oo, sp.nan, sp.Symbol("t"), b[t], 1.0, True])
def test_there_is_no_recurrence_before_the_start_or_between_the_steps(n):
    with refused("recurrence", "there is none for"):
        recurrence(n)


@within("n", [0, -1, t - 1, i, sp.Rational(3, 2), sp.oo, 2.0, True])
def test_t_stands_for_steps_only(n):
    with refused("at", "t stands for 1, 2, 3"):
        at(induction_proof(), n)


@pytest.mark.parametrize("rule, args", [(recurrence, ("t",)), (at, (FIRST, "t"))])
def test_text_is_never_read_as_an_index(rule, args):
    with pytest.raises(ValueError):
        rule(*args)


NOTHING_LAST = [
    path(t).subs(i, t), path(t).subs(i, t + 1), sp.Product(c[j], (j, 1, 0)), sp.Product(c[j], (j, 1, t - 2)),
    sp.Product(c[j], (j, t, 5)), sp.Product(c[j], (j, i, i - 1)), sp.Sum(b[i], (i, 1, 0)), sp.Sum(b[i], (i, 1, t - 1)),
    sp.Sum(b[i], (i, 2, t)), sp.Sum(b[i], (i, t + 1, t)), sp.Sum(b[i], (i, t, 3)),
]  # fmt: skip


@within("whole", NOTHING_LAST, ids=str)
def test_nothing_is_split_off_what_may_be_empty(whole):
    with refused("split_last", "there is a last one only if"):
        split_last(whole)


@pytest.mark.parametrize("whole", [b[t], CLAIM, path(t) * b[i], STEP, sp.Integer(0)])
def test_only_sums_and_products_have_a_last_one(whole):
    with refused("split_last", "neither a sum over i nor a product over j"):
        split_last(whole)


@pytest.mark.parametrize("low, high", [(1, t), (1, t - 1), (0, t), (2, t), (1, t + 2)])
def test_the_limits_of_the_sum_must_supply_what_the_factor_needs(low, high):
    """Π from j = i+1 to t-1 has a last factor for i ≤ t-2; with t for t-1 there, for i ≤ t-1, and so on."""
    for top in range(-1, 4):
        product = sp.Product(c[j], (j, i + 1, t + top))
        around = write_out(sp.Sum(product * b[i], (i, low, high)))
        if (t + top - 1 - high).is_nonnegative and (t + top - 1 - low).is_nonnegative:
            assert is_true(insert(around, split_last(product)))
        else:
            with refused("insert", "no sum around .* supplies i [+] 1 <="):
                insert(around, split_last(product))


def test_no_sum_around_no_condition_supplied():
    product = path(t + 1)
    for target in (product, product * b[i], product + sp.Sum(product * b[i], (i, 1, t))):
        with refused("insert", "no sum around .* supplies i [+] 1 <= t [+] 1"):
            insert(write_out(target), split_last(product))


def test_the_condition_of_a_product_is_not_forgotten_at_the_induction():
    with refused("induction", "nothing else"):
        induction(BASE, split_last(path(t + 1)))
    with refused("at", "supposed"):
        at(split_last(path(t + 1)), 2)


def test_a_factor_that_holds_i_stays_outside_the_sum():
    caught = write_out(c[i] * sp.Sum(b[i], (i, 1, t)))
    with refused("distribute", "no factor free of i"):
        distribute(caught)
    mixed_ = distribute(write_out((c[i] + c[t]) * sp.Sum(b[i], (i, 1, t))))
    assert mixed_.right == c[i] * sp.Sum(b[i], (i, 1, t)) + sp.Sum(c[t] * b[i], (i, 1, t))
    assert is_true(mixed_)
    squared = write_out(sp.Sum(b[i], (i, 1, t)) ** 2 * c[t])
    two = write_out(sp.Sum(b[i], (i, 1, t)) * sp.Sum(c[i], (i, 1, t)) * c[t])
    for products_of_sums in (squared, two):
        with refused("distribute"):
            distribute(products_of_sums)


def test_what_runs_backwards_is_left_as_it_stands():
    """SymPy would count it with the other sign; here nothing is said of it."""
    for whole in (sp.Sum(b[i], (i, 3, 1)), sp.Product(c[j], (j, i + 2, i))):
        assert write_out(whole).right == whole


def test_what_does_not_stand_there_is_not_inserted():
    for known in (suppose(CLAIM), recurrence(t + 2), split_last(path(t + 1))):
        with refused("insert", "does not stand in"):
            insert(recurrence(t), known)
    with refused("insert", "does not stand in"):
        insert(suppose(CLAIM), suppose(CLAIM))  # on the left side nothing is put in


def test_an_equation_is_not_used_from_right_to_left_unless_read_backwards():
    with refused("insert", "does not stand in"):
        insert(STEP, split_last(sp.Sum(b[i], (i, 1, t))))
    with refused("insert", "does not stand in"):
        insert(MADE["distribute"], split_last(path(t + 1)))


def test_a_term_that_stands_twice_is_not_taken_twice():
    """An expression that SymPy was kept from adding up."""
    twice = write_out(sp.Add(b[t], b[t], c[t], evaluate=False))
    theorem = insert(twice, backwards(write_out(b[t] + c[t])))
    assert is_true(theorem) and value(theorem.right, PLACES[0]) == 2 * NUMBERS["b"][1] + NUMBERS["c"][1]


def test_nothing_in_the_limits_or_in_an_index_is_replaced():
    zero, one = backwards(recurrence(0)), backwards(write_out(sp.Product(c[j], (j, 1, 0))))
    assert (zero.left, one.left) == (0, 1)
    for target in (sp.Sum(b[i], (i, 1, 0)), sp.Sum(b[i], (i, 0, t)), b[0], b[1], c[t + 1]):
        for known in (zero, one):
            with refused("insert", "does not stand in"):
                insert(suppose(target), known)


def test_a_sum_is_not_put_into_a_sum():
    with refused("insert", "is not a formula"):
        insert(write_out(sp.Sum(a[t] * b[i], (i, 1, t))), suppose(CLAIM))


def test_a_name_and_a_reason_change_no_theorem():
    named = STEP.line("claim", "so it holds for every t")
    assert (named.left, named.right, named.supposes) == (STEP.left, STEP.right, STEP.supposes)
    with refused("at", "supposed"):
        at(named, t + 1)
