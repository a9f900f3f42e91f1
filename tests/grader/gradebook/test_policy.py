from __future__ import annotations

import datetime
from fractions import Fraction

import pytest

from grader.errors import SpecError
from grader.gradebook.course import read_course
from grader.gradebook.late_days import LatePenalty, penalty
from grader.gradebook.policy import AttemptRule, Policy, ScoredAttempt, allowance, checked_time, choose
from grader.gradebook.submission_times import SubmissionTime

DUE = datetime.datetime(2026, 11, 20, 23, 59, tzinfo=datetime.UTC)


LATE = Policy(
    due=DUE,
    late=LatePenalty(grace=datetime.timedelta(minutes=15), per_day=Fraction(1, 10), cap=Fraction(1, 2)),
)


def attempts(*points: int, costs: tuple[bool, ...] = ()) -> list[ScoredAttempt]:
    costs = costs or (True,) * len(points)
    return [
        ScoredAttempt(number=at, points=Fraction(one), costs=cost)
        for at, (one, cost) in enumerate(zip(points, costs, strict=True), 1)
    ]


@pytest.mark.parametrize(("counts", "number"), [("last", 3), ("best", 2), ("first", 1)])
def test_the_attempt_that_counts(counts, number):
    choice = choose(Policy(attempts=AttemptRule(counts=counts)), attempts(1, 5, 3))
    assert choice is not None
    assert choice.number == number


def test_attempts_beyond_the_limit_do_not_count():
    choice = choose(Policy(attempts=AttemptRule(counts="best", limit=2)), attempts(1, 2, 9))
    assert choice is not None
    assert choice.number == 2


def test_an_attempt_in_which_nothing_could_be_read_costs_none():
    policy = Policy(attempts=AttemptRule(counts="last", limit=2))
    choice = choose(policy, attempts(0, 2, 9, 1, costs=(False, True, True, True)))
    assert choice is not None
    assert choice.number == 3


@pytest.mark.parametrize("counts", ["last", "best", "first"])
def test_an_attempt_in_which_nothing_could_be_read_replaces_none(counts):
    choice = choose(
        Policy(attempts=AttemptRule(counts=counts)), attempts(0, 9, 0, costs=(False, True, False))
    )
    assert choice is not None
    assert choice.number == 2
    choice = choose(Policy(), attempts(0, 0, costs=(False, False)))
    assert choice is not None
    assert choice.number == 2


@pytest.mark.parametrize("counts", ["last", "best", "first"])
@pytest.mark.parametrize("costs", [True, False])
def test_an_undecided_attempt_never_counts_while_a_decided_one_is_there(counts, costs: bool):
    undecided = [ScoredAttempt(number=at, points=Fraction(9), is_undecided=True) for at in (1, 3)]
    decided = ScoredAttempt(number=2, points=Fraction(1), costs=costs)
    policy = Policy(attempts=AttemptRule(counts=counts, limit=1))
    choice = choose(policy, [undecided[0], decided, undecided[1]])
    assert choice is not None
    assert choice.number == 2
    choice = choose(Policy(attempts=AttemptRule(counts="last")), undecided)
    assert choice is not None
    assert choice.number == 3


def test_best_is_best_after_the_penalty():
    policy = Policy(due=DUE, late=LATE.late, attempts=AttemptRule(counts="best"))
    early = ScoredAttempt(number=1, points=Fraction(8), submitted_at=DUE)
    late = ScoredAttempt(number=2, points=Fraction(10), submitted_at=DUE + datetime.timedelta(days=3))
    choice = choose(policy, [early, late])
    assert choice is not None
    assert choice.number == 1


def test_no_attempt_is_no_choice():
    assert choose(Policy(), []) is None


COURSE = """
time_zone = "Europe/Zurich"

[late]
grace_minutes = 15
per_day = "10%"
cap = "50%"

[attempts]
counts = "best"
limit = 3

[exercise.sums]
due = 2026-03-27T23:59:00

[exercise.other]
due = 2026-03-27T23:59:00+00:00
late = {per_day = "1/4"}
attempts = {counts = "first"}

[[extension]]
student = "ada"
exercise = "sums"
days = 3
why = "ill"

[[extension]]
student = "bo"
until = 2026-04-30T12:00:00
limit = 5
"""


