from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from reference.instances import Sizes, make_instance, probing, random_instance, smallest, unroll


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


@pytest.mark.parametrize("cell", ["elman", "jordan"])
def test_probes_have_every_size_once_alone_and_all_alike(cell: Any) -> None:
    """What is right for one output only, or tells W from its transpose by size, shows in one of them."""
    instances = probing(cell, np.random.default_rng(1))
    sizes = [instance.sizes for instance in instances]
    for axis in ("n_in", "n_h", "n_out"):
        alone = [one for one in sizes if getattr(one, axis) == 1]
        assert any(min({**one._asdict(), axis: 2}.values()) > 1 for one in alone), axis
    assert any(len({one.n_in, one.n_h, one.n_out}) == 1 < one.n_in for one in sizes)
    assert max(one.T for one in sizes) >= 20
    assert max(abs(instance.x).max() for instance in instances) > 10


@pytest.mark.parametrize("cell", ["elman", "jordan"])
def test_some_probes_differ_in_inputs_alone_in_weights_alone_and_in_nothing(cell: Any) -> None:
    instances = probing(cell, np.random.default_rng(1))
    pairs = [(a, b) for i, a in enumerate(instances) for b in instances[:i] if a.sizes == b.sizes]
    same = [
        (np.array_equal(a.x, b.x), all(np.array_equal(v, w) for v, w in zip(a[1:], b[1:], strict=True)))
        for a, b in pairs
    ]
    assert {(True, False), (False, True), (True, True)} <= set(same)
