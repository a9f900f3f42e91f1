"""Step 6: where a count differs, and what was counted instead."""

from __future__ import annotations

from grader.formula.marking.explain import explain
from grader.formula.marking.judge import JudgedField
from grader.kinds.count.question import CountParams, comparing
from grader.model.outcome import Finding


def diagnose(params: CountParams, fields: tuple[JudgedField, ...]) -> Finding:
    """A counterexample for each wrong formula, and the mistakes in counting that give it.

    Args:
        params: The question.
        fields: What the judge read and decided, in the order of the question.
    """
    return explain(comparing(params), fields)
