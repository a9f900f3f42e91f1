"""How much of a report its student is told."""

from __future__ import annotations

from typing import Any

import msgspec

from grader.model.outcome import LEVELS, Feedback, Level, Outcome, Verdict
from grader.model.report import Report

# Where something is right or wrong, and what was read: no wanted value stands in any of these.
_PLACES = """
    accepted_by arrays certificate deciding_steps diagnosis entries entries_right epochs errors every
    fields fields_right first_step first_wrong_working_step follows form hidden_set in_place instances
    instances_right largest_excess losses networks_right outputs_right possible ratio repeatable right
    rows_right sequences slips state_size steps
"""
# Closed: a fact that is not listed is told nobody, so that a new one cannot give an answer away unnoticed.
EVIDENCE_LEVELS: dict[str, Level] = {
    **dict.fromkeys(_PLACES.split(), "location"),
    # These show wanted values on an input, ...
    **dict.fromkeys(("counterexample", "counterexamples", "network", "series"), "counterexample"),
    # ... and this how to get them.
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
        if name in EVIDENCE_LEVELS and LEVELS.index(EVIDENCE_LEVELS[name]) <= most
    }
