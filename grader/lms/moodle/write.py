"""Filling Moodle's offline grading worksheet, so that it can be uploaded again.

Its header is in the language of the site, its order is fixed: the participant, the full name, what else
identifies a user, the status, then the grade and, right behind it, the same maximum for everybody. So columns
are found by known words and by what stands in them.
The file is only ever filled: Moodle compares its times with the grades it has.

Source: moodle, mod/assign/gradingtable.php and mod/assign/feedback/offline/importgradeslib.php; words from
lang/*/assign.php, `hiddenuser`.
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
    GradebookCsv,
    Row,
    cell_at,
    is_blank,
    most_in,
    read_gradebook_csv,
    uses_decimal_comma,
)
from grader.reports.printable import one_line
from grader.submissions.safe_names import id_key

# "Participant 12", "Teilnehmer/in12": a word in any language and the number.
IDENTIFIER = re.compile(r"(?P<word>\D*?)\s*(?P<id>[0-9]+)")
PARTICIPANT = (
    *("participant", "teilnehmer/in", "participante", "partecipante", "deelnemer", "deltagare", "deltaker"),
    *("deltager", "osallistuja", "uczestnik", "účastník", "участник", "учасник"),
    *("参与者", "参加者", "참가자"),
)
NUMBER = re.compile(r"\d{1,9}([.,]\d{1,9})?")
FIRST_GRADE_COLUMN = 1

Rows = Sequence[Sequence[str]]
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
# "Grade can be changed" has one of two words in every row, and no other column behind the grade has.
YES = (
    *("yes", "ja", "oui", "sí", "si", "sì", "sim", "kyllä", "jah", "tak", "ano", "áno", "da", "да", "так"),
    *("igen", "evet", "ναι", "bai", "jā", "taip", "はい", "예", "네", "是", "نعم", "بله", "כן", "có", "ya"),
)
NO = (
    *("no", "nein", "non", "não", "nee", "nej", "nei", "ei", "nie", "ne", "nu", "нет", "ні", "не", "nem"),
    *("hayır", "όχι", "ez", "nē", "いいえ", "아니오", "아니요", "否", "لا", "خیر", "לא", "không", "tidak"),
)
COMMENTS = (
    "feedback comments",
    "feedback als kommentar",
    "commentaires de feedback",
    "feedback per commenti",
)


def fill_moodle(
    data: bytes,
    grades: Sequence[Grade],
    column: str | None,
    where: str,
    *,
    comments: bool = False,
    overwrite: bool = False,
) -> Filled:
    """The same file with grades, and with the verdicts as comments where that is wanted.

    Args:
        data: The downloaded file.
        grades: What stands.
        column: The header of the column for grades; found by known words or by what stands in it if left out.
        where: The file's name in errors.
        comments: Whether to write each question's verdict into the feedback comments.
        overwrite: Whether a grade or comment that stands in the gradebook CSV may be replaced by another.

    Raises:
        SubmissionError: If it is not such a file.
    """
    csv = read_gradebook_csv(data, where)
    people = _people(csv, where)
    at = _grade_column(csv, people, column, where)
    comments_at = _find(csv.header, COMMENTS) if comments else None
    if comments and comments_at is None:
        raise SubmissionError(f"has no column called {COMMENTS[0]!r}", "leave --comments out", where)
    locked_at = _locked_column(people, at)
    comma = uses_decimal_comma(csv, [at, at + 1])
    writing = Writing(overwrite)
    maxima: set[Fraction | None] = set()
    for grade, row in rows_for(grades, lambda student: _fits(student, people, csv.header, at), writing):
        cell = cell_at(row, at)
        locked = cell_at(row, locked_at) if locked_at is not None else None
        if cell is None:
            writing.note(grade.student, "has a row that ends before the grade's column")
        elif locked is not None and locked.text.strip().casefold() in NO:
            writing.note(grade.student, "the gradebook CSV says that this grade cannot be changed")
        else:
            most = most_in(cell_at(row, at + 1), where, comma=comma)
            maxima.add(most)
            if not writing.write(grade.student, cell, scaled_text(grade, most, comma=comma), "grade"):
                # Verdicts beside another grade would contradict it.
                continue
            writing.rows.append(row)
            if comments_at is not None and (comment := cell_at(row, comments_at)) is not None:
                verdicts = "; ".join(f"{question}: {verdict}" for question, verdict in grade.verdicts.items())
                writing.write(grade.student, comment, verdicts, "comment")
    for most in maxima:
        writing.notes += scale_note(grades, most)
    writing.notes += untouched(people, writing)
    return Filled(csv.replaced(writing.cells), len(writing.rows), tuple(writing.notes))


def _people(csv: GradebookCsv, where: str) -> list[Row]:
    """The rows of participants, without empty ones."""
    people = [row for row in csv.rows[1:] if not is_blank(row)]
    stranger = next((row for row in people if not participant_number(row[0].text)), None)
    if stranger is not None:
        hint = "download it in Moodle: View all submissions, Download grading worksheet"
        raise SubmissionError(f"{one_line(stranger[0].text)!r} is no participant's identifier", hint, where)
    return people


def _grade_column(csv: GradebookCsv, people: Sequence[Row], column: str | None, where: str) -> int:
    wanted = GRADE if column is None else (column.casefold(),)
    found = [at for at, name in enumerate(csv.header) if name.casefold() in wanted]
    if column is None and len(found) != 1:
        found = grade_columns([[cell.text for cell in row] for row in people]) or found[:1]
    if len(found) != 1:
        offered = ", ".join(repr(name) for name in csv.header)
        what = f"has no column called {column!r}" if column else "has no column known to hold grades"
        raise SubmissionError(what, f"choose by --column: {offered}", where)
    return found[0]


def _locked_column(people: Sequence[Row], at: int) -> int | None:
    """The column, behind the grade's, that says yes or no of every grade; None where there is none."""
    for column in range(at + 1, min(map(len, people), default=0)):
        if {row[column].text.strip().casefold() for row in people} <= {*YES, *NO}:
            return column
    return None


