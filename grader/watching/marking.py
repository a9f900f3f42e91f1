"""One marking as `rnngrade watch` shows it, made in a process of its own: bytes in, bytes out."""

from __future__ import annotations

import msgspec

from grader.classroom.task import ExerciseText, exercise_of
from grader.classroom.worker import opened_channel, serve
from grader.grading import mark
from grader.model.outcome import Verdict
from grader.model.report import QuestionReport, Report
from grader.model.run import NOT_RUN_CODES
from grader.model.submission import Submission
from grader.reports import View
from grader.reports.next_step import SETTLED, next_line
from grader.reports.question_text import headline_and_details, printed_text
from grader.reports.wording import common_notices, earned_text, hint_texts, total_text
from grader.sandbox import warm_up


class WatchedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer as it was saved, and how it is to be marked and shown.

    Args:
        exercise: The exercise.
        question: Mark this question alone.
        submission: What was saved.
        view: Width, colour and alphabet of the terminal.
    """

    exercise: ExerciseText
    question: str | None
    submission: Submission
    view: View


class WatchedQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A question as it is shown.

    Args:
        id: Its name.
        verdict: What it was found to be.
        points: What it earns: "2.5 / 4".
        headline: Verdict, label and points.
        details: All that stands below.
        next_line: What to do about it; empty where nothing is to be done.
        hints: All that the report may show, numbered.
        held_hints: How many more are to be earned or paid for.
    """

    id: str
    verdict: Verdict
    points: str
    headline: str
    details: str
    next_line: str
    hints: tuple[str, ...]
    held_hints: int = 0


class MarkedSave(msgspec.Struct, frozen=True, kw_only=True):
    """The result of marking one save.

    Args:
        total: "13.5 of 34 points".
        questions: In the exercise's order.
        broken: Why none of it can be read, such as a syntax error; empty where some of it can.
        notes: What was left out of the files and why.
        printed: What the code printed, each line marked as such.
        fraction: Share of the points of what is marked, exact, as text.
        is_undecided: Whether the grader could not decide something.
        is_held: Whether anything but limits holds the answer's code.
    """

    total: str
    questions: tuple[WatchedQuestion, ...]
    broken: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    printed: str = ""
    fraction: str = "0"
    is_undecided: bool = False
    is_held: bool = True

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The verdict of each question, by its id."""
        return {one.id: one.verdict for one in self.questions}


def mark_bytes(answer: bytes) -> bytes:
    """Mark a `WatchedAnswer` that is encoded; a `MarkedSave`, encoded."""
    given = msgspec.msgpack.decode(answer, type=WatchedAnswer)
    report = mark(exercise_of(given.exercise), given.submission, question_id=given.question)
    return msgspec.msgpack.encode(marking_of(report, given.view))


def marking_of(report: Report, view: View) -> MarkedSave:
    """A report as a terminal shows it."""
    return MarkedSave(
        total=total_text(report),
        questions=tuple(_question(one, view) for one in report.questions),
        broken=_broken(report),
        notes=report.notes,
        printed=printed_text(report),
        fraction=str(report.marked_fraction),
        is_undecided=report.is_undecided,
        is_held=report.protection.level != "limits",
    )


def _question(question: QuestionReport, view: View) -> WatchedQuestion:
    headline, details = headline_and_details(question, view)
    verdict = question.outcome.verdict
    return WatchedQuestion(
        id=question.id,
        verdict=verdict,
        points=earned_text(question),
        headline=headline,
        details=details,
        next_line="" if verdict in SETTLED else next_line(question),
        held_hints=question.held_hints,
        hints=tuple(hint_texts(question, len(question.hints), is_ascii=not view.unicode)),
    )


def _broken(report: Report) -> tuple[str, ...]:
    """What keeps the whole answer from being read: each question is invalid, and for the same reason."""
    if any(one.outcome.verdict is not Verdict.INVALID for one in report.questions):
        return ()
    notices = common_notices(report) or report.questions[0].outcome.feedback
    return tuple(one.message for one in notices if one.code in NOT_RUN_CODES)


def main() -> None:
    """Serve the socket whose number is the only argument."""
    channel = opened_channel()
    warm_up()
    serve(channel, mark_bytes)
