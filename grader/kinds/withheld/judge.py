"""Whether something was handed in; the course says what it is worth."""

from __future__ import annotations

from grader.errors import Unreadable
from grader.kinds.withheld.question import WithheldParams
from grader.model.kind import Answer, Judgement
from grader.model.outcome import handed_in_to_course


def judge(params: WithheldParams, answer: Answer) -> Judgement[None]:
    """Pending.

    Raises:
        Unreadable: If what has the function's name is none.
    """
    for call in answer.calls:
        if call.fault is not None and call.fault.kind == "not-callable":
            raise Unreadable(call.fault.message, f"write def {params.function}(...)", code=call.fault.code)
    return Judgement(handed_in_to_course(), None)
