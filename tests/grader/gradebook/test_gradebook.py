"""The same on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction

import pytest
from sqlalchemy import select

from grader.gradebook.computing import compute_standings
from grader.gradebook.course import NO_POLICIES, read_course
from grader.gradebook.database import GradebookError
from grader.gradebook.export import as_json
from grader.gradebook.gradebook import Gradebook, open_gradebook
from grader.gradebook.kept_files import course_text, exercise_text, file_names, submission
from grader.gradebook.kept_reports import staff_messages
from grader.gradebook.read_records import exercise_ids, overrides, past_results, stored_attempts
from grader.gradebook.records import Attempt, Override, StoredMark, StoredResult
from grader.gradebook.standing import Standing
from grader.gradebook.tables import BLOBS, SUBMISSIONS
from grader.gradebook.write_records import NewResult, keep_course, keep_override, keep_results
from grader.model.submission import AnswerFile
from grader.submissions import build_submission

Keep = Callable[..., int]


def all_standings(book: Gradebook) -> list[Standing]:
    with book.reading() as connection:
        return compute_standings(stored_attempts(connection), overrides(connection), NO_POLICIES)


def regraded(book: Gradebook, attempt: int, points: str, *, is_counted: bool = True) -> None:
    mark = StoredMark("q", "partial", points, points, "4")
    result = StoredResult(exercise_digest="sha256:e", grader_version="2", seed=7, report="{}", marks=(mark,))
    with book.writing() as connection:
        keep_results(connection, [NewResult(result, "regrade", attempt, is_counted=is_counted)])


def given(book: Gradebook, points: str | None, question: str | None = "q") -> None:
    override = Override(
        student="ada", exercise="sums", question=question, points=points, who="bo", why="seen on paper"
    )
    with book.writing_durably() as connection:
        keep_override(connection, override)


def test_what_was_handed_in_comes_back_byte_for_byte(book: Gradebook, keep: Keep):
    keep("ada", "3", text="x = '\0\\x00 ü'")
    with book.reading() as connection:
        (row,) = stored_attempts(connection)
        back = submission(connection, row.submission, "ada")
        assert file_names(connection, "sums") == ["answer.py"]
    assert back.files == (AnswerFile("answer.py", "x = '\0\\x00 ü'".encode()),)
    assert back.digest == row.submission


def test_attempts_are_in_the_order_of_their_numbers_whichever_was_marked_first(book: Gradebook, keep: Keep):
    for number in (5, 2):
        keep("ada", "3", text=f"x = {number}", number=number)
    with book.reading() as connection:
        assert [row.number for row in stored_attempts(connection)] == [2, 5]


def test_the_same_bytes_are_kept_once(book: Gradebook, keep: Keep):
    keep("ada", "3")
    keep("bo", "3")
    with book.reading() as connection:
        assert len(connection.execute(select(BLOBS)).all()) == 1
        assert len(connection.execute(select(SUBMISSIONS)).all()) == 1
        assert len(stored_attempts(connection)) == 2


def test_records_are_sorted_by_code_points_on_every_database(book: Gradebook, keep: Keep):
    for student in ("ada", "Zoe", "_x", "émile", "bo"):
        keep(student, "3")
    assert [one.student for one in all_standings(book)] == ["Zoe", "_x", "ada", "bo", "émile"]


def test_the_last_result_that_counts_stands_and_the_others_are_history(book: Gradebook, keep: Keep):
    attempt = keep("ada", "3")
    regraded(book, attempt, "4")
    regraded(book, attempt, "1", is_counted=False)
    (one,) = all_standings(book)
    assert one.points == 4
    with book.reading() as connection:
        history = past_results(connection, attempt)
    assert [(row.reason, row.is_counted) for row in history] == [
        ("batch", True),
        ("regrade", True),
        ("regrade", False),
    ]
    assert [row.marks[0].points for row in history] == ["3", "4", "1"]


def test_points_given_by_hand_stand_until_they_are_taken_back(book: Gradebook, keep: Keep):
    keep("ada", "1")
    given(book, "7/3")
    (one,) = all_standings(book)
    assert (one.points, one.marks[0].verdict) == (Fraction(7, 3), "partial")
    given(book, None)
    assert all_standings(book)[0].points == 1
    with book.reading() as connection:
        assert [(row.points, row.who, row.why) for row in overrides(connection)] == [
            ("7/3", "bo", "seen on paper"),
            (None, "bo", "seen on paper"),
        ]


def test_points_for_the_whole_stand_beside_the_questions(book: Gradebook, keep: Keep):
    keep("ada", "1")
    given(book, "4", question=None)
    (one,) = all_standings(book)
    assert (one.points, one.marks[0].points) == (4, "1")


def test_points_stay_exact(book: Gradebook, keep: Keep):
    keep("ada", "1/3")
    assert all_standings(book)[0].points == Fraction(1, 3)


def test_a_transaction_that_fails_leaves_nothing(book: Gradebook, keep: Keep):
    keep("ada", "3")
    attempt = Attempt(student="ada", exercise="sums", number=1, submission=build_submission("ada", []))
    mark = StoredMark("q", "correct", "1", "4", "4")
    result = StoredResult(exercise_digest="sha256:e", grader_version="2", seed=7, report="{}", marks=(mark,))
    clash = NewResult(result, "batch", attempt=attempt, number=1)
    with pytest.raises(Exception, match=r"(?i)unique"), book.writing() as connection:
        keep_results(connection, [clash])
    with book.reading() as connection:
        assert len(connection.execute(select(SUBMISSIONS)).all()) == 1
        assert len(stored_attempts(connection)) == 1


def test_a_result_of_an_exercise_that_is_not_kept_is_refused(book: Gradebook, keep: Keep):
    attempt = keep("ada", "3")
    result = StoredResult(exercise_digest="sha256:other", grader_version="2", seed=7, report="{}", marks=())
    with pytest.raises(Exception, match=r"(?i)foreign"), book.writing() as connection:
        keep_results(connection, [NewResult(result, "batch", attempt)])


def test_names_that_are_no_text_are_kept_readable(book: Gradebook, keep: Keep):
    keep("a\udcff\0b", "3", source=("x\udcff.py",))
    assert [one.student for one in all_standings(book)] == ["a\\udcff\\0b"]


def test_everything_is_there_after_it_was_closed(place: str, book: Gradebook, keep: Keep):
    keep("ada", "3")
    with book.writing_durably() as connection:
        keep_course(connection, "time_zone = 'UTC'")
        keep_course(connection, "time_zone = 'UTC'")
    before = as_json(all_standings(book))
    with open_gradebook(place, must_exist=True) as again:
        assert as_json(all_standings(again)) == before
        with again.reading() as connection:
            assert exercise_ids(connection) == ["sums"]
            assert exercise_text(connection, "sha256:e") == b"text"
            assert read_course(course_text(connection) or "", "").time_zone == "UTC"


def test_a_second_writer_is_refused(place: str, book: Gradebook):
    with (
        book.sole_writer(),
        open_gradebook(place) as other,
        pytest.raises(GradebookError, match="another run"),
        other.sole_writer(),
    ):
        pass
    with open_gradebook(place) as other, other.sole_writer():
        pass


def test_messages_for_staff_are_found(book: Gradebook):
    told = {"questions": [{"feedback": [{"audience": "staff", "message": "boom"}]}] * 2}
    mark = StoredMark("q", "undecided", "0", "0", "4")
    result = StoredResult(
        exercise_digest="sha256:e", grader_version="1", seed=0, report=json.dumps(told), marks=(mark,)
    )
    attempt = Attempt(student="ada", exercise="sums", number=1, submission=build_submission("ada", []))
    with book.writing() as connection:
        (ids,) = keep_results(connection, [NewResult(result, "batch", attempt=attempt)])
    with book.reading() as connection:
        assert staff_messages(connection, ids.result) == ["boom"]
