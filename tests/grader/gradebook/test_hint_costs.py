"""What hints cost: recorded once, before the attempt only, never below zero."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import msgspec
import pytest
from sqlalchemy import select

from grader.errors import SpecError
from grader.gradebook.computing import compute_standings
from grader.gradebook.course import Course, read_course
from grader.gradebook.gradebook import Gradebook
from grader.gradebook.hint_costs import ShownHint
from grader.gradebook.records import Override, StoredAttempt, StoredMark
from grader.gradebook.shown_hints import attempts_at, keep_shown_hints, shown_hints
from grader.gradebook.standing import Standing, UnreadableRecords
from grader.gradebook.tables import SHOWN_HINTS
from grader.model.hints import HintTerms, hint_offer, shown_freely

NOON = "2026-11-20T12:00:00+00:00"


def attempt(number: int, at: str | None = NOON, student: str = "ada", **points: str) -> StoredAttempt:
    """An attempt at questions of four points each."""
    marks = tuple(
        StoredMark(name, "partial", str(Fraction(one) / 4), one, "4") for name, one in points.items()
    )
    return StoredAttempt(
        attempt=number,
        student=student,
        exercise="sums",
        number=number,
        submission=f"sha256:{number}",
        submitted_at=at,
        is_late=None,
        result=number,
        exercise_digest="",
        grader_version="",
        is_undecided=False,
        same_as=None,
        marks=marks,
    )


def shown(question: str = "q", number: int = 1, cost: str = "1", at: str | None = None, **more) -> ShownHint:
    given = {"student": "ada", "exercise": "sums", "who": "bo", **more}
    return ShownHint(question=question, number=number, cost=cost, shown_at=at, **given)


def stands(hints: list[ShownHint], *attempts: StoredAttempt, course: str = "", given=()) -> Standing:
    (found,) = compute_standings(attempts, given, read_course(course, ""), hints=hints)
    return found


@pytest.mark.parametrize(
    ("hints", "points"),
    [
        ([], 5),
        ([shown()], 4),
        ([shown(), shown()], 4),
        ([shown(), shown(number=2, cost="1/2")], Fraction(7, 2)),
        ([shown("r", cost="3")], 3),
        ([shown("r", cost="3"), shown(cost="7")], 0),
        ([shown("gone", cost="3")], 5),
        ([shown(), shown(is_withdrawn=True)], 5),
        ([shown(), shown(is_withdrawn=True), shown()], 4),
        ([shown(cost="0")], 5),
        ([shown(student="bo")], 5),
        ([shown(exercise="other")], 5),
    ],
)
def test_each_hint_takes_off_its_points_once_and_no_more_than_is_earned(hints, points):
    assert stands(hints, attempt(1, q="3", r="2")).points == points


@pytest.mark.parametrize(
    ("at", "submitted_at", "is_charged"),
    [
        ("2026-11-20T11:59:59+00:00", NOON, True),
        ("2026-11-20T12:00:00+00:00", NOON, False),
        ("2026-11-20T12:00:01+00:00", NOON, False),
        ("2026-11-20T12:59:59+01:00", "2026-11-20T12:00:00", True),
        (None, NOON, True),
        ("2026-11-20T13:00:00+00:00", None, True),
        ("2026-11-20T13:00:00+00:00", "some day", True),
    ],
)
def test_a_hint_costs_what_was_handed_in_after_it(at, submitted_at, is_charged: bool):
    found = stands([shown(at=at)], attempt(1, submitted_at, q="3"))
    assert found.points == (2 if is_charged else 3)


def test_the_best_attempt_is_the_best_after_what_hints_cost():
    hints = [shown(at="2026-11-20T12:30:00+00:00", cost="2")]
    later = "2026-11-20T13:00:00+00:00"
    rule = '[attempts]\ncounts = "best"\n'
    assert stands(hints, attempt(1, q="2"), attempt(2, later, q="3"), course=rule).attempt.number == 1
    assert stands(hints, attempt(1, q="2"), attempt(2, later, q="4"), course=rule).attempt.number == 1
    assert stands(hints, attempt(1, q="1"), attempt(2, later, q="4"), course=rule).attempt.number == 2


def test_what_is_late_is_taken_off_what_hints_leave():
    course = '[late]\nper_day = "10%"\n[exercise.sums]\ndue = 2026-11-20T11:00:00\n'
    assert stands([shown()], attempt(1, q="4"), course=course).points == Fraction(27, 10)


def test_points_that_a_person_gave_stay():
    given = [Override(student="ada", exercise="sums", question="q", points="4", who="bo", why="right")]
    assert stands([shown(), shown("r")], attempt(1, q="1", r="3"), given=given).points == 6
    whole = [Override(student="ada", exercise="sums", question=None, points="4", who="bo", why="right")]
    assert stands([shown()], attempt(1, q="1", r="3"), given=whole).points == 4
    back = [*given, Override(student="ada", exercise="sums", question="q", points=None, who="bo", why="slip")]
    assert stands([shown()], attempt(1, q="3"), given=back).points == 2


@pytest.mark.parametrize(
    ("course", "points"),
    [
        ("[hint_policy]\ncost = 2\n", 2),
        ("[hint_policy]\ncost = [0, 3]\n", 4),
        ("[hint_policy]\nafter = 3\n", 3),
        ("[hint_policy]\ncost = 2\n[exercise.sums]\nhint_policy = {cost = 0}\n", 4),
        ("[hint_policy]\ncost = 2\n[exercise.sums]\nhint_policy = {after = 1}\n", 2),
        ("[hint_policy]\ncost = 2\n[exercise.other]\nhint_policy = {cost = 0}\n", 2),
    ],
)
def test_the_cost_that_the_course_file_says_stands(course: str, points: int):
    assert stands([shown()], attempt(1, q="4"), course=course).points == points


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[hint_policy]\ncost = -1", "hint_policy.cost: found -1, wanted points from 0 on"),
        ("[exercise.sums]\nhint_policy = {after = -1}", "exercise.sums.hint_policy.after: found -1"),
        ("[hint_policy]\nprice = 1", "unknown key 'price'"),
    ],
)
def test_a_policy_of_a_course_that_cannot_be_meant_is_named(text: str, told: str):
    with pytest.raises(SpecError) as caught:
        read_course(text, "course.toml")
    assert told in str(caught.value)


@pytest.mark.parametrize("broken", [shown(cost="1/0"), shown(cost="much"), shown(at="2026-11-20T12:00:00")])
def test_a_broken_row_costs_its_own_student_only(broken: ShownHint):
    failed: list[UnreadableRecords] = []
    attempts = [attempt(1, q="3"), attempt(2, student="bo", q="3")]
    found = compute_standings(attempts, [], Course(), failed, hints=[broken, shown(student="bo")])
    assert [(one.student, one.points) for one in found] == [("bo", 2)]
    assert [one.student for one in failed] == ["ada"]


PRICED = (HintTerms(), HintTerms(after=2), HintTerms(cost=Fraction(1)), HintTerms(after=3, cost=Fraction(2)))


@pytest.mark.parametrize(
    ("number", "had", "attempts", "state"),
    [
        (1, (), 0, "open"),
        (2, (), 1, "later"),
        (2, (), 2, "open"),
        (2, (2,), 0, "shown"),
        (3, (), 1, "order"),
        (3, (), 2, "costs"),
        (3, (2,), 0, "costs"),
        (4, (), 9, "order"),
        (4, (3,), 2, "later"),
        (4, (3,), 3, "costs"),
        (4, (4,), 0, "shown"),
    ],
)
def test_when_a_hint_may_be_shown(number: int, had: tuple[int, ...], attempts: int, state: str):
    assert hint_offer(PRICED, number, had, attempts).state == state


@pytest.mark.parametrize(("had", "attempts", "count"), [((), 0, 1), ((), 2, 2), ((3,), 2, 3), ((3, 4), 0, 1)])
def test_how_many_hints_may_be_shown_for_nothing(had, attempts: int, count: int):
    assert shown_freely(PRICED, had, attempts) == count


def test_attempts_at_a_question_are_different_answers_in_which_it_was_read():
    def one(number: int, verdict: str, submission: str) -> StoredAttempt:
        found = attempt(number, q="0")
        marks = (StoredMark("q", verdict, "0", "0", "4"),)
        return type(found)(
            **{
                **{n: getattr(found, n) for n in found.__struct_fields__},
                "marks": marks,
                "submission": submission,
            }
        )

    verdicts = ["incorrect", "invalid", "missing", "undecided", "pending", "partial"]
    tried = [one(number, verdict, str(number)) for number, verdict in enumerate(verdicts)]
    assert attempts_at(tried, "q") == 3
    assert attempts_at([*tried, one(9, "incorrect", "0")], "q") == 3
    assert attempts_at(tried, "r") == 0


def test_a_hint_is_recorded_once(book: Gradebook):
    with book.writing() as connection:
        assert len(keep_shown_hints(connection, [shown(cost="1"), shown(cost="2"), shown(number=2)])) == 2
    with book.writing() as connection:
        assert keep_shown_hints(connection, [shown(cost="7", at=NOON)]) == []
        assert keep_shown_hints(connection, [shown(number=3, is_withdrawn=True)]) == []
        assert len(keep_shown_hints(connection, [shown(is_withdrawn=True)])) == 1
    with book.reading() as connection:
        rows = shown_hints(connection, "sums", "ada")
    assert [(one.number, one.cost, one.is_withdrawn) for one in rows] == [
        (1, "1", False),
        (2, "1", False),
        (1, "1", True),
    ]


AT_ONCE = """
import sys
from grader.gradebook.gradebook import open_gradebook
from grader.gradebook.hint_costs import ShownHint
from grader.gradebook.shown_hints import keep_shown_hints
with open_gradebook(sys.argv[1], must_exist=True) as book:
    for number in range(1, 31):
        hint = ShownHint(student="ada", exercise="sums", question="q", number=number, who=sys.argv[2])
        with book.writing() as connection:
            keep_shown_hints(connection, [hint])
