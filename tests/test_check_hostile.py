"""The judge among hostile answers: whatever a function returns, raises or is, there is one line, and no traceback."""

import itertools
import sys
from array import array
from collections import Counter, OrderedDict, UserList, deque, namedtuple
from decimal import Decimal
from fractions import Fraction
from functools import partial
from numbers import Rational
from types import MappingProxyType, SimpleNamespace

import numpy as np
import pytest
import sympy as sp
from optional import torch_or_skip
from within import within

from bpttlib.checking import Differences, Verdict, check, differences


class Raises:
    """Every special method named raises this error."""

    def __new__(cls, error, *names):
        def raises(*_, **__):
            raise error

        kind = type("Raises", (), {f"__{name}__": raises for name in names})
        return object.__new__(kind)


class Endless:
    """Looks like a list of three, and never ends."""

    def __len__(self):
        return 3

    def __getitem__(self, place):
        return 1.0


class Attributes:
    """Has every attribute one asks for, and none of them is what it should be."""

    def __getattr__(self, name):
        return 3


class NoAttributes:
    def __getattribute__(self, name):
        raise ValueError("no attribute for you")


class Pretends:
    """Says it is a list."""

    __class__ = list


class Array:
    def __init__(self, value):
        self.value = value

    def __array__(self, dtype=None, copy=None):
        if isinstance(self.value, BaseException):
            raise self.value
        return self.value


class Word(str):
    def __str__(self):
        raise ValueError

    __eq__ = __hash__ = __repr__ = __len__ = __str__


class Float(float):
    def __eq__(self, other):
        raise ValueError

    __le__ = __lt__ = __sub__ = __abs__ = __repr__ = __hash__ = __eq__


class Whole(int):
    def __eq__(self, other):
        raise ValueError

    __le__ = __lt__ = __sub__ = __abs__ = __repr__ = __hash__ = __eq__


class List(list):
    def __iter__(self):
        return itertools.repeat(1.0)

    def __len__(self):
        return -1


class Half(Rational):
    numerator, denominator = 1, 0
    __abs__ = __add__ = __ceil__ = __eq__ = __floor__ = __floordiv__ = __le__ = __lt__ = __mod__ = __mul__ = None
    __neg__ = __pos__ = __pow__ = __radd__ = __rfloordiv__ = __rmod__ = __rmul__ = __round__ = __rpow__ = None
    __rtruediv__ = __truediv__ = __trunc__ = __hash__ = None


class Nameless(type):
    @property
    def __name__(cls):
        raise RuntimeError("no name")


def nested(depth):
    value = 1.0
    for _ in range(depth):
        value = [value]
    return value


def shared(depth, leaf):
    """Ten times the same list in a list, and so on: small to hold, and 10^depth to walk through."""
    value = leaf
    for _ in range(depth):
        value = [value] * 10
    return value


itself: list = [1.0]
itself.append(itself)
in_an_array = np.empty(2, dtype=object)
in_an_array[:] = [in_an_array, 1.0]
Pair = namedtuple("Pair", "left right")
masked = np.ma.masked_array([1.0, 2.0], [True, False])

