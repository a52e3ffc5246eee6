"""Forward mode: the gradient without going back. Each step leaves behind how its state depends on every weight.

The recurrence of page 02, run forwards, with a state for h and one Jacobian a step for c:

    a_t = b_t + J_t a_{t-1},  a_0 = 0        ∂L/∂w = Σ_t e_tᵀ a_t,  e_t = ∂L/∂state_t directly
    a_t = ∂state_t/∂w        b_t = ∂⁺state_t/∂w, with state_{t-1} held fixed

w are the recurrent weights, m·m' numbers: one for each pre-activation u and each thing that it meets, x_t, h_{t-1} and
1. The read-out never passes through time and gathers its gradient step by step. No state is kept, but a_t has s·m·m'
numbers. Its rank-one estimate s̃_t θ̃_tᵀ has s + m·m', and is right on average over random signs: 2^((T-1)·s) outcomes.
"""

from collections.abc import Iterator
from functools import reduce
from operator import add
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_array, as_count, as_rng
from .bptt import as_finite_gradient
from .cell import Cell, as_cell
from .moments import Moments
from .parameters import Parameters
from .problem import Problem, as_finite_loss, mean_loss
from .tape import Tape
from .truncation import Seed

__all__ = [
    "Cost",
    "all_signs",
    "forward_cost",
    "forward_gradient",
    "forward_terms",
    "rank_one_cost",
    "rank_one_draws",
    "rank_one_gradient",
    "rank_one_moments",
    "reverse_cost",
    "where_they_cross",
]

EPS = 1e-7  # as public implementations have it: keeps the factors ρ away from 0/0 at the first step


