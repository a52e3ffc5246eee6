"""The equations of the course once more, slow and naive: plain loops, one per formula, no call of the library.

Steps are counted from 1 as on the page: `h[t, b]` is h_t of sequence b, and h[0, b] is h_0.
"""

from fractions import Fraction
from itertools import product

import numpy as np

NAMES = ("W_hx", "W_hh", "W_qh", "b_h", "b_q")


def assert_close(found, wanted, tol=1e-12, scale=None, what=""):
    """Largest difference at most tol, times the scale of the numbers if that is above 1 (or as given)."""
    found, wanted = np.asarray(found), np.asarray(wanted)
    assert found.shape == wanted.shape, f"{what}: shape {found.shape}, wanted {wanted.shape}"
    scale = max(1.0, np.abs(wanted).max()) if scale is None else scale
    difference = np.abs(found - wanted).max()
    assert difference <= tol * scale, f"{what}: differs by {difference:.3g} at scale {scale:.3g}"


def assert_same_gradient(found, wanted, tol=1e-12, names=NAMES):
    """A Gradient of the library against a dictionary (or another Gradient)."""
    for name in names:
        right = wanted[name] if isinstance(wanted, dict) else getattr(wanted, name)
        assert_close(getattr(found, name), right, tol, what=name)


# ---- the recurrence -----------------------------------------------------------------------------


def recurrence(b, c):
    """a_t = b_t + c_t a_{t-1}, a_0 = 0, on lists."""
    a, before = [], 0
    for b_t, c_t in zip(b, c, strict=True):
        before = b_t + c_t * before
        a.append(before)
    return a


def path_sum(b, c):
    """a_t = b_t + Σ_{i<t} (Π_{j=i+1}^t c_j) b_i, on lists."""
    a = []
    for t in range(1, len(b) + 1):
        total = b[t - 1]
        for i in range(1, t):
            factor = 1
            for j in range(i + 1, t + 1):
                factor = factor * c[j - 1]
            total = total + factor * b[i - 1]
        a.append(total)
    return a


# ---- the network --------------------------------------------------------------------------------


def forward(case, W, nudge=None):
    """u, h, o as dictionaries over (t, b), each a column vector; nudge[t, b] is added to h_t, from h_0 on."""
    u, h, o = {}, {}, {}
    for b in range(case.B):
        h[0, b] = case.h0[b] + (nudge or {}).get((0, b), 0)
        for t in range(1, case.T + 1):
            u[t, b] = W["W_hx"] @ case.x[t - 1, b] + W["W_hh"] @ h[t - 1, b] + W["b_h"]
            h[t, b] = np.tanh(u[t, b]) if case.phi == "tanh" else u[t, b]
            if nudge and (t, b) in nudge:
                h[t, b] = h[t, b] + nudge[t, b]
            o[t, b] = W["W_qh"] @ h[t, b] + W["b_q"]
    return u, h, o


def loss(case, W, nudge=None):
    """L = 1/(T·B) Σ_t Σ_b l(o_t, y_t)."""
    total = 0
    for (t, b), o in forward(case, W, nudge)[2].items():
        y = case.y[t - 1, b]
        if case.loss == "squared":
            total += sum((o_k - y_k) ** 2 for o_k, y_k in zip(o, y, strict=True)) / 2
        else:
            total += np.log(sum(np.exp(o_k) for o_k in o)) - o[y]
    return total / (case.T * case.B)


def complex_step(case):
    """∂L/∂w = Im L(w + iε)/ε for every entry of every parameter, and for every entry of every h_t."""
    eps = 1e-40
    found = {}
    for name in NAMES:
        found[name] = np.empty(case.W[name].shape)
        for entry in np.ndindex(case.W[name].shape):
            W = {key: value.astype(complex) for key, value in case.W.items()}
            W[name][entry] += eps * 1j
            found[name][entry] = loss(case, W).imag / eps
    n = len(case.W["b_h"])
    found["dL_dh"] = np.empty((case.T, case.B, n))
    for t, b, k in np.ndindex(case.T, case.B, n):
        found["dL_dh"][t, b, k] = loss(case, case.W, {(t + 1, b): eps * 1j * np.eye(n)[k]}).imag / eps
    found["dL_dh0"] = np.empty((case.B, n))
    for b, k in np.ndindex(case.B, n):
        found["dL_dh0"][b, k] = loss(case, case.W, {(0, b): eps * 1j * np.eye(n)[k]}).imag / eps
    return found


# ---- the path triangle --------------------------------------------------------------------------


def output_derivatives(case):
    """∂L/∂o_t over (t, b), 1/(T·B) included."""
    found = {}
    for (t, b), o in forward(case, case.W)[2].items():
        y = case.y[t - 1, b]
        if case.loss == "squared":
            dl_do = o - y
        else:
            dl_do = np.array([np.exp(o_k) / sum(np.exp(o)) - (k == y) for k, o_k in enumerate(o)])
        found[t, b] = dl_do / (case.T * case.B)
    return found


def slope(case, u):
    """φ'(u)."""
    return 1 / np.cosh(u) ** 2 if case.phi == "tanh" else np.ones_like(u)


