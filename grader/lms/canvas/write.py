"""Filling the gradebook CSV that Canvas exports, so that it can be imported again.

Source: instructure/canvas-lms, lib/gradebook_importer.rb: the header begins with Student and ID, an
assignment is "Title (id)", a row "Points Possible" may follow, EX is excused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from grader.errors import SubmissionError
from grader.lms.fill import (
    Filled,
    Fits,
    Grade,
    GradebookWriter,
    Writing,
    rows_for,
    scale_note,
    scaled_text,
    untouched,
)
from grader.lms.gradebook_csv import (
    CsvCell,
    Row,
    cell_at,
    is_blank,
    most_in,
    read_gradebook_csv,
    uses_decimal_comma,
)
from grader.submissions.safe_names import id_key, run_together

ASSIGNMENT = re.compile(r"(?P<title>.*)\s\((?P<id>\d+)\)", re.DOTALL)
TOTAL = re.compile(r"(Current|Final|Override) (Score|Points)")
# One student's id in one of these columns may be another student's id in the next.
ID_COLUMNS = ("ID", "SIS User ID", "SIS Login ID", "Integration ID")
EXCUSED = "EX"
POINTS_POSSIBLE = "Points Possible"


def fill_canvas(
    data: bytes, grades: Sequence[Grade], column: str | None, where: str, *, overwrite: bool = False
) -> Filled:
    """The same file with the grades of one assignment.

    Args:
        data: The downloaded file.
        grades: The points that count.
        column: The assignment: its header, title or id; may be left out where there is one only.
        where: The file's name in errors.
        overwrite: Whether a grade that stands in the gradebook CSV may be replaced by another.

    Raises:
        SubmissionError: If it is not such a file, or the assignment is not in it or cannot be changed.
    """
    csv = read_gradebook_csv(data, where)
    header = csv.header
    if len(header) < 4 or "Student" not in header[0] or "ID" not in header[1]:
        hint = "download it in Canvas: Grades, Export, Export Entire Gradebook"
        raise SubmissionError("does not begin with the columns Student and ID", hint, where)
    at = _column(header, column, where)
    possible = next((row for row in csv.rows[1:] if POINTS_POSSIBLE in row[0].text), None)
    comma = uses_decimal_comma(csv, [at], _grade_columns(header))
    most = _points_possible(possible, at, where, comma=comma)
    students = [row for row in csv.rows[1:] if POINTS_POSSIBLE not in row[0].text and not is_blank(row)]
    writing = Writing(overwrite)
    writing.notes += scale_note(grades, most)
    for grade, row in rows_for(grades, lambda student: _fits(student, students, header), writing):
        cell = cell_at(row, at)
        if cell is None:
            writing.note(grade.student, "has a row that ends before the assignment's column")
        elif cell.text.strip().upper() == EXCUSED:
            writing.note(grade.student, "is excused (EX); the cell was left as it is")
        elif writing.write(grade.student, cell, scaled_text(grade, most, comma=comma), "grade"):
            writing.rows.append(row)
    writing.notes += untouched(students, writing)
    return Filled(csv.replaced(writing.cells), len(writing.rows), tuple(writing.notes))


def _grade_columns(header: Sequence[str]) -> list[int]:
    """The columns with grades: of assignments, and the totals that Canvas adds."""
    return [at for at, name in enumerate(header) if ASSIGNMENT.fullmatch(name) or TOTAL.search(name)]


def _column(header: Sequence[str], wanted: str | None, where: str) -> int:
    assignments = {at: match for at, name in enumerate(header) if (match := ASSIGNMENT.fullmatch(name))}
    offered = ", ".join(repr(header[at]) for at in assignments) or "none"
    if wanted is None:
        if len(assignments) != 1:
            raise SubmissionError(
                "which assignment? The file has several, or none",
                f"choose by --column: {offered}",
                where,
            )
        return next(iter(assignments))
    fits = [at for at, name in enumerate(header) if name == wanted and at > 1]
    fits = fits or [at for at, match in assignments.items() if wanted in (match["id"], match["title"])]
    if len(fits) != 1:
        how = "no" if not fits else "more than one"
        raise SubmissionError(f"{how} assignment is called {wanted!r}", f"assignments: {offered}", where)
    return fits[0]


def _points_possible(
    possible: Sequence[CsvCell] | None, at: int, where: str, *, comma: bool
) -> Fraction | None:
    cell = cell_at(possible, at) if possible else None
    if cell is not None and "read only" in cell.text.casefold():
        raise SubmissionError("Canvas marks this column read only and would not import it", where=where)
    return most_in(cell, where, comma=comma)


def _fits(student: str, students: Sequence[Row], header: Sequence[str]) -> Fits:
    """The rows that an id fits, by any column that identifies a user, or by the name."""
    wanted = id_key(student)
    columns = [(header.index(name), name) for name in ID_COLUMNS if name in header]
    found: dict[Row, str] = {}
    for row in students:
        for at, name in columns:
            if at < len(row) and id_key(row[at].text) == wanted:
                found.setdefault(row, name)
        # Names of files run "Doe, Jane" together.
        if wanted in (id_key(row[0].text), run_together(row[0].text)):
            found.setdefault(row, header[0])
    return list(found.items())


GRADEBOOK = GradebookWriter(
    "Fill CSV, the gradebook exported from Canvas; nothing else in it changes.", fill_canvas
)
