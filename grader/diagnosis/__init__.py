"""Step 6: a wrong answer is matched with what known mistakes would have produced.

One file a check kind, `grader/diagnosis/<kind>.py`, with a function `diagnose(params, answer, outcome)` that
returns a `Finding`; a kind without such a file is not diagnosed. Each known mistake is one small declaration.
"""

from __future__ import annotations

import importlib
import pkgutil

import msgspec

from grader.model.check import Answer
from grader.model.exercise import Question
from grader.model.outcome import Finding, Outcome, Verdict, verdict_for


def diagnose(question: Question, answer: Answer, outcome: Outcome) -> Outcome:
    """The outcome with the known mistakes that explain it, and the credit that the question gives them.

    Right answers are never diagnosed; credit is never lowered.

    Args:
        question: The question.
        answer: What was handed in for it.
        outcome: What its check decided.
    """
    if outcome.verdict not in (Verdict.PARTIAL, Verdict.INCORRECT, Verdict.INVALID):
        return outcome
    if question.kind not in {module.name for module in pkgutil.iter_modules(__path__)}:
        return outcome
    finding: Finding = importlib.import_module(f"{__name__}.{question.kind}").diagnose(
        question.params, answer, outcome
    )
    fraction = outcome.fraction if finding.fraction is None else max(finding.fraction, outcome.fraction)
    is_invalid = outcome.verdict is Verdict.INVALID and finding.fraction is None
    return msgspec.structs.replace(
        outcome,
        verdict=outcome.verdict if is_invalid else verdict_for(fraction),
        fraction=fraction,
        diagnoses=(*outcome.diagnoses, *finding.diagnoses),
        feedback=(*outcome.feedback, *finding.feedback),
        evidence={**outcome.evidence, **finding.evidence},
    )
