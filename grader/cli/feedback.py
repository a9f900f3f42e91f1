"""`rnngrade feedback FOLDER`."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

import click

from grader.cli import _output
from grader.cli._command import Command
from grader.cli._main import ExitCode
from grader.cli._options import (
    FilePath,
    course_to_try_option,
    force_option,
    format_named,
    gradebook_option,
    require_instructor,
)
from grader.cli._progress import Waiting

if TYPE_CHECKING:
    from pathlib import Path

    from grader.gradebook.course import Course
    from grader.gradebook.gradebook import Gradebook
    from grader.gradebook.standing import Standing, UnreadableRecords
    from grader.lms import ClassListing
    from grader.model.exercise import Exercise
    from grader.reports import Format

# A page where that format is installed, else plain text.
PREFERRED = ("html", "terminal")
WIDTH = 100


@click.command(
    cls=Command,
    examples=(
        "rnngrade feedback submissions/ --exercise rnn-by-formula -o feedback.zip",
        "rnngrade feedback submissions/ --exercise mine.toml --hints 1 --format markdown -o feedback/",
    ),
)
@click.argument("folder", type=FilePath())
@click.option("--exercise", required=True, help="The exercise's id, or its .toml file.")
@click.option("-o", "--output", type=FilePath(), required=True, help="A folder, or a .zip file.")
@click.option("--format", "format_name", help="How the reports look; a page or plain text if left out.")
@click.option("--hints", type=click.IntRange(min=0), default=0, help="Hints for what is not solved.")
@click.option("--preset", help="How FOLDER is laid out; recognised if left out.")
@click.option("--pattern", help="A regular expression with named groups instead of a preset.")
@force_option
@gradebook_option
@course_to_try_option
def command(
    folder: Path,
    exercise: str,
    output: Path,
    format_name: str | None,
    hints: int,
    preset: str | None,
    pattern: str | None,
    force: bool,
    gradebook: str,
    course: str | None,
) -> int:
    """Write a feedback file for each student of the class in FOLDER, with the points that stand.

    Files are called as the submissions, so that the system that exported FOLDER takes them back: Canvas under
    Upload Submissions, Moodle under Upload multiple feedback files in a zip.
    """
    from grader.cli import _class, _replacing
    from grader.cli._standings import read_standings
    from grader.gradebook.gradebook import open_gradebook
    from grader.lms import warning
    from grader.lms.feedback import write_feedback

    require_instructor()
    _replacing.require_other(output, [folder], "the class itself")
    _replacing.require_not_gradebook(output, gradebook)
    chosen = _format(format_name)
    listing = _class.read_folder(folder, gradebook, preset, pattern)
    for line in warning(listing):
        click.echo(line, err=True)
    with open_gradebook(gradebook, must_exist=True) as book:
        exercise = _class.exercise_of(book, exercise) or exercise
        policies = _class.checked_course_of(book, course)
        left_out: list[UnreadableRecords] = []
        found = read_standings(book, policies, exercise, failed=left_out)
        standing = {one.student: one for one in found}
        if not standing:
            raise click.UsageError(f"the gradebook {gradebook} has no result of {exercise}")
        _require_some_of(listing, standing, gradebook, exercise)
        with Waiting("writing feedback"):
            texts, failed = FeedbackTexts(book, policies, chosen, hints).texts(standing.values())
    names = _names(listing, {one: standing[one] for one in texts}, chosen.SUFFIX)
    files = {name: texts[student] for student, name in names.items()}
    _replacing.require_files_kept(output, files, force=force)
    write_feedback(output, files)
    _say_who_gets_one(output, len(files), failed, _without_result(listing, standing))
    return ExitCode.OUR_FAILURE if failed or left_out or listing.is_in_doubt else ExitCode.FULL_MARKS


def _say_who_gets_one(
    output: Path, count: int, failed: Mapping[str, str], without_result: Iterable[str]
) -> None:
    for student, reason in failed.items():
        _output.note(f"{student} gets no feedback file: the report cannot be shown ({reason})")
    for student in without_result:
        _output.note(f"{student} handed in, but the gradebook has no result")
    unit = "feedback file is" if count == 1 else "feedback files are"
    click.echo(f"{count} {unit} in {output}")


def _format(name: str | None) -> Format:
    from grader.reports import format_names

    return format_named(name or next(one for one in PREFERRED if one in format_names()))


def _require_some_of(listing: ClassListing, records: Collection[str], gradebook: str, exercise: str) -> None:
    """Refuse the gradebook of another class: its students' reports would be written for this one."""
    people = {one for submitted in listing.submissions for one in submitted.members or (submitted.student,)}
    if people.isdisjoint(records):
        raise click.UsageError(
            f"the gradebook {gradebook} has no result in {exercise} of any student of the folder; "
            "is it another class's, or is the folder read otherwise (--preset, --pattern)?"
        )


