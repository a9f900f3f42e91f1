"""Write grades from the gradebook's export into a downloaded CSV, with notes on cells that are left alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from grader.errors import SubmissionError
from grader.lms.class_layout import declared, platforms_with
from grader.lms.gradebook_csv import NOTHING, CsvCell, Row, number_in
from grader.model.outcome import Verdict
from grader.model.share import points_text
from grader.model.text import composed
from grader.reports.printable import one_line

# Gradebooks show two decimals.
DECIMALS = 2

Fits = list[tuple[Row, str]]
"""Rows that an id fits, each with the column by which it does."""


@dataclass(frozen=True)
class Grade:
    """The points that count for one student.

    Args:
        student: The student's id.
        points: Points that count.
        max_points: Points that could be earned.
        verdicts: Of each question.
        is_given: Whether a person gave points for the whole, or nothing was handed in in time, so that no
            question is open.
    """

    student: str
    points: Fraction
    max_points: Fraction
    verdicts: dict[str, str]
    is_given: bool = False

    @property
    def is_undecided(self) -> bool:
        """Whether a question is still undecided."""
        return not self.is_given and Verdict.UNDECIDED.value in self.verdicts.values()

    @property
    def is_pending(self) -> bool:
        """Whether a question waits for a person's mark."""
        return not self.is_given and Verdict.PENDING.value in self.verdicts.values()


def read_grades(text: str, where: str, exercise: str | None = None) -> tuple[Grade, ...]:
    """The records of one exercise.

    Args:
        text: From `rnngrade gradebook export --format json`.
        where: Its name in errors.
        exercise: Which one; may be left out where the export holds one only.

    Raises:
        SubmissionError: If it is no such export, or of several exercises.
    """
    try:
        records = json.loads(text)
        ids = sorted({record["exercise"] for record in records})
    except (ValueError, TypeError, KeyError, RecursionError):
        hint = "write it with: rnngrade gradebook export --format json"
        raise SubmissionError("is not the gradebook's JSON export", hint, where) from None
    if exercise is None and len(ids) > 1:
        raise SubmissionError(f"holds {len(ids)} exercises: {', '.join(ids)}", "choose by --exercise", where)
    if exercise is not None and exercise not in ids:
        raise SubmissionError(
            f"holds nothing of {exercise}", f"it holds {', '.join(ids) or 'no records'}", where
        )
    try:
        return tuple(_grade(record) for record in records if exercise in (None, record["exercise"]))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        raise SubmissionError("has a record that is not the gradebook's", where=where) from None


def _grade(record: dict[str, Any]) -> Grade:
    verdicts = {question: str(one["verdict"]) for question, one in record["questions"].items()}
    is_accepted = all(one["attempt"] != record.get("attempt") for one in record.get("not_accepted", ()))
    return Grade(
        composed(str(record["student"])),
        Fraction(str(record["points"])),
        Fraction(str(record["max_points"])),
        verdicts,
        bool(record.get("override")) or not is_accepted,
    )


@dataclass(frozen=True)
class Filled:
    """A gradebook CSV with grades in it.

    Args:
        data: Its bytes; all but the written cells are as they were.
        written: How many grades were written.
        notes: Cells that were left alone and points that were scaled, one line each.
    """

    data: bytes
    written: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class GradebookWriter:
    """How a platform's CSV is filled by `rnngrade export PLATFORM`: `GRADEBOOK` in `lms/<platform>/write.py`.

    Args:
        help: What the command says of itself.
        fill: From the file's bytes, the grades, the column or None, and the file's name in errors; with
            overwrite=True it replaces what was typed, with comments=True it writes verdicts as comments.
        has_comments: Whether the platform takes comments.
    """

    help: str
    fill: Callable[..., Filled]
    has_comments: bool = False


def gradebook_writers() -> dict[str, GradebookWriter]:
    """The writers of all platforms, by the platform's name."""
    found = {platform: declared(platform, "write", "GRADEBOOK") for platform in platforms_with("write")}
    return {platform: one for platform, one in found.items() if one is not None}


