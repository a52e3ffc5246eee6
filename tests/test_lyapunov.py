"""Lyapunov exponents against eigenvalues, determinants, and products of Jacobians in exact fractions."""

from fractions import Fraction
from math import log

import numpy as np
import pytest

from bpttlib import RNN
from bpttlib.experiments.spectrum import draw
from bpttlib.lyapunov import exponents, log_stretches

rng = np.random.default_rng(0)


def linear(W, T=300):
    """The tape of a linear network with this W_hh: every J_t is W_hh."""
    s = len(W)
    return RNN(np.zeros((s, 1)), W, np.ones((1, s)), phi="identity").forward(np.zeros((T, 1)))


def tanh_pass(h=5, T=60, B=2, seed=3):
    net = RNN.random(2, h, 2, seed, spectral_radius=1.2)
    return net, net.forward(0.3 * rng.standard_normal((T, B, 2)), 0.3 * rng.standard_normal((B, h)))


def test_a_linear_network_has_the_logarithms_of_its_eigenvalues():
    sizes, V = np.array([1.3, -0.9, 0.6, 0.1]), rng.standard_normal((4, 4))
    tape = linear(V @ np.diag(sizes) @ np.linalg.inv(V), T=500)
    assert exponents(tape, skip=250)[0] == pytest.approx(np.log(np.abs(sizes)), abs=1e-9)
    assert exponents(tape, n=2, skip=250)[0] == pytest.approx(np.log([1.3, 0.9]), abs=1e-9)


def test_a_complex_pair_has_two_that_agree_in_the_long_run():
    W = draw(2, 0.9, real=False).W_hh
    for T in (100, 400):
        found = exponents(linear(W, T))[0]
        assert found.mean() == pytest.approx(np.log(0.9), abs=1e-12)
        assert 0 <= found[0] - found[1] < 3 / T


def test_an_orthogonal_network_has_none_but_zero():
    W = np.linalg.qr(rng.standard_normal((6, 6)))[0]
    assert np.abs(log_stretches(linear(W, 50))).max() < 1e-13


def test_they_add_up_to_the_logarithm_of_the_determinants():
    net, tape = tanh_pass()
    slopes = 1 - np.tanh(tape.x @ net.W_hx.T + tape.h[:-1] @ net.W_hh.T) ** 2
    by_hand = np.log(slopes).sum(axis=-1) + np.linalg.slogdet(net.W_hh)[1]  # log |det diag(φ') W_hh|
    assert log_stretches(tape).sum(axis=-1) == pytest.approx(by_hand, abs=1e-10)
    assert exponents(tape).sum(axis=-1) == pytest.approx(by_hand.mean(axis=0), abs=1e-10)


def test_two_units_against_a_product_in_fractions():
    """‖Pᵀq‖ and |det P| of P = J_T … J_1, worked out without rounding."""
    net, tape = tanh_pass(h=2, T=25, B=1)
    q = np.linalg.qr(np.random.default_rng(0).standard_normal((2, 2)).T)[0][:, 0]
    v, det = [Fraction(one) for one in q], Fraction(1)
    for h in tape.h[:0:-1, 0]:
        J = [[Fraction(1 - h[r] ** 2) * Fraction(net.W_hh[r, c]) for c in (0, 1)] for r in (0, 1)]
        v = [J[0][c] * v[0] + J[1][c] * v[1] for c in (0, 1)]
        det *= J[0][0] * J[1][1] - J[0][1] * J[1][0]
    total = log_stretches(tape).sum(axis=0)[0]
    assert total[0] == pytest.approx(log(v[0] ** 2 + v[1] ** 2) / 2, abs=1e-11)
    assert total.sum() == pytest.approx(log(abs(det)), abs=1e-11)
    most = np.linalg.svd(np.linalg.multi_dot([np.diag(1 - h**2) @ net.W_hh for h in tape.h[:0:-1, 0]]))[1][0]
    assert log(most) - 3 < total[0] <= log(most)


def test_the_first_of_all_are_the_first_alone_and_sequences_stand_for_themselves():
    net, tape = tanh_pass()
    alone = net.forward(tape.x[:, 1], tape.h[0, 1])
    assert log_stretches(tape, n=2) == pytest.approx(log_stretches(tape)[..., :2], abs=1e-12)
    assert log_stretches(alone)[:, 0] == pytest.approx(log_stretches(tape)[:, 1], abs=1e-10)
    assert (np.diff(exponents(tape), axis=-1) <= 0).all()


def test_what_a_singular_jacobian_annihilates_is_minus_infinity():
    one_line = np.outer([1.0, 2.0, -1.0], [0.5, 0.1, 0.2])
    found = exponents(linear(one_line, 20))[0]
    assert found[0] == pytest.approx(np.log(0.5), abs=0.2) and (found[1:] == -np.inf).all()
    assert (exponents(linear(np.zeros((2, 2)), 3)) == -np.inf).all()
    full = RNN([[50.0], [0.0]], 0.5 * np.eye(2), [[1, 1]]).forward(np.ones((4, 1)))  # φ' of the first unit is exactly 0
    assert exponents(full, skip=1)[0].tolist() == pytest.approx([np.log(0.5), -np.inf])


def test_bad_input_is_refused():
    tape = linear(np.eye(2), 5)
    for wrong in ({"n": 3}, {"n": 0}, {"skip": 5}, {"skip": -1}, {"skip": True}, {"skip": 1.0}, {"seed": -1}):
        with pytest.raises(ValueError):
            exponents(tape, **wrong)
    with pytest.raises(TypeError, match="n must be a whole number, got 1.5"):
        exponents(tape, n=1.5)
    for wrong in (RNN.random(2, 3, 1), np.eye(2)):
        for function in (exponents, log_stretches):
            with pytest.raises(TypeError, match="tape must be what net.forward"):
                function(wrong)
