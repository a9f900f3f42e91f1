"""Shapes of matrices and vectors, entry by entry.

Axes have names, so that feedback can say what an axis stands for without saying how long it is. Of a network
the axes follow from its declaration; shapes are asked in numbers, or as formulas in the sizes.
"""

from __future__ import annotations

from typing import Any

from grader.kinds.shape import judge, question
from grader.model.kind import Kind, KindExample

PARAMS = {
    "sizes": {"state": 2, "input": 3},
    "shapes": {"W": ["state", "state + input"], "z": ["state", "1"]},
}

NETWORK: dict[str, Any] = {
    "network": {
        "inputs": {"x": "n_in"},
        "parameters": {"W": "4*n_h x n_in + n_h", "b": "4*n_h"},
        "equations": [
            "u(t) = W @ stack(x(t), h(t-1)) + b",
            "c(t) = sigmoid(part(u(t), 2, 4)) * c(t-1) + sigmoid(part(u(t), 1, 4)) * tanh(part(u(t), 3, 4))",
            "h(t) = sigmoid(part(u(t), 4, 4)) * tanh(c(t))",
        ],
        "sizes": {"h": "n_h"},
    }
}
FORMULAS = {
    "sizes": ["n_in", "n_h"],
    "shapes": {"W": "(n_in + n_h) x n_h", "K": ["n_in*n_h", "2*n_h"], "z": "n_h x 1"},
}
SIZED = {**NETWORK, "sizes": {"n_in": 3, "n_h": 5}}

KIND = Kind(
    params=question.ShapeParams,
    asks=question.asks,
    controls=question.controls,
    judge=judge.judge,
    examples=(
        KindExample("Tuples", PARAMS, "q = dict(W=(2, 5), z=(2, 1))", "correct"),
        KindExample("Text in several spellings", PARAMS, "q = dict(W='2 x 5', z='(2, 1)')", "correct"),
        KindExample("Lists, and a flat vector", PARAMS, "q = dict(W=[2, 5], z=(2,))", "correct"),
        KindExample(
            "An array's own shape",
            PARAMS,
            "import numpy as np\nq = dict(W=np.zeros((2, 5)).shape, z=2)",
            "correct",
        ),
        KindExample("Axes swapped", PARAMS, "q = dict(W=(5, 2), z=(2, 1))", "partial", code="axes-swapped"),
        KindExample(
            "A row for a column", PARAMS, "q = dict(W=(2, 5), z=(1, 2))", "partial", code="row-for-column"
        ),
        KindExample("One size wrong", PARAMS, "q = dict(W=(2, 3), z=(2, 1))", "partial", code="wrong-size"),
        KindExample(
            "A flat shape for a matrix", PARAMS, "q = dict(W=10, z=3)", "incorrect", code="number-of-axes"
        ),
        KindExample("One entry left out", PARAMS, "q = dict(W=(2, 5))", "partial", code="missing-field"),
        KindExample(
            "One entry that is no shape",
            PARAMS,
            "q = dict(W='wide', z=(2, 1))",
            "partial",
            code="not-a-number",
        ),
        KindExample("Of a network, in numbers", SIZED, "q = dict(W=(20, 8), b=20)", "correct"),
        KindExample(
            "Of a network, as formulas", NETWORK, "q = dict(W='4*n_h x n_in + n_h', b='4n_h')", "correct"
        ),
        KindExample(
            "One gate for four",
            NETWORK,
            "q = dict(W=('n_h', 'n_h + n_in'), b='4*n_h')",
            "partial",
            "wrong-size",
        ),
        KindExample(
            "Formulas in sizes",
            FORMULAS,
            "q = dict(W='(n_h + n_in, n_h)', K='n_h*n_in x (n_h + n_h)', z='n_h')",
            "correct",
        ),
        KindExample(
            "Formulas in LaTeX",
            FORMULAS,
            "q = dict(W=r'(n_{in} + n_h) \\times n_h', K=r'n_{in} n_h \\times 2 n_h', z=('n_h', 1))",
            "correct",
        ),
        KindExample(
            "A formula's axes swapped",
            FORMULAS,
            "q = dict(W='n_h x (n_in + n_h)', K='n_in*n_h x 2*n_h', z='n_h')",
            "partial",
            "axes-swapped",
        ),
        KindExample("Matrices in place of shapes", PARAMS, "q = dict(W=[[1, 2], [3, 4]], z=None)", "invalid"),
    ),
)
