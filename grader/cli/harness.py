"""`rnngrade harness PLATFORM`: a command for each `RESULT_FILE` of a platform."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.cli import _output
from grader.cli._options import PlatformCommands, load_question

if TYPE_CHECKING:
    from grader.lms.result_file import ResultFile
    from grader.model.report import Report


def _platforms() -> dict[str, click.Command]:
    from grader.lms.result_file import result_files

    return {name: _command(file) for name, file in result_files().items()}


@click.group(cls=PlatformCommands, find=_platforms)
def command() -> None:
    """Mark inside another system's autograder and write its result file.

    Ends with 0 once the file is written, whatever the mark. Where the grader itself could not decide, no
    file is left and it ends with 3, so that the platform reports its own failure and no zero. Where code
    cannot be shut in, it runs none without --unsafe-ok and ends with 2.
    """


def _command(file: ResultFile) -> click.Command:
    place = click.Path(path_type=Path)

    @click.command(file.command, help=file.help)
    @click.option("--exercise", required=True, help="An id from `rnngrade list`, or a .toml file.")
    @click.option("--question", help="Mark this question only; flat names are read as its fields.")
    @click.option("--hints", type=click.IntRange(min=0), default=0, help="Hints for what is not solved.")
    @click.option(
        "--submission", type=place, default=file.submission, show_default=True, help="The student's folder."
    )
    @click.option("--results", type=place, default=file.results, show_default=True, help="The file to write.")
    @click.option("--unsafe-ok", is_flag=True, help="Run code even where it cannot be shut in.")
    def run(hints: int, results: Path, **asked: Any) -> None:
        from grader.lms.result_file import staff_lines, write_result

        report = _marked(results, **asked)
        for line in staff_lines(report) if file.has_staff_errors else ():
            _output.note(f"staff: {line}")
        write_result(results, file.of(report, hints))
        _output.note(f"the result is in {results}")

    return run


def _marked(
    results: Path, *, exercise: str, question: str | None, submission: Path, unsafe_ok: bool
) -> Report:
    from grader.cli._replacing import require_not_code
    from grader.grading import mark
    from grader.lms.result_file import remove_old
    from grader.model.submission import SubmittedFiles, has_code
    from grader.sandbox import require_isolation
    from grader.submissions import collect_submitted

    require_not_code(results, submission)
    # Before anything can fail: what a student's folder holds under this name is not our result.
    remove_old(results)
    loaded, question_id = load_question(exercise, question)
    submitted = collect_submitted(submission, SubmittedFiles(student="student", paths=("",)))
    for reason in submitted.left_out:
        _output.note(f"this was not read: {reason}")
    if has_code(file.name for file in submitted.files):
        require_isolation(unsafe_ok)
    return mark(loaded, submitted, question_id=question_id)
