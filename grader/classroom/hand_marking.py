"""Points that a person types, and marks for words: items of the rubric or points, and a comment."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from sqlalchemy import Connection

from grader.classroom.task import ExerciseText, exercise_of
from grader.errors import CannotDo, GraderError
from grader.gradebook.course import read_exact
from grader.gradebook.hand_marks import HandMark, Role
from grader.gradebook.kept_files import exercise_text
from grader.gradebook.queue import Entry
from grader.kinds.text.question import RubricItem, TextParams
from grader.model.exercise import Question
from grader.model.share import closed_up


class CannotGive(CannotDo):
    """A person typed something that is no mark for the answer."""


def question_of(connection: Connection, entry: Entry) -> Question | None:
    """The question as it was when the answer was marked; None where its exercise cannot be read any more."""
    text = exercise_text(connection, entry.exercise_digest)
    try:
        exercise = exercise_of(ExerciseText(entry.exercise, entry.exercise_digest, text or b""))
    except GraderError:
        return None
    return next((one for one in exercise.questions if one.id == entry.question), None)


def rubric_of(question: Question | None) -> tuple[RubricItem, ...]:
    """What a marker of a question looks for; empty where nothing is written down."""
    params = None if question is None else question.params
    return params.rubric if isinstance(params, TextParams) else ()


def mark_of(
    entry: Entry, chosen: Sequence[RubricItem], points: str | None, comment: str, role: Role, who: str
) -> HandMark:
    """The mark that a person typed.

    Args:
        entry: The answer.
        chosen: The rubric's items that are given.
        points: As typed; None for those of the items.
        comment: For the student, after the comments of the items.
        role: Which mark it is.
        who: The marker.

    Raises:
        CannotGive: If the points are none that can be given.
    """
    if points is None:
        total = sum((one.points for one in chosen), Fraction(0))
        _require_within(total, str(total), entry.max_points, entry.id)
    else:
        total = points_typed(points, entry.max_points, entry.id)
    # A comment that comes back from a spreadsheet holds those of the items already.
    of_items = [one.comment for one in chosen if one.comment and one.comment not in comment]
    return HandMark(
        attempt=entry.attempt,
        question=entry.question,
        role=role,
        who=who,
        points=str(total),
        items=tuple(one.id for one in chosen),
        comment=" ".join(filter(None, [*of_items, comment.strip()])),
    )


def says_the_same(before: HandMark, new: HandMark) -> bool:
    """Whether two marks give the same points and say the same."""
    points = Fraction(before.points) == Fraction(new.points)
    return points and (before.items, before.comment) == (new.items, new.comment)


def points_typed(typed: str, most: Fraction, where: str | None = None) -> Fraction:
    """Points that a person gives.

    Args:
        typed: Such as "3", "2.5", "2,5" or "7/2".
        most: That can be given.
        where: What they are for, in errors.

    Raises:
        CannotGive: If they are no number, or none between 0 and the most.
    """
    try:
        points = read_exact(closed_up(typed).replace(",", "."))
    except (ValueError, ZeroDivisionError):
        raise CannotGive(f"{typed!r} is no number of points; write 3, 2.5 or 7/2", where=where) from None
    _require_within(points, typed, most, where)
    return points


def _require_within(points: Fraction, typed: str, most: Fraction, where: str | None) -> None:
    if not 0 <= points <= most:
        raise CannotGive(f"{typed} is not between 0 and {most} points", where=where)
