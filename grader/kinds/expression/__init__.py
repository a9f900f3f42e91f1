"""Formulas and conditions in declared symbols, however they are written."""

from __future__ import annotations

from typing import Any

from grader.kinds.expression.judge import judge
from grader.kinds.expression.question import ExpressionParams, asks, controls
from grader.model.kind import Kind, KindExample

UNROLLED = {"expressions": {"g2": "w*x1 + x2"}, "symbols": ["w", "x1", "x2"]}
SLOPE = {
    "expressions": {"dg": "x1*(1 - tanh(w*x1)^2)"},
    "symbols": ["w", "x1"],
    "mistakes": [
        {"field": "dg", "formula": "w*(1 - tanh(w*x1)^2)", "id": "wrong-variable", "message": "d/dx1."}
    ],
}
STABLE = {"conditions": {"stable": "|a| < 1"}, "symbols": ["a"]}
ORDER = {
    "big_o": {"cost": "T*n_h^2"},
    "symbols": ["T", "n_h"],
    "mistakes": [{"field": "cost", "formula": "T*n_h", "id": "one-product", "message": "W is a matrix."}],
}
COUNT = {"numeric": True, "expressions": {"n": "12"}}
UNIT: dict[str, Any] = {
    "network": {
        "inputs": {"x": "number"},
        "parameters": {"u": "number", "w": "number"},
        "equations": ["h(t) = tanh(w * h(t-1) + u * x(t))"],
        "sizes": {"h": "number"},
    },
    "asked": ["h(2)", "dL/dw"],
    "loss": "(h(2) - y)^2/2",
    "symbols": ["y"],
    "named": ["h"],
}

KIND = Kind(
    params=ExpressionParams,
    asks=asks,
    controls=controls,
    judge=judge,
    examples=(
        KindExample("As it stands", UNROLLED, "q = dict(g2='w*x1 + x2')", "correct"),
        KindExample("In another spelling", UNROLLED, "q = dict(g2='g2 = x₂ + x[1]·W')", "correct"),
        KindExample("By an identity", SLOPE, "q = dict(dg='x1 / cosh(w*x1)^2')", "correct"),
        KindExample("Names side by side", SLOPE, "q = dict(dg='x1 / cosh(w x1)^2')", "correct", "read-as"),
        KindExample(
            "Names run together", SLOPE, "q = dict(dg='x1 / cosh(wx1)^2')", "invalid", "unknown-name"
        ),
        KindExample("A condition", STABLE, "q = dict(stable='-1 < a < 1')", "correct"),
        KindExample("An interval alone", STABLE, "q = dict(stable='(-1, 1)')", "correct"),
        KindExample("A closed one", STABLE, "q = dict(stable='[-1, 1]')", "incorrect", "boundary"),
        KindExample("An order of growth", ORDER, "q = dict(cost='O(T n_h^2)')", "correct"),
        KindExample(
            "Smaller terms do not count",
            ORDER,
            "q = dict(cost='2*T*n_h*(n_h + 1) + 5')",
            "correct",
        ),
        KindExample("A bound not tight", ORDER, "q = dict(cost='O(T*n_h^3)')", "incorrect", "grows-too-fast"),
        KindExample("A factor missing", ORDER, "q = dict(cost='T*n_h')", "incorrect", "grows-too-slowly"),
        KindExample("No order: it is negative", ORDER, "q = dict(cost='T - n_h')", "invalid", "not-an-order"),
        KindExample("A number worked out", COUNT, "q = dict(n='3*(2 + 2)')", "correct"),
        KindExample("A sign", UNROLLED, "q = dict(g2='-w*x1 - x2')", "incorrect", "sign"),
        KindExample("A missing term", UNROLLED, "q = dict(g2='x2')", "incorrect", "terms-missing"),
        KindExample(
            "A recognised mistake",
            SLOPE,
            "q = dict(dg='w*(1 - tanh(w*x1)^2)')",
            "incorrect",
            "counterexample",
        ),
        KindExample("The end included", STABLE, "q = dict(stable='|a| <= 1')", "incorrect", "boundary"),
        KindExample("Another number", COUNT, "q = dict(n=11)", "incorrect", "wrong"),
        KindExample(
            "Of a network",
            UNIT,
            "q = dict(h2='tanh(w*tanh(u*x1) + u*x2)', dL_dw='(h2 - y)*(1 - h2^2)*h1')",
            "correct",
        ),
        KindExample(
            "A slope left out",
            UNIT,
            "q = dict(h2='tanh(w*h1 + u*x2)', dL_dw='(h2 - y)*h1')",
            "partial",
            "counterexample",
        ),
        KindExample("An unknown name", UNROLLED, "q = dict(g2='w*x3')", "invalid", "unknown-name"),
        KindExample("No formula", UNROLLED, "q = dict(g2=max)", "invalid", "not-a-formula"),
    ),
)