def paths(case):
    """For every path (t, i, b): the row vector (∂L/∂o_t) W_qh J_t … J_{i+1} and its share of each parameter."""
    u, h, _ = forward(case, case.W)
    for (t, b), dL_do in output_derivatives(case).items():
        row = dL_do @ case.W["W_qh"]
        for i in range(t, 0, -1):
            du = row * slope(case, u[i, b])
            yield t, i, b, row, {"W_hx": np.outer(du, case.x[i - 1, b]), "W_hh": np.outer(du, h[i - 1, b]), "b_h": du}
            row = du @ case.W["W_hh"]


def weighted_gradient(case, omega):
    """g = Σ_t Σ_{i≤t} Ω[t,i] (∂L/∂o_t) W_qh J_t … J_{i+1} ∂⁺h_i/∂W, omega (T,T) or (B,T,T)."""
    found = {name: np.zeros(case.W[name].shape) for name in NAMES}
    found["dL_dh"] = np.zeros((case.T, case.B, len(case.W["b_h"])))
    for t, i, b, row, shares in paths(case):
        weight = omega[t - 1, i - 1] if omega.ndim == 2 else omega[b, t - 1, i - 1]
        for name, share in shares.items():
            found[name] += weight * share
        found["dL_dh"][i - 1, b] += weight * row
    h = forward(case, case.W)[1]
    for (t, b), dL_do in output_derivatives(case).items():
        found["W_qh"] += np.outer(dL_do, h[t, b])
        found["b_q"] += dL_do
    return found


def triangle(T, weight):
    """Ω from a function of (t, i), 0 above the diagonal."""
    omega = np.zeros((T, T))
    for t in range(1, T + 1):
        for i in range(1, t + 1):
            omega[t - 1, i - 1] = weight(t, i)
    return omega


def full_omega(T):
    return triangle(T, lambda t, i: 1)


def window_omega(T, tau):
    return triangle(T, lambda t, i: 1 if t - i <= tau - 1 else 0)


def segments_omega(T, tau):
    return triangle(T, lambda t, i: 1 if (t - 1) // tau == (i - 1) // tau else 0)


def edge_omega(xi):
    """Π_{j=i+1..t} ξ_j, xi a sequence with ξ_j in place j-1."""

    def weight(t, i):
        factor = 1.0
        for j in range(i + 1, t + 1):
            factor *= xi[j - 1]
        return factor

    return triangle(len(xi), weight)


# ---- the dice -----------------------------------------------------------------------------------


def outcomes(pi):
    """Every outcome of the dice on the edges 2 … T: (probability, ξ); ξ_1 weighs no path and is 1 here."""
    for kept in product((0, 1), repeat=len(pi) - 1):
        p, xi = 1, [1]
        for k, pi_j in zip(kept, pi[1:], strict=True):
            p = p * (pi_j if k else 1 - pi_j)
            xi.append(1 / pi_j if k else 0)
        yield p, xi


def scalar_moments(b, c, pi, recursive):
    """Mean and variance of every z_t by enumeration, in exact fractions."""
    b, c, pi = ([Fraction(v) for v in values] for values in (b, c, pi))
    a = recurrence(b, c)
    mean, square = [Fraction(0)] * len(b), [Fraction(0)] * len(b)
    for p, xi in outcomes(pi):
        z = []
        for t in range(len(b)):
            before = 0 if t == 0 else (z[t - 1] if recursive else a[t - 1])
            z.append(b[t] + xi[t] * c[t] * before)
        mean = [m + p * z_t for m, z_t in zip(mean, z, strict=True)]
        square = [s + p * z_t**2 for s, z_t in zip(square, z, strict=True)]
    return mean, [s - m**2 for m, s in zip(mean, square, strict=True)]


def edges_shared(t, i, s, k, pi):
    """Π_{j ∈ (i,t]∩(k,s]} 1/π_j - 1 = Cov(Ω[t,i], Ω[s,k])."""
    factor = 1
    for j in range(1, len(pi) + 1):
        if i < j <= t and k < j <= s:
            factor = factor / pi[j - 1]
    return factor - 1


# ---- counted sweeps -----------------------------------------------------------------------------


def counted_edge_sweep(case, xi):
    """δ_t = W_qhᵀ ∂L/∂o_t + ξ_{t+1} J_{t+1}ᵀ δ_{t+1} for sequence 0, and how many products J_tᵀδ it took."""
    u, dL_do, count = forward(case, case.W)[0], output_derivatives(case), 0
    delta = np.zeros((case.T, len(case.W["b_h"])))
    for t in range(case.T, 0, -1):
        delta[t - 1] = case.W["W_qh"].T @ dL_do[t, 0]
        if t < case.T and xi[t] != 0:
            delta[t - 1] += xi[t] * case.W["W_hh"].T @ (slope(case, u[t + 1, 0]) * delta[t])
            count += 1
    return delta, count


def counted_window_sweep(case, tau):
    """Every loss of sequence 0 walks back by itself over tau steps; δ, and how many products J_tᵀδ it took."""
    u, dL_do, count = forward(case, case.W)[0], output_derivatives(case), 0
    delta = np.zeros((case.T, len(case.W["b_h"])))
    for t in range(1, case.T + 1):
        carried = case.W["W_qh"].T @ dL_do[t, 0]
        delta[t - 1] += carried
        for i in range(t - 1, max(t - tau, 0), -1):
            carried = case.W["W_hh"].T @ (slope(case, u[i + 1, 0]) * carried)
            delta[i - 1] += carried
            count += 1
    return delta, count
