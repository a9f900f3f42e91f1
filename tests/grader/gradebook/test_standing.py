from __future__ import annotations

from grader.gradebook.course import Course
from grader.gradebook.marked import Mark
from grader.gradebook.policy import Attempts
from grader.gradebook.standing import standings
from grader.gradebook.stored import AttemptMarks

ONE_TRY = Course(attempts=Attempts(limit=1, counts="last"))


def attempt(number: int, **verdicts: str) -> AttemptMarks:
    """An attempt with a question of one point for each verdict."""
    points = {"correct": "1", "incorrect": "0", "undecided": "0", "missing": "0", "invalid": "0"}
    marks = tuple(
        Mark(name, verdict, points[verdict], points[verdict], "1") for name, verdict in verdicts.items()
    )
    return AttemptMarks(
        attempt=number,
        student="ada",
        exercise="sums",
        number=number,
        submission="",
        submitted_at=None,
        is_late=None,
        result=number,
        exercise_digest="",
        grader_version="",
        is_undecided="undecided" in verdicts.values(),
        same_as=None,
        marks=marks,
    )


def standing_attempt(*attempts: AttemptMarks) -> int:
    (found,) = standings(attempts, [], ONE_TRY)
    return found.attempt.number


def test_one_undecided_question_does_not_make_an_attempt_free():
    first = attempt(1, a="incorrect", b="undecided")
    assert standing_attempt(first, attempt(2, a="correct", b="correct")) == 1


def test_attempt_of_which_nothing_was_decided_is_free():
    first = attempt(1, a="undecided", b="undecided")
    assert standing_attempt(first, attempt(2, a="correct", b="incorrect")) == 2
    unread = attempt(1, a="invalid", b="undecided")
    assert standing_attempt(unread, attempt(2, a="correct", b="incorrect")) == 2
