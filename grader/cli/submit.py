"""`rnngrade submit ANSWER`: the report of an answer, on the terminal, in a file, or in a job on GitHub."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from grader.cli import _output
from grader.cli._answer import UNTOUCHED, TakenAnswer, is_untouched, taken
from grader.cli._command import Command
from grader.cli._main import ExitCode
from grader.cli._options import (
    find_question,
    format_named,
    format_of_file,
    output_option,
    read_fail_under,
)
from grader.cli._progress import Waiting
from grader.cli._variant import variant_option

if TYPE_CHECKING:
    from fractions import Fraction
    from pathlib import Path

    from grader.model.evidence import Level
    from grader.model.exercise import Exercise, Question
    from grader.model.outcome import Audience
    from grader.model.report import Report
    from grader.model.submission import Submission
    from grader.reports import AnswerPlace, Format, View

# Where a job on GitHub adds to its summary, and the folder of its repository.
SUMMARY, WORKSPACE = "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE"


@click.command(
    cls=Command,
    examples=(
        "rnngrade submit answer.py",
        "rnngrade submit answer.py --question unroll --hints 1",
        "rnngrade submit answer.json --exercise rnn-by-formula -o report.html",
    ),
)
@click.argument("answer")
@click.option("--exercise", help="Which exercise it answers: an id from `rnngrade list`, or a .toml file.")
@click.option("--question", help="Mark this question only; its fields may then stand at top level.")
@click.option(
    "--format",
    "format_name",
    help="How the report looks: terminal, html, json, junit, markdown, or github for a job's log.",
)
@output_option
@click.option(
    "--fail-under",
    callback=read_fail_under,
    default="1",
    help="Share of the points for exit code 0, e.g. 80%.",
)
@click.option(
    "--hints", type=click.IntRange(min=0), default=0, help="Show so many hints of what is not solved."
)
@click.option(
    "--reveal",
    type=click.Choice(("verdict", "location", "counterexample", "working")),
    default="working",
    help="The most to tell: only the verdict, where it is wrong, on which input, or the full working.",
)
@click.option(
    "--audience",
    type=click.Choice(("student", "staff")),
    default="student",
    help="Who reads the report; for staff it also has what students are not told.",
)
@click.option("--student", help="Who handed it in; else the file's or folder's name.")
@variant_option
def command(
    answer: str,
    exercise: str | None,
    question: str | None,
    format_name: str | None,
    output: Path | None,
    fail_under: Fraction,
    hints: int,
    reveal: Level,
    audience: Audience,
    student: str | None,
    variant: str | None,
) -> int:
    """Mark ANSWER and say what is wrong.

    ANSWER is a .py, .ipynb, .json or .npz file, a folder of them, or - for JSON on standard input.
    """
    if output is not None:
        from grader.cli._replacing import require_not_answer

        require_not_answer(output, answer)
    found = taken(answer, exercise, variant, student)
    report_format = _format(format_name, output)
    question_id = find_question(found.exercise, question).id if question else None
    for reason in found.submission.left_out if found.submission.files else ():
        _output.note(f"this was not read: {reason}")
    from grader import grading

    with Waiting("marking"):
        marked = grading.mark(found.exercise, found.submission, question_id=question_id)
    report = grading.reveal(marked, reveal)
    if audience == "student":
        report = _with_own_hints(report, found.exercise, answer)
    report = _with_remarks(report, found)
    view = _output.view(hints, output, audience)
    if report_format.FORMAT == "github":
        view = _with_places(view, found.exercise, found.submission, answer)
        _add_summary(report, view)
    _deliver(report_format.render(report, view), output)
    return exit_code(report, fail_under)


def _with_own_hints(report: Report, exercise: Exercise, answer: str) -> Report:
    """The report with the hints that this attempt and those before it have earned; notes what hints cost."""
    if not any(one.has_terms for one in exercise.questions):
        return report
    from grader.watching.own_record import OwnHints

    own = OwnHints(answer, exercise, _output.note)
    own.add_attempt(report)
    if costs := own.costs():
        _output.note(own.costs_text(costs))
    return own.with_hints(report)


def exit_code(report: Report, fail_under: Fraction) -> ExitCode:
    """What the report says to the shell.

    Args:
        report: The report.
        fail_under: The share of the points that is enough; what waits for a person's mark counts neither way.
    """
    if report.is_undecided:
        return ExitCode.OUR_FAILURE
    return ExitCode.FULL_MARKS if report.marked_fraction >= fail_under else ExitCode.BELOW


def _format(name: str | None, output: Path | None) -> Format:
    """The format that was asked for, else the one of the file's suffix, else the terminal's."""
    if name is None and output is not None:
        return format_of_file(output)
    return format_named(name or "terminal")


def _with_remarks(report: Report, found: TakenAnswer) -> Report:
    """The report with what is to be said of the whole answer; notes what holds its code too loosely."""
    if found.is_guessed:
        report = _with_doubt(report)
    if is_untouched(found.submission):
        report = _with_note(report, UNTOUCHED)
    if report.protection.level == "limits":
        _output.note("nothing but limits holds the code on this machine: mark only files that you trust")
    return report


def _with_doubt(report: Report) -> Report:
    """The report of a guessed exercise; where no question is answered, its first note says so."""
    from grader.model.outcome import Verdict

    if any(one.outcome.verdict is not Verdict.MISSING for one in report.questions):
        return report
    doubt = (
        f"The answer has nothing for {report.exercise}, which was guessed from the names in it. If it is for "
        'another exercise, say which: EXERCISE = "..." in the answer, or --exercise.'
    )
    return _with_note(report, doubt)


def _deliver(text: str, output: Path | None) -> None:
    """Show the text, or write it to a file and say so."""
    if output is None:
        _output.show(text, in_pages=True)
    else:
        _output.write(output, text)
        _output.note(f"the report is in {output}")


def _with_note(report: Report, note: str) -> Report:
    import msgspec

    return msgspec.structs.replace(report, notes=(note, *report.notes))


def _with_places(view: View, exercise: Exercise, submission: Submission, answer: str) -> View:
    """The view, with the place in the answer of every question."""
    import msgspec

    found = {question.id: _place(question, submission, answer) for question in exercise.questions}
    return msgspec.structs.replace(view, places={key: place for key, place in found.items() if place})


def _place(question: Question, submission: Submission, answer: str) -> AnswerPlace | None:
    """Where the name that a question asks for is given something; else the first file."""
    from grader.reports import AnswerPlace
    from grader.submissions.answer_files import line_of

    code = [file for file in submission.files if file.name.endswith(".py")]
    lines = ((file, line_of(file.data, question.answered_by)) for file in code)
    file, line = next(((file, line) for file, line in lines if line), (None, None))
    file = file or next(iter(submission.files), None)
    if answer == "-" or file is None:
        return None
    path = os.path.join(answer, file.name) if os.path.isdir(answer) else answer
    return AnswerPlace(_from_workspace(path), line)


def _from_workspace(path: str) -> str:
    """The file's path from the repository's folder, as GitHub names it; else as typed."""
    root = os.environ.get(WORKSPACE)
    if root and (absolute := os.path.abspath(path)).startswith(os.path.join(root, "")):
        return os.path.relpath(absolute, root)
    return path


def _add_summary(report: Report, view: View) -> None:
    """Add the report to the summary of the job; nothing where there is none. No mark depends on it."""
    place = os.environ.get(SUMMARY)
    if not place:
        return
    from grader.reports import find_format

    text = find_format("markdown").render(report, view)
    try:
        with open(place, "a", encoding="utf-8", errors="replace") as file:
            file.write(text)
    except OSError as error:
        _output.note(f"the summary of the job cannot be written: {error.strerror}")
