"""Feedback for a class: each student's report with the points that count, in a file to upload again."""

from __future__ import annotations

import datetime
import os
import zipfile
import zoneinfo
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import msgspec

from grader.errors import CannotDo
from grader.gradebook.export import facts
from grader.gradebook.hint_costs import HintCost
from grader.gradebook.late_days import in_utc
from grader.gradebook.records import Override, StoredMark, total
from grader.gradebook.standing import RefusedAttempt, Standing
from grader.lms.fixed_zip import fixed_zip
from grader.model.exercise import Exercise
from grader.model.outcome import HANDED_IN, Feedback, Outcome, Verdict
from grader.model.report import Counted, QuestionReport, Report
from grader.model.share import points_text
from grader.model.text import composed, counted, joined
from grader.reports.whole_file import write_whole
from grader.reports.wording import percent_text

# Only these are cut off: a folder may be called "bela.b".
SUFFIXES = (".py", ".ipynb", ".json", ".npz", ".zip", ".html", ".txt", ".md", ".pdf")
LONGEST_BYTES = 240
ONLY_WHILE_OPEN = ("grader-failed", HANDED_IN)
CLOCK = "%Y-%m-%d %H:%M %Z"
TO_THE_SECOND = "%Y-%m-%d %H:%M:%S %Z"


def feedback_name(return_name: str, student: str, suffix: str) -> str:
    """The name of a student's feedback file.

    Args:
        return_name: From the submission; may be empty.
        student: The student's id.
        suffix: Of the report's format.
    """
    stem, old = os.path.splitext(composed(return_name or student))
    if old.lower() not in SUFFIXES:
        stem += old
    safe = "".join(one if one.isprintable() and one not in '/\\:*?"<>|' else "_" for one in stem).strip(". ")
    while len(safe.encode()) > LONGEST_BYTES:
        safe = safe[:-1]
    return f"{safe or 'feedback'}{suffix}"


def unique_names(names: Mapping[str, str]) -> dict[str, str]:
    """The same names, told apart where two are the same on a system that ignores case.

    Args:
        names: The wanted name of each student.
    """
    taken: set[str] = set()
    unique: dict[str, str] = {}
    for student, name in sorted(names.items()):
        stem, suffix = os.path.splitext(name)
        number, one = 1, name
        while one.casefold() in taken:
            number += 1
            one = f"{stem}-{number}{suffix}"
        taken.add(one.casefold())
        unique[student] = one
    return unique


def write_feedback(place: Path, files: Mapping[str, str]) -> None:
    """Write all files into a folder, or into one zip file to upload.

    Args:
        place: A folder, which is made, or a name that ends in .zip.
        files: Texts by name, which may lead into a folder in it; written in this order.

    Raises:
        CannotDo: If it cannot be written.
    """
    try:
        if place.suffix.lower() == ".zip":
            data = {name: text.encode("utf-8") for name, text in files.items()}
            write_whole(place, fixed_zip(data, method=zipfile.ZIP_DEFLATED), is_private=True)
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        place.mkdir(mode=0o700, exist_ok=True)
        for name, text in files.items():
            path = place / name
            path.parent.mkdir(mode=0o700, exist_ok=True)
            # A link of that name is replaced, not written through.
            write_whole(path, text.encode("utf-8"), is_private=True)
    except OSError as error:
        raise CannotDo(f"cannot be written: {error.strerror}", where=str(place)) from None


def with_standing(
    report: Report,
    standing: Standing,
    time_zone: str,
    exercise: Exercise | None = None,
    hints: Mapping[str, int] | None = None,
) -> Report:
    """The report of the attempt that counts, with the points of its standing and the reasons for them.

    Args:
        report: As the grader made it.
        standing: Of the same student and exercise.
        time_zone: The course's, for its times.
        exercise: That it was marked with, for its title and hints.
        hints: How many hints each question brings along; none where left out.
    """
    given = {one.question: one for one in standing.overrides}
    marks = {mark.question: mark for mark in standing.marks}
    counts = hints or {}
    texts = (
        {} if exercise is None else {one.id: one.hints[: counts.get(one.id, 0)] for one in exercise.questions}
    )
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
            is_final=standing.given_total is not None or not standing.is_accepted,
        ),
    )


