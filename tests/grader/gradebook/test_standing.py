from __future__ import annotations

import msgspec
import pytest

from grader.gradebook.computing import compute_standings
from grader.gradebook.course import Course
from grader.gradebook.policy import AttemptRule
from grader.gradebook.records import StoredAttempt, StoredMark
from grader.gradebook.standing import UnreadableRecords

ONE_TRY = Course(attempts=AttemptRule(limit=1, counts="last"))


def attempt(number: int, **verdicts: str) -> StoredAttempt:
    """An attempt with a question of one point for each verdict."""
    points = {"correct": "1", "incorrect": "0", "undecided": "0", "missing": "0", "invalid": "0"}
    marks = tuple(
        StoredMark(name, verdict, points[verdict], points[verdict], "1") for name, verdict in verdicts.items()
    )
    return StoredAttempt(
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


def standing_attempt(*attempts: StoredAttempt) -> int:
    (found,) = compute_standings(attempts, [], ONE_TRY)
    return found.attempt.number


def test_one_undecided_question_does_not_make_an_attempt_free():
    first = attempt(1, a="incorrect", b="undecided")
    assert standing_attempt(first, attempt(2, a="correct", b="correct")) == 1


def test_attempt_of_which_nothing_was_decided_is_free():
    first = attempt(1, a="undecided", b="undecided")
    assert standing_attempt(first, attempt(2, a="correct", b="incorrect")) == 2
    unread = attempt(1, a="invalid", b="undecided")
    assert standing_attempt(unread, attempt(2, a="correct", b="incorrect")) == 2


@pytest.mark.parametrize("points", ["1/0", "nan", "9" * 5000, ""])
def test_a_record_that_makes_no_sense_costs_its_own_student_only(points: str):
    broken = msgspec.structs.replace(attempt(1), marks=(StoredMark("a", "correct", "1", points, "1"),))
    others = [msgspec.structs.replace(attempt(1, a="correct"), student=name) for name in ("bo", "cy")]
    failed: list[UnreadableRecords] = []
    found = compute_standings([broken, *others], [], ONE_TRY, failed)
    assert [(one.student, one.points) for one in found] == [("bo", 1), ("cy", 1)]
    assert [(one.student, one.exercise) for one in failed] == [("ada", "sums")]
