"""`rnngrade batch FOLDER`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from grader.cli import _output
from grader.cli._batch_run import BatchRun, Tally, mark_class_folder
from grader.cli._command import Command
from grader.cli._main import ExitCode
from grader.cli._options import (
    FilePath,
    course_option,
    gradebook_option,
    load_exercise,
    machine_options,
    require_instructor,
)
from grader.cli._output import one_line

if TYPE_CHECKING:
    from pathlib import Path

    from grader.gradebook.course import Course
    from grader.gradebook.gradebook import Gradebook
    from grader.gradebook.standing import UnreadableRecords
    from grader.lms import ClassListing
    from grader.lms.roster import RosterRow


@click.command(
    cls=Command,
    examples=(
        "rnngrade batch submissions/ --exercise rnn-by-formula",
        "rnngrade batch submissions.zip --exercise rnn-by-formula --roster class.csv --course course.toml",
        "rnngrade batch submissions/ --exercise mine.toml --jobs 8 --gradebook mine.db",
    ),
)
@click.argument("folder", type=FilePath())
@click.option("--exercise", required=True, help="An id from `rnngrade list`, or a .toml file.")
@gradebook_option
@click.option("--preset", help="How the folder is laid out; recognised, and said, if left out.")
@click.option("--pattern", help="Regular expression for paths, with named groups: student, attempt, ...")
@click.option("--roster", type=FilePath(), help="CSV file of who should have handed something in.")
@click.option("--html", type=FilePath(), help="Write the class as pages there, as `rnngrade report` does.")
@course_option
@machine_options
def command(folder: Path, exercise: str, gradebook: str, **options: Any) -> int:
    """Mark a whole class: each file or folder in FOLDER is a student, or what an LMS exported.

    Results go into the gradebook as they come. A run that was stopped goes on where it was.
    """
    require_instructor()
    from grader.classroom.pending import Assignment
    from grader.cli import _class

    if options["html"] is not None:
        _require_place(options["html"], folder, gradebook)
    from grader.errors import SubmissionError
    from grader.submissions.packed import Packed

    loaded = load_exercise(exercise)
    if any(question.is_withheld for question in loaded.questions):
        _output.note(
            "this is a student's edition: what it withholds stays pending; mark with the full exercise"
        )
    course = _class.read_course_file(options["course"]) if options["course"] is not None else None
    listing = _class.read_folder(folder, gradebook, options["preset"], options["pattern"])
    roster = _announce(listing, options["roster"])
    if not listing.submissions:
        hint = "what is there was named above" if listing.lost else None
        raise SubmissionError("holds no submission that can be read", hint, where=str(folder))
    listing = replace(listing, submissions=Packed(listing.submissions))
    run = BatchRun(
        assignment=Assignment(loaded, loaded.text, options["unsafe_ok"]),
        folder=folder,
        listing=listing,
        gradebook=gradebook,
        executor=options["executor"],
        jobs=options["jobs"],
        course=course,
        pages=options["html"],
        roster=roster,
    )
    is_settled = _mark_class(run)
    _warn_of_lost(listing)
    return ExitCode.FULL_MARKS if is_settled and not listing.is_in_doubt else ExitCode.OUR_FAILURE


def _require_place(pages: Path, folder: Path, gradebook: str) -> None:
    """Refuse, before anything is marked, a place where pages cannot go."""
    from grader.cli import _replacing
    from grader.cli.report import require_index_kept

    _replacing.require_outside(pages, folder)
    _replacing.require_not_gradebook(pages, gradebook)
    require_index_kept(pages)


def _mark_class(run: BatchRun) -> bool:
    """Mark the class; whether nothing is undecided, and every page that is asked for could be made."""
    from grader.classroom.memory import collecting_often
    from grader.cli._class import checked_course_of, require_isolation
    from grader.gradebook.gradebook import open_gradebook
    from grader.gradebook.write_records import keep_course

    require_isolation(needs_isolation=run.needs_isolation, executor=run.executor)
    with open_gradebook(run.gradebook) as book, book.sole_writer(), collecting_often():
        if run.course is not None:
            with book.writing_durably() as connection:
                keep_course(connection, run.course[0])
        tally = mark_class_folder(run, book)
        policies = checked_course_of(book, None)
        is_undecided = _show_standings(run, book, policies, tally)
        return _write_pages(run, book, policies) and not is_undecided


def _write_pages(run: BatchRun, book: Gradebook, policies: Course) -> bool:
    """Write the pages that are asked for; returns whether all could be written."""
    if run.pages is None:
        return True
    from grader.cli.report import ClassPages, write_pages

    pages = ClassPages(book, policies, run.assignment.exercise.id, handed_in=run.students)
    write_pages(pages, run.pages)
    return pages.is_complete


def _show_standings(run: BatchRun, book: Gradebook, policies: Course, tally: Tally) -> bool:
    """Print what stands for each student of the folder, in the order of the listing; whether any is open.

    So is one whose records cannot be made sense of: nothing stands for them.
    """
    from grader.cli._standings import StandingTable, TimeNotes, read_standings_of

    table, times = StandingTable(), TimeNotes()
    failed: list[UnreadableRecords] = []
    pending = of_standing = 0
    # In parts: of a large class what stands takes more memory than all the rest.
    for some in read_standings_of(book, policies, run.assignment.exercise.id, run.in_order(), failed):
        table.add(some)
        times.add(some)
        pending += sum(one.is_pending for one in some)
        of_standing += sum(one.is_undecided for one in some)
    for part in table.parts():
        _output.show(part)
    for line in tally.notes:
        click.echo(f"note: {one_line(line)}", err=True)
    times.show()
    # What could not be read is not kept, and what is undecided may have a decided attempt before it.
    from grader.model.text import counted

    if pending:
        wait = "waits" if pending == 1 else "wait"
        click.echo(
            f"{counted(pending, 'student')} {wait} for a person's mark: `rnngrade queue list`",
            err=True,
        )
    undecided = max(of_standing, tally.undecided)
    if undecided:
        are = "is" if undecided == 1 else "are"
        click.echo(
            f"{undecided} {are} undecided: nothing counts as wrong because of it; "
            "run again, or `rnngrade gradebook override`",
            err=True,
        )
    return undecided > 0 or bool(failed)


def _announce(listing: ClassListing, roster: Path | None) -> tuple[RosterRow, ...]:
    """Print how the folder was read, and who of the class list is missing; the class list."""
    from grader.lms import announcement, check_roster, read_roster, roster_lines

    lines = announcement(listing)
    people = () if roster is None else read_roster(roster)
    if roster is not None:
        lines += roster_lines(check_roster(listing, people))
    for line in lines:
        click.echo(line, err=True)
    return people


def _warn_of_lost(listing: ClassListing) -> None:
    """Repeat, as the last lines, that somebody may have gone without a mark."""
    from grader.lms import warning

    if listing.lost:
        count = len(listing.lost)
        these = (
            "1 entry that may be a submission was" if count == 1 else f"{count} that may be submissions were"
        )
        click.echo(f"{these} not read; the first lines name what and why", err=True)
    if listing.looks_like or listing.exports_inside:
        click.echo(warning(listing)[-1], err=True)
