"""What is handed in after the cutoff, or too often in an hour: kept, told, and not accepted."""

from __future__ import annotations

import datetime
import itertools
from fractions import Fraction

import msgspec
import pytest

from grader.classroom.remarks import remarks
from grader.errors import SpecError
from grader.gradebook.computing import compute_standings
from grader.gradebook.course import Course, read_course
from grader.gradebook.export import as_csv, as_record
from grader.gradebook.policy import AttemptRule, Policy, ScoredAttempt, choose, refusals
from grader.gradebook.records import Override, StoredAttempt, StoredMark
from grader.gradebook.standing import Standing

HOUR = datetime.timedelta(hours=1)
SECOND = datetime.timedelta(seconds=1)
NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)

COURSE = """
time_zone = "Europe/Berlin"
[late]
per_day = "10%"
[exercise.sums]
due = 2026-11-20T12:00:00
cutoff = 2026-11-22T12:00:00
"""


def scored(number: int, at: datetime.datetime | None, points: int = 1, **more: bool) -> ScoredAttempt:
    return ScoredAttempt(number=number, points=Fraction(points), submitted_at=at, **more)


def attempt(
    number: int, submitted_at: str | None, points: str = "1", verdict: str = "partial"
) -> StoredAttempt:
    return StoredAttempt(
        attempt=number,
        student="ada",
        exercise="sums",
        number=number,
        submission="",
        submitted_at=submitted_at,
        is_late=None,
        result=number,
        exercise_digest="",
        grader_version="",
        is_undecided=verdict == "undecided",
        same_as=None,
        marks=(StoredMark("q", verdict, str(Fraction(points) / 4), points, "4"),),
    )


def standing(course: str | Course, *attempts: StoredAttempt, given: tuple[Override, ...] = ()) -> Standing:
    read = read_course(course, "") if isinstance(course, str) else course
    (found,) = compute_standings(attempts, given, read)
    return found


def in_berlin(text: str) -> str:
    """A moment in Berlin by its offset: UTC+2 in summer, UTC+1 in winter."""
    return text.replace(" summer", "+02:00").replace(" winter", "+01:00")


@pytest.mark.parametrize(
    ("cutoff", "submitted_at", "is_accepted"),
    [
        ("2026-11-22T12:00:00", "2026-11-22T12:00:00 winter", True),
        ("2026-11-22T12:00:00", "2026-11-22T12:00:01 winter", False),
        ("2026-11-22T12:00:00", "2026-11-22T11:00:00+00:00", True),
        ("2026-11-22T12:00:00", "2026-11-22T11:00:01+00:00", False),
        ("2026-11-22T12:00:00", "2026-11-23T01:00:01+14:00", False),
        ("2026-11-22T12:00:00+14:00", "2026-11-21T22:00:00+00:00", True),
        ("2026-11-22T12:00:00+14:00", "2026-11-21T22:00:01+00:00", False),
        # Half past two comes twice on 25 October: without an offset it is the later one.
        ("2026-10-25T02:30:00", "2026-10-25T02:30:00 winter", True),
        ("2026-10-25T02:30:00", "2026-10-25T02:30:01 winter", False),
        ("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00 summer", True),
        ("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:01 summer", False),
        ("2026-10-25T02:30:00+02:00", "2026-10-25T02:10:00 winter", False),
        # A time of handing in without an offset is the first of the two, in the student's favour.
        ("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00", True),
        # And on 29 March not at all.
        ("2026-03-29T02:30:00", "2026-03-29T03:30:00 summer", True),
        ("2026-03-29T02:30:00", "2026-03-29T03:30:01 summer", False),
    ],
)
def test_the_cutoff_is_a_moment_on_the_courses_clocks(cutoff: str, submitted_at: str, is_accepted: bool):
    course = f'time_zone = "Europe/Berlin"\n[exercise.sums]\ncutoff = {cutoff}\n'
    found = standing(course, attempt(1, in_berlin(submitted_at)))
    assert found.is_accepted is is_accepted
    assert found.points == (1 if is_accepted else 0)


@pytest.mark.parametrize("counts", ["last", "best", "first"])
def test_what_comes_after_the_cutoff_never_stands_while_another_is_there(counts: str):
    policy = Policy(cutoff=NOON, attempts=AttemptRule(counts=counts))  # type: ignore[arg-type]
    choice = choose(policy, [scored(1, NOON + SECOND, 9), scored(2, NOON, 1), scored(3, NOON + HOUR, 9)])
    assert choice is not None
    assert choice.number == 2
    assert choice.refused == {1: "cutoff", 3: "cutoff"}


def test_what_is_not_accepted_uses_up_no_attempt():
    policy = Policy(attempts=AttemptRule(limit=2, per_hour=1))
    times = [NOON, NOON + SECOND, NOON + HOUR, NOON + 2 * HOUR]
    choice = choose(policy, [scored(number, at) for number, at in enumerate(times, 1)])
    assert choice is not None
    assert (choice.number, choice.refused) == (3, {2: "per-hour"})


