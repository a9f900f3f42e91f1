"""Answers to tiny questions of kind `code`, which are its tests."""

from __future__ import annotations

from typing import Any

from grader.model.kind import KindExample

ELMAN: dict[str, Any] = {
    "function": "elman",
    "network": {
        "inputs": {"x": "n_in"},
        "parameters": {"U": "n_in x n_h", "W": "n_h x n_h", "V": "n_h x n_out", "b": "n_h", "c": "n_out"},
        "equations": ["h(t) = tanh(U.T @ x(t) + W.T @ h(t-1) + b)", "y(t) = sigmoid(V.T @ h(t) + c)"],
    },
    "values": {
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
ROWS = """import numpy as np
def elman(x, U, W, V, b, c):
    h, y = np.zeros(len(b)), []
    for x_t in x:
        h = np.tanh(x_t @ U + h @ W + b)
        y.append(1 / (1 + np.exp(-(h @ V + c))))
    return np.array(y)
"""
# One step of an LSTM with its gates in one matrix, for a batch, from the state before to the one after.
CELL: dict[str, Any] = {
    "function": "lstm_step",
    "network": {
        "inputs": {"x": "n_in"},
        "parameters": {"W": "4*n_h x n_in + n_h", "b": "4*n_h"},
        "equations": [
            "u(t) = W @ stack(x(t), h(t-1)) + b",
            "c(t) = sigmoid(part(u(t), 2, 4)) * c(t-1) + sigmoid(part(u(t), 1, 4)) * tanh(part(u(t), 3, 4))",
            "h(t) = sigmoid(part(u(t), 4, 4)) * tanh(c(t))",
        ],
        "start": {"h": "h0", "c": "c0"},
        "sizes": {"h": "n_h"},
    },
    "arguments": {"x": "N x n_in", "h0": "N x n_h", "c0": "N x n_h"},
    "returns": ["h: N x n_h", "c: N x n_h"],
}
STEP = """import numpy as np
def sigmoid(u):
    return 1 / (1 + np.exp(-u))
def lstm_step(x, h, c, W, b):
    i, f, g, o = np.split(np.hstack([x, h]) @ W.T + b, 4, axis=1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    h = sigmoid(o) * np.tanh(c)
    return h, c
"""


def _changed(source: str, before: str, after: str) -> str:
    assert before in source
    return source.replace(before, after)


EXAMPLES = (
    KindExample("Rows of signals", ELMAN, ROWS, "correct"),
    KindExample(
        "Columns and transposes",
        ELMAN,
        _changed(ROWS, "x_t @ U + h @ W", "U.T @ x_t + W.T @ h"),
        "correct",
    ),
    KindExample("Lists come back", ELMAN, _changed(ROWS, "np.array(y)", "[list(r) for r in y]"), "correct"),
    KindExample(
        "The hidden values come along",
        ELMAN,
        _changed(ROWS, "y.append(", "y.append((h, ")
        .replace("c))))", "c)))))")
        .replace("return np.array(y)", "return np.array([v for _, v in y]), np.array([h for h, _ in y])"),
        "correct",
        code="returns-pair",
    ),
    KindExample(
        "W not transposed", ELMAN, _changed(ROWS, "h @ W", "W @ h"), "incorrect", code="counterexample"
    ),
    KindExample(
        "Nothing is carried on",
        ELMAN,
        _changed(ROWS, "h @ W", "0 * h @ W"),
        "incorrect",
        code="recurrence",
    ),
    KindExample("b forgotten", ELMAN, _changed(ROWS, " + b)", ")"), "incorrect", code="counterexample"),
    KindExample(
        "One row an output",
        ELMAN,
        _changed(ROWS, "np.array(y)", "np.array(y).T"),
        "incorrect",
        code="transposed",
    ),
    KindExample(
        "Every second call goes on from the last",
        ELMAN,
        _changed(ROWS, "def elman", "kept = []\ndef elman")
        .replace("np.zeros(len(b)), []", "kept.pop() if kept else np.zeros(len(b)), []")
        .replace("    return", "    kept.extend([h] * (not kept and not fresh))\n    return")
        .replace("    h, y", "    fresh = bool(kept)\n    h, y"),
        "partial",
        code="keeps-state",
    ),
    KindExample(
        "One output only",
        ELMAN,
        _changed(ROWS, "h @ V + c", "h @ V[:, 0] + c[0]"),
        "partial",
        code="one-output",
    ),
    KindExample("No return", ELMAN, _changed(ROWS, "return ", ""), "invalid", code="returns-none"),
    KindExample(
        "Fails every time", ELMAN, _changed(ROWS, "np.tanh", "np.tanhh"), "invalid", code="exception"
    ),
    KindExample("A step that returns the state", CELL, STEP, "correct"),
    KindExample(
        "The state by name",
        CELL,
        _changed(STEP, "return h, c", "return {'c': c, 'h': h}"),
        "correct",
    ),
    KindExample(
        "The state in one array",
        CELL,
        _changed(STEP, "return h, c", "return np.stack([h, c])"),
        "correct",
    ),
    KindExample(
        "The gates in another order",
        CELL,
        _changed(STEP, "i, f, g, o", "i, f, o, g"),
        "incorrect",
        code="counterexample",
    ),
    KindExample("h alone", CELL, _changed(STEP, "return h, c", "return h"), "incorrect", code="wrong-shape"),
)
