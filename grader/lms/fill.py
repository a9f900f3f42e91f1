"""Write grades into a downloaded gradebook CSV, with a note on everything that is left as it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from grader.errors import SubmissionError
from grader.lms.class_layout import declared, platforms_with
from grader.lms.gradebook_csv import CsvCell, GradebookCsv
from grader.lms.grades import Grade
from grader.model.share import points_text
from grader.reports.printable import one_line

WITH_COMMA = re.compile(r"\s*-?\d+,\d+\s*")
WITH_POINT = re.compile(r"\s*-?\d+\.\d+\s*")
# Canvas writes 1,000.00 or 1.000,00 and, where nothing follows, 1,000: no sign of a decimal comma.
THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:(?P<sign>[,.'\u2019 \u00a0\u202f])\d{3})(?:(?P=sign)\d{3})*")
GROUPED = re.compile(rf"(?P<whole>{THOUSANDS.pattern})(?:(?!(?P=sign))[.,](?P<rest>\d{{1,9}}))?")
# Gradebooks show two decimals.
DECIMALS = 2
NOTHING = ("", "-")

Row = tuple[CsvCell, ...]
Fits = list[tuple[Row, str]]
"""Rows that an id fits, each with the column by which it does."""


@dataclass(frozen=True)
class Filled:
    """A gradebook CSV with grades in it.

    Args:
        data: Its bytes; all but the written cells are as they were.
        written: How many grades were written.
        notes: What was left alone or changed on the way, one line each.
    """

    data: bytes
    written: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class GradebookWriter:
    """What `rnngrade export PLATFORM` fills in: `GRADEBOOK` in `lms/<platform>/write.py`.

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


def is_blank(row: Row) -> bool:
    """Whether nothing stands in a row."""
    return not any(cell.text.strip() for cell in row)


def uses_decimal_comma(csv: GradebookCsv, *columns: Iterable[int]) -> bool:
    """Whether the file writes 7,5 for seven and a half.

    Args:
        csv: The gradebook CSV.
        columns: Those that hold grades and what can be earned, the surest first; where none of them has a
            fraction, a file with semicolons between its cells does.
    """
    for group in columns:
        cells = [row[at].text.strip() for row in csv.rows[1:] for at in group if at < len(row)]
        cells = [text for text in cells if not THOUSANDS.fullmatch(text)]
        commas = sum(WITH_COMMA.fullmatch(text) is not None for text in cells)
        points = sum(WITH_POINT.fullmatch(text) is not None for text in cells)
        if commas != points:
            return commas > points
    return csv.delimiter == ";"


def number_in(text: str) -> Fraction | None:
    """A number as a gradebook CSV has it, with point or comma; None where it is none."""
    text = text.strip().replace(",", ".")
    return Fraction(text) if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text) else None


def most_in(cell: CsvCell | None, where: str, *, comma: bool) -> Fraction | None:
    """What a gradebook CSV gives for full marks, with signs between thousands; None where it does not say.

    Args:
        cell: With the number; None where the row is too short.
        where: The file's name in errors.
        comma: Whether the file has decimal commas.

    Raises:
        SubmissionError: If something else stands there: points would be written as if it were the exercise's.
    """
    text = cell.text.strip() if cell is not None else ""
    grouped = GROUPED.fullmatch(text)
    if grouped and (grouped["rest"] is not None or grouped["sign"] != (",." if comma else ".,")[0]):
        whole = "".join(letter for letter in grouped["whole"] if letter.isdigit())
        return Fraction(f"{whole}.{grouped['rest'] or 0}")
    number = number_in(text)
    if number is None and text not in NOTHING:
        hint = "a number has to stand there, such as 10; grades on a scale of words cannot be filled in"
        raise SubmissionError(
            f"{one_line(text)!r} is what it gives for full marks, and no number", hint, where
        )
    return number or None


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


def cell_at(row: Sequence[CsvCell], column: int) -> CsvCell | None:
    """A cell of a row; None where the row is shorter."""
    return row[column] if column < len(row) else None


def _is_same_number(stands: str, text: str) -> bool:
    one, other = number_in(stands), number_in(text)
    if one is None or other is None:
        return stands == text
    return points_text(one, DECIMALS) == points_text(other, DECIMALS)
