"""`rnngrade harness gradescope|prairielearn|classroom50`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from grader.cli import _output
from grader.cli._options import find_question, load_exercise

if TYPE_CHECKING:
    from grader.model.report import Report

F = TypeVar("F", bound=Callable[..., Any])


@click.group()
def command() -> None:
    """Mark inside another system's autograder and write its result file.

    Ends with 0 once the file is written, whatever the mark. Where the grader itself could not decide, no
    file is left and it ends with 3, so that the platform reports its own failure and no zero. Where code
    cannot be shut in, it runs none without --unsafe-ok and ends with 2.
    """


def _shared(submission: str, results: str) -> Callable[[F], F]:
    """The options that all platforms take, with the platform's own places."""
    place = click.Path(path_type=Path)
    options = [
        click.option("--exercise", required=True, help="An id from `rnngrade list`, or a .toml file."),
        click.option("--question", help="Mark this question only; flat names are read as its fields."),
        click.option("--hints", type=click.IntRange(min=0), default=0, help="Hints for what is not solved."),
        click.option(
            "--submission", type=place, default=submission, show_default=True, help="The student's folder."
        ),
        click.option("--results", type=place, default=results, show_default=True, help="The file to write."),
        click.option("--unsafe-ok", is_flag=True, help="Run code even where it cannot be shut in."),
    ]

    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


@command.command()
@_shared("/autograder/submission", "/autograder/results/results.json")
def gradescope(hints: int, results: Path, **asked: Any) -> None:
    """Write results.json for Gradescope.

    What is for staff goes to standard error, which Gradescope shows to instructors only.
    """
    from grader.lms.gradescope.write import results as as_results
    from grader.lms.undecided import staff_lines

    report = _marked(results, **asked)
    for line in staff_lines(report):
        _output.note(f"staff: {line}")
    _write(results, as_results(report, hints))


@command.command()
@_shared("/grade/student", "/grade/results/results.json")
def prairielearn(hints: int, results: Path, **asked: Any) -> None:
    """Write results.json for PrairieLearn.

    Where answers were given and none could be read, it is not gradable and costs no attempt.
    """
    from grader.lms.prairielearn.write import results as as_results

    _write(results, as_results(_marked(results, **asked), hints))


@command.command()
@_shared(".", "result.json")
def classroom50(hints: int, results: Path, **asked: Any) -> None:
    """Write result.json for Classroom 50; points become whole numbers by a common factor."""
    from grader.lms.github.write import results as as_results

    _write(results, as_results(_marked(results, **asked), hints))


def _marked(
    results: Path, *, exercise: str, question: str | None, submission: Path, unsafe_ok: bool
) -> Report:
    from grader.classroom.task import has_code
    from grader.cli._replacing import require_not_code
    from grader.grading import mark
    from grader.lms.result_file import remove_old
    from grader.model.submission import SubmittedFiles
    from grader.sandbox import require_isolation
    from grader.submissions import collect_submitted

    require_not_code(results, submission)
    # Before anything can fail: what a student's folder holds under this name is not our result.
    remove_old(results)
    loaded = load_exercise(exercise)
    question_id = find_question(loaded, question).id if question else None
    handed_in = collect_submitted(submission, SubmittedFiles(student="student", paths=("",)))
    for reason in handed_in.left_out:
        _output.note(f"this was not read: {reason}")
    if has_code(handed_in):
        require_isolation(unsafe_ok)
    return mark(loaded, handed_in, question_id=question_id)


def _write(path: Path, results: dict[str, Any]) -> None:
    from grader.lms.result_file import write_result

    write_result(path, results)
    _output.note(f"the result is in {path}")
