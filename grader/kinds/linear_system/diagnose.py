"""Step 6: known mistakes in the weights of a linear network, by what they make it do.

What they are stands in `grader.linear.diagnose` and `grader.linear.mistakes`; credit stays as it is.
"""

from __future__ import annotations

from grader.errors import Unreadable
from grader.kinds.linear_system.question import LinearSystemParams
from grader.linear.diagnose import diagnose_unreadable_weights, diagnose_weights
from grader.linear.judge import JudgedNetwork
from grader.model.kind import Answer
from grader.model.outcome import Finding


def diagnose(params: LinearSystemParams, facts: JudgedNetwork) -> Finding:
    """The mistakes that explain wrong weights, or weights of the wrong size."""
    return Finding(diagnoses=diagnose_weights(params, facts))


def diagnose_unreadable(params: LinearSystemParams, answer: Answer, unreadable: Unreadable) -> Finding:
    """The mistakes that explain why the weights are no network: transposed matrices, say."""
    return Finding(diagnoses=diagnose_unreadable_weights(params, answer.fields, unreadable))
