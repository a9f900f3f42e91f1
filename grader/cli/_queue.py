"""Answers in words that wait for a mark: read, shown and marked by the commands of the queue."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click

from grader.classroom.hand_marking import CannotGive, mark_of, question_of, rubric_of, says_the_same
from grader.cli import _class
from grader.cli._options import nearest
from grader.cli._output import one_line
from grader.cli._standings import read_standings
from grader.errors import CannotDo
from grader.gradebook.gradebook import open_gradebook
from grader.gradebook.hand_marks import HandMark, Role, last_of
from grader.gradebook.queue import Entry, NotMarked, entries, hand_marks, keep_mark
from grader.gradebook.sheets import read_sheet
from grader.gradebook.similar_texts import texts_like
from grader.kinds.text.question import RubricItem
from grader.model.share import points_text
from grader.model.text import counted
from grader.reports.printable import printable


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
        """The rubric for an answer; empty where its exercise cannot be read any more."""
        with self.book.reading() as connection:
            return rubric_of(question_of(connection, entry))

    def typed_mark(
        self, entry: Entry, items: Sequence[str], points: str | None, comment: str, role: Role, who: str
    ) -> HandMark:
        """The mark that a person typed.

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
        try:
            return mark_of(entry, chosen, points, comment, role, who)
        except CannotGive as error:
            raise click.UsageError(str(error)) from None

    def whole(self, entry: Entry, *, is_anonymous: bool) -> str:
        """An answer with all that its marker needs, and texts like it, ready to be printed.

        Args:
            entry: The answer.
            is_anonymous: Whether no student is named.
        """
        others = [
            one
            for one in self.all_entries
            if (one.exercise, one.question) == (entry.exercise, entry.question)
            and one.attempt != entry.attempt
        ]
        whose = "" if is_anonymous else f", {one_line(entry.student)}"
        rubric = self.rubric(entry)
        lines = [
            f"{entry.id}{whose}: {entry.exercise}, question {entry.question}, "
            f"{points_text(entry.max_points)} points",
            "",
            *_with_line_prefix("  ", printable(entry.text)),
            "",
            *(f"{item.id} ({points_text(item.points)}): {one_line(item.text)}" for item in rubric),
            *(f"given: {one_line(mark_text(one))}" for one in entry.marks),
        ]
        for found in texts_like(entry.text, [one.text for one in others]):
            other = others[found.place]
            name = other.id if is_anonymous else f"{other.id}, {one_line(other.student)}"
            lines += [
                "",
                f"like it by {found.share:.0%}: {name}",
                *_with_line_prefix("  | ", printable(other.text)),
            ]
        return "".join(f"{line}".rstrip() + "\n" for line in lines)


def _with_line_prefix(mark: str, text: str) -> list[str]:
    """The lines of a student's text, each behind a prefix, so that none looks like a line of ours."""
    return [f"{mark}{line}" for line in text.split("\n")]


def mark_text(mark: HandMark) -> str:
    """A mark in a line: which, by whom, and when."""
    items = f" ({', '.join(mark.items)})" if mark.items else ""
    comment = f": {mark.comment}" if mark.comment else ""
    again = f", put right {counted(mark.revision - 1, 'time')}" if mark.revision > 1 else ""
    points = f"{points_text(mark.points)} points"
    return f"{mark.role} mark, {points}{items} by {mark.who} on {mark.made_at}{again}{comment}"


class RecordedMarks(NamedTuple):
    """The result of importing a sheet: marks kept, marks there already, and refusals with reasons."""

    kept: int
    same: int
    refused: list[str]


def keep_sheet(queue: Queue, sheet: Path, role: Role, who: str, *, corrects: bool) -> RecordedMarks:
    """Keep the marks of a CSV file in one transaction.

    Args:
        queue: The queue.
        sheet: The file.
        role: Which marks they are.
        who: The marker.
        corrects: Whether to put right what the same marker gave before.

    Raises:
        CannotDo: If it cannot be read.
        click.UsageError: If a row has no such answer, or a mark that cannot be given; nothing is kept then.
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
            new.append(queue.typed_mark(entry, row.items, row.points, row.comment, role, who))
        except click.UsageError as error:
            raise click.UsageError(f"{sheet}: row {row.line}: {error.message}; nothing was taken") from None
    kept, same, refused = 0, 0, []
    with queue.book.writing_durably() as connection:
        given = hand_marks(connection)
        for one in new:
            before = last_of(role, given.get((one.attempt, one.question), ()))
            if before is not None and says_the_same(before, one):
                same += 1
                continue
            try:
                keep_mark(connection, one, corrects=corrects and before is not None)
                kept += 1
            except NotMarked as error:
                refused.append(str(error))
    return RecordedMarks(kept, same, refused)
