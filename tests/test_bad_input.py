"""Bad input is refused before any work, with the name of the argument and what came."""

from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from strategies import make_case
from within import within

from bpttlib import (
    RNN,
    EdgeWeights,
    Full,
    Problem,
    Random,
    Segments,
    Strategy,
    Window,
    checkpointed_gradient,
    closed_form,
    complex_step,
    forward_gradient,
    gradient,
    gradient_of_blocks,
    lag_norms,
    lag_shares,
    many_gradients,
    moments,
    path_norms,
    path_products,
    path_shares,
    scalar_moments,
    solve,
)
from bpttlib.best_dice import best_dice
from bpttlib.clipping import clip_by_norm, clip_by_value, degrees_between
from bpttlib.comparison import choose_tau, compare, tail_share, trade_off
from bpttlib.experiments import spectrum
from bpttlib.longlag import cosines, sent_back, sizes
from bpttlib.moments import scalar_limit
from bpttlib.text import Vocabulary, next_character, one_hot

T, B, D, H, Q = 4, 2, 2, 3, 3
NAN, INF = np.nan, np.inf


@contextmanager
def refused(error, *needed):
    """This very error, with all of these words in its message."""
    with pytest.raises(error) as caught:
        yield
    assert type(caught.value) is error
    for words in needed:
        assert words in str(caught.value)


@pytest.fixture(autouse=True)
def no_work(monkeypatch):
    """Any forward pass is a failure."""

    def explode(*_):
        raise AssertionError("work was done before the input was checked")

    monkeypatch.setattr(RNN, "read", explode)


def test_good_input_does_reach_the_forward_pass():
    case = make_case(T=T, B=B)
    for function in FUNCTIONS.values():
        with pytest.raises(AssertionError, match="work was done"):
            function(case.rnn, case.x, case.y, loss=case.loss, h0=case.h0)


def with_entry(value, *shape):
    """Ones, with one entry that is this value."""
    array = np.ones(shape)
    array.flat[-1] = value
    return array


def table(*rows):
    """Rows (label, what, error, words of its message …) for a test of (what, error, needed)."""
    return within("what, error, needed", [row[1:3] + (row[3:],) for row in rows], ids=[row[0] for row in rows])


# ---- x, y, h0 and loss in every function that reads data ----------------------------------------

FUNCTIONS = {
    "forward": lambda rnn, x, y, loss, h0: rnn.forward(x, h0),
    "gradient": gradient,
    "gradient window": lambda *data, **more: gradient(*data, Window(2), **more),
    "gradient random": lambda *data, **more: gradient(*data, Random(0.5), seed=0, **more),
    "checkpointed_gradient": lambda *data, **more: checkpointed_gradient(*data, block=3, **more),
    "gradient_of_blocks": lambda rnn, x, y, **more: gradient_of_blocks(rnn, [(x, y)], **more),
    "many_gradients": lambda *data, **more: many_gradients(*data, np.ones((2, T)), **more),
    "moments": lambda *data, **more: moments(*data, Random(0.5), **more),
    "moments full": lambda *data, **more: moments(*data, Full(), **more),
    "path_norms": path_norms,
    "path_shares": path_shares,
    "lag_norms": lag_norms,
    "lag_shares": lag_shares,
    "complex_step": complex_step,
    "forward_gradient": forward_gradient,
    "best_dice": lambda *data, **more: best_dice(*data, mean=0.5, **more),
    "compare": lambda *data, **more: compare(Problem(*data, **more), [Full()]),
    "trade_off": lambda *data, **more: trade_off(Problem(*data, **more), [0.5]),
}
EACH_FUNCTION = within("function", FUNCTIONS.values(), ids=FUNCTIONS)
EACH_SWEEP = within("function", list(FUNCTIONS.values())[1:], ids=list(FUNCTIONS)[1:])


def refuse_states(function, what, error, needed):
    case = make_case(T=T, B=B)
    with refused(error, *needed):
        function(case.rnn, what.get("x", case.x), case.y, loss=case.loss, h0=what.get("h0", case.h0))


