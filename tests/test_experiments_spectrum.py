"""Gradients far back in a large network, against Jacobians written out and an eigenvalue solver."""

import numpy as np
import pytest
from within import within

from bpttlib.experiments import spectrum
from bpttlib.experiments.spectrum import LAGS, draw
from bpttlib.longlag import cosines, sent_back
from bpttlib.powers import dominant, eigenvalues, spectral_radius


@within("h", [2, 3, 10, 50])
@within("real", [True, False])
def test_draw_gives_what_was_asked_for(h, real):
    rnn = draw(h, 0.7, real)
    assert spectral_radius(rnn.W_hh) == pytest.approx(0.7)
    assert (dominant(rnn.W_hh).vector is not None) == real
    assert np.array_equal(draw(h, 0.7, real, "identity").W_hh, rnn.W_hh)


def test_draw_refuses_what_has_no_pair():
    for h in (1, 0, 2.5):
        with pytest.raises((ValueError, TypeError)):
            draw(h)


def test_far_gradients_fall_into_line_for_a_real_eigenvalue_and_not_for_a_pair():
    x, errors = np.zeros((2001, 4)), np.random.default_rng(1).standard_normal((6, 4))
    for h in (5, 20, 50):
        assert cosines(sent_back(draw(h, 1.0, True), x, errors))[-1] > 0.999
        pair = draw(h, 1.0, False)
        assert np.iscomplexobj(eigenvalues(pair.W_hh))
        assert cosines(sent_back(pair, x, errors))[-500:].max() < 0.99


@pytest.mark.parametrize("real", [True, False])
@pytest.mark.parametrize("rho, size", [(0.9, 0.5), (1.3, 2.0)])
def test_the_measures_of_the_matrix(real, rho, size):
    found, W = spectrum.run(7, rho, size, real), draw(7, rho, real).W_hh
    lam = np.linalg.eigvals(W)
    assert np.sort_complex(found["values"]) == pytest.approx(np.sort_complex(lam), rel=1e-9)
    first, second = sorted(abs(lam), reverse=True)[:2]
    assert found["ratio"] == pytest.approx(second / first, rel=1e-9) and found["ratio"] <= 1 + 1e-12
    assert found["spectral_radius"] == rho == pytest.approx(first)
    assert found["largest_singular_value"] == pytest.approx(np.sqrt(np.linalg.eigvalsh(W.T @ W)[-1]))
    assert found["real"] is real and (abs(found["values"][0].imag) < 1e-12) == real


def slowly_sent_back(rnn, x, errors, slope):
    """Every error back through one Jacobian diag(slope) W_hh after another; states by the formula."""
    h, slopes = np.zeros(rnn.h), []
    for row in x:
        u = rnn.W_hx @ row + rnn.W_hh @ h + rnn.b_h
        h = u if slope is None else np.tanh(u)
        slopes.append(np.ones(rnn.h) if slope is None else slope(u))
    sent = [[rnn.W_qh.T @ e for e in errors]]
    for at in slopes[:0:-1]:
        sent.append([(np.diag(at) @ rnn.W_hh).T @ v for v in sent[-1]])
    return sent


@pytest.mark.parametrize("rho, size, real", [(0.9, 0.5, True), (1.4, 3.0, False)])
def test_sizes_and_likeness_by_jacobians(rho, size, real):
    found, rng = spectrum.run(5, rho, size, real), np.random.default_rng(0)
    x, errors = size * rng.standard_normal((LAGS + 1, 4)), rng.standard_normal((6, 4))
    for name, phi, slope in (("linear", "identity", None), ("tanh", "tanh", lambda u: np.cosh(u) ** -2.0)):
        sent = slowly_sent_back(draw(5, rho, real, phi), x, errors, slope)
        assert found["sizes"][name].shape == found["likeness"][name].shape == (LAGS + 1,)
        for k in (0, 1, 7, LAGS):
            lengths = [np.sqrt(v @ v) for v in sent[k]]
            first = [np.sqrt(v @ v) for v in sent[0]]
            assert found["sizes"][name][k] == pytest.approx(sum(lengths) / sum(first), rel=1e-8)
            units = [v / length for v, length in zip(sent[k], lengths, strict=True)]
            pairs = [abs(u @ v) for n, u in enumerate(units) for v in units[n + 1 :]]
            assert found["likeness"][name][k] == pytest.approx(sum(pairs) / 15, rel=1e-8)
