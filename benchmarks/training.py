"""How fast is training: against the same loop in PyTorch, for an RNN and for an LSTM.

    python benchmarks/training.py

Each update: forward, gradient, clip by norm, Adam; float64, one-hot input, the same batches. Every row is a ratio
measured in one run, both sides turn by turn, the best of several bursts.
The comparison needs the optional dependency: pip install -c constraints.txt -e ".[torch]"
"""

import timeit

import numpy as np

from bpttlib import LSTM, RNN, Adam, Batch, Learner, gradient
from bpttlib.text import one_hot

try:
    import torch
except ImportError:
    torch = None

CLIP, RATE, SYMBOLS = 1.0, 0.01, 32


def best(*functions, rounds=8):
    """ms per call of each function: bursts of about 30 ms turn by turn, the best burst counts."""
    timers = [timeit.Timer(function) for function in functions]
    calls = [max(1, round(0.03 / min(timer.repeat(3, 1)))) for timer in timers]
    bursts = [[timer.timeit(n) / n for timer, n in zip(timers, calls, strict=True)] for _ in range(rounds)]
    return [1e3 * min(mine) for mine in zip(*bursts, strict=True)]


def case(Cell, T, B, h):
    numbers = np.random.default_rng(0).integers(0, SYMBOLS, (T + 1, B))
    return Cell.random(SYMBOLS, h, SYMBOLS, seed=1), Batch(one_hot(numbers[:-1], SYMBOLS), numbers[1:])


def here(net, batch):
    learner = Learner(net, optimizer=Adam(RATE), clip=CLIP)
    return lambda: learner.learn(batch)


def in_torch(net, batch):
    """The same update by torch.nn, autograd and torch.optim, float64."""
    cell = getattr(torch.nn, type(net).__name__)(net.d, net.h, dtype=torch.float64)
    read = torch.nn.Linear(net.h, net.q, dtype=torch.float64)
    values = {"weight_ih_l0": net.W_hx, "weight_hh_l0": net.W_hh, "bias_ih_l0": net.b_h, "bias_hh_l0": 0 * net.b_h}
    cell.load_state_dict({name: torch.tensor(value) for name, value in values.items()})
    read.load_state_dict({"weight": torch.tensor(net.W_qh), "bias": torch.tensor(net.b_q)})
    cell.bias_hh_l0.requires_grad_(False)  # of two biases that add up ours has one
    learnt = [p for p in (*cell.parameters(), *read.parameters()) if p.requires_grad]
    adam = torch.optim.Adam(learnt, RATE)
    x, y = torch.tensor(batch.x), torch.tensor(batch.y).reshape(-1)

    def learn():
        adam.zero_grad()
        loss = torch.nn.functional.cross_entropy(read(cell(x)[0]).reshape(-1, net.q), y)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learnt, CLIP)
        adam.step()
        return loss.item()

    return learn


def main():
    print("ms: one update here; / gradient: as a multiple of its gradient alone; torch / ours: how many times as long")
    print(f"{'cell':4} {'T':>5} {'B':>3} {'h':>4} {'ms':>9} {'/ gradient':>11} {'torch / ours':>13}")
    sizes = [(T, B, h) for T in (30, 100) for B in (1, 8) for h in (16, 64)]
    rows = [(RNN, *size) for size in [*sizes, (30, 32, 128), (100, 32, 128)]]
    for Cell, T, B, h in [*rows, (LSTM, 30, 1, 16), (LSTM, 100, 8, 64), (LSTM, 100, 32, 128)]:
        net, batch = case(Cell, T, B, h)
        sides = [here(net, batch), lambda: gradient(net, batch.x, batch.y)]  # noqa: B023
        if torch:
            np.testing.assert_allclose(*([f() for _ in range(3)] for f in (here(net, batch), in_torch(net, batch))))
            sides.append(in_torch(net, batch))
        mine, alone, *other = best(*sides)
        against = f"{other[0] / mine:13.1f}" if torch else f"{'-':>13}"
        print(f"{Cell.__name__:4} {T:5} {B:3} {h:4} {mine:9.3f} {mine / alone:11.2f} {against}")
    if not torch:
        print('torch is not installed: pip install -c constraints.txt -e ".[torch]" adds the last column')


if __name__ == "__main__":
    main()
