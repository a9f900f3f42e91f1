"""The values of a network, worked out by hand to a number of decimal places."""

from __future__ import annotations

from typing import Any

from grader.kinds.trace.judge import judge
from grader.kinds.trace.question import TraceParams, asks, numbers
from grader.model.kind import Kind, KindExample

# CE/CZ4042 Tutorial 8, question 1, whose results are published.
SHEET = {
    "x": [[1, 2, -1], [-1, 1, -2], [0, 3, 1], [2, -1, 0]],
    "U": [[-1.0, 0.5], [0.5, 0.1], [0.2, -2.0]],
    "V": [[2.0], [-1.5]],
    "b": [0.2, 0.2],
    "c": [0.5],
}


def _fed_back(name: str, size: str, W: list[list[float]]) -> dict[str, Any]:
    """The sheet's question about the network that feeds this variable back."""
    network = {
        "inputs": {"x": "n_in"},
        "parameters": {
            "U": "n_in x n_h",
            "W": f"{size} x n_h",
            "V": "n_h x n_out",
            "b": "n_h",
            "c": "n_out",
        },
        "equations": [
            f"h(t) = tanh(U.T @ x(t) + W.T @ {name}(t-1) + b)",
            "y(t) = sigmoid(V.T @ h(t) + c)",
        ],
    }
    return {"network": network, "values": {"W": W, **SHEET}, "asked": ["y"]}


HIDDEN_BACK = _fed_back("h", "n_h", [[2.0, 1.3], [1.5, 0.0]])
OUTPUT_BACK = _fed_back("y", "n_out", [[2.0, 1.3]])

KIND = Kind(
    params=TraceParams,
    asks=asks,
    judge=judge,
    numbers=numbers,
    examples=(
        KindExample("Two places", HIDDEN_BACK, "q = dict(y=[0.27, 0.73, 0.94, 0.11])", "correct"),
        KindExample(
            "Text, one row a step",
            HIDDEN_BACK,
            "q = dict(y=[['.27'], ['.73'], ['.94'], ['.11']])",
            "correct",
        ),
        KindExample(
            "All digits, in a 1 x 4 array",
            HIDDEN_BACK,
            "import numpy as np\nq = dict(y=np.array([[0.270726, 0.728395, 0.943214, 0.112644]]))",
            "correct",
        ),
        KindExample(
            "With right hidden values",
            HIDDEN_BACK,
            "q = dict(y=[.27, .73, .94, .11], h=[[0, .99], [.99, 1], [1, -.21], [-.54, .98]])",
            "correct",
            code="working-right",
        ),
        KindExample(
            "Rounded before it was fed back",
            OUTPUT_BACK,
            "q = dict(y=[0.27, 0.71, 0.96, 0.15])",
            "correct",
            code="rounded-working",
        ),
        KindExample(
            "A slip in h(1), and all that follows from it right",
            HIDDEN_BACK,
            "q = dict(y=[.52, .73, .94, .11], h=[[.5, .99], [1, 1], [1, -.21], [-.54, .98]])",
            "partial",
            code="working-step",
        ),
        KindExample(
            "W not transposed",
            HIDDEN_BACK,
            "q = dict(y=[0.27, 0.73, 0.93, 0.17])",
            "partial",
            code="wrong",
        ),
        KindExample(
            "Cut off", HIDDEN_BACK, "q = dict(y=[0.27, 0.72, 0.94, 0.11])", "partial", code="truncated"
        ),
        KindExample(
            "Hidden values wrong from the second step on",
            OUTPUT_BACK,
            "q = dict(y=[.27, .67, .98, .07], h=[[0, .99], [.91, 1], [.98, -.78], [-.94, .83]])",
            "partial",
            code="working-step",
        ),
        KindExample("Percentages", HIDDEN_BACK, "q = dict(y=[27, 73, 94, 11])", "incorrect", code="percent"),
        KindExample("y(0) too", HIDDEN_BACK, "q = dict(y=[0, 0.27, 0.73, 0.94, 0.11])", "invalid"),
        KindExample("Decimal commas", HIDDEN_BACK, "q = dict(y=[0,27, 0,73, 0,94, 0,11])", "invalid"),
    ),
)