@EACH_FUNCTION
@table(
    ("x of another d", {"x": np.ones((T, B, 5))}, ValueError, "x must have shape (T, B, 2)", "(4, 2, 5)"),
    ("x of one axis", {"x": np.ones(T)}, ValueError, "x must have shape", "(4,)"),
    ("x of four axes", {"x": np.ones((T, B, D, 1))}, ValueError, "x must have shape", "(4, 2, 2, 1)"),
    ("x without steps", {"x": np.ones((0, B, D))}, ValueError, "x must have shape", "(0, 2, 2)"),
    ("x without sequences", {"x": np.ones((T, 0, D))}, ValueError, "x must have shape", "(4, 0, 2)"),
    ("x alone without steps", {"x": np.ones((0, D))}, ValueError, "x must have shape"),
    ("NaN in x", {"x": with_entry(NAN, T, B, D)}, ValueError, "x may not hold NaN or infinity"),
    ("infinity in x", {"x": with_entry(INF, T, B, D)}, ValueError, "x may not hold NaN or infinity"),
    ("-infinity in x", {"x": with_entry(-INF, T, B, D)}, ValueError, "x may not hold NaN or infinity"),
    ("words as x", {"x": np.full((T, B, D), "a")}, TypeError, "x must hold real numbers", "<U1"),
    ("None as x", {"x": np.full((T, B, D), None)}, TypeError, "x must hold real numbers", "object"),
    ("complex x", {"x": np.full((T, B, D), 1j)}, TypeError, "x must hold real numbers", "complex128"),
    ("h0 of another h", {"h0": np.ones((B, 5))}, ValueError, "h0 must have shape (2, 3)", "(2, 5)"),
    ("h0 of another B", {"h0": np.ones((5, H))}, ValueError, "h0 must have shape (2, 3)", "(5, 3)"),
    ("h0 too long", {"h0": np.ones(4)}, ValueError, "h0 must have shape (3,)", "(4,)"),
    ("a number as h0", {"h0": 0.5}, ValueError, "h0 must have shape", "()"),
    ("empty h0", {"h0": []}, ValueError, "h0 must have shape (3,)", "(0,)"),
    ("NaN in h0", {"h0": with_entry(NAN, B, H)}, ValueError, "h0 may not hold NaN or infinity"),
    ("infinity in h0", {"h0": with_entry(INF, H)}, ValueError, "h0 may not hold NaN or infinity"),
    ("words as h0", {"h0": ["a", "b", "c"]}, TypeError, "h0 must hold real numbers", "<U1"),
)
def test_x_and_h_0(what, error, needed, function):
    refuse_states(function, what, error, needed)


@EACH_SWEEP
@table(
    ("y of another T", np.zeros((3, B), int), ValueError, "y must have shape (4, 2)", "(3, 2)"),
    ("y of another B", np.zeros((T, 3), int), ValueError, "y must have shape (4, 2)", "(4, 3)"),
    ("y without batch", np.zeros(T, int), ValueError, "y must have shape (4, 2)", "(4,)"),
    ("one-hot y", np.zeros((T, B, Q), int), ValueError, "y must have shape (4, 2)", "(4, 2, 3)"),
    ("empty y", np.zeros((0, B), int), ValueError, "y must have shape (4, 2)", "(0, 2)"),
    ("y below 0", with_entry(-1, T, B).astype(int), ValueError, "y must lie in 0 … 2", "-1"),
    ("y too large", with_entry(3, T, B).astype(int), ValueError, "y must lie in 0 … 2", "1 … 3"),
    ("float y", np.ones((T, B)), TypeError, "y must hold whole numbers", "float64"),
    ("y of a squared loss", np.ones((T, B, Q)), TypeError, "y must hold whole numbers", "float64"),
    ("NaN in y", with_entry(NAN, T, B), TypeError, "y must hold whole numbers", "float64"),
    ("bool y", np.ones((T, B), bool), TypeError, "y must hold whole numbers", "bool"),
    ("words as y", np.full((T, B), "a"), TypeError, "y must hold whole numbers", "<U1"),
)
def test_y_of_cross_entropy(what, error, needed, function):
    case = make_case(T=T, B=B)
    with refused(error, *needed):
        function(case.rnn, case.x, what, loss="cross_entropy", h0=case.h0)


@EACH_SWEEP
@table(
    ("y of another T", np.zeros((3, B, Q)), ValueError, "y must have shape (4, 2, 3)", "(3, 2, 3)"),
    ("y of another B", np.zeros((T, 3, Q)), ValueError, "y must have shape (4, 2, 3)", "(4, 3, 3)"),
    ("y of another q", np.zeros((T, B, 5)), ValueError, "y must have shape (4, 2, 3)", "(4, 2, 5)"),
    ("y of cross-entropy", np.zeros((T, B), int), ValueError, "y must have shape (4, 2, 3)", "(4, 2)"),
    ("empty y", np.zeros((0, B, Q)), ValueError, "y must have shape (4, 2, 3)", "(0, 2, 3)"),
    ("NaN in y", with_entry(NAN, T, B, Q), ValueError, "y may not hold NaN or infinity"),
    ("infinity in y", with_entry(INF, T, B, Q), ValueError, "y may not hold NaN or infinity"),
    ("words as y", np.full((T, B, Q), "a"), TypeError, "y must hold real numbers", "<U1"),
    ("complex y", np.full((T, B, Q), 1j), TypeError, "y must hold real numbers", "complex128"),
)
def test_y_of_the_squared_loss(what, error, needed, function):
    case = make_case(T=T, B=B)
    with refused(error, *needed):
        function(case.rnn, case.x, what, loss="squared", h0=case.h0)


