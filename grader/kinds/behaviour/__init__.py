"""A student's network function against the right one, from the smallest inputs to the largest."""

from __future__ import annotations

from grader.kinds.behaviour.judge import judge
from grader.kinds.behaviour.question import BehaviourParams, asks, probes
from grader.model.kind import Kind, KindExample

PARAMS = {
    "function": "elman",
    "reference": "elman",
    "instance": {
        "x": [[1, 2, -1], [-1, 1, -2]],
        "U": [[-1.0, 0.5], [0.5, 0.1], [0.2, -2.0]],
        "W": [[2.0, 1.3], [1.5, 0.0]],
        "V": [[2.0], [-1.5]],
        "b": [0.2, 0.2],
        "c": [0.5],
    },
    "sizes": [
        {"T": 1, "n_in": 3, "n_h": 4, "n_out": 2},
        {"T": 5, "n_in": 4, "n_h": 3, "n_out": 2},
    ],
}
ELMAN = """import numpy as np
def elman(x, U, W, V, b, c):
    h, y = np.zeros(len(b)), []
    for x_t in x:
        h = np.tanh(x_t @ U + h @ W + b)
        y.append(1 / (1 + np.exp(-(h @ V + c))))
    return np.array(y)
"""


def _changed(before: str, after: str) -> str:
    assert before in ELMAN
    return ELMAN.replace(before, after)


KIND = Kind(
    params=BehaviourParams,
    asks=asks,
    judge=judge,
    probes=probes,
    examples=(
        KindExample("Rows of signals", PARAMS, ELMAN, "correct"),
        KindExample(
            "Columns and transposes", PARAMS, _changed("x_t @ U + h @ W", "U.T @ x_t + W.T @ h"), "correct"
        ),
        KindExample("Lists come back", PARAMS, _changed("np.array(y)", "[list(r) for r in y]"), "correct"),
        KindExample(
            "The hidden values come along",
            PARAMS,
            _changed("y.append(", "y.append((h, ")
            .replace("c))))", "c)))))")
            .replace("return np.array(y)", "return np.array([v for _, v in y]), np.array([h for h, _ in y])"),
            "correct",
            code="returns-pair",
        ),
        KindExample(
            "W not transposed", PARAMS, _changed("h @ W", "W @ h"), "incorrect", code="counterexample"
        ),
        KindExample(
            "Nothing is carried on", PARAMS, _changed("h @ W", "0 * h @ W"), "incorrect", code="recurrence"
        ),
        KindExample("b forgotten", PARAMS, _changed(" + b)", ")"), "incorrect", code="counterexample"),
        KindExample(
            "One row an output",
            PARAMS,
            _changed("np.array(y)", "np.array(y).T"),
            "incorrect",
            code="transposed",
        ),
        KindExample(
            "Every second call goes on from the last",
            PARAMS,
            _changed("def elman", "kept = []\ndef elman")
            .replace("np.zeros(len(b)), []", "kept.pop() if kept else np.zeros(len(b)), []")
            .replace("    return", "    kept.extend([h] * (not kept and not fresh))\n    return")
            .replace("    h, y", "    fresh = bool(kept)\n    h, y"),
            "partial",
            code="keeps-state",
        ),
        KindExample(
            "One output only",
            PARAMS,
            _changed("h @ V + c", "h @ V[:, 0] + c[0]"),
            "partial",
            code="one-output",
        ),
        KindExample("No return", PARAMS, _changed("return ", ""), "invalid", code="returns-none"),
        KindExample("Fails every time", PARAMS, _changed("np.tanh", "np.tanhh"), "invalid", code="exception"),
    ),
)
