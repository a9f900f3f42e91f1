from __future__ import annotations

import csv
import io
import json

from grader.gradebook.course import NO_POLICIES
from grader.gradebook.course_file import read_course
from grader.gradebook.export import as_csv, as_json
from grader.gradebook.marked import Mark
from grader.gradebook.standing import standings
from grader.gradebook.stored import AttemptMarks


def attempt(student: str, *marks: Mark, number: int = 1, submitted_at: str | None = None) -> AttemptMarks:
    return AttemptMarks(
        attempt=number,
        student=student,
        exercise="sums",
        number=number,
        submission="",
        submitted_at=submitted_at,
        is_late=None,
        result=number,
        exercise_digest="",
        grader_version="",
        is_undecided=False,
        same_as=None,
        marks=marks,
    )


A = Mark("a", "partial", "1/3", "4/3", "4")
B = Mark("b", "correct", "1", "2", "2")


def test_json_has_the_fixed_form():
    assert json.loads(as_json(standings([attempt("ada", A, B)], [], NO_POLICIES))) == [
        {
            "student": "ada",
            "exercise": "sums",
            "points": 3.333333,
            "max_points": 6.0,
            "fraction": 0.555556,
            "questions": {
                "a": {"verdict": "partial", "fraction": 0.333333},
                "b": {"verdict": "correct", "fraction": 1.0},
            },
        }
    ]


def test_csv_has_two_columns_a_question():
    rows = list(csv.reader(io.StringIO(as_csv(standings([attempt("ada", A, B)], [], NO_POLICIES)))))
    assert rows[0][5:] == ["a.verdict", "a.fraction", "b.verdict", "b.fraction"]
    assert rows[1] == [
        "ada",
        "sums",
        "3.333333",
        "6.0",
        "0.555556",
        "partial",
        "0.333333",
        "correct",
        "1.0",
    ]


def test_a_name_is_no_formula():
    rows = list(csv.reader(io.StringIO(as_csv(standings([attempt("=1+1", A)], [], NO_POLICIES)))))
    assert rows[1][0] == "'=1+1"


def test_the_last_attempt_counts_if_nothing_is_said():
    found = standings([attempt("ada", B), attempt("ada", A, number=2)], [], NO_POLICIES)
    assert [(one.attempt.number, one.attempts) for one in found] == [(2, 2)]


def test_a_penalty_is_taken_off_the_points_and_not_off_the_questions():
    course = read_course("[exercise.sums]\ndue = 2026-01-01T00:00:00\n[late]\nper_day = '50%'", "")
    (one,) = standings([attempt("ada", B, submitted_at="2026-01-01T01:00:00+00:00")], [], course)
    assert (one.points, one.marks[0].fraction) == (1, "1")
