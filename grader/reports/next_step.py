"""The next thing to do: a question that is not solved, and what to do about it."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from grader.mathematics.prose import readable
from grader.model.outcome import Verdict
from grader.model.report import QuestionReport
from grader.model.text import joined
from grader.reports.wording import earned_text

MOST_CHARACTERS = 240
"""Characters of a prompt: enough to know which question it is; `rnngrade show` has all of it."""

SETTLED = (Verdict.CORRECT, Verdict.UNDECIDED, Verdict.PENDING, Verdict.SKIPPED)
"""Where a student can do nothing now: what is undecided or pending waits for the instructor."""

WHAT_TO_DO = {
    Verdict.MISSING: "nothing is handed in yet",
    Verdict.INVALID: "mend what could not be read",
    Verdict.INCORRECT: "look at what is wrong",
    Verdict.PARTIAL: "look at what is not right yet",
}


def next_question(verdicts: Mapping[str, Verdict], after: str | None = None) -> str | None:
    """The first question that waits for its student; None where none does.

    Args:
        verdicts: Of each question by its id, in the exercise's order.
        after: Begin behind this one, and go round.
    """
    ids = list(verdicts)
    start = 0 if after is None or after not in verdicts else ids.index(after) + 1
    return next((one for one in (*ids[start:], *ids[:start]) if verdicts[one] not in SETTLED), None)


def next_line(question: QuestionReport) -> str:
    """Which question is next and what to do about it: "Next: b_i (1(b)i), 0 / 5 points: ...".

    Args:
        question: One that waits for its student.
    """
    what = WHAT_TO_DO[question.outcome.verdict]
    return f"Next: {question.id} ({question.label}), {earned_text(question)} points: {what}."


def nothing_left(verdicts: Mapping[str, Verdict]) -> str:
    """What to say where no question waits for its student.

    Args:
        verdicts: Of each question by its id.
    """
    open_ones = [one for one, verdict in verdicts.items() if verdict in (Verdict.UNDECIDED, Verdict.PENDING)]
    if open_ones:
        are = "is" if len(open_ones) == 1 else "are"
        return f"Nothing is left to do: {joined(open_ones)} {are} with your instructor."
    return "Everything is solved."


def short_prompt(prompt: str, *, is_ascii: bool = False) -> str:
    """The beginning of a prompt, on one line, its formulas in one line too.

    Args:
        prompt: An author's text.
        is_ascii: Whether formulas are shown without Unicode.
    """
    return textwrap.shorten(readable(prompt, is_ascii=is_ascii), MOST_CHARACTERS, placeholder=" ...")
