"""What the minimal GRU gives up, and where a scan pays: what the two pictures show."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from reference import assert_close
from strategies import few
from within import within

from bpttlib import RNN, MinimalGRU
from bpttlib.counting import count_products
from bpttlib.experiments import minimal, scan_times
from bpttlib.experiments.scan_times import KINDS, LENGTHS, Kind
from bpttlib.figures.minimal import MinimalPicture
from bpttlib.figures.numbers import grouped
from bpttlib.figures.scan_times import ScanTimesPicture

# ---- odd or even --------------------------------------------------------------------------------


def changes(o):
    """How often the sign changes."""
    return int((np.diff(o.ravel() > 0)).sum())


def test_h_units_that_hold_out_longest():
    for h in range(1, 7):
        net = minimal.longest_right(h)
        o = net.forward(np.ones((60, 1))).o.ravel()
        assert_close(o[: h + 1], 3.0 * (-1.0) ** np.arange(h + 1), tol=1e-8)
        assert minimal.in_a_row(o > 0) == h + 1 and changes(o) == h


@few
@given(seed=st.integers(0, 9999), h=st.integers(1, 6), size=st.sampled_from([0.1, 1.0, 10.0]))
def test_no_weights_change_the_side_more_than_h_times(seed, h, size):
    """The read-out solves for h random changes or fails to: whatever it is, h is never passed."""
    rng = np.random.default_rng(seed)
    net = MinimalGRU(size * rng.standard_normal((2 * h, 1)), np.ones((1, h)), rng.standard_normal(2 * h))
    states = net.forward(np.ones((200, 1)), rng.standard_normal(h)).h[1:, 0]
    w = np.linalg.lstsq(states[: h + 1], rng.choice([-1.0, 1.0], h + 1), rcond=None)[0]
    assert changes(states @ w + rng.choice([0.0, rng.standard_normal()])) <= h


@few
@given(st.lists(st.sampled_from([0, 1]), min_size=1, max_size=60))
def test_the_flipping_unit_and_two_tanh_units_are_right_about_any_text(bits):
    odd = [sum(bits[: t + 1]) % 2 for t in range(len(bits))]
    assert minimal.parity(bits).tolist() == odd
    assert_close(minimal.flipping_unit(bits), 3.0 * (2 * np.array(odd) - 1))
    o = minimal.two_tanh_units().forward(np.array(bits, float)[:, None]).o.ravel()
    assert ((o > 0) == odd).all() and (abs(o) > 2.9).all()


def test_a_c_that_hears_no_input_cannot_tell_ones_from_steps():
    """c = -1 for ever is right about 1 1 1 …, and wrong about 1 0."""
    net = RNN([[0.0]], [[-1.0]], [[-1.0]], phi="identity")
    assert (net.forward(np.ones((9, 1)), h0=[1.0]).o.ravel() > 0).tolist() == [True, False] * 4 + [True]
    assert net.forward([[1.0], [0.0]], h0=[1.0]).o[1] < 0


def test_the_picture_of_the_three():
    found = minimal.run()
    assert [minimal.in_a_row(p > 0.5) for p in found["odd"].values()] == [5, 24, 24]
    alt = drawn(MinimalPicture, found)
    first, turning, tanh = alt.removesuffix(".").split(". ")[1].split("; ")
    assert first == "minimal GRU, 4 units with c between 0 and 1, by a scan, 6"
    assert turning == "a single unit with c = −1 at a one, by a scan, never" and tanh.endswith("by a loop, never")


def test_a_right_answer_looks_in_every_lane_as_in_the_key():
    picture = MinimalPicture().update(**minimal.run())
    right, wrong = picture.figure.legends[0].get_lines()
    for _, _, *dots in picture.lanes.values():
        for drawn_so, key in zip(dots, (right, wrong), strict=True):
            assert drawn_so.get_mfc() == key.get_mfc() and drawn_so.get_mec() == key.get_mec()


# ---- loop and scan ------------------------------------------------------------------------------


@within("kind", [Kind(False, 3), Kind(True, 3)])
def test_loop_and_scan_are_the_same_and_make_as_many_products_as_told(kind):
    b, c = scan_times.drawn(kind, 9)
    matrices = c if kind.matrix else [np.diag(row) for row in c]
    wanted = [b[0]]
    for b_t, c_t in zip(b[1:], matrices[1:], strict=True):
        wanted.append(b_t + c_t @ wanted[-1])
    for way in (scan_times.looped, scan_times.scanned):
        assert_close(way(b, c), np.array(wanted))
    loop, scanned = scan_times.counts(kind, T=9)
    assert count_products(scan_times.scanned, b, c)[1] == scanned
    multiply = (lambda b, c: c @ b) if kind.matrix else (lambda b, c: c * b)
    assert 8 * count_products(multiply, b[0], c[0])[1] == loop


def test_a_scan_of_numbers_makes_three_times_the_products_and_of_matrices_h_and_2():
    for kind in (Kind(False, 5), *KINDS):
        loop, scanned = scan_times.counts(kind, T=2**14)
        assert_close(scanned / loop, kind.h + 2 if kind.matrix else 3, tol=0.01)


def test_the_table_is_whole_and_the_picture_draws_it():
    kept = scan_times.kept()
    assert {kind: [*ratios] for kind, ratios in kept.items()} == LENGTHS
    assert min(min(ratios.values()) for ratios in kept.values()) > 0
    assert scan_times.run() == {"kept": kept}
    picture = ScanTimesPicture().update(**scan_times.run())
    for kind, line in picture.curves.items():
        assert dict(line.get_xydata().tolist()) == kept[kind]
    ratio = kept[KINDS[0]][10**6]
    assert ratio > 1 and f"diagonal of 16 {ratio:.2g} at T = {grouped(10**6)}, diagonal of 1024 0." in picture.alt


def test_the_labels_stand_in_the_order_of_their_curves():
    picture = ScanTimesPicture().update(**scan_times.run())
    ends = {kind: line.get_ydata()[-1] for kind, line in picture.curves.items()}
    heights = {kind: words.get_position()[1] for kind, (_, words) in picture.labels.items()}
    assert sorted(ends, key=ends.get) == sorted(heights, key=heights.get)


def test_the_table_is_made_anew(monkeypatch, tmp_path):
    monkeypatch.setattr(scan_times, "LENGTHS", {KINDS[0]: [2, 3]})
    scan_times.make(tmp_path / "scan.csv")
    *head, first, second = (tmp_path / "scan.csv").read_text(encoding="utf-8").splitlines()
    assert "\n".join(head) == scan_times.HEAD and [line.split(",")[:3] for line in (first, second)] == [
        ["diagonal", "16", "2"],
        ["diagonal", "16", "3"],
    ]


def drawn(picture, found):
    """The sentence, when all has been drawn."""
    shown = picture().update(**found)
    assert shown.png().startswith(b"\x89PNG")
    return shown.alt
