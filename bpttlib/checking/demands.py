"""What an exercise demands besides the right numbers: no loop, or no more than so many multiplications."""

import dis
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import partial
from types import CodeType, FunctionType

from ..counting import count_products
from .answers import told

__all__ = ["loop_in", "multiplications"]


def multiplications(answer: Callable, case: tuple) -> int:
    """Count the products that the answer makes for this case; raises Wrong if it cannot work with counting numbers."""
    with told("is right, but cannot be counted, as it does more than + - * / with the numbers it is given:"):
        return count_products(answer, *deepcopy(case))[1]


def loop_in(answer: Callable) -> str:
    """The name of a function that loops: the answer, or one beside it that it calls by its name; "" if none does.

    A loop is a `for`, a `while` or a comprehension. What NumPy and `sum` do inside is none.
    """
    with told("is right, but cannot be looked into:"):
        return looping([innermost(answer)])


def looping(waiting: list) -> str:
    """The name of the first function that loops, of these and all that they call; "" if none does."""
    seen = set()
    while waiting:
        function = waiting.pop()
        if isinstance(function, FunctionType) and function not in seen:
            seen.add(function)
            if any(map(repeats, codes(function.__code__))):
                return function.__name__
            waiting += neighbours(function)
    return ""


def innermost(answer: Callable) -> Callable:
    """The function inside a partial, a method, or an object that can be called."""
    while type(answer) is partial:
        answer = answer.func
    answer = answer if hasattr(answer, "__globals__") or hasattr(answer, "__func__") else type(answer).__call__
    return getattr(answer, "__func__", answer)


def codes(code: CodeType) -> Iterator[CodeType]:
    """The code and all that is defined inside it, comprehensions too."""
    yield code
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from codes(part)


def repeats(code: CodeType) -> bool:
    """Something is run again: the machine steps to a next entry, or jumps back."""
    return any(step.opname == "FOR_ITER" or "JUMP_BACKWARD" in step.opname for step in dis.get_instructions(code))


def neighbours(function: FunctionType) -> list:
    """The functions of the same notebook or module that this one names."""
    names = {name for code in codes(function.__code__) for name in code.co_names}
    found = (function.__globals__.get(name) for name in sorted(names))
    return [other for other in found if type(other) is FunctionType and other.__globals__ is function.__globals__]
