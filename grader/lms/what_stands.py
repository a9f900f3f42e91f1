"""A kept report with what stands in the gradebook: points given by hand, lateness, and why. Pure."""

from __future__ import annotations

import datetime
import zoneinfo
from fractions import Fraction

import msgspec

from grader.gradebook.export import facts
from grader.gradebook.late_days import in_utc
from grader.gradebook.records import Override, StoredMark
from grader.gradebook.standing import Standing
from grader.model.exercise import Exercise
from grader.model.outcome import Feedback, Outcome, Verdict
from grader.model.report import Counted, QuestionReport, Report
from grader.reports.wording import percent_text, points_text

CLOCK = "%Y-%m-%d %H:%M %Z"


def with_standing(
    report: Report, standing: Standing, time_zone: str, exercise: Exercise | None = None, hints: int = 0
) -> Report:
    """The report of the attempt that counts, with what stands.

    Args:
        report: As the grader made it.
        standing: Of the same student and exercise.
        time_zone: The course's, in which times are told.
        exercise: That it was marked with, for its title and hints.
        hints: How many hints each question brings along.
    """
    given = {one.question: one for one in standing.overrides}
    marks = {mark.question: mark for mark in standing.marks}
    texts = {} if exercise is None else {one.id: one.hints[:hints] for one in exercise.questions}
    return msgspec.structs.replace(
        report,
        student=standing.student,
        title=report.title if exercise is None else exercise.title,
        questions=tuple(
            _question(one, marks[one.id], given.get(one.id), time_zone, texts.get(one.id, ()))
            for one in report.questions
        ),
        counted=Counted(
            points=standing.points,
            reasons=tuple(_reasons(standing, given.get(None), time_zone)),
            facts=facts(standing),
            is_final=standing.given_total is not None,
        ),
    )


def _question(
    question: QuestionReport, mark: StoredMark, given: Override | None, time_zone: str, hints: tuple[str, ...]
) -> QuestionReport:
    """The question with exact points, and with what a person decided before what the grader said."""
    before = question.outcome
    outcome = msgspec.structs.replace(before, fraction=Fraction(mark.fraction), verdict=Verdict(mark.verdict))
    most = Fraction(mark.max_points)
    if given is not None:
        outcome = msgspec.structs.replace(
            outcome, feedback=(_given(given, most, before, time_zone), *_without_open(before.feedback))
        )
    return msgspec.structs.replace(question, max_points=most, outcome=outcome, hints=hints)


def _given(given: Override, most: Fraction, before: Outcome, time_zone: str) -> Feedback:
    found = "could not decide it"
    if before.verdict is not Verdict.UNDECIDED:
        found = (
            f"found it {before.verdict.value}, {points_text(before.fraction * most)} of {points_text(most)}"
        )
    text = f"{_by_hand(given, most, time_zone)} The grader {found}."
    return Feedback("points-given", text, level="verdict")


def _by_hand(given: Override, most: Fraction, time_zone: str) -> str:
    points = f"{points_text(Fraction(given.points or 0))} of {points_text(most)} points"
    return (
        f"{points} were given by {given.who} on {_clock(given.made_at, time_zone)}: {given.why.rstrip('. ')}."
    )


def _without_open(feedback: tuple[Feedback, ...]) -> tuple[Feedback, ...]:
    """What was said while the question was open is over once a person has decided it."""
    return tuple(one for one in feedback if one.code != "grader-failed" or one.audience == "staff")


def _reasons(standing: Standing, whole: Override | None, time_zone: str) -> list[str]:
    reasons = []
    if standing.attempts > 1:
        reasons.append(f"Attempt {standing.attempt.number} of {standing.attempts} counts.")
    earned = sum((Fraction(mark.points) for mark in standing.marks), Fraction(0))
    if whole is not None:
        reasons.append(
            f"{_by_hand(whole, standing.max_points, time_zone)} They stand in place of {points_text(earned)} "
            "for the questions below."
        )
    elif standing.penalty:
        reasons.append(
            f"{percent_text(standing.penalty)} of {points_text(earned)} points {_times(standing, time_zone)}"
        )
    return reasons


def _times(standing: Standing, time_zone: str) -> str:
    if standing.when.at is None or standing.due is None:
        return "is taken off for being late."
    times = (in_utc(at).isoformat() for at in (standing.when.at, standing.due))
    handed_in, due = (_clock(one, time_zone) for one in times)
    return f"is taken off for being late: handed in {handed_in}, due {due}."


def _clock(text: str, time_zone: str) -> str:
    """A time in UTC on the course's clocks."""
    return datetime.datetime.fromisoformat(text).astimezone(zoneinfo.ZoneInfo(time_zone)).strftime(CLOCK)
