"""What stands at the edges: overrides, points that nobody can earn, late days, the attempt that counts."""

from __future__ import annotations

import datetime
from fractions import Fraction

import msgspec
import pytest

from grader.gradebook.computing import compute_standings, overridden, scored_attempt
from grader.gradebook.course import Course
from grader.gradebook.late_days import LatePenalty, days_late, penalty
from grader.gradebook.policy import AttemptRule, Policy, ScoredAttempt, checked_time, choose
from grader.gradebook.records import Override, StoredAttempt, StoredMark
from grader.gradebook.submission_times import SubmissionTime
from grader.model.outcome import Outcome, Verdict
from grader.model.report import Counted, QuestionReport, Report

UTC = datetime.UTC
DUE = datetime.datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
TICK = datetime.timedelta(microseconds=1)


def blank(kind, **given):
    """A record with nothing in it but what is given."""
    fields = {field.name: field.default for field in msgspec.structs.fields(kind)}
    return kind(
        **{name: "" if value is msgspec.NODEFAULT else value for name, value in (fields | given).items()}
    )


def attempt(*marks, number=1):
    return blank(StoredAttempt, student="ada", exercise="sums", number=number, submitted_at=None, marks=marks)


def override(question, points):
    return blank(Override, student="ada", exercise="sums", question=question, points=points)


def standing(marks, *overrides):
    (found,) = compute_standings([attempt(*marks)], overrides, Course())
    return found


RIGHT, HALF = StoredMark("a", "correct", "1", "2", "2"), StoredMark("b", "partial", "1/2", "1", "2")
OPEN, FREE = StoredMark("c", "undecided", "0", "0", "2"), StoredMark("d", "incorrect", "0", "0", "0")


@pytest.mark.parametrize(
    ("marks", "fraction"),
    [((RIGHT, HALF), Fraction(3, 4)), ((RIGHT,), 1), ((OPEN,), 0), ((FREE,), 1), ((), 1)],
)
def test_the_share_is_of_all_points_and_whole_where_nothing_could_be_earned(marks, fraction):
    assert standing(marks).fraction == fraction


@pytest.mark.parametrize(
    ("marks", "total", "is_undecided"),
    [
        ((RIGHT, OPEN), None, True),
        ((OPEN,), None, True),
        ((RIGHT, HALF), None, False),
        ((RIGHT, OPEN), "1", False),
        ((), None, False),
    ],
)
def test_a_person_s_total_leaves_nothing_undecided(marks, total, is_undecided):
    given = () if total is None else (override(None, total),)
    assert standing(marks, *given).is_undecided is is_undecided


@pytest.mark.parametrize(
    ("mark", "points", "verdict", "fraction"),
    [
        (RIGHT, "2", "correct", "1"),
        (RIGHT, "1", "partial", "1/2"),
        (RIGHT, "0", "incorrect", "0"),
        (OPEN, "2", "correct", "1"),
        (FREE, "0", "correct", "1"),
        (FREE, "3", "correct", "1"),
    ],
)
def test_points_that_a_person_gives_make_the_verdict(mark, points, verdict, fraction):
    (found,) = overridden((mark,), {mark.question: override(mark.question, points)})
    assert (found.points, found.verdict, found.fraction) == (points, verdict, fraction)
    assert overridden((mark,), {mark.question: override(mark.question, None)}) == (mark,)
    assert overridden((mark,), {"z": override("z", points)}) == (mark,)


@pytest.mark.parametrize(("total", "points"), [("1/2", Fraction(1, 2)), ("0", 0), (None, 3)])
def test_a_total_that_a_person_gives_is_what_stands(total, points):
    given = () if total is None else (override(None, total),)
    assert standing((RIGHT, HALF), *given).points == points


@pytest.mark.parametrize(
    ("late_by", "days"),
    [
        (TICK, 1),
        (DAY, 1),
        (DAY + TICK, 2),
        (2 * DAY, 2),
        (2 * DAY + TICK, 3),
        (10 * DAY - TICK, 10),
        (23 * HOUR, 1),
    ],
)
def test_each_day_after_the_due_time_counts_from_its_first_moment(late_by, days):
    assert days_late(DUE, DUE + late_by) == days


@pytest.mark.parametrize(
    ("grace", "late_by", "share"),
    [
        (0 * HOUR, -TICK, 0), (0 * HOUR, 0 * HOUR, 0), (0 * HOUR, TICK, Fraction(1, 10)),
        (HOUR, HOUR, 0), (HOUR, HOUR + TICK, Fraction(1, 10)),
        (0 * HOUR, 3 * DAY, Fraction(3, 10)), (0 * HOUR, 3 * DAY + TICK, Fraction(1, 3)),
        (0 * HOUR, 99 * DAY, Fraction(1, 3)),
    ],
)  # fmt: skip
def test_the_penalty_starts_after_the_grace_and_ends_at_the_cap(grace, late_by, share):
    policy = Policy(due=DUE, late=LatePenalty(grace=grace, per_day=Fraction(1, 10), cap=Fraction(1, 3)))
    assert penalty(policy.late, policy.due, DUE + late_by) == share