def brute_force(times: list[datetime.datetime], per_hour: int) -> set[int]:
    """By the definition: accepted is what has fewer than so many accepted ones in the 3600 s before it."""
    accepted: list[datetime.datetime] = []
    refused = set()
    for number, at in enumerate(times, 1):
        if len([one for one in accepted if (at - one).total_seconds() < 3600]) < per_hour:
            accepted.append(at)
        else:
            refused.add(number)
    return refused


@pytest.mark.parametrize("per_hour", [1, 2, 3])
def test_attempts_beyond_those_of_an_hour_are_not_accepted(per_hour: int):
    policy = Policy(attempts=AttemptRule(per_hour=per_hour))
    for gaps in itertools.product([0, 1, 1800, 3599, 3600], repeat=4):
        times = [NOON + sum(gaps[:n]) * SECOND for n in range(len(gaps) + 1)]
        found = refusals(policy, [scored(number, at) for number, at in enumerate(times, 1)])
        assert set(found) == brute_force(times, per_hour), gaps


def test_an_hour_has_sixty_minutes_where_clocks_change():
    # From 02:59 in summer to 02:01 in winter are two minutes; 01:59 to 03:00 over the gap in March is one.
    rule = 'time_zone = "Europe/Berlin"\n[attempts]\nper_hour = 1\n'
    again = standing(rule, attempt(1, "2026-10-25T02:59:00+02:00"), attempt(2, "2026-10-25T02:01:00+01:00"))
    assert [one.number for one in again.refused] == [2]
    gap = standing(rule, attempt(1, "2026-03-29T01:59:00"), attempt(2, "2026-03-29T03:00:00"))
    assert [one.number for one in gap.refused] == [2]
    whole = standing(rule, attempt(1, "2026-03-29T01:59:00"), attempt(2, "2026-03-29T03:59:00"))
    assert whole.refused == ()


def test_of_attempts_in_one_second_the_first_are_accepted():
    found = refusals(Policy(attempts=AttemptRule(per_hour=2)), [scored(n, NOON) for n in (1, 2, 3, 4)])
    assert found == {3: "per-hour", 4: "per-hour"}


def test_attempts_are_taken_in_the_order_of_handing_in():
    late_numbered = [scored(1, NOON + 2 * SECOND), scored(2, NOON), scored(3, NOON + SECOND)]
    assert refusals(Policy(attempts=AttemptRule(per_hour=2)), late_numbered) == {1: "per-hour"}


@pytest.mark.parametrize("free", [{"costs": False}, {"costs": False, "is_undecided": True}])
def test_an_attempt_that_costs_nothing_takes_no_place_of_an_hour(free: dict[str, bool]):
    tried = [scored(1, NOON, **free), scored(2, NOON + SECOND), scored(3, NOON + 2 * SECOND)]
    assert refusals(Policy(attempts=AttemptRule(per_hour=1)), tried) == {3: "per-hour"}