@EACH_SWEEP
@within("loss", ["hinge", "", None, 3, ["squared"]])
def test_an_unknown_loss(loss, function):
    case = make_case(T=T, B=B)
    with refused(ValueError, "loss must be one of cross_entropy, squared", repr(loss)):
        function(case.rnn, case.x, case.y, loss=loss, h0=case.h0)


# ---- strategies ---------------------------------------------------------------------------------


@within("function", [gradient, moments])
@within("strategy", ["full", Full, 5, np.ones(T), [Full()]], ids=type)
def test_a_strategy_that_is_none(strategy, function):
    case = make_case(T=T, B=B)
    with refused(TypeError, "strategy must be Full(), Window(tau)", repr(strategy)):
        case.call(function, strategy)


@within("function", [gradient, moments])
@table(
    ("xi too short", EdgeWeights(np.ones(3)), ValueError, "xi has 3 entries", "T = 4"),
    ("xi of another B", EdgeWeights(np.ones((T, 5))), ValueError, "xi must have shape (4,) or (4, 2)", "(4, 5)"),
    ("pi too short", Random([0.5] * 3), ValueError, "pi has 3 entries", "T = 4"),
    ("pi too long", Random([0.5] * 5), ValueError, "pi has 5 entries", "T = 4"),
)
def test_a_strategy_that_does_not_fit_the_sequence(what, error, needed, function):
    with refused(error, *needed):
        make_case(T=T, B=B).call(function, what)


@within("kind", [Window, Segments])
@table(
    ("0", 0, ValueError, "tau must be a whole number from 1 on", "got 0"),
    ("-1", -1, ValueError, "tau must be a whole number from 1 on", "got -1"),
    ("True", True, ValueError, "tau must be a whole number from 1 on", "got True"),
    ("2.5", 2.5, TypeError, "tau must be a whole number", "got 2.5"),
    ("2.0", 2.0, TypeError, "tau must be a whole number", "got 2.0"),
    ("'5'", "5", TypeError, "tau must be a whole number", "got '5'"),
    ("None", None, TypeError, "tau must be a whole number", "got None"),
    ("NaN", NAN, TypeError, "tau must be a whole number", "got nan"),
    ("a list", [3], TypeError, "tau must be a whole number", "got [3]"),
)
def test_tau(what, error, needed, kind):
    with refused(error, *needed):
        kind(what)


WHY_NOT_0 = "pi = 0 never goes on, and no weight can make up for it"
BAD_PI = table(
    ("0", 0, ValueError, WHY_NOT_0, "(0, 1]"),
    ("0.0", 0.0, ValueError, WHY_NOT_0),
    ("a 0 in a list", [0.5, 0], ValueError, WHY_NOT_0),
    ("-0.1", -0.1, ValueError, "pi must lie in (0, 1]", "-0.1"),
    ("1.1", 1.1, ValueError, "pi must lie in (0, 1]", "1.1"),
    ("NaN", NAN, ValueError, "pi must lie in (0, 1]", "nan"),
    ("infinity", INF, ValueError, "pi must lie in (0, 1]", "inf"),
    ("1.1 in a list", [0.5, 1.1], ValueError, "pi must lie in (0, 1]", "[0.5, 1.1]"),
    ("NaN in a list", [NAN, 0.5], ValueError, "pi must lie in (0, 1]", "nan"),
    ("'x'", "x", TypeError, "pi must be a number", "'x'"),
    ("'0.5'", "0.5", TypeError, "pi must be a number", "'0.5'"),
    ("None", None, TypeError, "pi must be a number", "None"),
    ("True", True, TypeError, "pi must be a number", "True"),
    ("complex", 0.5j, TypeError, "pi must be a number", "0.5j"),
    ("empty", [], TypeError, "pi must be a number", "[]"),
    ("two axes", [[0.5, 0.5]], TypeError, "pi must be a number", "[[0.5, 0.5]]"),
)


@BAD_PI
def test_pi(what, error, needed):
    with refused(error, *needed):
        Random(what)


@BAD_PI
def test_pi_of_a_scalar(what, error, needed):
    with refused(error, *needed):
        scalar_moments([1, 2], [1, 2], what)
    with refused(error, *needed):
        scalar_limit(1, 0.5, what)