def forward_gradient(
    rnn: Cell,
    x: ArrayLike,
    y: ArrayLike,
    loss: str = "cross_entropy",
    h0: ArrayLike | None = None,
    mask: ArrayLike | None = None,
) -> Parameters:
    """Differentiate L by every parameter on the way forward: real-time recurrent learning.

        ∂L/∂w = Σ_t Σ_b (∂L/∂state_t directly) a_t        a_t = ∂⁺state_t/∂w + J_t a_{t-1}

    Arguments and errors as in `gradient`, and the same result: exact for every entry, for every cell. Each of the B
    sequences has its own a_t, so that B·s·m·m' numbers are held, for an RNN B·h²(d+h+1), whatever T.
    Returns Parameters. Source: Williams & Zipser 1989, "A learning algorithm for continually running fully recurrent
    neural networks".

    >>> from bpttlib import RNN
    >>> rnn = RNN([[1.0]], [[0.5]], [[1.0]], phi="identity")
    >>> forward_gradient(rnn, [[1.0], [0.0]], [[0.0], [0.0]], loss="squared").W_hh
    array([[0.25]])
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return as_finite_gradient(reduce(add, forward_terms(rnn, x, y, loss, h0, mask)))


def forward_terms(
    rnn: Cell,
    x: ArrayLike,
    y: ArrayLike,
    loss: str = "cross_entropy",
    h0: ArrayLike | None = None,
    mask: ArrayLike | None = None,
) -> Iterator[Parameters]:
    """Yield ∂L_t/∂w for t = 1 … T, the whole gradient of each loss as soon as it is heard; `forward_gradient` adds up.

    L_t is what the losses of step t add to L. Arguments and errors as in `gradient`.

    >>> from bpttlib import RNN
    >>> rnn = RNN([[1.0]], [[0.5]], [[1.0]], phi="identity")
    >>> [term.W_hx.item() for term in forward_terms(rnn, [[1.0], [0.0]], [[0.0], [0.0]], loss="squared")]
    [0.5, 0.125]
    """
    return terms(as_problem(rnn, x, y, loss, h0, mask))


def as_problem(rnn: Cell, *data: ArrayLike | str | None) -> Problem:
    """The problem, if its network leaves a tape."""
    problem = Problem(rnn, *data)
    as_cell("rnn", problem.net)
    return problem


def terms(problem: Problem) -> Iterator[Parameters]:
    """`forward_terms` of a problem that has been checked."""
    B, s = problem.h0.shape
    units = np.broadcast_to(np.eye(s)[:, None], (s, B, s))
    a = np.zeros((B, s, 1))  # a_0 = 0 for each weight; (B,s,m·m') from step 1 on
    for tape, dL_do in step_by_step(problem):
        a = used_now(tape, units).swapaxes(0, 1) + tape.jacobian(1) @ a
        direct = tape.inject(dL_do)[1]
        yield tape.named(as_rows(tape, np.einsum("bk,bkw->w", direct, a))) + of_readout(tape, dL_do)


def step_by_step(problem: Problem) -> Iterator[tuple[Tape, NDArray]]:
    """Read one step after the other, each on a tape of its own, and keep only its last state.

    Yields the tape, whose step 1 is step t, and ∂L/∂o_t (1,B,q).
    """
    state, mask = problem.h0, problem.mask
    for t in range(problem.T):
        now = slice(t, t + 1)
        tape = problem.net.read(problem.x[now], state)
        L_t, dL_do = mean_loss(problem.loss, tape.o, problem.y[now], None if mask is None else mask[now], problem.n)
        as_finite_loss(L_t)
        yield tape, dL_do
        state = tape.h[1]


def used_now(tape: Tape, delta: NDArray) -> NDArray:
    """δᵀ ∂⁺state_t/∂w: what δ (…,B,s) is worth at each recurrent weight as it is used at this step, (…,B,m·m')."""
    products = tape.to_u(delta, 1)[..., None] * tape.met(1)[:, None]
    return products.reshape(*products.shape[:-2], -1)


def as_rows(tape: Tape, w: NDArray) -> NDArray:
    """(…,m·m') as (…,m,m')."""
    return w.reshape(*w.shape[:-1], -1, tape.met(1).shape[-1])


def of_readout(tape: Tape, dL_do: NDArray) -> Parameters:
    """What this step adds to the gradient of W_qh and b_q: all there is if no δ goes back."""
    return tape.collect(dL_do, np.zeros_like(tape.h))


# ---- rank one -----------------------------------------------------------------------------------


def rank_one_gradient(
    rnn: Cell,
    x: ArrayLike,
    y: ArrayLike,
    loss: str = "cross_entropy",
    h0: ArrayLike | None = None,
    mask: ArrayLike | None = None,
    signs: ArrayLike | None = None,
    seed: Seed = None,
) -> Parameters:
    """Estimate the gradient of one sequence on the way forward, with one vector for the state and one for the weights.

        ∂L_t/∂w ≈ (δᵀ J_t s̃_{t-1}) θ̃_{t-1} + δᵀ ∂⁺state_t/∂w,   δ = ∂L/∂state_t directly       s̃_0 = 0, θ̃_0 = 0
        s̃_t = ρ_0 J_t s̃_{t-1} + ρ_1 ν_t        θ̃_t = θ̃_{t-1}/ρ_0 + (∂⁺state_t/∂w)ᵀ ν_t / ρ_1        a_t ≈ s̃_t θ̃_tᵀ
        ρ_0 = √(‖θ̃_{t-1}‖ / (‖J_t s̃_{t-1}‖ + ε)) + ε     ρ_1 = √(‖(∂⁺state_t/∂w)ᵀ ν_t‖ / (‖ν_t‖ + ε)) + ε

    Multiplied out, ν_t ν_tᵀ has the mean 1, and what holds ν_t only once changes its sign with it, while the ρ do not:
    unbiased, whatever T. The ρ make both sides of each product equally long; ε = 1e-7 keeps them from 0/0.
    signs  ν (T-1,s) of 1 and -1, for the last step carries nothing on; drawn with `seed` if not given. What a loss says
    of its own step is exact, and so are W_qh and b_q.
    Returns Parameters. Errors as in `gradient`, and ValueError for B > 1 or signs that are none.
    Source: Tallec & Ollivier 2018, "Unbiased online recurrent optimization".

    >>> from bpttlib import RNN
    >>> rnn = RNN([[1.0]], [[0.5]], [[1.0]], phi="identity")
    >>> data = [[1.0], [2.0], [0.0]], [[0.0]] * 3, "squared"
    >>> [round(rank_one_gradient(rnn, *data, signs=[[1], [nu]]).W_hx.item(), 3) for nu in (1, -1)]  # the mean is 2.9375
    [3.355, 2.52]
    """
    problem = one_sequence(as_problem(rnn, x, y, loss, h0, mask))
    shape = problem.T - 1, problem.net.s
    nu = as_rng(seed).choice([-1.0, 1.0], shape) if signs is None else as_signs(signs, shape)
    tape, found, readout = estimates(problem, nu[None])
    return as_finite(tape.named(found[0]) + readout)


def rank_one_draws(
    rnn: Cell,
    x: ArrayLike,
    y: ArrayLike,
    n: int,
    seed: Seed = None,
    loss: str = "cross_entropy",
    h0: ArrayLike | None = None,
    mask: ArrayLike | None = None,
) -> Parameters:
    """Draw n independent `rank_one_gradient`s, all in one walk forward.

    Arguments and errors as there, and n, a whole number from 1 on. Each of the n holds an s̃ and a θ̃ of its own.
    Returns Parameters of which every array has one more leading axis n; W_qh and b_q, which are exact, stand n times.

    >>> from bpttlib import RNN
    >>> rnn = RNN([[1.0]], [[0.5]], [[1.0]], phi="identity")
    >>> rank_one_draws(rnn, [[1.0], [2.0], [0.0]], [[0.0]] * 3, n=4, seed=1, loss="squared").W_hx.shape
    (4, 1, 1)
    """
    problem, n = one_sequence(as_problem(rnn, x, y, loss, h0, mask)), as_count("n", n)
    nu = as_rng(seed).choice([-1.0, 1.0], (n, problem.T - 1, problem.net.s))
    tape, found, readout = estimates(problem, nu)
    every = [tape.named(one) + readout for one in found]
    return as_finite(Parameters(**{name: np.stack([one[name] for one in every]) for name in readout}))


def rank_one_moments(
    rnn: Cell,
    x: ArrayLike,
    y: ArrayLike,
    loss: str = "cross_entropy",
    h0: ArrayLike | None = None,
    mask: ArrayLike | None = None,
) -> Moments:
    """Mean and variance of `rank_one_gradient` over the signs, exact: all 2^((T-1)·s) outcomes are worked out.

    Arguments and errors as there, and ValueError for (T-1)·s > 16. The mean is the gradient, to rounding.

    >>> from bpttlib import RNN
    >>> rnn = RNN([[1.0]], [[0.5]], [[1.0]], phi="identity")
    >>> found = rank_one_moments(rnn, [[1.0], [2.0], [0.0]], [[0.0]] * 3, loss="squared")
    >>> found.mean.W_hx.round(6), found.variance.W_hx.round(6)
    (array([[2.9375]]), array([[0.174511]]))
    """
    problem = one_sequence(as_problem(rnn, x, y, loss, h0, mask))
    tape, found, readout = estimates(problem, all_signs(problem.T, problem.net.s))
    mean, variance = tape.named(found.mean(axis=0)) + readout, tape.named(found.var(axis=0))
    return Moments(as_finite(mean), as_finite(variance))


def as_finite(found: Parameters) -> Parameters:
    """The same, or the error that says how large it has grown."""
    with np.errstate(over="ignore"):
        return as_finite_gradient(found)


def estimates(problem: Problem, nu: NDArray) -> tuple[Tape, NDArray, Parameters]:
    """What `rank_one_gradient` adds up, for n throws of the signs at once, ν (n,T-1,s).

    Returns a tape, which knows the names, the estimates (n,m,m'), and what the read-out gathers.
    """
    s, theta = np.zeros((len(nu), problem.net.s)), np.zeros((len(nu), 1))
    total, readout = 0.0, 0 * problem.net.parameters
    with np.errstate(over="ignore", invalid="ignore"):
        for t, (tape, dL_do) in enumerate(step_by_step(problem)):
            carried, direct = s @ tape.jacobian(1)[0].T, tape.inject(dL_do)[1]
            total = total + (carried @ direct[0])[:, None] * theta + used_now(tape, direct)
            readout = readout + of_readout(tape, dL_do)
            if t < problem.T - 1:
                s, theta = joined(tape, carried, theta, nu[:, t])
    return tape, as_rows(tape, total), readout


def joined(tape: Tape, carried: NDArray, theta: NDArray, nu: NDArray) -> tuple[NDArray, NDArray]:
    """s̃_t (n,s) and θ̃_t (n,m·m'): J_t s̃ θ̃ᵀ of before and ν_t (b_tᵀ ν_t)ᵀ of now, one product again by the signs."""
    used = used_now(tape, nu[:, None])[:, 0]
    rho_0, rho_1 = balance(theta, carried), balance(used, nu)
    return rho_0 * carried + rho_1 * nu, theta / rho_0 + used / rho_1


def balance(of_weights: NDArray, of_state: NDArray) -> NDArray:
    """ρ (n,1), with which ρ ‖of_state‖ = ‖of_weights‖ / ρ, but for ε."""
    weights, state = (np.linalg.norm(v, axis=-1, keepdims=True) for v in (of_weights, of_state))
    return np.sqrt(weights / (state + EPS)) + EPS


def all_signs(T: int, s: int) -> NDArray:
    """Every outcome of the signs in T steps, (2^((T-1)·s),T-1,s), all equally likely; (T-1)·s ≤ 16.

    >>> all_signs(3, 1)[..., 0]
    array([[ 1.,  1.],
           [-1.,  1.],
           [ 1., -1.],
           [-1., -1.]])
    """
    n = (as_count("T", T) - 1) * as_count("s", s)
    if n > 16:
        raise ValueError(f"2^((T-1)·s) outcomes are too many to list for T = {T} and s = {s}; (T-1)·s ≤ 16")
    bits = np.arange(2**n)[:, None] >> np.arange(n) & 1
    return (1.0 - 2.0 * bits).reshape(2**n, T - 1, s)


def as_signs(signs: ArrayLike, shape: tuple[int, int]) -> NDArray:
    signs = as_array("signs", signs, shape)
    if not (abs(signs) == 1).all():
        raise ValueError(f"signs must hold 1 and -1, got {signs[abs(signs) != 1][0]:g}")
    return signs


def one_sequence(problem: Problem) -> Problem:
    if problem.B > 1:
        raise ValueError(f"the rank-one estimate takes a single sequence, B = 1, got B = {problem.B}")
    return problem


# ---- what it costs ------------------------------------------------------------------------------


class Cost(NamedTuple):
    """How many numbers are held from one step to the next, and how many multiplications the derivative takes.

    For an RNN and one sequence. Left out is what all ways share: reading forward, φ'(u_t), ∂L/∂h_t directly, the
    gradient itself, the read-out. Divisions and roots count as products. With m' = d+h+1 the m·m' weights are h·m'.

    >>> reverse_cost(T=1000, h=16, d=8), forward_cost(T=1000, h=16, d=8)
    (Cost(numbers=16032, products=672000), Cost(numbers=6416, products=109456000))
    """

    numbers: int
    products: int


def reverse_cost(T: int, h: int, d: int) -> Cost:
    """All states and δ; a step multiplies δ by φ', by W_hhᵀ, and by what the weights met (and x must be kept as well).

    >>> reverse_cost(T=1, h=1, d=1)
    Cost(numbers=3, products=5)
    """
    T, h, d = as_count("T", T), as_count("h", h), as_count("d", d)
    return Cost((T + 2) * h, T * (h + h * h + h * (d + h + 1)))


def forward_cost(T: int, h: int, d: int) -> Cost:
    """One state and a_t; a step makes J_t = diag(φ') W_hh, J_t a_{t-1}, the h·m' entries of b_t, and ∂L/∂h_t a_t.

    >>> forward_cost(T=1, h=1, d=1)
    Cost(numbers=4, products=10)
    """
    T, h, weights = as_count("T", T), as_count("h", h), h * (as_count("d", d) + h + 1)
    return Cost(h + h * weights, T * (h * h + h * h * weights + weights + h * weights))


def rank_one_cost(T: int, h: int, d: int) -> Cost:
    """One state, s̃ and θ̃; a step takes J_t s̃, and goes seven times over all weights, two of them for a norm.

    The last step, which carries nothing on, goes only twice over them.

    >>> rank_one_cost(T=1, h=1, d=1), rank_one_cost(T=2, h=1, d=1)
    (Cost(numbers=5, products=10), Cost(numbers=5, products=48))
    """
    T, h, weights = as_count("T", T), as_count("h", h), h * (as_count("d", d) + h + 1)
    return Cost(2 * h + weights, T * (h * h + 3 * h + 2 * weights) + (T - 1) * (5 * h + 5 * weights + 8))


def where_they_cross(h: int, d: int) -> Cost:
    """From which T on the forward mode is cheaper than reverse mode, in numbers held and in products.

        numbers:   T ≥ h·m'        products:  T + 1 > 2 forward/reverse  (those of one step)

    For one gradient at the end it never makes fewer products, but h²m'/(m'+h) times as many in the leading term. The
    second T is for a learner that wants the gradient of everything so far after each step, and would go back t steps
    for it at step t. Raises ValueError or TypeError for sizes that are no whole numbers from 1 on, as the costs do.

    >>> where_they_cross(h=16, d=8)
    Cost(numbers=400, products=325)
    """
    forward, reverse = forward_cost(1, h, d).products, reverse_cost(1, h, d).products
    return Cost(h * (d + h + 1), 2 * forward // reverse)