def test_a_course_file_is_read():
    course = read_course(COURSE, "course.toml")
    policy = course.policy("zoe", "sums")
    assert policy.due is not None
    assert policy.due.astimezone(datetime.UTC) == datetime.datetime(2026, 3, 27, 22, 59, tzinfo=datetime.UTC)
    assert policy.late.per_day == Fraction(1, 10)
    assert policy.attempts == AttemptRule(counts="best", limit=3)
    assert course.policy("zoe", "other").late.per_day == Fraction(1, 4)
    assert course.policy("zoe", "unheard-of").due is None


def test_a_table_of_one_exercise_keeps_the_rest_of_the_general_one():
    course = read_course(
        """
        [late]
        grace_minutes = 15
        per_day = "10%"
        cap = "50%"

        [attempts]
        limit = 3

        [exercise.sums]
        attempts = {counts = "best"}
        late = {per_day = "1/4", grace_minutes = 0}

        [exercise.other]
        attempts = {limit = 1}
        """,
        "",
    )
    sums = course.policy("zoe", "sums")
    assert sums.attempts == AttemptRule(counts="best", limit=3)
    assert sums.late == LatePenalty(per_day=Fraction(1, 4), cap=Fraction(1, 2))
    assert course.policy("zoe", "other").attempts == AttemptRule(counts="last", limit=1)
    assert course.policy("zoe", "other").late.grace == datetime.timedelta(minutes=15)


def test_an_extension_keeps_the_wall_clock_when_clocks_change():
    # Clocks go forward in the night of 29 March 2026: three days later it is UTC+2.
    due = read_course(COURSE, "").policy("ada", "sums").due
    assert due is not None
    assert due.astimezone(datetime.UTC) == datetime.datetime(2026, 3, 30, 21, 59, tzinfo=datetime.UTC)


def test_an_extension_to_a_time_and_more_attempts():
    policy = read_course(COURSE, "").policy("bo", "sums")
    assert policy.due is not None
    assert policy.due.astimezone(datetime.UTC) == datetime.datetime(2026, 4, 30, 10, tzinfo=datetime.UTC)
    assert policy.attempts.limit == 5


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("time_zone = 'Mars/Base'", "time_zone: no time zone is called 'Mars/Base'"),
        ("time_zone = ''", "time_zone: no time zone is called ''"),
        ("[late]\nper_day = '120%'", "late.per_day: found '120%', wanted a share"),
        ("[late]\nper_day = '1e-999999999%'", "late.per_day: found '1e-999999999%', wanted a share"),
        ("[late]\nper_day = 'ten'", "late.per_day: found 'ten', wanted a share"),
        ("[late]\nper_dya = '10%'", "late: unknown key 'per_dya' (did you mean 'per_day'?)"),
        ("[late]\ngrace_minutes = nan", "late.grace_minutes: found nan, wanted minutes from 0 on"),
        (
            "[attempts]\ncounts = 'worst'",
            "attempts.counts: found 'worst', wanted last, best or first",
        ),
        ("[attempts]\nlimit = 0", "attempts.limit: found 0, wanted a number of attempts from 1 on"),
        ("[lates]\n", "unknown key 'lates' (did you mean 'late'?)"),
        ("[exercise.sums]\nlate = {cap = 7}", "exercise.sums.late.cap: found 7.0, wanted a share"),
        ("[exercise.sums]\nattempts = {limit = -1}", "exercise.sums.attempts.limit: found -1"),
        ("[exercise.sums]\nattempts = {limit = 0}", "leave it out where that of [attempts] stands"),
        ("[exercise.sums]\ndue = 'Friday'", "exercise.sums.due: "),
        ("[[extension]]\nstudent = 'ada'\ndays = -3", "extension[0].days: found -3, wanted days from 0 on"),
        ("[[extension]]\nstudent = 'ada'\ndays = 1e9", "extension[0].days: found 1e+09, wanted days up to"),
        ("[late]\ngrace_minutes = 1e300", "late.grace_minutes: found 1e+300, wanted minutes up to"),
        ("[[extension]]\nstudent = 'ada'\nlimit = 0", "extension[0].limit: found 0"),
        ("[[extension]]\nstudent = 'ada'", "extension[0]: nothing is extended for 'ada'"),
        ("[[extension]]\ndays = 3", "extension[0]: the key 'student' is missing"),
        ("x = ", "not valid TOML"),
    ],
)
def test_a_mistake_in_a_course_file_is_named(text: str, word: str):
    with pytest.raises(SpecError) as caught:
        read_course(text, "course.toml")
    told = str(caught.value)
    assert told.startswith("course.toml")
    assert word in told