"""


def test_two_that_record_at_once_record_each_hint_once(book: Gradebook, place: str):
    both = [subprocess.Popen([sys.executable, "-c", AT_ONCE, place, who]) for who in ("bo", "cy")]
    assert [one.wait(timeout=60) for one in both] == [0, 0]
    with book.reading() as connection:
        numbers = sorted(connection.execute(select(SHOWN_HINTS.c.number)).scalars())
    assert numbers == list(range(1, 31))


@pytest.mark.parametrize(
    ("questions", "points"),
    [
        # Answered at noon, shown at one: handing in another question at two carries the answer along.
        (("q", "r"), 7),
        # Answered again after it was shown.
        (("q", "q"), 6),
        # A file for all at two answers everything again, one at noon nothing after it.
        (("q", ""), 6),
        (("", "r"), 7),
    ],
)
def test_where_questions_are_handed_in_one_by_one_a_hint_costs_later_answers_to_its_own(
    questions: tuple[str, str], points: int
) -> None:
    times = (NOON, "2026-11-20T14:00:00+00:00")
    attempts = [
        msgspec.structs.replace(attempt(number, at, q="4", r="3"), question=question)
        for number, (at, question) in enumerate(zip(times, questions, strict=True), 1)
    ]
    hint = shown(at="2026-11-20T13:00:00+00:00")
    found = stands([hint], *attempts, course='attempts = {counts = "last"}\n')
    assert found.points == points