RETURNED = {
    "nothing": None,
    "a word for a number": "2",
    "many words": ["1", "2"],
    "a word among numbers": [1.0, "2"],
    "an empty word": "",
    "half a character": "\ud800",
    "bytes": b"12",
    "many bytes": bytearray(10),
    "ragged rows": [[1.0], [1.0, 2.0]],
    "ragged rows, deeper": [[[1.0]], [[1.0, 2.0]]],
    "a number beside a row": [1.0, [2.0]],
    "an array beside a number": [np.ones(2), 1.0],
    "ragged arrays in an array": np.array([np.ones(1), np.ones(2)], dtype=object),
    "a long number": 10**400,
    "a longer number": 10**5000,
    "the longest number": 10**200_000,
    "a long denominator": Fraction(1, 10**5000),
    "long numbers": [10**400, -(10**400)],
    "NaN": np.nan,
    "infinity": [np.inf, 1.0],
    "a Decimal that is none": Decimal("sNaN"),
    "complex": [1.0, 1j],
    "a complex array": np.array([1 + 0j, 2]),
    "a masked array": masked,
    "masked rows in a list": [masked, masked],
    "a masked number": np.ma.masked,
    "a masked number in a list": [1.0, np.ma.masked],
    "another library's mask": Array(masked),
    "a matrix": np.ones((2, 2)).view(np.matrix),
    "a structured array": np.zeros(2, dtype=[("a", float), ("b", int)]),
    "a record": np.zeros(2, dtype=[("a", float)])[0],
    "a date": np.datetime64("2020-01-01"),
    "dates": np.array(["2020-01-01"], dtype="datetime64[ns]"),
    "void": np.void(b"abc"),
    "bytes in an array": np.array([b"a"]),
    "a great array": np.broadcast_to(1.0, (10**9,)),
    "a great range": range(10**12),
    "a greater range": range(10**30),
    "many in few": shared(30, 1.0),
    "none in few": shared(30, []),
    "itself": itself,
    "itself in an array": in_an_array,
    "deep": nested(100),
    "deeper": nested(50_000),
    "a generator": (n for n in [1.0, 2.0]),
    "a generator that raises": (1 / 0 for _ in [1]),
    "endless": itertools.count(),
    "looks like a list": Endless(),
    "a map": map(abs, [1, 2]),
    "a dict": {0: 1.0, 1: 2.0},
    "an ordered dict": OrderedDict(a=1),
    "a proxy": MappingProxyType({0: 1.0}),
    "a counter": Counter("ab"),
    "a set": {1.0, 2.0},
    "a frozen set": frozenset([1.0]),
    "a deque": deque([1.0, 2.0]),
    "a list of another kind": UserList([1.0]),
    "a function": abs,
    "a class": Fraction,
    "a module": sys,
    "an open file": sys.stdin,
    "NotImplemented": NotImplemented,
    "an ellipsis": ...,
    "a slice": slice(3),
    "an object": object(),
    "a symbol": sp.Symbol("w"),
    "infinity of SymPy": sp.zoo,
    "a namespace": SimpleNamespace(numerator=1, denominator=2),
    "a verdict": Verdict("answer", True, "exact"),
    "__array__ raises": Array(RuntimeError("requires grad")),
    "__array__ exits": Array(SystemExit("no")),
    "__array__ is deep": Array(RecursionError()),
    "__array__ is none": Array(3),
    "__float__ raises": Raises(ValueError("no"), "float"),
    "__float__ exits": Raises(SystemExit(3), "float"),
    "__len__ raises": Raises(ValueError("no"), "len", "getitem"),
    "__iter__ raises": Raises(GeneratorExit(), "iter"),
    "__eq__ raises": Raises(ValueError("no"), "eq", "ne", "hash"),
    "__repr__ raises": Raises(ValueError("no"), "repr", "str", "format"),
    "all raise": Raises(MemoryError(), "array", "len", "eq", "repr", "float", "iter", "bool", "index", "getattr"),
    "in a list it raises": [1.0, Raises(ValueError("no"), "float", "eq", "repr")],
    "has every attribute": Attributes(),
    "has no attribute": NoAttributes(),
    "pretends": Pretends(),
    "a word of its own kind": Word("2"),
    "a float of its own kind": Float(7.0),
    "an int of its own kind": Whole(7),
    "a list of its own kind": List([7.0]),
    "a fraction over 0": Half(),
    "of a type without name": Nameless("Nameless", (), {})(),
    "of a type with an empty name": type("", (), {})(),
    "of a type with a long name": type("a\nb" * 1000, (), {})(),
    "a pair": Pair(7.0, 8.0),
    "an array of its own kind": array("d", [7.0, 8.0]),
    "a memory view": memoryview(b"ab"),
}


def odd(value):
    return lambda *case: value


def one_line(verdict):
    assert type(verdict) is Verdict and not verdict.right
    assert "\n" not in repr(verdict) and len(repr(verdict)) < 400


@pytest.mark.parametrize("wanted", [3.0, [[1, 2]], "word"], ids=repr)
@within("returned", RETURNED)
def test_whatever_is_returned(returned, wanted):
    one_line(check(odd(RETURNED[returned]), odd(wanted), cases=[(1,)]))


