"""Hints that staff record: read from options or a sheet, checked against the exercise, and kept."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from grader.cli import _class, _output
from grader.cli._options import find_question, load_exercise
from grader.errors import CannotDo, GraderError

if TYPE_CHECKING:
    from pathlib import Path

    from grader.gradebook.gradebook import Gradebook
    from grader.gradebook.hint_costs import ShownHint
    from grader.model.exercise import Exercise, Question

NEEDED = ("student", "question", "number")
HOW = "its columns are student, question, number, and if known exercise, shown_at, cost"


class Records:
    """What is recorded by one person in one gradebook.

    Args:
        book: The gradebook.
        who: Records it.
    """

    def __init__(self, book: Gradebook, who: str) -> None:
        self._book = book
        self._who = who
        self._course = _class.course_of(book, None)
        self._exercise = functools.cache(self._load)

    def read(self, row: Mapping[str, str], *, is_withdrawn: bool = False) -> ShownHint:
        """A hint as it was typed, with the cost that it has by the policy where none is typed.

        Args:
            row: Texts `student`, `exercise`, `question`, `number`, `shown_at` and `cost`; the last two may be
                empty.
            is_withdrawn: Whether it is taken back.

        Raises:
            click.UsageError: If it cannot be meant.
            SpecError: If there is no such exercise or question.
        """
        from grader.gradebook.hint_costs import ShownHint

        exercise = self._exercise(row["exercise"])
        question = find_question(exercise, row["question"])
        number = _number(row["number"], question)
        student = _class.student_name(self._book, row["student"])
        return ShownHint(
            student=student,
            exercise=exercise.id,
            question=question.id,
            number=number,
            cost=self._cost(row["cost"], student, exercise, question, number),
            shown_at=self._time(row["shown_at"]),
            who=self._who,
            is_withdrawn=is_withdrawn,
        )

    def read_sheet(self, sheet: Path, exercise: str | None) -> list[ShownHint]:
        """All hints of a sheet; empty rows are passed over.

        Args:
            sheet: CSV.
            exercise: Of which exercise, where the sheet does not say.

        Raises:
            CannotDo: If it cannot be read, or for the first row that cannot be meant: nothing is taken then.
        """
        from grader.gradebook.sheets import read_rows

        try:
            data = sheet.read_bytes()
        except OSError as error:
            raise CannotDo(f"cannot be read: {error.strerror}", where=str(sheet)) from None
        found = []
        for line, cells in read_rows(data, str(sheet), NEEDED, HOW):
            if not any(cells.values()):
                continue
            row = {"shown_at": "", "cost": "", **cells, "exercise": cells.get("exercise") or exercise or ""}
            try:
                found.append(self.read(row))
            except (GraderError, click.UsageError) as error:
                raise CannotDo(f"row {line}: {error}", "nothing is taken", str(sheet)) from None
        return found

    def keep(self, hints: Sequence[ShownHint]) -> list[ShownHint]:
        """Keep them all or none; those that were new."""
        from grader.gradebook.read_records import student_ids
        from grader.gradebook.shown_hints import keep_shown_hints

        with self._book.writing_durably() as connection:
            new = keep_shown_hints(connection, hints)
            known = student_ids(connection)
        for student in dict.fromkeys(one.student for one in hints):
            if student not in known:
                _output.note(
                    f"the gradebook has nothing handed in by {_output.one_line(repr(student))} so far"
                )
        return new

    def _load(self, typed: str) -> Exercise:
        """The exercise with which the class was marked last, else the installed one or the file."""
        from grader.classroom.task import ExerciseText, exercise_of
        from grader.gradebook.kept_files import exercise_text
        from grader.gradebook.read_records import latest_results

        if not typed:
            raise click.UsageError("of which exercise? Give --exercise")
        name = _class.exercise_name(typed)
        with self._book.reading() as connection:
            results = latest_results(connection, name)
            digest = results[-1].exercise_digest if results else None
            text = None if digest is None else exercise_text(connection, digest)
        if typed == name and digest is not None and text is not None:
            return exercise_of(ExerciseText(name, digest, text))
        return load_exercise(typed)

    def _cost(self, typed: str, student: str, exercise: Exercise, question: Question, number: int) -> str:
        from grader.gradebook.course import read_exact
        from grader.gradebook.hint_costs import course_terms
        from grader.model.share import closed_up

        if not typed:
            terms = course_terms(question, self._course.policy(student, exercise.id).hints)
            return str(terms[number - 1].cost)
        try:
            cost = read_exact(closed_up(typed))
        except (ValueError, ZeroDivisionError):
            raise click.UsageError(f"{typed!r} is no number of points; write 1, 0.5 or 1/2") from None
        if cost < 0:
            raise click.UsageError(f"{typed} points: a hint costs nothing or more")
        return str(cost)

    def _time(self, typed: str) -> str | None:
        from grader.gradebook.submission_times import kept_time, when

        if not typed:
            return None
        found = when(kept_time(typed), self._course.time_zone)
        if found.at is None:
            message = f"{_output.one_line(typed[:60])!r} is no time that can be meant"
            raise click.UsageError(f"{message}; write it like 2026-11-20 14:05")
        return found.at.astimezone(datetime.UTC).isoformat(timespec="seconds")


def _number(typed: str, question: Question) -> int:
    from grader.model.text import counted

    count = len(question.hints)
    if not (typed.isascii() and typed.isdecimal() and 1 <= len(typed) <= 9 and 1 <= int(typed) <= count):
        has = counted(count, "hint") if count else "no hints"
        raise click.UsageError(f"{question.id} has {has}; there is no number {_output.one_line(typed[:20])}")
    return int(typed)