@pytest.mark.parametrize(
    ("at", "received", "opens", "problem"),
    [
        (DUE, DUE - DAY, None, ""),
        (DUE, DUE - DAY - TICK, None, "later than when it came here"),
        (DUE - DAY, None, DUE - DAY, ""),
        (DUE - DAY - TICK, None, DUE - DAY, "before the exercise was opened"),
        (DUE - 366 * DAY, None, None, ""),
        (DUE - 366 * DAY - TICK, None, None, "more than a year before it was due"),
    ],
)
def test_a_time_that_cannot_be_true_is_told_to_staff(at, received, opens, problem):
    when = checked_time(
        SubmissionTime(at=at), Policy(due=DUE, opens=opens), received.isoformat() if received else ""
    )
    assert problem in when.problem
    assert bool(when.problem) is bool(problem)


def test_a_time_with_a_problem_keeps_it_and_no_time_has_none():
    told = SubmissionTime(at=DUE - 999 * DAY, problem="cannot be read")
    assert checked_time(told, Policy(due=DUE), "") == told
    assert checked_time(SubmissionTime(), Policy(due=DUE), "") == SubmissionTime()


def tries(*what):
    """Attempts by their points; "u" could not be decided, "x" not be read."""
    return [
        ScoredAttempt(
            number=at,
            points=Fraction(0 if one in "ux" else one),
            costs=one not in "ux",
            is_undecided=one == "u",
        )
        for at, one in enumerate(what, 1)
    ]


@pytest.mark.parametrize(
    ("counts", "limit", "what", "number"),
    [
        ("last", None, "1u", 1), ("last", None, "ux", 2), ("last", None, "xu", 1), ("last", None, "uu", 2),
        ("first", None, "u1", 2), ("first", None, "x1", 2), ("first", None, "xx", 1),
        ("first", None, "uu", 1),
        ("best", None, "1331", 2), ("best", None, "x0", 2), ("best", None, "0x", 1),
        ("last", 1, "12", 1), ("last", 1, "x12", 2), ("last", 1, "u12", 2), ("last", 2, "1x23", 3),
        ("last", 2, "12x", 2), ("best", 2, "129", 2), ("last", 0, "1", None), ("last", None, "", None),
    ],
)  # fmt: skip
def test_of_several_attempts_that_counts_which_the_policy_says(counts, limit, what, number):
    choice = choose(Policy(attempts=AttemptRule(counts=counts, limit=limit)), tries(*what))
    assert (choice and choice.number) == number


def test_the_best_attempt_is_the_best_after_the_penalty():
    late = Policy(
        due=DUE,
        late=LatePenalty(per_day=Fraction(1, 2), cap=Fraction(1, 2)),
        attempts=AttemptRule(counts="best"),
    )
    first = ScoredAttempt(number=1, points=Fraction(3), submitted_at=DUE)
    for points, number, share in ((5, 1, 0), (6, 1, 0), (7, 2, Fraction(1, 2))):
        second = ScoredAttempt(number=2, points=Fraction(points), submitted_at=DUE + HOUR)
        choice = choose(late, [first, second])
        assert (choice.number, choice.penalty) == (number, share)


NOT_READ = StoredMark("e", "missing", "0", "0", "2")


@pytest.mark.parametrize(
    ("marks", "question", "costs", "is_undecided", "is_free"),
    [
        ((RIGHT, OPEN), "", True, False, False),
        ((FREE,), "", True, False, False),
        ((OPEN, NOT_READ), "", False, True, False),
        ((NOT_READ,), "", False, False, False),
        ((), "", False, False, False),
        ((RIGHT, OPEN), "c", True, False, True),
        ((RIGHT, NOT_READ), "e", True, False, True),
        ((RIGHT, OPEN), "a", True, False, False),
        ((RIGHT, OPEN), "z", True, False, False),
    ],
)
def test_an_attempt_of_which_nothing_is_decided_costs_nothing_and_a_question_of_one_is_free(
    marks, question, costs, is_undecided, is_free
):
    one = msgspec.structs.replace(attempt(*marks), question=question)
    found = scored_attempt(one, marks, SubmissionTime(None))
    assert (found.costs, found.is_undecided, found.is_free) == (costs, is_undecided, is_free)


@pytest.mark.parametrize(
    ("verdicts", "counted", "is_undecided"),
    [
        (["correct", "undecided"], None, True),
        (["correct", "undecided"], True, False),
        (["correct", "undecided"], False, True),
        (["correct", "incorrect"], None, False),
        ([], None, False),
    ],
)
def test_a_report_is_undecided_where_a_question_is_and_nobody_has_decided(verdicts, counted, is_undecided):
    entries = tuple(
        QuestionReport(
            id=str(at), label="", max_points=Fraction(2),
            outcome=Outcome(verdict=Verdict(one), fraction=Fraction(one == "correct"), feedback=()),
        )
        for at, one in enumerate(verdicts)
    )  # fmt: skip
    report = blank(Report, questions=entries)
    if counted is not None:
        counts = blank(Counted, points=Fraction(3), is_final=counted)
        report = msgspec.structs.replace(report, counted=counts)
    assert report.is_undecided is is_undecided
    assert report.points == (3 if counted is not None else 2 * verdicts.count("correct"))
    assert report.fraction == (Fraction(report.points, 2 * len(verdicts)) if verdicts else 1)
