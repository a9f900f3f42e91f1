"""The feedback of each student as text; one report that cannot be shown costs nobody else theirs."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.gradebook.course import Course
    from grader.gradebook.gradebook import Gradebook
    from grader.gradebook.standing import Standing
    from grader.model.exercise import Exercise
    from grader.reports import Format

WIDTH = 100


class Rendering:
    """How the feedback of a class is made.

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
        """The text for each student, and of those who get none the reason.

        Args:
            standings: What stands.
        """
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

        Args:
            standing: What stands.

        Raises:
            GraderError: If the report that was kept is none.
        """
        from grader.gradebook.reading import reports
        from grader.lms.what_stands import with_standing
        from grader.reports import View
        from grader.reports.json_report import report_from_record

        with self.book.reading() as connection:
            ((_, record),) = reports(connection, [standing.attempt.result])
        exercise = self.exercise(standing.exercise, standing.attempt.exercise_digest)
        report = report_from_record(record)
        stands = with_standing(report, standing, self.course.time_zone, exercise, self.hints)
        return self.chosen.render(stands, View(hints=self.hints, width=WIDTH))

    def _exercise(self, exercise: str, digest: str) -> Exercise | None:
        """The exercise that a report was made with; None where its file is of another rnngrade."""
        from grader.classroom.task import ExerciseFile, exercise_of
        from grader.cli import _output
        from grader.errors import GraderError
        from grader.gradebook.reading import exercise_text

        with self.book.reading() as connection:
            text = exercise_text(connection, digest)
        try:
            return None if text is None else exercise_of(ExerciseFile(exercise, digest, text))
        except GraderError:
            if self.hints:
                _output.note(f"the file of {exercise} is of another rnngrade: its hints are not shown")
            return None