@table(
    ("a number", 1.0, ValueError, "xi must have shape (T,) or (T, B)", "()"),
    ("three axes", np.ones((2, 2, 2)), ValueError, "xi must have shape (T,) or (T, B)", "(2, 2, 2)"),
    ("empty", np.ones(0), ValueError, "xi must have shape (T,) or (T, B)", "(0,)"),
    ("no sequences", np.ones((3, 0)), ValueError, "xi must have shape (T,) or (T, B)", "(3, 0)"),
    ("NaN", with_entry(NAN, 3), ValueError, "xi may not hold NaN or infinity"),
    ("infinity", with_entry(-INF, 3, 2), ValueError, "xi may not hold NaN or infinity"),
    ("words", ["a", "b"], TypeError, "xi must hold real numbers", "<U1"),
    ("complex", [1j, 1], TypeError, "xi must hold real numbers", "complex128"),
    ("None", None, TypeError, "xi must hold real numbers", "object"),
)
def test_xi_of_edge_weights(what, error, needed):
    with refused(error, *needed):
        EdgeWeights(what)


@table(
    ("one axis", np.ones(T), ValueError, "xi must have shape (n, 4)", "(4,)"),
    ("another T", np.ones((2, 3)), ValueError, "xi must have shape (n, 4)", "(2, 3)"),
    ("three axes", np.ones((2, T, B)), ValueError, "xi must have shape (n, 4)", "(2, 4, 2)"),
    ("no rows", np.ones((0, T)), ValueError, "xi must have shape (n, 4)", "(0, 4)"),
    ("NaN", with_entry(NAN, 2, T), ValueError, "xi may not hold NaN or infinity"),
    ("infinity", with_entry(INF, 2, T), ValueError, "xi may not hold NaN or infinity"),
    ("words", np.full((2, T), "a"), TypeError, "xi must hold real numbers", "<U1"),
    ("complex", np.full((2, T), 1j), TypeError, "xi must hold real numbers", "complex128"),
)
def test_xi_of_many_gradients(what, error, needed):
    with refused(error, *needed):
        make_case(T=T, B=B).call(many_gradients, what)


BAD_COUNTS = table(
    ("0", 0, ValueError, "must be a whole number from 1 on", "got 0"),
    ("-1", -1, ValueError, "must be a whole number from 1 on", "got -1"),
    ("True", True, ValueError, "must be a whole number from 1 on", "got True"),
    ("2.5", 2.5, TypeError, "must be a whole number", "got 2.5"),
    ("'5'", "5", TypeError, "must be a whole number", "got '5'"),
    ("None", None, TypeError, "must be a whole number", "got None"),
)
COUNTS = {
    **{f"{s}.path_weights": ("T", s.path_weights) for s in (Full(), Window(2), Segments(2), Random(0.5))},
    **{f"{s}.edge_weights": ("T", s.edge_weights) for s in (Full(), Segments(2), Random(0.5))},
    **{f"{s}.paths_per_loss": ("T", s.paths_per_loss) for s in (Full(), Window(2), Random(0.5))},
    **{
        f"jacobian_products {s}": ("T", lambda T, s=s: s.jacobian_products(T)) for s in (Full(), Window(2), Random(0.5))
    },
    "EdgeWeights.path_weights": ("T", EdgeWeights([1, 1]).path_weights),
    "EdgeWeights.edge_weights": ("T", EdgeWeights([1, 1]).edge_weights),
    "Random([…]).edge_weights": ("T", Random([0.5, 0.5]).edge_weights),
    "all_cuts": ("T", Random(0.5).all_cuts),
    "probabilities": ("T", Random(0.5).probabilities),
    "draws of T": ("T", lambda T: Random(0.5).draws(T, 3)),
    "draws of n": ("n", lambda n: Random(0.5).draws(3, n)),
    "RNN.random d": ("d", lambda n: RNN.random(n, 2, 2)),
    "RNN.random h": ("h", lambda n: RNN.random(2, n, 2)),
    "RNN.random q": ("q", lambda n: RNN.random(2, 2, n)),
    "one_hot": ("size", lambda size: one_hot([0], size)),
}


@within("name, function", COUNTS.values(), ids=COUNTS)
@BAD_COUNTS
def test_counts(what, error, needed, name, function):
    with refused(error, f"{name} must", *needed):
        function(what)


@within("T", [0, -1, 2.5, "5", True])
def test_steps_of_a_text(T):
    with refused(ValueError if isinstance(T, int) else TypeError, "T must be a whole number", repr(T)):
        next_character("a text", T)


@table(
    ("path_weights", Random([0.5, 0.5]).path_weights, ValueError, "pi has 2 entries", "T = 3"),
    ("edge_weights", Random([0.5, 0.5]).edge_weights, ValueError, "pi has 2 entries", "T = 3"),
    ("all_cuts", Random([0.5, 0.5]).all_cuts, ValueError, "pi has 2 entries", "T = 3"),
    ("paths_per_loss", lambda T: Random([0.5, 0.5]).paths_per_loss(T), ValueError, "pi has 2 entries", "T = 3"),
    ("jacobian_products", lambda T: EdgeWeights([1, 1]).jacobian_products(T), ValueError, "xi has 2 entries", "T = 3"),
    ("xi", EdgeWeights([1, 1]).path_weights, ValueError, "xi has 2 entries", "T = 3"),
)
def test_a_strategy_for_another_length(what, error, needed):
    with refused(error, *needed):
        what(3)