@pytest.mark.parametrize(
    "time", [None, "the day before yesterday", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
)
def test_an_attempt_of_no_known_time_is_accepted_and_counted_as_such(time: str | None):
    found = standing(COURSE, attempt(1, "2026-11-20T11:00:00"), attempt(2, time))
    assert (found.attempt.number, found.points, found.untimed) == (2, 1, 1)


def test_a_student_whose_attempts_are_all_after_the_cutoff_has_nothing_and_keeps_them():
    found = standing(COURSE, attempt(1, "2026-11-22T12:00:01"), attempt(2, "2026-11-23T12:00:00", "3"))
    assert (found.attempt.number, found.points, found.max_points) == (2, 0, 4)
    assert found.marks[0].points == "3"
    assert remarks(found) == ["attempt 2 of 2", "attempts 1 and 2 not accepted: after the cutoff"]


@pytest.mark.parametrize("verdict", ["undecided", "pending"])
def test_what_is_not_accepted_is_open_for_nobody(verdict: str):
    found = standing(COURSE, attempt(1, "2026-11-23T12:00:00", "0", verdict))
    assert not found.is_undecided
    assert not found.is_pending


def test_points_given_for_the_whole_stand_after_the_cutoff():
    given = Override(student="ada", exercise="sums", question=None, points="2", who="bo", why="ill")
    assert standing(COURSE, attempt(1, "2026-11-23T12:00:00"), given=(given,)).points == 2


def policy_of(
    *extension: str, exercise: str = "due = 2026-11-20T12:00:00\ncutoff = 2026-11-22T12:00:00"
) -> Policy:
    lines = [f'[[extension]]\nstudent = "ada"\n{one}' for one in extension]
    text = "\n".join([f'time_zone = "Europe/Berlin"\n[exercise.sums]\n{exercise}', *lines])
    return read_course(text, "").policy("ada", "sums")


@pytest.mark.parametrize(
    ("extension", "cutoff"),
    [
        ("days = 1", "2026-11-22T11:00:00"),
        ("days = 2", "2026-11-22T11:00:00"),
        ("days = 3", "2026-11-23T11:00:00"),
        ("until = 2026-12-01T00:00:00+00:00", "2026-12-01T00:00:00"),
        ("days = 1\ncutoff = 2026-11-30T12:00:00", "2026-11-30T11:00:00"),
        ("cutoff = 2026-11-21T12:00:00", "2026-11-22T11:00:00"),
    ],
)
def test_an_extension_moves_the_cutoff_only_as_far_as_the_due_time(extension: str, cutoff: str):
    found = policy_of(extension).cutoff
    assert found == datetime.datetime.fromisoformat(cutoff).replace(tzinfo=datetime.UTC)


def test_an_extension_moves_the_cutoff_where_nothing_is_due():
    found = policy_of("days = 3", exercise="cutoff = 2026-11-22T12:00:00").cutoff
    assert found == datetime.datetime(2026, 11, 25, 11, tzinfo=datetime.UTC)


def test_no_cutoff_stays_none_whoever_has_more_time():
    assert policy_of("days = 3", exercise="due = 2026-11-22T12:00:00").cutoff is None
    assert policy_of("cutoff = 2026-11-30T12:00:00", exercise="due = 2026-11-22T12:00:00").cutoff is None


def test_the_number_within_an_hour_stands_beside_the_rest_of_the_general_table():
    text = "[attempts]\nper_hour = 4\nlimit = 9\n[exercise.sums]\nattempts = {counts = 'best'}\n"
    rule = read_course(text, "").policy("ada", "sums").attempts
    assert rule == AttemptRule(counts="best", limit=9, per_hour=4)
    own = read_course(f"{text}[exercise.other]\nattempts = {{per_hour = 1}}\n", "").policy("ada", "other")
    assert own.attempts == AttemptRule(counts="last", limit=9, per_hour=1)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (
            "[exercise.sums]\ndue = 2026-11-22T12:00:00\ncutoff = 2026-11-22T11:59:59",
            "exercise.sums.cutoff: found 2026-11-22 11:59:59, which is before `due`, 2026-11-22 12:00:00",
        ),
        (
            "[exercise.sums]\nopens = 2026-11-22T12:00:00+00:00\ncutoff = 2026-11-22T12:00:00+01:00",
            "which is before `opens`",
        ),
        ("[exercise.sums]\ncutoff = 0001-01-01T00:00:00", "wanted a year from 2000 to 2100"),
        ("[exercise.sums]\ncutoff = 9999-12-31T23:59:59", "wanted a year from 2000 to 2100"),
        ("[exercise.sums]\ncutoff = 'Friday'", "exercise.sums.cutoff: "),
        ("[exercise.sums]\ncutof = 2026-11-22T12:00:00", "did you mean 'cutoff'?"),
        ("[[extension]]\nstudent = 'ada'\ncutoff = 9999-12-31T23:59:59", "extension[0].cutoff: found 9999"),
        ("[attempts]\nper_hour = 0", "attempts.per_hour: found 0, wanted a number of attempts from 1 on"),
        ("[exercise.sums]\nattempts = {per_hour = -1}", "exercise.sums.attempts.per_hour: found -1"),
        ("[attempts]\nper_hour = 1.5", "attempts.per_hour: "),
    ],
)
def test_a_cutoff_or_number_that_cannot_be_meant_is_named(text: str, word: str):
    with pytest.raises(SpecError) as caught:
        read_course(text, "course.toml")
    assert word in str(caught.value)


def test_a_cutoff_may_be_the_due_time_in_an_hour_that_comes_twice():
    for at in ("2026-10-25T02:30:00", "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"):
        text = f'time_zone = "Europe/Berlin"\n[exercise.sums]\ndue = {at}\ncutoff = {at}\n'
        assert read_course(text, "").policy("ada", "sums").cutoff is not None


def test_the_export_names_what_is_not_accepted():
    text = "[attempts]\nper_hour = 1\n[exercise.sums]\ncutoff = 2026-11-20T12:00:00\n"
    times = ["2026-11-20T11:00:00", "2026-11-20T11:30:00", "2026-11-20T12:00:01"]
    found = standing(text, *(attempt(number, at) for number, at in enumerate(times, 1)))
    assert as_record(found)["not_accepted"] == [
        {"attempt": 2, "submitted_at": "2026-11-20T11:30:00+00:00", "why": "per-hour"},
        {"attempt": 3, "submitted_at": "2026-11-20T12:00:01+00:00", "why": "cutoff"},
    ]
    header, row = as_csv([found]).splitlines()
    cells = dict(zip(header.split(","), row.split(","), strict=True))
    assert cells["not_accepted"] == "2: per-hour; 3: cutoff"
    assert as_record(msgspec.structs.replace(found, refused=()))["not_accepted"] == []
