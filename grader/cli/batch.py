"""`rnngrade batch FOLDER`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.cli._class_options import course_option, gradebook_option, machine_options
from grader.cli._exit import ExitCode

if TYPE_CHECKING:
    from grader.gradebook.course import Course


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--exercise", required=True, help="An id from `rnngrade list`, or a .toml file.")
@gradebook_option
@click.option("--preset", help="How the folder is laid out; recognised, and said, if left out.")
@click.option("--pattern", help="Regular expression for paths, with named groups: student, attempt, ...")
@click.option(
    "--roster", type=click.Path(path_type=Path), help="CSV file of who should have handed something in."
)
@course_option
@machine_options
def command(folder: Path, exercise: str, gradebook: str, **options: Any) -> int:
    """Mark a whole class: each file or folder in FOLDER is a student, or what an LMS exported.

    Results go into the gradebook as they come. A run that was stopped goes on where it was.
    """
    from grader.cli import _extra

    _extra.require_instructor()
    from grader.classroom.pending import Assignment
    from grader.cli import _batch_listing, _batch_run, _exercise
    from grader.errors import SubmissionError
    from grader.specs import find_exercise

    loaded = _exercise.load(exercise)
    text = find_exercise(exercise).path.read_bytes()
    course = _course(options["course"])
    listed = _batch_listing.listed(folder, gradebook, options["preset"], options["pattern"])
    _batch_listing.tell(listed, options["roster"])
    if not listed.submissions:
        hint = "what is there was named above" if listed.lost else None
        raise SubmissionError("holds no hand-in that can be read", hint, where=str(folder))
    plan = _batch_run.Plan(
        assignment=Assignment(loaded, text, options["unsafe_ok"]),
        folder=folder,
        listed=listed,
        gradebook=gradebook,
        executor=options["executor"],
        jobs=options["jobs"],
        course=course,
    )
    is_undecided = _batch_run.run(plan)
    _batch_listing.tell_lost(listed)
    return ExitCode.OUR_FAILURE if is_undecided or listed.is_in_doubt else ExitCode.FULL_MARKS


def _course(path: str | None) -> tuple[str, Course] | None:
    from grader.cli import _course_file

    return None if path is None else _course_file.read(path)
