"""The report in the log of a job on GitHub: as at a terminal, then an annotation for each unsolved question.

An annotation stands beside the line of the answer that it is about. GitHub shows ten of a kind for a step.

Source: actions/toolkit, packages/core/src/command.ts (escapeData, escapeProperty); actions/runner,
src/Runner.Worker/ExecutionContext.cs (_maxIssueMessageLength).
"""

from __future__ import annotations

from collections.abc import Sequence

from grader.model.outcome import Verdict
from grader.model.report import QuestionReport, Report
from grader.model.text import counted
from grader.reports import PLAIN, View, terminal_report
from grader.reports.printable import one_line
from grader.reports.question_text import question_text
from grader.reports.wording import earned_text

FORMAT = "github"
SUFFIX = ".github"

SHOWN = 10
MESSAGE_CHARACTERS = 4096
# No failure of the student's, and yet nothing that earns points.
OPEN = (Verdict.UNDECIDED, Verdict.SKIPPED)
IN_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
IN_PROPERTIES = IN_DATA | str.maketrans({":": "%3A", ",": "%2C"})


def render(report: Report, view: View = PLAIN) -> str:
    """The report as text with commands to the runner at its end.

    Args:
        report: The report.
        view: Who reads it, how many hints to show, and where in the answer each question stands.
    """
    unsolved = [one for one in report.questions if one.outcome.verdict is not Verdict.CORRECT]
    waiting = [one for one in unsolved if one.outcome.verdict is Verdict.PENDING]
    failed = [one for one in unsolved if one.outcome.verdict not in (*OPEN, Verdict.PENDING)]
    still_open = [one for one in unsolved if one.outcome.verdict in OPEN]
    lines = [*_annotations("error", failed, view), *_annotations("warning", still_open, view)]
    lines += _annotations("notice", waiting, view)
    return terminal_report.render(report, view) + "".join(f"{line}\n" for line in lines)


def _annotations(kind: str, questions: Sequence[QuestionReport], view: View) -> list[str]:
    shown = questions if len(questions) <= SHOWN else questions[: SHOWN - 1]
    lines = [_annotation(kind, question, view) for question in shown]
    if more := len(questions) - len(shown):
        lines.append(_command(kind, {}, f"{counted(more, 'more question')}: the summary of the job has all"))
    return lines


def _annotation(kind: str, question: QuestionReport, view: View) -> str:
    title = f"{question.label} {question.id}: {question.outcome.verdict.value}, {earned_text(question)}"
    place = view.places.get(question.id)
    where = {"file": place.file, "line": str(place.line or 1)} if place else {}
    text = question_text(question, view.hints, view.audience) or title
    return _command(kind, {**where, "title": one_line(title)}, text[:MESSAGE_CHARACTERS])


def _command(kind: str, properties: dict[str, str], message: str) -> str:
    named = ",".join(f"{key}={value.translate(IN_PROPERTIES)}" for key, value in properties.items())
    return f"::{kind}{' ' if named else ''}{named}::{message.translate(IN_DATA)}"
