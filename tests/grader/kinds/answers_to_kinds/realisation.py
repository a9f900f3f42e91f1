"""Answers to tiny questions of kind `realisation`, which are its tests."""

from __future__ import annotations

from grader.model.kind import KindExample

TWO_NETWORKS = {
    "sizes": [{"states": 1, "inputs": 1, "outputs": 1}, {"states": 2, "inputs": 3, "outputs": 4}],
}
STACKED = """
import numpy as np

def to_rnn_a(s0, Wssx, Wox):
    n, m = len(s0), Wssx.shape[1] - len(s0)
    Wss = np.zeros((n + m, n + m))
    Wss[:n, :n] = Wssx[:, :n]
    Wsx = np.vstack([Wssx[:, n:], np.eye(m)])
    return {start}, Wss, Wsx, Wox
"""

EXAMPLES = (
    KindExample(
        title="The state is extended by the current input",
        params=TWO_NETWORKS,
        answer=STACKED.format(start="np.concatenate([s0, np.zeros(m)])"),
        verdict="correct",
    ),
    KindExample(
        title="What stands in the extra entries of s0 does not matter: it is never read",
        params=TWO_NETWORKS,
        answer=STACKED.format(start="list(s0) + [7.0] * m"),
        verdict="correct",
    ),
    KindExample(
        title="s0 forgotten",
        params=TWO_NETWORKS,
        answer=STACKED.format(start="np.zeros(n + m)"),
        verdict="partial",
        code="starts-from-nonzero",
    ),
    KindExample(
        title="Right when called once, but not twice",
        params=TWO_NETWORKS,
        answer="calls = iter([1, 0])\n"
        + STACKED.format(start="np.concatenate([s0, np.zeros(m // next(calls))])"),
        verdict="partial",
        code="does-not-run-exception",
    ),
    KindExample(
        title="The direct path dropped",
        params=TWO_NETWORKS,
        answer="""
def to_rnn_a(s0, Wssx, Wox):
    n = len(s0)
    return s0, Wssx[:, :n], Wssx[:, n:], Wox[:, :n]
""",
        verdict="partial",
        code="counterexample",
    ),
    KindExample(
        title="Only three of the four returned",
        params=TWO_NETWORKS,
        answer="def to_rnn_a(s0, Wssx, Wox):\n    return Wssx, Wssx, Wox",
        verdict="invalid",
        code="not-a-network",
    ),
)