@pytest.mark.parametrize(
    "due",
    ["0001-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59", "9999-12-31T23:59:59-14:00"],
)
def test_the_ends_of_the_calendar_are_no_error(due: str):
    text = f"""
        time_zone = "Europe/Zurich"
        [late]
        per_day = "10%"
        cap = "50%"
        [exercise.sums]
        due = {due}
        [[extension]]
        student = "ada"
        days = 3660
    """
    policy = read_course(text, "").policy("ada", "sums")
    is_past = due.startswith("0001")
    assert penalty(policy.late, policy.due, DUE) == (Fraction(1, 2) if is_past else 0)
    assert (
        checked_time(SubmissionTime(DUE), policy, due if "+" in due else "9999-12-31T23:59:59-14:00").at
        == DUE
    )


@pytest.mark.parametrize(
    ("points", "number"),
    [((5, 5), 1), ((3, 5, 5), 2), ((5, 5, 3, 5), 1), ((0, 0), 1), ((5, 6), 2), ((6, 5), 1)],
)
def test_of_equally_good_attempts_the_first_counts(points, number):
    choice = choose(Policy(attempts=AttemptRule(counts="best")), attempts(*points))
    assert choice is not None
    assert choice.number == number


def pressed(*rows: tuple[str, int]) -> list[ScoredAttempt]:
    """Attempts in each of which one question was submitted, five minutes apart: its name, and the points."""
    step = datetime.timedelta(minutes=5)
    return [
        ScoredAttempt(number=at, points=Fraction(points), question=name, submitted_at=DUE + at * step)
        for at, (name, points) in enumerate(rows, 1)
    ]


@pytest.mark.parametrize(
    ("rule", "rows", "number"),
    [
        # A limit of one: each of four questions submitted once counts.
        (AttemptRule(limit=1), [("a", 1), ("b", 2), ("c", 3), ("d", 4)], 4),
        (AttemptRule(limit=1), [("a", 1), ("b", 2), ("a", 9)], 2),
        (AttemptRule(limit=2), [("a", 1), ("b", 2), ("a", 9)], 3),
        # A file for the whole takes an attempt of every question.
        (AttemptRule(limit=1), [("a", 1), ("", 9), ("b", 2)], 3),
        (AttemptRule(limit=1), [("", 9), ("b", 2)], 1),
        (AttemptRule(counts="first"), [("a", 1), ("b", 2), ("a", 9), ("c", 3)], 4),
        (AttemptRule(counts="best", limit=1), [("a", 1), ("b", 2), ("a", 9)], 2),
        (AttemptRule(per_hour=1), [("a", 1), ("b", 2), ("a", 9)], 2),
    ],
)
def test_questions_submitted_one_by_one_are_limited_one_by_one(rule, rows, number):
    choice = choose(Policy(attempts=rule), pressed(*rows))
    assert choice is not None
    assert choice.number == number


@pytest.mark.parametrize(
    ("policy", "rows", "question", "minutes", "allowed"),
    [
        (Policy(), [("a", 1)], "a", 6, (None, "", None)),
        (Policy(attempts=AttemptRule(limit=2)), [("a", 1)], "a", 6, (1, "", None)),
        (Policy(attempts=AttemptRule(limit=2)), [("a", 1), ("a", 1)], "a", 11, (0, "limit", None)),
        (Policy(attempts=AttemptRule(limit=2)), [("a", 1), ("a", 1)], "b", 11, (2, "", None)),
        (Policy(attempts=AttemptRule(limit=2)), [("a", 1), ("a", 1)], "", 11, (0, "limit", None)),
        (Policy(attempts=AttemptRule(limit=2)), [("", 1)], "b", 11, (1, "", None)),
        (Policy(attempts=AttemptRule(per_hour=1)), [("a", 1)], "a", 64, (None, "per-hour", 65)),
        (Policy(attempts=AttemptRule(per_hour=1)), [("a", 1)], "a", 65, (None, "", None)),
        (Policy(attempts=AttemptRule(per_hour=1)), [("a", 1)], "b", 6, (None, "", None)),
        (Policy(cutoff=DUE), [], "a", 0, (None, "", None)),
        (Policy(cutoff=DUE), [], "a", 1, (None, "cutoff", None)),
        (Policy(opens=DUE), [], "a", -1, (None, "opens", 0)),
    ],
)
def test_what_may_be_submitted_is_known_before(policy, rows, question, minutes, allowed):
    at = DUE + datetime.timedelta(minutes=minutes)
    found = allowance(policy, pressed(*rows), question, at)
    left, why, until = allowed
    later = None if until is None else DUE + datetime.timedelta(minutes=until)
    assert (found.left, found.why, found.until) == (left, why, later)
