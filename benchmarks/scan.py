"""Where a scan pays: against `solve` and a plain Python loop, on one processor core.

    python benchmarks/scan.py

Every row is a ratio measured in one run, all sides turn by turn, the best of several turns, in float64: how many times
as long the loop takes as the scan. Above 1 the scan is faster. |c| is drawn from ½ … 1. What is measured is NumPy's:
a loop pays the interpreter for each step, a scan for each round. On many processors the rounds themselves are parallel.
Each scan is first compared with the loop, to 1e-12 of the largest number. `scan` takes time last, as `solve` does, and
turns a diagonal c round for its rounds; that is in its ms, while the row loop finds its rows ready.
"""

import timeit

import numpy as np

from bpttlib import RNN, MinimalGRU, gradient, scan, scan_matrices, scanned_gradient, solve

ORDERS = "doubling", "halving"


def best(*functions, seconds=2.0):
    """ms per call of each function, turn by turn for about so long, three turns at least; the best one counts."""
    begun, turns = timeit.default_timer(), []
    while len(turns) < 3 or (timeit.default_timer() - begun < seconds and len(turns) < 50):
        turns.append([timeit.timeit(function, number=1) for function in functions])
    return [1e3 * min(mine) for mine in zip(*turns, strict=True)]


def drawn(*shape, low=0.5):
    rng = np.random.default_rng(0)
    return rng.standard_normal(shape), rng.uniform(low, 1, shape)


def python_loop(b, c):
    """Numbers of Python in lists, for a single sequence: no NumPy at any step."""
    a, found = 0.0, []
    for b_t, c_t in zip(b.tolist(), c.tolist(), strict=True):
        a = b_t + c_t * a
        found.append(a)
    return np.array(found)


def row_loop(b, c):
    """A row of h numbers at each step, time first: the leanest loop there is for a diagonal c."""
    a = b.copy()
    for t in range(1, len(b)):
        a[t] += c[t] * a[t - 1]
    return a


def matrix_loop(b, c):
    a = b.copy()
    for t in range(1, len(b)):
        a[t] += c[t].dot(a[t - 1])
    return a


def check(found, wanted):
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-12 * max(1, np.abs(wanted).max()))


def compare(label, loops, scans):
    """A row: ms of the first scan, and each loop over each scan."""
    for run in scans:
        check(run(), loops[0]())
    times = best(*loops, *scans)
    loop_ms, scan_ms = times[: len(loops)], times[len(loops) :]
    ratios = "".join(f"{loop / ms:10.2f}" for loop in loop_ms for ms in scan_ms)
    print(f"{label:>20}" + "".join(f"{ms:10.2f}" for ms in scan_ms) + ratios, flush=True)


def head(title, *loops, orders=ORDERS):
    print(f"\n{title}\n{'':20}" + "".join(f"{'ms':>10}" for _ in orders), end="")
    print("".join(f"{loop + ' /':>10}" for loop in loops for _ in orders))
    print(f"{'':20}" + "".join(f"{order:>10}" for order in orders) * (1 + len(loops)))


def scalars():
    head("one sequence, scalar c (T,)", "solve", "list loop")
    for T in (10**3, 10**4, 10**5, 10**6):
        b, c = drawn(T)
        scans = [lambda order=order: scan(b, c, order) for order in ORDERS]  # noqa: B023
        compare(f"T = {T}", [lambda: solve(b, c), lambda: python_loop(b, c)], scans)  # noqa: B023


def diagonals():
    head("diagonal c, h numbers a step (h,T)", "solve", "row loop")
    for T, h in [(10**n, 16) for n in (3, 4, 5, 6)] + [(10**4, 64), (10**4, 256), (10**4, 1024)]:
        b, c = drawn(h, T)
        rows = b.T.copy(), c.T.copy()
        scans = [lambda order=order: scan(b, c, order) for order in ORDERS]  # noqa: B023
        compare(f"T = {T}, h = {h}", [lambda: solve(b, c), lambda: row_loop(*rows).T], scans)  # noqa: B023


def matrices():
    head("matrix c (T,h,h)", "loop")
    for T, h in [(1000, h) for h in (2, 4, 8, 16, 32, 64)] + [(10**4, 4), (10**4, 16), (10**5, 4)]:
        b, c = drawn(T, h)[0], drawn(T, h, h, low=-1)[1] / np.sqrt(h)
        scans = [lambda order=order: scan_matrices(b, c, order) for order in ORDERS]  # noqa: B023
        compare(f"T = {T}, h = {h}", [lambda: matrix_loop(b, c)], scans)  # noqa: B023


def linear_rnn(h, rng):
    W_hx, W_qh = rng.standard_normal((h, 1)), rng.standard_normal((1, h)) / np.sqrt(h)
    return RNN(W_hx, np.diag(rng.uniform(0.5, 1, h)), W_qh, phi="identity")


def minimal_gru(h, rng):
    return MinimalGRU.random(1, h, 1, rng, update_bias=2.0)


def gradients(title, make):
    head(f"the gradient of {title}", "gradient", orders=["two scans"])
    for T, h in [(10**n, 16) for n in (3, 4, 5, 6)] + [(10**4, 64), (10**4, 256)]:
        rng = np.random.default_rng(0)
        net, x, y = make(h, rng), rng.standard_normal((T, 1)), rng.standard_normal((T, 1))
        by_loop = lambda: gradient(net, x, y, loss="squared").flat()  # noqa: B023, E731
        compare(f"T = {T}, h = {h}", [by_loop], [lambda: scanned_gradient(net, x, y, loss="squared").flat()])  # noqa: B023


def main():
    print("ms of the scan; loop / scan: how many times as long the loop takes")
    for table in (scalars, diagonals, matrices):
        table()
    gradients("a linear RNN with diagonal W_hh", linear_rnn)
    gradients("a minimal GRU", minimal_gru)


if __name__ == "__main__":
    main()