# ---- networks -----------------------------------------------------------------------------------

WEIGHTS = make_case().W
BAD_SHAPES = {
    "W_hx": [(5, D), (H,), (H, D, 1), (0, D), (H, 0), ()],
    "W_hh": [(H, 5), (5, H), (5, 5), (H,), (0, 0)],
    "W_qh": [(Q, 5), (Q,), (0, H), (1, Q, H)],
    "b_h": [(5,), (1, H), (0,), ()],
    "b_q": [(5,), (Q, 1), (0,), ()],
}


@within("name, shape", [(name, shape) for name, shapes in BAD_SHAPES.items() for shape in shapes])
def test_parameters_of_a_wrong_shape(name, shape):
    blamed = "W_hh" if name == "W_hx" and shape == (5, D) else name  # h is read from W_hx
    came = (H, H) if blamed != name else shape
    with refused(ValueError, f"{blamed} must have shape", f"got {came}"):
        RNN(**{**WEIGHTS, name: np.ones(shape)})


@within("name", WEIGHTS)
@table(
    ("NaN", NAN, ValueError, "may not hold NaN or infinity"),
    ("infinity", INF, ValueError, "may not hold NaN or infinity"),
    ("-infinity", -INF, ValueError, "may not hold NaN or infinity"),
    ("complex", 1j, TypeError, "must hold real numbers", "complex128"),
    ("words", "a", TypeError, "must hold real numbers", "<U1"),
    ("None", None, TypeError, "must hold real numbers", "object"),
)
def test_parameters_of_wrong_numbers(what, error, needed, name):
    with refused(error, name, *needed):
        RNN(**{**WEIGHTS, name: np.full(WEIGHTS[name].shape, what)})


@within("phi", ["relu", "", None, np.tanh])
def test_an_unknown_phi(phi):
    for build in (lambda: RNN(**WEIGHTS, phi=phi), lambda: RNN.random(2, 2, 2, phi=phi)):
        with refused(ValueError, "phi must be one of tanh, identity", repr(phi)):
            build()


@within("radius", [0, -1, NAN, INF, "x", None, True, [0.9]])
def test_a_spectral_radius_that_is_none(radius):
    with refused(ValueError, "spectral_radius must be a positive number", repr(radius)):
        RNN.random(2, 2, 2, spectral_radius=radius)


# ---- the recurrence -----------------------------------------------------------------------------


@within("function", [solve, closed_form, lambda b, c: scalar_moments(b, c, 0.5)])
@table(
    ("a number", (1.0, [1.0]), ValueError, "at least one time step", "()"),
    ("no steps", ([], []), ValueError, "at least one time step", "(0,)"),
    ("no steps in a batch", (np.ones((3, 0)), np.ones((3, 0))), ValueError, "at least one time step", "(3, 0)"),
    ("NaN in b", ([1, NAN], [1, 1]), ValueError, "NaN or infinity"),
    ("NaN in c", ([1, 1], [1, NAN]), ValueError, "NaN or infinity"),
    ("infinity in b", ([INF, 1], [1, 1]), ValueError, "NaN or infinity"),
    ("infinity in c", ([1, 1], [1, -INF]), ValueError, "NaN or infinity"),
    ("lengths that differ", ([1, 1, 1], [1, 1]), ValueError, "shapes of b and c do not fit", "(3,)", "(2,)"),
    ("words", (["a", "b"], [1, 1]), TypeError, "must hold numbers", "<U1"),
)
def test_b_and_c(what, error, needed, function):
    with refused(error, *needed):
        function(*what)


@table(
    ("a number", 1.0, ValueError, "at least one time step", "()"),
    ("no steps", [], ValueError, "at least one time step", "(0,)"),
    ("NaN", [1, NAN], ValueError, "NaN or infinity"),
    ("infinity", [1, INF], ValueError, "NaN or infinity"),
)
def test_c_of_path_products(what, error, needed):
    with refused(error, *needed):
        path_products(what)


@table(
    ("a batch", (np.ones((2, 3)), np.ones(3), 0.5), ValueError, "b and c must be single sequences", "(2, 3)"),
    ("pi too short", (np.ones(3), np.ones(3), [0.5, 0.5]), ValueError, "pi a number or (T,)", "(3,) and (2,)"),
)
def test_shapes_of_scalar_moments(what, error, needed):
    with refused(error, *needed):
        scalar_moments(*what)


# ---- comparing ----------------------------------------------------------------------------------


