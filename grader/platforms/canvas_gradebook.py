"""Filling the gradebook CSV that Canvas exports, so that it can be imported again.

Source: instructure/canvas-lms, lib/gradebook_importer.rb: the header begins with Student and ID, an
assignment is "Title (id)", a row "Points Possible" may follow, EX is excused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from grader.errors import SubmissionError
from grader.platforms.fill import Filled, cell_at, number_in, scale_note, scaled_text, uses_decimal_comma
from grader.platforms.grades import Grade
from grader.platforms.sheet import Cell, read_sheet
from grader.reports.printable import one_line

ASSIGNMENT = re.compile(r"(?P<title>.*)\s\((?P<id>\d+)\)", re.DOTALL)
# Canvas matches students by these, in this order.
ID_COLUMNS = ("ID", "SIS User ID", "SIS Login ID")
EXCUSED = "EX"


def fill_canvas(data: bytes, grades: Sequence[Grade], column: str | None, where: str) -> Filled:
    """The same file with the grades of one assignment.

    Args:
        data: The downloaded file.
        grades: What stands.
        column: The assignment: its header, title or id; may be left out where there is one only.
        where: The file's name in errors.

    Raises:
        SubmissionError: If it is not such a file, or the assignment is not in it or cannot be changed.
    """
    sheet = read_sheet(data, where)
    header = sheet.header
    if len(header) < 4 or "Student" not in header[0] or "ID" not in header[1]:
        hint = "download it in Canvas: Grades, Export, Export Entire Gradebook"
        raise SubmissionError("does not begin with the columns Student and ID", hint, where)
    at = _column(header, column, where)
    possible = next((row for row in sheet.rows[1:] if "Points Possible" in row[0].text), None)
    most = _points_possible(possible, at, where)
    students = [row for row in sheet.rows[1:] if row is not possible]
    comma = uses_decimal_comma(sheet)
    cells: dict[Cell, str] = {}
    notes = list(scale_note(grades, most))
    for grade in grades:
        cell, problem = _cell_of(grade, students, header, at)
        if cell is None:
            notes.append(f"{one_line(grade.student)}: {problem}")
        elif cell in cells:
            notes.append(f"{one_line(grade.student)}: its row was already filled for another id")
        else:
            cells[cell] = scaled_text(grade, most, comma=comma)
    notes += _untouched(students, cells, at)
    return Filled(sheet.replaced(cells), len(cells), tuple(notes))


def _column(header: Sequence[str], wanted: str | None, where: str) -> int:
    assignments = {at: match for at, name in enumerate(header) if (match := ASSIGNMENT.fullmatch(name))}
    offered = ", ".join(repr(header[at]) for at in assignments) or "none"
    if wanted is None:
        if len(assignments) != 1:
            raise SubmissionError(
                "which assignment? The sheet has several, or none", f"choose by --column: {offered}", where
            )
        return next(iter(assignments))
    fits = [at for at, name in enumerate(header) if name == wanted and at > 1]
    fits = fits or [at for at, match in assignments.items() if wanted in (match["id"], match["title"])]
    if len(fits) != 1:
        how = "no" if not fits else "more than one"
        raise SubmissionError(f"{how} assignment is called {wanted!r}", f"assignments: {offered}", where)
    return fits[0]


def _points_possible(possible: Sequence[Cell] | None, at: int, where: str) -> Fraction | None:
    cell = cell_at(possible, at) if possible else None
    if cell is not None and "read only" in cell.text.casefold():
        raise SubmissionError("Canvas marks this column read only and would not import it", where=where)
    most = number_in(cell.text) if cell is not None else None
    return most or None


def _cell_of(
    grade: Grade, students: Sequence[Sequence[Cell]], header: Sequence[str], at: int
) -> tuple[Cell | None, str]:
    if grade.is_undecided:
        return None, "has a question that is still undecided; the cell was left as it is"
    rows = _rows_of(grade.student, students, header)
    if len(rows) != 1:
        return None, "is not in the sheet" if not rows else "fits more than one row of the sheet"
    cell = cell_at(rows[0], at)
    if cell is None:
        return None, "has a row that ends before the assignment's column"
    if cell.text.strip().upper() == EXCUSED:
        return None, "is excused (EX); the cell was left as it is"
    return cell, ""


def _rows_of(student: str, students: Sequence[Sequence[Cell]], header: Sequence[str]) -> list[Sequence[Cell]]:
    wanted = student.casefold()
    for name in (name for name in ID_COLUMNS if name in header):
        at = header.index(name)
        rows = [row for row in students if at < len(row) and row[at].text.strip().casefold() == wanted]
        if rows:
            return rows
    # Names of files run "Doe, Jane" together.
    return [row for row in students if wanted in (row[0].text.strip().casefold(), _run_together(row[0].text))]


def _run_together(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _untouched(students: Sequence[Sequence[Cell]], cells: dict[Cell, str], at: int) -> Iterator[str]:
    names = [
        one_line(row[0].text) for row in students if cell_at(row, at) not in cells and row[0].text.strip()
    ]
    if names:
        yield f"left as they are in the sheet: {'; '.join(names)}"
