"""The general cell against a worked table of variants, and against the plain networks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from reference.cell import Cell
from reference.cell_runs import run_cell, run_cells
from reference.elman import elman
from reference.jordan import jordan
from reference.network import Weights, as_weights

# CE/CZ4042 Tutorial 8, question 1.
X = [[1, 2, -1], [-1, 1, -2], [0, 3, 1], [2, -1, 0]]
U = [[-1.0, 0.5], [0.5, 0.1], [0.2, -2.0]]
V = [[2.0], [-1.5]]
B, C = [0.2, 0.2], [0.5]
W = {"elman": [[2.0, 1.3], [1.5, 0.0]], "jordan": [[2.0, 1.3]]}
NETS = {
    "elman": as_weights(X, U, W["elman"], V, B, C, "n_h"),
    "jordan": as_weights(X, U, W["jordan"], V, B, C, "n_out"),
}
OTHER_W = {"elman": np.array(W["jordan"]), "jordan": np.array(W["elman"])}
RIGHT = {"elman": Cell(), "jordan": Cell(fed_back="output")}
# Worked table of variants: y(1) to y(4) to 4 places, computed apart from this code, one mistake at a time.
TABLE: list[tuple[str, dict[str, Any], list[float]]] = [
    ("elman", {}, [0.2707, 0.7284, 0.9432, 0.1126]),
    ("elman", {"W": "as-written"}, [0.2707, 0.7270, 0.9259, 0.1672]),
    ("elman", {"b": "missing"}, [0.2008, 0.7220, 0.9573, 0.0709]),
    ("elman", {"c": "missing"}, [0.1838, 0.6193, 0.9097, 0.0715]),
    ("elman", {"b": "missing", "c": "missing"}, [0.1322, 0.6117, 0.9315, 0.0443]),
    ("elman", {"hidden": "sigmoid"}, [0.5195, 0.7251, 0.8613, 0.5746]),
    ("elman", {"output": "tanh"}, [-0.7578, 0.7559, 0.9928, -0.9683]),
    ("elman", {"output": "linear"}, [-0.9909, 0.9865, 2.8100, -2.0640]),
    ("elman", {"hidden": "linear"}, [0.0208, 0.9978, 1.0000, 1.0000]),
    ("elman", {"hidden": "relu"}, [0.0208, 0.9978, 1.0000, 1.0000]),
    ("elman", {"start": "ones"}, [0.7305, 0.7310, 0.9425, 0.1146]),
    ("elman", {"start": "halves"}, [0.7079, 0.7310, 0.9425, 0.1146]),
    ("elman", {"inputs": "next"}, [0.6737, 0.9545, 0.0870, 0.8790]),
    ("elman", {"inputs": "next-wrapped"}, [0.6737, 0.9545, 0.0870, 0.3213]),
    ("elman", {"inputs": "previous"}, [0.6454, 0.5504, 0.7309, 0.9425]),
    ("elman", {"W": "absent"}, [0.2707, 0.6737, 0.9775, 0.0653]),
    ("elman", {"fed_back": "output", "weights": "other"}, [0.2707, 0.7115, 0.9635, 0.1563]),
    ("elman", {"signal": "preactivation"}, [0.2707, 0.7313, 0.7311, 0.7311]),
    ("elman", {"lag": 2}, [0.2707, 0.6737, 0.9792, 0.6198]),
    ("elman", {"is_inside": False}, [0.2707, 0.9760, 1.0000, 1.0000]),
    ("elman", {"inputs": "reversed"}, [0.0653, 0.9739, 0.6874, 0.7301]),
    ("elman", {"is_reversed": True}, [0.1126, 0.9432, 0.7284, 0.2707]),
    ("elman", {"inputs": "first"}, [0.2707, 0.6934, 0.7302, 0.7305]),
    ("elman", {"W": "negated"}, [0.2707, 0.2017, 0.9560, 0.1379]),
    ("elman", {"b": "subtracted"}, [0.1493, 0.7023, 0.9678, 0.0578]),
    ("elman", {"c": "subtracted"}, [0.1202, 0.4966, 0.8594, 0.0446]),
    ("elman", {"b": "exchanged", "c": "exchanged"}, [0.3291, 0.6677, 0.8862, 0.2700]),
    ("elman", {"h_digits": "rounded"}, [0.2719, 0.7271, 0.9435, 0.1120]),
    ("elman", {"h_digits": "coarse"}, [0.2689, 0.7311, 0.9427, 0.1192]),
    ("elman", {"h_digits": "cut"}, [0.2719, 0.7301, 0.9416, 0.1120]),
    ("elman", {"is_accumulated": True}, [0.2707, 0.3765, 0.8588, 0.9094]),
    ("elman", {"output": "mirrored-sigmoid"}, [0.7293, 0.2716, 0.0568, 0.8874]),
    ("elman", {"hidden": "half-tanh"}, [0.3008, 0.6900, 0.9400, 0.2091]),
    ("jordan", {}, [0.2707, 0.7115, 0.9635, 0.1563]),
    ("jordan", {"b": "missing"}, [0.2008, 0.6926, 0.9703, 0.1218]),
    ("jordan", {"c": "missing"}, [0.1838, 0.5899, 0.9493, 0.0967]),
    ("jordan", {"hidden": "sigmoid"}, [0.5195, 0.6987, 0.8692, 0.4681]),
    ("jordan", {"output": "tanh"}, [-0.7578, -0.8883, 0.9772, -0.9273]),
    ("jordan", {"output": "linear"}, [-0.9909, -2.1659, 0.0301, -2.6763]),
    ("jordan", {"hidden": "linear"}, [0.0208, 0.0719, 0.9988, 0.0241]),
    ("jordan", {"start": "ones"}, [0.7168, 0.7278, 0.9627, 0.1559]),
    ("jordan", {"start": "halves"}, [0.6285, 0.7264, 0.9628, 0.1559]),
    ("jordan", {"start": "activated-bias"}, [0.6672, 0.7271, 0.9627, 0.1559]),
    ("jordan", {"inputs": "next"}, [0.6737, 0.9653, 0.1571, 0.7050]),
    ("jordan", {"inputs": "previous"}, [0.6454, 0.6727, 0.7271, 0.9627]),
    ("jordan", {"W": "absent"}, [0.2707, 0.6737, 0.9775, 0.0653]),
    ("jordan", {"signal": "preactivation"}, [0.2707, 0.1029, 0.5075, 0.0644]),
    ("jordan", {"fed_back": "hidden", "weights": "other"}, [0.2707, 0.7284, 0.9432, 0.1126]),
    ("jordan", {"fed_back": "hidden", "W": "first-row"}, [0.2707, 0.6734, 0.9423, 0.2462]),
    ("jordan", {"y_digits": "rounded"}, [0.2700, 0.7100, 0.9600, 0.1500]),
    ("jordan", {"h_digits": "rounded", "y_digits": "rounded"}, [0.2700, 0.7100, 0.9600, 0.1600]),
    ("jordan", {"h_digits": "cut"}, [0.2719, 0.7140, 0.9625, 0.1584]),
    ("jordan", {"signal": "threshold"}, [0.2707, 0.6737, 0.9424, 0.1739]),
    ("jordan", {"inputs": "reversed"}, [0.0653, 0.9774, 0.7299, 0.6892]),
    ("jordan", {"is_reversed": True}, [0.1563, 0.9635, 0.7115, 0.2707]),
    ("jordan", {"W": "negated"}, [0.2707, 0.5704, 0.9626, 0.2186]),
    ("jordan", {"b": "subtracted"}, [0.1493, 0.6612, 0.9747, 0.0986]),
    ("jordan", {"c": "subtracted"}, [0.1202, 0.4565, 0.9286, 0.0572]),
    ("jordan", {"output": "mirrored-sigmoid"}, [0.7293, 0.2721, 0.0242, 0.9354]),
    ("jordan", {"is_accumulated": True}, [0.2707, 0.3570, 0.9279, 0.5622]),
]


@pytest.mark.parametrize(("network", "change", "y"), TABLE, ids=str)
def test_variant_computes_what_the_worked_table_says(
    network: str, change: dict[str, Any], y: list[float]
) -> None:
    trace = run_cell(replace(RIGHT[network], **change), NETS[network], OTHER_W[network])
    np.testing.assert_allclose(trace.y.ravel(), y, rtol=0, atol=5.1e-5)


@pytest.mark.parametrize("network", ["elman", "jordan"])
def test_all_variants_at_once_are_the_variants_one_by_one(network: str) -> None:
    cells = [replace(RIGHT[network], **change) for name, change, _ in TABLE if name == network]
    together = run_cells(cells, NETS[network], OTHER_W[network])
    for k, cell in enumerate(cells):
        alone = run_cell(cell, NETS[network], OTHER_W[network])
        np.testing.assert_array_equal(together.h[k], alone.h)
        np.testing.assert_array_equal(together.y[k], alone.y)


@pytest.mark.parametrize("network", ["elman", "jordan"])
@pytest.mark.parametrize("sizes", [(0, 2, 3, 2), (1, 1, 1, 1), (5, 4, 3, 2), (6, 2, 2, 5)])
def test_unchanged_cell_is_the_network(network: Any, sizes: tuple[int, int, int, int]) -> None:
    T, n_in, n_h, n_out = sizes
    fed_back = n_h if network == "elman" else n_out
    shapes = ((T, n_in), (n_in, n_h), (fed_back, n_h), (n_h, n_out), (n_h,), (n_out,))
    rng = np.random.default_rng(3)
    instance = [rng.uniform(-1.5, 1.5, shape) for shape in shapes]
    right = elman(*instance) if network == "elman" else jordan(*instance)
    trace = run_cell(RIGHT[network], Weights(*instance))
    np.testing.assert_allclose(trace.h, right.h, rtol=0, atol=1e-13)
    np.testing.assert_allclose(trace.y, right.y, rtol=0, atol=1e-13)


def test_cell_that_the_sizes_do_not_allow_is_nan_and_leaves_the_others_alone() -> None:
    cells = (Cell(fed_back="output", W="as-written"), Cell(fed_back="output"))
    trace = run_cells(cells, NETS["jordan"])
    assert np.isnan(trace.y[0]).all()
    np.testing.assert_allclose(trace.y[1], jordan(*NETS["jordan"]).y, atol=1e-13)


def test_steps_that_only_add_up_overflow_quietly() -> None:
    net = as_weights(np.ones((60, 1)), [[9.0]], [[1e9]], [[1e200]], [1.0], [0.0], "n_h")
    with np.errstate(all="raise", under="ignore"):
        run_cells((Cell(hidden="linear", output="linear"),), net)
