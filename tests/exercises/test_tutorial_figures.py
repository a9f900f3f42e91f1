"""The tutorial's numbers, found again with the standard library, against its published figures."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from math import exp, tanh
from pathlib import Path
from typing import Any

import pytest

EXERCISE = Path(__file__).parents[2] / "exercises" / "ntu-cz4042-tutorial-8" / "exercise.toml"

# NTU CE/CZ4042 Tutorial 8, question 1: the printed results, to 2 decimal places.
PUBLISHED = {
    "q1a": {
        "y": ["0.27", "0.73", "0.94", "0.11"],
        "h": [["0.0", "0.99"], ["0.99", "1.0"], ["1.0", "-0.21"], ["-0.54", "0.98"]],
    },
    "q1b": {
        "y": ["0.27", "0.71", "0.96", "0.16"],
        "h": [["0.0", "0.99"], ["0.95", "1.0"], ["1.0", "-0.52"], ["-0.36", "0.98"]],
    },
}
HALF_UNIT = 0.005 + 1e-9


def checks() -> dict[str, dict[str, Any]]:
    table = tomllib.loads(EXERCISE.read_text(encoding="utf-8"))
    return {question["id"]: question["check"] for question in table["question"]}


def values(question: str) -> dict[str, Any]:
    found: dict[str, Any] = checks()[question]["values"]
    return found


def run(check: dict[str, Any], feeds_output: bool) -> tuple[list[list[float]], list[float]]:
    """One output and any number of hidden units, written out sum by sum."""
    U, W, V, b, (c,) = (check[name] for name in "UWVbc")
    back = [0.0] * len(W)
    hs, ys = [], []
    for x in check["x"]:
        h = []
        for k in range(len(b)):
            u = b[k]
            u += sum(U[i][k] * x[i] for i in range(len(x)))
            u += sum(W[i][k] * back[i] for i in range(len(back)))
            h.append(tanh(u))
        y = 1 / (1 + exp(-(c + sum(V[k][0] * h[k] for k in range(len(h))))))
        back = [y] if feeds_output else h
        hs.append(h)
        ys.append(y)
    return hs, ys


@pytest.mark.parametrize(("question", "feeds_output"), [("q1a", False), ("q1b", True)])
def test_the_sheets_instance_gives_the_published_figures(question: str, feeds_output: bool) -> None:
    hs, ys = run(values(question), feeds_output)
    for y, printed in zip(ys, PUBLISHED[question]["y"], strict=True):
        assert abs(y - float(printed)) <= HALF_UNIT
    for row, printed_row in zip(hs, PUBLISHED[question]["h"], strict=True):
        for h, printed in zip(row, printed_row, strict=True):
            assert abs(h - float(printed)) <= HALF_UNIT


@pytest.mark.parametrize(("question", "code"), [("q1a", "q1a_code"), ("q1b", "q1b_code")])
def test_the_code_question_ends_with_the_same_network(question: str, code: str) -> None:
    by_hand, as_code = values(question), checks()[code]["values"]
    for name in "UWVbcx":
        assert by_hand[name] == as_code[name]


def test_without_transposing_w_the_published_figures_do_not_come_out() -> None:
    check = values("q1a")
    turned = {**check, "W": [list(row) for row in zip(*check["W"], strict=True)]}
    _, ys = run(turned, feeds_output=False)
    assert [round(Decimal(y), 2) for y in ys] != [Decimal(y) for y in PUBLISHED["q1a"]["y"]]
