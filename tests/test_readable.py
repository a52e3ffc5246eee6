"""The judge of words in pictures finds what a reader could not read, and nothing else."""

import importlib

import pytest
from drawn import live
from matplotlib.patches import Rectangle
from readable import faults

from bpttlib.figures.live import Picture


class Words(Picture):
    """One axes in which words stand and a bar may lie over them."""

    inches = (4.0, 2.0)

    def build(self):
        self.ax = self.axes(0.5, 0.5, 3.0, 1.0, xlim=(0, 3), ylim=(0, 1))
        self.first = self.moving(self.ax.text(0.5, 0.5, "first"))
        self.second = self.words(2.0, 0.5, self.ax)
        self.bar = self.moving(self.ax.add_patch(Rectangle((0, 0), 0, 1)))

    def show(self, first=0.5, second=2.0, bar=(0.0, 0.0)):
        self.first.set_x(first)
        self.second.set(x=second, text="second")
        self.bar.set(x=bar[0], width=bar[1])
        return "words"


@pytest.mark.parametrize(
    ("shown", "wrong"),
    [
        ({}, []),
        ({"bar": (0.1, 0.3)}, []),
        ({"bar": (0.4, 0.3)}, ["'first' is covered"]),
        ({"bar": (2.1, 0.1)}, ["'second' is covered"]),
        ({"first": 3.3}, ["'first' is cut by the edge"]),
        ({"first": 1.9}, ["'first' and 'second' overlap"]),
        ({"first": 1.6}, []),
    ],
)
def test_what_cannot_be_read_is_named(shown, wrong):
    assert faults(Words().update(**shown)) == wrong


def test_labels_of_ticks_that_are_not_drawn_do_not_count():
    picture = Words()
    picture.ax.set(xticks=[0, 1, 2, 3], xlim=(0, 1.5))  # those of 2 and 3 would stand outside
    assert faults(picture.update(second=1.0)) == []


STILLS = (
    "cancellation regimes sums ways memory rank_one best_dice minimal scan_times million"  # whose numbers take no time
)


@pytest.mark.parametrize("stem", STILLS.split())
def test_words_can_be_read_where_no_slider_moves_them(stem):
    shown = importlib.import_module(f"bpttlib.experiments.{stem}").run()
    module = importlib.import_module(f"bpttlib.figures.{stem}")
    (picture,) = (getattr(module, name) for name in module.__all__ if name.endswith("Picture"))
    assert faults(live(picture).update(**shown)) == []
