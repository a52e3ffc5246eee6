"""Many cases in one test: to collect, start and report a test costs more than most of them do."""

from collections.abc import Callable, Iterable
from functools import wraps
from inspect import signature


def within(names: str, cases: Iterable, ids: Iterable | Callable = repr):
    """Like `pytest.mark.parametrize`, but goes through the cases inside one test; where it failed stands in a note."""
    names = [name.strip() for name in names.split(",")]
    cases = [case if len(names) > 1 else (case,) for case in cases]
    labels, words = (cases, ids) if callable(ids) else ([(label,) for label in ids], str)
    assert cases and len(labels) == len(cases)

    def decorate(test):
        @wraps(test)
        def every(**others):
            for label, case in zip(labels, cases, strict=True):
                try:
                    test(**others, **dict(zip(names, case, strict=True)))
                except BaseException as error:
                    error.add_note(f"{', '.join(names)}: {', '.join(str(words(part)) for part in label)}")
                    raise

        asked = signature(test)
        every.__signature__ = asked.replace(parameters=[p for p in asked.parameters.values() if p.name not in names])
        return every

    return decorate
