"""A small kernel: an equation becomes a theorem through one of these rules, and in no other way.

    recurrence  a_0 = 0, and a_n = b_n + c_n a_{n-1} for n ≥ 1: the only axioms
    suppose     a_t = …, for one t: the theorem carries it as its hypothesis
    insert      put in what another theorem says is equal
    backwards   read an equation from right to left
    distribute  multiply out; a factor that holds no i may go into a sum over i
    write_out   a sum or a product of known length, term by term
    split_last  the last factor off a product, the last term off a sum, if there is one
    at          put a number, or t + a number, for t, if nothing is supposed
    induction   from the claim at 1, and from t to t + 1: the claim for every t, nothing supposed any more

A theorem holds for all b and c, and for every t ≥ 1 and every i for which holds what it supposes. Each rule checks
by itself what it needs, asks nobody whether a step is right, and raises FalseStep, with its name, where something is
missing. (Python hides nothing from who insists: the guard is against mistakes and shortcuts, not against
`object.__setattr__`.)
Source: Gordon, Milner & Wadsworth, "Edinburgh LCF" (1979): theorems are a type that only the rules can make.
"""

from operator import attrgetter

import sympy as sp

from .step import Derivation, Step, a, b, c, i, j, t

__all__ = [
    "FalseStep",
    "Theorem",
    "at",
    "backwards",
    "distribute",
    "induction",
    "insert",
    "recurrence",
    "split_last",
    "suppose",
    "write_out",
]

BOUND = {sp.Sum: i, sp.Product: j}  # a sum runs over i, a product over j


class FalseStep(ValueError):
    """A step does not hold, or a rule does not allow it."""


class Theorem(Derivation):
    """An equation that has been proved: left = right, wherever holds what it supposes.

    supposes  hypotheses a_t = … and conditions low ≤ high on i; empty if it holds for every t ≥ 1.
    steps     the lines of its proof, in the order in which they were written.

    >>> insert(recurrence(1), recurrence(0))
    ⊢ a[1] = b[1]
    >>> suppose(b[t])
    Eq(a[t], b[t]) ⊢ a[t] = b[t]
    """

    __slots__ = ("left", "right", "supposes")

    def __init__(self, *_, **__):
        raise TypeError("a Theorem is made by a rule of the kernel, not by hand")

    def __init_subclass__(cls, **_):
        raise TypeError("a Theorem is made by a rule of the kernel: there is no other kind of it")

    def __repr__(self) -> str:
        return f"{', '.join(sorted(map(str, self.supposes)))} ⊢ {self.left} = {self.right}".lstrip()

    def line(self, name: str, reason: str) -> "Theorem":
        """The same theorem, with a line to show for it."""
        step = Step(name, self.left, self.right, reason)
        return _theorem("line", self.left, self.right, self, supposes=self.supposes, steps=(step,))


def _theorem(rule: str, left: sp.Expr, right: sp.Expr, *premises: Theorem, supposes=(), steps=()) -> Theorem:
    """Make a theorem: the one place where it happens, and only rules come here."""
    for side in (left, right):
        require(is_formula(side), rule, "{} is not a formula in a, b, c, Σ over i, Π over j", side)
    lines = {*steps, *(step for premise in premises for step in premise.steps)}
    made = object.__new__(Theorem)
    values = left, right, frozenset(supposes), tuple(sorted(lines, key=attrgetter("number")))
    for name, value in zip((*Theorem.__slots__, "steps"), values, strict=True):
        object.__setattr__(made, name, value)
    return made


def require(holds: bool, rule: str, what: str, *filled: object) -> None:
    """Raise FalseStep, with the name of the rule and what is wrong, unless it holds.

    What fills the {} of `what` is put into words then only, for that takes longer than most steps.
    """
    if not holds:
        raise FalseStep(f"{rule}: {what.format(*filled) if filled else what}")


def require_theorems(rule: str, *given: object) -> None:
    """A line that is shown, an equation, a guess: none of them is a theorem."""
    for one in given:
        require(type(one) is Theorem, rule, f"takes theorems only, got a {type(one).__name__}")


def is_index(n: object, letters: frozenset = frozenset({t})) -> bool:
    """Whether n is a whole number, or one of the letters plus a whole number."""
    return isinstance(n, sp.Expr) and any((n - start).is_Integer for start in (0, *letters))


