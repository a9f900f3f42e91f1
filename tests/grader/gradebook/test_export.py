from __future__ import annotations

import csv
import io
import json

from grader.gradebook.computing import compute_standings
from grader.gradebook.course import NO_POLICIES, read_course
from grader.gradebook.export import as_csv, as_json
from grader.gradebook.records import Override, StoredAttempt, StoredMark


def attempt(
    student: str, *marks: StoredMark, number: int = 1, submitted_at: str | None = None
) -> StoredAttempt:
    return StoredAttempt(
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


A = StoredMark("a", "partial", "1/3", "4/3", "4")
B = StoredMark("b", "correct", "1", "2", "2")


def test_json_has_the_fixed_form():
    assert json.loads(as_json(compute_standings([attempt("ada", A, B)], [], NO_POLICIES))) == [
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
            "name": "",
            "attempt": 1,
            "attempts": 1,
            "submitted_at": None,
            "penalty": 0.0,
            "override": None,
            "hints": [],
            "not_accepted": [],
            "time_problem": "",
        }
    ]


def given(question: str | None, points: str | None) -> Override:
    return Override(
        student="ada", exercise="sums", question=question, points=points, who="Z", why="paper", made_at="then"
    )


def test_an_override_has_its_reason_and_who_gave_it_when():
    (record,) = json.loads(as_json(compute_standings([attempt("ada", A, B)], [given("a", "4")], NO_POLICIES)))
    told = {"points": 4.0, "who": "Z", "why": "paper", "made_at": "then"}
    assert record["questions"]["a"] == {"verdict": "correct", "fraction": 1.0, "override": told}
    assert (record["points"], record["override"]) == (6.0, None)
    (record,) = json.loads(
        as_json(compute_standings([attempt("ada", A, B)], [given(None, "5/2")], NO_POLICIES))
    )
    assert (record["points"], record["override"]) == (2.5, told | {"points": 2.5})


def test_what_was_taken_back_is_not_told():
    found = compute_standings([attempt("ada", A, B)], [given("a", "4"), given("a", None)], NO_POLICIES)
    assert "override" not in json.loads(as_json(found))[0]["questions"]["a"]


def test_what_is_written_in_words_is_exported_and_is_no_formula():
    found, reasons = (
        compute_standings([attempt("ada", A, B)], [], NO_POLICIES),
        {("ada", "sums"): {"b": "=1+1"}},
    )
    assert json.loads(as_json(found, reasons))[0]["questions"]["b"]["reason"] == "=1+1"
    (row,) = csv.DictReader(io.StringIO(as_csv(found, reasons)))
    assert row["b.reason"] == "'=1+1"


def test_csv_has_two_columns_a_question():
    rows = list(csv.reader(io.StringIO(as_csv(compute_standings([attempt("ada", A, B)], [], NO_POLICIES)))))
    assert rows[0][5:9] == ["a.verdict", "a.fraction", "b.verdict", "b.fraction"]
    assert rows[1][:9] == [
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
    rows = list(csv.reader(io.StringIO(as_csv(compute_standings([attempt("=1+1", A)], [], NO_POLICIES)))))
    assert rows[1][0] == "'=1+1"


def test_the_last_attempt_counts_if_nothing_is_said():
    found = compute_standings([attempt("ada", B), attempt("ada", A, number=2)], [], NO_POLICIES)
    assert [(one.attempt.number, one.attempts) for one in found] == [(2, 2)]


def test_a_penalty_is_taken_off_the_points_and_not_off_the_questions():
    course = read_course("[exercise.sums]\ndue = 2026-01-01T00:00:00\n[late]\nper_day = '50%'", "")
    (one,) = compute_standings([attempt("ada", B, submitted_at="2026-01-01T01:00:00+00:00")], [], course)
    assert (one.points, one.marks[0].fraction) == (1, "1")


def test_json_is_indented_as_json_dumps_indents_it():
    given = [
        Override(student="bo", exercise="sums", question="a", points="2", who="\n\u2028", why='"\\'),
        Override(student="bo", exercise="sums", question=None, points="1/3", who="ä", why=""),
    ]
    course = read_course("[exercise.sums]\ncutoff = 2026-01-01T00:00:00", "course.toml")
    late = attempt("cy,\n {}", A, number=2, submitted_at="2026-01-02T00:00:00")
    text = as_json(
        compute_standings(
            [attempt("ada", A, B), attempt("bo", B, A), attempt("by", A, B), late], given, course
        ),
        {("by", "sums"): {"b": "in\nwords: []"}},
    )
    assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"
    assert as_json([]) == "[]\n"