def _names(listing: ClassListing, standing: Mapping[str, Standing], suffix: str) -> dict[str, str]:
    """The file's name for each student; a group has one file, members with other points have their own."""
    from grader.lms.feedback import feedback_name, unique_names

    wanted: dict[str, str] = {}
    served: set[str] = set()
    # The submission of the attempt that counts comes last, and its name stays.
    for submitted in sorted(listing.submissions, key=lambda one: _counts(one.attempt, one.student, standing)):
        people = [one for one in submitted.members or (submitted.student,) if one in standing]
        if people:
            first = people[0]
            wanted[first] = feedback_name(submitted.return_name, first, suffix)
            served.update(one for one in people if _is_same(standing[one], standing[first]))
    for student in standing:
        if student not in served:
            wanted[student] = feedback_name("", student, suffix)
    return unique_names(wanted)


def _is_same(one: Standing, other: Standing) -> bool:
    """Whether two students of a group have the same standing, so that one file serves both."""
    reasons, others = ([(each.question, each.why) for each in of.overrides] for of in (one, other))
    return (
        reasons == others
        and (one.points, one.marks, one.penalty, one.attempt.number)
        == (*(other.points, other.marks, other.penalty, other.attempt.number),)
        and (one.refused, one.hints) == (other.refused, other.hints)
    )


def _counts(attempt: int, student: str, standing: Mapping[str, Standing]) -> tuple[bool, int]:
    one = standing.get(student)
    return one is not None and one.attempt.number == attempt, attempt


def _without_result(listing: ClassListing, records: Iterable[str]) -> list[str]:
    people = {one for submitted in listing.submissions for one in submitted.members or (submitted.student,)}
    return sorted(people - set(records))


class FeedbackTexts:
    """Renders the feedback of each student; one that fails does not stop the others.

    Args:
        book: The gradebook.
        course: Whose clocks tell the times.
        chosen: The format.
        hints: How many hints to show of each question that is not solved.
    """

    def __init__(self, book: Gradebook, course: Course, chosen: Format, hints: int) -> None:
        self.book = book
        self.course = course
        self.chosen = chosen
        self.hints = hints
        self.exercise = functools.cache(self._exercise)

    def texts(self, standings: Iterable[Standing]) -> tuple[dict[str, str], dict[str, str]]:
        """The text for each student, and the reason for each who gets none."""
        texts: dict[str, str] = {}
        failed: dict[str, str] = {}
        for one in standings:
            try:
                texts[one.student] = self.text(one)
            except Exception as error:
                failed[one.student] = f"{type(error).__name__}: {error}"
        return texts, failed

    def text(self, standing: Standing) -> str:
        """The feedback of one student.

        Raises:
            GraderError: If the report that was kept is none.
        """
        from grader.gradebook.kept_reports import reports
        from grader.lms.feedback import with_standing
        from grader.reports import View
        from grader.reports.json_report import report_from_record

        with self.book.reading() as connection:
            ((_, record),) = reports(connection, [standing.attempt.result])
        report = report_from_record(record)
        exercise = self.exercise(standing.exercise, standing.attempt.exercise_digest, report.variant)
        hints = self._open_hints(exercise, standing)
        stands = with_standing(report, standing, self.course.time_zone, exercise, hints)
        return self.chosen.render(stands, View(hints=self.hints, width=WIDTH))

    def _open_hints(self, exercise: Exercise | None, standing: Standing) -> dict[str, int]:
        """How many hints of each question the student may see, no more than are asked for."""
        from grader.gradebook.shown_hints import open_hints

        if exercise is None or not self.hints:
            return {}
        with self.book.reading() as connection:
            found = open_hints(connection, exercise, standing.student, standing.policy.hints)
        return {question: min(count, self.hints) for question, count in found.items()}

    def _exercise(self, exercise: str, digest: str, variant: str = "") -> Exercise | None:
        """The exercise that a report was made with; None where its file is of another rnngrade."""
        from grader.classroom.task import ExerciseText, exercise_of
        from grader.errors import GraderError
        from grader.gradebook.kept_files import exercise_text

        with self.book.reading() as connection:
            text = exercise_text(connection, digest)
        try:
            return None if text is None else exercise_of(ExerciseText(exercise, digest, text, variant))
        except GraderError:
            if self.hints:
                _output.note(f"the file of {exercise} is of another rnngrade: its hints are not shown")
            return None