def _question(
    question: QuestionReport, mark: StoredMark, given: Override | None, time_zone: str, hints: tuple[str, ...]
) -> QuestionReport:
    """The question with exact points, and with what a person decided before what the grader found."""
    before = question.outcome
    outcome = msgspec.structs.replace(before, fraction=Fraction(mark.fraction), verdict=Verdict(mark.verdict))
    most = Fraction(mark.max_points)
    if given is not None:
        outcome = msgspec.structs.replace(
            outcome, feedback=(_given(given, most, before, time_zone), *_without_open(before.feedback))
        )
    return msgspec.structs.replace(question, max_points=most, outcome=outcome, hints=hints)


def _given(given: Override, most: Fraction, before: Outcome, time_zone: str) -> Feedback:
    if before.verdict is Verdict.PENDING:
        return Feedback("points-given", _by_hand(given, most, time_zone), level="verdict")
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
    """The feedback without messages that only applied until a person decided the question."""
    return tuple(one for one in feedback if one.code not in ONLY_WHILE_OPEN or one.audience == "staff")


def _reasons(standing: Standing, whole: Override | None, time_zone: str) -> list[str]:
    reasons = []
    if standing.attempts > 1:
        reasons.append(f"Attempt {standing.attempt.number} of {standing.attempts} counts.")
    reasons += [_refusal(one, standing, time_zone) for one in standing.refused]
    reasons += [] if whole is not None else [_of_hints(one) for one in standing.hints]
    earned = standing.earned if whole is None else total(mark.points for mark in standing.marks)
    if whole is not None:
        reasons.append(
            f"{_by_hand(whole, standing.max_points, time_zone)} They stand in place of {points_text(earned)} "
            "for the questions below."
        )
    elif not standing.is_accepted:
        reasons.append(f"No attempt is accepted: {points_text(earned)} points count as 0.")
    elif standing.penalty:
        reasons.append(
            f"{percent_text(standing.penalty)} of {points_text(earned)} points {_times(standing, time_zone)}"
        )
    return reasons


def _of_hints(cost: HintCost) -> str:
    """The cost of a question's hints, as its student reads it."""
    numbers = joined([str(number) for number in cost.numbers])
    hints = f"hint {numbers} was" if len(cost.numbers) == 1 else f"hints {numbers} were"
    shown = f"{cost.question}: {hints} shown before this attempt, by your course's record"
    capped = "" if cost.taken == cost.cost else f" of the {points_text(cost.cost)} that they cost"
    are = "point is" if cost.taken == 1 else "points are"
    return f"{shown}: {points_text(cost.taken)} {are} taken off{capped}."


def _refusal(refused: RefusedAttempt, standing: Standing, time_zone: str) -> str:
    """Why an attempt is not accepted, as its student reads it."""
    policy = standing.policy
    at, cutoff = (_moment(one, time_zone, TO_THE_SECOND) for one in (refused.when.at, policy.cutoff))
    if refused.why == "cutoff":
        what = f"{at}, after the cutoff, {cutoff}"
    else:
        before = counted(policy.attempts.per_hour or 0, "attempt")
        what = (
            f"{at}, less than an hour after {before} that {'was' if before[:2] == '1 ' else 'were'} accepted"
        )
    return f"Attempt {refused.number} was handed in {what}: it is kept, and not accepted."


def _times(standing: Standing, time_zone: str) -> str:
    if standing.when.at is None or standing.due is None:
        return "is taken off for being late."
    handed_in, due = (_moment(one, time_zone) for one in (standing.when.at, standing.due))
    return f"is taken off for being late: handed in {handed_in}, due {due}."


def _moment(at: datetime.datetime | None, time_zone: str, form: str = CLOCK) -> str:
    return "" if at is None else _clock(in_utc(at).isoformat(), time_zone, form)


def _clock(text: str, time_zone: str, form: str = CLOCK) -> str:
    """A time in UTC on the course's clocks."""
    return datetime.datetime.fromisoformat(text).astimezone(zoneinfo.ZoneInfo(time_zone)).strftime(form)
