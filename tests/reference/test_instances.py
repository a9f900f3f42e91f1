from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from reference.instances import Sizes, make_instance, random_instance, smallest, unroll


def sigmoid(u: float) -> float:
    return 1 / (1 + math.exp(-u))


def test_smallest_instance_is_done_by_hand() -> None:
    one, two, _ = smallest("elman")
    assert unroll("elman", one).y.tolist() == [[pytest.approx(sigmoid(math.tanh(2 - 1) + 1))]]
    h_2 = math.tanh(2 + math.tanh(1) - 1)
    assert unroll("elman", two).y[1, 0] == pytest.approx(sigmoid(h_2 + 1))


@pytest.mark.parametrize("cell", ["elman", "jordan"])
def test_small_instances_hold_whole_numbers(cell: Any) -> None:
    for instance in smallest(cell):
        assert all((array == array.round()).all() for array in instance)


@pytest.mark.parametrize(("cell", "rows"), [("elman", 4), ("jordan", 5)])
def test_random_instance_has_the_sizes_and_no_zero(cell: Any, rows: int) -> None:
    sizes = Sizes(T=2, n_in=3, n_h=4, n_out=5)
    instance = random_instance(cell, sizes, np.random.default_rng(1))
    assert instance.sizes == sizes
    assert instance.W.shape == (rows, 4)
    assert all((array != 0).all() and (abs(array) <= 1.5).all() for array in instance)


def test_misfit_is_refused() -> None:
    with pytest.raises(ValueError, match="axis 0 is n_h = 1, but U says n_h = 2"):
        make_instance("elman", [[1]], [[1, 1]], [[1, 1]], [[1], [1]], [0, 0], [0])
