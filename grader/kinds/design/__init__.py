"""Weights that make a network with thresholds do a task, decided on all words over a finite alphabet.

The answer is never compared with a key: any weights that do it are right, with any number of units. Exact
numbers are decided by the product of the network and the target; sigmoid and tanh units, read at a threshold,
are proved by boxes where they can be, else tried on all words up to a length that is told.
"""

from __future__ import annotations

from grader.kinds.design import judge, question, weights
from grader.model.kind import Kind, KindExample

STEP_UNITS = {
    "inputs": {"x": "n_in"},
    "parameters": {"U": "n_h x n_in", "W": "n_h x n_h", "b": "n_h", "V": "n_out x n_h", "c": "n_out"},
    "equations": ["h(t) = step(U @ x(t) + W @ h(t-1) + b)", "y(t) = step(V @ h(t) + c)"],
}
PARITY = {
    "network": STEP_UNITS,
    "alphabet": {"x": [0, 1]},
    "target": {
        "inputs": {"x": "number"},
        "sizes": {"y": "number"},
        "equations": ["y(t) = mod(x(t) + y(t-1), 2)"],
    },
}
SIGMOID = {
    **PARITY,
    "network": {
        **STEP_UNITS,
        "equations": ["h(t) = sigmoid(U @ x(t) + W @ h(t-1) + b)", "y(t) = sigmoid(V @ h(t) + c)"],
    },
    "threshold": 0.5,
}
TABLE = {
    **PARITY,
    "target": [
        {"state": "even", "next": ["even", "odd"], "output": [0, 1]},
        {"state": "odd", "next": ["odd", "even"], "output": [1, 0]},
    ],
}

KIND = Kind(
    params=question.DesignParams,
    asks=question.asks,
    judge=judge.judge,
    own_network=weights.own_network,
    examples=(
        KindExample(
            title="Parity with two units: at least one, and both",
            params=PARITY,
            answer="q = dict(U=[[1], [1]], W=[[1, -1], [1, -1]], b=[-1, -2], V=[[1, -1]], c=[-1])",
            verdict="correct",
        ),
        KindExample(
            title="The same by a table, with thresholds half way, in another scale and a unit too many",
            params=TABLE,
            answer="q = dict(U=[2, '2/3', 0], W=[[2, -2, 0], ['2/3', '-2/3', 0], [0, 0, 0]],"
            " b=[-1, -1, 0], V=[4, -4, 0], c=-2)",
            verdict="correct",
        ),
        KindExample(
            title="Sigmoid units with large weights, read at one half",
            params=SIGMOID,
            answer="q = dict(U=[[20], [20]], W=[[20, -20], [20, -20]], b=[-10, -30], V=[[20, -20]], c=[-10])",
            verdict="correct",
        ),
        KindExample(
            title="Sigmoid units with weights too small to remember",
            params=SIGMOID,
            answer="q = dict(U=[[4], [4]], W=[[4, -4], [4, -4]], b=[-2, -6], V=[[4, -4]], c=[-2])",
            verdict="incorrect",
            code="counterexample",
        ),
        KindExample(
            title="Nothing fed back",
            params=PARITY,
            answer="q = dict(U=[[1], [1]], W=[[0, 0], [0, 0]], b=[-1, -2], V=[[1, -1]], c=[-1])",
            verdict="incorrect",
            code="counterexample",
        ),
        KindExample(
            title="Thresholds as if step(0) were 0: one mistake from right",
            params=PARITY,
            answer="q = dict(U=[[1], [1]], W=[[1, -1], [1, -1]], b=[0, -1], V=[[1, -1]], c=[0])",
            verdict="partial",
            code="tie",
        ),
        KindExample(
            title="An output that never changes earns nothing",
            params=PARITY,
            answer="q = dict(U=[[0]], W=[[0]], b=[0], V=[[0]], c=[0])",
            verdict="incorrect",
            code="constant-output",
        ),
        KindExample(
            title="Matrices of sizes that do not go together",
            params=PARITY,
            answer="q = dict(U=[[1], [1]], W=[[1, -1, 0], [1, -1, 0]], b=[-1, -2], V=[[1, -1]], c=[-1])",
            verdict="invalid",
            code="shape",
        ),
    ),
)