@within("function", [tail_share, lambda n: choose_tau(n, 0.1)])
@table(
    ("negative", [1, -1], ValueError, "by_lag must hold numbers from 0 on"),
    ("all 0", [0, 0], ValueError, "by_lag must hold numbers from 0 on", "not all of them 0"),
    ("empty", [], ValueError, "by_lag must have shape (T,)", "(0,)"),
    ("two axes", [[1, 1]], ValueError, "by_lag must have shape (T,)", "(1, 2)"),
    ("a number", 1, ValueError, "by_lag must have shape (T,)", "()"),
    ("NaN", [1, NAN], ValueError, "by_lag may not hold NaN or infinity"),
    ("infinity", [1, INF], ValueError, "by_lag may not hold NaN or infinity"),
    ("words", ["a"], TypeError, "by_lag must hold real numbers", "<U1"),
)
def test_by_lag(what, error, needed, function):
    with refused(error, *needed):
        function(what)


@within("tolerance", [-0.1, 1, 1.1, NAN, INF])
def test_tolerance(tolerance):
    with refused(ValueError, "tolerance must lie in [0, 1)", repr(tolerance)):
        choose_tau([1, 0.5], tolerance)


# ---- text ---------------------------------------------------------------------------------------


def test_an_empty_vocabulary():
    with refused(ValueError, "the text is empty"):
        Vocabulary.of("")


@within("numbers, came", [([0, 3], "0 … 3"), ([-1, 1], "-1 … 1")])
def test_numbers_outside_the_vocabulary(numbers, came):
    with refused(ValueError, "0 … 2", came):
        Vocabulary.of("abc").decode(numbers)
    with refused(ValueError, "0 … 2", came):
        one_hot(numbers, 3)


@table(
    ("floats", [0.0, 1.0], TypeError, "whole numbers", "float64"),
    ("bool", [True], TypeError, "whole numbers", "bool"),
    ("words", ["a"], TypeError, "whole numbers", "<U1"),
    ("None", None, TypeError, "whole numbers", "object"),
)
def test_numbers_of_one_hot(what, error, needed):
    with refused(error, *needed):
        one_hot(what, 3)


# ---- what else is refused -----------------------------------------------------------------------

data = make_case(T=T, B=B).call


@table(
    ("(T,d) of another d", lambda: make_case().rnn.forward(np.ones((4, 5))), ValueError, "x must", "got (4, 5)"),
    ("a list as phi", lambda: RNN(**WEIGHTS, phi=["tanh"]), ValueError, "phi must be one of", "['tanh']"),
    ("words as tolerance", lambda: choose_tau([1, 0.5], "x"), TypeError, "tolerance must", "'x'"),
    (
        "no strategy in compare",
        lambda: compare(data(Problem), [Full(), "full"]),
        TypeError,
        "strategy must be",
        "'full'",
    ),
    ("no list in compare", lambda: compare(data(Problem), Full()), TypeError, "strategies must", "Full()"),
    ("pi 0 in trade_off", lambda: trade_off(data(Problem), [0.5, 0]), ValueError, WHY_NOT_0),
    ("a number as pis", lambda: trade_off(data(Problem), 0.5), TypeError, "pis must", "0.5"),
    ("no pis", lambda: trade_off(data(Problem), []), ValueError, "pis must", "[]"),
    ("floats to decode", lambda: Vocabulary.of("ab").decode([0.9]), TypeError, "whole numbers", "float64"),
    ("words to decode", lambda: Vocabulary.of("ab").decode(["a"]), TypeError, "whole numbers", "<U1"),
    ("two axes to decode", lambda: Vocabulary.of("ab").decode([[0], [1]]), ValueError, "numbers must", "(2, 1)"),
)
def test_what_else_is_refused(what, error, needed):
    with refused(error, *needed):
        what()


# ---- masks --------------------------------------------------------------------------------------


def hiding(*shape, dtype=float):
    """Ones, with one entry behind a mask."""
    mask = np.zeros(shape, bool)
    mask.flat[-1] = True
    return np.ma.masked_array(np.ones(shape, dtype), mask)


MASKED = "may not hide numbers behind a mask"


@EACH_FUNCTION
@table(
    ("x", {"x": hiding(T, B, D)}, ValueError, f"x {MASKED}"),
    ("rows of x", {"x": [hiding(B, D)] * T}, ValueError, f"x {MASKED}"),
    ("h0", {"h0": hiding(B, H)}, ValueError, f"h0 {MASKED}"),
)
def test_a_mask_on_x_and_h_0(what, error, needed, function):
    refuse_states(function, what, error, needed)


