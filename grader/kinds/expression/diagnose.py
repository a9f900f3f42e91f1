"""Step 6: what explains a wrong formula or condition."""

from __future__ import annotations

from grader.formula.marking.explain import explain
from grader.formula.marking.judge import JudgedField
from grader.kinds.expression.question import ExpressionParams
from grader.model.outcome import Finding


def diagnose(params: ExpressionParams, fields: tuple[JudgedField, ...]) -> Finding:
    """A counterexample for each wrong field, a simple relation to the right one, and a recognised mistake.

    Args:
        params: The question.
        fields: What the judge read and decided, in the order of the question.
    """
    return explain(params.comparing, fields)
