"""What the commands of the queue share: its answers, their rubrics, and marks made of what is typed."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import click

from grader.classroom.task import ExerciseText, exercise_of
from grader.cli import _class
from grader.cli._options import nearest
from grader.cli._standings import read_standings
from grader.errors import CannotDo, GraderError
from grader.gradebook.course import read_exact
from grader.gradebook.gradebook import open_gradebook
from grader.gradebook.hand_marks import HandMark, Role, last_of
from grader.gradebook.queue import Entry, NotMarked, entries, hand_marks, keep_mark
from grader.gradebook.queue_sheet import read_sheet
from grader.gradebook.reading import exercise_text
from grader.kinds.text.question import RubricItem, TextParams


class Queue:
    """The words in a gradebook, open for reading and marking.

    Args:
        place: The gradebook, as typed.
        exercise: Of this exercise only.
        question: Of this question only.
    """

    def __init__(self, place: str, exercise: str | None = None, question: str | None = None) -> None:
        self.book = open_gradebook(place, must_exist=True)
        try:
            chosen = _class.exercise_of(self.book, exercise)
            found = read_standings(self.book, _class.course_of(self.book, None), chosen)
            with self.book.reading() as connection:
                self.all_entries = entries(connection, found, hand_marks(connection))
            known = list(dict.fromkeys(one.question for one in self.all_entries))
            if question is not None and question not in known:
                near = nearest(question, known) or f"; there are {', '.join(known) or 'none at all'}"
                raise click.UsageError(f"no words are kept for a question {question!r}{near}")
        except BaseException:
            self.book.close()
            raise
        self.entries = [one for one in self.all_entries if question in (None, one.question)]

    def __enter__(self) -> Queue:
        return self

    def __exit__(self, *error: object) -> None:
        self.book.close()

    def entry(self, typed: str) -> Entry:
        """An answer by its id.

        Args:
            typed: Such as "w-17".

        Raises:
            click.UsageError: If there is none.
        """
        found = next((one for one in self.all_entries if one.id == typed), None)
        if found is None:
            near = nearest(typed, [one.id for one in self.all_entries])
            raise click.UsageError(f"the queue has no {typed!r}{near}; `rnngrade queue list --all` has them")
        return found

    def rubric(self, entry: Entry) -> tuple[RubricItem, ...]:
        """What a marker of an answer looks for; nothing where its exercise cannot be read any more.

        Args:
            entry: The answer.
        """
        with self.book.reading() as connection:
            text = exercise_text(connection, entry.exercise_digest)
        try:
            exercise = exercise_of(ExerciseText(entry.exercise, entry.exercise_digest, text or b""))
        except GraderError:
            return ()
        params = next((one.params for one in exercise.questions if one.id == entry.question), None)
        return params.rubric if isinstance(params, TextParams) else ()

    def made(
        self, entry: Entry, items: Sequence[str], points: str | None, comment: str, role: Role, who: str
    ) -> HandMark:
        """A mark of what was typed.

        Args:
            entry: The answer.
            items: Ids of the rubric's items that are given.
            points: As typed; None for those of the items.
            comment: For the student, after the comments of the items.
            role: Which mark it is.
            who: The marker.

        Raises:
            click.UsageError: If an item is not the rubric's, or the points are none that can be given.
        """
        rubric = {one.id: one for one in self.rubric(entry)}
        for item in items:
            if item not in rubric:
                near = nearest(item, list(rubric)) or f"; it has {', '.join(rubric) or 'none'}"
                raise click.UsageError(f"{entry.id}: the rubric has no item {item!r}{near}")
        chosen = [rubric[item] for item in dict.fromkeys(items)]
        most = entry.max_points
        total = sum((one.points for one in chosen), Fraction(0)) if points is None else _number(entry, points)
        if not 0 <= total <= most:
            raise click.UsageError(f"{entry.id}: {total} is not between 0 and {most} points")
        # A comment that comes back from a spreadsheet holds those of the items already.
        of_items = [one.comment for one in chosen if one.comment and one.comment not in comment]
        return HandMark(
            attempt=entry.attempt,
            question=entry.question,
            role=role,
            who=who,
            points=str(total),
            items=tuple(one.id for one in chosen),
            comment=" ".join(filter(None, [*of_items, comment.strip()])),
        )


def _number(entry: Entry, typed: str) -> Fraction:
    try:
        return read_exact(typed.strip().replace(",", "."))
    except (ValueError, ZeroDivisionError):
        raise click.UsageError(f"{entry.id}: {typed!r} is no number of points; write 3, 2.5 or 7/2") from None


class Kept(NamedTuple):
    """What became of a sheet: how many marks were kept, were there already, and why the others were not."""

    kept: int
    same: int
    refused: list[str]


def keep_sheet(queue: Queue, sheet: Path, role: Role, who: str, *, corrects: bool) -> Kept:
    """Keep the marks of a sheet in one transaction.

    Args:
        queue: The queue.
        sheet: The file.
        role: Which marks they are.
        who: The marker.
        corrects: Whether to put right what the same marker gave before.

    Raises:
        CannotDo: If it cannot be read.
        click.UsageError: If a row is of no answer, or gives what cannot be given; nothing is kept then.
    """
    try:
        data = sheet.read_bytes()
    except OSError as error:
        raise CannotDo(f"cannot be read: {error.strerror}", where=str(sheet)) from None
    rows = read_sheet(data, str(sheet))
    new = []
    for row in rows:
        try:
            entry = queue.entry(row.entry)
            new.append(queue.made(entry, row.items, row.points, row.comment, role, who))
        except click.UsageError as error:
            raise click.UsageError(f"{sheet}: row {row.line}: {error.message}; nothing was taken") from None
    kept, same, refused = 0, 0, []
    with queue.book.signing() as connection:
        given = hand_marks(connection)
        for one in new:
            before = last_of(role, given.get((one.attempt, one.question), ()))
            if before is not None and _says_the_same(before, one):
                same += 1
                continue
            try:
                keep_mark(connection, one, corrects=corrects and before is not None)
                kept += 1
            except NotMarked as error:
                refused.append(str(error))
    return Kept(kept, same, refused)


def _says_the_same(before: HandMark, new: HandMark) -> bool:
    points = Fraction(before.points) == Fraction(new.points)
    return points and (before.items, before.comment) == (new.items, new.comment)
