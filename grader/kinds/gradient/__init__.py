"""A function that computes gradients by backpropagation through time.

It is held against our own gradients on sizes of 1, on sizes that are all different, on long sequences and on
large errors. Where it is wrong, every known mistake is computed too, and the one that gives the same numbers
is named.
"""

from grader.kinds.gradient.judge import judge
from grader.kinds.gradient.question import GradientParams, probes
from grader.model.kind import Kind, KindExample
from grader.training.calls import asks_for_function, examples_of

PARAMS = {"sizes": [{"n_seqs": 3, "n_steps": 7, "n_in": 4, "n_h": 6, "n_out": 5}]}
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

KIND = Kind(
    params=GradientParams,
    asks=asks_for_function,
    probes=probes,
    judge=judge,
    examples=(
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
    ),
)
