"""How many weights a network has: a number for given sizes, or a formula in the sizes.

What is right, and what people count who count otherwise, follows from the network's equations.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from grader.kinds.count.judge import judge
from grader.kinds.count.question import CountParams, asks, controls
from grader.model.kind import Kind, KindExample

NETWORK: dict[str, Any] = {
    "inputs": {"x": "n_in"},
    "parameters": {"U": "n_h x n_in", "W": "n_h x n_h", "b": "n_h"},
    "equations": ["h(t) = tanh(U @ x(t) + W @ h(t-1) + b)"],
}
FORMULA = {"network": NETWORK}
NUMBER = {"network": NETWORK, "sizes": {"n_in": 3, "n_h": 4}}
EACH = {**NUMBER, "asked": ["U", "W", "parameters"]}
CREDIT = {**FORMULA, "slip_credit": Fraction(1, 2)}

# How much work or memory something takes: any formula that grows as this one does.
WORK = {"big_o": "T*n_h^2", "sizes": ["T", "n_h"]}
BOTH = {**FORMULA, "sizes": ["T"], "big_o": {"time": "T*n_h*(n_h + n_in)"}}

KIND = Kind(
    params=CountParams,
    asks=asks,
    controls=controls,
    judge=judge,
    examples=(
        KindExample("Matrix by matrix", FORMULA, "q = dict(parameters='n_h*n_in + n_h^2 + n_h')", "correct"),
        KindExample("Layer by layer", FORMULA, "q = 'n_h*(n_in + n_h + 1)'", "correct"),
        KindExample("A number", NUMBER, "q = dict(parameters=32)", "correct"),
        KindExample("A number worked out", NUMBER, "q = dict(parameters='4*3 + 4*4 + 4')", "correct"),
        KindExample("A formula where a number is asked", NUMBER, "q = 'n_h*(n_in + n_h + 1)'", "correct"),
        KindExample(
            "Without biases",
            FORMULA,
            "q = dict(parameters='n_h*(n_in + n_h)')",
            "incorrect",
            "counterexample",
        ),
        KindExample("A known mistake with credit", CREDIT, "q = 'n_h*(n_in + n_h)'", "partial", "wrong"),
        KindExample("One of three wrong", EACH, "q = dict(U=12, W=16, parameters=28)", "partial", "wrong"),
        KindExample(
            "A number for a formula", FORMULA, "q = dict(parameters=32)", "incorrect", "missing-symbol"
        ),
        KindExample("An order of growth", WORK, "q = dict(order='O(T n_h^2)')", "correct"),
        KindExample("Each product counted", WORK, "q = dict(order='2*T*n_h*(n_h + 3) + 5')", "correct"),
        KindExample("A bound not tight", WORK, "q = dict(order='T*n_h^3')", "incorrect", "grows-too-fast"),
        KindExample("A sum for a product", WORK, "q = 'T + n_h'", "incorrect", "grows-too-slowly"),
        KindExample("Negative somewhere", WORK, "q = dict(order='T*n_h^2 - T^2')", "invalid", "not-an-order"),
        KindExample(
            "Weights and work",
            BOTH,
            "q = dict(parameters='n_h*(n_h + n_in + 1)', time=r'\\Theta(T n_h^2 + T n_h n_{in})')",
            "correct",
        ),
        KindExample("Another name", FORMULA, "q = dict(parameters='H*H')", "invalid", "unknown-name"),
    ),
)
