"""Training: a gradient by a strategy, clipped, and a step of an optimizer, again and again.

From batch to batch the weights are handed on, and, where a batch is not fresh, the last state: a value, forwards.
Backwards nothing crosses: ∂L/∂h_0 is worked out and dropped.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._checks import as_count, as_positive, as_rng, is_finite
from .batches import Batch
from .bptt import Gradient, swept
from .cell import Cell, as_cell
from .clipping import length, shortened
from .optimizers import Adam, Memory, Optimizer
from .parameters import Parameters
from .problem import Problem, as_loss
from .tape import Tape
from .truncation import Full, Seed, Strategy, as_strategy

__all__ = ["Diverged", "History", "Learner", "train"]


class Diverged(ValueError):
    """A loss, a gradient or weights beyond the range of numbers."""


@dataclass(frozen=True, eq=False)
class History:
    """What came of a training.

    net       the network as it is now
    losses    (n,), L of each batch before its update
    norms     (n,), length of each gradient before clipping
    products  (n,), how many Jacobian products had been made after each update
    stopped   None, or in one line why it ended early

    >>> from bpttlib import RNN
    >>> train(RNN.random(2, 3, 2), Batch(np.eye(2), [1, 0]), steps=3).products  # T-1 of them in each update
    array([1, 2, 3])
    """

    net: Cell
    losses: NDArray
    norms: NDArray
    products: NDArray
    stopped: str | None = None

    def __repr__(self) -> str:
        ended = f", stopped: {self.stopped}" if self.stopped else ""
        return f"History({len(self.losses)} updates of {self.net}{ended})"


class Standing(NamedTuple):
    """All that an update changes, in one: so it changes at once or not at all."""

    net: Cell
    w: NDArray
    memory: Memory
    state: NDArray | None = None
    updates: int = 0
    before: "Standing | None" = None  # the last update's, with none before it


class Learner:
    """A network that learns one batch at a time.

    net        where it begins; this one stays as it is
    strategy   Full() if not given;  optimizer: Adam(0.01)
    clip       θ, the length above which a gradient is shortened, all parameters together; never if not given
    seed       of the dice, if the strategy throws any
    An interrupt leaves a learner as before or as after an update, never between.
    Raises ValueError or TypeError, before any work, for what does not fit.

    >>> from bpttlib import RNN
    >>> learner = Learner(RNN.random(d=3, h=4, q=3, seed=0), clip=1.0)
    >>> first, second = (learner.learn(Batch(np.eye(3), [1, 2, 0])) for _ in range(2))
    >>> learner.updates, first > second, learner.state.shape
    (2, True, (1, 4))
    """

    def __init__(
        self,
        net: Cell,
        strategy: Strategy | None = None,
        optimizer: Optimizer | None = None,
        clip: float | None = None,
        loss: str = "cross_entropy",
        seed: Seed = None,
    ):
        self.strategy = as_strategy(Full() if strategy is None else strategy)
        self.optimizer = as_optimizer(Adam() if optimizer is None else optimizer)
        self.clip = None if clip is None else as_positive("clip", clip)
        self.loss = as_loss(loss)
        self._layout = as_cell("net", net).parameters
        self._dice = int(as_rng(seed).integers(2**62))
        self._now = Standing(net, self._layout.flat(), self.optimizer.start(self._layout))
        self._records: list[tuple[float, float, int]] = []  # the first `updates` of them count

    @property
    def net(self) -> Cell:
        """The network as it is now."""
        return self._now.net

    @property
    def state(self) -> NDArray | None:
        """The state (B,s) that a batch which is not fresh starts from; None before the first batch."""
        return self._now.state

    @property
    def updates(self) -> int:
        """How many there have been."""
        return self._now.updates

    def history(self, stopped: str | None = None) -> History:
        """What has been learnt so far."""
        columns = zip(*self._records[: self.updates], strict=True) if self.updates else ((), (), ())
        losses, norms, products = map(np.array, columns)
        return History(self.net, losses, norms, products.astype(int).cumsum(), stopped)

    def check(self, batch: Batch) -> None:
        """Raise ValueError or TypeError for a batch that does not fit the network, the loss or the strategy."""
        self.problem(as_batch(batch), None)
        self.strategy.thrown(batch.T, batch.B, 0)

    def learn(self, batch: Batch) -> float:
        """Make one update from one batch, and keep its last state: returns L as it was before.

        Raises Diverged where numbers overflow, and goes back to the last network whose loss was a number.
        """
        now, n = self._now, self.updates + 1
        problem = self.problem(as_batch(batch), now.state)
        strategy = self.strategy.thrown(batch.T, batch.B, [self._dice, n] if self.strategy.dice else None)
        tape, g = self._differentiated(problem, strategy)
        flat = np.concatenate([g[name].ravel() for name in self._layout])
        norm = length(flat)
        w, memory = self._moved(flat, norm)
        self._records[n - 1 :] = [(g.loss, norm, strategy.jacobian_products(batch.T))]
        net = moved(now.net, self._layout.cut(w))
        self._now = Standing(net, w, memory, tape.h[batch.keep].copy(), n, now._replace(before=None))
        return g.loss

    def problem(self, batch: Batch, state: NDArray | None) -> Problem:
        """The batch as a problem for the network as it is now, from h_0 = 0 or from the state carried on."""
        h0 = None if batch.fresh else state
        if h0 is not None and len(h0) != batch.B:
            raise ValueError(f"a batch of {batch.B} sequences cannot go on from {len(h0)} states: it needs fresh=True")
        return Problem(self.net, batch.x, batch.y, self.loss, h0, batch.mask)

    def _differentiated(self, problem: Problem, strategy: Strategy) -> tuple[Tape, Gradient]:
        what = "loss"
        try:
            found = problem.evaluate()
            what = "gradient"
            return found[0], swept(*found, strategy)
        except ValueError:
            raise self._diverged(what) from None

    def _moved(self, g: NDArray, norm: float) -> tuple[NDArray, Memory]:
        """The weights after a step, the gradient clipped before it."""
        if self.clip is not None:
            g = shortened(g, norm, self.clip)
        with np.errstate(over="ignore", invalid="ignore"):
            w, memory = self.optimizer.move(self._now.w, g, self._now.memory)
            fine = is_finite(w)
        if not fine:
            raise self._diverged("weights")
        return w, memory

    def _diverged(self, what: str) -> Diverged:
        """Go back to the last network whose loss was a number, and say what happened."""
        now = self._now
        if what != "weights" and now.before:
            self._now = now._replace(net=now.before.net, w=now.before.w, memory=now.before.memory, before=None)
        verb = "have" if what == "weights" else "has"
        return Diverged(f"at update {now.updates + 1} the {what} {verb} overflowed; the last good network is kept")


def moved(net: Cell, parameters: Parameters) -> Cell:
    """The network with these parameters, without checks where it knows how."""
    return getattr(net, "moved_to", net.with_parameters)(parameters)


def train(
    net: Cell,
    batches: Iterable[Batch],
    strategy: Strategy | None = None,
    optimizer: Optimizer | None = None,
    clip: float | None = None,
    steps: int | None = None,
    loss: str = "cross_entropy",
    seed: Seed = None,
    progress: Callable[[Iterable], Iterable] | None = None,
) -> History:
    """Make an update from each batch: a gradient by the strategy, clipped to the length θ = clip, and a step.

        g ← g · min(1, θ/‖g‖)        w ← w - η g, or as the optimizer has it

    batches   an iterable of `Batch`, or a single one;  steps: how many updates, the batches again from the first
              where they end sooner; once through the batches if not given
    progress  any wrapper of an iterable, such as tqdm;  the others as in `Learner`
    Returns a History. An interrupt, or numbers that overflow, end it early with what was learnt: see `.stopped`.
    Raises ValueError or TypeError before any work for whatever does not fit (a generator's batches as they come).

    >>> from bpttlib import RNN
    >>> net, batch = RNN.random(d=3, h=4, q=3, seed=0), Batch(np.eye(3), [1, 2, 0])
    >>> history = train(net, batch, steps=100)
    >>> history
    History(100 updates of RNN(d=3, h=4, q=3, phi='tanh'))
    >>> history.losses[[0, -1]].round(2)
    array([0.92, 0.09])
    """
    learner = Learner(net, strategy, optimizer, clip, loss, seed)
    batches = [batches] if isinstance(batches, Batch) else batches
    check_batches(learner, batches)
    stopped = None
    try:
        for batch in each_update(batches, None if steps is None else as_count("steps", steps), progress or iter):
            learner.learn(batch)
    except KeyboardInterrupt:
        stopped = f"interrupted after {learner.updates} updates"
    except Diverged as error:
        stopped = str(error)
    return learner.history(stopped)


def check_batches(learner: Learner, batches: Iterable[Batch]) -> None:
    """Refuse what can be seen to be wrong before any work: of a generator nothing."""
    if not isinstance(batches, Iterable):
        raise TypeError(f"batches must be an iterable of Batch, got {batches!r:.60}")
    if isinstance(batches, (list, tuple)):
        for batch in batches:
            learner.check(batch)
        if not batches:
            raise ValueError("batches must hold at least one batch")
        check_reach(learner.strategy, max(batch.T for batch in batches))


def check_reach(strategy: Strategy, T: int) -> None:
    """Refuse to look back over more steps than the longest batch has: it would be Full, and called something else."""
    tau = getattr(strategy, "tau", 1)
    if tau > T:
        raise ValueError(f"tau must be at most {T}, the steps of the longest batch, got {tau}; Full() cuts nothing")


def each_update(batches: Iterable[Batch], steps: int | None, progress: Callable) -> Iterator[Batch]:
    if steps is None:
        yield from progress(batches)
    else:
        yield from (batch for _, batch in zip(progress(range(steps)), again_and_again(batches), strict=False))


def again_and_again(batches: Iterable[Batch]) -> Iterator[Batch]:
    """The batches from the first to the last, and so on; a generator has only one round."""
    some = True
    while some:
        some = False
        for batch in batches:
            some = True
            yield batch


def as_batch(batch: Batch) -> Batch:
    if not isinstance(batch, Batch):
        raise TypeError(f"a batch must be a Batch(x, y), got {batch!r:.60}")
    return batch


def as_optimizer(optimizer: Optimizer) -> Optimizer:
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"optimizer must be SGD(rate), Adam(rate) …, got {optimizer!r:.60}")
    return optimizer
