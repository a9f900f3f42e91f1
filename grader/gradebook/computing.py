"""What counts for every student in every exercise, from attempts, overrides, hints and policies. Pure."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias

import msgspec

from grader.gradebook.course import Course
from grader.gradebook.hand_marks import HandMark, as_override, mark_that_counts
from grader.gradebook.hint_costs import HintCost, ShownHint, hint_costs, hints_that_count
from grader.gradebook.policy import Choice, Policy, ScoredAttempt, checked_time, choose
from grader.gradebook.records import Override, StoredAttempt, StoredMark
from grader.gradebook.standing import (
    RefusedAttempt,
    Standing,
    UnreadableRecords,
    less_hints,
    sums_of,
)
from grader.gradebook.submission_times import SubmissionTime, when
from grader.model.outcome import Verdict, verdict_for
from grader.model.text import composed

READ_NOTHING = frozenset({Verdict.MISSING.value, Verdict.INVALID.value, Verdict.SKIPPED.value})
"""Verdicts of questions of which nothing was read; they do not count against the limit of attempts."""

NOT_DECIDED = READ_NOTHING | {Verdict.UNDECIDED.value}
"""Verdicts of questions of which nothing was read or decided."""

NO_HINTS: Sequence[ShownHint] = ()

NO_HAND_MARKS: Mapping[tuple[int, str], Sequence[HandMark]] = {}

OverridesByQuestion: TypeAlias = dict[str | None, Override]
"""The last override of each question of a student; None is the whole exercise."""


def compute_standings(
    attempts: Sequence[StoredAttempt],
    overrides: Iterable[Override],
    course: Course,
    failed: list[UnreadableRecords] | None = None,
    hand_marks: Mapping[tuple[int, str], Sequence[HandMark]] = NO_HAND_MARKS,
    hints: Iterable[ShownHint] = NO_HINTS,
) -> list[Standing]:
    """The standing of every student in every exercise, in their order.

    Args:
        attempts: By student, exercise and number.
        overrides: Oldest first.
        course: The policies.
        failed: Gets those whose records cannot be made sense of: nobody else's standing depends on that.
        hand_marks: What people gave for words, by attempt and question. Points given otherwise stand over it.
        hints: Everything that was recorded of hints, oldest first.
    """
    by_place: dict[tuple[str, str], OverridesByQuestion] = {}
    for one in overrides:
        by_place.setdefault((one.student, one.exercise), {})[one.question] = one
    shown: dict[tuple[str, str], list[ShownHint]] = {}
    for each in hints:
        shown.setdefault((each.student, each.exercise), []).append(each)
    policies = _Policies(course)
    found = []
    for (student, exercise), group in itertools.groupby(attempts, lambda one: (one.student, one.exercise)):
        try:
            of_attempts = list(group)
            of_words = {one.attempt: _of_words(one, hand_marks) for one in of_attempts}
            of_student = by_place.get((student, exercise), {})
            rows = shown.get((student, exercise), ())
            policy = policies.of(student, exercise)
            standing = _standing(of_attempts, of_student, policy, course.time_zone, of_words, rows)
        except Exception as error:
            if failed is None:
                raise
            failed.append(UnreadableRecords(student, exercise, f"{type(error).__name__}: {error}"))
            continue
        found += [standing] if standing is not None else []
    return found


class _Policies:
    """The policies of a course; that of all who have no extension is worked out once."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.extended = {composed(one.student) for one in course.extension}
        self.of_others: dict[str, Policy] = {}

    def of(self, student: str, exercise: str) -> Policy:
        if composed(student) in self.extended:
            return self.course.policy(student, exercise)
        if exercise not in self.of_others:
            self.of_others[exercise] = self.course.policy(student, exercise)
        return self.of_others[exercise]


def _of_words(
    attempt: StoredAttempt, hand_marks: Mapping[tuple[int, str], Sequence[HandMark]]
) -> OverridesByQuestion:
    """The points that people gave for words in an attempt and that count, by question."""
    points: OverridesByQuestion = {}
    if not hand_marks:
        return points
    for mark in attempt.marks:
        counted = mark_that_counts(hand_marks.get((attempt.attempt, mark.question), ()))
        if counted is not None:
            points[mark.question] = as_override(counted, attempt.student, attempt.exercise)
    return points


def _standing(
    attempts: Sequence[StoredAttempt],
    overrides: OverridesByQuestion,
    policy: Policy,
    time_zone: str,
    of_words: Mapping[int, OverridesByQuestion],
    rows: Sequence[ShownHint],
) -> Standing | None:
    first = attempts[0]
    if len(attempts) == 1 and not (overrides or rows or of_words[first.attempt]):
        return _of_one_attempt(first, policy, time_zone)
    given = {one.number: _points_by_people(of_words[one.attempt], overrides) for one in attempts}
    marks = {one.number: overridden(one.marks, given[one.number]) for one in attempts}
    times = {one.number: when(one.submitted_at, time_zone) for one in attempts}
    costs = _costs_of_hints(attempts, marks, times, overrides, policy, rows)
    scored = [
        scored_attempt(one, marks[one.number], times[one.number], costs[one.number]) for one in attempts
    ]
    choice = choose(policy, scored)
    if choice is None:
        return None
    by_hand = tuple(one for one in given[choice.number].values() if one.points is not None)
    whole = next((one.points for one in by_hand if one.question is None), None)
    attempt = next(one for one in attempts if one.number == choice.number)
    return Standing(
        student=first.student,
        exercise=first.exercise,
        attempt=attempt,
        attempts=len(attempts),
        marks=marks[choice.number],
        penalty=choice.penalty,
        given_total=None if whole is None else Fraction(whole),
        overrides=by_hand,
        due=policy.due,
        when=checked_time(times[choice.number], policy, attempt.received_at),
        refused=_refused_attempts(choice, attempts, times, policy),
        policy=policy,
        hints=costs[choice.number],
        untimed=sum(one.at is None for one in times.values()),
    )