@EACH_SWEEP
def test_a_mask_on_y(function):
    case = make_case(T=T, B=B)
    with refused(ValueError, f"y {MASKED}"):
        function(case.rnn, case.x, hiding(T, B, dtype=int), loss="cross_entropy", h0=case.h0)
    with refused(ValueError, f"y {MASKED}"):
        function(case.rnn, case.x, hiding(T, B, Q), loss="squared", h0=case.h0)


MASKS = {
    "a weight": lambda: RNN(**{**WEIGHTS, "W_hh": hiding(H, H)}),
    "xi": lambda: EdgeWeights(hiding(T)),
    "xi of many": lambda: make_case(T=T, B=B).call(many_gradients, hiding(2, T)),
    "pi": lambda: Random(hiding(T)),
    "b": lambda: solve(hiding(T), np.ones(T)),
    "c": lambda: closed_form(np.ones(T), hiding(T)),
    "c of paths": lambda: path_products(hiding(T)),
    "by lag": lambda: tail_share(hiding(T)),
    "numbers": lambda: one_hot(hiding(T, dtype=int), 3),
    "numbers to decode": lambda: Vocabulary.of("abc").decode(hiding(T, dtype=int)),
    "a gradient": lambda: clip_by_norm(hiding(T), 1.0),
    "a direction": lambda: degrees_between(np.ones(T), hiding(T)),
    "errors": lambda: sent_back(make_case().rnn, np.ones((T, D)), hiding(2, Q)),
}


@within("function", MASKS.values(), ids=MASKS)
def test_a_mask(function):
    with refused(ValueError, MASKED):
        function()


def test_a_mask_that_hides_nothing_is_none():
    bare = np.ma.masked_array([1.0, 2.0], False)
    assert (solve(bare, bare) == solve([1.0, 2.0], [1.0, 2.0])).all()
    assert Random(np.ma.masked_array([0.5, 0.5])).pi == (0.5, 0.5)


# ---- numbers that are none, or too large --------------------------------------------------------


@within("name", WEIGHTS)
def test_parameters_beyond_a_narrow_type(name):
    """Infinity would come out of them, and a tanh would hide it."""
    weights = {**WEIGHTS, name: np.full(WEIGHTS[name].shape, -1e39)}
    with refused(ValueError, f"{name} may not hold numbers beyond the range of float32", "1e+39"):
        RNN(**weights, dtype=np.float32)
    assert np.isfinite(getattr(RNN(**weights), name)).all()


def test_x_and_h_0_beyond_a_narrow_type():
    case = make_case(T=T, B=B)
    rnn = RNN(**WEIGHTS, dtype=np.float32)
    for data in ((1e39 * np.ones((T, B, D)), case.h0), (case.x, 1e39 * np.ones(H))):
        with refused(ValueError, "may not hold numbers beyond the range of float32"):
            gradient(rnn, data[0], case.y, loss=case.loss, h0=data[1])


@within("function", [solve, closed_form, lambda b, c: scalar_moments(b, c, 0.5)])
@table(
    ("None", [1, None], TypeError, "must hold numbers", "None"),
    ("a word among numbers", [Fraction(1), "a"], TypeError, "must hold numbers", "'a'"),
    ("an object", [1, object()], TypeError, "must hold numbers", "object"),
    ("a dict", [1, {}], TypeError, "must hold numbers", "{}"),
    ("ragged rows", [[1], [1, 2]], ValueError, "rows of one length"),
    ("NaN among fractions", [Fraction(1), NAN], ValueError, "NaN or infinity"),
    ("infinity among fractions", [Fraction(1), -INF], ValueError, "NaN or infinity"),
    ("a Decimal that is none", [Decimal(1), Decimal("NaN")], ValueError, "NaN or infinity"),
)
def test_objects_in_a_sequence(what, error, needed, function):
    for given in ((what, [1, 1]), ([1, 1], what)):
        with refused(error, *needed):
            function(*given)


def test_a_long_fraction_is_a_number():
    long = Fraction(10**400)
    assert solve([long, 1], [1, long])[1] == 1 + long**2


@within("c", [[1j, 0.5], np.array([1j, Fraction(1)], dtype=object)])
def test_moments_of_complex_numbers(c):
    for given in ((c, [1, 1]), ([1, 1], c)):
        with refused(TypeError, "b and c must hold real numbers, got complex ones"):
            scalar_moments(*given, 0.5)


@within("b, c", [(1j, 0.5), (1, 0.5j), ("1", 0.5), (None, 0.5), ([1], 0.5)])
def test_the_limit_of_what_is_no_real_number(b, c):
    with refused(TypeError, "b and c must be real numbers", repr(b)):
        scalar_limit(b, c, 0.5)


