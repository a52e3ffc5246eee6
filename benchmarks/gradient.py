"""How fast is the gradient: against torch.nn.RNN + autograd, and against its matrix products alone.

    python benchmarks/gradient.py

Every row is a ratio measured in one run, all sides turn by turn, the best of several bursts, in float64.
The comparison with PyTorch needs the optional dependency: pip install -c constraints.txt -e ".[torch]"
"""

import timeit

import numpy as np

from bpttlib import RNN, Random, gradient, many_gradients, moments

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


def case(T, B, h, d=32, q=32):
    rng = np.random.default_rng(0)
    rnn = RNN.random(d, h, q, seed=1)
    return rnn, rng.standard_normal((T, B, d)), rng.integers(0, q, (T, B))


def products_alone(rnn, x, dot=np.matmul):
    """The matrix products of one gradient, in the same order and shapes, and nothing else."""
    T, B, _ = x.shape
    h, o, W_T, out = np.zeros((T + 1, B, rnn.h)), np.zeros((T, B, rnn.q)), rnn.W_hh.T.copy(), np.empty((B, rnn.h))
    columns = lambda a: a.reshape(T * B, -1)  # noqa: E731

    def run():
        x @ rnn.W_hx.T, h[1:] @ rnn.W_qh.T, o @ rnn.W_qh
        for t in range(T):
            dot(h[t], W_T, out=out)
        for t in range(T - 1):
            dot(h[t], rnn.W_hh, out=out)
        columns(h[1:]).T @ columns(x), columns(h[1:]).T @ columns(h[:-1]), columns(o).T @ columns(h[1:])

    return run


def with_torch(rnn, x, y):
    """The same gradient by torch.nn.RNN and autograd, float64."""
    cell = torch.nn.RNN(rnn.d, rnn.h, dtype=torch.float64)
    read = torch.nn.Linear(rnn.h, rnn.q, dtype=torch.float64)
    values = {"weight_ih_l0": rnn.W_hx, "weight_hh_l0": rnn.W_hh, "bias_ih_l0": rnn.b_h, "bias_hh_l0": 0 * rnn.b_h}
    cell.load_state_dict({name: torch.tensor(value) for name, value in values.items()})
    read.load_state_dict({"weight": torch.tensor(rnn.W_qh), "bias": torch.tensor(rnn.b_q)})
    x, y = torch.tensor(x), torch.tensor(y)

    def run():
        for p in (*cell.parameters(), *read.parameters()):
            p.grad = None
        o = read(cell(x)[0])
        torch.nn.functional.cross_entropy(o.reshape(-1, rnn.q), y.reshape(-1)).backward()
        return cell.weight_hh_l0.grad.numpy()

    return run


def main():
    print("ms: one gradient here; / products: as a multiple of its matrix products alone, by @ or by np.dot;")
    print("torch / ours: how many times as long torch.nn.RNN with autograd takes")
    print(f"{'T':>5} {'B':>3} {'h':>4} {'ms':>9} {'/ products @':>13} {'/ np.dot':>9} {'torch / ours':>13}")
    sizes = [(T, 1, h) for T in (30, 100, 256, 1000) for h in (16, 64, 128)]
    for T, B, h in sizes + [(T, 32, h) for T in (30, 256) for h in (128, 256)]:
        rnn, x, y = case(T, B, h)
        ours = lambda: gradient(rnn, x, y)  # noqa: B023, E731
        sides = [ours, products_alone(rnn, x), products_alone(rnn, x, np.dot)]
        if torch:
            sides.append(with_torch(rnn, x, y))
            np.testing.assert_allclose(ours().W_hh, sides[-1](), atol=1e-12)
        mine, plain, dot, *other = best(*sides)
        against = f"{other[0] / mine:13.1f}" if torch else f"{'-':>13}"
        print(f"{T:5} {B:3} {h:4} {mine:9.3f} {mine / plain:13.2f} {mine / dot:9.2f} {against}")
    if not torch:
        print('torch is not installed: pip install -c constraints.txt -e ".[torch]" adds the last column')
    rnn, x, y = case(29, 1, 16, 27, 27)
    xi = Random(0.8).draws(29, 2000, seed=0)
    exact, drawn, one = best(
        lambda: moments(rnn, x, y, Random(0.8)), lambda: many_gradients(rnn, x, y, xi), lambda: gradient(rnn, x, y)
    )
    print(f"T = 29, h = 16: exact moments {exact:.1f} ms (limit 15), {exact / one:.0f} × one gradient")
    print(
        f"                2 000 random draws of the whole gradient {drawn:.1f} ms (limit 150), {drawn / one:.0f} × one"
    )


if __name__ == "__main__":
    main()
