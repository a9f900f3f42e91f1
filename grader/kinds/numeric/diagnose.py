"""Step 6 for numbers: a wrong answer held against what the mistakes declared in the exercise file give."""

from __future__ import annotations

from grader.kinds.numeric.question import NumericParams, explains
from grader.model.kind import Answer
from grader.model.outcome import Diagnosis, Finding, Outcome, Verdict


def diagnose_answer(params: NumericParams, answer: Answer, outcome: Outcome) -> Finding:
    """The declared mistakes that give every number; more than one where they give the same.

    Args:
        params: The question.
        answer: What was handed in.
        outcome: What the check decided.
    """
    if outcome.verdict not in (Verdict.PARTIAL, Verdict.INCORRECT):
        return Finding()
    found = [mistake for mistake in params.mistakes if explains(params, mistake, answer)]
    if not found:
        return Finding()
    starts = ("", *["Or, which gives the same here: "] * (len(found) - 1))
    return Finding(
        diagnoses=tuple(
            Diagnosis(mistake.id, start + mistake.message)
            for mistake, start in zip(found, starts, strict=True)
        ),
        fraction=min(mistake.credit for mistake in found),
    )