@within("returned", RETURNED)
def test_whatever_two_ways_give(returned):
    """Ragged rows and long numbers are a line here, too; a symbol or a word is no number."""
    found = differences({"a": RETURNED[returned], "b": 3.0}, {"a": 3.0, "b": 3.0})
    assert type(found) is Differences and [line.right for line in found.lines] == [False, True]


def test_what_may_be_judged_is_still_right():
    for good in (Pair(7.0, 8.0), array("d", [7.0, 8.0]), np.array([[7.0, 8.0]]).view(np.matrix)[0].A1, [Whole(7), 8]):
        assert check(odd(good), odd([7.0, 8.0]), cases=[(1,)]).right
    assert check(odd(np.ones((2, 2)).view(np.matrix)), odd([[1.0, 1.0]] * 2), cases=[(1,)]).right
    assert check(odd(Float(7.0)), odd(7.0), cases=[(1,)]).right
    assert check(odd(Word("2")), odd("2"), cases=[(1,)]).right
    assert check(odd(10**5000), odd(10**5000), cases=[(1,)]).right


@pytest.mark.parametrize("wanted", [1.5, [1.5, 2.5]], ids=repr)
def test_tensors_are_numbers_whether_or_not_they_learn(wanted):
    torch = torch_or_skip()
    plain, learns = (torch.tensor(wanted, dtype=torch.float64, requires_grad=grad) for grad in (False, True))
    for tensor in (plain, learns, learns * 1, torch.nn.Parameter(plain)):
        entries = list(tensor) if tensor.ndim else [tensor]
        assert check(odd(tensor), odd(wanted), cases=[(1,)]).right
        assert check(odd(entries), odd(np.atleast_1d(wanted)), cases=[(1,)]).right
        assert not check(odd(tensor + 1), odd(wanted), cases=[(1,)]).right
        assert differences({"a": tensor}, {"a": wanted}).right and differences({"a": wanted}, {"a": tensor}).right
    assert learns.requires_grad and learns.grad is None
    one_line(check(odd(plain.bfloat16()), odd(wanted), cases=[(1,)]))


def test_a_tensor_that_is_given_may_not_be_changed():
    torch = torch_or_skip()

    def doubles(tensor):
        with torch.no_grad():
            return tensor.mul_(2)

    for learns in (False, True):
        case = (torch.ones(2, dtype=torch.float64, requires_grad=learns),)
        assert check(lambda tensor: tensor * 2, odd([2.0, 2.0]), cases=[case]).right
        assert "changes what it was given" in check(doubles, odd([2.0, 2.0]), cases=[case]).text


# ---- answers that do something ------------------------------------------------------------------


def deep(n):
    return deep(n)


def deep_in_a_word(n):
    class Deep:
        def __float__(self):
            return float(self)

    return Deep()


def leaves(n):
    sys.exit("bye")


def quits(n):
    raise SystemExit


def interrupted_inside(n):
    raise type("Stop", (BaseException,), {})("stop\nhere\n" * 1000)


def mute(n):
    class Mute(BaseException):
        def __str__(self):
            raise SystemExit

    raise Mute


def talks(n):
    print("a" * 1_000_000)
    raise ValueError("b" * 1_000_000)


def warns(n):
    import warnings

    warnings.warn("odd", stacklevel=1)
    return n + 1


def raises_in_numpy(n):
    np.seterr(all="raise")
    return np.float64(1e300)


def nothing_left(n):
    raise MemoryError


def group(n):
    raise ExceptionGroup("many", [ValueError("one"), TypeError("two")])


def no_argument():
    return 3


def two(n, m):
    return 3


async def later(n):
    return 3


def one_by_one(n):
    yield n


DOING = [
    deep, deep_in_a_word, leaves, quits, interrupted_inside, mute, talks, warns, raises_in_numpy, nothing_left, group,
    no_argument, two, one_by_one,
]  # fmt: skip


@pytest.mark.parametrize("answer", DOING)
def test_whatever_is_done(answer, capsys):
    with np.errstate():
        one_line(check(answer, lambda n: n + 1.0 if n > 1 else 9.0, cases=[(1,), (2,)]))