def _costs_of_hints(
    attempts: Sequence[StoredAttempt],
    marks: Mapping[int, tuple[StoredMark, ...]],
    times: Mapping[int, SubmissionTime],
    overrides: OverridesByQuestion,
    policy: Policy,
    rows: Sequence[ShownHint],
) -> dict[int, tuple[HintCost, ...]]:
    """What hints cost each attempt, by its number; nothing where a person gave the points of the question."""
    hints = hints_that_count(rows)
    by_hand = {one.question for one in overrides.values() if one.question and one.points is not None}
    answered = _answer_times(attempts, times) if hints else {}
    return {
        number: hint_costs(
            hints, of_attempt, times[number].at, policy.hints, by_hand, answered.get(number, {})
        )
        for number, of_attempt in marks.items()
    }


def _of_one_attempt(one: StoredAttempt, policy: Policy, time_zone: str) -> Standing | None:
    """The standing of a student with one attempt, which no override, mark by hand or hint has changed."""
    time = when(one.submitted_at, time_zone)
    choice = choose(policy, [scored_attempt(one, one.marks, time)])
    if choice is None:
        return None
    return Standing(
        student=one.student,
        exercise=one.exercise,
        attempt=one,
        attempts=1,
        marks=one.marks,
        penalty=choice.penalty,
        due=policy.due,
        when=checked_time(time, policy, one.received_at),
        refused=_refused_attempts(choice, [one], {one.number: time}, policy),
        policy=policy,
        untimed=int(time.at is None),
    )


def _answer_times(
    attempts: Sequence[StoredAttempt], times: Mapping[int, SubmissionTime]
) -> dict[int, dict[str, datetime.datetime | None]]:
    """When each question of each attempt was answered; where one is missing, the attempt's time holds.

    Where questions are submitted one by one, an attempt carries the answers of those before it: a hint that
    was shown after the answer did not help with it.
    """
    each: dict[str, datetime.datetime | None] = {}
    found = {}
    for one in sorted(attempts, key=lambda attempt: attempt.number):
        if one.question:
            each = {**each, one.question: times[one.number].at}
        else:
            each = dict.fromkeys((mark.question for mark in one.marks), times[one.number].at)
        found[one.number] = each
    return found


def _refused_attempts(
    choice: Choice, attempts: Sequence[StoredAttempt], times: Mapping[int, SubmissionTime], policy: Policy
) -> tuple[RefusedAttempt, ...]:
    received = {one.number: one.received_at for one in attempts}
    return tuple(
        RefusedAttempt(number, why, checked_time(times[number], policy, received[number]))
        for number, why in choice.refused.items()
    )


def _points_by_people(of_words: OverridesByQuestion, overrides: OverridesByQuestion) -> OverridesByQuestion:
    """All points given by people: those for words, replaced by overrides that were not taken back."""
    return {**overrides, **of_words, **{key: one for key, one in overrides.items() if one.points is not None}}


def overridden(marks: Sequence[StoredMark], by_question: OverridesByQuestion) -> tuple[StoredMark, ...]:
    """The marks with the points that a person gave.

    Args:
        marks: As the grader found them.
        by_question: The last override of each question; one without points took the others back.
    """
    if not by_question:
        return tuple(marks)
    return tuple(_overridden(mark, by_question.get(mark.question)) for mark in marks)


def _overridden(mark: StoredMark, override: Override | None) -> StoredMark:
    if override is None or override.points is None:
        return mark
    most, points = Fraction(mark.max_points), override.points
    fraction = Fraction(points) / most if most else Fraction(1)
    return msgspec.structs.replace(
        mark, points=points, fraction=str(fraction), verdict=verdict_for(fraction).value
    )


def scored_attempt(
    attempt: StoredAttempt,
    marks: tuple[StoredMark, ...],
    time: SubmissionTime,
    hints: tuple[HintCost, ...] = (),
) -> ScoredAttempt:
    """The properties of an attempt that policies look at.

    Args:
        attempt: As it is kept.
        marks: Its marks, overrides in place.
        time: It was submitted.
        hints: What hints cost it.
    """
    # An undecided question alone does not make the attempt free: a student could bring it about.
    sums = sums_of(marks)
    is_decided = not sums.verdicts <= NOT_DECIDED
    own = [mark for mark in marks if mark.question == attempt.question]
    return ScoredAttempt(
        number=attempt.number,
        points=less_hints(sums.points, hints),
        submitted_at=time.at,
        costs=is_decided,
        is_undecided=not is_decided and Verdict.UNDECIDED.value in sums.verdicts,
        question=attempt.question,
        is_free=bool(own) and all(mark.verdict in NOT_DECIDED for mark in own),
    )
