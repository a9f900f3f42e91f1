from __future__ import annotations

from collections.abc import Callable

import pytest

from grader.classroom.batch import run_class
from grader.classroom.pending import undecided
from grader.classroom.regrade import ChangedStanding, Regraded, Rules, changes, regrade
from grader.gradebook.computing import compute_standings
from grader.gradebook.course import NO_POLICIES
from grader.gradebook.gradebook import Gradebook
from grader.gradebook.read_records import overrides, past_results, stored_attempts
from grader.gradebook.records import Attempt, Override
from grader.gradebook.write_records import NewResult, keep_override, keep_results

SHAPES = 'shapes = {"A": (2, 3), "B": (3, 2)}\n'


@pytest.fixture
def filled(assignment, book, machines, submit: Callable[..., Attempt]) -> Gradebook:
    """Three students said 42, one 43, one nothing; bo's file is the same as ada's."""
    answers = {"ada": "42", "bo": "42", "cy": "42  # own work", "di": "43", "ed": "None"}
    handed_in = [submit(student, f"{SHAPES}number = {text}") for student, text in answers.items()]
    run_class(assignment, handed_in, book, machines, lambda event: None)
    return book


def affected(book: Gradebook, regraded: Regraded) -> list[ChangedStanding]:
    with book.reading() as connection:
        given = overrides(connection)
    return changes(
        compute_standings(regraded.before, given, NO_POLICIES),
        compute_standings(regraded.after, given, NO_POLICIES),
    )


def points(book: Gradebook) -> dict[str, int]:
    with book.reading() as connection:
        found = compute_standings(stored_attempts(connection), overrides(connection), NO_POLICIES)
    return {one.student: int(one.points) for one in found}


def results(book: Gradebook) -> int:
    with book.reading() as connection:
        return sum(len(past_results(connection, row.attempt)) for row in stored_attempts(connection))


def nothing() -> None:
    pass


def test_a_changed_answer_affects_exactly_those_whose_mark_changes(filled, changed, machines):
    regraded = regrade(changed, filled, machines, Rules(), nothing)
    found = affected(filled, regraded)
    assert [(one.before.student, int(one.before.points), int(one.after.points)) for one in found] == [
        ("ada", 4, 3),
        ("bo", 4, 3),
        ("cy", 4, 3),
        ("di", 3, 4),
    ]
    assert {one.questions for one in found} == {("number",)}
    assert points(filled) == {"ada": 3, "bo": 3, "cy": 3, "di": 4, "ed": 3}


def test_the_same_exercise_changes_nobody_and_keeps_nothing_new(filled, assignment, machines):
    regraded = regrade(assignment, filled, machines, Rules(), nothing)
    assert affected(filled, regraded) == []
    assert results(filled) == 5


def test_a_dry_run_says_the_same_and_keeps_nothing(filled, changed, machines):
    dry = affected(filled, regrade(changed, filled, machines, Rules(is_dry=True), nothing))
    assert (results(filled), points(filled)["ada"]) == (5, 4)
    wet = affected(filled, regrade(changed, filled, machines, Rules(), nothing))
    assert [(one.before.student, one.after.points) for one in dry] == [
        (one.before.student, one.after.points) for one in wet
    ]


def test_never_lower_raises_only(filled, changed, machines):
    regraded = regrade(changed, filled, machines, Rules(never_lower=True), nothing)
    assert [one.before.student for one in affected(filled, regraded)] == ["di"]
    assert points(filled) == {"ada": 4, "bo": 4, "cy": 4, "di": 4, "ed": 3}
    assert results(filled) == 10


def test_regrading_back_and_forth_ends_where_it_began(filled, assignment, changed, machines):
    before = points(filled)
    regrade(changed, filled, machines, Rules(), nothing)
    regrade(assignment, filled, machines, Rules(), nothing)
    assert points(filled) == before


def test_points_given_by_hand_stand(filled, changed, machines):
    override = Override(
        student="ada", exercise="sums", question="number", points="1", who="bo", why="right on paper"
    )
    with filled.writing_durably() as connection:
        keep_override(connection, override)
    regraded = regrade(changed, filled, machines, Rules(), nothing)
    assert "ada" not in [one.before.student for one in affected(filled, regraded)]
    assert points(filled)["ada"] == 4


def test_what_could_not_be_read_stays_undecided(assignment, changed, book, machines, submit):
    run_class(assignment, [submit("bo", "")], book, machines, lambda _: None)
    attempt = submit("ada", "")
    with book.writing() as connection:
        gone = undecided(assignment.exercise, attempt.submission, "gone")
        keep_results(connection, [NewResult(gone, "batch", attempt=attempt)])
    regrade(changed, book, machines, Rules(), nothing)
    with book.reading() as connection:
        assert {one.student: one.is_undecided for one in stored_attempts(connection)} == {
            "ada": True,
            "bo": False,
        }
