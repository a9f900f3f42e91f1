"""A class as pages: gathered from the gradebook, and written where nothing of others is lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import click

from grader.cli import _output, _replacing
from grader.cli._standings import standings_of
from grader.cli._waiting import Waiting

if TYPE_CHECKING:
    from grader.classroom.pages.overview import Concern, Overview
    from grader.classroom.similarity import Similarities
    from grader.classroom.statistics import Diagnoses
    from grader.gradebook.course import Course
    from grader.gradebook.gradebook import Gradebook
    from grader.gradebook.standing import Standing, UnreadableRecords

INDEX = "index.html"
STUDENTS = "students"


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
        from grader.classroom.pages import staff_page
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
        from grader.gradebook.reading import stored_attempts

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
    advice = "`rnngrade report --force` replaces it" if force is None else "--force replaces it"
    _replacing.require_files_kept(place, files, force=bool(force), may_go=_replacing.is_sealed, advice=advice)
