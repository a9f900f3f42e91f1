"""`rnngrade submit ANSWER`."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli._exit import ExitCode
from grader.cli._fail_under import read_share

if TYPE_CHECKING:
    from grader.model.evidence import Level
    from grader.model.outcome import Audience
    from grader.model.report import Report
    from grader.model.submission import Submission
    from grader.reports import Format


@click.command()
@click.argument("answer")
@click.option("--exercise", help="Which exercise it answers: an id from `rnngrade list`, or a .toml file.")
@click.option("--question", help="Mark this question only; flat names are read as its fields.")
@click.option("--format", "format_name", help="How the report looks: terminal, json, junit or markdown.")
@click.option("--output", type=click.Path(path_type=Path), help="Write the report to this file.")
@click.option(
    "--fail-under", callback=read_share, default="1", help="Share of the points for exit code 0, e.g. 80%."
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
) -> int:
    """Mark ANSWER and say what is wrong.

    ANSWER is a .py, .ipynb, .json or .npz file, a folder of them, or - for JSON on standard input.
    """
    from grader.cli import _choice, _exercise, _output, _target

    if output is not None:
        _target.require_not_answer(output, answer)
    report_format = _format(format_name, output)
    submission = _collected(answer, student, is_exercise_given=exercise is not None)
    _warm_up_for(submission)
    loaded = _exercise.load(_choice.choose_exercise(submission, exercise))
    question_id = _exercise.find_question(loaded, question).id if question else None
    for reason in submission.left_out if submission.files else ():
        _output.note(f"this was not read: {reason}")
    from grader import grading

    report = grading.reveal(grading.mark(loaded, submission, question_id=question_id), reveal)
    if exercise is None:
        report = _choice.with_doubt(report, submission)
    if report.protection.level == "limits":
        _output.note("nothing but limits holds the code on this machine: mark only files that you trust")
    text = report_format.render(report, _output.view(hints, output, audience))
    if output is None:
        _output.show(text)
    else:
        _output.write(output, text)
        _output.note(f"the report is in {output}")
    return exit_code(report, fail_under)


def exit_code(report: Report, fail_under: Fraction) -> ExitCode:
    """What the report says to the shell.

    Args:
        report: The report.
        fail_under: The share of the points that is enough.
    """
    if report.is_undecided:
        return ExitCode.OUR_FAILURE
    return ExitCode.FULL_MARKS if report.fraction >= fail_under else ExitCode.BELOW


def _warm_up_for(submission: Submission) -> None:
    """Let the sandbox start while the exercise is read; an answer of JSON alone needs none."""
    if any(not file.name.endswith(".json") for file in submission.files):
        from grader.sandbox import warm_up

        warm_up()


def _format(name: str | None, output: Path | None) -> Format:
    """The format that was asked for, else the one of the file's suffix, else the terminal's."""
    from grader.cli import _format as formats

    if name is None and output is not None:
        return formats.of_file(output)
    return formats.named(name or "terminal")


def _collected(answer: str, student: str | None, *, is_exercise_given: bool) -> Submission:
    """The submission; an empty one where nothing can be marked but it is known what was asked."""
    from grader.cli import _output, _unread
    from grader.submissions import NothingHandedIn, collect, collect_json, empty_submission

    try:
        if answer == "-":
            given = collect_json(_standard_input(), student)
            if _unread.reasons(given):
                _output.note("standard input is read as JSON only; put an answer in Python into a file")
            return given
        return collect(answer, student)
    except NothingHandedIn as nothing:
        if not is_exercise_given:
            raise
        _output.note(str(nothing))
        name = "standard input" if answer == "-" else _output.one_line(Path(answer).name)
        reason = f"{name}: {nothing.message}" if name else nothing.message
        return empty_submission(student or Path(answer).stem or "student", [reason])


def _standard_input() -> bytes:
    """As much of standard input as could be an answer, and one byte more to see that it is too long."""
    from grader.submissions.safe_read import FILE_LIMIT_BYTES

    return sys.stdin.buffer.read(FILE_LIMIT_BYTES + 1)