@table(
    ("a vector of 0", ([0, 0], [1, 0]), ValueError, "a vector of length 0 has no direction"),
    ("shapes that do not fit", ([1, 0], [1, 0, 0]), ValueError, "other must have shape (2,)", "(3,)"),
    ("two axes", ([[1, 0]], [1, 0]), ValueError, "g must have shape (n,)", "(1, 2)"),
    ("NaN", ([1, NAN], [1, 0]), ValueError, "g may not hold NaN"),
    ("infinity", ([1, 0], [INF, 0]), ValueError, "other may not hold NaN"),
    ("words", (["a", "b"], [1, 0]), TypeError, "g must hold real numbers", "<U1"),
    ("ragged rows", ([[1], [1, 2]], [1, 0]), ValueError, "g must be an array, with rows of one length"),
)
def test_degrees_between(what, error, needed):
    with refused(error, *needed):
        degrees_between(*what)


def test_no_square_overflows_or_is_lost():
    for size in (1e-300, 1e-170, 1.0, 1e170, 1e300):
        assert abs(degrees_between([size, 0], [1.0, 1.0]) - 45) < 1e-12
        assert abs(degrees_between([size, 0], [0, -size]) - 90) < 1e-12
        D = size * np.array([[[1.0, 0], [1, 1]], [[1, 0], [0, 1]]])
        assert np.abs(cosines(D) - [np.sqrt(0.5), 0]).max() < 1e-12
        assert np.abs(sizes(D)[1] - 2 / (1 + np.sqrt(2))) < 1e-12


# ---- what else may be meant ---------------------------------------------------------------------


def test_numbers_of_other_types_are_numbers():
    assert Random(Fraction(1, 2)) == Random(0.5)
    assert Random([Fraction(1, 2), 1]) == Random([0.5, 1.0])
    assert choose_tau([4, 2, 1, 1], np.float32(0.3)) == choose_tau([4, 2, 1, 1], Fraction(3, 10)) == 2
    for bad in ([Fraction(1, 2), True], [Fraction(1, 2), "a"], [None], Decimal("0.5"), Fraction(1, 2) * 1j):
        with refused(TypeError, "pi must be a number"):
            Random(bad)
    with refused(ValueError, "pi must lie in (0, 1]", "Fraction(3, 2)"):
        Random(Fraction(3, 2))


@within("tau", [10**18, 10**30, 10**400], ids=["10^18", "10^30", "10^400"])
def test_a_tau_longer_than_any_sequence_is_the_full_gradient(tau):
    for kind in (Segments, Window):
        assert (kind(tau).path_weights(T) == Full().path_weights(T)).all()
        assert kind(tau).jacobian_products(T) == kind(T).jacobian_products(T)
    assert Segments(tau).edge_weights(T).tolist() == [0, 1, 1, 1]


@within("rnn", [None, RNN, "rnn", 3, WEIGHTS], ids=["None", "RNN", "a word", "a number", "weights"])
@EACH_SWEEP
def test_a_network_that_is_none(rnn, function):
    case = make_case(T=T, B=B)
    with refused(
        TypeError, "rnn must be a network such as RNN.random(d, h, q), LSTM.random(d, h, q) or GRU.random(d, h, q), got"
    ):
        function(rnn, case.x, case.y, loss=case.loss, h0=case.h0)


BAD_SEED = "seed must be a whole number from 0 on, a NumPy Generator or None"


@table(
    ("-1", -1, ValueError, BAD_SEED, "got -1"),
    ("'x'", "x", TypeError, BAD_SEED, "got 'x'"),
    ("0.5", 0.5, TypeError, BAD_SEED, "got 0.5"),
)
def test_a_seed_that_is_none(what, error, needed):
    case = make_case(T=T, B=B)
    for throw in (
        lambda: RNN.random(2, 2, 2, seed=what),
        lambda: Random(0.5).draws(T, 2, what),
        lambda: Random(0.5).edge_weights(T, what),
        lambda: case.call(gradient, Random(0.5), seed=what),
    ):
        with refused(error, *needed):
            throw()


@within("function", [gradient, moments])
def test_a_strategy_that_says_nothing(function):
    with refused(TypeError, "strategy must be Full(), Window(tau)", "Strategy object"):
        make_case(T=T, B=B).call(function, Strategy())


@within("real", [None, "maybe", 1, 0, 0.5, []])
def test_real_is_true_or_false(real):
    """Or a network would be looked for that there is not."""
    for function in (lambda: spectrum.draw(4, real=real), lambda: spectrum.run(4, 0.9, 1.0, real)):
        with refused(TypeError, *(["real must be True or False", repr(real)] if real != [] else [])):
            function()


def test_real_may_come_from_numpy():
    assert spectrum.draw(4, real=np.bool_(True)).W_hh.tolist() == spectrum.draw(4, real=True).W_hh.tolist()


def test_a_value_to_clip_by():
    for theta in (0, -1, NAN, "x"):
        with refused(ValueError, "theta must be a positive number"):
            clip_by_value([1.0], theta)