def _find(header: Sequence[str], names: Sequence[str]) -> int | None:
    return next((at for at, name in enumerate(header) if name.casefold() in names), None)


def _fits(student: str, people: Sequence[Row], header: Sequence[str], at: int) -> Fits:
    """The rows that an id fits: by the participant's number, or by what else stands before the grade.

    A group, a status or a marker stands in several rows: it counts only where nothing else fits.
    """
    wanted = id_key(student)
    found = {row: header[0] for row in people if participant_number(row[0].text) == student}
    shared: dict[Row, str] = {}
    for column in range(1, at):
        rows = [row for row in people if column < len(row) and id_key(row[column].text) == wanted]
        for row in rows:
            (found if len(rows) == 1 else shared).setdefault(row, header[column])
    return list((found or shared).items())


def participant_number(text: str) -> str:
    """The number of a participant; "" where the cell names none.

    Args:
        text: Of the first cell of a row.
    """
    match = IDENTIFIER.fullmatch(text.strip())
    return match["id"] if match else ""


def is_worksheet(rows: Rows, *, has_own_ids: bool) -> bool:
    """Whether a class list is such a worksheet.

    Args:
        rows: Without the header and without empty rows.
        has_own_ids: Whether its first column is called as other lists call their ids: "s12" beside points and
            what can be earned is then an id as it stands.
    """
    matches = [IDENTIFIER.fullmatch(row[0].strip()) for row in rows if row]
    words = {match["word"].casefold() if match else "" for match in matches}
    if len(words) != 1 or not (word := words.pop()):
        return False
    return word in PARTICIPANT or (not has_own_ids and bool(grade_columns(rows)))


def grade_columns(rows: Rows) -> list[int]:
    """The columns that may hold grades: the next one has the same number in every row, none is above it.

    Args:
        rows: Without the header and without empty rows.
    """
    width = min(map(len, rows), default=0)
    return [at for at in range(FIRST_GRADE_COLUMN, width - 1) if _is_grade_beside_most(rows, at)]


def _is_grade_beside_most(rows: Rows, at: int) -> bool:
    most = {row[at + 1].strip() for row in rows}
    grades = [row[at].strip() for row in rows]
    if len(most) != 1 or not NUMBER.fullmatch(one := most.pop()) or _number(one) <= 0:
        return False
    given = [text for text in grades if text.strip("- ")]
    return all(NUMBER.fullmatch(text) and _number(text) <= _number(one) for text in given)


def _number(text: str) -> float:
    return float(text.replace(",", "."))


GRADEBOOK = GradebookWriter(
    "Fill CSV, the grading worksheet downloaded from Moodle; nothing else in it changes.",
    fill_moodle,
    has_comments=True,
)