@dataclass
class Writing:
    """The cells to write, and notes on those that are left as they are.

    Args:
        is_overwriting: Whether a cell that holds something else may be written over.
        cells: The new text of each cell.
        notes: One line each.
        rows: The rows that get a grade, or have it already.
    """

    is_overwriting: bool
    cells: dict[CsvCell, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def note(self, student: str, text: str) -> None:
        """Add a note about a student."""
        self.notes.append(f"{one_line(student)}: {text}")

    def write(self, student: str, cell: CsvCell, text: str, what: str) -> bool:
        """Write a cell, unless somebody typed something else there.

        Args:
            student: The id.
            cell: Where.
            text: What.
            what: What the cell holds: "grade" or "comment".

        Returns:
            Whether the cell has the text now.
        """
        stands = cell.text.strip()
        if not self.is_overwriting and stands not in NOTHING and not _is_same_number(stands, text):
            note = f"its {what} in the gradebook CSV is {one_line(stands)!r} and was left, not replaced by"
            self.note(student, f"{note} {text!r}; --overwrite replaces it")
            return False
        if not _is_same_number(stands, text):
            self.cells[cell] = text
        return True


def rows_for(
    grades: Sequence[Grade], fits: Callable[[str], Fits], writing: Writing
) -> Iterator[tuple[Grade, Row]]:
    """Each grade with the one row of its student; for the others a note says why there is none.

    Args:
        grades: What stands.
        fits: The rows of an id.
        writing: Gets the notes.
    """
    found = {grade.student: fits(grade.student) for grade in grades if not _why_open(grade)}
    owners: dict[Row, list[str]] = {}
    for student, rows in found.items():
        for row, _ in rows:
            owners.setdefault(row, []).append(student)
    for grade in grades:
        rows = found.get(grade.student, [])
        if why := _why_open(grade):
            writing.note(grade.student, f"has a question that {why}; the cell was left as it is")
        elif not rows:
            writing.note(grade.student, "is not in the gradebook CSV")
        elif len(rows) > 1:
            which = " and ".join(f"{row_name(row)} by {column}" for row, column in rows)
            note = f"fits more than one row of the gradebook CSV: {which}; all were left as they are"
            writing.note(grade.student, note)
        elif len(owners[row := rows[0][0]]) > 1:
            others = ", ".join(one_line(one) for one in owners[row] if one != grade.student)
            note = f"fits the row {row_name(row)}, and so does {others}; it was left as it is"
            writing.note(grade.student, note)
        else:
            yield grade, row


def _why_open(grade: Grade) -> str:
    """Why the points of a student are not final; empty where they are."""
    if grade.is_undecided:
        return "is still undecided"
    return "still waits for a person's mark" if grade.is_pending else ""


def row_name(row: Row) -> str:
    """How a note names a row: by its first two cells."""
    return repr(" ".join(one_line(cell.text.strip()) for cell in row[:2]))


def untouched(rows: Iterable[Row], writing: Writing) -> Iterator[str]:
    """A note that names the rows in which no grade is written; none where all have one."""
    names = [one_line(row[0].text) for row in rows if row not in writing.rows and row[0].text.strip()]
    if names:
        yield f"these are left as they are in the gradebook CSV: {'; '.join(names)}"


def scaled_text(grade: Grade, most: Fraction | None, *, comma: bool) -> str:
    """The points as text, scaled to what the file gives for full marks.

    Args:
        grade: What stands.
        most: What the gradebook CSV gives for full marks; the exercise's own points where it does not say.
        comma: Whether to write a decimal comma.
    """
    points = grade.points
    if most is not None and grade.max_points and most != grade.max_points:
        points = grade.points * most / grade.max_points
    text = points_text(points, DECIMALS)
    return text.replace(".", ",") if comma else text


def scale_note(grades: Sequence[Grade], most: Fraction | None) -> Iterable[str]:
    """A note that says how points are scaled; none where they are not.

    Args:
        grades: What stands.
        most: What the gradebook CSV gives for full marks.
    """
    own = {grade.max_points for grade in grades}
    if most is not None and own and own != {most}:
        points = ", ".join(points_text(one) for one in sorted(own))
        yield f"grades are scaled from {points} points to the {points_text(most)} of the gradebook CSV"


def _is_same_number(stands: str, text: str) -> bool:
    one, other = number_in(stands), number_in(text)
    if one is None or other is None:
        return stands == text
    return points_text(one, DECIMALS) == points_text(other, DECIMALS)
