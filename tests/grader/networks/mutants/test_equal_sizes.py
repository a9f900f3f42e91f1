"""What fits only since two sizes are the same number is made and named; plain loops say what it gives."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest

from grader.kinds.trace import KIND
from grader.kinds.trace.diagnose import diagnose
from grader.kinds.trace.question import TraceParams
from grader.model.evidence import facts
from grader.model.kind import Answer
from grader.model.outcome import Verdict
from grader.model.value import Items, Number, Value
from grader.networks.library import library_network

PLACES = 3
X = [[1.0, -0.5], [0.3, 2.0], [-1.2, 0.4], [0.7, 0.9]]
U, W = [[0.7, -0.4], [0.2, 1.1]], [[-0.9, 0.5], [0.3, 0.6]]
U2, W2 = [[1.3, 0.1], [-0.6, 0.8]], [[0.4, -1.0], [0.9, -0.2]]
V, B, C, B2 = [[1.2], [-0.8]], [0.1, -0.3], [0.2], [0.4, -0.1]


def times(matrix: Any, vector: Any) -> list[float]:
    """M v."""
    return [sum(m * v for m, v in zip(row, vector, strict=True)) for row in matrix]


def turned(matrix: Any) -> list[list[float]]:
    return [list(column) for column in zip(*matrix, strict=True)]


def layer(rows: Any, A: Any, R: Any, b: Any) -> list[list[float]]:
    """h(t) = tanh(A v(t) + R h(t-1) + b)."""
    h, found = [0.0] * len(b), []
    for v in rows:
        h = [math.tanh(p + q + r) for p, q, r in zip(times(A, v), times(R, h), b, strict=True)]
        found.append(h)
    return found


def outputs(states: Any) -> list[list[float]]:
    return [[1 / (1 + math.exp(-u - C[0])) for u in times(turned(V), h)] for h in states]


def two_layers(A: Any, R: Any, A2: Any, R2: Any) -> list[list[float]]:
    return layer(layer(X, A, R, B), A2, R2, B2)


# What stands in the library: U^T x + W^T h in elman; U1 x + W1 h1, U2 h1 + W2 h2 in stacked.
ELMAN = ("elman", {"x": X, "U": U, "W": W, "V": V, "b": B, "c": C}, "y")
STACKED = (
    "stacked",
    {"x": X, "U1": U, "W1": W, "U2": U2, "W2": W2, "b1": B, "b2": B2, "V": turned(V), "c": C},
    "h2",
)
SLIPS = {
    "U for W": (ELMAN, outputs(layer(X, turned(W), turned(U), B)), "u-w-exchanged"),
    "U not transposed": (ELMAN, outputs(layer(X, U, turned(W), B)), "h-u-not-transposed"),
    "U1 for W1": (STACKED, two_layers(W, U, U2, W2), "u1-w1-exchanged"),
    "U2 for W2": (STACKED, two_layers(U, W, W2, U2), "u2-w2-exchanged"),
    "in both layers": (STACKED, two_layers(W, U, W2, U2), "u1-w1-u2-w2-exchanged"),
    "W1 for W2": (STACKED, two_layers(U, W2, U2, W), "w1-w2-exchanged"),
    "U1 for U2": (STACKED, two_layers(U2, W, U, W2), "u1-u2-exchanged"),
    "U2 transposed": (STACKED, two_layers(U, W, turned(U2), W2), "h2-u2-transposed"),
    "U1 and U2 transposed": (
        STACKED,
        two_layers(turned(U), W, turned(U2), W2),
        "all-transpose-forward-in-all-layers",
    ),
}
RIGHT = {
    "elman": (ELMAN, outputs(layer(X, turned(U), turned(W), B))),
    "stacked": (STACKED, two_layers(U, W, U2, W2)),
}


def question(name: str, values: dict[str, Any], asked: str) -> TraceParams:
    network = library_network(f"library/{name}").network
    check = {"network": network, "values": values, "places": PLACES, "asked": [asked]}
    return msgspec.convert(check, TraceParams)


def plain(rows: Any) -> Value:
    if isinstance(rows, list):
        return Items(tuple(map(plain, rows)))
    return Number(repr(round(rows, PLACES)), "float")


@pytest.mark.parametrize("title", SLIPS)
def test_what_fits_by_its_numbers_alone_is_named(title: str) -> None:
    (name, values, asked), rows, wanted = SLIPS[title]
    params = question(name, values, asked)
    judgement = KIND.judge(params, Answer(fields={asked: plain(rows)}))
    assert judgement.outcome.verdict != Verdict.CORRECT
    named = facts(diagnose(params, judgement.facts).evidence)["diagnosis"]["explanations"]
    assert [list(one) for one in named] == [[wanted]]


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_is_right(name: str) -> None:
    (name, values, asked), rows = RIGHT[name]
    judgement = KIND.judge(question(name, values, asked), Answer(fields={asked: plain(rows)}))
    assert judgement.outcome.verdict == Verdict.CORRECT