def is_formula(expr: object, letters: frozenset = frozenset({t, i})) -> bool:
    """Whether it is made of fractions, letters, a_n, b_n, c_n, +, ·, whole powers, one Σ over i and in it one Π over j.

    So there is no infinity and no division by zero, and nothing put in is caught by a sum around it.
    """
    kind = type(expr)
    if kind in BOUND:
        (name, *ends), *more = expr.limits
        nested = expr.function.has(sp.Sum) or kind is sp.Product and expr.function.has(sp.Product)
        limited = name == BOUND[kind] and len(ends) == 2 and all(is_index(end, letters - {name}) for end in ends)
        return limited and not more and not nested and is_formula(expr.function, letters | {name})
    if kind is sp.Indexed:
        return expr.base in (a, b, c) and len(expr.indices) == 1 and is_index(expr.indices[0], letters)
    if kind in (sp.Add, sp.Mul):
        return all(is_formula(part, letters) for part in expr.args)
    if kind is sp.Pow:
        return expr.exp.is_Integer and expr.exp > 0 and is_formula(expr.base, letters)
    return isinstance(expr, sp.Rational) or kind is sp.Symbol and expr in letters


def recurrence(n: sp.Expr | int) -> Theorem:
    """What is given: a_0 = 0, and a_n = b_n + c_n a_{n-1} for n a number, or t plus a number, from 1 on.

    >>> recurrence(t + 1)
    ⊢ a[t + 1] = a[t]*c[t + 1] + b[t + 1]
    """
    n = sp.sympify(n, strict=True)
    require(is_index(n) and (n == 0 or (n - 1).is_nonnegative), "recurrence", f"there is none for a[{n}]")
    return _theorem("recurrence", a[n], n if n == 0 else b[n] + c[n] * a[n - 1])


def suppose(formula: sp.Expr) -> Theorem:
    """Suppose a_t = formula for one t; whatever is made of it carries the hypothesis."""
    require(is_formula(formula, frozenset({t})), "suppose", "{} is not a formula about t alone", formula)
    return _theorem("suppose", a[t], formula, supposes={sp.Eq(a[t], formula, evaluate=False)})


def insert(theorem: Theorem, known: Theorem) -> Theorem:
    """Put known.right for known.left, wherever it stands on the right side of the theorem.

    What known supposes about i, the limits of the sum around it must supply; its hypotheses are handed on.
    """
    require_theorems("insert", theorem, known)
    right = put(known, theorem.right)
    found = right != theorem.right or known.left == known.right
    require(found, "insert", "{} does not stand in {}", known.left, theorem.right)
    handed_on = {one for one in known.supposes if isinstance(one, sp.Eq)}
    return _theorem("insert", theorem.left, right, theorem, known, supposes=theorem.supposes | handed_on)


def put(known: Theorem, expr: sp.Expr, limits: sp.Tuple | None = None) -> sp.Expr:
    """known.right for known.left in expr, which stands in a sum with these limits, or in none."""
    kind, rest = type(expr), without(known.left, expr)
    if rest is not None:
        for one in known.supposes:
            require(is_supplied(one, limits), "insert", "no sum around {} supplies {}", known.left, one)
        return kind(known.right, *(put(known, part, limits) for part in rest)) if rest else known.right
    if kind in BOUND:
        return kind(put(known, expr.function, expr.limits[0] if kind is sp.Sum else limits), *expr.limits)
    if kind in (sp.Add, sp.Mul):
        return kind(*(put(known, part, limits) for part in expr.args))
    return put(known, expr.base, limits) ** expr.exp if kind is sp.Pow else expr


def without(part: sp.Expr, expr: sp.Expr) -> list | None:
    """The terms or factors of expr that are left without those of part; None if part does not stand in it."""
    if part == expr:
        return []
    rest = list(expr.args)
    for one in part.args:
        if type(part) is not type(expr) or type(part) not in (sp.Add, sp.Mul) or one not in rest:
            return None
        rest.remove(one)
    return rest if part.args else None


def is_supplied(supposed: sp.Rel, limits: sp.Tuple | None) -> bool:
    """Whether low ≤ high holds for every i within the limits: it is linear in i, so it is enough at both ends."""
    if isinstance(supposed, sp.Eq):  # a hypothesis is about t, and handed on
        return True
    gap = supposed.rhs - supposed.lhs
    return limits is not None and all(gap.subs(i, end).is_nonnegative for end in limits[1:])


def backwards(theorem: Theorem) -> Theorem:
    """Read the equation from right to left."""
    require_theorems("backwards", theorem)
    return _theorem("backwards", theorem.right, theorem.left, theorem, supposes=theorem.supposes)


def distribute(theorem: Theorem) -> Theorem:
    """Multiply out the right side, and take each factor that holds no i into the sum over i behind it."""
    require_theorems("distribute", theorem)
    right = sp.Add(*map(into_sum, sp.Add.make_args(sp.expand_mul(theorem.right))))
    require(right != theorem.right, "distribute", "nothing to multiply out, and no factor free of i, in {}", right)
    return _theorem("distribute", theorem.left, right, theorem, supposes=theorem.supposes)