def test_a_coroutine_is_no_number():
    coroutines = []

    def answer(n):
        coroutines.append(later(n))
        return coroutines[-1]

    verdict = check(answer, lambda n: 3, cases=[(1,)])
    one_line(verdict)
    assert "gives a coroutine, where" in verdict.text
    coroutines[0].close()


SPOILING = {
    "an entry that raises": lambda b: b.__setitem__(0, Raises(ValueError("no"), "eq", "ne", "hash", "array")),
    "itself": lambda b: b.__setitem__(0, b),
    "itself at the end": lambda b: b.append(b),
    "nothing left": lambda b: b.clear(),
}


@pytest.mark.parametrize("spoils", SPOILING.values(), ids=SPOILING)
def test_whatever_is_done_to_a_list(spoils):
    verdict = check(spoils, lambda b: 3, cases=[([1.0, 2.0],)])
    one_line(verdict)
    assert "changes what it was given" in verdict.text


def test_whatever_is_done_to_a_set_or_an_object():
    class Box:
        def __init__(self, value):
            self.value = value

    class Sly:
        def __hash__(self):
            return hash(1)

        def __eq__(self, other):
            raise SystemExit("no")

    def slips_in(group):
        group.clear()
        group.add(Sly())

    def fills(box):
        box.value = Raises(ValueError("no"), "eq", "ne")

    one_line(check(slips_in, lambda group: 3, cases=[({1},)]))
    one_line(check(fills, lambda box: 3, cases=[(Box(1),)]))


# ---- answers that are odd themselves ------------------------------------------------------------


class Called:
    def __call__(self, n):
        return n + 1


class NoName(Called):
    @property
    def __name__(self):
        raise RuntimeError("no name")


class OddName(Called):
    __name__ = Word("odd")


class NoAttribute(Called):
    def __getattr__(self, name):
        raise ZeroDivisionError(name)


class OddRepr:
    def __repr__(self):
        raise SystemExit("no")


class LongRepr:
    def __repr__(self):
        return "a\n" * 10_000


NOT_CALLED = {
    "nothing": None,
    "a number": 3,
    "a name": "abs",
    "a list": [abs],
    "__repr__ raises": OddRepr(),
    "__repr__ is long": LongRepr(),
    "no attribute": NoAttributes(),
    "an array": np.ones(3),
    "a symbol": sp.Symbol("w"),
}
CALLED = {
    "__name__ raises": NoName(),
    "__name__ is odd": OddName(),
    "of a type without name": Nameless("K", (Called,), {})(),
    "in a partial": partial(NoName()),
}
HOW = within("how", [{}, {"loops": False}, {"at_most": 0}])


@HOW
@within("answer", NOT_CALLED)
def test_what_cannot_be_called(answer, how):
    one_line(check(NOT_CALLED[answer], lambda n: n + 1, cases=[(1,)], **how))


@HOW
@pytest.mark.parametrize("answer", CALLED)
def test_what_can_be_called_has_a_name(answer, how):
    verdict = check(CALLED[answer], lambda n: n + 1, cases=[(1,)], **how)
    assert verdict.right and verdict.name in ("answer", "K", "odd")


def test_an_answer_whose_attributes_raise_is_judged_by_what_it_returns():
    assert check(NoAttribute(), lambda n: n + 1, cases=[(1,)]).name == "answer"
    assert check(NoAttribute(), lambda n: n + 1, cases=[(1,)], at_most=0).right
    verdict = check(NoAttribute(), lambda n: n + 1, cases=[(1,)], loops=False)
    one_line(verdict)
    assert "cannot be looked into" in verdict.text


def test_only_an_interrupt_passes():
    def stops(n):
        raise KeyboardInterrupt

    for answer in (stops, odd(Raises(KeyboardInterrupt(), "float")), odd(Array(KeyboardInterrupt()))):
        with pytest.raises(KeyboardInterrupt):
            check(answer, lambda n: n, cases=[(1,)])


def test_no_case_is_no_pass_whatever_the_answer():
    for cases in ([], (), iter(())):
        with pytest.raises(ValueError, match="no case to judge by"):
            check(odd(None), abs, cases=cases)
