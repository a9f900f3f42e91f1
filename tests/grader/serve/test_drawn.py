"""A student's own exercise is drawn once, and what is kept of all has a bound."""

from __future__ import annotations

import hashlib

from grader.classroom import task
from grader.classroom.task import ExerciseText, read_exercise
from grader.serve import courses
from grader.serve.courses import DrawnExercises
from grader.variants.code import code_of
from tests.grader.serve.test_variants import DOUBLED

TEXT = DOUBLED.encode()


def file_for(student: str) -> ExerciseText:
    digest = f"sha256:{hashlib.sha256(TEXT).hexdigest()}"
    return ExerciseText("doubled", digest, TEXT, code_of(student, "doubled", b"a secret"))


def test_each_student_has_the_own_and_it_is_drawn_once(monkeypatch) -> None:
    read: list[str] = []

    def counted(file: ExerciseText) -> object:
        read.append(file.variant)
        return read_exercise(file)

    monkeypatch.setattr(task, "read_exercise", counted)
    kept = DrawnExercises()
    students = [f"student {number}" for number in range(30)]
    for _ in range(2):
        for one in students:
            assert kept.of(file_for(one)) == read_exercise(file_for(one))
    assert read == [file_for(one).variant for one in students]


def test_who_was_shown_it_longest_ago_gives_way(monkeypatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(task, "read_exercise", lambda file: read.append(file.variant) or read_exercise(file))
    kept = DrawnExercises(most_bytes=3 * courses.BYTES_EACH * len(TEXT))
    for one in "abcadabb":
        kept.of(file_for(one))
    # With room for three: d takes the place of b, and b that of c.
    assert read == [file_for(one).variant for one in "abcdb"]


def test_what_is_larger_than_the_bound_is_given_all_the_same() -> None:
    kept = DrawnExercises(most_bytes=1)
    assert [kept.of(file_for(one)).variant for one in "ab"] == [file_for(one).variant for one in "ab"]
