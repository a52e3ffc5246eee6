"""How fast is the gradient of a gated cell: LSTM and GRU against torch.nn.LSTM and torch.nn.GRU + autograd.

    python benchmarks/cells.py

Every row is a ratio measured in one run, both sides turn by turn, the best of several bursts, in float64. The last
column is how many times as long a gated cell takes as an RNN of the same h: it has 3 or 4 times the products.
The comparison with PyTorch needs the optional dependency: pip install -c constraints.txt -e ".[torch]"
"""

import timeit

import numpy as np

from bpttlib import GRU, LSTM, RNN, gradient

try:
    import torch
except ImportError:
    torch = None


def best(*functions, rounds=8):
    """ms per call of each function: bursts of about 20 ms turn by turn, the best burst counts."""
    timers = [timeit.Timer(function) for function in functions]
    calls = [max(1, round(0.02 / min(timer.repeat(3, 1)))) for timer in timers]
    bursts = [[timer.timeit(n) / n for timer, n in zip(timers, calls, strict=True)] for _ in range(rounds)]
    return [1e3 * min(mine) for mine in zip(*bursts, strict=True)]


def case(Cell, T, B, h, d=32, q=32):
    rng = np.random.default_rng(0)
    return Cell.random(d, h, q, seed=1), rng.standard_normal((T, B, d)), rng.integers(0, q, (T, B))


def with_torch(net, x, y):
    """The same gradient by torch.nn and autograd, float64."""
    cell = getattr(torch.nn, type(net).__name__)(net.d, net.h, dtype=torch.float64)
    read = torch.nn.Linear(net.h, net.q, dtype=torch.float64)
    inside = np.zeros(len(net.W_hh))
    inside[2 * net.h :] = getattr(net, "b_n", 0)
    values = {"weight_ih_l0": net.W_hx, "weight_hh_l0": net.W_hh, "bias_ih_l0": net.b_h, "bias_hh_l0": inside}
    cell.load_state_dict({name: torch.tensor(value) for name, value in values.items()})
    read.load_state_dict({"weight": torch.tensor(net.W_qh), "bias": torch.tensor(net.b_q)})
    x, y = torch.tensor(x), torch.tensor(y)

    def run():
        for p in (*cell.parameters(), *read.parameters()):
            p.grad = None
        o = read(cell(x)[0])
        torch.nn.functional.cross_entropy(o.reshape(-1, net.q), y.reshape(-1)).backward()
        return cell.weight_hh_l0.grad.numpy()

    return run


def row(Cell, T, B, h):
    net, x, y = case(Cell, T, B, h)
    rnn = case(RNN, T, B, h)
    sides = [lambda: gradient(net, x, y), lambda: gradient(*rnn)]
    if torch:
        sides.append(with_torch(net, x, y))
        np.testing.assert_allclose(sides[0]().W_hh, sides[-1](), atol=1e-12)
    mine, plain, *other = best(*sides)
    against = f"{other[0] / mine:13.1f}" if torch else f"{'-':>13}"
    print(f"{Cell.__name__:5} {T:5} {B:3} {h:4} {mine:9.3f} {1e3 * mine / T:11.1f} {against} {mine / plain:6.1f}")


def main():
    print("ms: one gradient; µs / step: the same for each step; torch / ours: how many times as long torch takes")
    print(f"{'cell':5} {'T':>5} {'B':>3} {'h':>4} {'ms':>9} {'µs / step':>11} {'torch / ours':>13} {'/ RNN':>6}")
    for Cell in (LSTM, GRU):
        for T, B, h in [(T, 1, h) for T in (100, 1000) for h in (16, 64, 128)] + [(100, 32, 128), (256, 32, 128)]:
            row(Cell, T, B, h)
    if not torch:
        print('torch is not installed: pip install -c constraints.txt -e ".[torch]" adds a column')


if __name__ == "__main__":
    main()
