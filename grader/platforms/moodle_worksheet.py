"""Filling Moodle's offline grading worksheet, so that it can be uploaded again.

The header is in the site's language, so columns are told by known words and by what stands in them.
The file is only ever filled: Moodle compares its times with the grades it has.

Source: moodle, mod/assign/gradingtable.php and mod/assign/feedback/offline/importgradeslib.php.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from grader.errors import SubmissionError
from grader.platforms.fill import Filled, cell_at, number_in, scale_note, scaled_text, uses_decimal_comma
from grader.platforms.grades import Grade
from grader.platforms.sheet import Cell, Sheet, read_sheet
from grader.reports.printable import one_line

# "Participant 12", "Teilnehmer/in12": a word in any language and the number.
IDENTIFIER = re.compile(r"\D*?\s*(?P<id>\d+)")
GRADE = (
    "grade",
    "bewertung",
    "note",
    "calificación",
    "valutazione",
    "nota",
    "beoordeling",
    "cijfer",
    "betyg",
)
LOCKED = ("grade can be changed", "bewertung kann geändert werden")
NO = ("no", "nein")
COMMENTS = (
    "feedback comments",
    "feedback als kommentar",
    "commentaires de feedback",
    "feedback per commenti",
)


def fill_moodle(
    data: bytes, grades: Sequence[Grade], column: str | None, where: str, *, comments: bool = False
) -> Filled:
    """The same file with grades, and with the verdicts as comments where that is wanted.

    Args:
        data: The downloaded file.
        grades: What stands.
        column: The header of the column for grades; told by known words if left out.
        where: The file's name in errors.
        comments: Whether to write each question's verdict into the feedback comments.

    Raises:
        SubmissionError: If it is not such a file.
    """
    sheet = read_sheet(data, where)
    at = _grade_column(sheet, column, where)
    comments_at = _find(sheet.header, COMMENTS) if comments else None
    if comments and comments_at is None:
        raise SubmissionError(f"has no column called {COMMENTS[0]!r}", "leave --comments out", where)
    rows = _rows_by_key(sheet, at, where)
    locked_at = _find(sheet.header, LOCKED)
    comma = uses_decimal_comma(sheet)
    cells: dict[Cell, str] = {}
    filled: list[tuple[Cell, ...]] = []
    notes: list[str] = []
    maxima: set[Fraction | None] = set()
    for grade in grades:
        row, problem = _row_of(grade, rows)
        cell = cell_at(row, at) if row else None
        if row is None or cell is None or cell in cells:
            notes.append(
                f"{one_line(grade.student)}: {problem or 'its row was already filled, or ends early'}"
            )
            continue
        locked = cell_at(row, locked_at) if locked_at is not None else None
        if locked is not None and locked.text.strip().casefold() in NO:
            notes.append(f"{one_line(grade.student)}: the sheet says that this grade cannot be changed")
            continue
        most_cell = cell_at(row, at + 1)
        most = (number_in(most_cell.text) if most_cell else None) or None
        maxima.add(most)
        cells[cell] = scaled_text(grade, most, comma=comma)
        filled.append(row)
        if comments_at is not None and (comment := cell_at(row, comments_at)) is not None:
            cells[comment] = "; ".join(f"{question}: {said}" for question, said in grade.verdicts.items())
    for most in maxima:
        notes += scale_note(grades, most)
    notes += _untouched(sheet, filled)
    return Filled(sheet.replaced(cells), len(filled), tuple(notes))


def _grade_column(sheet: Sheet, column: str | None, where: str) -> int:
    at = _find(sheet.header, (column.casefold(),) if column is not None else GRADE)
    if at is None:
        offered = ", ".join(repr(name) for name in sheet.header)
        what = f"has no column called {column!r}" if column else "has no column known to hold grades"
        raise SubmissionError(what, f"choose by --column: {offered}", where)
    return at


def _find(header: Sequence[str], names: Sequence[str]) -> int | None:
    return next((at for at, name in enumerate(header) if name.casefold() in names), None)


def _rows_by_key(sheet: Sheet, at: int, where: str) -> dict[str, list[tuple[Cell, ...]]]:
    """Rows by the participant's number and, after that, by whatever stands before the grade."""
    rows: dict[str, list[tuple[Cell, ...]]] = {}
    for row in sheet.rows[1:]:
        identifier = IDENTIFIER.fullmatch(row[0].text.strip())
        if identifier is None:
            hint = "download it in Moodle: View all submissions, Download grading worksheet"
            raise SubmissionError(f"{one_line(row[0].text)!r} is no participant's identifier", hint, where)
        rows.setdefault(f"#{identifier['id']}", []).append(row)
        for key in {cell.text.strip().casefold() for cell in row[1:at]} - {""}:
            rows.setdefault(key, []).append(row)
    return rows


def _row_of(grade: Grade, rows: dict[str, list[tuple[Cell, ...]]]) -> tuple[tuple[Cell, ...] | None, str]:
    if grade.is_undecided:
        return None, "has a question that is still undecided; the row was left as it is"
    found = rows.get(f"#{grade.student}") or rows.get(grade.student.casefold(), [])
    if len(found) != 1:
        return None, "is not in the sheet" if not found else "fits more than one row of the sheet"
    return found[0], ""


def _untouched(sheet: Sheet, filled: Sequence[tuple[Cell, ...]]) -> Iterator[str]:
    touched = {row[0] for row in filled}
    names = [one_line(row[0].text) for row in sheet.rows[1:] if row[0] not in touched]
    if names:
        yield f"left as they are in the sheet: {'; '.join(names)}"
