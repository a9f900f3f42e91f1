"""Elman and Jordan against loops of 50-digit arithmetic and the sheet's printed values."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.elman import elman
from reference.jordan import jordan
from reference.network import Trace, sigmoid, softmax

# CE/CZ4042 Tutorial 8, question 1.
X = [[1, 2, -1], [-1, 1, -2], [0, 3, 1], [2, -1, 0]]
U = [[-1.0, 0.5], [0.5, 0.1], [0.2, -2.0]]
W_ELMAN = [[2.0, 1.3], [1.5, 0.0]]
W_JORDAN = [[2.0, 1.3]]
V = [[2.0], [-1.5]]
B = [0.2, 0.2]
C = [0.5]
SIZES = st.integers(1, 4)


def by_hand(cell: str, x: Any, U: Any, W: Any, V: Any, b: Any, c: Any) -> tuple[list[Any], list[Any]]:
    """The sums of the sheet written out index by index in 50-digit arithmetic."""
    hs, ys = [], []
    with mpmath.workdps(50):
        back = [mpmath.mpf(0)] * len(W)
        for x_t in x:
            h = []
            for j in range(len(b)):
                u = mpmath.mpf(float(b[j]))
                u += sum(mpmath.mpf(float(U[i][j])) * mpmath.mpf(float(x_t[i])) for i in range(len(x_t)))
                u += sum(mpmath.mpf(float(W[i][j])) * back[i] for i in range(len(W)))
                h.append(mpmath.tanh(u))
            y = []
            for k in range(len(c)):
                u = mpmath.mpf(float(c[k]))
                u += sum(mpmath.mpf(float(V[j][k])) * h[j] for j in range(len(b)))
                y.append(1 / (1 + mpmath.exp(-u)))
            back = h if cell == "elman" else y
            hs.append([float(v) for v in h])
            ys.append([float(v) for v in y])
    return hs, ys


@pytest.mark.parametrize(("cell", "network"), [("elman", elman), ("jordan", jordan)])
@given(seed=st.integers(0, 10**6), steps=SIZES, n_in=SIZES, n_h=SIZES, n_out=SIZES)
def test_network_equals_the_sums_written_out(
    cell: str, network: Callable[..., Trace], seed: int, steps: int, n_in: int, n_h: int, n_out: int
) -> None:
    rng = np.random.default_rng(seed)
    rows = n_h if cell == "elman" else n_out
    arrays = [
        rng.normal(0, 1.5, size)
        for size in ((steps, n_in), (n_in, n_h), (rows, n_h), (n_h, n_out), (n_h,), (n_out,))
    ]
    h, y = by_hand(cell, *arrays)
    trace = network(*arrays)
    np.testing.assert_allclose(trace.h, h, rtol=0, atol=1e-10)
    np.testing.assert_allclose(trace.y, y, rtol=0, atol=1e-10)


def test_elman_gives_the_printed_values() -> None:
    trace = elman(X, U, W_ELMAN, V, B, C)  # printed: Tutorial 8, 1(a), worked solution
    assert trace.y.round(2).ravel().tolist() == [0.27, 0.73, 0.94, 0.11]
    assert trace.h.round(2).tolist() == [[0.0, 0.99], [0.99, 1.0], [1.0, -0.21], [-0.54, 0.98]]


def test_jordan_gives_the_printed_values() -> None:
    trace = jordan(X, U, W_JORDAN, V, B, C)  # printed: Tutorial 8, 1(b), worked solution
    assert trace.y.round(2).ravel().tolist() == [0.27, 0.71, 0.96, 0.16]
    assert trace.h.round(2).tolist() == [[0.0, 0.99], [0.95, 1.0], [1.0, -0.52], [-0.36, 0.98]]


@pytest.mark.parametrize(("network", "W"), [(elman, W_ELMAN), (jordan, W_JORDAN)])
def test_no_input_gives_no_output(network: Callable[..., Trace], W: Any) -> None:
    trace = network(np.zeros((0, 3)), U, W, V, B, C)
    assert trace.h.shape == (0, 2)
    assert trace.y.shape == (0, 1)


def test_start_value_continues_a_sequence() -> None:
    whole = elman(X, U, W_ELMAN, V, B, C)
    rest = elman(X[2:], U, W_ELMAN, V, B, C, h_0=whole.h[1])
    np.testing.assert_array_equal(rest.y, whole.y[2:])
    whole = jordan(X, U, W_JORDAN, V, B, C)
    rest = jordan(X[2:], U, W_JORDAN, V, B, C, y_0=whole.y[1])
    np.testing.assert_array_equal(rest.h, whole.h[2:])


def test_arguments_are_left_as_they_are() -> None:
    arrays = [np.array(value, dtype=float) for value in (X, U, W_ELMAN, V, B, C)]
    before = [array.copy() for array in arrays]
    elman(*arrays)
    for array, copy in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_sigmoid_does_not_overflow() -> None:
    with np.errstate(all="raise", under="ignore"):
        values = sigmoid(np.array([-1e4, -700.0, 0.0, 700.0, 1e4]))
    assert values.tolist() == [0.0, pytest.approx(math.exp(-700), rel=1e-12), 0.5, 1.0, 1.0]


def test_softmax_is_taken_over_the_last_axis_without_overflow() -> None:
    u = np.array(
        [[[0.0, math.log(3)], [5.0, 5.0], [-1e4, 1e4]], [[1.0, 1.0], [2.0, 2.0 + math.log(9)], [0.0, 0.0]]]
    )
    shares = [[[0.25, 0.75], [0.5, 0.5], [0.0, 1.0]], [[0.5, 0.5], [0.1, 0.9], [0.5, 0.5]]]
    np.testing.assert_allclose(softmax(u), shares, rtol=1e-14, atol=0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"W": np.ones((3, 2))}, r"W has shape \(3, 2\): axis 0 is n_h = 3, but U says n_h = 2"),
        ({"x": np.ones((4, 2))}, r"x has shape \(4, 2\): axis 1 is n_in = 2, but U says n_in = 3"),
        ({"V": np.ones(2)}, r"V has shape \(2,\); wanted \(n_h, n_out\)"),
        ({"b": np.ones((2, 1))}, r"b has shape \(2, 1\); wanted \(n_h,\)"),
        ({"c": np.ones(2)}, r"c has shape \(2,\): axis 0 is n_out = 2, but V says n_out = 1"),
        ({"h_0": np.ones(3)}, r"h_0 has shape \(3,\); wanted \(n_h,\) with n_h = 2"),
    ],
)
def test_misfit_names_axis_and_both_sizes(change: dict[str, Any], message: str) -> None:
    arguments: dict[str, Any] = {"x": X, "U": U, "W": W_ELMAN, "V": V, "b": B, "c": C}
    with pytest.raises(ValueError, match=message):
        elman(**(arguments | change))


def test_jordan_wants_the_outputs_as_rows_of_w() -> None:
    with pytest.raises(ValueError, match=r"W has shape \(2, 2\): axis 0 is n_out = 2, but V says n_out = 1"):
        jordan(X, U, W_ELMAN, V, B, C)
