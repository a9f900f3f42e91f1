"""How much of a report its student is told."""

from __future__ import annotations

from typing import Any

import msgspec

from grader.model.outcome import LEVELS, Feedback, Level, Outcome, Verdict
from grader.model.report import Report

# What shows wanted values on an input, or how to get them; all other evidence says where something is right.
EVIDENCE_LEVELS: dict[str, Level] = {
    "counterexample": "counterexample",
    "counterexamples": "counterexample",
    "network": "counterexample",
    "series": "counterexample",
    "state_map": "working",
}


def reveal(report: Report, most: Level) -> Report:
    """The report without what tells its student more than `most`; marks and staff feedback stay.

    Args:
        report: The report.
        most: The highest level that may be told.
    """
    questions = tuple(
        msgspec.structs.replace(question, outcome=_revealed(question.outcome, LEVELS.index(most)))
        for question in report.questions
    )
    return msgspec.structs.replace(report, questions=questions)


def _revealed(outcome: Outcome, most: int) -> Outcome:
    # Why nothing could be marked is not about the answer's content: without it a student could not go on.
    is_marked = outcome.verdict not in (Verdict.MISSING, Verdict.INVALID, Verdict.UNDECIDED)
    return msgspec.structs.replace(
        outcome,
        feedback=tuple(one for one in outcome.feedback if not is_marked or _may_be_told(one, most)),
        diagnoses=outcome.diagnoses if most >= LEVELS.index("location") else (),
        evidence=_evidence(outcome.evidence, most),
    )


def _may_be_told(feedback: Feedback, most: int) -> bool:
    return feedback.audience == "staff" or LEVELS.index(feedback.level) <= most


def _evidence(evidence: dict[str, Any], most: int) -> dict[str, Any]:
    return {
        name: fact
        for name, fact in evidence.items()
        if LEVELS.index(EVIDENCE_LEVELS.get(name, "location")) <= most
    }
