"""Answers to tiny questions of kind `gradient`, which are its tests."""

from typing import Any

from grader.model.kind import KindExample
from grader.training.calls import examples_of

ELMAN: dict[str, Any] = {
    "inputs": {"x": "n_in"},
    "parameters": {"U": "n_in x n_h", "W": "n_h x n_h", "V": "n_h x n_out", "b": "n_h", "c": "n_out"},
    "equations": ["h(t) = tanh(U.T @ x(t) + W.T @ h(t-1) + b)", "y_hat(t) = V.T @ h(t) + c"],
}
PARAMS = {
    "network": ELMAN,
    "loss": "mean(sum((y_hat - y)**2))",
    "function": "bptt",
    "arguments": {"x": "N x T x n_in", "y": "N x T x n_out"},
    "sizes": [{"N": 3, "T": 7, "n_in": 4, "n_h": 6, "n_out": 5}],
}
BPTT = """import numpy as np
def bptt(x, y, U, W, V, b, c):
    n, T, _ = x.shape
    h = np.zeros((T + 1, n, len(b)))
    for t in range(T):
        h[t + 1] = np.tanh(x[:, t] @ U + h[t] @ W + b)
    g = {k: np.zeros_like(a) for k, a in dict(U=U, W=W, V=V, b=b, c=c).items()}
    later = np.zeros((n, len(b)))
    for t in reversed(range(T)):
        e = 2 * (h[t + 1] @ V + c - y[:, t]) / (n * T)
        later = (1 - h[t + 1] ** 2) * (e @ V.T + later @ W.T)
        g["V"] += h[t + 1].T @ e
        g["c"] += e.sum(0)
        g["U"] += x[:, t].T @ later
        g["W"] += h[t].T @ later
        g["b"] += later.sum(0)
    return g
"""
example = examples_of(PARAMS, BPTT)
FLOAT32 = "return 0.5, [a.astype(np.float32) for a in g.values()]"
ONE_STEP = 'g["V"] = h[t + 1].T @ e\n        g["c"] = '
# a = 1/2, x = 1, 2, L = (s(2) - 1)^2 / 2: s = 1, 2.5, so dL/da = 1.5 s(1) and dL/ds0 = 1.5 / 4.
BY_HAND = {
    "network": {
        "inputs": {"x": "number"},
        "parameters": {"a": "number"},
        "equations": ["s(t) = a * s(t-1) + x(t)"],
        "start": {"s": "s0"},
        "sizes": {"s": "number"},
    },
    "loss": "sum((s(T) - d)**2) / 2",
    "values": {"x": [1, 2], "a": 0.5, "s0": 0, "d": 1},
    "places": 3,
}

EXAMPLES = (
    KindExample("A dict of gradients", PARAMS, BPTT, "correct"),
    example("A tuple, the cost first, float32", "return g", FLOAT32, "correct"),
    example("Columns", "return g", "return {k: a.T for k, a in g.items()}", "correct"),
    example("The 2 is missing", "e = 2 *", "e =", "partial", "wrong-gradient"),
    example("W not transposed on the way back", "later @ W.T", "later @ W", "partial", "wrong-gradient"),
    example(
        "The error of one step only", 'g["V"] += h[t + 1].T @ e\n        g["c"] += ', ONE_STEP, "partial"
    ),
    example("NaN", "e = 2 *", "e = np.nan *", "incorrect", "not-finite"),
    example("Nothing returned", "return g", "g", "invalid", "returns-none"),
    example("One argument too many", "b, c):", "b, c, h0):", "invalid", "does-not-run-exception"),
    KindExample("Numbers by hand", BY_HAND, "q = dict(da=1.5, ds0='0.375')", "correct"),
    KindExample(
        "A gradient by hand is wrong", BY_HAND, "q = dict(da=1.5, ds0=0.75)", "partial", "wrong-gradient"
    ),
)
