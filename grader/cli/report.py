"""`rnngrade report DIR`: a class as pages, gathered from the gradebook, written where nothing is lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from grader.cli import _output
from grader.cli._command import Command
from grader.cli._main import ExitCode
from grader.cli._options import (
    FilePath,
    course_to_try_option,
    force_option,
    gradebook_option,
    require_instructor,
)
from grader.cli._progress import Waiting

if TYPE_CHECKING:
    from pathlib import Path

    from grader.classroom.pages.overview import Concern, Overview
    from grader.classroom.similarity import Similarities
    from grader.classroom.statistics import Diagnoses
    from grader.gradebook.course import Course
    from grader.gradebook.gradebook import Gradebook
    from grader.gradebook.standing import Standing, UnreadableRecords

INDEX = "index.html"
STUDENTS = "students"


@click.command(
    cls=Command,
    examples=(
        "rnngrade report class-pages/",
        "rnngrade report class-pages.zip --exercise rnn-by-formula --hints 1",
    ),
)
@click.argument("place", metavar="DIR", type=FilePath())
@click.option("--exercise", help="Its id, or its .toml file; may be left out where there is only one.")
@click.option("--hints", type=click.IntRange(min=0), default=0, help="Hints for what is not solved.")
@force_option
@gradebook_option
@course_to_try_option
def command(
    place: Path, exercise: str | None, hints: int, force: bool, gradebook: str, course: str | None
) -> int:
    """Write a class as pages into the folder DIR: index.html for staff, and in students/ a page each.

    The index has figures, known mistakes, similar submissions and who is to be looked at. A student's page
    has nothing of others and may be handed out by itself. Pages of an earlier run are replaced; what somebody
    else wrote or changed there is not, unless --force is given. DIR may be a .zip file, too.
    """
    require_instructor()
    from grader.cli import _class, _replacing
    from grader.gradebook.gradebook import open_gradebook

    _replacing.require_not_gradebook(place, gradebook)
    with open_gradebook(gradebook, must_exist=True, only_reads=True) as book:
        chosen = _class.exercise_of(book, exercise) or _only_exercise(book)
        policies = _class.checked_course_of(book, course)
        pages = ClassPages(book, policies, chosen, hints)
        write_pages(pages, place, force=force)
    return ExitCode.FULL_MARKS if pages.is_complete else ExitCode.OUR_FAILURE


def _only_exercise(book: Gradebook) -> str:
    from grader.gradebook.read_records import exercise_ids

    with book.reading() as connection:
        kept = exercise_ids(connection)
    if len(kept) == 1:
        return kept[0]
    has = f"results of {', '.join(kept)}: name one with --exercise" if kept else "no results"
    raise click.UsageError(f"the gradebook has {has}")


class ClassPages:
    """The pages of a class in one exercise.

    Args:
        book: The gradebook.
        course: The policies.
        exercise: The exercise's id.
        hints: How many hints students get for what is not solved.
        handed_in: Who is known to have handed something in, whether the gradebook has a result or not.
    """

    def __init__(
        self, book: Gradebook, course: Course, exercise: str, hints: int = 0, handed_in: Iterable[str] = ()
    ) -> None:
        from grader.cli.feedback import FeedbackTexts
        from grader.reports import find_format

        self.book = book
        self.course = course
        self.exercise = exercise
        self.handed_in = handed_in
        self.texts = FeedbackTexts(book, course, find_format("html"), hints)
        self.left_out: list[Concern] = []

    @property
    def is_complete(self) -> bool:
        """Whether everybody who has a result has a page."""
        return not self.left_out

    def files(self) -> dict[str, str]:
        """Texts by name, the index last: what it leads to is there before it.

        Raises:
            click.UsageError: If the gradebook has no result.
        """
        from urllib.parse import quote

        from grader.classroom.pages import staff_page
        from grader.cli import _replacing
        from grader.lms.feedback import feedback_name, unique_names

        found, concerns = self._found()
        if not found:
            raise click.UsageError(f"there is no result of {self.exercise} that can be shown")
        texts, failed = self.texts.texts(found)
        for student, reason in failed.items():
            self._leave_out(student, f"has no page: the report cannot be shown ({reason})")
        names = unique_names({student: feedback_name("", student, ".html") for student in texts})
        pages = {student: f"{STUDENTS}/{quote(name)}" for student, name in names.items()}
        overview = self._overview(found, pages, concerns)
        files = {f"{STUDENTS}/{name}": texts[student] for student, name in names.items()}
        files[INDEX] = staff_page.render(overview)
        return {name: _replacing.sealed(text) for name, text in files.items()}

    def _found(self) -> tuple[list[Standing], list[Concern]]:
        """What stands and can be made sense of, and what staff should look at."""
        from grader.classroom.pages.overview import Concern, concerns_of, is_sound
        from grader.cli._standings import standings_of
        from grader.gradebook.read_records import stored_attempts

        with self.book.reading() as connection:
            attempts = stored_attempts(connection, self.exercise)
        unreadable: list[UnreadableRecords] = []
        every = standings_of(self.book, self.course, attempts, self.exercise, failed=unreadable)
        for one in unreadable:
            self.left_out.append(
                Concern(one.student, f"is left out: its records cannot be read ({one.reason})")
            )
        found = []
        for standing in every:
            if is_sound(standing):
                found.append(standing)
            else:
                self._leave_out(standing.student, "is left out: its marks cannot be read")
        with self.book.reading() as connection:
            concerns = list(concerns_of(connection, found, attempts))
        known = {one.student for one in attempts}
        pending = sorted(set(self.handed_in) - known)
        return found, [Concern(one, "handed in, but there is no result yet") for one in pending] + concerns

    def _leave_out(self, student: str, why: str) -> None:
        from grader.classroom.pages.overview import Concern

        _output.note(f"{student} {why}")
        self.left_out.append(Concern(student, why))

    def _overview(
        self, found: Sequence[Standing], pages: Mapping[str, str], concerns: Sequence[Concern]
    ) -> Overview:
        from grader.classroom.pages.overview import Overview, known_mistakes
        from grader.classroom.statistics import diagnoses_of, statistics

        exercise = self.texts.exercise(self.exercise, found[-1].attempt.exercise_digest)
        with self.book.reading() as connection:
            diagnoses = diagnoses_of(connection, found)
            mistakes = known_mistakes(connection, found, diagnoses)
        return Overview(
            title=exercise.title if exercise else self.exercise,
            labels={one.id: one.label for one in exercise.questions} if exercise else {},
            figures=statistics(self.exercise, found, diagnoses),
            standings=found,
            mistakes=mistakes,
            concerns=[*self.left_out, *concerns],
            pages=pages,
            similar=self._similar(found, diagnoses),
        )

    def _similar(self, found: Sequence[Standing], diagnoses: Diagnoses) -> Similarities | None:
        from grader.classroom.similarity import similarities, traces_of

        try:
            with self.book.reading() as connection:
                return similarities(traces_of(connection, found, diagnoses))
        except Exception as error:
            _output.note(f"what submissions have in common could not be found out ({type(error).__name__})")
            return None


def require_index_kept(place: Path) -> None:
    """Refuse a place whose index somebody else made, before anything is marked.

    Args:
        place: A folder, or a .zip file.

    Raises:
        click.UsageError: If it has one.
    """
    _require_kept(place, {INDEX: ""}, force=None)


def write_pages(pages: ClassPages, place: Path, *, force: bool | None = None) -> None:
    """Write the pages and say where they are.

    Args:
        pages: Of a class.
        place: A folder, or a .zip file.
        force: Whether what somebody else made or changed there may be replaced; None where no option says so.

    Raises:
        click.UsageError: If something would be lost; names it.
    """
    from grader.lms.feedback import write_feedback

    with Waiting("writing pages"):
        files = pages.files()
    _require_kept(place, files, force=force)
    write_feedback(place, files)
    count = len(files) - 1
    each = "1 page of a student" if count == 1 else f"{count} pages of students"
    click.echo(f"{each} and {INDEX}, for staff, are in {place}", err=True)


def _require_kept(place: Path, files: Mapping[str, str], *, force: bool | None) -> None:
    from grader.cli import _replacing

    advice = "`rnngrade report --force` replaces it" if force is None else "--force replaces it"
    _replacing.require_files_kept(place, files, force=bool(force), may_go=_replacing.is_sealed, advice=advice)
