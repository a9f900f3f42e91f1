"""That something was handed in: what it is worth the course says."""

from __future__ import annotations

from fractions import Fraction

from grader.errors import Unreadable
from grader.kinds.withheld.question import WithheldParams
from grader.model.kind import Answer, Judgement
from grader.model.outcome import HANDED_IN, MARKED_BY_COURSE, Feedback, Outcome, Verdict


def judge(params: WithheldParams, answer: Answer) -> Judgement[None]:
    """Pending.

    Raises:
        Unreadable: If what has the function's name is none.
    """
    for call in answer.calls:
        if call.fault is not None and call.fault.kind == "not-callable":
            raise Unreadable(
                call.fault.message, f"write def {params.function}(...)", code="does-not-run-not-callable"
            )
    told = Feedback(HANDED_IN, MARKED_BY_COURSE, level="verdict")
    return Judgement(Outcome(verdict=Verdict.PENDING, fraction=Fraction(0), feedback=(told,)), None)
