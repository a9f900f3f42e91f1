"""`rnngrade regrade`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from grader.cli import _output
from grader.cli._command import Command
from grader.cli._main import ExitCode
from grader.cli._options import gradebook_option, load_exercise, machine_options, require_instructor
from grader.cli._progress import ProgressBar

if TYPE_CHECKING:
    from grader.classroom.pending import Assignment
    from grader.classroom.regrade import ChangedStanding, Regraded, Rules
    from grader.gradebook.gradebook import Gradebook


@click.command(
    cls=Command,
    examples=(
        "rnngrade regrade --dry-run",
        "rnngrade regrade --exercise rnn-by-formula --never-lower",
    ),
)
@click.option(
    "--exercise",
    "exercises",
    multiple=True,
    help="An id or a .toml file, may be repeated; every exercise that is kept and installed if left out.",
)
@click.option("--dry-run", is_flag=True, help="Keep nothing, only show what would change.")
@click.option("--never-lower", is_flag=True, help="Whoever would get fewer points keeps the old mark.")
@gradebook_option
@machine_options
def command(
    exercises: tuple[str, ...], dry_run: bool, never_lower: bool, gradebook: str, **options: Any
) -> int:
    """Mark everything that is kept anew with today's exercises, and show whose mark changes.

    The old results stay in the history. Points given by hand stand.
    """
    require_instructor()
    from grader.classroom.memory import collecting_often
    from grader.classroom.pending import Assignment
    from grader.classroom.regrade import Rules
    from grader.cli._class import exercise_of
    from grader.gradebook.gradebook import open_gradebook
    from grader.gradebook.read_records import exercise_ids

    rules = Rules(is_dry=dry_run, never_lower=never_lower)
    is_undecided = False
    with open_gradebook(gradebook, must_exist=True) as book, book.sole_writer(), collecting_often():
        with book.reading() as connection:
            kept = exercise_ids(connection)
        loaded = [(name, load_exercise(name)) for name in exercises or _installed(kept)]
        for _, one in loaded:
            exercise_of(book, one.id)
        for _, exercise in loaded:
            assignment = Assignment(exercise, exercise.text, options["unsafe_ok"])
            regraded = _regraded(assignment, book, rules, options)
            _show_changes(book, assignment.exercise.id, regraded, rules)
            is_undecided = is_undecided or bool(regraded.undecided)
    return ExitCode.OUR_FAILURE if is_undecided else ExitCode.FULL_MARKS


def _installed(kept: list[str]) -> list[str]:
    """The exercises that come with the grader; for the others a note says how to mark them."""
    from grader.specs import list_exercises

    installed = {one.id for one in list_exercises()}
    own = [one for one in kept if one not in installed]
    cure = " ".join(f"--exercise {one}.toml" for one in own)
    if own and len(own) == len(kept):
        raise click.UsageError(f"the file of {', '.join(own)} is not installed: add {cure}")
    if own:
        _output.note(f"{', '.join(own)} is not marked anew, since the file is not installed: add {cure}")
    return [one for one in kept if one in installed]


def _regraded(assignment: Assignment, book: Gradebook, rules: Rules, options: dict[str, Any]) -> Regraded:
    from grader.classroom.machines import machines_for
    from grader.classroom.regrade import regrade
    from grader.cli._class import require_isolation
    from grader.gradebook.kept_files import file_names
    from grader.gradebook.read_records import stored_attempts
    from grader.model.submission import has_code

    with book.reading() as connection:
        total = len(stored_attempts(connection, assignment.exercise.id))
        holds_code = has_code(file_names(connection, assignment.exercise.id))
    executor, needs_isolation = options["executor"], holds_code and not assignment.is_unsafe_ok
    require_isolation(needs_isolation=needs_isolation, executor=executor)
    exercise, jobs = assignment.exercise, options["jobs"]
    with machines_for(executor, jobs, exercise, needs_isolation=needs_isolation) as machines:
        try:
            with ProgressBar(total, "attempts") as bar:
                return regrade(assignment, book, machines, rules, bar.step)
        except KeyboardInterrupt:
            machines.give_up()
            raise


def _show_changes(book: Gradebook, exercise: str, regraded: Regraded, rules: Rules) -> None:
    from grader.classroom.regrade import changes
    from grader.cli._class import course_of
    from grader.cli._standings import standings_of

    course = course_of(book, None)
    before = standings_of(book, course, regraded.before, exercise)
    found = changes(before, standings_of(book, course, regraded.after, exercise))
    would = "would change" if rules.is_dry else "changed"
    lines = [f"{exercise}: {len(found)} of {len(before)} students {would}"]
    for one in found:
        line = f"  {_output.one_line(one.before.student)}  {_points(one)}  {', '.join(one.questions)}"
        lines.append(line.rstrip())
    _output.show("".join(f"{line}\n" for line in lines))
    for student in regraded.undecided:
        _output.note(f"{student} could not be decided anew; see `rnngrade gradebook history {student}`")


def _points(change: ChangedStanding) -> str:
    """The points before and after; with the maximum, where that changed."""
    from grader.model.share import points_text

    both = (change.before, change.after)
    if change.before.max_points == change.after.max_points:
        return " -> ".join(points_text(one.points) for one in both)
    return " -> ".join(f"{points_text(one.points)} / {points_text(one.max_points)}" for one in both)
