"""Output sequences of an Elman or Jordan network, worked out by hand to so many decimal places."""

from __future__ import annotations

from grader.kinds.sequence.judge import judge
from grader.kinds.sequence.question import SequenceParams, asks
from grader.model.kind import Kind, KindExample

# CE/CZ4042 Tutorial 8, question 1, whose results are published.
TUTORIAL = {
    "x": [[1, 2, -1], [-1, 1, -2], [0, 3, 1], [2, -1, 0]],
    "U": [[-1.0, 0.5], [0.5, 0.1], [0.2, -2.0]],
    "V": [[2.0], [-1.5]],
    "b": [0.2, 0.2],
    "c": [0.5],
}
ELMAN = {"cell": "elman", "W": [[2.0, 1.3], [1.5, 0.0]], **TUTORIAL}
JORDAN = {"cell": "jordan", "W": [[2.0, 1.3]], **TUTORIAL}

KIND = Kind(
    params=SequenceParams,
    asks=asks,
    judge=judge,
    examples=(
        KindExample("Two places", ELMAN, "q = dict(y=[0.27, 0.73, 0.94, 0.11])", "correct"),
        KindExample(
            "Text, one row a step", ELMAN, "q = dict(y=[['.27'], ['.73'], ['.94'], ['.11']])", "correct"
        ),
        KindExample(
            "All digits, in a 1 x 4 array",
            ELMAN,
            "import numpy as np\nq = dict(y=np.array([[0.270726, 0.728395, 0.943214, 0.112644]]))",
            "correct",
        ),
        KindExample(
            "With right hidden values",
            ELMAN,
            "q = dict(y=[.27, .73, .94, .11], h=[[0, .99], [.99, 1], [1, -.21], [-.54, .98]])",
            "correct",
            code="working-right",
        ),
        KindExample(
            "Rounded before it was fed back",
            JORDAN,
            "q = dict(y=[0.27, 0.71, 0.96, 0.15])",
            "correct",
            code="rounded-working",
        ),
        KindExample(
            "A slip in h(1), and all that follows from it right",
            ELMAN,
            "q = dict(y=[.52, .73, .94, .11], h=[[.5, .99], [1, 1], [1, -.21], [-.54, .98]])",
            "partial",
            code="working-step",
        ),
        KindExample(
            "W not transposed", ELMAN, "q = dict(y=[0.27, 0.73, 0.93, 0.17])", "partial", code="wrong"
        ),
        KindExample("Cut off", ELMAN, "q = dict(y=[0.27, 0.72, 0.94, 0.11])", "partial", code="truncated"),
        KindExample(
            "Hidden values wrong from the second step on",
            JORDAN,
            "q = dict(y=[.27, .67, .98, .07], h=[[0, .99], [.91, 1], [.98, -.78], [-.94, .83]])",
            "partial",
            code="working-step",
        ),
        KindExample("Percentages", ELMAN, "q = dict(y=[27, 73, 94, 11])", "incorrect", code="percent"),
        KindExample("y(0) too", ELMAN, "q = dict(y=[0, 0.27, 0.73, 0.94, 0.11])", "invalid"),
        KindExample("Decimal commas", ELMAN, "q = dict(y=[0,27, 0,73, 0,94, 0,11])", "invalid"),
    ),
)
