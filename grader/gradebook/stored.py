"""What is read back from the gradebook."""

from __future__ import annotations

import msgspec

from grader.gradebook.marked import Mark


class AttemptMarks(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt with the result that stands for it.

    Args:
        attempt: Its id.
        student: Whose it is.
        exercise: The exercise's id.
        number: Counts the student's attempts.
        submission: Digest of what was handed in.
        submitted_at: As `times.kept_time` keeps it; None where it is not told.
        is_late: As the learning-management system says.
        result: The result's id.
        exercise_digest: Of the exercise that it was marked with.
        grader_version: Of the grader that marked it.
        is_undecided: Whether a question is undecided.
        same_as: The student whose identical hand-in was judged.
        marks: One entry a question.
        name: A person's name, where it is known.
        received_at: When it came into the gradebook, ISO 8601 in UTC.
    """

    attempt: int
    student: str
    exercise: str
    number: int
    submission: str
    submitted_at: str | None
    is_late: bool | None
    result: int
    exercise_digest: str
    grader_version: str
    is_undecided: bool
    same_as: str | None
    marks: tuple[Mark, ...] = ()
    name: str = ""
    received_at: str = ""


class Override(msgspec.Struct, frozen=True, kw_only=True):
    """Points that a person gave; None for points takes back what was given before.

    Args:
        student: Whose points.
        exercise: The exercise's id.
        question: The question's id; None for the total.
        points: Exact, as text.
        who: Gave them.
        why: In words.
        made_at: ISO 8601 in UTC.
    """

    student: str
    exercise: str
    question: str | None
    points: str | None
    who: str
    why: str
    made_at: str