def into_sum(term: sp.Expr) -> sp.Expr:
    """factors · Σ as one Σ, unless a factor holds the i over which it runs."""
    sums = [factor for factor in sp.Mul.make_args(term) if isinstance(factor, sp.Sum)]
    factors = [factor for factor in sp.Mul.make_args(term) if factor not in sums]
    if len(sums) != 1 or any(i in factor.free_symbols for factor in factors):
        return term
    return sp.Sum(sp.Mul(*factors, sums[0].function), *sums[0].limits)


def write_out(expr: sp.Expr) -> Theorem:
    """Every sum and product of known length is what its terms make together; an empty one is 0, or 1.

    >>> write_out(sp.Product(c[j], (j, i + 1, i + 2)))
    ⊢ Product(c[j], (j, i + 1, i + 2)) = c[i + 1]*c[i + 2]
    """
    require(is_formula(expr), "write_out", "{} is not a formula", expr)
    return _theorem("write_out", expr, written_out(expr))


def written_out(expr: sp.Expr) -> sp.Expr:
    """The same with every sum and product of known length written out, from the outermost inwards."""
    if type(expr) not in BOUND:
        return expr.func(*map(written_out, expr.args)) if expr.has(*BOUND) else expr
    name, low, high = expr.limits[0]
    length, join = high - low + 1, sp.Add if type(expr) is sp.Sum else sp.Mul
    if length.is_Integer and length >= 0:
        return join(*(written_out(expr.function.subs(name, low + n)) for n in range(length)))
    return expr.func(written_out(expr.function), *expr.limits)


def split_last(whole: sp.Sum | sp.Product) -> Theorem:
    """Split the last one off: Σ_{low}^{high} = (term at high) + Σ_{low}^{high-1}, and Π likewise, if low ≤ high.

    Where it depends on i whether there is one, the theorem supposes it.

    >>> split_last(sp.Product(c[j], (j, i + 1, t + 1)))
    i + 1 <= t + 1 ⊢ Product(c[j], (j, i + 1, t + 1)) = c[t + 1]*Product(c[j], (j, i + 1, t))
    """
    kind = type(whole)
    require(kind in BOUND and is_formula(whole), "split_last", "{} is neither a sum over i nor a product over j", whole)
    name, low, high = whole.limits[0]
    last, rest = written_out(whole.function.subs(name, high)), kind(whole.function, (name, low, high - 1))
    gap = high - low
    require(gap.is_nonnegative or i in gap.free_symbols, "split_last", "there is a last one only if {} ≤ {}", low, high)
    supposes = () if gap.is_nonnegative else {sp.Le(low, high, evaluate=False)}
    return _theorem("split_last", whole, last + rest if kind is sp.Sum else last * rest, supposes=supposes)


def at(theorem: Theorem, n: sp.Expr | int) -> Theorem:
    """Put n, a number or t plus a number, from 1 on, for t; refused if anything is supposed.

    >>> at(recurrence(t), 3)
    ⊢ a[3] = a[2]*c[3] + b[3]
    """
    require_theorems("at", theorem)
    n = sp.sympify(n, strict=True)
    require(not theorem.supposes, "at", "it is supposed for one t, nothing may be put for it: {}", theorem)
    require(is_index(n) and (n - 1).is_nonnegative, "at", f"t stands for 1, 2, 3, …, not for {n}")
    return _theorem("at", theorem.left.subs(t, n), theorem.right.subs(t, n), theorem)


def induction(base: Theorem, step: Theorem) -> Theorem:
    """From a_1 = claim(1), and a_{t+1} = claim(t+1) supposing a_t = claim(t): a_t = claim(t) for every t ≥ 1.

    The only rule that takes a hypothesis away.
    """
    require_theorems("induction", base, step)
    supposed = [one.rhs for one in step.supposes if isinstance(one, sp.Eq)]
    alone = len(supposed) == len(step.supposes) == 1
    require(alone, "induction", "the step must suppose the claim, and nothing else: {}", step)
    claim, following = supposed[0], supposed[0].subs(t, t + 1)
    reached = (step.left, step.right) == (a[t + 1], following)
    require(reached, "induction", "the step must reach {} = {}, not {}", a[t + 1], following, step)
    first = claim.subs(t, 1)
    begun = (base.left, base.right, base.supposes) == (a[1], first, frozenset())
    require(begun, "induction", "the base case must be ⊢ {} = {}, not {}", a[1], first, base)
    gap = sp.Add(a[t + 1], -following, evaluate=False)
    lines = (
        Step("claim", a[t], claim, "the guess; to prove for t = 1, 2, 3, …", guess=True, number=-1),
        Step("difference", gap, sp.Integer(0), "so the claim holds for t+1"),
    )
    return _theorem("induction", a[t], claim, base, step, steps=lines)
