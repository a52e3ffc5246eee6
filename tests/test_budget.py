"""A typed f is worked out in some seconds or refused: what is multiplied out is small, and the time is asked for."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
import sympy as sp
from within import within

from bpttlib.derivation import budget, chain, concrete, parse_f
from bpttlib.derivation.agree import size
from bpttlib.derivation.typed import FUNCTIONS
from bpttlib.panels.derivation import DerivationPanel

TOO_LONG = "unrolled, this f takes too long to work out: try a shorter one, or a smaller T"


def spent_in(place, monkeypatch):
    """The budget is spent once so much of the work is done."""
    work = getattr(chain, place)

    def spent(*args):
        monkeypatch.setattr(budget, "thread_time", lambda: float("inf"))
        return work(*args)

    monkeypatch.setattr(chain, place, spent)


def explode(*_, **__):
    raise AssertionError("SymPy worked again")


@pytest.mark.parametrize("place", ["evaluated", "agreement"])
def test_an_f_that_takes_too_long_is_refused_and_then_at_once(place, monkeypatch):
    """In whatever thread."""
    text = f"h*cos(w*h) + {len(place)}*u*x"
    with monkeypatch.context() as patch, ThreadPoolExecutor(1) as threads:
        spent_in(place, patch)
        with pytest.raises(ValueError, match=TOO_LONG):
            threads.submit(concrete, text, 2).result()
    with monkeypatch.context() as patch:
        patch.setattr(chain, "evaluated", explode)
        with pytest.raises(ValueError, match=TOO_LONG):
            concrete(text, 2)
    assert concrete(text, 1).steps, "a smaller T is another matter"


def test_the_panel_says_so_in_its_line_and_goes_on(monkeypatch):
    panel = DerivationPanel()
    panel.set(chapter="own", T=1)
    picture = panel.image.value
    with monkeypatch.context() as patch:
        spent_in("evaluated", patch)
        panel.controls["f"].value = "h*cos(w*h) + w"
    assert panel.trouble == TOO_LONG and TOO_LONG in panel.line.value and panel.image.value == picture
    panel.controls["f"].value = "h*cos(w*h) + x"
    assert not panel.trouble


def test_whatever_is_typed_ends_in_lines_or_in_one_that_says_why(monkeypatch):
    monkeypatch.setattr(budget, "SECONDS", 0.05)
    random, ended = Random(5), []
    while len(ended) < 8:
        try:
            f = parse_f(typed_at_random(random, 4))
        except ValueError:
            continue
        try:
            ended.append(len(chain._concrete(f, 2).steps))
        except ValueError as error:
            assert type(error) is budget.OutOfReach and str(error).startswith("unrolled, this f "), f
            ended.append(0)
    assert set(ended) <= {0, 9}


def typed_at_random(random, depth):
    """An f as a fuzzer types it."""
    if not depth:
        return random.choice(["x", "u", "w", "h", "w*h", "2"])
    inner, more = typed_at_random(random, depth - 1), typed_at_random(random, random.choice([0, depth - 1]))
    n = random.choice([2, 3, -1, -3])
    return random.choice([f"{random.choice([*FUNCTIONS])}({inner})", f"({inner})**{n}", f"({inner})*({more})",
                          f"({inner})/({more})", f"({inner})+({more})"])  # fmt: skip


def test_without_a_budget_there_is_time():
    with budget.budget(-1), pytest.raises(budget.OutOfReach):
        budget.ask()
    budget.ask()


def written(expr):
    """How often letters are written, a power once."""
    return sum(node.is_Symbol for node in sp.preorder_traversal(expr))


@within(
    "text", ["(u + v)*(u*v + 2)", "(u + v + w)**3", "sin((u + v)**2)*(u + w)", "u*v", "(u + 1)**2/v", "1/(u + v)**3"]
)
def test_what_is_multiplied_out_grows_no_more_than_was_foreseen(text):
    out, (terms, symbols) = sp.expand(sp.sympify(text)), size(sp.sympify(text))
    assert len(sp.Add.make_args(out)) <= terms
    assert written(out) <= symbols
