"""Shapes of matrices and vectors, entry by entry.

Axes have names, so that feedback can say what an axis stands for without saying how long it is.
"""

from __future__ import annotations

from grader.kinds.shape import judge, question
from grader.model.kind import Kind, KindExample

PARAMS = {
    "sizes": {"state": 2, "input": 3},
    "shapes": {"W": ["state", "state + input"], "z": ["state", "1"]},
}

KIND = Kind(
    params=question.ShapeParams,
    asks=question.asks,
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
        KindExample("Matrices in place of shapes", PARAMS, "q = dict(W=[[1, 2], [3, 4]], z=None)", "invalid"),
    ),
)
