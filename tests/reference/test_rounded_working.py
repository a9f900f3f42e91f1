"""Rounded working against a loop in pure Python that rounds decimals as a person does."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from reference.rounded_working import rounded_traces

# CE/CZ4042 Tutorial 8, question 1.
X = [[1, 2, -1], [-1, 1, -2], [0, 3, 1], [2, -1, 0]]
U = [[-1.0, 0.5], [0.5, 0.1], [0.2, -2.0]]
W_ELMAN = [[2.0, 1.3], [1.5, 0.0]]
W_JORDAN = [[2.0, 1.3]]
V = [[2.0], [-1.5]]
B = [0.2, 0.2]
C = [0.5]


def to_places(value: float, places: int) -> float:
    return float(Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def outputs_by_hand(cell: str, places: int, rounds_h: bool, rounds_y: bool) -> list[float]:
    W: Any = W_ELMAN if cell == "elman" else W_JORDAN
    back, ys = [0.0] * len(W), []
    for x in X:
        h = [
            math.tanh(
                sum(x[i] * U[i][j] for i in range(3)) + sum(back[i] * W[i][j] for i in range(len(W))) + B[j]
            )
            for j in range(2)
        ]
        if rounds_h:
            h = [to_places(value, places) for value in h]
        y = 1 / (1 + math.exp(-(h[0] * V[0][0] + h[1] * V[1][0] + C[0])))
        back = h if cell == "elman" else [to_places(y, places) if rounds_y else y]
        ys.append(y)
    return ys


@pytest.mark.parametrize("places", [1, 2, 3])
@pytest.mark.parametrize(
    ("cell", "paths"),
    [("elman", [(True, False)]), ("jordan", [(True, False), (False, True), (True, True)])],
)
def test_each_path_is_what_a_person_gets(cell: Any, paths: list[tuple[bool, bool]], places: int) -> None:
    W: Any = W_ELMAN if cell == "elman" else W_JORDAN
    traces = rounded_traces(cell, places, X, U, W, V, B, C)
    assert [trace.y.ravel().tolist() for trace in traces] == [
        pytest.approx(outputs_by_hand(cell, places, *path), abs=1e-12) for path in paths
    ]


def test_known_path_value() -> None:
    # y rounded to 2 places in the feedback gives y(4) = 0.154692: sheet 1(b), computed elsewhere.
    assert rounded_traces("jordan", 2, X, U, W_JORDAN, V, B, C)[1].y[3, 0] == pytest.approx(
        0.154692, abs=5e-7
    )
