"""Known mistakes in the weights of a linear network, by what they make it do."""

from __future__ import annotations

from grader.linear.mistakes.weights import diagnose_weights
from grader.linear.question import LinearParams
from grader.model.kind import Answer
from grader.model.outcome import Finding, Outcome


def diagnose_answer(params: LinearParams, answer: Answer, outcome: Outcome) -> Finding:
    """The mistakes that explain the weights; credit stays as the question's rule gives it.

    Args:
        params: The question.
        answer: The weights.
        outcome: What was decided about them.
    """
    return Finding(diagnoses=diagnose_weights(params, answer.fields, params.starts_at_zero))
